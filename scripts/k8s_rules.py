"""What must hold of our manifests beyond their schemas.

A rule takes the documents of one rendered overlay (dicts) and what is known of
the programs, and yields one line for each mistake. Nothing here does I/O.
"""

import re

# What a pod of ours runs, by its image's last word; the CLI takes no settings.
SERVICES = {"benchmark-store": 50051, "planner": 50052}
# libpq's own variables that say how far to trust PostgreSQL.
OF_LIBPQ = {"benchmark-store": {"PGSSLMODE", "PGSSLROOTCERT"}}
LOOPBACK = re.compile(r"^(127\.|localhost|\[::1\])")


def of_kind(documents, *kinds):
    return [document for document in documents if document["kind"] in kinds]


def name_of(document):
    return f"{document['kind']}/{document['metadata']['name']}"


def pod_owners(documents):
    """(owner, pod template) of all that runs pods of ours."""
    return [(owner, owner["spec"]["template"]) for owner in of_kind(documents, "Deployment", "Job", "StatefulSet")]


def containers(template):
    return template["spec"].get("initContainers", []) + template["spec"]["containers"]


def program(container):
    return container["image"].rsplit("/", 1)[-1].split(":")[0]


def config_maps(documents):
    return {document["metadata"]["name"]: document.get("data", {}) for document in of_kind(documents, "ConfigMap")}


def environment(container, documents):
    """The container's variables; those from a Secret are None."""
    maps = config_maps(documents)
    values = {}
    for source in container.get("envFrom", []):
        values.update(maps.get(source.get("configMapRef", {}).get("name"), {}))
    values.update({entry["name"]: entry.get("value") for entry in container.get("env", [])})
    return values


def expanded_in(container):
    """Names that a value of the container refers to as $(NAME)."""
    values = " ".join(entry.get("value") or "" for entry in container.get("env", []))
    return set(re.findall(r"\$\((\w+)\)", values))


def every_container(documents):
    for owner, template in pod_owners(documents):
        for container in containers(template):
            yield owner, template, container


def servers(documents):
    """The containers that serve: (Deployment, pod template, container, variables)."""
    for owner, template, container in every_container(documents):
        if owner["kind"] == "Deployment" and program(container) in SERVICES:
            yield owner, template, container, environment(container, documents)


def settings_are_known(documents, settings):
    for owner, _, container in every_container(documents):
        known = settings.get(program(container), set()) | OF_LIBPQ.get(program(container), set())
        known |= expanded_in(container)
        for name in environment(container, documents):
            if name not in known:
                yield f"{name_of(owner)}: {program(container)} has no setting {name}"


def expansions_are_defined_before(documents, _):
    for owner, _, container in every_container(documents):
        defined = set()
        for entry in container.get("env", []):
            for used in re.findall(r"\$\((\w+)\)", entry.get("value") or ""):
                if used not in defined:
                    yield f"{name_of(owner)}: {entry['name']} uses $({used}), which is not defined before it"
            defined.add(entry["name"])


def references_resolve(documents, _):
    secrets = {document["metadata"]["name"] for document in of_kind(documents, "Secret")}
    for cluster in of_kind(documents, "Cluster"):
        secrets |= {f"{cluster['metadata']['name']}-{part}" for part in ("app", "ca")}
    secrets |= {certificate["spec"]["secretName"] for certificate in of_kind(documents, "Certificate")}
    # Without the operator you make this one yourself.
    secrets.add("loadline-db-app")
    maps = config_maps(documents)
    for owner, template, container in every_container(documents):
        for source in container.get("envFrom", []):
            if source["configMapRef"]["name"] not in maps:
                yield f"{name_of(owner)}: there is no ConfigMap {source['configMapRef']['name']}"
        wanted = [entry.get("valueFrom", {}).get("secretKeyRef", {}).get("name") for entry in container.get("env", [])]
        wanted += [volume.get("secret", {}).get("secretName") for volume in template["spec"].get("volumes", [])]
        for secret in sorted(set(filter(None, wanted)) - secrets):
            yield f"{name_of(owner)}: nothing makes the Secret {secret}"


def ports_agree(documents, _):
    expected = {"grpc": "LISTEN_ADDRESS", "admin": "ADMIN_ADDRESS", "metrics": "METRICS_ADDRESS"}
    for owner, _, container, values in servers(documents):
        ports = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
        for port, setting in expected.items():
            said = int(values.get(setting, ":0").rsplit(":", 1)[1])
            if ports.get(port) != said:
                yield f"{name_of(owner)}: port {port} is {ports.get(port)}, and {setting} says {said}"
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = container.get(probe, {}).get("grpc", {}).get("port")
            if asked != ports.get("admin"):
                yield f"{name_of(owner)}: {probe} asks port {asked}, and the admin port is {ports.get('admin')}"


def liveness_stands_alone(documents, _):
    """Liveness must not depend on what the service depends on."""
    for owner, _, container, _ in servers(documents):
        for probe in ("startupProbe", "livenessProbe"):
            if container.get(probe, {}).get("grpc", {}).get("service") != "liveness":
                yield f"{name_of(owner)}: {probe} does not ask the service `liveness`"


def selects(selector, labels):
    wanted = selector.get("matchLabels", {}).items() <= labels.items()
    return wanted and all(labels.get(rule["key"]) in rule["values"] for rule in selector.get("matchExpressions", []))


def selectors_match(documents, _):
    pods = [template["metadata"].get("labels", {}) for _, template in pod_owners(documents)]
    services = [service["metadata"].get("labels", {}) for service in of_kind(documents, "Service")]
    chosen = [(service, {"matchLabels": service["spec"]["selector"]}, pods) for service in of_kind(documents, "Service")]
    chosen += [(each, each["spec"]["selector"], pods) for each in of_kind(documents, "PodDisruptionBudget", "Deployment")]
    chosen += [(each, each["spec"]["selector"], services) for each in of_kind(documents, "ServiceMonitor")]
    for document, selector, labels in chosen:
        matching = [each for each in labels if selects(selector, each)]
        if len(matching) != 1:
            yield f"{name_of(document)}: its selector matches {len(matching)} instead of one"
    deployments = {document["metadata"]["name"] for document in of_kind(documents, "Deployment")}
    for scaler in of_kind(documents, "HorizontalPodAutoscaler"):
        if scaler["spec"]["scaleTargetRef"]["name"] not in deployments:
            yield f"{name_of(scaler)}: scales {scaler['spec']['scaleTargetRef']['name']}, which is not there"


def named_ports_exist(documents, _):
    for service in of_kind(documents, "Service"):
        for _, template in pod_owners(documents):
            if not selects({"matchLabels": service["spec"]["selector"]}, template["metadata"]["labels"]):
                continue
            names = {port["name"] for container in containers(template) for port in container.get("ports", [])}
            for port in service["spec"]["ports"]:
                if port["targetPort"] not in names:
                    yield f"{name_of(service)}: its pods have no port {port['targetPort']}"
    ports = {port["name"] for service in of_kind(documents, "Service") for port in service["spec"]["ports"]}
    for monitor in of_kind(documents, "ServiceMonitor"):
        for endpoint in monitor["spec"]["endpoints"]:
            if endpoint["port"] not in ports:
                yield f"{name_of(monitor)}: no Service has a port {endpoint['port']}"


def policies_name_ports_of_their_pods(documents, _):
    for policy in of_kind(documents, "NetworkPolicy"):
        named = [port["port"] for rule in policy["spec"].get("ingress", []) for port in rule.get("ports", [])]
        for owner, template in pod_owners(documents):
            if not selects(policy["spec"]["podSelector"], template["metadata"]["labels"]):
                continue
            ports = {port["name"] for container in containers(template) for port in container.get("ports", [])}
            for port in named:
                if isinstance(port, str) and port not in ports:
                    yield f"{name_of(policy)}: {name_of(owner)} has no port {port}"


def stopping_has_time(documents, _):
    for owner, template, _, values in servers(documents):
        allowed_ms = 1000 * template["spec"].get("terminationGracePeriodSeconds", 30)
        needed_ms = int(values.get("SHUTDOWN_DRAIN_MS", 0)) + int(values.get("SHUTDOWN_GRACE_MS", 10_000))
        if allowed_ms <= needed_ms:
            yield f"{name_of(owner)}: is killed after {allowed_ms} ms, and needs {needed_ms} ms to stop"


def images_are_pinned(documents, _):
    for owner, _, container in every_container(documents):
        tag = container["image"].rsplit("/", 1)[-1].partition(":")[2]
        if tag in ("", "latest"):
            yield f"{name_of(owner)}: the image {container['image']} names no version"


def pods_are_restricted(documents, _):
    for owner, template, container in every_container(documents):
        pod, own = template["spec"].get("securityContext", {}), container.get("securityContext", {})
        held = {
            "runs as root": pod.get("runAsNonRoot") is True,
            "has no seccomp profile": pod.get("seccompProfile", {}).get("type") == "RuntimeDefault",
            "gets a token of the cluster": template["spec"].get("automountServiceAccountToken") is False,
            "may gain privileges": own.get("allowPrivilegeEscalation") is False,
            "may write to its image": own.get("readOnlyRootFilesystem") is True,
            "keeps capabilities": own.get("capabilities", {}).get("drop") == ["ALL"],
            "requests no resources": {"cpu", "memory"} <= container.get("resources", {}).get("requests", {}).keys(),
            "has no limits": {"cpu", "memory"} <= container.get("resources", {}).get("limits", {}).keys(),
        }
        yield from (f"{name_of(owner)}: {container['name']} {fault}" for fault, held_ in held.items() if not held_)


def bytes_of(quantity):
    number, unit = re.fullmatch(r"(\d+)(Ki|Mi|Gi|)", str(quantity)).groups()
    return int(number) * {"": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}[unit]


def memory_suffices(documents, _):
    """A fifth of the limit is for what the two settings do not count."""
    for owner, _, container, values in servers(documents):
        limit = bytes_of(container["resources"]["limits"]["memory"])
        cached = int(values.get("EVIDENCE_MAX_BYTES", 2**31)) if program(container) == "planner" else 0
        claimed = cached + int(values.get("TRANSPORT_MAX_BYTES", 2**29))
        if claimed > 0.8 * limit:
            yield f"{name_of(owner)}: settings allow {claimed} bytes, more than 80 % of the limit of {limit}"


def listening_is_meant(documents, _):
    for owner, template, container, values in servers(documents):
        plain = values.get("ALLOW_PLAINTEXT") == "true"
        secure = bool(values.get("TLS_CERT_FILE"))
        if not LOOPBACK.match(values.get("LISTEN_ADDRESS", "127.0.0.1")) and plain == secure:
            yield f"{name_of(owner)}: must have either TLS_CERT_FILE or ALLOW_PLAINTEXT=true"
        folders = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
        for setting, value in values.items():
            if setting.endswith("_FILE") and not any(value.startswith(folder + "/") for folder in folders):
                yield f"{name_of(owner)}: {setting}={value} is in no volume"


def planners_find_the_store(documents, _):
    services = {
        f"dns:///{service['metadata']['name']}:{port['port']}": service["spec"]
        for service in of_kind(documents, "Service")
        if service["spec"].get("clusterIP") == "None"
        for port in service["spec"]["ports"]
    }
    for owner, _, container, values in servers(documents):
        target = values.get("BENCHMARK_STORE_ADDRESS")
        if program(container) == "planner" and target not in services:
            yield f"{name_of(owner)}: BENCHMARK_STORE_ADDRESS={target} is no headless Service"
        elif program(container) == "planner" and not services[target].get("publishNotReadyAddresses"):
            # Else the name is gone while no store is ready, and name servers keep that.
            yield f"{name_of(owner)}: the Service of {target} must have publishNotReadyAddresses"


def callers_have_certificates(documents, _):
    made = {uri for certificate in of_kind(documents, "Certificate") for uri in certificate["spec"].get("uris", [])}
    for owner, _, container, values in servers(documents):
        callers = [uri for uri in (values.get("ALLOWED_CALLERS") or "").split(",") if uri]
        for uri in callers:
            if not uri.endswith("/*") and uri not in made:
                yield f"{name_of(owner)}: no Certificate is for the caller {uri}"
        if callers and program(container) == "benchmark-store" and not any(uri.endswith("/planner") for uri in callers):
            yield f"{name_of(owner)}: does not let planners in"


def one_namespace(documents, _):
    names = {document["metadata"].get("namespace") for document in documents if document["kind"] != "Namespace"}
    if len(names) != 1:
        yield f"objects are in several namespaces: {sorted(map(str, names))}"


RULES = [
    settings_are_known,
    expansions_are_defined_before,
    references_resolve,
    ports_agree,
    liveness_stands_alone,
    selectors_match,
    named_ports_exist,
    policies_name_ports_of_their_pods,
    stopping_has_time,
    images_are_pinned,
    pods_are_restricted,
    memory_suffices,
    listening_is_meant,
    planners_find_the_store,
    callers_have_certificates,
    one_namespace,
]


def mistakes(documents, settings):
    """Of all rules. `settings` maps a program to the names of its variables."""
    return [line for rule in RULES for line in rule(documents, settings)]


def documented_settings(operations_text):
    """The variables of each program, from the table of docs/OPERATIONS.md."""
    settings = {"benchmark-store": set(), "planner": set(), "loadline": set()}
    for row in re.finditer(r"^\| `([A-Z_]+)` \| ([^|]+) \| ([^|]+) \| [^|]*\|$", operations_text, re.MULTILINE):
        name, store, planner = row.group(1), row.group(2).strip(), row.group(3).strip()
        if store.startswith("`") and not name.startswith("LOADLINE_"):
            settings["benchmark-store"].add(name)
        if planner.startswith("`") and not name.startswith("LOADLINE_"):
            settings["planner"].add(name)
    return settings
