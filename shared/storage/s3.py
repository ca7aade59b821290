"""Object storage on any S3 server, by minio-py. One instance serves all threads of a process."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

import certifi
import urllib3
from minio import Minio
from minio.commonconfig import ENABLED
from urllib3.response import BaseHTTPResponse

from shared.ids import is_unversioned
from shared.settings import Settings
from shared.storage import listing, metadata
from shared.storage.credentials import provider_of
from shared.storage.ports import ObjectChangedError, ObjectGoneError, StorageUnavailableError, StoredObject
from shared.storage.s3_errors import FolderRaceError, typed

_CHUNK: Final = 1 << 18
_PART: Final = 16 << 20
"""Larger files are uploaded in parts of this size, one after another: so much memory an upload takes."""

_ANY: Final = 1 << 62

_FOLDER_RACE_SECONDS: Final = (0.01, 0.03, 0.1)
"""versitygw 1.7.0 removes a folder with its last object, and refuses what is put into it at that moment (11 of 600 puts by three threads that also removed)."""

# A server that does not answer must not hold a worker for minutes: the runner has a patience of its own (about 20 s) and defers then.
_TIMEOUT: Final = urllib3.Timeout(connect=3.0, read=15.0)


def _retries() -> urllib3.Retry:
    """Two more tries at once: for a connection that the server closed while it lay idle, and for a moment's 503."""
    return urllib3.Retry(
        total=2,
        read=1,
        redirect=1,
        backoff_factor=0.1,
        status_forcelist=(500, 502, 503, 504),
        raise_on_status=False,  # the last answer says more than "too many errors"
        respect_retry_after_header=False,  # a server may say an hour
    )


class S3Storage:
    """`ObjectStorage` on an S3 server.

    Args: connections: kept open at most (others are opened and closed as needed). page: entries of a listing asked for at a time.
    """

    def __init__(self, settings: Settings, connections: int = 16, page: int = 1000) -> None:
        address = urlsplit(settings.s3_endpoint)
        self._pool = urllib3.PoolManager(
            timeout=_TIMEOUT,
            maxsize=connections,
            cert_reqs="CERT_REQUIRED",
            ca_certs=str(settings.s3_ca) if settings.s3_ca else certifi.where(),
            retries=_retries(),
        )
        client: Any = Minio(
            address.netloc,
            secure=address.scheme == "https",
            region=settings.s3_region,
            credentials=provider_of(settings),
            http_client=self._pool,
        )
        self._client = client
        # minio-py decides by the host's name otherwise.
        style = self._client.disable_virtual_style_endpoint if settings.s3_path_style else self._client.enable_virtual_style_endpoint
        style()
        self._page = page

    def close(self) -> None:
        """Closes connections that lie idle."""
        self._pool.clear()

    def ready(self, bucket: str) -> bool:
        """Whether the bucket answers: it is there and we may ask for it."""
        try:
            with typed(bucket):
                return bool(self._client.bucket_exists(bucket))
        except StorageUnavailableError:
            return False

    def versioned(self, bucket: str) -> bool:
        """Whether the bucket keeps versions of what is put now (a suspended bucket does not)."""
        with typed(bucket):
            return bool(self._client.get_bucket_versioning(bucket).status == ENABLED)

    def stat(self, bucket: str, key: str, version: str | None = None) -> StoredObject:
        """An object with its metadata. Raises ObjectGoneError, also where a stand-in for a version is not what lies there now.

        In a bucket that keeps versions what was put before it did lies under newer ones, and is asked for as such.
        """
        if version is None or not is_unversioned(version):
            return self._asked(bucket, key, version, version)
        try:
            return self._asked(bucket, key, None, version)
        except ObjectGoneError:
            if not self._may_keep_versions(bucket):
                raise
            return self._asked(bucket, key, listing.NULL_VERSION, version)

    def _may_keep_versions(self, bucket: str) -> bool:
        """The same as `versioned`, but no where the server does not know the question or we may not ask it."""
        try:
            return self.versioned(bucket)
        except StorageUnavailableError as problem:
            if problem.code in ("storage.denied", "storage.failed"):
                return False
            raise

    def _asked(self, bucket: str, key: str, pinned: str | None, version: str | None) -> StoredObject:
        """Args: pinned: the id to ask for; null: the latest. version: what has to be there; null: anything."""
        _refuse_unaskable(bucket, key)
        try:
            with typed(bucket, key, pinned):
                found = self._client.stat_object(bucket, key, version_id=pinned)
        except (ObjectGoneError, StorageUnavailableError):
            self._explain(bucket, key, pinned)
            raise
        stored = _described(bucket, key, found.version_id, found.metadata, int(found.size or 0))
        if version is not None and stored.version != version:
            raise ObjectGoneError("object.gone", f"{bucket}/{key}: {stored.version} lies there, not {version}")
        return stored

    def _explain(self, bucket: str, key: str, version: str | None) -> None:
        """Asks again with GET, whose answer says why: HEAD has no body, so a missing bucket looks like a missing object there.

        Raises what the answer says; returns where it is no error.
        """
        self._opened(bucket, key, version, {}).close()

    def download(self, source: StoredObject, to: Path, max_bytes: int) -> int:
        """Writes an object's bytes to a file, as they lie there, one byte more than `max_bytes` at most; returns their number."""
        if source.pinned:
            return self._downloaded(source, source.version, to, max_bytes)
        try:
            return self._downloaded(source, None, to, max_bytes)
        except ObjectChangedError:
            if not self._may_keep_versions(source.bucket):
                raise
            return self._downloaded(source, listing.NULL_VERSION, to, max_bytes)  # put before the bucket kept versions

    def _downloaded(self, source: StoredObject, version: str | None, to: Path, max_bytes: int) -> int:
        guard = {} if source.pinned else {"If-Match": f'"{source.etag}"'}
        response = self._opened(source.bucket, source.key, version, guard)
        try:
            # For servers that do not know If-Match: the answer names what it gives. A version is what it is, whatever ETag the caller knows.
            if not source.pinned and response.headers.get("etag", "").strip('"') not in ("", source.etag):
                raise ObjectChangedError("object.changed", f"{source.bucket}/{source.key}: its ETag is not {source.etag} any more")
            with to.open("wb") as file:
                return _copied(response, file, max_bytes + 1, f"{source.bucket}/{source.key}")
        finally:
            response.close()
            response.release_conn()

    def _opened(self, bucket: str, key: str, version: str | None, headers: dict[str, str]) -> BaseHTTPResponse:
        _refuse_unaskable(bucket, key)
        with typed(bucket, key, version):
            response: BaseHTTPResponse = self._client.get_object(bucket, key, version_id=version, request_headers=headers)
            return response

    def versions(self, bucket: str) -> Iterator[StoredObject]:
        """All versions with delete markers: keys in the server's order, each key's entries together, the latest first."""
        after: dict[str, str] = {}
        while True:
            answer = self._listed(bucket, {"versions": "", "prefix": "", "delimiter": "", **after})
            page = listing.versions_page(bucket, answer, after)
            yield from page.objects
            if page.after == after and after:
                raise StorageUnavailableError("storage.failed", f"{bucket}: the listing does not go on after {after}")
            if not page.after:
                return
            after = page.after

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        """Keys below a prefix, in the server's order."""
        after: dict[str, str] = {}
        while True:
            found, after = listing.keys_page(self._listed(bucket, {"list-type": "2", "prefix": prefix, "delimiter": "", **after}))
            yield from found
            if not after:
                return

    def _listed(self, bucket: str, query: dict[str, str]) -> bytes:
        # Not by list_objects: see shared/storage/listing.py. The request itself has no public name in minio-py 7.2.20, which is pinned.
        with typed(bucket):
            answer = self._client._execute("GET", bucket, query_params={**query, "encoding-type": "url", "max-keys": str(self._page)})
            return bytes(answer.data)

    def get(self, bucket: str, key: str, max_bytes: int | None = None) -> bytes:
        """The latest bytes under a key, one byte more than `max_bytes` at most. Raises ObjectGoneError."""
        response = self._opened(bucket, key, None, {})
        whole = io.BytesIO()
        try:
            _copied(response, whole, _ANY if max_bytes is None else max_bytes + 1, f"{bucket}/{key}")
        finally:
            response.close()
            response.release_conn()
        return whole.getvalue()

    def put(self, bucket: str, key: str, data: bytes, metadata: Mapping[str, str] | None = None) -> StoredObject:
        """Stores bytes durably and says what lies there then."""
        return self.stat(bucket, key, self._upload(bucket, key, io.BytesIO(data), len(data), metadata))

    def put_file(self, bucket: str, key: str, path: Path, metadata: Mapping[str, str] | None = None) -> StoredObject:
        """The same for a file, in bounded memory; a large one appears only when all its parts are there."""
        with path.open("rb") as file:
            return self.stat(bucket, key, self._upload(bucket, key, file, path.stat().st_size, metadata))

    def write(self, bucket: str, key: str, data: bytes | Path) -> None:
        """Stores bytes or a file durably, without asking what lies there then."""
        if isinstance(data, bytes):
            self._upload(bucket, key, io.BytesIO(data), len(data), None)
            return
        with data.open("rb") as file:
            self._upload(bucket, key, file, data.stat().st_size, None)

    def _upload(self, bucket: str, key: str, data: BinaryIO, size: int, about: Mapping[str, str] | None) -> str | None:
        """The version that was made, where the bucket keeps versions."""
        for seconds in (*_FOLDER_RACE_SECONDS, None):
            data.seek(0)
            try:
                with typed(bucket, key):
                    done = self._client.put_object(
                        bucket, key, data, size, part_size=_PART, num_parallel_uploads=1, metadata=metadata.to_headers(about or {})
                    )
                break
            except FolderRaceError:
                if seconds is None:
                    raise
                time.sleep(seconds)
        return str(done.version_id) if listing.is_pinned(done.version_id) else None

    def remove(self, bucket: str, key: str) -> None:
        """Removes a key (a version-keeping bucket hides it under a delete marker); no error where there is none."""
        with contextlib.suppress(ObjectGoneError), typed(bucket, key):
            self._client.remove_object(bucket, key)


def _refuse_unaskable(bucket: str, key: str) -> None:
    """Raises ObjectGoneError for a key that others may have put but minio-py 7.2.20 asks nobody about (it raises ValueError)."""
    if not {".", ".."}.isdisjoint(key.split("/")):
        raise ObjectGoneError("object.gone", f"{bucket}/{key}: a key with . or .. between slashes cannot be asked for")


def _described(bucket: str, key: str, version: str | None, headers: Mapping[str, str], size: int) -> StoredObject:
    """An object as HEAD describes it."""
    etag = headers.get("etag", "").strip('"')
    last_modified = listing.whole_seconds(parsedate_to_datetime(headers["last-modified"]))
    identity, pinned = listing.identified(version, etag, last_modified)
    return StoredObject(
        bucket=bucket,
        key=key,
        version=identity,
        pinned=pinned,
        etag=etag,
        size=size,
        last_modified=last_modified,
        metadata=metadata.from_headers(headers),
    )


def _copied(response: BaseHTTPResponse, file: BinaryIO, most: int, place: str) -> int:
    """Copies an answer's body, `most` bytes of it at most. Not decoded: what is stored compressed may unfold without end."""
    size = 0
    while size < most:
        with typed(place):
            piece = response.read(min(_CHUNK, most - size), decode_content=False)
        if not piece:
            break
        file.write(piece)
        size += len(piece)
    return size
