"""Renders every overlay, and every component on the base, and checks them.

  scripts/k8s-check.sh [SCHEMAS]

SCHEMAS is a folder of JSON Schemas named <kind>-<group>-<version>.json; where it
is absent, that part is skipped, and says so. Exit status: 0 all is well, 1
mistakes, 77 nothing could be rendered.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml

import k8s_rules

ROOT = pathlib.Path(__file__).resolve().parent.parent
K8S = ROOT / "deploy" / "k8s"
# What a component patches must be there.
NEEDS = {"pgbouncer": ["postgres-cnpg"], "backup": ["postgres-cnpg"]}
# Of operators; their schemas are the operators' own.
FOREIGN = ("cert-manager.io/", "postgresql.cnpg.io/", "barmancloud.cnpg.io/")
SKIPPED = 77


def is_version_5(command):
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return said.returncode == 0 and "v5." in said.stdout


def renderer():
    """The command that renders a folder, or None."""
    if shutil.which("kustomize") and is_version_5(["kustomize", "version"]):
        return ["kustomize", "build"]
    if shutil.which("kubectl") and is_version_5(["kubectl", "version", "--client"]):
        return ["kubectl", "kustomize"]
    return None


def component_overlay(folder, name):
    """Writes an overlay of the base with a component; returns it."""
    overlay = folder / f"base-with-{name}"
    overlay.mkdir()
    up = pathlib.Path(os.path.relpath(K8S, overlay))
    needed = [*NEEDS.get(name, []), name]
    text = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": "loadline",
        "resources": [str(up / "base")],
        "components": [str(up / "components" / each) for each in needed],
    }
    (overlay / "kustomization.yaml").write_text(yaml.safe_dump(text))
    return overlay


def render(command, folder):
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None, [f"does not render: {done.stderr.strip().splitlines()[0]}"]
    return [document for document in yaml.safe_load_all(done.stdout) if document], []


def schema_of(document, schemas):
    group, _, version = document["apiVersion"].rpartition("/")
    stem = "-".join(filter(None, [document["kind"].lower(), group.split(".")[0], version]))
    path = schemas / f"{stem}.json"
    return json.loads(path.read_text()) if path.exists() else None


def schema_mistakes(documents, schemas):
    import jsonschema  # only where there are schemas

    for document in documents:
        if document["apiVersion"].startswith(FOREIGN):
            continue
        schema = schema_of(document, schemas)
        if schema is None:
            yield f"{k8s_rules.name_of(document)}: there is no schema of {document['apiVersion']}"
            continue
        for error in jsonschema.Draft7Validator(schema).iter_errors(document):
            where = ".".join(str(step) for step in error.absolute_path)
            yield f"{k8s_rules.name_of(document)}: {where}: {error.message}"


def kubeconform_mistakes(documents, schemas):
    location = str(schemas / "{{ .ResourceKind }}-{{ .Group }}-{{ .ResourceAPIVersion }}.json")
    core = str(schemas / "{{ .ResourceKind }}{{ .KindSuffix }}.json")
    ours = [document for document in documents if not document["apiVersion"].startswith(FOREIGN)]
    command = ["kubeconform", "-strict", "-schema-location", core, "-schema-location", location, "-"]
    done = subprocess.run(command, input=yaml.safe_dump_all(ours), capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip().splitlines() if done.returncode else []


def check(name, command, folder, settings, schemas):
    """Prints one line for `name`, then its mistakes; returns how many."""
    documents, found = render(command, folder)
    if documents is not None:
        found += k8s_rules.mistakes(documents, settings)
        if schemas:
            found += schema_mistakes(documents, schemas)
        if schemas and shutil.which("kubeconform"):
            found += kubeconform_mistakes(documents, schemas)
    print(f"{name:32} {len(documents or [])} objects, {len(found)} mistakes")
    for line in found:
        print(f"  {line}")
    return len(found)


def main(arguments):
    command = renderer()
    if command is None:
        print("SKIPPED: there is neither kustomize 5 nor a kubectl that has it (since 1.27)")
        return SKIPPED
    schemas = pathlib.Path(arguments[0]) if arguments else ROOT.parent / "shared" / "data" / "k8s-schemas"
    if not schemas.is_dir():
        print(f"SKIPPED: schemas, since {schemas} is not there")
        schemas = None
    elif not shutil.which("kubeconform"):
        print("SKIPPED: kubeconform, since it is not installed; the schemas are checked without it")
    settings = k8s_rules.documented_settings((ROOT / "docs" / "OPERATIONS.md").read_text())
    overlays = {f"overlays/{path.name}": path for path in sorted((K8S / "overlays").iterdir())}
    with tempfile.TemporaryDirectory(dir=ROOT / "build" if (ROOT / "build").is_dir() else None) as folder:
        parts = sorted(path.name for path in (K8S / "components").iterdir())
        built = {f"components/{part}": component_overlay(pathlib.Path(folder), part) for part in parts}
        folders = {"base": K8S / "base", **built, **overlays}
        wrong = sum(check(name, command, path, settings, schemas) for name, path in folders.items())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
