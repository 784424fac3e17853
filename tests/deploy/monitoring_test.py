"""Alerts and dashboard name metrics that the programs have, and every alert has
a runbook and a test."""

import json
import pathlib
import re
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy" / "k8s" / "components" / "monitoring"
# Of Prometheus itself.
FOREIGN = {"up"}
WORDS_OF_PROMQL = {
    "sum", "by", "rate", "increase", "and", "or", "max", "count", "time", "absent", "histogram_quantile", "ignoring",
    "on", "le",
}


def golden():
    """Name -> (type, labels) of every metric of the two programs."""
    metrics = {}
    for path in (ROOT / "tests" / "golden" / "metrics").glob("*.txt"):
        for line in path.read_text().splitlines():
            name, kind, labels = line.split()[:3]
            metrics[name] = (kind, set(filter(None, labels.strip("{}").split(","))))
    return metrics


def rules():
    spec = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["spec"]
    return [rule for group in spec["groups"] for rule in group["rules"]]


def alerts():
    return [rule for rule in rules() if "alert" in rule]


def dashboard_panels():
    return [panel for panel in json.loads((MONITORING / "loadline.json").read_text())["panels"] if panel["type"] != "row"]


def expressions():
    """(where, PromQL) of all that is asked of Prometheus."""
    yield from ((rule.get("alert") or rule["record"], rule["expr"]) for rule in rules())
    for panel in dashboard_panels():
        yield from ((panel["title"], target["expr"]) for target in panel["targets"])


def metric_names(expression):
    without_labels = re.sub(r"\{[^}]*\}", "", expression)
    without_durations = re.sub(r"\[[^\]]*\]", "", without_labels)
    without_grouping = re.sub(r"\b(by|ignoring|on)\s*\([^)]*\)", "", without_durations)
    return set(re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*", without_grouping)) - WORDS_OF_PROMQL


def matched_labels(expression):
    """(metric, labels that it is filtered by)."""
    for name, matchers in re.findall(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*)\}", expression):
        yield name, set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))


class Monitoring(unittest.TestCase):
    def setUp(self):
        self.golden = golden()
        self.recorded = {rule["record"] for rule in rules() if "record" in rule}

    def of(self, name):
        """The golden metric that a series of this name belongs to."""
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        if self.golden.get(family, ("",))[0] == "histogram":
            return self.golden[family]
        return self.golden.get(name)

    def test_every_metric_that_is_named_exists(self):
        for where, expression in expressions():
            for name in metric_names(expression) - self.recorded - FOREIGN:
                self.assertIsNotNone(self.of(name), f"{where} names {name}, which no program has")

    def test_every_label_that_is_matched_is_one_of_the_metric(self):
        scraped = {"namespace", "job", "pod", "instance", "le"}
        for where, expression in expressions():
            for name, labels in matched_labels(expression):
                known = (self.of(name) or ("", set()))[1] | scraped
                self.assertLessEqual(labels, known, f"{where}: {name}")

    def test_counters_are_only_used_as_rates(self):
        for where, expression in expressions():
            for name in metric_names(expression):
                if (self.of(name) or ("",))[0] == "counter":
                    self.assertRegex(expression, rf"(rate|increase)\({name}", f"{where}: {name}")

    def test_every_alert_says_how_bad_it_is_and_what_happens(self):
        for alert in alerts():
            self.assertIn(alert["labels"]["severity"], {"critical", "warning", "info"}, alert["alert"])
            self.assertTrue(alert["annotations"]["summary"].endswith("."), alert["alert"])

    def test_every_alert_names_its_runbook(self):
        for alert in alerts():
            self.assertEqual(alert["annotations"]["runbook"], f"docs/operations/ALERTS.md#{alert['alert'].lower()}")

    def test_every_alert_has_a_runbook_and_every_runbook_an_alert(self):
        text = (ROOT / "docs" / "operations" / "ALERTS.md").read_text()
        self.assertEqual(re.findall(r"^### (Loadline\w+)$", text, re.MULTILINE), [alert["alert"] for alert in alerts()])

    def test_every_alert_is_tested(self):
        tested = re.findall(r"alertname: (\w+)", (pathlib.Path(__file__).parent / "alerts_test.yaml").read_text())
        self.assertEqual(set(tested), {alert["alert"] for alert in alerts()})

    def test_panels_do_not_overlap_and_have_titles_of_their_own(self):
        taken = set()
        for panel in dashboard_panels():
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells
        titles = [panel["title"] for panel in dashboard_panels()]
        self.assertEqual(len(titles), len(set(titles)))


if __name__ == "__main__":
    unittest.main()
