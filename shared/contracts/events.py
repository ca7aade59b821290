"""Bodies of events that are no stage's result: objects, references, what was stored, deferred events, decisions, dead letters.

The envelope (shared/envelope.py) carries id, type, subject, version, reason and trace; a body can be read without it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from shared.contracts.common import Model, Submission
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Fact, Kind, Level, Normalized, NormalizedDocument, Part
from shared.contracts.validated import (
    Check,
    ClaimCheck,
    Counts,
    Coverage,
    Finding,
    FormSummary,
    RulesProducer,
    Verdict,
)

StageName = Literal["extract", "normalize", "validate"]
Reason = Literal["upload", "reprocess", "repair"]
Lane = Literal["upload", "bulk"]


class StageRun(Model, frozen=True, kw_only=True):
    """What a stage made of a document: the producer's version and the digest of its artifact."""

    version: str
    digest: str


class Runs(Model, frozen=True, kw_only=True):
    """The way of a result: the run of each stage so far."""

    extract: StageRun | None = None
    normalize: StageRun | None = None
    validate: StageRun | None = None


class ObjectCreated(Model, frozen=True, kw_only=True):
    """`objects.created`: an object to be read. `object` is its id in the ledger; `etag` guards against reading a later state."""

    schema: Literal["tieout.object_created/1"] = "tieout.object_created/1"
    object: str
    submission: Submission
    bytes: int
    etag: str


class TablesExtracted(Extracted, frozen=True, kw_only=True):
    """`tables.extracted`: the result of the extractor, inline. It adds to the result whose it is and how it came about."""

    submission: Submission
    runs: Runs


class FactsNormalized(Normalized, frozen=True, kw_only=True):
    """`facts.normalized`: the result of the normaliser, inline. It adds to the result whose it is and how it came about."""

    submission: Submission
    runs: Runs


class Reference(Model, frozen=True, kw_only=True):
    """A stage's result that travels by reference: the artifact with this digest (of its uncompressed canonical JSON) holds it.

    `document` is the document's id, `bytes` the size of the uncompressed payload.
    """

    schema: Literal["tieout.reference/1"] = "tieout.reference/1"
    document: str
    submission: Submission
    runs: Runs
    digest: str
    bytes: int


class DocumentValidated(Model, frozen=True, kw_only=True):
    """`documents.validated`: the result of the validator; `facts`, `checks` and `claims` are left out where the payload is behind the reference."""

    schema: Literal["tieout.validated/1"] = "tieout.validated/1"
    document: NormalizedDocument
    filing: str | None
    verdict: Verdict
    counts: Counts
    coverage: Coverage
    forms: tuple[FormSummary, ...]
    findings: tuple[Finding, ...]
    producer: RulesProducer
    submission: Submission
    runs: Runs
    checks: tuple[Check, ...] | msgspec.UnsetType = msgspec.UNSET
    facts: tuple[Fact, ...] | msgspec.UnsetType = msgspec.UNSET
    claims: tuple[ClaimCheck, ...] | msgspec.UnsetType = msgspec.UNSET


class Superseded(Model, frozen=True, kw_only=True):
    """The revision that a new one takes the place of, and what changed: findings that came and that went, by id."""

    document: str
    revision: int
    verdict: Verdict | None
    findings_added: tuple[str, ...]
    findings_gone: tuple[str, ...]


class DocumentStored(Model, frozen=True, kw_only=True):
    """`documents.stored`: a result is durable. `current`: it is the current revision of its filing's part (or is in no filing)."""

    schema: Literal["tieout.stored/1"] = "tieout.stored/1"
    document: NormalizedDocument
    submission: Submission
    filing: str | None
    part: Part
    revision: int | None
    current: bool
    supersedes: Superseded | None
    verdict: Verdict
    runs: Runs


DecisionKind = Literal["activate", "reprocess", "redrive", "discard", "accept", "withdraw"]


class Decision(Model, frozen=True, kw_only=True):
    """What a person decided. Kept as an object beside the artifacts and sent as `decisions.made`, so that a restored database gets it back.

    `stage`, `version`: of an activation; `stage` also where a reprocess begins. `document`, `since`: which documents are processed again
    (both null: all). `dead_letter`: the one that is redriven or discarded. `finding`: the one that is accepted as it stands, or no longer.
    """

    schema: Literal["tieout.decision/1"] = "tieout.decision/1"
    id: str
    kind: DecisionKind
    by: str
    at: str
    why: str = ""
    stage: StageName | None = None
    version: str | None = None
    document: str | None = None
    since: str | None = None
    dead_letter: str | None = None
    finding: str | None = None


class FilingInfo(Model, frozen=True, kw_only=True):
    """What a filing is about."""

    id: str
    region: str | None
    entity: str
    year: int
    kind: Kind
    level: Level | None
