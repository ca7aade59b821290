"""What running services really send fits the published schemas, and what they measure is what alerts and dashboard name."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from aiokafka import AIOKafkaProducer
from made_disclosures import Made
from stack.running import Running, first_versions, running, soon

from shared.flows import FLOWS
from shared.telemetry.metrics import METRICS
from shared.topics import OBJECTS_CREATED, SERVICES, dead_letters
from tieout.installation.installation import Installation

CONTRACTS = Path(__file__).resolve().parents[2] / "docs/contracts"
SMALL = 5_000  # bytes: some results travel inline, others by reference


@pytest.fixture(scope="module")
def stack(servers: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A day at the office: a budget, its predecessor, narrative and tables apart, a scan, and a record that is no event."""
    from stack.conftest import another_place

    place = another_place(servers)
    folder = tmp_path_factory.mktemp("published")
    with running(place, folder, TIEOUT_ACTIVATE=first_versions(), TIEOUT_INLINE_BYTES=str(SMALL)) as made:
        documents = [Made(1), Made(1, year=2024), Made(2, pages="narrative"), Made(2, pages="tables")]
        for number, document in enumerate(documents):
            made.put(f"办公室/{number}.pdf", document.pdf())
        made.put("办公室/网页.pdf", b"<html>")
        made.start()
        made.wait_settled(len(documents) + 1)
        asyncio.run(send(place.bootstrap, place.topic(OBJECTS_CREATED), b"no event"))
        soon(lambda: bool(made.raw(dead_letters("extractor"))) and len(made.raw("filings.validated")) >= 2)
        yield made


async def send(bootstrap: str, topic: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


def schema(name: str) -> dict[str, Any]:
    return json.loads((CONTRACTS / f"{name}.schema.json").read_text(encoding="utf-8"))


def headers(record: Any) -> dict[str, str]:
    return {name: value.decode() for name, value in record.headers}


def bodies_of(topic: str) -> list[str]:
    """The schemas that the AsyncAPI document names for a topic."""
    import yaml

    document = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text(encoding="utf-8"))
    messages = [document["components"]["messages"][name] for name in document["channels"][topic]["messages"]]
    return [
        message["payload"]["schema"]["$ref"].removeprefix("./").removesuffix(".schema.json") for message in messages if "payload" in message
    ]


@pytest.mark.stack
@pytest.mark.parametrize("topic", [flow.topic for flow in FLOWS if flow.bodies and flow.topic != "decisions.made"])
def test_every_event_fits_the_envelope_and_one_body_of_its_topic(stack: Running, topic: str) -> None:
    records = [record for record in stack.raw(topic) if record.headers]
    assert records
    for record in records:
        jsonschema.validate(headers(record), schema("envelope"))
        body = json.loads(record.value)
        fitting = [name for name in bodies_of(topic) if jsonschema.Draft202012Validator(schema(name)).is_valid(body)]
        assert len(fitting) == 1, (topic, body.get("schema"))
        assert headers(record)["ce_dataschema"] == body["schema"]
        assert headers(record)["ce_type"] == f"tieout.{topic}"


@pytest.mark.stack
def test_both_ways_of_a_result_were_seen(stack: Running) -> None:
    schemas = {record["schema"] for record in stack.records("facts.normalized") + stack.records("tables.extracted")}
    assert schemas == {"tieout.reference/1", "tieout.normalized/1", "tieout.extracted/1"}


@pytest.mark.stack
def test_a_dead_letter_has_the_headers_that_are_published(stack: Running) -> None:
    (record,) = stack.raw(dead_letters("extractor"))
    jsonschema.validate(headers(record), schema("dead_letter"))
    assert record.value == b"no event"


@pytest.mark.stack
def test_a_name_in_the_vocabulary_stands_for_every_word_that_was_sent(stack: Running) -> None:
    words = json.loads((CONTRACTS / "vocabulary.json").read_text(encoding="utf-8"))
    for event in stack.records("documents.validated"):
        assert event["verdict"] in words["Verdict"]
        assert {finding["code"] for finding in event["findings"]} <= set(words["FindingCode"])
        assert {finding["severity"] for finding in event["findings"]} <= set(words["Severity"])
    assert {event["code"] for event in stack.records("documents.rejected")} <= set(words["RejectionCode"])


@pytest.mark.stack
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_serves_the_metrics_that_are_written_down_and_no_others(stack: Running, service: str) -> None:
    text = urllib.request.urlopen(f"{stack.place.service_url(service)}/metrics", timeout=5).read().decode()
    families = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    ours = {name for name in families if name.startswith("tieout_") and not name.endswith("_created")}
    assert ours == {metric.name for metric in METRICS}
    assert "process_start_time_seconds" in families
