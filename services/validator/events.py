"""The validator's events: a document has facts; a filing consists of other documents. Both end in a verdict."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from shared.canonical import digest
from shared.contracts.common import Model, Submission
from shared.contracts.filing import FilingChanged
from shared.contracts.validated import Verdict
from shared.delivery.messages import Outgoing, Received
from shared.envelope import Envelope
from shared.failures import PoisonError
from shared.filings import all_members, needs_reconciling
from shared.ids import event_id, is_unversioned, trace_parent
from shared.stage import Stage, announce, announced_again, caused, finished, gone, keep, reject, scratch, source_of
from shared.storage.artifacts import is_digest
from shared.storage.payloads import Payload, payload_of, without_checks
from shared.storage.ports import ObjectChangedError, ObjectGoneError, ObjectStorage, StoredObject
from shared.telemetry import metrics
from shared.telemetry.meter import METER
from shared.topics import FILINGS_VALIDATED

Validate = Callable[[Path, Path | None, Path], Awaitable[bool]]
"""Validates a normalised document (the PDF for second readings, null while it is not here) into a file, in a child process; False where it
needs the PDF. Raises PoisonError, OSError."""

Reconcile = Callable[[bytes, Mapping[str, Path], Path], Awaitable[bool]]
"""Reconciles a filing: the change, normalised documents by digest, file for the result; in a child process. False where there is nothing
to compare. Raises PoisonError, OSError."""

_CHANGED: Final = msgspec.json.Decoder(FilingChanged)
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class Work:
    """What the validator does in child processes."""

    validate: Validate
    reconcile: Reconcile


async def on_facts_normalized(received: Received, stage: Stage, storage: ObjectStorage, work: Work) -> list[Outgoing]:
    """Tells the verdict of a document (`documents.validated`); `documents.rejected` where a cell has to be read again and the object is gone.

    Raises: PoisonError: the event is malformed, or our code fails on the document. TransientError: storage, local disk, missing artifact.
    """
    payload = await asyncio.to_thread(payload_of, received.body, "normalize")
    document, submission, runs = payload.document, payload.submission, payload.runs
    run = await asyncio.to_thread(finished, stage, payload.digest, caused(received).force)
    if run and (told := await asyncio.to_thread(announced_again, stage, received, document, submission, runs, run)):
        return [told]
    with scratch(stage.work) as folder:
        source, pdf, out = folder / "normalized.json", folder / "document.pdf", folder / "validated.json"
        await asyncio.to_thread(payload.write_to, source, stage.artifacts)
        if not await work.validate(source, None, out):
            if not await asyncio.to_thread(_fetch, payload, storage, pdf, stage.limits.file_bytes):
                return [reject(stage, received, submission, gone(), document)]
            await work.validate(source, pdf, out)
        run = await asyncio.to_thread(keep, stage, payload.digest, out)
        return [await asyncio.to_thread(announce, stage, received, document, submission, runs, run, out)]


class _Verdict(Model, frozen=True, kw_only=True):
    """Of a filing's result, what the metric needs."""

    verdict: Verdict


_VERDICT = msgspec.json.Decoder(_Verdict)


async def on_filing_changed(received: Received, stage: Stage, work: Work) -> list[Outgoing]:
    """Tells the verdict over the documents of a filing (`filings.validated`); nothing where they need none besides their own.

    Raises: as above; ArtifactMissingError where a member's normalised document is missing.
    """
    changed = _changed(received.body)
    if not needs_reconciling(changed):
        return []
    with scratch(stage.work) as folder:
        files, out = await asyncio.to_thread(_members, changed, stage, folder), folder / "filing.json"
        if not await work.reconcile(received.body, files, out):
            return []
        return [await asyncio.to_thread(_filing_event, received, changed, stage, out)]


def _fetch(payload: Payload, storage: ObjectStorage, to: Path, max_bytes: int) -> bool:
    """Brings the document here for second readings; False where its object is gone, or holds other bytes now."""
    try:
        storage.download(_object(payload.submission), to, max_bytes)
    except (ObjectGoneError, ObjectChangedError):
        return False
    actual = hashlib.sha256()
    with to.open("rb") as file:
        while piece := file.read(_CHUNK):
            actual.update(piece)
    return "sha256:" + actual.hexdigest() == payload.document


def _object(submission: Submission) -> StoredObject:
    place = submission.object
    if place is None or place.version is None:
        raise PoisonError("payload.malformed", f"{submission.name} has no place in a bucket")
    pinned = not is_unversioned(place.version)
    etag = "" if pinned else place.version.removeprefix("etag:").rpartition("@")[0]
    return StoredObject(place.bucket, place.key, place.version, pinned, etag, 0, place.last_modified or "")


def _changed(body: bytes) -> FilingChanged:
    try:
        changed = _CHANGED.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise PoisonError("payload.malformed", f"not the event of a filing: {problem}") from problem
    if not all(is_digest(member.digest) for member in all_members(changed)):
        raise PoisonError("payload.malformed", f"a member of {changed.filing.id} has no digest")
    return changed


def _members(changed: FilingChanged, stage: Stage, folder: Path) -> dict[str, Path]:
    members = all_members(changed)
    files = {member.digest: folder / f"{member.digest.removeprefix('sha256:')}.json" for member in members}
    for member, file in files.items():
        stage.artifacts.fetch(member, file)
    return files


def _filing_event(received: Received, changed: FilingChanged, stage: Stage, result: Path) -> Outgoing:
    """The result is an artifact as well; where the event is too long, its checks are only there."""
    artifact = stage.artifacts.put_file(result)
    body = without_checks(result.read_bytes(), stage.inline_bytes)
    METER.count(metrics.FILINGS, verdict=_VERDICT.decode(body.data).verdict)
    cause, filing = caused(received), changed.filing.id
    envelope = Envelope(
        id=event_id(f"tieout.{FILINGS_VALIDATED}", filing, stage.version, digest(received.body), artifact),
        source=source_of(stage),
        type=f"tieout.{FILINGS_VALIDATED}",
        subject=filing,
        dataschema="tieout.filing/1",
        traceparent=cause.traceparent or trace_parent(filing),
        producer=stage.version,
        reason=cause.reason,
        lane=cause.lane,
        object=cause.object,
        dataref="" if body.inline else stage.artifacts.address(artifact),
        digest="" if body.inline else artifact,
    )
    return Outgoing(FILINGS_VALIDATED, filing, envelope, body.data)
