"""The rows of the four sheets from a store, a document at a time, so that memory does not grow with what is exported."""

from __future__ import annotations

from collections.abc import Iterator

from services.store.domain.columns import Sheet
from services.store.domain.export_rows import Language, Row, check_rows, document_row, fact_rows, finding_row, rejection_row
from services.store.domain.views import DocumentView, Filter
from services.store.ports import Store


def rows_of(store: Store, sheet: Sheet, documents: list[DocumentView], only: Filter, language: Language) -> Iterator[Row]:
    """The rows of a sheet. Args: documents: what the filter means, read once for all sheets."""
    if sheet == "documents":
        yield from (document_row(view, language) for view in documents)
        # Files without a document belong to no entity, year or id: only an export of everything names them.
        if only == Filter():
            yield from (rejection_row(view, language) for view in store.rejections())
    elif sheet == "findings":
        yield from (finding_row(view, language) for view in store.findings(only=only))
    else:
        for view in documents:
            if view.status != "stored":
                continue
            facts = store.facts(view.id)
            if sheet == "facts":
                yield from fact_rows(view, facts, language)
            else:
                yield from check_rows(
                    view, store.checks(view.id), store.filing_checks(view.id), {fact.id: fact for fact in facts}, language
                )
