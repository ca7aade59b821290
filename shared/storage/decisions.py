"""People's decisions as objects: they are the truth, the database gets them back from here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import quote, unquote

import msgspec

from shared.canonical import canonical_json
from shared.contracts.events import Decision
from shared.storage.ports import ObjectGoneError, ObjectStorage

_PREFIX: Final = "decisions/"
_SAFE: Final = ":.+_"
_DECODER: Final = msgspec.json.Decoder(Decision)


class Decisions:
    """Decisions under `decisions/AT-ID.json`, so that listing them gives them in the order in which they were made.

    Every method raises StorageUnavailableError where the storage does not answer.
    """

    def __init__(self, storage: ObjectStorage, bucket: str) -> None:
        self._storage, self._bucket = storage, bucket

    def put(self, decision: Decision) -> None:
        """Keeps a decision; once it returns, the decision is made."""
        self._storage.write(self._bucket, _key(decision.at, decision.id), canonical_json(decision))

    def ids(self) -> list[str]:
        """Ids of all decisions, in the order in which they were made."""
        return [_id(key) for key in self._keys()]

    def read(self, identifier: str) -> Decision | None:
        """A decision by its id; null where there is none, or where it cannot be read."""
        key = next((key for key in self._keys() if _id(key) == identifier), None)
        return None if key is None else self._decision(key)

    def those(self, identifiers: Collection[str]) -> Iterator[Decision]:
        """The decisions with these ids that can be read, in the order in which they were made; one listing for all of them."""
        found = (self._decision(key) for key in self._keys() if _id(key) in identifiers)
        return (decision for decision in found if decision is not None)

    def all(self) -> Iterator[Decision]:
        """All decisions that can be read, in the order in which they were made."""
        return (decision for key in self._keys() if (decision := self._decision(key)) is not None)

    def _keys(self) -> list[str]:
        return sorted(key for key in self._storage.keys(self._bucket, _PREFIX) if key.endswith(".json"))

    def _decision(self, key: str) -> Decision | None:
        try:
            return _DECODER.decode(self._storage.get(self._bucket, key))
        except (ObjectGoneError, msgspec.DecodeError, UnicodeDecodeError):
            return None


def _key(at: str, identifier: str) -> str:
    return f"{_PREFIX}{quote(at, safe=_SAFE)}-{quote(identifier, safe=_SAFE)}.json"


def _id(key: str) -> str:
    """The id in a key: what follows the time, which ends in Z. The whole name where it was not made here."""
    name = key.removeprefix(_PREFIX).removesuffix(".json")
    _, separator, identifier = name.partition("Z-")
    return unquote(identifier if separator else name)
