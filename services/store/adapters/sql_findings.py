"""Queries about findings, filings, and files that were not read, as views."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Select, Table, select

from services.store.adapters import schema
from services.store.adapters.result_rows import from_json
from services.store.adapters.sql_acceptances import acceptance_of, accepted_as, accepted_columns
from services.store.adapters.sql_documents import conditions, object_ref, rejection_view, with_parts
from services.store.domain.errors import Ambiguous, TooShort
from services.store.domain.revisions import Arrival, in_order
from services.store.domain.views import FilingView, Filter, FindingView, PartView, RejectionView, RevisionView
from shared.contracts.common import Message
from shared.contracts.validated import Diagnosis, Evidence, Severity

_SHORTEST_PREFIX = 6
_BEGINNING = re.compile(r"(?:f-)?[0-9a-f]+", re.IGNORECASE)
_BATCH = 400


@dataclass(frozen=True)
class Wanted:
    """Conditions on findings; null = any. `entity`: the name contains this text."""

    entity: str | None = None
    year: int | None = None
    severity: Severity | None = None
    code: str | None = None
    document: str | None = None


def findings(connection: Connection, wanted: Wanted, only: Filter) -> list[FindingView]:
    """Findings that meet all conditions, of documents and of filings, worst first. Args: only: over their documents."""
    rows = [*_of_documents(connection, wanted, only), *_of_filings(connection, wanted, only)]
    if only.documents is not None:
        asked = set(only.documents)
        rows = [row for row in rows if row["document_id"] in asked]
    return _views(connection, rows)


def _of_documents(connection: Connection, wanted: Wanted, only: Filter) -> Iterable[RowMapping]:
    results = schema.results.c
    where = [*_wanted(schema.findings, results.entity, results.year, wanted), *conditions(only)]
    return connection.execute(_query().where(*where)).mappings()


def _of_filings(connection: Connection, wanted: Wanted, only: Filter) -> Iterable[RowMapping]:
    """Those between documents. They are about present members only, so all of them are current."""
    filings = schema.filings.c
    where = _wanted(schema.filing_findings, filings.entity, filings.year, wanted)
    if only.entity is not None:
        where.append(filings.entity.contains(only.entity, autoescape=True))
    pairs = ((filings.region, only.region), (filings.year, only.year), (filings.kind, only.kind))
    where += [column == value for column, value in (*pairs, (schema.filing_results.c.verdict, only.verdict)) if value is not None]
    return connection.execute(_filing_query().where(*where)).mappings()


def _wanted(table: Table, entity: Column[Any], year: Column[Any], wanted: Wanted) -> list[ColumnElement[bool]]:
    column = table.c
    pairs = ((column.severity, wanted.severity), (column.code, wanted.code), (column.document_id, wanted.document), (year, wanted.year))
    where: list[ColumnElement[bool]] = [each == value for each, value in pairs if value is not None]
    if wanted.entity is not None:
        where.append(entity.contains(wanted.entity, autoescape=True))
    return where


def finding(connection: Connection, asked: str) -> FindingView | None:
    """A finding by id or by an unambiguous beginning of it. Raises Ambiguous, TooShort."""
    # A person may leave out what all ids begin with.
    starts = (asked, f"f-{asked.lower()}", f"sha256:{asked.lower()}") if len(asked) >= _SHORTEST_PREFIX else ()
    exact: set[str] = set()
    begun: set[str] = set()
    for column in (schema.findings.c.id, schema.filing_findings.c.id):
        exact |= set(connection.execute(select(column).where(column == asked)).scalars())
        for start in starts:
            begun |= set(connection.execute(select(column).where(column.startswith(start, autoescape=True)).limit(20)).scalars())
    ids = exact or begun
    if len(ids) > 1:
        raise Ambiguous(asked, tuple(sorted(ids)))
    if not ids and len(asked) < _SHORTEST_PREFIX and _BEGINNING.fullmatch(asked):
        raise TooShort(asked, _SHORTEST_PREFIX)
    if not ids:
        return None
    identifier = ids.pop()
    rows = [
        *connection.execute(_query().where(schema.findings.c.id == identifier)).mappings(),
        *connection.execute(_filing_query().where(schema.filing_findings.c.id == identifier)).mappings(),
    ]
    views = _views(connection, rows)
    if len(views) > 1:
        # The same finding of two revisions of a disclosure: that of the current one.
        views = [view for view in views if view.current] or views
    if len(views) > 1:
        raise Ambiguous(asked, tuple(f"{view.id} ({view.document})" for view in views))
    return views[0]


def _query() -> Select[tuple[object, ...]]:
    results, parts = schema.results.c, schema.filing_parts.c
    joined = with_parts(schema.findings.join(schema.results, results.document_id == schema.findings.c.document_id))
    about = (results.entity, results.region, results.year, results.kind, parts.current_document)
    return select(schema.findings, *about, *accepted_columns()).select_from(joined.outerjoin(*accepted_as(schema.findings)))


def _filing_query() -> Select[tuple[object, ...]]:
    found, results, filings = schema.filing_findings, schema.filing_results, schema.filings
    joined = found.join(results, results.c.filing_id == found.c.filing_id).join(filings, filings.c.id == found.c.filing_id)
    about = (filings.c.entity, filings.c.region, filings.c.year, filings.c.kind, found.c.document_id.label("current_document"))
    return select(found, *about, *accepted_columns()).select_from(joined.outerjoin(*accepted_as(found)))


def _views(connection: Connection, rows: list[RowMapping]) -> list[FindingView]:
    names = names_of(connection, {row["document_id"] for row in rows})
    ordered = sorted(rows, key=_badness)
    return [_view(row, names.get(row["document_id"], row["document_id"])) for row in ordered]


def _badness(row: RowMapping) -> tuple[int, int, str, int, str, int]:
    size = -1 if row["relative_ppm"] is None else row["relative_ppm"]
    return row["severity_rank"], -size, row["entity"] or "", row["year"] or 0, row["document_id"], row["seq"]


def names_of(connection: Connection, documents: Iterable[str]) -> dict[str, str]:
    """The name of the latest submission of each document."""
    table, ids = schema.submissions, sorted(documents)
    arrivals: defaultdict[str, list[Arrival]] = defaultdict(list)
    names: dict[str, str] = {}
    for start in range(0, len(ids), _BATCH):
        for row in connection.execute(select(table).where(table.c.document_id.in_(ids[start : start + _BATCH]))):
            arrivals[row.document_id].append(Arrival(row.id, row.document_id, row.last_modified, row.version, row.arrived_at))
            names[row.id] = row.name
    return {document: names[in_order(own)[-1].submission] for document, own in arrivals.items()}


def _view(row: RowMapping, name: str) -> FindingView:
    same = ("id", "severity", "code", "form", "title", "row", "col", "page", "text", "rule", "unit", "relative_ppm")
    amounts: dict[str, Any] = {key: None if row[key] is None else Decimal(row[key]) for key in ("reported", "computed", "difference")}
    return FindingView(
        **{key: row[key] for key in same},
        **{key: row[key] for key in ("entity", "region", "year", "kind")},
        **amounts,
        document=row["document_id"],
        document_name=name,
        filing=row.get("filing_id"),
        current=row["current_document"] in (None, row["document_id"]),
        message=Message(zh=row["message_zh"], en=row["message_en"]),
        table=row["table_id"],
        checks=from_json(row["checks"], tuple[str, ...]),
        evidence=from_json(row["evidence"], tuple[Evidence, ...]),
        diagnosis=from_json(row["diagnosis"], Diagnosis) if row["diagnosis"] else None,
        accepted=acceptance_of(row),
    )


def filings(connection: Connection) -> list[FilingView]:
    """All filings with parts and revisions, by entity, year and kind."""
    parts: defaultdict[str, dict[str, list[RevisionView]]] = defaultdict(dict)
    for row in connection.execute(select(schema.filing_parts)).mappings():
        parts[row["filing_id"]][row["part"]] = []
    revisions, submissions = schema.revisions, schema.submissions
    joined = revisions.join(submissions, submissions.c.id == revisions.c.submission_id)
    columns = (submissions.c.name, submissions.c.bucket, submissions.c.key, submissions.c.version, submissions.c.last_modified)
    ordered = select(revisions, *columns).select_from(joined).order_by(revisions.c.filing_id, revisions.c.part, revisions.c.number.desc())
    for row in connection.execute(ordered).mappings():
        own = parts[row["filing_id"]][row["part"]]
        own.insert(0, _revision(row, current=not own))
    views = [
        FilingView(
            **{key: row[key] for key in ("id", "region", "entity", "year", "kind", "level")},
            parts=tuple(PartView(part=part, revisions=tuple(own)) for part, own in sorted(parts[row["id"]].items())),  # type: ignore[arg-type]  # the column holds words of Part only
        )
        for row in connection.execute(select(schema.filings)).mappings()
    ]
    return sorted(views, key=lambda view: (view.entity, view.year, view.kind, view.id))


def _revision(row: RowMapping, current: bool) -> RevisionView:
    return RevisionView(
        number=row["number"],
        document=row["document_id"],
        name=row["name"],
        object=object_ref(row["bucket"], row["key"], row["version"], row["last_modified"]),
        last_modified=row["last_modified"],
        current=current,
    )


def rejections(connection: Connection) -> list[RejectionView]:
    """Files that were not read and of which there is no document, by name."""
    table = schema.rejections
    rows = connection.execute(select(table).where(table.c.document_id.is_(None))).mappings()
    return sorted((rejection_view(row) for row in rows), key=lambda view: (view.name, view.version, view.code))
