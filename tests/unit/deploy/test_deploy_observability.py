"""Alerts and dashboard name metrics and labels that exist, and every alert has a section that says what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from shared.telemetry.metrics import METRICS
from shared.topics import SERVICES

ROOT = Path(__file__).resolve().parents[3]
ALERTS = ROOT / "deploy/prometheus/alerts.yaml"
DASHBOARD = ROOT / "deploy/grafana/dashboard.json"
MANUALS = (ROOT / "docs/operating.md", ROOT / "docs/operating.zh-CN.md")

PROCESS = {"process_start_time_seconds", "process_resident_memory_bytes", "process_cpu_seconds_total"}  # prometheus_client's own
NODE = {"node_filesystem_avail_bytes", "node_filesystem_size_bytes"}  # of the node exporter
TARGET_LABELS = {"job", "instance", "service"}


def known() -> dict[str, set[str]]:
    """Every series that Prometheus gets, with its labels."""
    found = {name: set(TARGET_LABELS) for name in ("up", *PROCESS)}
    found |= {name: {"instance", "fstype", "mountpoint"} for name in NODE}
    for metric in METRICS:
        labels = {*metric.labels, *TARGET_LABELS}
        if metric.kind == "histogram":
            found |= {f"{metric.name}_bucket": labels | {"le"}, f"{metric.name}_sum": labels, f"{metric.name}_count": labels}
        else:
            found[metric.name] = labels
    return found


def parsed(expression: str) -> Any:
    return promql_parser.parse(expression.replace("$__rate_interval", "5m"))


def selectors(expression: str) -> list[tuple[str, set[str]]]:
    """The series that an expression reads, with the labels that it asks of them."""
    found: list[tuple[str, set[str]]] = []

    def look(node: Any) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            found.append((node.name, {matcher.name for matcher in node.matchers.matchers}))
        return True

    promql_parser.walk(parsed(expression), pre_visit=look)
    return found


def groupings(expression: str) -> set[str]:
    """The labels by which an expression groups."""
    found: set[str] = set()

    def look(node: Any) -> bool:
        if isinstance(node, promql_parser.AggregateExpr) and node.modifier is not None:
            found.update(node.modifier.labels)
        return True

    promql_parser.walk(parsed(expression), pre_visit=look)
    return found


def faults(expression: str) -> list[str]:
    """What an expression names that does not exist."""
    series, read = known(), selectors(expression)
    wrong = [name for name, _ in read if name not in series]
    wrong += [f"{name}.{label}" for name, labels in read if name in series for label in sorted(labels - series[name])]
    there = set().union(*(series.get(name, set()) for name, _ in read))
    return wrong + [f"by {label}" for label in sorted(groupings(expression) - there)]


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return [panel for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"] if panel["type"] != "row"]


def queries() -> Iterator[tuple[str, str]]:
    for panel in panels():
        for target in panel["targets"]:
            yield f"{panel['title']} {target['refId']}", target["expr"]


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_names_metrics_and_labels_that_exist(alert: dict[str, Any]) -> None:
    assert selectors(alert["expr"]) != []
    assert faults(alert["expr"]) == []


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_says_in_both_languages_what_is_wrong_and_speaks_of_labels_that_it_has(alert: dict[str, Any]) -> None:
    labels = groupings(alert["expr"]) or set().union(*(known()[name] for name, _ in selectors(alert["expr"])))
    for key in ("summary", "summary_zh"):
        assert set(re.findall(r"\$labels\.(\w+)", alert["annotations"][key])) <= labels
    assert alert["labels"]["severity"] in {"page", "ticket"}


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
@pytest.mark.parametrize("manual", MANUALS, ids=lambda page: page.name)
def test_an_alert_has_a_section_that_says_what_to_do(alert: dict[str, Any], manual: Path) -> None:
    headings = [line.lstrip("# ").strip() for line in manual.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert headings.count(alert["alert"]) == 1
    assert alert["annotations"]["runbook"] == f"docs/operating.md#{alert['alert'].lower()}"


@pytest.mark.parametrize("manual", MANUALS, ids=lambda page: page.name)
def test_no_section_is_left_of_an_alert_that_is_gone(manual: Path) -> None:
    sections = re.findall(r"^#+ (Tieout\w+)$", manual.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(sections) <= {alert["alert"] for alert in alerts()}


@pytest.mark.parametrize(("title", "expression"), list(queries()), ids=lambda value: None if "(" in value else value)
def test_a_panel_names_metrics_and_labels_that_exist(title: str, expression: str) -> None:
    assert faults(expression) == []
    assert 'job="tieout"' in expression


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = {name for _, expression in queries() for name, _ in selectors(expression)}
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown}
    assert {metric.name for metric in METRICS} - shown == set()


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not cells & taken
        taken |= cells


def test_every_service_is_scraped_under_its_name() -> None:
    configuration = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yaml").read_text(encoding="utf-8"))
    (job,) = configuration["scrape_configs"]
    assert job["job_name"] == "tieout"
    own = {label for metric in METRICS for label in metric.labels}
    assert job["honor_labels"] is bool(own & TARGET_LABELS)  # else a metric's own label `service` would be renamed
    assert {target["labels"]["service"] for target in job["static_configs"]} == set(SERVICES)
    assert all(target["targets"] == [f"{target['labels']['service']}:8100"] for target in job["static_configs"])


def test_names_that_do_not_exist_are_seen() -> None:
    assert faults("rate(tieout_nothing_total[5m]) > 0") == ["tieout_nothing_total"]
    assert faults('tieout_lag{colour="red"}') == ["tieout_lag.colour"]
    assert faults("sum by (colour) (tieout_lag)") == ["by colour"]
    assert faults("tieout_stage_seconds > 1") == ["tieout_stage_seconds"]
    assert faults("histogram_quantile(0.9, sum by (le) (rate(tieout_stage_seconds_bucket[5m])))") == []


def test_both_manuals_have_the_same_sections_and_commands() -> None:
    english, chinese = (page.read_text(encoding="utf-8") for page in MANUALS)
    levels = [[len(line) - len(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")] for text in (english, chinese)]
    assert levels[0] == levels[1]
    commands = [sorted(set(re.findall(r"`((?:bin/tieout|python|docker|tar) [^`]*)`", text))) for text in (english, chinese)]
    words = [{" ".join(command.split()[:3]) for command in each if not re.search(r"[^\x00-\x7f]|OLD", command)} for each in commands]
    assert words[0] == words[1]
    blocks = [[re.sub(r"#.*", "", block) for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)] for text in (english, chinese)]
    assert [[line.strip() for line in block.splitlines()] for block in blocks[0]] == [
        [line.strip() for line in block.splitlines()] for block in blocks[1]
    ]
