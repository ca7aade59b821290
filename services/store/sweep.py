"""The sweep: what the bucket holds against what the ledger knows, and everything that has to be started again. It makes intake complete.

One sweep is one call, for the service's loop and for `tieout audit --repair` alike. Its parts do not depend on each other: with Kafka away,
objects are noted all the same. Memory is bounded: a listing is compared page by page, and only ids of unread objects are held.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, TypeVar

from services.store.domain.arrivals import Listed, found_object, identity_of, listed
from services.store.domain.errors import StoreError
from services.store.domain.ledger import LedgerRow
from services.store.intake import Inbox
from services.store.ledger_ports import Ledger
from services.store.ports import DecisionLog, TopicAdmin
from shared.failures import TransientError
from shared.ids import UNVERSIONED
from shared.storage.ports import ObjectGoneError

_PAGE: Final = 1000  # object versions compared in one query: a page of S3's listing
_STATS: Final = 8  # questions to the bucket at a time
_MOST_PATIENCE: Final = 16  # times the limit; with the default of 900 s four hours

Item = TypeVar("Item")


@dataclass
class SweepReport:
    """What a sweep did. `seen`: object versions in the bucket. `new`: not known before. `gone`: vanished before they were read.

    `restarted`: submissions without progress. `decisions`: of people, that the database did not know. `topics`: made again. `failed`: parts
    that could not be done now, with the reason; the others were. `seconds`: how long it took.
    """

    seen: int = 0
    new: int = 0
    gone: int = 0
    restarted: int = 0
    decisions: int = 0
    topics: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Sweep:
    """What a sweep needs. `stalled`: how long a submission may be without progress. `now`: UTC."""

    inbox: Inbox
    ledger: Ledger
    decisions: DecisionLog
    topics: TopicAdmin
    stalled: timedelta
    now: Callable[[], datetime]


def sweep(needs: Sweep) -> SweepReport:
    """One sweep. A part that meets a passing failure is left for the next sweep and named in the report; defects of ours are raised."""
    report, begun = SweepReport(), time.monotonic()
    parts: tuple[tuple[str, Callable[[Sweep, SweepReport], None]], ...] = (
        ("topics", _make_topics),
        ("decisions", _apply_decisions),
        ("objects", _compare),
        ("stalled", _restart_stalled),
    )
    for name, part in parts:
        try:
            part(needs, report)
        except (TransientError, StoreError) as problem:
            report.failed[name] = str(problem)
    report.seconds = time.monotonic() - begun
    return report


def _make_topics(needs: Sweep, report: SweepReport) -> None:
    report.topics = needs.topics.make_missing()


def _apply_decisions(needs: Sweep, report: SweepReport) -> None:
    applied = needs.ledger.applied_decisions()
    for identifier in needs.decisions.ids():
        if identifier in applied:
            continue
        decision = needs.decisions.read(identifier)
        if decision is not None and needs.ledger.apply(decision, needs.now()):
            report.decisions += 1


def _compare(needs: Sweep, report: SweepReport) -> None:
    """Objects that the ledger does not know are noted; unread ones that were deleted, with or without a delete marker, are gone."""
    # Taken before the listing: what a notification brings meanwhile must not look as if it had vanished.
    unread = {_compact(identifier) for identifier in needs.ledger.unread()}
    with ThreadPoolExecutor(_STATS, "sweep") as pool:
        for page in _pages(listed(needs.inbox.storage.versions(needs.inbox.bucket)), _PAGE):
            report.seen += len(page)
            unknown = needs.ledger.unknown([each.object for each in page])
            report.new += sum(pool.map(lambda each: _note(needs, each), [each for each in page if each.object in unknown]))
            for each in page:
                waits = _compact(each.object) in unread or each.object in unknown
                if each.hidden and waits:
                    report.gone += needs.ledger.vanished(each.object, needs.now())
            unread.difference_update(_compact(each.object) for each in page)
    for compact in sorted(unread):
        report.gone += _look_again(needs, _identifier(compact))


def _note(needs: Sweep, each: Listed) -> bool:
    """Notes an object with its metadata, which a listing does not show. One that vanished meanwhile was never there for us."""
    stored = each.stored
    try:
        found = needs.inbox.storage.stat(stored.bucket, stored.key, stored.version if stored.pinned else None)
    except ObjectGoneError:
        return False
    return needs.ledger.note_object(found_object(found), needs.now())


def _look_again(needs: Sweep, identifier: str) -> bool:
    """Asks the bucket about an unread object that was not listed; whether it is gone now."""
    for row in needs.ledger.row(identifier):
        place = row.submission.object
        if place is None or place.bucket != needs.inbox.bucket:
            continue  # of an inbox that was configured before: not for this listing to say
        pinned = None if place.version is None or place.version.startswith(UNVERSIONED) else place.version
        with contextlib.suppress(ObjectGoneError):
            if identity_of(needs.inbox.storage.stat(place.bucket, place.key, pinned)) == identifier:
                return False
        return needs.ledger.vanished(identifier, needs.now())
    return False


def _restart_stalled(needs: Sweep, report: SweepReport) -> None:
    for row in needs.ledger.stalled(needs.now() - needs.stalled):
        if is_overdue(row, needs.stalled, needs.now()):
            report.restarted += needs.ledger.restart(row.object, needs.now())


def is_overdue(row: LedgerRow, stalled: timedelta, now: datetime) -> bool:
    """Whether a submission without progress is started again now: after `stalled`, then after twice that, four times, sixteen at most.

    What ends neither in a result nor in dead letters, time after time, must not keep the stages busy.
    """
    return bool(now - row.progressed_at >= stalled * min(2**row.restarts, _MOST_PATIENCE))


def _pages(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while page := list(islice(rest, size)):
        yield page


_PREFIX: Final = "obj:"


def _compact(identifier: str) -> bytes:
    """An object id in 20 bytes: a hundred thousand of them take 10 MB."""
    return bytes.fromhex(identifier.removeprefix(_PREFIX))


def _identifier(compact: bytes) -> str:
    return _PREFIX + compact.hex()
