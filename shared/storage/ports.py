"""What tieout needs of an object storage. All methods are synchronous; services call them from threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from shared.failures import StageError, TransientError


class ObjectGoneError(StageError):
    """The object, or this version of it, does not exist (any more): deleted, purged, or hidden by a delete marker."""


class ObjectChangedError(StageError):
    """Without versioning: another object lies under the key now (its ETag differs)."""


class StorageUnavailableError(TransientError):
    """The storage does not answer, refuses, or is full."""


@dataclass(frozen=True)
class StoredObject:
    """An object version as it lies in a bucket.

    `version`: the bucket's version id, or the stand-in of `shared.ids.unversioned_id` where the bucket has no versioning; `pinned` tells
    whether reading this very version is possible. `last_modified`: ISO 8601, UTC. `etag` without quotes. `metadata`: user metadata with
    lower-case names without prefix, values decoded; empty in listings. `deleted`: a delete marker. `latest`: nothing newer under its key.
    """

    bucket: str
    key: str
    version: str
    pinned: bool
    etag: str
    size: int
    last_modified: str
    latest: bool = True
    deleted: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)


class ObjectStorage(Protocol):
    """Buckets of objects. Every method raises StorageUnavailableError where the storage does not answer."""

    def ready(self, bucket: str) -> bool:
        """Whether the bucket answers."""

    def versioned(self, bucket: str) -> bool:
        """Whether the bucket keeps versions."""

    def stat(self, bucket: str, key: str, version: str | None = None) -> StoredObject:
        """An object with its metadata; null version = the latest. Raises ObjectGoneError."""

    def download(self, source: StoredObject, to: Path, max_bytes: int) -> int:
        """Writes the object's bytes to a file; returns their number. Reads one byte more than `max_bytes` at most.

        A pinned version is read as such; else the ETag guards. Raises ObjectGoneError, ObjectChangedError, OSError (local disk).
        """

    def versions(self, bucket: str) -> Iterator[StoredObject]:
        """All versions of all objects with delete markers, without metadata; a bucket without versioning has one of each.

        A key's entries stand together, the latest first; keys in the server's order.
        """

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        """Keys below a prefix."""

    def get(self, bucket: str, key: str, max_bytes: int | None = None) -> bytes:
        """The latest bytes under a key, one byte more than `max_bytes` at most. Raises ObjectGoneError."""

    def put(self, bucket: str, key: str, data: bytes, metadata: Mapping[str, str] | None = None) -> StoredObject:
        """Stores bytes durably. Metadata values may be any text (they travel percent-encoded)."""

    def put_file(self, bucket: str, key: str, path: Path, metadata: Mapping[str, str] | None = None) -> StoredObject:
        """The same for a file, in bounded memory."""

    def write(self, bucket: str, key: str, data: bytes | Path) -> None:
        """Like `put` and `put_file`, for keys that only tieout writes: does not ask what lies there then, which is a call less."""

    def remove(self, bucket: str, key: str) -> None:
        """Removes a key; no error where there is none."""
