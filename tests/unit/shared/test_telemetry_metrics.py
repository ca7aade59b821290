"""Metrics are data: named alike, explained, and served."""

from __future__ import annotations

import re

import pytest

from shared.telemetry import metrics
from shared.telemetry.meter import Meter


@pytest.mark.parametrize("metric", metrics.METRICS, ids=lambda metric: metric.name)
def test_a_metric_is_named_and_explained(metric: metrics.Metric) -> None:
    assert re.fullmatch(r"tieout_[a-z_]+", metric.name)
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert metric.help.endswith(".") or metric.help.startswith("1;")
    assert (metric.buckets != ()) == (metric.kind == "histogram")
    assert metric.buckets == tuple(sorted(metric.buckets))


def test_names_are_given_once() -> None:
    names = [metric.name for metric in metrics.METRICS]
    assert len(names) == len(set(names)) > 30


def test_values_are_counted_set_and_observed_and_shown_in_prometheus_format() -> None:
    meter = Meter()
    meter.count(metrics.DOCUMENTS, stage="extract", outcome="done")
    meter.count(metrics.DOCUMENTS, 2, stage="extract", outcome="done")
    meter.set(metrics.LAG, 7, topic="objects.created")
    meter.add(metrics.IN_FLIGHT, 1, topic="objects.created")
    with pytest.raises(ZeroDivisionError), meter.timed(metrics.STAGE_SECONDS, stage="extract"):
        raise ZeroDivisionError
    text = meter.text().decode()
    assert 'tieout_documents_total{outcome="done",stage="extract"} 3.0' in text
    assert 'tieout_lag{topic="objects.created"} 7.0' in text
    assert 'tieout_stage_seconds_count{stage="extract"} 1.0' in text
    assert "process_resident_memory_bytes" in text
    assert meter.value(metrics.DOCUMENTS, stage="extract", outcome="done") == 3
    assert meter.value(metrics.DOCUMENTS, stage="extract", outcome="rejected") == 0


def test_every_metric_is_explained_where_it_is_served() -> None:
    text = Meter().text().decode()
    for metric in metrics.METRICS:
        assert f"# HELP {metric.name} " in text or f"# HELP {metric.name.removesuffix('_total')} " in text
