"""The extractor's event: an object is to be read. Reads it in a child process and tells of its tables, or why it has none."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from services.extractor.errors import DocumentRejected, too_large_file
from shared.contracts.events import ObjectCreated, Runs
from shared.contracts.rejected import Rejected
from shared.delivery.messages import Outgoing, Received
from shared.failures import PoisonError
from shared.ids import is_unversioned
from shared.stage import Stage, announce, announced_again, caused, finished, gone, keep, reject, rejection, scratch
from shared.storage.ports import ObjectChangedError, ObjectGoneError, ObjectStorage, StoredObject

Extract = Callable[[Path, Path], Awaitable[object]]
"""Reads a PDF into a file, in a child process. Raises DocumentRejected, PoisonError, OSError."""

_CREATED: Final = msgspec.json.Decoder(ObjectCreated)
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class _Fetched:
    """A document on the local disk, by its id."""

    pdf: Path
    document: str


async def on_object_created(received: Received, stage: Stage, storage: ObjectStorage, extract: Extract) -> list[Outgoing]:
    """Tells of a document's tables (`tables.extracted`), or why it is not read (`documents.rejected`).

    Raises: PoisonError: the event is malformed, or our reader fails on the document. TransientError: storage or local disk.
    """
    created = _decoded(received.body)
    with scratch(stage.work) as folder:
        wanted = caused(received).reason != "reprocess"
        fetched = await asyncio.to_thread(_fetch, created, storage, folder / "document.pdf", stage.limits.file_bytes, wanted)
        if isinstance(fetched, Rejected):
            return [reject(stage, received, created.submission, fetched, None)]
        document, force = fetched.document, caused(received).force
        run = await asyncio.to_thread(finished, stage, document, force)
        if run and (told := await asyncio.to_thread(announced_again, stage, received, document, created.submission, Runs(), run)):
            return [told]
        out = folder / "extracted.json"
        try:
            await extract(fetched.pdf, out)
        except DocumentRejected as why:
            return [reject(stage, received, created.submission, rejection(why.code, why.message, why.page), document)]
        run = await asyncio.to_thread(keep, stage, document, out)
        return [await asyncio.to_thread(announce, stage, received, document, created.submission, Runs(), run, out)]


def _decoded(body: bytes) -> ObjectCreated:
    try:
        return _CREATED.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise PoisonError("payload.malformed", f"not the event of an object: {problem}") from problem


def _fetch(created: ObjectCreated, storage: ObjectStorage, to: Path, max_bytes: int, still_there: bool) -> _Fetched | Rejected:
    """Brings the object here. Nothing of one that is too large is loaded, or hardly anything where it is larger than it was said to be.

    Args: still_there: an object that was deleted is not read, although its version can be while only a delete marker hides it. Not so where
    what was read once is read again by another version.
    """
    if created.bytes > max_bytes:
        return _too_large(created.bytes, max_bytes)
    source = _pinned(created)
    try:
        if still_there and source.pinned:
            storage.stat(source.bucket, source.key)
        size = storage.download(source, to, max_bytes)
    except (ObjectGoneError, ObjectChangedError):
        return gone()
    return _too_large(size, max_bytes) if size > max_bytes else _Fetched(to, _document_id(to))


def _pinned(created: ObjectCreated) -> StoredObject:
    place = created.submission.object
    if place is None or place.version is None:
        raise PoisonError("payload.malformed", f"{created.object} has no place in a bucket")
    return StoredObject(
        bucket=place.bucket,
        key=place.key,
        version=place.version,
        pinned=not is_unversioned(place.version),
        etag=created.etag,
        size=created.bytes,
        last_modified=place.last_modified or "",
    )


def _too_large(size: int, max_bytes: int) -> Rejected:
    why = too_large_file(size, max_bytes)
    return rejection(why.code, why.message)


def _document_id(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return "sha256:" + digest.hexdigest()
