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
    """`shared.delivery.ports.AttemptsPort` on an object storage: two calls when an attempt begins, one at the end."""

    def __init__(self, storage: ObjectStorage, bucket: str) -> None:
        self._storage, self._bucket = storage, bucket

    def begin(self, key: str, now: str) -> Attempt:
        """Counts one more attempt; returns once that is durable. A record that cannot be read counts as none."""
        before = self._read(key)
        begun = _Begun(count=before.count + 1 if before else 1, first_at=before.first_at if before else now, last_at=now)
        self._storage.write(self._bucket, _key(key), canonical_json(begun))
        return Attempt(begun.count, begun.first_at)

    def done(self, key: str) -> None:
        """Forgets the attempts on an event; no error where there are none."""
        self._storage.remove(self._bucket, _key(key))

    def _read(self, key: str) -> _Begun | None:
        try:
            return _DECODER.decode(self._storage.get(self._bucket, _key(key)))
        except (ObjectGoneError, msgspec.DecodeError, UnicodeDecodeError):
            return None


def _key(key: str) -> str:
    return f"attempts/{key}.json"
