"""Object storage in memory, for tests: the same behaviour as a server's, proven by the same tests."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from shared.storage.listing import identified, whole_seconds
from shared.storage.ports import ObjectChangedError, ObjectGoneError, StorageUnavailableError, StoredObject


@dataclass
class _Bucket:
    versioned: bool
    entries: dict[str, list[tuple[StoredObject, bytes]]] = field(default_factory=dict)  # by key, the latest first


class MemoryStorage:
    """`ObjectStorage` without a server.

    Args: now: the time of what is put. `failure`: set it, and every call raises it. `calls`: names of the calls made, in order.
    """

    def __init__(self, *buckets: str, versioned: bool = True, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._buckets: dict[str, _Bucket] = {}
        self._now = now
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self.failure: StorageUnavailableError | None = None
        self.calls: list[str] = []
        for bucket in buckets:
            self.make_bucket(bucket, versioned)

    def make_bucket(self, bucket: str, versioned: bool = True) -> None:
        """Makes a bucket where there is none; sets whether it keeps versions from now on."""
        self._buckets.setdefault(bucket, _Bucket(versioned)).versioned = versioned

    def purge(self, bucket: str, key: str, version: str) -> None:
        """Removes a version for good, as a life-cycle rule does."""
        entries = [entry for entry in self._entries(bucket, key) if entry[0].version != version]
        self._keep(bucket, key, entries)

    def ready(self, bucket: str) -> bool:
        """Whether the bucket answers."""
        return self.failure is None and bucket in self._buckets

    def versioned(self, bucket: str) -> bool:
        """Whether the bucket keeps versions."""
        return self._called("versioned", bucket).versioned

    def stat(self, bucket: str, key: str, version: str | None = None) -> StoredObject:
        """An object with its metadata. Raises ObjectGoneError."""
        self._called("stat", bucket)
        return self._found(bucket, key, version)[0]

    def download(self, source: StoredObject, to: Path, max_bytes: int) -> int:
        """Writes an object's bytes to a file, one byte more than `max_bytes` at most."""
        self._called("download", source.bucket)
        stored, data = self._found(source.bucket, source.key, source.version if source.pinned else None)
        if not source.pinned and stored.etag != source.etag:
            before = [entry for entry in self._entries(source.bucket, source.key) if not entry[0].pinned and entry[0].etag == source.etag]
            if not before:
                raise ObjectChangedError("object.changed", f"{source.bucket}/{source.key}")
            data = before[0][1]  # put before the bucket kept versions
        return to.write_bytes(data[: max_bytes + 1])

    def versions(self, bucket: str) -> Iterator[StoredObject]:
        """All versions of all objects with delete markers, each key's together, the latest first. Without metadata."""
        listed = self._called("versions", bucket)
        with self._lock:
            found = [stored for key in sorted(listed.entries) for stored, _ in listed.entries[key]]
        return (replace(stored, metadata={}) for stored in found)

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        """Keys below a prefix."""
        listed = self._called("keys", bucket)
        with self._lock:
            found = sorted(key for key, entries in listed.entries.items() if key.startswith(prefix) and not entries[0][0].deleted)
        return iter(found)

    def get(self, bucket: str, key: str, max_bytes: int | None = None) -> bytes:
        """The latest bytes under a key. Raises ObjectGoneError."""
        self._called("get", bucket)
        data = self._found(bucket, key, None)[1]
        return data if max_bytes is None else data[: max_bytes + 1]

    def put(self, bucket: str, key: str, data: bytes, metadata: Mapping[str, str] | None = None) -> StoredObject:
        """Stores bytes."""
        self._called("put", bucket)
        return self._add(bucket, key, data, metadata or {}, deleted=False)

    def put_file(self, bucket: str, key: str, path: Path, metadata: Mapping[str, str] | None = None) -> StoredObject:
        """Stores a file."""
        return self.put(bucket, key, path.read_bytes(), metadata)

    def write(self, bucket: str, key: str, data: bytes | Path) -> None:
        """Stores bytes or a file."""
        self._called("write", bucket)
        self._add(bucket, key, data if isinstance(data, bytes) else data.read_bytes(), {}, deleted=False)

    def remove(self, bucket: str, key: str) -> None:
        """Removes a key, or hides it under a delete marker."""
        if self._called("remove", bucket).versioned:
            self._add(bucket, key, b"", {}, deleted=True)
        else:
            self._keep(bucket, key, [entry for entry in self._entries(bucket, key) if entry[0].pinned])

    def _called(self, name: str, bucket: str) -> _Bucket:
        with self._lock:
            self.calls.append(name)
        if self.failure is not None:
            raise self.failure
        if bucket not in self._buckets:
            raise StorageUnavailableError("storage.bucket_missing", f"{bucket}: there is no such bucket")
        return self._buckets[bucket]

    def _entries(self, bucket: str, key: str) -> list[tuple[StoredObject, bytes]]:
        return self._buckets[bucket].entries.get(key, [])

    def _found(self, bucket: str, key: str, version: str | None) -> tuple[StoredObject, bytes]:
        with self._lock:
            for stored, data in self._entries(bucket, key):
                if stored.version == version or (version is None and stored.latest):
                    if stored.deleted:
                        break
                    return stored, data
        raise ObjectGoneError("object.gone", f"{bucket}/{key}" + (f" (version {version})" if version else ""))

    def _add(self, bucket: str, key: str, data: bytes, about: Mapping[str, str], deleted: bool) -> StoredObject:
        with self._lock:
            etag, moment = hashlib.md5(data, usedforsecurity=False).hexdigest(), whole_seconds(self._now())
            number = f"v{next(self._numbers):08d}" if self._buckets[bucket].versioned else None
            version, pinned = identified(number, etag, moment)
            names = {name.lower(): value for name, value in about.items()}
            stored = StoredObject(
                bucket=bucket, key=key, version=version, pinned=pinned, etag="" if deleted else etag, size=len(data),
                last_modified=moment, deleted=deleted, metadata=names,
            )  # fmt: skip
            before = [entry for entry in self._entries(bucket, key) if pinned or entry[0].pinned]
            self._keep(bucket, key, [(stored, data), *before])
            return stored

    def _keep(self, bucket: str, key: str, entries: list[tuple[StoredObject, bytes]]) -> None:
        with self._lock:
            if entries:
                self._buckets[bucket].entries[key] = [
                    (replace(stored, latest=index == 0), data) for index, (stored, data) in enumerate(entries)
                ]
            else:
                self._buckets[bucket].entries.pop(key, None)
