"""Artifacts in a folder: `ab/HEX.json.gz`, by the digest of the uncompressed bytes, written durably and never half."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from services.store.domain.errors import ArtifactMissing, ArtifactUnavailable, DigestMismatch, DiskFull, StoreError
from shared.plain_text import file_name_text
from shared.system_errors import reason

_CHUNK = 1 << 20
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_LEVEL = 3  # a tenth larger than 6, in half the time
# A limit on the size of files or a quota ends a write the same way as a full disk.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ArtifactFolder:
    """Content-addressed, compressed artifacts below `path`. Putting the same bytes twice, also at the same time, leaves one file."""

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        with _typed(self._path):
            self._path.mkdir(parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Stores bytes; returns their digest. Raises DiskFull or ArtifactUnavailable, and then nothing was stored."""
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        # An artifact that was damaged on disk is written again.
        return digest if self._intact(digest) else self._write(data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))

    def put_file(self, path: Path) -> str:
        """Stores the contents of a file, a megabyte at a time; returns their digest."""
        with _typed(self._path), path.open("rb") as source:
            return self._write(iter(lambda: source.read(_CHUNK), b""))

    def get(self, digest: str) -> bytes:
        """The bytes of an artifact, verified. Raises ArtifactMissing, DigestMismatch or ArtifactUnavailable."""
        return b"".join(self._chunks(digest))

    def has(self, digest: str) -> bool:
        """Whether there is an artifact of this digest (its bytes are verified when they are read)."""
        return self._file(digest).is_file()

    def _intact(self, digest: str) -> bool:
        try:
            for _ in self._chunks(digest):
                pass
        except (ArtifactMissing, DigestMismatch):
            return False
        return True

    def _chunks(self, digest: str) -> Iterator[bytes]:
        file, actual = self._file(digest), hashlib.sha256()
        try:
            with _typed(file), gzip.open(file, "rb") as source:
                while chunk := source.read(_CHUNK):
                    actual.update(chunk)
                    yield chunk
        except FileNotFoundError as problem:
            raise ArtifactMissing(
                f"没有产物 {digest}，请重新处理该文件。", f"there is no artifact {digest}; process the document again."
            ) from problem
        except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
            raise _mismatch(digest) from problem
        if f"sha256:{actual.hexdigest()}" != digest:
            raise _mismatch(digest)

    def _file(self, digest: str) -> Path:
        match = _DIGEST.fullmatch(digest)
        if match is None:
            raise ValueError(f"not a digest: {digest!r}")
        return self._path / match[1][:2] / f"{match[1]}.json.gz"

    def _write(self, chunks: Iterable[bytes]) -> str:
        with _typed(self._path):
            descriptor, name = tempfile.mkstemp(prefix=".writing-", dir=self._path)
            temporary = Path(name)
            try:
                actual = hashlib.sha256()
                with os.fdopen(descriptor, "wb") as raw:
                    # No name and no time in the header: the same bytes give the same file.
                    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as target:
                        for chunk in chunks:
                            actual.update(chunk)
                            target.write(chunk)
                    raw.flush()
                    os.fsync(raw.fileno())
                digest = f"sha256:{actual.hexdigest()}"
                file = self._file(digest)
                new_folder = not file.parent.is_dir()
                file.parent.mkdir(exist_ok=True)
                temporary.replace(file)
                _sync(file.parent)
                if new_folder:
                    _sync(self._path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            return digest


def _sync(folder: Path) -> None:
    """Makes a new name in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mismatch(digest: str) -> DigestMismatch:
    return DigestMismatch(
        f"产物 {digest} 已损坏，请重新处理该文件。", f"the artifact {digest} is damaged on disk; process the document again."
    )


@contextmanager
def _typed(place: Path) -> Iterator[None]:
    try:
        yield
    except (StoreError, FileNotFoundError, gzip.BadGzipFile):
        raise
    except OSError as problem:
        shown = file_name_text(place)
        if problem.errno in _FULL:
            raise DiskFull.at(shown) from problem
        raise ArtifactUnavailable(
            f"无法读写 {shown}：{reason(problem, 'zh')}。请检查权限和磁盘。",
            f"cannot read or write {shown}: {reason(problem, 'en')}. Check permissions and the disk.",
        ) from problem
