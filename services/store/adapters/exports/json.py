"""JSON lines: a document a line, with its facts, checks and findings; amounts are text, so that they stay exact."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.store.adapters.exports import whole_files
from services.store.domain.columns import COLUMNS, Sheet
from services.store.domain.export_rows import Language, Row, check_rows, document_row, fact_rows, finding_row, rejection_row
from services.store.domain.views import DocumentView, Filter
from services.store.ports import Store

NAME = "documents.jsonl"


def write(store: Store, out_dir: Path, only: Filter, language: Language) -> list[str]:
    """Writes documents.jsonl; returns its name."""
    with whole_files(out_dir, [NAME]) as (file,), file.open("w", encoding="utf-8", newline="\n") as target:
        for view in store.documents(only):
            target.write(_line(document_object(store, view, language)))
        if only == Filter():
            for refused in store.rejections():
                target.write(_line(_named("documents", rejection_row(refused, language))))
    return [NAME]


def document_object(store: Store, view: DocumentView, language: Language) -> dict[str, Any]:
    """A document as in the sheet of documents, and the rows of the other sheets that belong to it."""
    about = _named("documents", document_row(view, language))
    if view.status != "stored":
        return about
    facts = store.facts(view.id)
    by_id = {fact.id: fact for fact in facts}
    found = store.findings(document=view.id)
    return {
        **about,
        "names": list(view.names),
        "findings": _without_document("findings", (finding_row(finding, language) for finding in found), about),
        "facts": _without_document("facts", fact_rows(view, facts, language), about),
        "checks": _without_document(
            "checks", check_rows(view, store.checks(view.id), store.filing_checks(view.id), by_id, language), about
        ),
    }


def _without_document(sheet: Sheet, rows: Iterable[Row], about: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows without the columns that say again which document they belong to."""
    again = {"document", "file", "entity", "region", "year", "kind", "current"} & set(about)
    return [{name: value for name, value in _named(sheet, row).items() if name not in again} for row in rows]


def _named(sheet: Sheet, row: Row) -> dict[str, Any]:
    return {column.name: f"{value:f}" if isinstance(value, Decimal) else value for column, value in zip(COLUMNS[sheet], row, strict=True)}


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
