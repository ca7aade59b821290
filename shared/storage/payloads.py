"""Claim check: a stage's result inside its event, or behind a reference to the artifact, and back to its canonical bytes.

An inline body is the result's canonical JSON with `submission` and `runs` added. Both directions move the fields as raw JSON: what a newer
producer adds travels on, large lists are not decoded, and the digest over the result's own bytes is checked exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from shared.canonical import canonical_json, digest
from shared.contracts.common import Model, Submission
from shared.contracts.events import DocumentValidated, Reference, Runs, StageName
from shared.contracts.normalized import NormalizedDocument
from shared.contracts.validated import Validated
from shared.failures import PoisonError
from shared.ids import filing_id
from shared.storage.artifacts import ArtifactBucket, is_digest

_RESULTS: Final[Mapping[StageName, str]] = {
    "extract": "tieout.extracted/1",
    "normalize": "tieout.normalized/1",
    "validate": "tieout.validated/1",
}
_REFERENCE: Final = "tieout.reference/1"
_ADDED: Final = ("submission", "runs", "filing")
_MAY_STAY_BEHIND: Final = ("checks", "facts")
_STAY_BEHIND: Final = (*_MAY_STAY_BEHIND, "claims")  # results of before had no claims

_Fields = dict[str, msgspec.Raw]
_FIELDS: Final = msgspec.json.Decoder(_Fields)
_DOCUMENT: Final = msgspec.json.Decoder(NormalizedDocument)


class _Head(Model, frozen=True, kw_only=True):
    """What every event of a stage holds besides its result."""

    schema: str
    document: msgspec.Raw
    submission: Submission
    runs: Runs


_HEAD: Final = msgspec.json.Decoder(_Head)
_REFERENCES: Final = msgspec.json.Decoder(Reference)


class _DocumentId(Model, frozen=True, kw_only=True):
    id: str


@dataclass(frozen=True)
class Payload:
    """A stage's result as an event carries it. `digest`: of its canonical JSON. `inline`: those bytes, verified; null: only the artifact has them."""

    document: str
    submission: Submission
    runs: Runs
    digest: str
    inline: bytes | None

    def bytes_of(self, artifacts: ArtifactBucket) -> bytes:
        """The result's canonical JSON. Raises ArtifactMissingError, StorageUnavailableError."""
        return artifacts.get(self.digest) if self.inline is None else self.inline

    def write_to(self, path: Path, artifacts: ArtifactBucket) -> None:
        """Writes the result's canonical JSON to a file. Raises ArtifactMissingError, StorageUnavailableError, OSError."""
        if self.inline is None:
            artifacts.fetch(self.digest, path)
        else:
            path.write_bytes(self.inline)


@dataclass(frozen=True)
class Body:
    """An event's body. `inline` is false where what it lacks is behind the artifact's reference."""

    data: bytes
    inline: bool


def body_of(
    stage: StageName,
    document: str,
    submission: Submission,
    runs: Runs,
    size: int,
    load: Callable[[], bytes],
    inline_bytes: int,
) -> Body:
    """The body of a stage's event.

    Args: document: its id. runs: with the stage's own run. size: of the result's canonical JSON in bytes. load: gives that JSON; not called
    for a result that travels by reference. inline_bytes: a larger body leaves the result (of validate: checks, facts and claims) behind.
    """
    run = run_of(runs, stage)
    if stage == "validate":
        return _validated(load(), submission, runs, inline_bytes)
    if size <= inline_bytes:
        whole = _joined({**_FIELDS.decode(load()), "submission": _raw(submission), "runs": _raw(runs)})
        if len(whole) <= inline_bytes:
            return Body(whole, inline=True)
    reference = Reference(document=document, submission=submission, runs=runs, digest=run, bytes=size)
    return Body(canonical_json(reference), inline=False)


def _validated(result: bytes, submission: Submission, runs: Runs, inline_bytes: int) -> Body:
    fields = _FIELDS.decode(result)
    filing = filing_id(_DOCUMENT.decode(fields["document"]))
    added = {"filing": _raw(filing), "submission": _raw(submission), "runs": _raw(runs)}
    whole = _joined(_ordered({**fields, **added}, DocumentValidated))
    if len(whole) <= inline_bytes:
        return Body(whole, inline=True)
    short = {name: value for name, value in fields.items() if name not in _STAY_BEHIND}
    return Body(_joined(_ordered({**short, **added}, DocumentValidated)), inline=False)


def payload_of(body: bytes, stage: StageName) -> Payload:
    """What the event of a stage carries.

    Raises: PoisonError: `payload.malformed`: it is none of a stage's events. `payload.digest_mismatch`: an inline result is not the one
    whose digest stands in its runs.
    """
    try:
        head = _HEAD.decode(body)
        if head.schema == _REFERENCE:
            return _referred(body, stage)
        if head.schema != _RESULTS[stage]:
            raise PoisonError("payload.malformed", f"{head.schema[:100]!r}, expected {_RESULTS[stage]!r} or {_REFERENCE!r}")
        fields = _FIELDS.decode(body)
        document = msgspec.json.decode(head.document, type=_DocumentId).id
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise PoisonError("payload.malformed", f"not the event of a result of {stage}: {problem}") from problem
    expected = run_of(head.runs, stage)
    if stage == "validate" and not all(name in fields for name in _MAY_STAY_BEHIND):
        return Payload(document, head.submission, head.runs, expected, None)
    result = {name: value for name, value in fields.items() if name not in _ADDED}
    data = _joined(_ordered(result, Validated) if stage == "validate" else result)
    if digest(data) != expected:
        raise PoisonError("payload.digest_mismatch", f"the result of {stage} for {document} is not the one with digest {expected}")
    return Payload(document, head.submission, head.runs, expected, data)


def _referred(body: bytes, stage: StageName) -> Payload:
    reference = _REFERENCES.decode(body)
    if reference.digest != run_of(reference.runs, stage):
        raise PoisonError("payload.malformed", f"the reference {reference.digest[:100]!r} is not the run of {stage}")
    return Payload(reference.document, reference.submission, reference.runs, reference.digest, None)


def run_of(runs: Runs, stage: StageName) -> str:
    """The digest of a stage's run. Raises PoisonError `payload.malformed` where the runs do not hold it."""
    run = getattr(runs, stage)
    if run is None or not is_digest(run.digest):
        raise PoisonError("payload.malformed", f"the runs hold no digest of {stage}")
    return str(run.digest)


def _ordered(fields: _Fields, model: type[Model]) -> _Fields:
    """Fields in the order of a model, those that it does not know after them."""
    known = {name: fields[name] for name in model.__struct_fields__ if name in fields}
    return {**known, **fields}


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(canonical_json(value))


def _joined(fields: _Fields) -> bytes:
    return b"{" + b",".join(canonical_json(name) + b":" + bytes(value) for name, value in fields.items()) + b"}"


def without_checks(filing: bytes, inline_bytes: int) -> Body:
    """The body of `filings.validated`: the reconciled filing (canonical JSON), its list of checks empty where the whole is too long."""
    if len(filing) <= inline_bytes:
        return Body(filing, inline=True)
    return Body(_joined({**_FIELDS.decode(filing), "checks": msgspec.Raw(b"[]")}), inline=False)
