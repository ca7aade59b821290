"""`tieout.notice/1`: what a department has to correct or to explain in a document, for a program to read (`tieout report` writes it)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

from shared.contracts.common import Box, Message, Model, Submission
from shared.contracts.normalized import NormalizedDocument
from shared.contracts.validated import Cause, Coverage, RulesProducer, Severity, Status, Verdict

SCHEMA: Final = "tieout.notice/1"

NoticeKind = Literal["correction", "question", "note"]


class NoticePlace(Model, frozen=True, kw_only=True):
    """A figure and where it stands.

    `row_label`: what its row is called; `column`: headings above it from the top; `row`, `col` count from 0 in the joined table, boxhead included,
    and are null in the narrative. `box` is null where only the page is known. `document`, `file`: where the figure is another document's.
    """

    page: int
    box: Box | None
    printed: str
    unit: str | None
    form: str | None = None
    title: str | None = None
    row_label: str = ""
    column: tuple[str, ...] = ()
    row: int | None = None
    col: int | None = None
    document: str | None = None
    file: str | None = None


class NoticeTerm(Model, frozen=True, kw_only=True):
    """A part of a sum: its sign (1 or -1), and the figure; null where the figure was not read."""

    sign: int
    figure: NoticePlace | None


class NoticeSum(Model, frozen=True, kw_only=True):
    """A sum that speaks of the figure: what is printed, what the parts come to, and the difference (printed - computed), in `unit`."""

    rule: str
    name: Message
    status: Status
    figure: NoticePlace | None
    terms: tuple[NoticeTerm, ...]
    printed: Decimal | None
    computed: Decimal | None
    difference: Decimal | None
    unit: str | None


class NoticeCandidate(Model, frozen=True, kw_only=True):
    """Another figure that may be the wrong one, with what it should print."""

    figure: NoticePlace | None
    suggested: str | None
    cause: Cause
    confidence: float


class NoticeAcceptance(Model, frozen=True, kw_only=True):
    """A reviewer accepted the finding as it stands: nothing has to be done about it. `at`: UTC."""

    by: str
    at: str
    why: str


class NoticeItem(Model, frozen=True, kw_only=True):
    """A finding. `number` is that in the report and in the marked PDF.

    `kind`: a correction (impossible as printed), a question (to be looked into; nobody is accused), or a note (nothing to do). `figure`: the one in
    question, as far as it is known. `suggested`: what it should print, null where that is not known; `confidence`: how sure that is, null without
    a diagnosis. `document`: for findings between documents, whose figure it is. `finding` is the id that `tieout accept` and `explain` take.
    """

    number: int
    finding: str
    kind: NoticeKind
    code: str
    severity: Severity
    sentence: Message
    page: int | None
    figure: NoticePlace | None
    suggested: str | None
    unit: str | None
    confidence: float | None
    cause: Cause | None
    candidates: tuple[NoticeCandidate, ...]
    sums: tuple[NoticeSum, ...]
    between_documents: bool
    accepted: NoticeAcceptance | None


class NoticeCounts(Model, frozen=True, kw_only=True):
    """How many findings of each kind are open, and how many were accepted."""

    corrections: int
    questions: int
    notes: int
    accepted: int


class Notice(Model, frozen=True, kw_only=True):
    """The notice of a document. Without the time it was made: the same results give the same notice."""

    schema: Literal["tieout.notice/1"] = SCHEMA
    document: NormalizedDocument
    submission: Submission
    verdict: Verdict
    counts: NoticeCounts
    coverage: Coverage
    not_assessable: int
    unread_tables: int
    items: tuple[NoticeItem, ...]
    producer: RulesProducer
