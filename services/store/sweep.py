"""The sweep: what the bucket holds against what the ledger knows, and everything that has to be started again. It makes intake complete.

One sweep is one call, for the service's loop and for `tieout audit --repair` alike. Its parts do not depend on each other: with Kafka away,
objects are noted all the same. Memory is bounded: a listing is compared page by page, and only ids of unread objects are held.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, TypeVar

from services.store.domain.arrivals import Listed, found_object
from services.store.domain.errors import DiskFull, StoreUnavailable
from services.store.domain.ledger import LedgerRow
from services.store.intake import Inbox, inbox_objects
from services.store.ledger_ports import Ledger
from services.store.ports import DecisionLog, TopicAdmin
from shared.delivery.policy import failure_of
from shared.failures import TransientError
from shared.storage.ports import ObjectGoneError, StorageUnavailableError

_PAGE: Final = 1000  # object versions compared in one query: a page of S3's listing
_STATS: Final = 8  # questions to the bucket at a time
_UNASKED: Final = 20  # of one page; more, and the sweep waits for its next turn
_MOST_PATIENCE: Final = 16  # times the limit; with the default of 900 s four hours

Item = TypeVar("Item")


@dataclass
class SweepReport:
    """What a sweep did. `seen`: object versions in the bucket. `new`: not known before. `gone`: vanished before they were read.

    `stalled`: submissions without progress for longer than the limit; `restarted`: those of them started again now, by the last stage that
    they had finished (`none`: not even the first). `decisions`: of people, that the database did not know. `topics`: made again. `failed`:
    parts that could not be done now, with the reason; the others were; `problems`: the exceptions. `seconds`: how long it took.
    """

    seen: int = 0
    new: int = 0
    gone: int = 0
    stalled: int = 0
    restarted: Counter[str] = field(default_factory=Counter)
    decisions: int = 0
    topics: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)
    problems: list[Exception] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Sweep:
    """What a sweep needs. `stalled`: how long a submission may be without progress. `now`: UTC. `going`: false ends it early, between pages."""

    inbox: Inbox
    ledger: Ledger
    decisions: DecisionLog
    topics: TopicAdmin
    stalled: timedelta
    now: Callable[[], datetime]
    going: Callable[[], bool] = lambda: True


def sweep(needs: Sweep) -> SweepReport:
    """One sweep. What cannot be done now is left for the next one and named in the report, whatever the reason: a part that fails by a
    defect of ours must not keep the others from mending.
    """
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
        except Exception as problem:
            report.failed[name] = failure_of(problem).text
            report.problems.append(problem)
    report.seconds = time.monotonic() - begun
    return report


def _make_topics(needs: Sweep, report: SweepReport) -> None:
    report.topics = needs.topics.make_missing()


def _apply_decisions(needs: Sweep, report: SweepReport) -> None:
    unknown = set(needs.decisions.ids()) - needs.ledger.applied_decisions()
    if not unknown:
        return
    for decision in needs.decisions.those(unknown):
        try:
            report.decisions += needs.ledger.apply(decision, needs.now())
        except (TransientError, StoreUnavailable, DiskFull):
            raise
        except Exception as problem:  # one that cannot be carried out must not stop those after it
            report.failed[f"decisions {decision.id}"] = failure_of(problem).text
            report.problems.append(problem)


def _compare(needs: Sweep, report: SweepReport) -> None:
    """Objects that the ledger does not know are noted; unread ones that were deleted, with or without a delete marker, are gone; what was gone
    and is there again (a delete marker was removed, a disk was missing for a while) is read after all.
    """
    # Taken before the listing: what a notification brings meanwhile must not look as if it had vanished.
    unread = {_compact(identifier) for identifier in needs.ledger.unread()}
    with ThreadPoolExecutor(_STATS, "sweep") as pool:
        for page in _pages(inbox_objects(needs.inbox, needs.ledger), _PAGE):
            if not needs.going():
                return
            report.seen += len(page)
            unknown = needs.ledger.unknown([each.object for each in page])
            noted = list(pool.map(lambda each: _note(needs, each), [each for each in page if each.object in unknown]))
            report.new += sum(found is True for found in noted)
            _say_unasked(report, [found for found in noted if isinstance(found, StorageUnavailableError)])
            for each in page:
                waits = _compact(each.object) in unread or each.object in unknown
                if each.hidden and waits:
                    report.gone += needs.ledger.vanished(each.object, needs.now())
            unread.difference_update(_compact(each.object) for each in page)
            for identifier in sorted(needs.ledger.gone([each.object for each in page if not each.hidden])):
                if _read_after_all(needs, identifier):
                    report.restarted["none"] += 1
    for compact in sorted(unread):
        report.gone += _look_again(needs, _identifier(compact))


def _note(needs: Sweep, each: Listed) -> bool | StorageUnavailableError:
    """Notes an object with its metadata, which a listing does not show. One that vanished meanwhile was never there for us.

    One that is listed for long and cannot be asked for all the same (a key with a control character, or with `..`) is noted as it is listed:
    the extractor will call it gone, and its department is told to upload it again. A failure to ask about one object is returned: it must not
    hide those after it.
    """
    stored = each.stored
    try:
        found = needs.inbox.storage.stat(stored.bucket, stored.key, stored.version)
    except ObjectGoneError:
        if each.hidden or needs.now() - datetime.fromisoformat(stored.last_modified) < needs.stalled:
            return False
        found = stored
    except StorageUnavailableError as problem:
        return problem
    return needs.ledger.note_object(found_object(found), needs.now())


def _say_unasked(report: SweepReport, problems: list[StorageUnavailableError]) -> None:
    """Names the objects about which the bucket did not answer. Raises the last of many: then it is the storage that is away."""
    if not problems:
        return
    report.failed["objects"] = f"{len(problems)}: {problems[-1].text}"
    if len(problems) > _UNASKED:
        raise problems[-1]


def _look_again(needs: Sweep, identifier: str) -> bool:
    """Asks the bucket about an unread object that was not listed; whether it is gone now."""
    for row in needs.ledger.row(identifier):
        place = row.submission.object
        if place is None or place.bucket != needs.inbox.bucket:
            continue  # of an inbox that was configured before: not for this listing to say
        try:
            needs.inbox.storage.stat(place.bucket, place.key, place.version)
        except ObjectGoneError:
            return needs.ledger.vanished(identifier, needs.now())
    return False


def _read_after_all(needs: Sweep, identifier: str) -> bool:
    """Starts an object again that is gone for the ledger and listed by the bucket; whether it could be asked for and was started."""
    for row in needs.ledger.row(identifier):
        place = row.submission.object
        if place is None or not is_overdue(row, needs.stalled, needs.now()):
            continue
        try:
            needs.inbox.storage.stat(place.bucket, place.key, place.version)
        except (ObjectGoneError, StorageUnavailableError):
            return False
        return needs.ledger.restart(identifier, needs.now())
    return False


def _restart_stalled(needs: Sweep, report: SweepReport) -> None:
    for row in needs.ledger.stalled(needs.now() - needs.stalled):
        if not needs.going():
            return
        report.stalled += 1
        if is_overdue(row, needs.stalled, needs.now()) and needs.ledger.restart(row.object, needs.now()):
            report.restarted[row.stage or "none"] += 1


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
