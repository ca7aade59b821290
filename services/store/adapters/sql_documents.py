"""Queries about documents: one by what a person calls it, or many by a filter, as views."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, or_, select

from services.store.adapters import schema
from services.store.adapters.result_rows import from_json
from services.store.adapters.sql_acceptances import accepted_numbers
from services.store.adapters.sql_writes import activations
from services.store.domain.errors import Ambiguous
from services.store.domain.identity import STAGES
from services.store.domain.revisions import Arrival, in_order
from services.store.domain.views import DocumentView, Filter, FormView, RejectionView
from shared.contracts.common import Message, ObjectRef
from shared.contracts.normalized import CofogLink
from shared.contracts.validated import Counts, Coverage

_HEX_PREFIX = re.compile(r"(?:sha256:)?([0-9a-f]{6,64})", re.IGNORECASE)
_BATCH = 400  # ids in one IN (...): below the limit of variables of any SQLite


def conditions(only: Filter | None) -> list[ColumnElement[bool]]:
    """The filter over `results` (joined with `filing_parts` by `with_parts`)."""
    if only is None:
        return []
    results = schema.results.c
    wanted: list[ColumnElement[bool]] = []
    if only.entity is not None:
        wanted.append(results.entity.contains(only.entity, autoescape=True))
    for column, value in (
        (results.region, only.region),
        (results.year, only.year),
        (results.kind, only.kind),
        (results.verdict, only.verdict),
    ):
        if value is not None:
            wanted.append(column == value)
    if only.current:
        current = schema.filing_parts.c.current_document
        wanted.append(or_(current.is_(None), current == results.document_id))
    return wanted


def with_parts(source: Any) -> Any:
    """`results` (or a join that holds it) with the filing part of each result, which knows the current document."""
    parts, results = schema.filing_parts.c, schema.results.c
    return source.outerjoin(schema.filing_parts, and_(parts.filing_id == results.filing_id, parts.part == results.part))


def documents(connection: Connection, only: Filter | None) -> list[DocumentView]:
    """The documents that a filter means, by entity, year, kind and id; those without a result last."""
    ids = _ids(connection, only)
    found: list[DocumentView] = []
    for start in range(0, len(ids), _BATCH):
        found += views(connection, ids[start : start + _BATCH])
    return sorted(found, key=_order)


def _order(view: DocumentView) -> tuple[bool, str, int, str, str]:
    return view.status != "stored", view.entity or "", view.year or 0, view.kind or "", view.id


def _ids(connection: Connection, only: Filter | None) -> list[str]:
    wanted = conditions(only)
    table = schema.documents
    source = with_parts(table.outerjoin(schema.results, schema.results.c.document_id == table.c.id))
    ids = connection.execute(select(table.c.id).select_from(source).where(*wanted)).scalars()
    if only is None or only.documents is None:
        return list(ids)
    asked = set(only.documents)
    return [identifier for identifier in ids if identifier in asked]


def document_ids(connection: Connection, asked: str) -> str | None:
    """The document that a person means: by id, beginning of its HEX, path or file name. Raises Ambiguous."""
    if match := _HEX_PREFIX.fullmatch(asked):
        start = "sha256:" + match[1].lower()
        table = schema.documents.c
        found = connection.execute(select(table.id).where(table.id >= start, table.id < start + "g").limit(20)).scalars().all()
        if len(found) > 1:
            raise Ambiguous(asked, tuple(sorted(found)))
        if found:
            return str(found[0])
    submissions = schema.submissions
    by_path = connection.execute(select(submissions).where(submissions.c.key == asked)).mappings().all()
    by_name = by_path or connection.execute(select(submissions).where(submissions.c.name == asked)).mappings().all()
    latest: dict[tuple[str | None, str | None], str] = {}
    for row in _ordered(by_name):
        latest[row["bucket"], row["key"]] = row["document_id"]
    candidates = sorted(set(latest.values()))
    if len(candidates) > 1:
        raise Ambiguous(asked, tuple(candidates))
    return candidates[0] if candidates else None


def _ordered(rows: Sequence[RowMapping]) -> list[RowMapping]:
    by_id = {row["id"]: row for row in rows}
    arrivals = (Arrival(row["id"], row["document_id"], row["last_modified"], row["version"], row["arrived_at"]) for row in rows)
    return [by_id[arrival.submission] for arrival in in_order(arrivals)]


def objects(connection: Connection, document_id: str) -> list[ObjectRef]:
    """Where the bytes of a document lay when they arrived, the latest first."""
    table = schema.submissions
    rows = connection.execute(select(table).where(table.c.document_id == document_id)).mappings().all()
    found = (object_ref(row["bucket"], row["key"], row["version"], row["last_modified"]) for row in reversed(_ordered(rows)))
    return [each for each in found if each is not None]


def views(connection: Connection, ids: Sequence[str]) -> list[DocumentView]:
    """The documents of these ids (at most a few hundred), in no order."""
    table, results = schema.documents, schema.results
    source = with_parts(table.outerjoin(results, results.c.document_id == table.c.id))
    statement = select(table.c.id, table.c.bytes, table.c.pages, schema.filing_parts.c.current_document, results).select_from(source)
    submissions = _grouped(connection, select(schema.submissions).where(schema.submissions.c.document_id.in_(ids)))
    forms = _grouped(connection, _form_query(ids))
    refused = _grouped(connection, select(schema.rejections).where(schema.rejections.c.document_id.in_(ids)))
    active = activations(connection).get("extract")
    accepted = accepted_numbers(connection, ids)
    return [
        _view(row, submissions[row["id"]], forms[row["id"]], refused[row["id"]], active, accepted.get(row["id"], 0))
        for row in connection.execute(statement.where(table.c.id.in_(ids))).mappings()
    ]


def _grouped(connection: Connection, statement: Select[Any]) -> Mapping[str, list[RowMapping]]:
    rows: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(statement).mappings():
        rows[row["document_id"]].append(row)
    return rows


def _form_query(ids: Sequence[str]) -> Select[Any]:
    tables, forms = schema.tables.c, schema.forms.c
    joined = schema.tables.outerjoin(schema.forms, and_(forms.document_id == tables.document_id, forms.table_id == tables.id))
    columns = (tables.document_id, tables.id, tables.number, tables.pages, tables.n_rows, tables.n_cols, tables.title)
    more = (forms.title.label("form_title"), forms.form, forms.unit.label("form_unit"), tables.unit, forms.figures, forms.tied)
    return select(*columns, *more).select_from(joined).where(tables.document_id.in_(ids)).order_by(tables.document_id, tables.seq)


def _view(
    row: RowMapping, submissions: list[RowMapping], forms: list[RowMapping], refused: list[RowMapping], active: str | None, accepted: int
) -> DocumentView:
    names = list(dict.fromkeys(submission["name"] for submission in reversed(_ordered(submissions))))
    rejection = _rejection(refused, row["extract_version"], active)
    if not names and rejection is not None:
        names = [rejection.name]
    stored = row["verdict"] is not None
    base: dict[str, Any] = {
        "id": row["id"],
        "name": names[0] if names else row["id"],
        "names": tuple(names),
        "status": "stored" if stored else "rejected" if rejection else "submitted",
        "bytes": row["bytes"],
        "pages": row["pages"],
        "rejection": rejection,
    }
    if not stored:
        return DocumentView(**base)
    about = ("entity", "entity_code", "region", "year", "kind", "level", "part", "verdict", "unmapped", "claims", "stored_at")
    return DocumentView(
        **base,
        **{name: row[name] for name in about},
        filing=row["filing_id"],
        current=row["current_document"] in (None, row["id"]),
        counts=Counts(**{name: row[name] for name in Counts.__struct_fields__}),
        coverage=_coverage(row),
        cofog={link.function: link for link in from_json(row["cofog"] or "[]", tuple[CofogLink, ...])},
        findings={"error": row["errors"], "warning": row["warnings"], "info": row["infos"]},
        accepted=accepted,
        forms=tuple(_form_view(form) for form in forms),
        versions={stage: row[f"{stage}_version"] for stage in STAGES},
        artifacts={stage: row[f"{stage}_digest"] for stage in STAGES},
    )


def _coverage(row: RowMapping) -> Coverage:
    tied, more = row["tied"], row["tied_more"]
    told = {} if more is None else {"tied_once": tied - more, "tied_more": more}
    return Coverage(figures=row["figures"], tied=tied, untied=row["untied"], **told)


def _form_view(row: RowMapping) -> FormView:
    return FormView(
        table=row["id"],
        form=row["form"],
        title=row["form_title"] or row["title"],
        number=row["number"],
        pages=from_json(row["pages"], tuple[int, ...]),
        n_rows=row["n_rows"],
        n_cols=row["n_cols"],
        unit=row["form_unit"] or row["unit"],
        figures=row["figures"] or 0,
        tied=row["tied"] or 0,
    )


def _rejection(rows: list[RowMapping], result_version: str | None, active: str | None) -> RejectionView | None:
    """Why a document was not read: beside a result only where the activated extractor, another one than the result's, refused it."""
    if result_version is not None:
        rows = [row for row in rows if row["version"] == active != result_version]
    best = max(rows, key=lambda row: (row["version"] == active, row["version"], row["code"]), default=None)
    return rejection_view(best) if best is not None else None


def rejection_view(row: RowMapping) -> RejectionView:
    """A rejection from its row."""
    return RejectionView(
        document=row["document_id"],
        name=row["name"],
        object=object_ref(row["bucket"], row["key"], row["object_version"], row["last_modified"]),
        code=row["code"],
        page=row["page"],
        message=Message(zh=row["message_zh"], en=row["message_en"]),
        version=row["version"],
    )


def object_ref(bucket: str | None, key: str | None, version: str | None, last_modified: str | None) -> ObjectRef | None:
    """The object of a submission; null where it had none."""
    if bucket is None or key is None:
        return None
    return ObjectRef(bucket=bucket, key=key, version=version, last_modified=last_modified)
