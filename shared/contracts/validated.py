"""`tieout.validated/1`: verdict, checks, findings and coverage of a document (body of `documents.validated`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

import msgspec

from shared.contracts.common import Box, Message, Model, Producer, Submission
from shared.contracts.normalized import ClaimKind, Fact, NormalizedDocument, Origin

SCHEMA: Final = "tieout.validated/1"

Status = Literal["failed", "exact", "rounding", "suspicious", "not_assessable"]
Verdict = Literal["inconsistent", "unverifiable", "consistent_within_rounding", "consistent"]
Severity = Literal["error", "warning", "info"]
Cause = Literal[
    "digit_substituted", "digits_swapped", "digit_dropped", "digit_inserted", "decimal_shift", "zero_extra", "unit_slip", "sign_flipped",
    "column_shift", "row_missing", "row_duplicated", "subtotal_counted", "stale_copy", "page_missing", "cells_merged", "misread", "unknown",
]  # fmt: skip


ClaimStatus = Literal["tied", "contradicting", "untied"]
ClaimFormula = Literal["figure", "blank", "sum", "share", "completion", "growth", "difference"]
ClaimReason = Literal["no_figure", "differs", "rough", "near", "no_amount", "no_base", "count"]


class Counts(Model, frozen=True, kw_only=True):
    """How many checks ended in each status."""

    exact: int = 0
    rounding: int = 0
    suspicious: int = 0
    failed: int = 0
    not_assessable: int = 0


class ClaimCounts(Model, frozen=True, kw_only=True):
    """How many figures of the narrative are tied, contradicting and untied."""

    tied: int = 0
    contradicting: int = 0
    untied: int = 0


class Coverage(Model, frozen=True, kw_only=True):
    """How many figures take part in at least one assessed check, and how many in none.

    `tied_once`, `tied_more`: of those tied, how many are held by one sum, and by two or more different ones; checks of the same figures are
    one sum. Both are left out in results older than these fields, and in those of filings. `claims`: the same of the figures of the narrative.
    """

    figures: int
    tied: int
    untied: int
    tied_once: int | msgspec.UnsetType = msgspec.UNSET
    tied_more: int | msgspec.UnsetType = msgspec.UNSET
    claims: ClaimCounts | msgspec.UnsetType = msgspec.UNSET


class ClaimCheck(Model, frozen=True, kw_only=True):
    """A figure of the narrative with what it points to. `claim`: its index in the normalised document; `page`, `bbox`, `text`: its line and sentence.

    `formula`: how it follows from what it points to: figure (it is printed in the tables), blank (the tables have the line without a figure, and
    the text says 0), sum (of the amounts listed for it), share, completion (of the budget), growth, difference. `facts` and `claims`: the figures
    of the tables and of the narrative that the formula takes. `expected`: what it gives, in `unit`; null where it is as printed. `reason`: why it
    is untied.
    """

    claim: int
    page: int
    bbox: Box | None
    text: str
    kind: ClaimKind
    subject: str
    amount: Decimal
    unit: str | None
    status: ClaimStatus
    formula: ClaimFormula | None = None
    facts: tuple[str, ...] = ()
    claims: tuple[int, ...] = ()
    expected: Decimal | None = None
    reason: ClaimReason | None = None


class Term(Model, frozen=True, kw_only=True):
    """A summand of a check: a fact and the sign (1 or -1) with which it counts. `document`: whose fact it is, in checks of a filing only."""

    fact: str
    sign: int
    document: str | msgspec.UnsetType = msgspec.UNSET


class Check(Model, frozen=True, kw_only=True):
    """An identity applied: target = sum of the terms. Amounts are in `unit` (that of the target).

    `difference` = reported - computed; the grades are tested in the order failed (|difference| > `possible`), exact, rounding
    (<= `plausible`), suspicious. All five amounts are null where the check is not assessable; `reason` says why. `document`: whose figure the
    target is, in checks of a filing only; there `claim/N` is the figure N (from 0) of the document's narrative.
    """

    id: str
    rule: str
    form: str | None
    status: Status
    target: str
    terms: tuple[Term, ...]
    reported: Decimal | None
    computed: Decimal | None
    difference: Decimal | None
    possible: Decimal | None
    plausible: Decimal | None
    unit: str | None = None
    reason: str | None = None
    document: str | msgspec.UnsetType = msgspec.UNSET


class Evidence(Model, frozen=True, kw_only=True):
    """A figure that a finding rests on, with its place. `document`: whose figure it is, in findings of a filing only."""

    fact: str
    table: str
    row: int
    col: int
    page: int
    bbox: Box
    text: str
    document: str | msgspec.UnsetType = msgspec.UNSET


class CandidateCause(Model, frozen=True, kw_only=True):
    """Another explanation that fits as well."""

    cause: Cause
    fact: str
    suggested: str | None
    confidence: float


class Diagnosis(Model, frozen=True, kw_only=True):
    """The cause of a finding with the suggested figure; `suggested` is null where the place is known but not the value."""

    cause: Cause
    fact: str | None
    reported: str | None
    suggested: str | None
    confidence: float
    confirmed_by: tuple[str, ...] = ()
    candidates: tuple[CandidateCause, ...] = ()

    @property
    def fills_a_blank(self) -> bool:
        """Whether what is suggested belongs into a cell that prints nothing: there is no figure to change."""
        return self.suggested is not None and self.fact is None


class Finding(Model, frozen=True, kw_only=True):
    """What a person has to look at. `id` is stable over versions; `code` is one of vocabulary.FindingCode.

    `reported`, `expected` and `difference` (reported - expected) are the amounts of the sentence, in `unit`: those of the accused figure, or
    of the narrative where that contradicts a form. Null where the sentence names no such amount. `rule`: the identity that the sentence
    names. `page`: the page of the accused figure (of the narrative's). All six are null in results older than these fields. `document`: the
    document that `page` is of, in findings of a filing only. `origin`: "image" where it rests on figures that were recognised in an image.
    """

    id: str
    code: str
    severity: Severity
    message: Message
    checks: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    diagnosis: Diagnosis | None = None
    form: str | None = None
    title: str | None = None
    reported: Decimal | None = None
    expected: Decimal | None = None
    difference: Decimal | None = None
    unit: str | None = None
    rule: str | None = None
    page: int | None = None
    document: str | msgspec.UnsetType = msgspec.UNSET
    origin: Origin | msgspec.UnsetType = msgspec.UNSET


class RulesProducer(Producer, frozen=True, kw_only=True):
    """The validator's producer also names the rule set."""

    rules: str


class FormSummary(Model, frozen=True, kw_only=True):
    """A form of the document in the summary: its figures, how many are tied, and (`tied_more`) by two or more different sums."""

    table: str
    form: str | None
    title: str | None
    pages: tuple[int, ...]
    figures: int
    tied: int
    tied_more: int | msgspec.UnsetType = msgspec.UNSET


class Validated(Model, frozen=True, kw_only=True):
    """The verdict of a document with all checks and findings. `claims`: every figure of its narrative."""

    schema: Literal["tieout.validated/1"] = SCHEMA
    document: NormalizedDocument
    verdict: Verdict
    counts: Counts
    coverage: Coverage
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...]
    producer: RulesProducer
    forms: tuple[FormSummary, ...] = ()
    claims: tuple[ClaimCheck, ...] = ()
    submission: Submission | msgspec.UnsetType = msgspec.UNSET
