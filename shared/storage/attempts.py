"""How often work on an event was begun, in small objects: counted also where the input kills the whole service."""

from __future__ import annotations

from typing import Final

import msgspec

from shared.canonical import canonical_json
from shared.contracts.common import Model
from shared.delivery.ports import Attempt
from shared.storage.ports import ObjectGoneError, ObjectStorage


class _Begun(Model, frozen=True, kw_only=True):
    """Attempts on an event so far. Times: ISO 8601, UTC."""

    count: int
    first_at: str
    last_at: str


_DECODER: Final = msgspec.json.Decoder(_Begun)


class Attempts:
    """`shared.delivery.ports.AttemptsPort` on an object storage: a call each."""

    def __init__(self, storage: ObjectStorage, bucket: str) -> None:
        self._storage, self._bucket = storage, bucket

    def begun(self, key: str) -> Attempt | None:
        """The last attempt that was begun; null: none was, or its record cannot be read."""
        try:
            found = _DECODER.decode(self._storage.get(self._bucket, _key(key)))
        except (ObjectGoneError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return Attempt(found.count, found.first_at)

    def begin(self, key: str, now: str, before: Attempt | None) -> Attempt:
        """Counts one more attempt; returns once that is durable."""
        begun = _Begun(count=before.number + 1 if before else 1, first_at=before.first_at if before else now, last_at=now)
        self._storage.write(self._bucket, _key(key), canonical_json(begun))
        return Attempt(begun.count, begun.first_at)

    def done(self, key: str) -> None:
        """Forgets the attempts on an event; no error where there are none."""
        self._storage.remove(self._bucket, _key(key))


def _key(key: str) -> str:
    return f"attempts/{key}.json"
