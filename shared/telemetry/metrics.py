"""Every Prometheus metric of the services, as data: name, kind, labels, help. Alerts and dashboards may name these and no others.

Values are set through `shared/telemetry/meter.py`. Each service serves its own on /metrics; which service speaks is the scraper's label.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["counter", "gauge", "histogram"]

# From a repeated event (a look-up, milliseconds) to the longest document that the limits allow (460 s).
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)


@dataclass(frozen=True)
class Metric:
    """A metric. `name` as Prometheus shows it (counters with `_total`); `buckets`: of histograms, in the metric's unit."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


# Stages
DOCUMENTS: Final = Metric(
    "tieout_documents_total",
    "counter",
    "Documents that left a stage, by outcome: done, reused (a finished run was found), rejected, gone.",
    ("stage", "outcome"),
)
STAGE_SECONDS: Final = Metric(
    "tieout_stage_seconds", "histogram", "Seconds of a stage's work on a document, reused runs left out.", ("stage",), SECONDS
)
FILINGS: Final = Metric("tieout_filings_total", "counter", "Filings that were reconciled, by verdict.", ("verdict",))
WORKERS: Final = Metric("tieout_workers", "gauge", "Child processes that the service may use.")
WORKER_DEATHS: Final = Metric(
    "tieout_worker_deaths_total", "counter", "Child processes that did not survive their input: timeout, memory, crashed.", ("end",)
)

# Delivery
EVENTS: Final = Metric(
    "tieout_events_total",
    "counter",
    "Records that were dealt with, by topic and outcome: done, deferred, dead, returned (given back to the broker for a later try).",
    ("topic", "outcome"),
)
EVENT_SECONDS: Final = Metric(
    "tieout_event_seconds", "histogram", "Seconds from taking a record to the moment its offset may be committed.", ("topic",), SECONDS
)
IN_FLIGHT: Final = Metric("tieout_in_flight", "gauge", "Records that are being worked on.", ("topic",))
FAILURES: Final = Metric(
    "tieout_failures_total", "counter", "Failures by topic, kind (transient, poison) and code.", ("topic", "kind", "code")
)
RETRIES: Final = Metric("tieout_retries_total", "counter", "Tries after a failure, by topic and kind of the failure.", ("topic", "kind"))
ATTEMPTS: Final = Metric(
    "tieout_attempts_total", "counter", "Attempts that were begun, by topic and number (1, 2, more).", ("topic", "number")
)
DEFERRED: Final = Metric("tieout_deferred_total", "counter", "Events that were deferred, by topic and code.", ("topic", "code"))
DEAD_LETTERS: Final = Metric("tieout_dead_letters_total", "counter", "Dead letters that were sent, by topic and code.", ("topic", "code"))
PUBLISHED: Final = Metric("tieout_published_total", "counter", "Records that all replicas have, by topic.", ("topic",))
PUBLISH_SECONDS: Final = Metric("tieout_publish_seconds", "histogram", "Seconds until all replicas had a record.", ("topic",), SECONDS)
PUBLISH_RETRIES: Final = Metric(
    "tieout_publish_retries_total", "counter", "Publishing tried again because the broker did not confirm, by topic.", ("topic",)
)
LAG: Final = Metric(
    "tieout_lag", "gauge", "Records of the partitions assigned to this process that are not finished, by topic.", ("topic",)
)
PARTITIONS: Final = Metric("tieout_assigned_partitions", "gauge", "Partitions assigned to this process, by topic.", ("topic",))
CONSUMER_RESTARTS: Final = Metric(
    "tieout_consumer_restarts_total", "counter", "Consumers that had died and were started again, by topic.", ("topic",)
)
COMMIT_FAILURES: Final = Metric(
    "tieout_commit_failures_total", "counter", "Offsets that could not be committed (the record comes again), by topic.", ("topic",)
)
IDLE_SECONDS: Final = Metric(
    "tieout_seconds_since_progress",
    "gauge",
    "Seconds since a record of the topic was finished while others waited; 0 where none waits.",
    ("topic",),
)
ALIVE: Final = Metric("tieout_alive", "gauge", "1 while the service judges itself alive, else 0.")
READY: Final = Metric("tieout_ready", "gauge", "1 while a dependency answers, else 0.", ("dependency",))
LOOP_BLOCKED: Final = Metric("tieout_loop_blocked_total", "counter", "Times that the event loop stood still for more than a second.")

# Store
OLDEST_UNFINISHED: Final = Metric(
    "tieout_oldest_unfinished_seconds", "gauge", "Age of the oldest submission in flight; 0 where there is none."
)
SUBMISSIONS: Final = Metric(
    "tieout_submissions", "gauge", "Submissions in the ledger, by outcome (in_flight, stored, rejected, dead_lettered, gone).", ("outcome",)
)
IN_STAGE: Final = Metric("tieout_submissions_waiting", "gauge", "Submissions in flight, by what they wait for.", ("waiting",))
QUEUE: Final = Metric(
    "tieout_outbox_rows", "gauge", "Rows of the outbox that have not left, by lane (upload, bulk) and others (now, later).", ("lane",)
)
DISPATCHED: Final = Metric("tieout_outbox_sent_total", "counter", "Rows of the outbox that were published, by topic.", ("topic",))
LEADER: Final = Metric("tieout_store_leads", "gauge", "1 on the store instance that dispatches and sweeps, else 0.")
NOTIFICATIONS: Final = Metric(
    "tieout_notifications_total",
    "counter",
    "Notifications of the object storage, by what they led to (new, known, other, gone, unreadable).",
    ("result",),
)
SWEEPS: Final = Metric("tieout_sweeps_total", "counter", "Sweeps, by result (done, failed).", ("result",))
SWEEP_SECONDS: Final = Metric("tieout_sweep_seconds", "gauge", "Seconds that the last sweep took.")
SWEEP_LAST: Final = Metric("tieout_sweep_last_success_timestamp_seconds", "gauge", "When the last sweep ended well (Unix time).")
SWEEP_OBJECTS: Final = Metric("tieout_sweep_objects", "gauge", "Objects that the last sweep saw.")
SWEEP_FOUND: Final = Metric("tieout_sweep_found_total", "counter", "Objects that a sweep found and no notification had told.")
SWEEP_RESTARTED: Final = Metric(
    "tieout_sweep_restarted_total",
    "counter",
    "Submissions without progress that a sweep started again, by the stage they stood at.",
    ("stage",),
)
SWEEP_GONE: Final = Metric("tieout_sweep_gone_total", "counter", "Submissions whose object had gone before it was read.")
AUDIT_HOLES: Final = Metric("tieout_audit_holes", "gauge", "Holes that the last audit found.")
AUDIT_LAST: Final = Metric("tieout_audit_last_success_timestamp_seconds", "gauge", "When the last audit ended well (Unix time).")
UNRESOLVED_DEAD_LETTERS: Final = Metric(
    "tieout_dead_letters_open", "gauge", "Dead letters that nobody has redriven or discarded, by service.", ("service",)
)

BUILD: Final = Metric("tieout_build_info", "gauge", "1; the labels say which service and release this is.", ("service", "release"))

METRICS: Final[tuple[Metric, ...]] = tuple(value for value in list(globals().values()) if isinstance(value, Metric))
