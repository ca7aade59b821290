"""The store on SQLite or PostgreSQL: each method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType

from sqlalchemy import Engine, select

from services.store.adapters import (
    schema,
    sql_acceptances,
    sql_decisions,
    sql_documents,
    sql_filing_state,
    sql_filings,
    sql_findings,
    sql_lineages,
    sql_writes,
)
from services.store.adapters.engine import open_engine, reading, writing
from services.store.adapters.result_rows import check_of, content_rows, fact_of, result_row
from services.store.adapters.sql_digest import digest_of
from services.store.domain.identity import STAGES, Stage
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


def _now() -> datetime:
    return datetime.now(UTC)


def open_store(url: str, clock: Callable[[], datetime] = _now) -> SqlStore:
    """Opens, and where needed makes or migrates, the database at `sqlite:///PATH` or `postgresql://…`.

    Raises: StoreUnavailable: it cannot be opened, or a newer release wrote it. DiskFull.
    """
    return SqlStore(open_engine(url), clock)


class SqlStore:
    """A `Store` (services/store/ports.py) in a database. Safe to use from several threads: a connection a transaction."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = _now) -> None:
        self._engine = engine
        self._clock = clock

    def __enter__(self) -> SqlStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives the database back."""
        self._engine.dispose()

    def activate(self, versions: Mapping[Stage, str]) -> None:
        """Decides which producer versions count."""
        _only_stages(versions)
        with reading(self._engine) as connection:
            if dict(versions).items() <= sql_writes.activations(connection).items():
                return
        with writing(self._engine) as connection:
            sql_writes.set_activations(connection, versions)

    def submit(self, submission: Submission, document_id: str, size: int | None, at: datetime) -> None:
        """Records an arrival of a document."""
        with writing(self._engine) as connection:
            sql_writes.lock_document(connection, document_id, size)
            sql_writes.add_submission(connection, submission, document_id, _moment(at))
            sql_writes.settle_document(connection, document_id)

    def adoptable(self, versions: Mapping[Stage, str], limit: int | None = None) -> list[tuple[str, Lineage]]:
        """Documents whose current result is not of these versions while a delivered one is, with that one's way; by id."""
        _only_stages(versions)
        with reading(self._engine) as connection:
            return sql_lineages.adoptable(connection, versions, limit)

    def stored(self, document_id: str, submission: Submission) -> DocumentStored | None:
        """What is told of a stored document and one of its submissions; null where it has no result."""
        with reading(self._engine) as connection:
            return sql_lineages.stored(connection, document_id, submission)

    def known(self, document_id: str, versions: Mapping[Stage, str]) -> bool:
        """Whether there is nothing left to do for a document in these versions."""
        _all_stages(versions)
        results, runs, refused = schema.results, schema.stage_runs, schema.rejections
        with reading(self._engine) as connection:
            current = connection.execute(select(results).where(results.c.document_id == document_id)).mappings().one_or_none()
            if current is not None and all(current[f"{stage}_version"] == versions[stage] for stage in STAGES):
                return True
            rejection = select(refused.c.code).where(refused.c.subject == document_id, refused.c.version == versions["extract"])
            if connection.execute(rejection).first() is not None:
                return True
            active = sql_writes.activations(connection)
            if all(active.get(stage) == versions[stage] for stage in STAGES):
                return False
            done = connection.execute(select(runs.c.stage, runs.c.version).where(runs.c.document_id == document_id)).all()
            return {(stage, versions[stage]) for stage in STAGES} <= {(row.stage, row.version) for row in done}

    def store_result(
        self,
        document: DocumentInfo,
        extracted: ExtractedSummary,
        normalized: Normalized,
        validated: Validated,
        artifacts: Mapping[Stage, str],
    ) -> None:
        """Stores the result of a document: wholly, or not at all."""
        _all_stages(artifacts)
        for result in (normalized, validated):
            if result.document.id != document.id:
                raise ValueError(f"results of two documents: {document.id} and {result.document.id}")
        row = result_row(document.id, extracted, normalized, validated, artifacts, _moment(self._clock()))
        content = content_rows(document.id, extracted, normalized, validated)
        with writing(self._engine) as connection:
            sql_writes.lock_document(connection, document.id, document.bytes, document.pages)
            sql_writes.replace_result(connection, row, content, validated.document)

    def store_rejection(self, document_id: str | None, submission: Submission, rejected: Rejected, version: str) -> None:
        """Records why a file was not read."""
        with writing(self._engine) as connection:
            if document_id is not None:
                sql_writes.lock_document(connection, document_id, None)
            sql_writes.add_rejection(connection, document_id, submission, rejected, version)

    def documents(self, only: Filter | None = None) -> list[DocumentView]:
        """Documents by entity, year, kind and id; those without a result last."""
        with reading(self._engine) as connection:
            return sql_documents.documents(connection, only)

    def document(self, asked: str) -> DocumentView | None:
        """By id, by an unambiguous beginning of its HEX, by path or by file name. Raises Ambiguous."""
        with reading(self._engine) as connection:
            identifier = sql_documents.document_ids(connection, asked)
            if identifier is None:
                return None
            return next(iter(sql_documents.views(connection, [identifier])), None)

    def findings(
        self,
        entity: str | None = None,
        year: int | None = None,
        severity: Severity | None = None,
        code: str | None = None,
        document: str | None = None,
        only: Filter | None = None,
    ) -> list[FindingView]:
        """Findings, worst first."""
        wanted = sql_findings.Wanted(entity, year, severity, code, document)
        with reading(self._engine) as connection:
            return sql_findings.findings(connection, wanted, only or Filter())

    def finding(self, asked: str) -> FindingView | None:
        """By id or by an unambiguous beginning of it. Raises Ambiguous."""
        with reading(self._engine) as connection:
            return sql_findings.finding(connection, asked)

    def objects(self, document_id: str) -> list[ObjectRef]:
        """Where the bytes of a document lay when they arrived, the latest first."""
        with reading(self._engine) as connection:
            return sql_documents.objects(connection, document_id)

    def decide(self, decision: Decision) -> bool:
        """Carries a decision about a finding out; false where it was carried out before."""
        if decision.kind not in ("accept", "withdraw"):
            raise ValueError(f"not a decision about a finding: {decision.kind}")
        with writing(self._engine) as connection:
            return sql_decisions.apply(connection, decision, self._clock())

    def accepted(self) -> list[Acceptance]:
        """Every accepted finding, the latest first."""
        with reading(self._engine) as connection:
            return sql_acceptances.all_accepted(connection)

    def checks(self, document_id: str) -> list[Check]:
        """The checks of a document, in the order of its result."""
        table = schema.checks
        with reading(self._engine) as connection:
            rows = connection.execute(select(table).where(table.c.document_id == document_id).order_by(table.c.seq)).mappings()
            return [check_of(row) for row in rows]

    def facts(self, document_id: str) -> list[Fact]:
        """The facts of a document, in the order of its result."""
        table = schema.facts
        with reading(self._engine) as connection:
            rows = connection.execute(select(table).where(table.c.document_id == document_id).order_by(table.c.seq)).mappings()
            return [fact_of(row) for row in rows]

    def filings(self) -> list[FilingView]:
        """Filings with parts and revisions."""
        with reading(self._engine) as connection:
            return sql_findings.filings(connection)

    def filing_state(self, filing: str) -> FilingChanged | None:
        """What a filing consists of now; None where no document belongs to it."""
        with reading(self._engine) as connection:
            return sql_filing_state.filing_state(connection, filing)

    def changed_filings(self, document_id: str) -> list[str]:
        """The filing of a document, and next year's, as far as they have documents."""
        with reading(self._engine) as connection:
            return sql_filing_state.touched_by(connection, document_id)

    def unreconciled_filings(self) -> list[FilingChanged]:
        """The filings that need a result over their present members, in the activated version, and have none."""
        with reading(self._engine) as connection:
            return sql_filings.unreconciled(connection)

    def store_filing(self, filing: Filing, artifact: str) -> bool:
        """Stores the result of a filing; false where it speaks of other members than the present ones, or a better one is there."""
        with writing(self._engine) as connection:
            return sql_filings.store_filing(connection, filing, artifact, _moment(self._clock()))

    def filing_result(self, asked: str) -> FilingResult | None:
        """The result of a filing by its id or the beginning of its digits. Raises Ambiguous."""
        with reading(self._engine) as connection:
            return sql_filings.result(connection, asked)

    def filing_checks(self, document_id: str) -> list[tuple[str, Check]]:
        """The checks between documents whose target is a figure of this document, each with its filing."""
        with reading(self._engine) as connection:
            return sql_filings.checks(connection, document_id)

    def rejections(self) -> list[RejectionView]:
        """Files that were not read and of which there is no document."""
        with reading(self._engine) as connection:
            return sql_findings.rejections(connection)

    def digest(self) -> str:
        """One digest over all current facts, checks and findings."""
        with reading(self._engine) as connection:
            return digest_of(connection)


def _moment(at: datetime) -> str:
    """UTC with microseconds: as text in the order of time."""
    if at.tzinfo is None:
        raise ValueError("a time without zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _only_stages(given: Mapping[Stage, str]) -> None:
    if unknown := set(given) - set(STAGES):
        raise ValueError(f"no such stage: {', '.join(sorted(unknown))}; stages are {', '.join(STAGES)}")


def _all_stages(given: Mapping[Stage, str]) -> None:
    _only_stages(given)
    if missing := set(STAGES) - set(given):
        raise ValueError(f"stages missing: {', '.join(sorted(missing))}")
