"""The AsyncAPI document, the table of flows, the topics, the access lists and the services' subscriptions say the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import yaml

import shared.contracts.vocabulary
from shared.delivery.service import ServiceApp
from shared.flows import FLOWS, receives, sends
from shared.settings import Settings
from shared.topics import SERVICES, TOPICS, ServiceName

ROOT = Path(__file__).resolve().parents[3]
CONTRACTS = ROOT / "docs/contracts"
NAMES = {spec.name for spec in TOPICS}


def asyncapi() -> dict[str, Any]:
    return yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text(encoding="utf-8"))


def references(value: Any) -> list[str]:
    """Every $ref of a document."""
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for each in value.values() for found in references(each)]
    return [found for each in value for found in references(each)] if isinstance(value, list) else []


def target(document: dict[str, Any], reference: str) -> Any:
    """What a reference leads to: a part of the document, or a file beside it."""
    if reference.startswith("./"):
        return json.loads((CONTRACTS / reference).read_text(encoding="utf-8"))
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def built(service: ServiceName, monkeypatch: pytest.MonkeyPatch, folder: Path) -> ServiceApp:
    """A service as it is wired, with nothing outside started."""
    module = __import__(f"services.{service}.app", fromlist=["build"])
    for name in [name for name in os.environ if name.startswith("TIEOUT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TIEOUT_WORK", str(folder))
    monkeypatch.setenv("TIEOUT_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("TIEOUT_S3_ACCESS_KEY", "key")
    monkeypatch.setenv("TIEOUT_S3_SECRET_KEY", "secret")
    made: ServiceApp = getattr(module, "create_app", getattr(module, "build", None))(Settings())
    return made


def test_the_generated_files_are_up_to_date() -> None:
    for tool in ("contracts", "dashboard", "identities_reference", "sbom", "settings_reference"):
        done = subprocess.run(
            [sys.executable, ROOT / "tools" / f"{tool}.py", "--check"], capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_every_topic_has_exactly_one_flow() -> None:
    assert sorted(flow.topic for flow in FLOWS) == sorted(NAMES)


def test_every_topic_is_sent_to_and_is_received_or_open() -> None:
    assert all(flow.senders for flow in FLOWS)
    assert all(flow.receivers or flow.open for flow in FLOWS)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_subscribes_to_what_the_table_says(service: ServiceName, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    subscribed = [each.topic for each in built(service, monkeypatch, tmp_path).subscriptions]
    assert sorted(subscribed) == sorted(receives(service))


def test_the_asyncapi_document_has_all_topics_with_their_settings() -> None:
    channels = asyncapi()["channels"]
    assert set(channels) == NAMES
    for spec in TOPICS:
        binding = channels[spec.name]["bindings"]["kafka"]
        assert channels[spec.name]["address"] == f"tieout.{spec.name}"
        assert binding["topicConfiguration"] == {"retention.ms": spec.keep_days * 86_400_000, "max.message.bytes": spec.max_bytes}
        assert (binding["partitions"] == 1) is not spec.spread


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()
    found = references(document)
    assert len(found) > 50
    for reference in found:
        assert target(document, reference)


def test_the_operations_are_those_of_the_flows() -> None:
    told = {(each["x-service"], each["action"], each["channel"]["$ref"].rpartition("/")[2]) for each in asyncapi()["operations"].values()}
    wanted = {(service, "receive", topic) for service in SERVICES for topic in receives(service)}
    wanted |= {(service, "send", topic) for service in SERVICES for topic in sends(service)}
    assert told == wanted


def test_every_message_of_ours_has_headers_and_what_is_a_body_of_ours_a_schema() -> None:
    messages = asyncapi()["components"]["messages"]
    for flow in FLOWS:
        names = [name for name in messages if name == flow.topic or name.startswith(f"{flow.topic}.")]
        assert len(names) == max(1, len(flow.bodies))
        for name in names:
            assert ("payload" in messages[name]) is bool(flow.bodies)
            assert ("headers" in messages[name]) is (flow.topic != "objects.notified")


def enumerations(value: Any) -> set[tuple[str, ...]]:
    """Every list of two words or more that a schema allows."""
    if isinstance(value, dict):
        words = value.get("enum") or value.get("x-extensible-enum") or []
        own = {tuple(sorted(words))} if len(words) > 1 else set()
        return own.union(*map(enumerations, value.values()))
    return set().union(*map(enumerations, value)) if isinstance(value, list) else set()


def test_the_vocabulary_has_every_enumeration_of_the_schemas_and_of_the_code() -> None:
    vocabulary = json.loads((CONTRACTS / "vocabulary.json").read_text(encoding="utf-8"))
    known = {tuple(sorted(words)) for words in vocabulary.values()}
    for path in sorted(CONTRACTS.glob("*.schema.json")):
        assert enumerations(json.loads(path.read_text(encoding="utf-8"))) <= known, path.name
    classes = {name for name, each in vars(shared.contracts.vocabulary).items() if isinstance(each, type) and issubclass(each, StrEnum)}
    assert classes - {"StrEnum"} <= set(vocabulary)


def test_words_that_may_grow_are_no_closed_list() -> None:
    vocabulary = json.loads((CONTRACTS / "vocabulary.json").read_text(encoding="utf-8"))
    rejected = json.loads((CONTRACTS / "rejected.schema.json").read_text(encoding="utf-8"))["$defs"]["Rejected"]["properties"]["code"]
    assert sorted(rejected["x-extensible-enum"]) == sorted(vocabulary["RejectionCode"])
    assert "enum" not in rejected


def test_the_page_of_words_has_them_all_and_says_what_codes_mean() -> None:
    vocabulary = json.loads((CONTRACTS / "vocabulary.json").read_text(encoding="utf-8"))
    sections = dict(
        re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", (CONTRACTS / "words.md").read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    )
    assert set(sections) == set(vocabulary)
    for name, words in vocabulary.items():
        assert all(f"`{word}`" in sections[name] for word in words)
    for name in ("FindingCode", "WarningCode", "FormKind", "Verdict", "Cause"):
        assert "|  |" not in sections[name]


def granted() -> dict[str, list[tuple[list[str], str, str, bool]]]:
    """Principal → what the script grants it: operations, kind of thing, name, whether by prefix."""
    found: dict[str, list[tuple[list[str], str, str, bool]]] = {}
    with_calls = (ROOT / "deploy/policies/kafka-acls.sh").read_text(encoding="utf-8")
    for line in re.findall(r"^add (?!\(\))(.*)$", with_calls, flags=re.MULTILINE):
        principal, *rest = line.replace('"', "").replace("${PREFIX}", "").replace("$PREFIX", "").split(" ")
        operations = [rest[i + 1] for i, word in enumerate(rest) if word == "--operation"]
        kind = "--group" if "--group" in rest else "--topic"
        found.setdefault(principal, []).append((operations, kind[2:], rest[rest.index(kind) + 1], "prefixed" in rest))
    return found


def may(principal: str, operation: str, kind: str, name: str) -> bool:
    rules = granted()[principal]
    return any(
        operation in operations and kind == what and (name.startswith(thing) if prefixed else name == thing)
        for operations, what, thing, prefixed in rules
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_read_and_write_what_it_has_to_and_no_more(service: ServiceName) -> None:
    for topic in NAMES:
        assert may(service, "Read", "topic", topic) is (topic in receives(service))
        assert may(service, "Write", "topic", topic) is (topic in sends(service) or service == "store")
        assert may(service, "Read", "group", f"{service}.{topic}")
    others = [other for other in SERVICES if other != service]
    assert not any(may(service, "Read", "group", f"{other}.objects.created") for other in others)


def test_an_outside_consumer_reads_what_is_open_and_writes_nothing() -> None:
    for flow in FLOWS:
        assert may("consumer", "Read", "topic", flow.topic) is flow.open
        assert not may("consumer", "Write", "topic", flow.topic)


def test_the_script_with_access_lists_is_a_shell_script_that_says_what_it_needs() -> None:
    script = ROOT / "deploy/policies/kafka-acls.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    done = subprocess.run(["sh", script], capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode != 0
    assert "BOOTSTRAP" in done.stderr


def test_the_script_calls_the_tool_once_for_each_line(tmp_path: Path) -> None:
    tool = tmp_path / "kafka-acls"
    tool.write_text('#!/bin/sh\necho "$@"\n')
    tool.chmod(0o755)
    variables = {"PATH": "/usr/bin:/bin", "BOOTSTRAP": "kafka:9093", "CONFIG": "admin.properties", "KAFKA_ACLS": str(tool), "PREFIX": "x."}
    done = subprocess.run(["sh", ROOT / "deploy/policies/kafka-acls.sh"], capture_output=True, text=True, check=True, env=variables)
    lines = done.stdout.splitlines()
    assert len(lines) == sum(map(len, granted().values()))
    assert "--bootstrap-server kafka:9093 --command-config admin.properties --add --allow-principal User:x.store" in lines[0]
    assert all("--topic x." in line or "--group x." in line or "--group consumer." in line for line in lines)


def test_the_page_for_consumers_names_the_same_ends_as_the_table() -> None:
    page = (ROOT / "docs/events.md").read_text(encoding="utf-8").partition("## Who sends what to whom")[2]
    rows = {cells[1].strip("` "): cells for line in page.splitlines() if line.startswith("| `") and (cells := line.split("|"))}
    for flow in FLOWS:
        if flow.topic.endswith(".dead-letters"):
            continue
        cells = rows[flow.topic]
        assert {service for service in SERVICES if service in cells[2]} == (
            {*flow.senders} & {*SERVICES} if len(flow.senders) < 4 else set()
        )
        assert {service for service in SERVICES if service in cells[3]} == set(flow.receivers)
        assert ("you" in cells[3]) is flow.open
    assert set(rows) == {flow.topic for flow in FLOWS if not flow.topic.endswith(".dead-letters")} | {"SERVICE.dead-letters"}


def test_the_page_for_consumers_says_how_long_open_topics_are_kept() -> None:
    page = (ROOT / "docs/events.md").read_text(encoding="utf-8")
    days = {spec.name: spec.keep_days for spec in TOPICS}
    for flow in FLOWS:
        if flow.open:
            (row,) = re.findall(rf"^\| `tieout\.{re.escape(flow.topic)}` .*$", page, flags=re.MULTILINE)
            assert row.endswith(f"| {days[flow.topic]} days |")
