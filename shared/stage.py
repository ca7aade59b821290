"""What the services of the three stages do alike around the work: scratch folders, finished runs, events, rejections.

Synchronous; handlers call it from threads. docs/decisions/0006-services.md has the order of the steps and why.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from shared.canonical import canonical_json
from shared.contracts.common import Message, Submission
from shared.contracts.events import Runs, StageName, StageRun
from shared.contracts.rejected import Rejected, RejectionCode
from shared.delivery.faults import fault_point
from shared.delivery.messages import Outgoing, Received
from shared.envelope import Envelope
from shared.failures import PoisonError, TransientError
from shared.ids import event_id, object_id, stage_event_id, trace_parent
from shared.limits import Limits
from shared.storage.artifacts import ArtifactBucket, ArtifactMissingError
from shared.storage.payloads import body_of
from shared.storage.runs import Run, RunIndex
from shared.telemetry import metrics
from shared.telemetry.meter import METER
from shared.topics import DOCUMENTS_REJECTED, DOCUMENTS_VALIDATED, FACTS_NORMALIZED, TABLES_EXTRACTED, ServiceName

SERVICE_OF: Final[Mapping[StageName, ServiceName]] = {"extract": "extractor", "normalize": "normalizer", "validate": "validator"}
TOPIC_OF: Final[Mapping[StageName, str]] = {
    "extract": TABLES_EXTRACTED,
    "normalize": FACTS_NORMALIZED,
    "validate": DOCUMENTS_VALIDATED,
}
_SCHEMA_OF: Final[Mapping[StageName, str]] = {
    "extract": "tieout.extracted/1",
    "normalize": "tieout.normalized/1",
    "validate": "tieout.validated/1",
}
_REFERENCE: Final = "tieout.reference/1"
_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


@dataclass(frozen=True)
class Stage:
    """What a stage's handler needs of outside. `version`: of its producer. `work`: folder for scratch. `inline_bytes`: larger bodies refer."""

    name: StageName
    version: str
    artifacts: ArtifactBucket
    runs: RunIndex
    work: Path
    inline_bytes: int
    limits: Limits


@contextlib.contextmanager
def scratch(work: Path) -> Iterator[Path]:
    """A folder for one document. Raises TransientError `disk.unavailable` where the local disk refuses it, or is full while it is used."""
    try:
        work.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"document-{os.getpid()}-", dir=work))
    except OSError as problem:
        raise _no_disk(work, problem) from problem
    try:
        yield folder
    except OSError as problem:
        if problem.errno not in _DISK:
            raise
        raise _no_disk(work, problem) from problem
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _no_disk(work: Path, problem: OSError) -> TransientError:
    return TransientError(
        "disk.unavailable", f"{work}: {problem.strerror}; TIEOUT_WORK needs a folder that can be written, with free space"
    )


def empty_scratch(work: Path) -> None:
    """Removes what processes that are no more left in a folder for scratch; what another one uses at the moment stays."""
    for folder in work.glob("document-*-*"):
        owner = folder.name.split("-")[1]
        if owner == str(os.getpid()) or not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def finished(stage: Stage, input_digest: str, force: bool) -> Run | None:
    """The finished run of this version on an input; null where there is none, or where work is to be done all the same."""
    return None if force else stage.runs.find(stage.name, stage.version, input_digest)


def keep(stage: Stage, input_digest: str, result: Path) -> Run:
    """Makes a result durable: the artifact first, then the record of the run, so that a record never points to nothing."""
    run = Run(digest=stage.artifacts.put_file(result), bytes=result.stat().st_size)
    fault_point("after_artifact")
    stage.runs.keep(stage.name, stage.version, input_digest, run)
    return run


def announce(
    stage: Stage, received: Received, document: str, submission: Submission, before: Runs, run: Run, result: Path | None
) -> Outgoing:
    """The event that tells of a finished run.

    Args: before: the runs of the stages before. result: file with the result, where it was made just now.
    Raises: ArtifactMissingError: the artifact of an earlier run cannot be read.
    """
    runs = msgspec.structs.replace(before, **{stage.name: StageRun(version=stage.version, digest=run.digest)})
    load: Callable[[], bytes] = (lambda: stage.artifacts.get(run.digest)) if result is None else result.read_bytes
    body = body_of(stage.name, document, submission, runs, run.bytes, load, stage.inline_bytes)
    cause, topic = caused(received), TOPIC_OF[stage.name]
    identity = object_of(cause, submission)
    envelope = Envelope(
        id=stage_event_id(topic, document, identity, stage.version, run.digest),
        source=source_of(stage),
        type=f"tieout.{topic}",
        subject=document,
        dataschema=_SCHEMA_OF[stage.name] if body.inline or stage.name == "validate" else _REFERENCE,
        traceparent=cause.traceparent or trace_parent(identity),
        producer=stage.version,
        reason=cause.reason,
        lane=cause.lane,
        object=identity,
        dataref="" if body.inline else stage.artifacts.address(run.digest),
        digest="" if body.inline else run.digest,
    )
    METER.count(metrics.DOCUMENTS, stage=stage.name, outcome="reused" if result is None else "done")
    return Outgoing(topic, document, envelope, body.data)


def announced_again(stage: Stage, received: Received, document: str, submission: Submission, before: Runs, run: Run) -> Outgoing | None:
    """The event of a run that was finished before; null where its artifact is damaged, so that the work has to be done again."""
    try:
        return announce(stage, received, document, submission, before, run, None)
    except ArtifactMissingError:
        return None


def reject(stage: Stage, received: Received, submission: Submission, rejected: Rejected, document: str | None) -> Outgoing:
    """The event that a document is not read. Args: document: its id; null where its bytes were not read, so that only the object has a name."""
    METER.count(metrics.DOCUMENTS, stage=stage.name, outcome="gone" if rejected.code == "gone" else "rejected")
    cause = caused(received)
    identity = object_of(cause, submission)
    place = submission.object
    envelope = Envelope(
        id=event_id(f"tieout.{DOCUMENTS_REJECTED}", document or identity, identity, stage.name, stage.version, rejected.code),
        source=source_of(stage),
        type=f"tieout.{DOCUMENTS_REJECTED}",
        subject=document or identity,
        dataschema=rejected.schema,
        traceparent=cause.traceparent or trace_parent(identity),
        producer=stage.version,
        reason=cause.reason,
        lane=cause.lane,
        object=identity,
    )
    key = document or (f"{place.bucket}/{place.key}" if place else identity)
    return Outgoing(DOCUMENTS_REJECTED, key, envelope, canonical_json(msgspec.structs.replace(rejected, submission=submission)))


def rejection(code: RejectionCode, message: Message, page: int | None = None) -> Rejected:
    """Why a document is not read."""
    return Rejected(code=code, page=page, message=message)


def gone() -> Rejected:
    """The object vanished before it was read."""
    return rejection(
        "gone",
        Message(
            zh="对象在读取之前已被删除或替换。如仍需核对，请重新上传。",
            en="the object was deleted or replaced before it was read. Upload it again if it is still to be checked.",
        ),
    )


def caused(received: Received) -> Envelope:
    """The envelope of what was received. Raises PoisonError where it has none."""
    if received.envelope is None:
        raise PoisonError("event.malformed", f"{received.topic}: a record without an envelope")
    return received.envelope


def object_of(cause: Envelope, submission: Submission) -> str:
    """Id of the submission in the ledger. Raises PoisonError `payload.malformed` where neither envelope nor submission tells it."""
    place = submission.object
    if cause.object:
        return cause.object
    if place is None or place.version is None:
        raise PoisonError("payload.malformed", "neither the envelope nor the submission names the object")
    return object_id(place.bucket, place.key, place.version)


def source_of(stage: Stage) -> str:
    """Who sends the events of a stage."""
    return f"tieout/{SERVICE_OF[stage.name]}"
