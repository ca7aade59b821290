"""Which documents an adoption is about, in a small object: what it stored and could not tell any more is told after the next start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from shared.canonical import canonical_json
from shared.storage.ports import ObjectGoneError, ObjectStorage

_KEY: Final = "adoption/batch.json"
_DECODER: Final = msgspec.json.Decoder(tuple[str, ...])


class AdoptionNote:
    """The ids of the documents of one batch, in the bucket of artifacts. Every method raises StorageUnavailableError."""

    def __init__(self, storage: ObjectStorage, bucket: str) -> None:
        self._storage, self._bucket = storage, bucket

    def read(self) -> tuple[str, ...]:
        """The documents of a batch that was begun and not told; none where there is no such batch."""
        try:
            return _DECODER.decode(self._storage.get(self._bucket, _KEY))
        except (ObjectGoneError, msgspec.DecodeError, UnicodeDecodeError):
            return ()

    def write(self, documents: Sequence[str]) -> None:
        """Notes a batch, before the first of its documents is stored."""
        self._storage.write(self._bucket, _KEY, canonical_json(tuple(documents)))

    def clear(self) -> None:
        """Everything about the batch was told."""
        self._storage.remove(self._bucket, _KEY)
