"""The store's metrics: what a notification, a sweep and a look at the ledger came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

from services.store.domain.ledger import Outcome, Standing, WaitsFor
from services.store.intake import NotificationReport
from services.store.sweep import SweepReport
from shared.contracts.events import Lane
from shared.telemetry import metrics
from shared.telemetry.meter import METER
from shared.topics import SERVICES


def measure_notification(report: NotificationReport) -> None:
    """Counts what the records of a notification led to."""
    counts = {
        "new": report.new,
        "known": report.known,
        "gone": report.gone,
        "other": report.folders + report.elsewhere + report.removed,
        "unreadable": report.unreadable,
    }
    for result, count in counts.items():
        if count:
            METER.count(metrics.NOTIFICATIONS, count, result=result)


def measure_sweep(report: SweepReport, now: datetime) -> None:
    """Shows a sweep; its last success moves only where every part was done."""
    METER.count(metrics.SWEEPS, result="failed" if report.failed else "done")
    METER.set(metrics.SWEEP_SECONDS, report.seconds)
    METER.count(metrics.SWEEP_FOUND, report.new)
    METER.count(metrics.SWEEP_GONE, report.gone)
    for stage, count in report.restarted.items():
        METER.count(metrics.SWEEP_RESTARTED, count, stage=stage)
    if not report.failed:
        METER.set(metrics.SWEEP_OBJECTS, report.seen)
        METER.set(metrics.SWEEP_LAST, now.timestamp())
        # With every object noted, what has not moved for longer than the limit is all that an audit would find.
        METER.set(metrics.AUDIT_HOLES, report.stalled)
        METER.set(metrics.AUDIT_LAST, now.timestamp())


def measure_standing(standing: Standing, open_letters: Mapping[str, int]) -> None:
    """Shows the ledger."""
    settled = sum(standing.outcomes.values())
    for outcome in get_args(Outcome):
        METER.set(metrics.SUBMISSIONS, standing.outcomes.get(outcome, 0), outcome=outcome)
    METER.set(metrics.SUBMISSIONS, standing.submissions - settled, outcome="in_flight")
    for stage in get_args(WaitsFor):
        METER.set(metrics.IN_STAGE, standing.at_stage.get(stage, 0), waiting=stage)
    METER.set(metrics.IN_STAGE, standing.deferred, waiting="deferred")
    queued = sum(standing.queued.values())
    METER.set(metrics.IN_STAGE, queued, waiting="dispatch")
    for lane in get_args(Lane):
        METER.set(metrics.QUEUE, standing.queued.get(lane, 0), lane=lane)
    METER.set(metrics.QUEUE, standing.deferred, lane="later")
    METER.set(metrics.QUEUE, max(0, standing.outbox - queued - standing.deferred), lane="now")
    METER.set(metrics.OLDEST_UNFINISHED, standing.oldest_age or 0.0)
    for service in SERVICES:
        METER.set(metrics.UNRESOLVED_DEAD_LETTERS, open_letters.get(service, 0), service=service)
