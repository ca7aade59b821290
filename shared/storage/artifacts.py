"""Artifacts in a bucket: results by the digest of their uncompressed bytes, compressed (docs/decisions/0006-services.md)."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from shared.failures import TransientError
from shared.storage.ports import ObjectGoneError, ObjectStorage

_PREFIX: Final = "artifacts/"
_KEY: Final = re.compile(r"artifacts/[0-9a-f]{2}/([0-9a-f]{64})\.json\.gz")
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})")
_CHUNK: Final = 1 << 20
_LEVEL: Final = 3  # a tenth larger than 6, in half the time

# A stage's child has 1.5 GB of memory, so no result is larger; what unfolds to more is none of ours. Results shrink to a tenth or less.
LARGEST: Final = 1 << 30
_LARGEST_COMPRESSED: Final = 1 << 28


class ArtifactMissingError(TransientError):
    """There is no such artifact, or it is damaged: the stage that made it has to make it again. Its code is `artifact.missing` in both cases."""

    def __init__(self, text: str) -> None:
        super().__init__("artifact.missing", text)

    def __reduce__(self) -> tuple[type[ArtifactMissingError], tuple[str]]:
        return type(self), (self.text,)


def is_digest(text: str) -> bool:
    """Whether a text is a digest as artifacts have: `sha256:` and 64 hexadecimal digits."""
    return _DIGEST.fullmatch(text) is not None


class ArtifactBucket:
    """Content-addressed artifacts. Every method raises StorageUnavailableError where the storage does not answer, and ValueError for what is
    no digest.

    Args: largest: more uncompressed bytes than this are refused when an artifact is read.
    """

    def __init__(self, storage: ObjectStorage, bucket: str, largest: int = LARGEST) -> None:
        self._storage, self._bucket, self._largest = storage, bucket, largest

    def put(self, data: bytes) -> str:
        """Stores bytes durably; returns their digest. An artifact of this digest is written anew: it may be damaged."""
        return self._put(data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))

    def put_file(self, path: Path) -> str:
        """The same for the contents of a file; in memory is only what they are compressed to. Raises OSError (local disk)."""
        with path.open("rb") as source:
            return self._put(iter(lambda: source.read(_CHUNK), b""))

    def get(self, digest: str) -> bytes:
        """The bytes of an artifact, verified. Raises ArtifactMissingError."""
        whole = io.BytesIO()
        self._unfold(digest, whole.write)
        return whole.getvalue()

    def fetch(self, digest: str, to: Path) -> int:
        """Writes the bytes of an artifact to a file, verified; returns their number. Raises ArtifactMissingError (then there is no file), OSError."""
        try:
            with to.open("wb") as file:
                return self._unfold(digest, file.write)
        except BaseException:
            to.unlink(missing_ok=True)
            raise

    def has(self, digest: str) -> bool:
        """Whether there is an artifact of this digest (its bytes are verified when they are read)."""
        try:
            self._storage.stat(self._bucket, key_of(digest))
        except ObjectGoneError:
            return False
        return True

    def remove(self, digest: str) -> None:
        """Removes an artifact; no error where there is none."""
        self._storage.remove(self._bucket, key_of(digest))

    def listed(self) -> Iterator[tuple[str, str]]:
        """(digest, when it was written: ISO 8601, UTC) of every artifact, for clean-up."""
        for stored in self._storage.versions(self._bucket):
            match = _KEY.fullmatch(stored.key)
            if match and stored.latest and not stored.deleted:
                yield f"sha256:{match[1]}", stored.last_modified

    def address(self, digest: str) -> str:
        """Where an artifact lies, as events name it (`dataref`)."""
        return f"s3://{self._bucket}/{key_of(digest)}"

    def _put(self, chunks: Iterable[bytes]) -> str:
        actual, packed = hashlib.sha256(), io.BytesIO()
        # No name and no time in the header: the same bytes give the same object.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=packed, mtime=0) as target:
            for chunk in chunks:
                actual.update(chunk)
                target.write(chunk)
        digest = f"sha256:{actual.hexdigest()}"
        self._storage.write(self._bucket, key_of(digest), packed.getvalue())
        return digest

    def _unfold(self, digest: str, write: Callable[[bytes], int]) -> int:
        try:
            packed = self._storage.get(self._bucket, key_of(digest), _LARGEST_COMPRESSED)
        except ObjectGoneError as problem:
            raise ArtifactMissingError(f"there is no artifact {digest}") from problem
        actual, size = hashlib.sha256(), 0
        for chunk in _unpacked(io.BytesIO(packed), digest):
            size += len(chunk)
            if size > self._largest:
                raise ArtifactMissingError(f"the artifact {digest} is damaged: it unfolds to more than {self._largest} bytes")
            actual.update(chunk)
            write(chunk)
        if f"sha256:{actual.hexdigest()}" != digest:
            raise ArtifactMissingError(f"the artifact {digest} is damaged: its bytes have another digest")
        return size


def key_of(digest: str) -> str:
    """The key of an artifact. Raises ValueError where the text is no digest."""
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise ValueError(f"not a digest: {digest[:100]!r}")
    return f"{_PREFIX}{match[1][:2]}/{match[1]}.json.gz"


def _unpacked(packed: BinaryIO, digest: str) -> Iterator[bytes]:
    """Uncompressed bytes, a chunk at a time: what unfolds without end is let go of early."""
    with contextlib.closing(gzip.GzipFile(fileobj=packed)) as source:
        while True:
            try:
                chunk = source.read(_CHUNK)
            except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
                raise ArtifactMissingError(f"the artifact {digest} is damaged: {problem}") from problem
            if not chunk:
                return
            yield chunk
