"""Every rule finds the mistake that it is for, and nothing in what is right."""

import copy
import pathlib
import sys
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
sys.dont_write_bytecode = True
import k8s_rules  # noqa: E402

RIGHT = (pathlib.Path(__file__).parent / "right.yaml").read_text()
SETTINGS = k8s_rules.documented_settings((ROOT / "docs" / "OPERATIONS.md").read_text())


def documents():
    return {k8s_rules.name_of(each): each for each in yaml.safe_load_all(RIGHT)}


class Rules(unittest.TestCase):
    def setUp(self):
        self.documents = documents()
        self.deployment = self.documents["Deployment/planner"]
        self.pod = self.deployment["spec"]["template"]["spec"]
        self.container = self.pod["containers"][0]
        self.settings = self.documents["ConfigMap/planner-settings"]["data"]

    def found(self):
        return k8s_rules.mistakes(list(self.documents.values()), SETTINGS)

    def expect(self, part):
        """One mistake, which says `part`."""
        found = self.found()
        self.assertEqual(1, len(found), found)
        self.assertIn(part, found[0])

    def test_nothing_is_found_in_what_is_right(self):
        self.assertEqual([], self.found())

    def test_the_settings_of_both_programs_are_read_from_the_documentation(self):
        self.assertIn("EVIDENCE_MAX_BYTES", SETTINGS["planner"])
        self.assertIn("DATABASE_URL", SETTINGS["benchmark-store"])
        self.assertNotIn("DATABASE_URL", SETTINGS["planner"])

    def test_a_setting_that_no_program_has(self):
        self.settings["SHUTDOWN_GRACE"] = "1"
        self.expect("planner has no setting SHUTDOWN_GRACE")

    def test_a_setting_of_the_other_program(self):
        self.settings["DATA_DIR"] = "/data"
        self.expect("planner has no setting DATA_DIR")

    def test_an_expansion_before_its_definition(self):
        self.container["env"] = [{"name": "LOG_LEVEL", "value": "$(LEVEL)"}, {"name": "LEVEL", "value": "info"}]
        self.expect("LOG_LEVEL uses $(LEVEL)")

    def test_a_config_map_that_is_not_there(self):
        self.container["envFrom"].append({"configMapRef": {"name": "other"}})
        self.expect("there is no ConfigMap other")

    def test_a_secret_that_nothing_makes(self):
        self.pod["volumes"].append({"name": "key", "secret": {"secretName": "lost"}})
        self.expect("nothing makes the Secret lost")

    def test_a_port_that_the_program_does_not_listen_on(self):
        self.settings["METRICS_ADDRESS"] = "0.0.0.0:9191"
        self.expect("port metrics is 9090, and METRICS_ADDRESS says 9191")

    def test_a_probe_of_another_port(self):
        self.container["readinessProbe"]["grpc"]["port"] = 50052
        self.expect("readinessProbe asks port 50052")

    def test_liveness_that_depends_on_readiness(self):
        del self.container["livenessProbe"]["grpc"]["service"]
        self.expect("livenessProbe does not ask")

    def test_a_service_without_pods(self):
        self.documents["Service/planner"]["spec"]["selector"] = {"app.kubernetes.io/name": "planer"}
        self.expect("its selector matches 0")

    def test_a_budget_for_everything(self):
        self.documents["PodDisruptionBudget/planner"]["spec"]["selector"] = {"matchLabels": {}}
        self.expect("its selector matches 2")

    def test_an_autoscaler_of_nothing(self):
        self.documents["HorizontalPodAutoscaler/planner"]["spec"]["scaleTargetRef"]["name"] = "planner-2"
        self.expect("scales planner-2")

    def test_a_service_port_that_no_pod_has(self):
        self.documents["Service/planner"]["spec"]["ports"][0]["targetPort"] = "http"
        self.expect("its pods have no port http")

    def test_a_monitor_of_a_port_that_no_service_has(self):
        self.documents["ServiceMonitor/planner"]["spec"]["endpoints"][0]["port"] = "prometheus"
        self.expect("no Service has a port prometheus")

    def test_a_policy_for_a_port_that_its_pods_lack(self):
        self.documents["NetworkPolicy/planner"]["spec"]["ingress"][0]["ports"][0]["port"] = "http"
        self.expect("Deployment/planner has no port http")

    def test_a_pod_that_is_killed_while_it_stops(self):
        self.pod["terminationGracePeriodSeconds"] = 25
        self.expect("is killed after 25000 ms, and needs 25000 ms")

    def test_an_image_without_a_version(self):
        for image in ("x/planner", "host:5000/planner", "planner:latest"):
            self.container["image"] = image
            self.expect("names no version")

    def test_each_way_to_be_less_restricted(self):
        ways = {
            "runs as root": lambda: self.pod["securityContext"].pop("runAsNonRoot"),
            "has no seccomp profile": lambda: self.pod["securityContext"].pop("seccompProfile"),
            "gets a token": lambda: self.pod.pop("automountServiceAccountToken"),
            "may gain privileges": lambda: self.container["securityContext"].pop("allowPrivilegeEscalation"),
            "may write to its image": lambda: self.container["securityContext"].pop("readOnlyRootFilesystem"),
            "keeps capabilities": lambda: self.container["securityContext"].pop("capabilities"),
            "requests no resources": lambda: self.container["resources"].pop("requests"),
            "has no limits": lambda: self.container["resources"]["limits"].pop("cpu"),
        }
        for fault, spoil in ways.items():
            with self.subTest(fault):
                self.setUp()
                spoil()
                self.expect(fault)

    def test_settings_that_allow_more_memory_than_there_is(self):
        self.settings["EVIDENCE_MAX_BYTES"] = str(2**30)
        self.expect("more than 80 % of the limit")

    def test_plaintext_that_nobody_asked_for(self):
        del self.settings["ALLOW_PLAINTEXT"]
        self.expect("either TLS_CERT_FILE or ALLOW_PLAINTEXT=true")

    def test_a_certificate_that_is_not_mounted(self):
        self.settings |= {"ALLOW_PLAINTEXT": "false", "TLS_CERT_FILE": "/etc/other/tls.crt"}
        self.expect("TLS_CERT_FILE=/etc/other/tls.crt is in no volume")

    def test_a_store_that_has_one_address_for_all(self):
        del self.documents["Service/benchmark-store"]["spec"]["clusterIP"]
        self.expect("BENCHMARK_STORE_ADDRESS=dns:///benchmark-store:50051 is no headless Service")

    def test_a_store_whose_name_is_gone_while_it_is_not_ready(self):
        del self.documents["Service/benchmark-store"]["spec"]["publishNotReadyAddresses"]
        self.expect("the Service of dns:///benchmark-store:50051 must have publishNotReadyAddresses")

    def test_a_caller_that_nobody_can_be(self):
        self.settings["ALLOWED_CALLERS"] = "spiffe://a/sa/operator,spiffe://a/*"
        self.expect("no Certificate is for the caller spiffe://a/sa/operator")

    def test_a_store_that_lets_no_planner_in(self):
        self.documents["ConfigMap/store-settings"]["data"]["ALLOWED_CALLERS"] = "spiffe://a/*"
        self.expect("does not let planners in")

    def test_objects_of_another_namespace(self):
        self.documents["Service/planner"]["metadata"]["namespace"] = "default"
        self.expect("several namespaces: ['default', 'test']")


if __name__ == "__main__":
    unittest.main()
