"""Adding steps to trails, and working the ledger's rows out again from them. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Final, Literal

from sqlalchemy import Connection, bindparam, insert, select, text, update

from services.store.adapters.ledger_rows import Row, position_row, step_of, step_row
from services.store.adapters.ledger_schema import ledger, steps
from services.store.domain.ledger import Step
from services.store.domain.positions import Position, merged, position

BATCH: Final = 400  # ids in one IN (...): below the limit of variables of any SQLite

_OF_STEPS: Final = tuple(field.name for field in fields(Position))
_MOVE: Final = update(ledger).where(ledger.c.object == bindparam("of")).values({name: bindparam(name) for name in _OF_STEPS})
_KEY: Final = ("object", "event", "kind")
_TOLD: Final = tuple(column.name for column in steps.columns if column.name not in _KEY)
_TELL_AGAIN: Final = (
    update(steps).where(*(steps.c[name] == bindparam(f"of_{name}") for name in _KEY)).values({name: bindparam(name) for name in _TOLD})
)


Telling = Literal["new", "later", "known"]
"""A step was not known; it was, and is told of again at a later time; it was, and nothing changes."""


def tell(connection: Connection, told: Sequence[Step]) -> list[Telling]:
    """Adds steps to the trails of their objects and moves the rows; for each step, what it was.

    Objects without a row keep their trail: the row is made from it when the object is noted.
    """
    objects = sorted({step.object for step in told})
    for some in batches(objects):
        lock_objects(connection, some)
    trails = {object_id: {(step.event, step.kind): step for step in trail} for object_id, trail in trails_of(connection, objects).items()}
    new: list[Step] = []
    again: list[Step] = []
    results: list[Telling] = []
    for step in told:
        trail = trails[step.object]
        known = trail.get((step.event, step.kind))
        now = trail[step.event, step.kind] = merged(known, step) if known else step
        results.append("new" if known is None else "known" if now == known else "later")
        if known is None:
            new.append(now)
        elif now != known:
            again.append(now)
    if new:
        connection.execute(insert(steps), [step_row(trails[step.object][step.event, step.kind]) for step in _once(new)])
    if again:
        connection.execute(_TELL_AGAIN, [_as_key(step_row(step)) for step in again])
    if changed := sorted({step.object for step in (*new, *again)}):
        connection.execute(_MOVE, [{"of": each, **position_row(position(trails[each].values()))} for each in changed])
    return results


def _once(told: Iterable[Step]) -> Iterable[Step]:
    return {(step.object, step.event, step.kind): step for step in told}.values()


def _as_key(row: Row) -> Row:
    return {f"of_{name}" if name in _KEY else name: value for name, value in row.items()}


def trails_of(connection: Connection, objects: Sequence[str]) -> dict[str, list[Step]]:
    """The steps of each of these objects, in no order."""
    found: dict[str, list[Step]] = {each: [] for each in objects}
    for some in batches(objects):
        for row in connection.execute(select(steps).where(steps.c.object.in_(some))).mappings():
            found[row["object"]].append(step_of(row))
    return found


def lock_objects(connection: Connection, objects: Sequence[str]) -> None:
    """Keeps other writers away from these objects (at most a few hundred, sorted) until the transaction ends.

    On PostgreSQL the ledger's row is the lock; where there is no row yet, an advisory lock on the id, which `note_object` takes too, so that
    the steps of an object just being noted are not missed. On SQLite the transaction has the only write lock.
    """
    if connection.dialect.name != "postgresql":
        return
    rows = select(ledger.c.object).where(ledger.c.object.in_(objects)).order_by(ledger.c.object).with_for_update()
    missing = set(objects) - set(connection.execute(rows).scalars())
    if missing:
        for each in sorted(missing):
            lock_name(connection, each)
        connection.execute(rows)


def lock_name(connection: Connection, identifier: str) -> None:
    """A lock on the id of an object or a dead letter, whether or not it has a row (PostgreSQL)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": identifier})


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Ids in pieces that fit one query."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
