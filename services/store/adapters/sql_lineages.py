"""Which delivered results an activation calls back, and what is told of a stored document: its revision and what it supersedes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, func, or_, select

from services.store.adapters import schema
from services.store.adapters.ledger_schema import lineages
from services.store.adapters.sql_writes import rank
from services.store.domain.identity import STAGES, Stage, submission_id
from services.store.domain.views import Lineage
from shared.contracts.common import Submission
from shared.contracts.events import DocumentStored, Runs, StageRun, Superseded
from shared.contracts.normalized import NormalizedDocument


def adoptable(connection: Connection, versions: Mapping[Stage, str], limit: int | None) -> list[tuple[str, Lineage]]:
    """Documents whose current result is not of these versions while a delivered one is, with that one's way; by id."""
    if not versions:
        return []
    results = schema.results
    joined = lineages.join(results, results.c.document_id == lineages.c.document_id)
    delivered = [lineages.c[f"{stage}_version"] == version for stage, version in versions.items()]
    other = or_(*(results.c[f"{stage}_version"] != version for stage, version in versions.items()))
    found: dict[str, RowMapping] = {}
    for row in connection.execute(
        select(lineages).select_from(joined).where(*delivered, other).order_by(lineages.c.document_id)
    ).mappings():
        document = row["document_id"]
        if document not in found and limit is not None and len(found) >= limit:
            break
        if document not in found or rank(row, versions) > rank(found[document], versions):
            found[document] = row
    return [(document, _lineage(row)) for document, row in found.items()]


def _lineage(row: RowMapping) -> Lineage:
    return Lineage(
        versions={stage: row[f"{stage}_version"] for stage in STAGES},
        digests={stage: row[f"{stage}_digest"] for stage in STAGES},
    )


def stored(connection: Connection, document_id: str, submission: Submission) -> DocumentStored | None:
    """The body of `documents.stored`; null where the document has no result."""
    results, parts = schema.results, schema.filing_parts
    here = (parts.c.filing_id == results.c.filing_id) & (parts.c.part == results.c.part)
    query = (
        select(results, parts.c.current_document).select_from(results.outerjoin(parts, here)).where(results.c.document_id == document_id)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    number, last = _revision(connection, row, submission_id(submission, document_id))
    return DocumentStored(
        document=NormalizedDocument(id=document_id, **{name: row[name] for name in _ABOUT}),
        submission=submission,
        filing=row["filing_id"],
        part=row["part"],
        revision=number,
        current=number == last if number is not None else row["current_document"] in (None, document_id),
        supersedes=_superseded(connection, row, number) if number is not None and number > 1 else None,
        verdict=row["verdict"],
        runs=Runs(**{stage: StageRun(version=row[f"{stage}_version"], digest=row[f"{stage}_digest"]) for stage in STAGES}),
    )


_ABOUT = ("region", "entity", "entity_code", "year", "kind", "level", "part")


def _revision(connection: Connection, result: RowMapping, submission: str) -> tuple[int | None, int | None]:
    """The number of a submission among the revisions of its part, and that of the last one; null: it is in none."""
    table = schema.revisions
    own = _of_part(result)
    number = connection.execute(select(table.c.number).where(*own, table.c.submission_id == submission)).scalar()
    return number, connection.execute(select(func.max(table.c.number)).where(*own)).scalar()


def _of_part(result: RowMapping) -> tuple[Any, ...]:
    table = schema.revisions.c
    return table.filing_id == result["filing_id"], table.part == result["part"]


def _superseded(connection: Connection, result: RowMapping, number: int) -> Superseded | None:
    """The revision before this one, compared with it."""
    table = schema.revisions
    before = connection.execute(select(table.c.document_id).where(*_of_part(result), table.c.number == number - 1)).scalar_one()
    verdict = connection.execute(select(schema.results.c.verdict).where(schema.results.c.document_id == before)).scalar()
    now, then = (_findings(connection, document) for document in (result["document_id"], before))
    return Superseded(
        document=before,
        revision=number - 1,
        verdict=verdict,
        findings_added=_without(now, then),
        findings_gone=_without(then, now),
    )


def _findings(connection: Connection, document_id: str) -> list[str]:
    table = schema.findings.c
    return list(connection.execute(select(table.id).where(table.document_id == document_id).order_by(table.seq)).scalars())


def _without(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    known = set(others)
    return tuple(each for each in some if each not in known)
