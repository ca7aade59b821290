"""Counts and measures: the only place that knows prometheus_client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from shared.telemetry.metrics import METRICS, Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Meter:
    """Holds the values of all metrics of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._counters = {m: Counter(m.name.removesuffix("_total"), m.help, m.labels, registry=self.registry) for m in _of("counter")}
        self._gauges = {m: Gauge(m.name, m.help, m.labels, registry=self.registry) for m in _of("gauge")}
        self._histograms = {
            m: Histogram(m.name, m.help, m.labels, buckets=m.buckets, registry=self.registry) for m in _of("histogram")
        }  # fmt: skip

    def count(self, metric: Metric, amount: float = 1, **labels: str) -> None:
        """Adds to a counter. All labels of the metric must be given."""
        counter = self._counters[metric]
        (counter.labels(**labels) if metric.labels else counter).inc(amount)

    def set(self, metric: Metric, value: float, **labels: str) -> None:
        """Sets a gauge."""
        gauge = self._gauges[metric]
        (gauge.labels(**labels) if metric.labels else gauge).set(value)

    def add(self, metric: Metric, amount: float, **labels: str) -> None:
        """Adds to a gauge (negative: takes away)."""
        gauge = self._gauges[metric]
        (gauge.labels(**labels) if metric.labels else gauge).inc(amount)

    def observe(self, metric: Metric, value: float, **labels: str) -> None:
        """Adds a value to a histogram."""
        histogram = self._histograms[metric]
        (histogram.labels(**labels) if metric.labels else histogram).observe(value)

    @contextmanager
    def timed(self, metric: Metric, **labels: str) -> Iterator[None]:
        """Observes the seconds of a block, also when it fails."""
        begun = perf_counter()
        try:
            yield
        finally:
            self.observe(metric, perf_counter() - begun, **labels)

    def value(self, metric: Metric, **labels: str) -> float:
        """The value of a counter or gauge, 0 where it was never touched (histograms: how many values)."""
        name = f"{metric.name}_count" if metric.kind == "histogram" else metric.name
        return self.registry.get_sample_value(name, labels) or 0.0

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)


def _of(kind: str) -> list[Metric]:
    return [metric for metric in METRICS if metric.kind == kind]


METER = Meter()
"""The process's meter. Adapters and apps use it; domain and handlers get what they need through ports."""
