"""Intake: what a notification hints at and what a listing shows lead to the same ledger row and the same event, however often.

The bucket is asked about everything: a notification may be late, doubled, escaped or wrong.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from services.store.domain.arrivals import UNTOLD, Listed, found_object, is_folder_marker, is_listed_as, listed
from services.store.domain.notifications import Hint, read_notification
from services.store.ledger_ports import Ledger
from shared.storage.ports import ObjectGoneError, ObjectStorage, StorageUnavailableError, StoredObject


@dataclass(frozen=True)
class Inbox:
    """Where departments put their PDFs: the bucket, and the storage that holds it."""

    storage: ObjectStorage
    bucket: str


def inbox_objects(inbox: Inbox, ledger: Ledger) -> Iterator[Listed]:
    """The object versions of the bucket (`listed`), each under the key by which the ledger knows it.

    A key that the listing cannot tell whole is the one that a notification told for the same version; else it stays as it is listed.
    Raises StorageUnavailableError, StoreUnavailable.
    """
    for each in listed(inbox.storage.versions(inbox.bucket)):
        yield _named(each, ledger) if UNTOLD in each.stored.key else each


def _named(each: Listed, ledger: Ledger) -> Listed:
    stored = each.stored
    keys = ledger.keys(stored.bucket, stored.version, stored.key.partition(UNTOLD)[0])
    known = [key for key in keys if is_listed_as(key, stored.key)]
    return replace(each, stored=replace(stored, key=min(known))) if known else each


@dataclass
class NotificationReport:
    """What became of the records of a notification, by count. `elsewhere`: of other buckets. `gone`: the bucket does not hold it any more."""

    new: int = 0
    known: int = 0
    gone: int = 0
    folders: int = 0
    elsewhere: int = 0
    removed: int = 0
    unreadable: int = 0


def take_notification(body: bytes, inbox: Inbox, ledger: Ledger, now: Callable[[], datetime]) -> NotificationReport:
    """Notes the objects that a notification hints at and the bucket holds; whatever else it says is counted.

    Of several versions put in a row a hint without version finds the latest; the sweep gets the others.
    Raises: StorageUnavailableError, StoreUnavailable, DiskFull.
    """
    notification = read_notification(body)
    report = NotificationReport(removed=notification.removed, unreadable=notification.unreadable)
    for hint in notification.hints:
        if hint.bucket != inbox.bucket:
            report.elsewhere += 1
            continue
        found = _ask(inbox, hint)
        report.gone += not found
        for stored in found:
            if is_folder_marker(stored.key, stored.size):
                report.folders += 1
            elif ledger.note_object(found_object(stored), now()):
                report.new += 1
            else:
                report.known += 1
    return report


def _ask(inbox: Inbox, hint: Hint) -> list[StoredObject]:
    """What lies under the key as given and as unescaped: nobody knows which one the storage meant, and noting both harms nobody."""
    found = []
    for key in hint.keys:
        with contextlib.suppress(ObjectGoneError):
            found.append(_stat(inbox, key, hint.version))
    return found


def _stat(inbox: Inbox, key: str, version: str | None) -> StoredObject:
    """Raises ObjectGoneError also for a key that no object can have: a client refuses `..`, a server one that is too long.

    Such a hint must not wait for ever for a storage that is well. What exists all the same is found by the sweep.
    """
    try:
        return inbox.storage.stat(inbox.bucket, key, version)
    except ValueError as problem:
        raise ObjectGoneError("object.gone", f"{inbox.bucket}/{key[:100]}: {problem}") from problem
    except StorageUnavailableError as problem:
        if not inbox.storage.ready(inbox.bucket):
            raise
        raise ObjectGoneError("object.gone", f"{inbox.bucket}/{key[:100]}: {problem.text}") from problem
