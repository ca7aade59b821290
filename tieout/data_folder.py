"""A data folder: the store's database, the artifacts by digest, staging, and the lock that keeps writers apart."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from filelock import FileLock, Timeout

from services.store.adapters.sql_store import open_store
from services.store.domain.errors import ArtifactMissing, DigestMismatch, StoreError
from services.store.domain.results import load_result
from services.store.domain.views import Acceptance, DocumentView, Filter, FindingView
from services.store.ports import Store
from shared.contracts.common import Message, ObjectRef, Submission
from shared.contracts.events import Decision
from shared.contracts.filing import Filing, Member
from shared.contracts.normalized import Normalized
from shared.contracts.rejected import Rejected
from shared.contracts.run import RunFiling
from shared.contracts.validated import Validated
from shared.limits import Limits
from shared.plain_text import file_name_text
from tieout import extras, filings, stages
from tieout.exit_codes import NOT_AVAILABLE, USAGE, UserError
from tieout.filings import Compute, Unreconciled
from tieout.inputs import document_id
from tieout.language import Language, reason
from tieout.results_place import ResultsPlace
from tieout.stages import StageResult
from tieout.store_errors import no_such, told

if TYPE_CHECKING:
    from tieout.operations.target import Target

_TRIED_AGAIN = ("failed", "unreadable", "timeout", "memory", "crashed")  # may end otherwise on another day or machine
_VALIDATED = msgspec.json.Decoder(Validated)
_NORMALIZED = msgspec.json.Decoder(Normalized)


@dataclass(frozen=True)
class Stored:
    """A stored document: its validated result and its number of pages."""

    validated: Validated
    pages: int


class DataFolder:
    """The results of all runs, or of the installation in the folder; use as a context manager. results_place.py says where they are.

    Args: folder: made where it is missing, if `writing`. writing: takes the lock, so that one process writes at a time.
    Raises: UserError: in use by another process, cannot be made, or (reading) not there; or (writing) the folder holds an installation.
    """

    def __init__(self, folder: Path, writing: bool) -> None:
        self._folder = folder
        self._writing = writing
        self._lock = FileLock(folder / "lock")
        self._limits = Limits()
        self.staging = folder / "staging"
        self._place = ResultsPlace(folder, writing)

    @property
    def note(self) -> Message | None:
        """What to tell whoever reads here."""
        return self._place.note

    @property
    def installation(self) -> Target | None:
        """The installation whose results these are; None for a folder's own."""
        return self._place.installation

    def __enter__(self) -> DataFolder:
        if self._place.database:
            extras.need("services")
        if self._writing:
            self._take()
        elif not self._place.database and not self._place.sqlite.exists():
            name = file_name_text(self._folder)
            raise UserError(
                USAGE,
                f"{name} 中没有已保存的结果。请先运行 tieout run，或用 --data 指定目录。",
                f"there are no stored results in {name}. Call tieout run first, or name the folder with --data.",
            )
        self._artifacts = self._place.artifacts()
        try:
            with told(), self._place.told():
                self._store: Store = open_store(self._place.database or f"sqlite:///{self._place.sqlite}")
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()
        if self._writing:
            shutil.rmtree(self.staging, ignore_errors=True)
            self._lock.release()

    def _take(self) -> None:
        name = file_name_text(self._folder)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock.acquire(timeout=0)
            shutil.rmtree(self.staging, ignore_errors=True)  # what a killed run left behind
            self.staging.mkdir()
        except Timeout:
            raise UserError(
                NOT_AVAILABLE,
                f"数据目录 {name} 正被另一个 tieout 进程使用。请等它结束，或用 --data 指定别的目录。",
                f"the data folder {name} is in use by another tieout process. Wait for it to end, or name another folder with --data.",
            ) from None
        except OSError as problem:
            self._lock.release()
            raise UserError(
                NOT_AVAILABLE,
                f"数据目录 {name} 无法写入（{reason(problem, 'zh')}）。请检查权限，或用 --data 指定别的目录。",
                f"the data folder {name} cannot be written ({reason(problem, 'en')}). Check its permissions, or name another folder with --data.",
            ) from None

    def activate(self, verify: bool) -> None:
        """Makes the versions of today those that count."""
        with told():
            self._store.activate(stages.versions(self._limits, verify))

    def known(self, document_id: str, verify: bool) -> Stored | Rejected | None:
        """The stored result or rejection of a document in the versions of today; None where it has to be read."""
        with told():
            versions = stages.versions(self._limits, verify)
            if not self._store.known(document_id, versions):
                return None
            view = self._store.document(document_id)
        if view is None:
            return None
        if view.rejection is not None:
            return Rejected(code=view.rejection.code, page=view.rejection.page, message=view.rejection.message)
        try:
            return self._stored(view)
        except StoreError:  # a lost or damaged artifact is computed again
            return None

    def submit(self, submission: Submission, document_id: str, size: int, at: datetime) -> None:
        """Records that a known document arrived again."""
        with told():
            self._store.submit(submission, document_id, size, at)

    def store(self, submission: Submission, result: StageResult, at: datetime) -> Stored:
        """Stores what the stages made of a document: artifacts first, then the rows that point to them."""
        with told():
            artifacts = {stage: self._artifacts.put_file(file) for stage, file in result.files.items()}
            files = {artifacts[stage]: file for stage, file in result.files.items()}
            made = load_result(artifacts, lambda digest: files[digest].read_bytes())
            self._store.submit(submission, made.document.id, made.document.bytes, at)
            self._store.store_result(made.document, made.extracted, made.normalized, made.validated, artifacts)
        return Stored(made.validated, made.document.pages)

    def reject(self, rejected: Rejected, submission: Submission, document_id: str | None, verify: bool) -> None:
        """Records a file that could not be read. What our own failure or a full machine caused is not kept: the next run tries again."""
        if document_id is None or rejected.code in _TRIED_AGAIN:
            return
        with told():
            self._store.store_rejection(document_id, submission, rejected, stages.versions(self._limits, verify)["extract"])

    def reconcile(self, documents: list[str], compute: Compute) -> list[Unreconciled]:
        """Reconciles the filings that these documents changed, and any that was left without a result.

        Args: documents: ids of the documents of a call. compute: runs a function in a child.
        Returns: the filings that could not be reconciled, with the reason; they stay due.
        """
        with told():
            attempts = [filings.attempt(self._store, self._artifacts, changed, compute) for changed in filings.due(self._store, documents)]
        return [problem for problem in attempts if problem is not None]

    def filings(self, documents: list[str]) -> list[RunFiling]:
        """The results of the filings that these documents are part of, or of last year's of which they are, by entity, year and kind."""
        with told():
            ids = sorted({filing for document in documents for filing in self._store.changed_filings(document)})
            found = [filing for each in ids if (filing := self._filing(each)) is not None]
            accepted = self._accepted()
            made = [filings.run_filing(filing, self.name_of, accepted) for filing in found]
        return sorted(made, key=lambda each: (each.filing.entity, each.filing.year, each.filing.kind, each.filing.id))

    def filing(self, asked: str) -> Filing:
        """The result of a filing by its id or the beginning of it. Raises UserError where it has none, or several begin so."""
        with told():
            found = self._filing(asked)
        if found is None:
            raise no_such(asked, "公开事项", "filing with a result")
        return found

    def _filing(self, asked: str) -> Filing | None:
        try:
            return filings.stored_filing(self._store, self._artifacts, asked)
        except (ArtifactMissing, DigestMismatch):
            return None  # it is due again when one of its documents is processed

    def name_of(self, document: str) -> str:
        """The name of a document's latest submission; its id where none is known."""
        view = self._store.document(document)
        return view.name if view is not None else document

    def normalized_member(self, member: Member) -> Normalized:
        """The normalised document of a filing's member."""
        with told():
            return _NORMALIZED.decode(self._artifacts.get(member.digest))

    def document(self, asked: str) -> DocumentView:
        """A stored document by id, beginning of its id, path or name. Raises UserError where there is none, or several.

        A file that is there is known by its content, wherever it lay when it was read.
        """
        with told():
            view = self._store.document(asked) or self._store.document(file_name_text(Path(asked).absolute()))
            if view is None and Path(asked).is_file():
                view = self._store.document(document_id(Path(asked))[0])
        if view is None or view.verdict is None:
            raise no_such(asked, "文件", "document")
        return view

    def validated(self, view: DocumentView) -> Stored:
        """The validated result of a stored document."""
        with told():
            return self._stored(view)

    def normalized(self, view: DocumentView) -> Normalized:
        """The normalised result of a stored document: its header paths, for one."""
        with told():
            return _NORMALIZED.decode(self._artifacts.get(view.artifacts["normalize"]))

    def extracted(self, view: DocumentView) -> bytes:
        """The extracted result of a stored document, as JSON: it may be large."""
        with told():
            return self._artifacts.get(view.artifacts["extract"])

    def objects(self, view: DocumentView) -> list[ObjectRef]:
        """Where the bytes of a document lay when they arrived, the latest first."""
        with told():
            return self._store.objects(view.id)

    def revision_before(self, document: str) -> str | None:
        """The document of the revision before this one's last, in its part of a filing; None where there is none with other bytes."""
        with told():
            parts = [part for filing in self._store.filings() for part in filing.parts]
        for part in parts:
            documents = [revision.document for revision in part.revisions]
            if document in documents:
                last = len(documents) - 1 - documents[::-1].index(document)
                return next((each for each in reversed(documents[:last]) if each != document), None)
        return None

    def current_documents(self, year: int | None, kind: str) -> list[str]:
        """The current documents of all filings of a year and kind, by id."""
        with told():
            found = self._store.filings()
        return sorted(
            revision.document
            for filing in found
            if (filing.year, filing.kind) == (year, kind)
            for part in filing.parts
            for revision in part.revisions
            if revision.current
        )

    def between(self, document: str) -> list[Filing]:
        """The results of the filings that a document is part of, or of last year's of which it is."""
        with told():
            found = [self._filing(each) for each in self._store.changed_filings(document)]
        return [filing for filing in found if filing is not None]

    def _stored(self, view: DocumentView) -> Stored:
        return Stored(_VALIDATED.decode(self._artifacts.get(view.artifacts["validate"])), view.pages or 0)

    def findings(self, entity: str | None, year: int | None, severity: str | None, code: str | None) -> list[FindingView]:
        """Findings, worst first."""
        with told():
            return self._store.findings(entity=entity, year=year, severity=severity, code=code)  # type: ignore[arg-type]  # argparse's choices

    def finding_or_none(self, asked: str) -> FindingView | None:
        """A finding by its id or the beginning of it. Raises UserError where there are several, or the beginning is too short."""
        with told():
            return self._store.finding(asked)

    def finding(self, asked: str) -> FindingView:
        """The same; raises UserError where there is none as well."""
        found = self.finding_or_none(asked)
        if found is None:
            raise no_such(asked, "问题", "finding")
        return found

    def accepted(self) -> dict[str, Acceptance]:
        """Every accepted finding by its id, the latest first; also those that no current result has."""
        with told():
            return self._accepted()

    def _accepted(self) -> dict[str, Acceptance]:
        return {each.finding: each for each in self._store.accepted()}

    def decide(self, decision: Decision) -> None:
        """Carries a decision about a finding out."""
        with told():
            self._store.decide(decision)

    def digest(self) -> str:
        """One digest over all current facts, checks and findings."""
        with told():
            return self._store.digest()

    def export(self, form: str, output: Path, only: Filter, language: Language) -> list[Path]:
        """Writes an export; returns the files."""
        from services.store.adapters.exports import export
        from tieout.explain import rule_names

        with told():
            names = {"rule": rule_names(language)} if language == "zh" else {}
            return list(export(self._store, form, output, only, lang=language, names=names))
