"""The ledger on SQLite or PostgreSQL: each method is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import Final, TypeVar

from sqlalchemy import Engine

from services.store.adapters import sql_beginnings, sql_decisions, sql_outbox, sql_steps
from services.store.adapters import sql_ledger_questions as questions
from services.store.adapters.engine import open_engine, reading, writing
from services.store.adapters.ledger_schema import decisions_applied
from services.store.domain.audit import UNKNOWN
from services.store.domain.ledger import (
    Audit,
    DeadLetter,
    Deferred,
    FoundObject,
    Hole,
    LedgerRow,
    OutboxEvent,
    Standing,
    Step,
)
from services.store.domain.positions import in_order
from shared.contracts.events import Decision, StageName

Item = TypeVar("Item")

_PAGE: Final = 5000
_AUDITED: Final = 400  # objects compared in one query


def open_ledger(url: str) -> SqlLedger:
    """Opens, and where needed makes or migrates, the database at `sqlite:///PATH` or `postgresql://…`.

    Raises: StoreUnavailable: it cannot be opened, or a newer release wrote it. DiskFull.
    """
    return SqlLedger(open_engine(url))


class SqlLedger:
    """A `Ledger` (services/store/ledger_ports.py) in a database. Safe to use from several threads: a connection a transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> SqlLedger:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives the database back."""
        self._engine.dispose()

    # Intake

    def note_object(self, found: FoundObject, at: datetime) -> bool:
        """Knows an object from now on: ledger row and `objects.created` in the outbox. False where it was known."""
        with writing(self._engine) as connection:
            return sql_beginnings.add_object(connection, found, at)

    def known_objects(self) -> Iterator[tuple[str, bool]]:
        """Ids of all objects of the ledger, and whether each is settled. Page by page, so that no transaction stays open."""
        after, size = "", _PAGE
        while size == _PAGE:
            with reading(self._engine) as connection:
                found = questions.page(connection, after, _PAGE)
            yield from found
            size = len(found)
            after = found[-1][0] if found else after

    def unknown(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these object ids that the ledger does not hold."""
        with reading(self._engine) as connection:
            return frozenset(ids) - questions.known(connection, ids)

    def gone(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these object ids that ended as gone."""
        with reading(self._engine) as connection:
            return frozenset(questions.gone(connection, ids))

    def keys(self, bucket: str, version: str, begin: str) -> list[str]:
        """The keys, beginning so, under which the ledger knows this version."""
        with reading(self._engine) as connection:
            return questions.keys(connection, bucket, version, begin)

    def unread(self) -> Iterator[str]:
        """Ids of the objects without outcome that were not extracted yet. Page by page."""
        after, size = "", _PAGE
        while size == _PAGE:
            with reading(self._engine) as connection:
                found = questions.unread_page(connection, after, _PAGE)
            yield from found
            size = len(found)
            after = found[-1] if found else after

    # What events tell

    def note_step(self, step: Step) -> bool:
        """Adds a step to an object's trail and moves its row. False where the event was known."""
        with writing(self._engine) as connection:
            return sql_steps.tell(connection, [step]) == ["new"]

    def note_deferred(self, deferred: Deferred, at: datetime) -> None:
        """Puts an event back into the outbox, due later; or starts the stage whose artifact is missing."""
        with writing(self._engine) as connection:
            sql_beginnings.give_back(connection, deferred, at)

    def note_dead_letter(self, letter: DeadLetter) -> bool:
        """Keeps a dead letter. False where it was known."""
        with writing(self._engine) as connection:
            return sql_decisions.add_dead_letter(connection, letter)

    # Outbox

    def take(self, now: datetime, window: int, limit: int) -> list[OutboxEvent]:
        """What may leave now, at most `limit`."""
        with reading(self._engine) as connection:
            return sql_outbox.take(connection, now, window, limit)

    def sent(self, ids: Sequence[str], at: datetime) -> None:
        """These events are with the broker."""
        if ids:
            with writing(self._engine) as connection:
                sql_outbox.sent(connection, ids, at)

    # Repair

    def stalled(self, before: datetime) -> list[LedgerRow]:
        """Submissions under way of which nothing waits in the outbox, and whose last step is older."""
        with reading(self._engine) as connection:
            return questions.stalled(connection, before)

    def restart(self, object_id: str, at: datetime, from_stage: StageName | None = None, force: bool = False) -> bool:
        """Starts a submission again, reason repair. False where it is not known."""
        with writing(self._engine) as connection:
            return sql_beginnings.restart(connection, object_id, at, from_stage, force)

    def vanished(self, object_id: str, at: datetime) -> bool:
        """The bucket does not hold this object any more: gone, if it has no outcome and was not extracted yet."""
        with writing(self._engine) as connection:
            return sql_beginnings.vanished(connection, object_id, at)

    # People

    def apply(self, decision: Decision, at: datetime) -> bool:
        """Carries a decision out once; false where it was carried out before."""
        with writing(self._engine) as connection:
            return sql_decisions.apply(connection, decision, at)

    def applied_decisions(self) -> frozenset[str]:
        """Ids of the decisions carried out."""
        with reading(self._engine) as connection:
            return frozenset(connection.execute(decisions_applied.select().with_only_columns(decisions_applied.c.id)).scalars())

    # Questions

    def audit(self, objects: Iterable[FoundObject], now: datetime, stalled_before: datetime) -> Audit:  # noqa: ARG002 - the port's
        """Compares the bucket's objects (without delete markers) with the ledger.

        What is unread is asked before the listing, and what a listing shows is looked up after it, so that objects which arrive meanwhile
        are neither holes nor gone. An unread object that is not listed is counted as gone: the sweep will say so.
        """
        unread = {bytes.fromhex(each.removeprefix("obj:")) for each in self.unread()}  # 20 bytes each
        seen, holes = 0, []
        for some in _pieces(objects, _AUDITED):
            seen += len(some)
            unread.difference_update(bytes.fromhex(each.object.removeprefix("obj:")) for each in some)
            missing = self.unknown([each.object for each in some])
            holes += [_unknown(each) for each in some if each.object in missing]
        with reading(self._engine) as connection:
            outcomes = questions.counted(connection)
            gone: set[str] = set()
            for part in _pieces(("obj:" + each.hex() for each in sorted(unread)), _AUDITED):
                gone |= questions.still_unread(connection, part)
            holes += [hole for hole in questions.quiet_holes(connection, stalled_before) if hole.object not in gone]
            discarded = questions.discarded(connection)
        return Audit(
            objects=seen,
            submissions=sum(outcomes.values()),
            stored=outcomes.get("stored", 0),
            rejected=outcomes.get("rejected", 0),
            dead_lettered=outcomes.get("dead_lettered", 0),
            gone=outcomes.get("gone", 0) + len(gone),
            in_flight=outcomes.get(None, 0) - len(gone),
            discarded=discarded,
            holes=tuple(sorted(holes, key=lambda hole: (hole.bucket, hole.key, hole.version))),
        )

    def row(self, asked: str) -> list[LedgerRow]:
        """Submissions by object id, document id (or its first digits), key or file name; the latest first."""
        with reading(self._engine) as connection:
            return questions.rows_asked(connection, asked)

    def trail(self, object_id: str) -> list[Step]:
        """What happened to an object, in order of time."""
        with reading(self._engine) as connection:
            return in_order(sql_steps.trails_of(connection, [object_id])[object_id])

    def standing(self, now: datetime) -> Standing:
        """The ledger at a glance."""
        with reading(self._engine) as connection:
            return questions.standing(connection, now)

    def dead_letters(self, service: str | None = None, status: str | None = "dead") -> list[DeadLetter]:
        """Dead letters, latest first, without values and headers (empty)."""
        with reading(self._engine) as connection:
            return questions.letters(connection, service, status)

    def dead_letter(self, asked: str) -> DeadLetter | None:
        """A dead letter by its id or the beginning of it. Raises Ambiguous, TooShort."""
        with reading(self._engine) as connection:
            return questions.letter(connection, asked)

    def activated(self) -> Mapping[StageName, str]:
        """The activated version of each stage."""
        with reading(self._engine) as connection:
            return sql_beginnings.active_versions(connection)


def _unknown(found: FoundObject) -> Hole:
    place = found.submission.object
    bucket, key, version = (place.bucket, place.key, place.version or "") if place else ("", "", "")
    return Hole(bucket=bucket, key=key, version=version, why=UNKNOWN, object=found.object)


def _pieces(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece
