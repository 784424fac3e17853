"""compose.yaml says what the images, the settings and itself have."""

import pathlib
import re
import sys
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
sys.dont_write_bytecode = True
import k8s_rules  # noqa: E402

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "deploy" / "docker" / "Dockerfile").read_text()
SETTINGS = k8s_rules.documented_settings((ROOT / "docs" / "OPERATIONS.md").read_text())
SETTINGS["loadline"] |= {"LOADLINE_STORE", "LOADLINE_PLANNER"}


def ours():
    """(name, service, program) of what runs an image of ours."""
    for name, service in COMPOSE["services"].items():
        if "build" in service:
            yield name, service, service["build"]["target"]


class Compose(unittest.TestCase):
    def test_images_are_built_from_stages_that_the_dockerfile_has(self):
        stages = set(re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE))
        for name, service, program in ours():
            self.assertIn(program, stages, name)
            self.assertRegex(service["image"], rf"^loadline/{program}:\d", name)
            self.assertTrue((ROOT / service["build"]["dockerfile"]).is_file(), name)

    def test_settings_are_those_of_the_program(self):
        for name, service, program in ours():
            self.assertLessEqual(set(service["environment"]), SETTINGS[program], name)

    def test_versions_are_named(self):
        for name, service in COMPOSE["services"].items():
            self.assertRegex(service["image"], r":(?!latest$)\S+$", name)

    def test_services_wait_for_what_is_there_and_says_when_it_is_healthy(self):
        for name, service in COMPOSE["services"].items():
            for other, wait in service.get("depends_on", {}).items():
                self.assertIn("healthcheck", COMPOSE["services"][other], name)
                self.assertEqual("service_healthy", wait["condition"])
                self.assertLessEqual(set(COMPOSE["services"][other].get("profiles", [])), set(service.get("profiles", [])))

    def test_health_is_asked_by_the_program_itself(self):
        for name, service, program in ours():
            if program != "loadline":
                self.assertEqual(["CMD", f"/usr/bin/{program}", "health"], service["healthcheck"]["test"], name)

    def test_addresses_name_a_service_and_the_port_it_exposes(self):
        for name, service, _ in ours():
            for value in map(str, service["environment"].values()):
                found = re.fullmatch(r"(?:dns:///)?([a-z-]+):(\d+)", value)
                if found:
                    program = COMPOSE["services"][found.group(1)]["build"]["target"]
                    self.assertEqual(k8s_rules.SERVICES[program], int(found.group(2)), name)

    def test_published_ports_are_for_this_machine_only_and_each_once(self):
        published = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
        for name, service, program in ours():
            for port in service.get("ports", []):
                self.assertRegex(port, rf"^127\.0\.0\.1:\d+:{k8s_rules.SERVICES[program]}$", name)
        self.assertEqual(len(published), len({port.rsplit(":", 1)[0] for port in published}))

    def test_containers_of_ours_may_write_nothing_but_their_volume(self):
        for name, service, _ in ours():
            self.assertTrue(service["read_only"], name)
            self.assertEqual(["ALL"], service["cap_drop"], name)
            self.assertIn("no-new-privileges:true", service["security_opt"], name)
            for volume in service.get("volumes", []):
                self.assertIn(volume.split(":")[0], COMPOSE["volumes"], name)

    def test_the_volume_begins_with_the_data_that_the_image_has_there(self):
        folder = COMPOSE["services"]["benchmark-store"]["volumes"][0].split(":")[1]
        self.assertIn(f"DATA_DIR={folder}", DOCKERFILE)


if __name__ == "__main__":
    unittest.main()
