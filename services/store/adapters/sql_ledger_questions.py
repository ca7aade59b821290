"""Questions to the ledger: one submission, all at a glance, what stands still, and the audit. In the caller's transaction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, exists, func, or_, select

from services.store.adapters.ledger_rows import ledger_row_of, letter_of, moment, moment_or_none
from services.store.adapters.ledger_schema import dead_letters, ledger, outbox, turns
from services.store.adapters.sql_outbox import waiting_of
from services.store.adapters.sql_steps import batches
from services.store.domain.audit import Quiet, why_hole
from services.store.domain.beginnings import text_of
from services.store.domain.errors import Ambiguous, TooShort
from services.store.domain.ledger import DeadLetter, Hole, LedgerRow, Outcome, Standing, WaitsFor
from services.store.domain.positions import waits_for
from shared.contracts.events import Lane

_DIGITS: Final = re.compile(r"(?:sha256:)?([0-9a-f]{6,64})", re.IGNORECASE)
_OBJECT: Final = re.compile(r"obj:[0-9a-f]{6,40}")
_MOST: Final = 1000  # rows that a person may look at
_OLDEST: Final = 10
_RATES: Final = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=5))
_ENOUGH: Final = 10  # submissions that make a shorter time speak for itself: at the beginning of a burst five minutes hold mostly idleness
_LEAST: Final = 6  # characters of a dead letter's id
_LAST: Final = "\U0010ffff"  # behind every character that a key has
_WITHOUT: Final = ("headers", "value")


def rows_asked(connection: Connection, asked: str) -> list[LedgerRow]:
    """Submissions by object id or document id or their first digits, key or file name; the latest first."""
    table = ledger.c
    named = [table.object == asked, table.key == asked, table.name == asked]
    if _OBJECT.fullmatch(asked):
        named.append((table.object >= asked) & (table.object < asked + "g"))
    if match := _DIGITS.fullmatch(asked):
        start = "sha256:" + match[1].lower()
        named.append((table.document >= start) & (table.document < start + "g"))
    query = _rows().where(or_(*named)).order_by(table.arrived_at.desc(), table.object).limit(_MOST)
    return _found(connection, query)


def stalled(connection: Connection, before: datetime) -> list[LedgerRow]:
    """Submissions under way of which nothing waits in the outbox, and whose last step is older."""
    table = ledger.c
    waiting = exists().where(outbox.c.object == table.object)
    quiet = (table.place.in_(("queued", "window", "stages")), table.progressed_at < text_of(before), ~waiting)
    return _found(connection, _rows().where(*quiet).order_by(table.progressed_at, table.object))


def _rows() -> Select[Any]:
    return select(ledger, waiting_of())


def _found(connection: Connection, query: Select[Any]) -> list[LedgerRow]:
    return [ledger_row_of(row) for row in connection.execute(query).mappings()]


def standing(connection: Connection, now: datetime) -> Standing:
    """The ledger at a glance."""
    outcomes = counted(connection)
    queued: Counter[Lane] = Counter()
    at_stage: Counter[WaitsFor] = Counter()
    table = ledger.c
    here = select(table.place, table.lane, table.stage, func.count().label("n")).where(table.place.is_not(None))
    for row in connection.execute(here.group_by(table.place, table.lane, table.stage)):
        if row.place == "queued":
            queued[row.lane] += row.n
        else:
            at_stage[waits_for(row.stage)] += row.n
    oldest = _found(connection, _rows().where(table.since > "").order_by(table.since, table.object).limit(_OLDEST))
    first = oldest[0].since if oldest else None
    return Standing(
        submissions=sum(outcomes.values()),
        outcomes={outcome: n for outcome, n in outcomes.items() if outcome is not None},
        queued=dict(queued),
        at_stage=dict(at_stage),
        deferred=_count(connection, select(func.count()).where(outbox.c.waiting > "")),
        dead_letters=_count(connection, select(func.count()).where(dead_letters.c.status == "dead")),
        outbox=_count(connection, select(func.count()).select_from(outbox)),
        rate=_rate(connection, now),
        oldest_age=(now - first).total_seconds() if first is not None else None,
        oldest=tuple(oldest),
    )


def _rate(connection: Connection, now: datetime) -> float:
    """Submissions finished a second, lately: over the shortest time in which enough were."""
    rate = 0.0
    for span in _RATES:
        finished = _count(connection, select(func.count()).where(ledger.c.settled_at >= text_of(now - span)))
        rate = finished / span.total_seconds()
        if finished >= _ENOUGH:
            break
    return rate


def _count(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())


def counted(connection: Connection) -> dict[Outcome | None, int]:
    """Submissions by outcome; null: in flight."""
    query = select(ledger.c.outcome, func.count().label("n")).group_by(ledger.c.outcome)
    return {row.outcome: row.n for row in connection.execute(query)}


def discarded(connection: Connection) -> int:
    """Submissions that ended in dead letters of which a person discarded the last one."""
    table = dead_letters.c
    given_up = exists().where(table.object == ledger.c.object, table.status == "discarded")
    return _count(connection, select(func.count()).where(ledger.c.outcome == "dead_lettered", ledger.c.place.is_(None), given_up))


def known(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of these objects that have a row."""
    return {
        each for some in batches(ids) for each in connection.execute(select(ledger.c.object).where(ledger.c.object.in_(some))).scalars()
    }


def gone(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of these objects that ended as gone."""
    table = ledger.c
    ended = select(table.object).where(table.outcome == "gone", table.place.is_(None))
    return {each for some in batches(ids) for each in connection.execute(ended.where(table.object.in_(some))).scalars()}


def keys(connection: Connection, bucket: str, version: str, begin: str) -> list[str]:
    """The keys of a version that begin so."""
    table = ledger.c
    query = select(table.key).where(table.key >= begin, table.key < begin + _LAST, table.bucket == bucket, table.version == version)
    return list(connection.execute(query).scalars())


def page(connection: Connection, after: str, size: int) -> list[tuple[str, bool]]:
    """The next objects in the order of their ids, and whether each has an outcome."""
    query = select(ledger.c.object, ledger.c.outcome).where(ledger.c.object > after).order_by(ledger.c.object).limit(size)
    return [(row.object, row.outcome is not None) for row in connection.execute(query)]


def unread_page(connection: Connection, after: str, size: int) -> list[str]:
    """The next objects without outcome that were not extracted yet, in the order of their ids."""
    table = ledger.c
    unread = (table.place.in_(("queued", "window", "stages")), table.outcome.is_(None), table.stage.is_(None))
    return list(connection.execute(select(table.object).where(table.object > after, *unread).order_by(table.object).limit(size)).scalars())


def still_unread(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of these objects (a page) that are not read yet."""
    table = ledger.c
    query = select(table.object).where(table.object.in_(ids), table.outcome.is_(None), table.stage.is_(None))
    return set(connection.execute(query).scalars())


def quiet_holes(connection: Connection, stalled_before: datetime) -> list[Hole]:
    """Submissions under way that nobody works on."""
    table = ledger.c
    due = select(func.min(outbox.c.due)).where(outbox.c.object == table.object).scalar_subquery().label("due")
    quiet = (table.place.in_(("queued", "window", "stages")), table.progressed_at < text_of(stalled_before))
    last = moment_or_none(connection.execute(select(func.max(turns.c.at))).scalar())
    holes = []
    for row in connection.execute(select(ledger, due).where(*quiet).order_by(table.object).execution_options(yield_per=1000)).mappings():
        case = Quiet(place=row["place"], stage=row["stage"], progressed_at=moment(row["progressed_at"]), due=moment_or_none(row["due"]))
        if (why := why_hole(case, stalled_before, last)) is not None:
            holes.append(Hole(bucket=row["bucket"], key=row["key"], version=row["version"] or "", why=why, object=row["object"]))
    return holes


def letters(connection: Connection, service: str | None, status: str | None) -> list[DeadLetter]:
    """Dead letters, latest first, without values and headers."""
    table = dead_letters.c
    wanted = [column == value for column, value in ((table.service, service), (table.status, status)) if value is not None]
    columns = [column for column in table if column.name not in _WITHOUT]
    query = select(*columns).where(*wanted).order_by(table.last_at.desc(), table.id)
    return [letter_of(row) for row in connection.execute(query).mappings()]


def letter(connection: Connection, asked: str) -> DeadLetter | None:
    """A dead letter by its id or the beginning of it, with or without its prefix. Raises Ambiguous, TooShort."""
    table = dead_letters.c
    start = asked if ":" in asked else f"dead:{asked}"
    if len(start.partition(":")[2]) < _LEAST:
        raise TooShort(asked, _LEAST)
    found = (
        connection.execute(select(dead_letters).where(table.id.startswith(start, autoescape=True)).order_by(table.id).limit(20))
        .mappings()
        .all()
    )
    if len(found) > 1 and all(row["id"] != start for row in found):
        raise Ambiguous(asked, tuple(row["id"] for row in found))
    return letter_of(found[0]) if found else None
