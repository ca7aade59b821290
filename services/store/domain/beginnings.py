"""The events with which work on a submission begins, or begins again: a new object, a stage's result sent once more, a dead letter's record.

Pure. An event sent again has the id that it had before: consumers know it, attempts on it are counted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from services.store.domain.identity import STAGES
from services.store.domain.ledger import DeadLetter, FoundObject, OutboxEvent, Step
from services.store.domain.positions import is_scheduled, last_told
from shared.canonical import canonical_json
from shared.contracts.events import Lane, ObjectCreated, Reason, Reference, Runs, StageName, StageRun
from shared.envelope import Envelope, MalformedEnvelopeError, from_headers, to_headers
from shared.ids import event_id, stage_event_id, trace_parent
from shared.topics import DOCUMENTS_VALIDATED, FACTS_NORMALIZED, OBJECTS_CREATED, TABLES_EXTRACTED
from shared.versions import RELEASE

INPUTS: Final[Mapping[StageName, str]] = {"extract": OBJECTS_CREATED, "normalize": TABLES_EXTRACTED, "validate": FACTS_NORMALIZED}
"""What a stage reads."""

READERS: Final[Mapping[str, StageName]] = {topic: stage for stage, topic in INPUTS.items()}
"""Which stage reads a topic."""

_BEFORE: Final[Mapping[StageName, tuple[StageName, str]]] = {
    "normalize": ("extract", "tieout/extractor"),
    "validate": ("normalize", "tieout/normalizer"),
}


def text_of(at: datetime) -> str:
    """A time as the database and events have it: UTC with microseconds, as text in the order of time. Raises ValueError: it has no zone."""
    if at.tzinfo is None:
        raise ValueError("a time without zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def first_event_id(object_id: str, request: str | None = None) -> str:
    """Id of an object's `objects.created`. Args: request: id of the decision to process it again."""
    return event_id(f"tieout.{OBJECTS_CREATED}", object_id, *([request] if request else []))


def object_created(
    found: FoundObject, at: datetime, identifier: str | None = None, reason: Reason = "upload", lane: Lane = "upload", force: bool = False
) -> OutboxEvent:
    """`objects.created` for an object. Args: at: when it is made. identifier: of the event; null: that of its arrival."""
    place = found.submission.object
    assert place is not None  # whatever lies in a bucket has a place there
    envelope = Envelope(
        id=identifier or first_event_id(found.object),
        source="tieout/store",
        type=f"tieout.{OBJECTS_CREATED}",
        subject=found.object,
        time=text_of(at),
        dataschema="tieout.object_created/1",
        traceparent=trace_parent(found.object),
        producer=RELEASE,
        reason=reason,
        lane=lane,
        object=found.object,
        force=force,
    )
    body = ObjectCreated(object=found.object, submission=found.submission, bytes=found.size, etag=found.etag)
    return OutboxEvent(
        id=envelope.id,
        topic=OBJECTS_CREATED,
        key=f"{place.bucket}/{place.key}".encode(),
        headers=to_headers(envelope),
        body=canonical_json(body),
        scheduled=True,
        object=found.object,
        department=found.submission.department,
        lane=lane,
        due=at,
    )


def begun_again(
    found: FoundObject,
    trail: Iterable[Step],
    stage: StageName,
    at: datetime,
    *,
    reason: Reason,
    lane: Lane,
    active: Mapping[StageName, str],
    force: bool = False,
    request: str | None = None,
) -> tuple[StageName, OutboxEvent]:
    """The event with which a stage works on a submission again.

    Args: trail: its steps. stage: the stage that is to work; where the result that it reads is not known, an earlier one. active: activated
    versions: of several results theirs is taken, else the last one. request: id of the event of the request to process it again.
    Returns: the stage that begins, and its event.
    """
    steps = sorted(trail, key=lambda step: (last_told(step), step.event))
    document = next((step.document for step in reversed(steps) if step.document), None)
    while stage != "extract":
        before, source = _BEFORE[stage]
        if document is not None and (runs := _runs(steps, before, active)) is not None:
            return stage, _result_again(found, steps, stage, document, runs, source, at, reason, lane, force)
        stage = before
    return stage, object_created(found, at, request, reason, lane, force)


def _runs(steps: list[Step], last: StageName, active: Mapping[StageName, str]) -> Runs | None:
    """The runs up to a stage: those of activated versions, of several the last ones told."""
    wanted = STAGES[: STAGES.index(last) + 1]
    found = [step.runs for step in steps if step.runs is not None and all(getattr(step.runs, stage) is not None for stage in wanted)]
    if not found:
        return None
    ranked = max(enumerate(found), key=lambda each: (_activated(each[1], wanted, active), each[0]))[1]
    return Runs(**{stage: getattr(ranked, stage) for stage in wanted})


def _activated(runs: Runs, stages: Iterable[StageName], active: Mapping[StageName, str]) -> bool:
    return all(active.get(stage, run.version) == run.version for stage in stages if (run := getattr(runs, stage)) is not None)


def _result_again(
    found: FoundObject,
    steps: list[Step],
    stage: StageName,
    document: str,
    runs: Runs,
    source: str,
    at: datetime,
    reason: Reason,
    lane: Lane,
    force: bool,
) -> OutboxEvent:
    """The result that a stage reads, by reference: its artifact is durable, its bytes need not be here."""
    before = _BEFORE[stage][0]
    run: StageRun = getattr(runs, before)
    sizes = [step.bytes for step in steps if step.bytes is not None and _made(step, before) == run.digest]
    topic = INPUTS[stage]
    envelope = Envelope(
        id=stage_event_id(topic, document, found.object, run.version, run.digest),
        source=source,
        type=f"tieout.{topic}",
        subject=document,
        time=text_of(at),
        dataschema="tieout.reference/1",
        traceparent=trace_parent(found.object),
        producer=run.version,
        reason=reason,
        lane=lane,
        object=found.object,
        force=force,
        digest=run.digest,
    )
    size = sizes[-1] if sizes else 0  # 0: not known
    body = Reference(document=document, submission=found.submission, runs=runs, digest=run.digest, bytes=size)
    return OutboxEvent(
        id=envelope.id,
        topic=topic,
        key=document.encode(),
        headers=to_headers(envelope),
        body=canonical_json(body),
        scheduled=is_scheduled(lane, stage),
        object=found.object,
        department=found.submission.department,
        lane=lane,
        due=at,
    )


_MADE_BY: Final = {"extracted": "extract", "normalized": "normalize"}


def _made(step: Step, stage: StageName) -> str | None:
    """The digest of a stage's result, where a step tells that it was made."""
    run = getattr(step.runs, stage, None) if _MADE_BY.get(step.kind) == stage else None
    return run.digest if run else None


def redriven(letter: DeadLetter, department: str | None, at: datetime) -> OutboxEvent:
    """The original record of a dead letter with `ce_redrive` one higher: its attempts count anew, its event id stays."""
    try:
        envelope = from_headers(letter.headers)
    except MalformedEnvelopeError:
        envelope = None
    count = str((envelope.redrive if envelope else 0) + 1).encode()
    lane: Lane = envelope.lane if envelope else "upload"
    stage = READERS.get(letter.topic)
    return OutboxEvent(
        id=f"redrive:{letter.id}",
        topic=letter.topic,
        key=letter.key,
        headers=(*((name, value) for name, value in letter.headers if name.lower() != "ce_redrive"), ("ce_redrive", count)),
        body=letter.value,
        scheduled=letter.object is not None and stage is not None and is_scheduled(lane, stage),
        object=letter.object,
        department=department,
        lane=lane,
        due=at,
    )


def stage_that_makes(missing: str, runs: Runs | None, topic: str) -> StageName:
    """The stage that has to work again where an artifact is missing.

    Args: missing: what the failure says; it names the digest, or the address that is made of it. runs: of the submission. topic: what could not be read.
    Returns: the stage whose artifact is named, else the one before the reader of the topic: the artifacts before it are asked for in turn.
    """
    for stage in STAGES:
        run = getattr(runs, stage, None)
        if run is not None and run.digest.removeprefix("sha256:") in missing:
            return stage
    return {FACTS_NORMALIZED: "normalize", DOCUMENTS_VALIDATED: "validate"}.get(topic, "extract")  # type: ignore[return-value]
