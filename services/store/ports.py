"""What the store offers to the composition and to its handlers: a database of current results, and a folder of artifacts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from services.store.domain.identity import Stage
from services.store.domain.views import (
    Acceptance,
    DocumentView,
    ExtractedSummary,
    FilingResult,
    FilingView,
    Filter,
    FindingView,
    Lineage,
    RejectionView,
)
from shared.contracts.common import ObjectRef, Submission
from shared.contracts.events import Decision, DocumentStored
from shared.contracts.extracted import DocumentInfo
from shared.contracts.filing import Filing, FilingChanged
from shared.contracts.normalized import Fact, Normalized
from shared.contracts.rejected import Rejected
from shared.contracts.validated import Check, Severity, Validated


class Store(Protocol):
    """Documents, their current results, and filings. Every method is one transaction and may be repeated without effect.

    All methods raise StoreUnavailable where the database does not answer; those that write raise DiskFull, and then nothing was stored.
    """

    def close(self) -> None:
        """Gives the database back."""

    def activate(self, versions: Mapping[Stage, str]) -> None:
        """Decides which producer versions count. Results of others never overwrite theirs, in whatever order they arrive.

        What is stored of older versions stays current until a result of the activated ones is stored for its document.
        """

    def submit(self, submission: Submission, document_id: str, size: int | None, at: datetime) -> None:
        """Records an arrival of a document. Of the same arrival recorded twice the earlier time stays. Args: size: null = not known here."""

    def adoptable(self, versions: Mapping[Stage, str], limit: int | None = None) -> list[tuple[str, Lineage]]:
        """Documents whose current result is not of these (the activated) versions while a delivered one is, each with that one's way; by id.

        Whoever loads its artifacts and stores it again makes it current: it ranks highest now. Args: versions: of the stages that have an
        activated one. limit: at most so many documents.
        """

    def stored(self, document_id: str, submission: Submission) -> DocumentStored | None:
        """What `documents.stored` tells of a document and one of its submissions: revision, whether it is the current one, what it supersedes
        and which findings came and went. Null where the document has no result. Asked again it says the same, until something arrives.
        """

    def known(self, document_id: str, versions: Mapping[Stage, str]) -> bool:
        """Whether there is nothing left to do for a document in these versions.

        True: its current result, or a rejection, is of these versions; or a result is, and the versions are not the activated ones.
        """

    def store_result(
        self,
        document: DocumentInfo,
        extracted: ExtractedSummary,
        normalized: Normalized,
        validated: Validated,
        artifacts: Mapping[Stage, str],
    ) -> None:
        """Stores the result of a document. Args: artifacts: digest of the artifact of each of the three stages."""

    def store_rejection(self, document_id: str | None, submission: Submission, rejected: Rejected, version: str) -> None:
        """Records why a file was not read. Args: document_id: null where not even its bytes were read. version: the extractor's."""

    def documents(self, only: Filter | None = None) -> list[DocumentView]:
        """Documents by entity, year, kind and id; those without a result last."""

    def document(self, asked: str) -> DocumentView | None:
        """By id, by an unambiguous beginning of its HEX (6 digits or more), by path or by file name. Raises Ambiguous.

        Of several documents that came under one path, the latest.
        """

    def findings(
        self,
        entity: str | None = None,
        year: int | None = None,
        severity: Severity | None = None,
        code: str | None = None,
        document: str | None = None,
        only: Filter | None = None,
    ) -> list[FindingView]:
        """Findings, worst first: by severity, then by the size of the difference relative to the figure."""

    def finding(self, asked: str) -> FindingView | None:
        """By id or by an unambiguous beginning of it (6 characters or more). Raises Ambiguous, TooShort."""

    def objects(self, document_id: str) -> list[ObjectRef]:
        """Where the bytes of a document lay when they arrived, the latest first."""

    def decide(self, decision: Decision) -> bool:
        """Carries a decision about a finding out (`accept`, `withdraw`); false where it was carried out before. The last one made counts.

        It stays with the finding's id: through new results, and where no result has the finding any more.
        """

    def accepted(self) -> list[Acceptance]:
        """Every accepted finding, the latest first; also those that no current result has."""

    def checks(self, document_id: str) -> list[Check]:
        """The checks of a document, in the order of its result."""

    def facts(self, document_id: str) -> list[Fact]:
        """The facts of a document, in the order of its result."""

    def filings(self) -> list[FilingView]:
        """Filings with parts and revisions, by entity, year and kind."""

    def filing_state(self, filing: str) -> FilingChanged | None:
        """What a filing consists of now: the current document of each part that has a result, and last year's filing.

        Null where no document belongs to it.
        """

    def changed_filings(self, document_id: str) -> list[str]:
        """The filings whose state a stored document may have changed: its own, and next year's, as far as they have documents; by id.

        Not the one that it left with a result of another version: that one is in `unreconciled_filings` if it still needs a result.
        """

    def unreconciled_filings(self) -> list[FilingChanged]:
        """The filings that need a result over their present members, of the activated version, and have none; by id.

        Whatever was lost on the way (an event, a topic, a process) is found here again.
        """

    def store_filing(self, filing: Filing, artifact: str) -> bool:
        """Stores the result of a filing; true where it is stored now.

        False where it speaks of other members than the present ones, or a result of a better version is there. A stored result whose filing
        changes is removed with the change. Args: artifact: digest of its canonical JSON.
        """

    def filing_result(self, asked: str) -> FilingResult | None:
        """The result of a filing by its id, or an unambiguous beginning of its digits (6 or more). Raises Ambiguous."""

    def filing_checks(self, document_id: str) -> list[tuple[str, Check]]:
        """The checks between documents whose target is a figure of this document, each with its filing."""

    def rejections(self) -> list[RejectionView]:
        """Files that were not read and of which there is no document."""

    def digest(self) -> str:
        """`sha256:HEX` over all current facts, checks and findings: equal for equal results, whatever database, order or submissions."""


class Artifacts(Protocol):
    """Results by the digest of their (uncompressed) bytes."""

    def put(self, data: bytes) -> str:
        """Stores bytes durably; returns `sha256:HEX`. Raises DiskFull or ArtifactUnavailable."""

    def put_file(self, path: Path) -> str:
        """The same for the contents of a file, in bounded memory."""

    def get(self, digest: str) -> bytes:
        """The bytes, verified. Raises ArtifactMissing, DigestMismatch or ArtifactUnavailable."""


class DecisionLog(Protocol):
    """People's decisions, kept as objects beside the artifacts: they are the truth, a restored database gets them back from here."""

    def ids(self) -> Iterable[str]:
        """Ids of all decisions, in the order in which they were made. Raises TransientError."""

    def those(self, identifiers: Collection[str]) -> Iterable[Decision]:
        """The decisions with these ids, in the order in which they were made; those that cannot be read are left out. Raises TransientError."""


class TopicAdmin(Protocol):
    """The broker's topics."""

    def make_missing(self) -> tuple[str, ...]:
        """Makes the topics of shared/topics.py that are not there; returns their names. Raises TransientError."""


class Leadership(Protocol):
    """Which one of several stores dispatches and sweeps: one at a time."""

    def lead(self) -> bool:
        """Whether this one leads: takes the lead where nobody has it, and makes sure that it still has it. Raises StoreUnavailable."""

    def close(self) -> None:
        """Leaves the lead to others."""
