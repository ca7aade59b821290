"""Traces: all stages of a document stand in one trace, whose id is known from the object."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from shared.delivery.messages import Outgoing, Received
from shared.delivery.service import ServiceApp, Subscription
from shared.envelope import Envelope, from_headers
from shared.ids import trace_parent
from shared.settings import Settings
from shared.telemetry.traces import NoTraces, OpenTelemetryTraces, set_up_traces, trace_id
from shared.testing.attempts import MemoryAttempts
from shared.testing.memory_broker import MemoryBroker, MemoryService, run_until_idle
from shared.topics import FACTS_NORMALIZED, OBJECTS_CREATED, TABLES_EXTRACTED

ROOT = Path(__file__).resolve().parents[3]


def stage(name: str, takes: str, makes: str, broker: MemoryBroker, exporter: InMemorySpanExporter) -> MemoryService:
    async def handler(record: Received) -> list[Outgoing]:
        assert record.envelope is not None
        if record.body == b"bad":
            raise ZeroDivisionError
        return [Outgoing(makes, "k", Envelope(id=f"{record.envelope.id}/{name}", source=name, type=makes, subject="sha256:1"), b"")]

    app = ServiceApp(name, Settings(), [Subscription(takes, handler)], MemoryAttempts())  # type: ignore[arg-type]
    return MemoryService(app, broker, traces=OpenTelemetryTraces(name, f"{name}-1", exporter, at_once=True))


async def test_the_stages_of_one_document_are_one_trace_each_the_child_of_the_one_before() -> None:
    broker, exporter = MemoryBroker(), InMemorySpanExporter()
    services = [
        stage("extractor", OBJECTS_CREATED, TABLES_EXTRACTED, broker, exporter),
        stage("normalizer", TABLES_EXTRACTED, FACTS_NORMALIZED, broker, exporter),
    ]
    parent = trace_parent("obj:1")
    broker.event(OBJECTS_CREATED, Envelope(id="e", source="s", type="t", subject="obj:1", object="obj:1", traceparent=parent), b"")
    await run_until_idle(services)
    first, second = exporter.get_finished_spans()
    assert [first.name, second.name] == ["extractor objects.created", "normalizer tables.extracted"]
    assert {f"{span.context.trace_id:032x}" for span in (first, second)} == {trace_id(parent)}
    assert first.parent is not None
    assert second.parent is not None
    assert f"{first.parent.span_id:016x}" == parent.split("-")[2]
    assert second.parent.span_id == first.context.span_id
    assert first.attributes is not None
    assert first.attributes["tieout.object"] == "obj:1"
    assert first.resource.attributes["service.name"] == "tieout-extractor"
    last = from_headers(broker.topics[FACTS_NORMALIZED][0].headers)
    assert last.traceparent == f"00-{trace_id(parent)}-{second.context.span_id:016x}-01"


async def test_a_span_of_a_record_without_trace_begins_one_of_its_own() -> None:
    exporter = InMemorySpanExporter()
    traces = OpenTelemetryTraces("store", "store-1", exporter, at_once=True)
    with traces.span("x", "no trace", {}) as parent:
        assert trace_id(parent)
    try:
        with traces.span("y", parent, {}):
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    first, second = exporter.get_finished_spans()
    assert first.context.trace_id == second.context.trace_id
    assert second.status.status_code is StatusCode.ERROR
    traces.stop()


def test_without_an_endpoint_the_trace_goes_through_and_opentelemetry_is_not_imported() -> None:
    traces = set_up_traces("store", "store-1", Settings())
    assert isinstance(traces, NoTraces)
    parent = trace_parent("obj:1")
    with traces.span("x", parent, {}) as inner:
        assert inner == parent
    traces.stop()
    code = "import sys, shared.delivery.launching; sys.exit('opentelemetry.sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, check=False).returncode == 0


def test_an_endpoint_that_is_not_there_costs_nothing_but_spans() -> None:
    traces = set_up_traces("store", "store-1", Settings(otlp_endpoint="http://127.0.0.1:1"))
    assert isinstance(traces, OpenTelemetryTraces)
    with traces.span("x", trace_parent("obj:1"), {}) as inner:
        assert trace_id(inner) == trace_id(trace_parent("obj:1"))
    traces.stop()


def test_what_is_no_traceparent_has_no_trace_id() -> None:
    assert trace_id("") == trace_id("00-xyz") == ""
    assert len(trace_id(trace_parent("obj:1"))) == 32
