"""What the store answers: plain immutable values, free of the database. Facts and checks are those of the contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from services.store.domain.identity import Stage
from shared.contracts.common import Message, ObjectRef
from shared.contracts.events import FilingInfo
from shared.contracts.extracted import Extracted
from shared.contracts.filing import Member
from shared.contracts.normalized import CofogLink, Kind, Level, Part
from shared.contracts.rejected import RejectionCode
from shared.contracts.validated import Counts, Coverage, Diagnosis, Evidence, Severity, Verdict


@dataclass(frozen=True, kw_only=True)
class TableSummary:
    """A table as drawn, without its cells (those are in the artifact)."""

    id: str
    title: str | None
    number: str | None
    pages: tuple[int, ...]
    n_rows: int
    n_cols: int
    unit: str | None


@dataclass(frozen=True, kw_only=True)
class ExtractedSummary:
    """What the store keeps of an extraction: the extractor's version and the tables."""

    version: str
    tables: tuple[TableSummary, ...]

    @classmethod
    def of(cls, extracted: Extracted) -> ExtractedSummary:
        """The summary of an extracted document."""
        tables = tuple(
            TableSummary(
                id=table.id, title=table.title, number=table.number, pages=table.pages,
                n_rows=table.n_rows, n_cols=table.n_cols, unit=table.unit,
            )
            for table in extracted.tables
        )  # fmt: skip
        return cls(version=extracted.producer.version, tables=tables)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which documents are meant; null = any. `entity`: the name contains this text. `documents`: only these ids.

    `current`: true = without documents that a later revision of their filing part supersedes.
    """

    entity: str | None = None
    region: str | None = None
    year: int | None = None
    kind: Kind | None = None
    verdict: Verdict | None = None
    documents: tuple[str, ...] | None = None
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class RejectionView:
    """A file that was not read. `document` is null where not even its bytes could be read; `version` is the extractor's."""

    document: str | None
    name: str
    object: ObjectRef | None
    code: RejectionCode
    page: int | None
    message: Message
    version: str


@dataclass(frozen=True, kw_only=True)
class FormView:
    """A table of a document with the form it was recognised as; `form` is null where it was not."""

    table: str
    form: str | None
    title: str | None
    number: str | None
    pages: tuple[int, ...]
    n_rows: int
    n_cols: int
    unit: str | None
    figures: int
    tied: int


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """A document with its current result.

    `status`: stored, rejected, or submitted (no result yet; then everything about its content is null or empty). `name` is that of its
    latest submission, `names` all of them. `current`: no later revision of its filing part supersedes it. `findings`: number by severity;
    `accepted`: how many of them a person accepted. `versions` and `artifacts`: per stage, of the current result. `cofog`: places of its function codes in COFOG, by code.
    `rejection`: why it was not read (where the active version did not).
    """

    id: str
    name: str
    names: tuple[str, ...]
    status: str
    bytes: int | None
    pages: int | None
    entity: str | None = None
    entity_code: str | None = None
    region: str | None = None
    year: int | None = None
    kind: Kind | None = None
    level: Level | None = None
    part: Part | None = None
    filing: str | None = None
    current: bool = True
    verdict: Verdict | None = None
    counts: Counts = field(default_factory=Counts)
    coverage: Coverage = field(default_factory=lambda: Coverage(figures=0, tied=0, untied=0))
    findings: Mapping[Severity, int] = field(default_factory=dict)
    accepted: int = 0
    unmapped: int = 0
    claims: int = 0
    forms: tuple[FormView, ...] = ()
    cofog: Mapping[str, CofogLink] = field(default_factory=dict)
    stored_at: str | None = None
    versions: Mapping[Stage, str] = field(default_factory=dict)
    artifacts: Mapping[Stage, str] = field(default_factory=dict)
    rejection: RejectionView | None = None


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """A person accepted a finding as it stands: who, when (UTC), and why. It says nothing about the figures: verdicts stay what they are."""

    finding: str
    by: str
    at: str
    why: str


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """A finding with the document and the figure it is about.

    `reported` (as printed), `computed` and `difference` are those that the message names, in `unit`; `relative_ppm` is |difference| in parts
    per million of the larger of both. `page`, `table`, `row`, `col`, `text` are the place of the accused figure; one of the narrative has a
    page only. All are null where the message is about no figure. `filing`: where the finding lies between documents; `document` is then the
    one that it is about. `accepted`: null where nobody accepted it.
    """

    id: str
    document: str
    document_name: str
    entity: str | None
    region: str | None
    year: int | None
    kind: Kind | None
    current: bool
    severity: Severity
    code: str
    form: str | None
    title: str | None
    message: Message
    table: str | None
    row: int | None
    col: int | None
    page: int | None
    text: str | None
    rule: str | None
    reported: Decimal | None
    computed: Decimal | None
    difference: Decimal | None
    unit: str | None
    relative_ppm: int | None
    checks: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    diagnosis: Diagnosis | None
    filing: str | None = None
    accepted: Acceptance | None = None


@dataclass(frozen=True, kw_only=True)
class FilingResult:
    """What reconciling the documents of a filing found; it speaks of the present ones. `findings`: number by severity.

    `previous`: the members of last year's filing, empty where it is not stored. `artifact`: digest of the whole result.
    """

    filing: FilingInfo
    members: tuple[Member, ...]
    previous: tuple[Member, ...]
    verdict: Verdict
    counts: Counts
    coverage: Coverage
    findings: Mapping[Severity, int]
    version: str
    artifact: str
    stored_at: str


@dataclass(frozen=True, kw_only=True)
class RevisionView:
    """One revision of a part: a submission. `number` counts from 1."""

    number: int
    document: str
    name: str
    object: ObjectRef | None
    last_modified: str | None
    current: bool


@dataclass(frozen=True, kw_only=True)
class PartView:
    """A part of a filing with its revisions, oldest first. None where the document's submission is not known yet."""

    part: Part
    revisions: tuple[RevisionView, ...]


@dataclass(frozen=True, kw_only=True)
class FilingView:
    """What one department or unit disclosed for one year, in one kind of filing."""

    id: str
    region: str | None
    entity: str
    year: int
    kind: Kind
    level: Level | None
    parts: tuple[PartView, ...]


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """The way of a result of a document: the version of each stage, and the digest of its artifact."""

    versions: Mapping[Stage, str]
    digests: Mapping[Stage, str]
