"""OpenTelemetry traces: one trace a submission, whose id is known from the object's id (`shared.ids.trace_parent`), one span a stage.

Without an endpoint nothing of OpenTelemetry is imported, and the trace in the envelopes goes through unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from shared.settings import Settings
from shared.versions import RELEASE

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

_PARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def trace_id(traceparent: str) -> str:
    """The trace id of a W3C `traceparent`; empty where that is none."""
    found = _PARENT.fullmatch(traceparent)
    return found[1] if found else ""


class Traces(Protocol):
    """Makes spans."""

    def span(self, name: str, parent: str, attributes: dict[str, str | int]) -> AbstractContextManager[str]:
        """A span around a block; an exception marks it as failed. Yields the `traceparent` of what is sent from inside."""

    def stop(self) -> None:
        """Sends what waits, within a few seconds."""


class NoTraces:
    """No spans; the trace goes through."""

    @contextmanager
    def span(self, name: str, parent: str, attributes: dict[str, str | int]) -> Iterator[str]:  # noqa: ARG002  the port's signature
        """See Traces."""
        yield parent

    def stop(self) -> None:
        """See Traces."""


class OpenTelemetryTraces:
    """Spans through an exporter, in batches from a thread of its own (at once for an exporter of tests)."""

    def __init__(self, service: str, instance: str, exporter: SpanExporter, at_once: bool = False) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

        resource = Resource.create({"service.name": f"tieout-{service}", "service.version": RELEASE, "service.instance.id": instance})
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(SimpleSpanProcessor(exporter) if at_once else BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("tieout", RELEASE)

    @contextmanager
    def span(self, name: str, parent: str, attributes: dict[str, str | int]) -> Iterator[str]:
        """See Traces."""
        from opentelemetry import trace

        context = None
        if found := _PARENT.fullmatch(parent):
            remote = trace.SpanContext(
                int(found[1], 16), int(found[2], 16), is_remote=True, trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED)
            )
            context = trace.set_span_in_context(trace.NonRecordingSpan(remote))
        with self._tracer.start_as_current_span(name, context, trace.SpanKind.CONSUMER, attributes) as span:
            own = span.get_span_context()
            yield f"00-{own.trace_id:032x}-{own.span_id:016x}-01"

    def stop(self) -> None:
        """See Traces."""
        self._provider.force_flush(3000)
        self._provider.shutdown()


def set_up_traces(service: str, instance: str, settings: Settings) -> Traces:
    """Traces to `settings.otlp_endpoint` (OTLP over HTTP), or none. The collector being away costs spans, never work."""
    if not settings.otlp_endpoint:
        return NoTraces()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OpenTelemetryTraces(service, instance, OTLPSpanExporter(settings.otlp_endpoint.rstrip("/") + "/v1/traces", timeout=5))
