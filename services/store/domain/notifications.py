"""Reading S3 notifications. They are hints of other makers: what cannot be read is told, never raised; the bucket knows the truth.

Seen: MinIO and AWS escape keys (`unquote_plus`), versitygw 1.7 does not, gives `versionId: null` for plain puts on a versioned bucket, and
sends a test event without `Records` when it starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

import msgspec

_REMOVED: Final = ("ObjectRemoved:", "s3:ObjectRemoved:")
_TEST: Final = ("s3:TestEvent", "TestEvent")
_NO_VERSION: Final = "null"


@dataclass(frozen=True)
class Hint:
    """An object that may have arrived. `keys`: the key as given, then as it would be if it was escaped. `version`: null = not told."""

    bucket: str
    keys: tuple[str, ...]
    version: str | None


@dataclass(frozen=True)
class Notification:
    """What a record of `objects.notified` says. `removed`: records about removals. `unreadable`: records, or whole bodies, of no meaning."""

    hints: tuple[Hint, ...] = ()
    removed: int = 0
    unreadable: int = 0


def read_notification(body: bytes) -> Notification:
    """What a notification says, as far as it can be read. A test event (no records, but the storage's word for it) says nothing."""
    try:
        message = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Notification(unreadable=1)
    if not isinstance(message, dict):
        return Notification(unreadable=1)
    records = message.get("Records")
    if not isinstance(records, list):
        return Notification(unreadable=0 if records is None and message.get("Event") in _TEST else 1)
    hints: list[Hint] = []
    removed = unreadable = 0
    for record in records:
        if isinstance(record, dict) and str(record.get("eventName", "")).startswith(_REMOVED):
            removed += 1
        elif hint := _hint(record):
            hints.append(hint)
        else:
            unreadable += 1
    return Notification(tuple(hints), removed, unreadable)


def _hint(record: Any) -> Hint | None:
    bucket = _text(record, "s3", "bucket", "name")
    key = _text(record, "s3", "object", "key")
    if not bucket or not key:
        return None
    unescaped = unquote_plus(key)
    version = _text(record, "s3", "object", "versionId")
    # "null" is no version's id but says that the bucket keeps none: the ledger knows such objects by ETag and time.
    return Hint(bucket, (key,) if unescaped == key else (key, unescaped), version if version and version != _NO_VERSION else None)


def _text(value: Any, *path: str) -> str | None:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
