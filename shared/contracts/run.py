"""`tieout.run/1`: what `tieout run --json` prints: every file of the call with its outcome."""

from __future__ import annotations

from typing import Final, Literal

from shared.contracts.common import Model, Submission
from shared.contracts.events import FilingInfo
from shared.contracts.filing import Member
from shared.contracts.normalized import NormalizedDocument
from shared.contracts.rejected import Rejected
from shared.contracts.validated import Counts, Coverage, Finding, FormSummary, Verdict

SCHEMA: Final = "tieout.run/1"


class RunDocument(Model, frozen=True, kw_only=True):
    """A document that was read. `known`: it had been processed before with the same versions; its stored result is shown.

    `accepted`: ids of its findings that a person accepted as they stand; verdict and exit code are those of the figures all the same.
    """

    submission: Submission
    document: NormalizedDocument
    pages: int
    known: bool
    verdict: Verdict
    counts: Counts
    coverage: Coverage
    forms: tuple[FormSummary, ...]
    findings: tuple[Finding, ...]
    accepted: tuple[str, ...] = ()


class RunFiling(Model, frozen=True, kw_only=True):
    """A filing that a document of the call is part of, reconciled. `files`, `previous_files`: names of its documents and of last year's.

    `accepted`: ids of its findings that a person accepted as they stand. `budget_files`: of final accounts, those of
    the year's budget.
    """

    filing: FilingInfo
    members: tuple[Member, ...]
    files: tuple[str, ...]
    previous_files: tuple[str, ...]
    verdict: Verdict
    counts: Counts
    coverage: Coverage
    findings: tuple[Finding, ...]
    accepted: tuple[str, ...] = ()
    budget_files: tuple[str, ...] = ()


class RunReport(Model, frozen=True, kw_only=True):
    """A whole call. `ignored`: files of folders that are no PDFs. `missing`: arguments that do not exist. `without_pdf`: folders without PDFs."""

    schema: Literal["tieout.run/1"] = SCHEMA
    documents: tuple[RunDocument, ...]
    rejected: tuple[Rejected, ...]
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    without_pdf: tuple[str, ...]
    data: str
    exit_code: int
    filings: tuple[RunFiling, ...] = ()
