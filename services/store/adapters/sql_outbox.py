"""The outbox: putting events in, choosing what may leave, and what becomes of the ledger when it has left. In the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, func, literal, select, text

from services.store.adapters.ledger_rows import outbox_event_of, outbox_row
from services.store.adapters.ledger_schema import ledger, outbox, turns
from services.store.adapters.sql_steps import batches, tell
from services.store.adapters.sql_writes import insert_on
from services.store.domain.beginnings import READERS, text_of
from services.store.domain.ledger import OutboxEvent, Step
from services.store.domain.scheduling import in_turn, room
from shared.contracts.events import Lane
from shared.topics import DOCUMENTS_VALIDATED

# One step through the index a department, however many events wait: PostgreSQL and SQLite read all entries for a DISTINCT.
_DEPARTMENTS: Final = text(
    """
    WITH RECURSIVE waiting (department) AS (
        SELECT (SELECT department FROM outbox WHERE scheduled = 1 AND lane = :lane ORDER BY department LIMIT 1)
        UNION ALL
        SELECT (SELECT department FROM outbox WHERE scheduled = 1 AND lane = :lane AND department > waiting.department
                ORDER BY department LIMIT 1)
        FROM waiting WHERE waiting.department IS NOT NULL
    )
    SELECT waiting.department, coalesce(turns.served, -1) AS served
    FROM waiting LEFT JOIN turns ON turns.lane = :lane AND turns.department = waiting.department
    WHERE waiting.department IS NOT NULL
        AND (SELECT due FROM outbox WHERE scheduled = 1 AND lane = :lane AND department = waiting.department ORDER BY due LIMIT 1) <= :now
    ORDER BY served, waiting.department LIMIT :places
    """
)
_WORK: Final = frozenset({*READERS, DOCUMENTS_VALIDATED})  # what a stage or the store works on next
_SENT: Final = ("id", "object", "topic", "scheduled", "department", "lane")


def put(connection: Connection, event: OutboxEvent, at: datetime) -> None:
    """Puts an event into the outbox; what stood there under its id is replaced."""
    row = outbox_row(event, at)
    statement = insert_on(connection, outbox).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={name: row[name] for name in row if name != "id"}))


def take(connection: Connection, now: datetime, window: int, limit: int) -> list[OutboxEvent]:
    """What may leave now, at most `limit` events (services/store/ledger_ports.py)."""
    at = text_of(now)
    at_once = select(outbox.c.id).where(outbox.c.scheduled == 0, outbox.c.due <= at).order_by(outbox.c.due, outbox.c.id).limit(limit)
    ids = list(connection.execute(at_once).scalars())
    if len(ids) < limit:
        ids += _scheduled(connection, at, window, limit - len(ids))
    found: dict[str, OutboxEvent] = {}
    for some in batches(ids):
        found |= {row["id"]: outbox_event_of(row) for row in connection.execute(select(outbox).where(outbox.c.id.in_(some))).mappings()}
    return [found[each] for each in ids]


def _scheduled(connection: Connection, at: str, window: int, limit: int) -> list[str]:
    busy = {row.lane: row.n for row in connection.execute(_busy())}
    free = room(window, sum(busy.values()), busy.get("bulk", 0))
    places = min(free.upload, limit)
    uploads = _in_lane(connection, "upload", at, places)
    # A place that no upload takes: none waits.
    return uploads + _in_lane(connection, "bulk", at, min(free.bulk, places - len(uploads)))


def _busy() -> Any:
    return select(ledger.c.lane, func.count().label("n")).where(ledger.c.place == "window").group_by(ledger.c.lane)


def _in_lane(connection: Connection, lane: Lane, at: str, places: int) -> list[str]:
    """The next of a lane, departments in turn."""
    if places <= 0:
        return []
    served = {row.department: row.served for row in connection.execute(_DEPARTMENTS, {"lane": lane, "now": at, "places": places})}
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    most = 1 if len(served) >= places else places  # with as many departments as places each has one turn
    for department in served:
        here = (outbox.c.scheduled == 1, outbox.c.lane == lane, outbox.c.department == department, outbox.c.due <= at)
        waiting[department] = list(
            connection.execute(select(outbox.c.id).where(*here).order_by(outbox.c.due, outbox.c.id).limit(most)).scalars()
        )
    return in_turn(waiting, served, places)


def sent(connection: Connection, ids: Sequence[str], at: datetime) -> None:
    """These events are with the broker: they leave; those that begin a stage's work are a step of their submission."""
    # An event that was sent, and given back to be sent later before this was noted, is not the one that left.
    own = outbox.c.due <= text_of(at)
    # Locks are taken in the same order everywhere: dead letters, ledger, outbox, turns; else two stores would wait for each other.
    rows: dict[str, Mapping[str, Any]] = {}
    columns = [outbox.c[name] for name in _SENT]
    for some in batches(ids):
        rows |= {row["id"]: dict(row) for row in connection.execute(select(*columns).where(outbox.c.id.in_(some), own)).mappings()}
    left = [rows[each] for each in dict.fromkeys(ids) if each in rows]
    begun = [
        Step(event=row["id"], object=row["object"], kind="dispatched", at=at)
        for row in left
        if row["object"] is not None and row["topic"] in _WORK
    ]
    if begun:
        tell(connection, begun)
    for some in batches(sorted(rows)):
        connection.execute(delete(outbox).where(outbox.c.id.in_(some), own))
    _serve(connection, [(row["lane"], row["department"]) for row in left if row["scheduled"]], text_of(at))


def _serve(connection: Connection, served: Sequence[tuple[str, str]], at: str) -> None:
    """Notes whose turn it was, in order."""
    if not served:
        return
    first = (connection.execute(select(func.max(turns.c.served))).scalar() or 0) + 1
    last = {turn: number for number, turn in enumerate(served, first)}
    statement = insert_on(connection, turns)
    statement = statement.on_conflict_do_update(
        index_elements=["lane", "department"], set_={"served": statement.excluded.served, "at": statement.excluded.at}
    )
    rows = [{"lane": lane, "department": department, "served": number, "at": at} for (lane, department), number in last.items()]
    connection.execute(statement, rows)


def waiting_of() -> Any:
    """For what an object waits, as a column beside the ledger's: the code of its deferred event, null where there is none."""
    deferred = select(func.min(outbox.c.waiting)).where(outbox.c.object == ledger.c.object, outbox.c.waiting != literal(""))
    return deferred.scalar_subquery().label("waiting")
