"""The tables of the ledger: where every submission stands, its trail, the outbox, dead letters, decisions, and the ways of all results.

They belong to the same metadata as `schema`. A ledger row is worked out from the object's steps (domain/positions.py) and never written
otherwise, so that steps may be told in any order, and twice. Times are text in UTC with microseconds: as text in the order of time.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table

from services.store.adapters.schema import SafeText, metadata
from services.store.domain.identity import STAGES


def _key(name: str, *arguments: Any) -> Column[str]:
    return Column(name, SafeText, *arguments, primary_key=True)


def _text(name: str, **settings: Any) -> Column[str]:
    return Column(name, SafeText, **settings)


def _needed(name: str, **settings: Any) -> Column[str]:
    return Column(name, SafeText, nullable=False, **settings)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


# `place`: null where nothing is under way, else queued, window or stages (domain/positions.py); `since`: when what is under way began.
# `settled_at`: when the last work ended, null while some is under way.
ledger = Table(
    "ledger",
    metadata,
    _key("object"),
    _needed("bucket"),
    _needed("key", index=True),
    _text("version"),
    _text("last_modified"),
    _needed("name", index=True),
    _text("department"),
    Column("size", BigInteger, nullable=False),
    _needed("etag"),
    _text("document", index=True),
    _text("outcome", index=True),
    _text("place"),
    _text("stage"),
    _needed("lane"),
    _needed("reason"),
    _text("since"),
    _needed("arrived_at"),
    _needed("progressed_at"),
    _text("settled_at", index=True),
    _number("restarts"),
    Index("ix_ledger_place_lane_stage", "place", "lane", "stage"),
    Index("ix_ledger_since_object", "since", "object"),
    sqlite_with_rowid=False,
)

# A step that is told again later keeps the time of the first telling, and `last_at` is that of the last one.
steps = Table(
    "steps",
    metadata,
    _key("object"),
    _key("event"),
    _key("kind"),
    _needed("at"),
    _needed("last_at"),
    _text("document"),
    _text("stage"),
    _text("version"),
    _needed("reason"),
    _number("attempts"),
    Column("bytes", BigInteger),
    _text("runs"),
    _needed("detail"),
    sqlite_with_rowid=False,
)

# Bodies may be large: rows with a number of their own, so that the indexes stay small. `due`: not before; for scheduled work also its order.
outbox = Table(
    "outbox",
    metadata,
    _key("id"),
    _needed("topic"),
    Column("key", LargeBinary),
    _needed("headers"),
    Column("body", LargeBinary, nullable=False),
    _number("scheduled"),
    _text("object", index=True),
    _needed("department"),
    _needed("lane"),
    _needed("due"),
    _needed("waiting", index=True),
    Index("ix_outbox_scheduled_due", "scheduled", "due", "id"),
    Index("ix_outbox_scheduled_lane_department_due", "scheduled", "lane", "department", "due", "id"),
)

# Whose turn it is: the department served longest ago, by the number of its last dispatch.
turns = Table(
    "turns",
    metadata,
    _key("lane"),
    _key("department"),
    Column("served", BigInteger, nullable=False),
    _needed("at"),
    sqlite_with_rowid=False,
)

dead_letters = Table(
    "dead_letters",
    metadata,
    _key("id"),
    _needed("service"),
    _needed("topic"),
    _number("partition"),
    Column("offset", BigInteger, nullable=False),
    Column("key", LargeBinary),
    _needed("headers"),
    Column("value", LargeBinary, nullable=False),
    _text("event"),
    _text("object", index=True),
    _text("document"),
    *(_needed(name) for name in ("code", "error", "message", "stack")),
    _number("attempts"),
    *(_needed(name) for name in ("first_at", "last_at", "producer", "status", "decided")),
    Index("ix_dead_letters_status_last_at", "status", "last_at"),
)

decisions_applied = Table(
    "decisions_applied",
    metadata,
    _key("id"),
    _needed("kind"),
    _needed("at"),
    _needed("applied_at"),
    _text("stage"),
    _text("dead_letter", index=True),
    _needed("body"),
    sqlite_with_rowid=False,
)

# What people decided last of each finding, by its id: no key of `findings`, so that it outlives every result and finds the next one again.
# `accepted`: 0 where it was accepted before, and that was taken back.
acceptances = Table(
    "acceptances",
    metadata,
    _key("finding"),
    _number("accepted"),
    *(_needed(name) for name in ("decided_by", "at", "why", "decision")),
    sqlite_with_rowid=False,
)

# Every result that was ever delivered for a document: the versions and artifacts of its three stages. `id` is a hash of the other columns.
lineages = Table(
    "lineages",
    metadata,
    _key("document_id", ForeignKey("documents.id")),
    _key("id"),
    *(_needed(f"{stage}_version") for stage in STAGES),
    *(_needed(f"{stage}_digest") for stage in STAGES),
    Index("ix_lineages_versions", *(f"{stage}_version" for stage in STAGES)),
    sqlite_with_rowid=False,
)
