"""Views as rows of the exports: one value a column, in the order of domain/columns.py. Rows and columns of tables count from 1 here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

from msgspec import UNSET, UnsetType

from services.store.domain.columns import COLUMNS, Sheet
from services.store.domain.views import DocumentView, FindingView, RejectionView
from shared.contracts.common import Message
from shared.contracts.normalized import Fact
from shared.contracts.validated import Check, Term
from shared.form_names import form_name

Language = Literal["zh", "en"]
Value = str | int | float | bool | Decimal | None
Row = tuple[Value, ...]


def _told(number: int | UnsetType) -> int | None:
    """A number that an older result does not say."""
    return None if isinstance(number, UnsetType) else number


def document_row(view: DocumentView, language: Language) -> Row:
    """The row of a document."""
    refused = view.rejection
    stored = view.status == "stored"
    content: dict[str, Value] = {
        "tables": len(view.forms),
        "forms": sum(form.form is not None for form in view.forms),
        "figures": view.coverage.figures,
        "tied": view.coverage.tied,
        "tied_once": _told(view.coverage.tied_once),
        "tied_more": _told(view.coverage.tied_more),
        "untied": view.coverage.untied,
        "unmapped": view.unmapped,
        "claims": view.claims,
        "checks_exact": view.counts.exact,
        "checks_rounding": view.counts.rounding,
        "checks_suspicious": view.counts.suspicious,
        "checks_failed": view.counts.failed,
        "checks_not_assessable": view.counts.not_assessable,
        "errors": view.findings.get("error", 0),
        "warnings": view.findings.get("warning", 0),
        "infos": view.findings.get("info", 0),
        "accepted": view.accepted,
    }
    return _row(
        "documents",
        {
            **_where(view),
            **(content if stored else {}),
            "level": view.level,
            "part": view.part,
            "entity_code": view.entity_code,
            "status": view.status,
            "verdict": view.verdict,
            "pages": view.pages,
            "bytes": view.bytes,
            "rejection": refused.code if refused else None,
            "rejection_message": _say(refused.message, language) if refused else None,
            "stored_at": view.stored_at,
        },
    )


def rejection_row(view: RejectionView, language: Language) -> Row:
    """The row, among the documents, of a file of which there is no document."""
    about = {"file": view.name, "status": "rejected", "rejection": view.code, "rejection_message": _say(view.message, language)}
    return _row("documents", about)


def finding_row(view: FindingView, language: Language) -> Row:
    """The row of a finding."""
    same = ("severity", "code", "entity", "region", "year", "kind", "current", "page", "form", "title", "document")
    figures = ("text", "reported", "computed", "difference", "unit", "rule", "filing")
    return _row(
        "findings",
        {
            **{name: getattr(view, name) for name in (*same, *figures)},
            "file": view.document_name,
            "form_name": form_name(view.form, language) if view.form else None,
            "row": _from_1(view.row),
            "col": _from_1(view.col),
            "message": _say(view.message, language),
            "cause": view.diagnosis.cause if view.diagnosis else None,
            "suggested": view.diagnosis.suggested if view.diagnosis else None,
            "accepted": view.accepted is not None,
            **({f"accepted_{name}": getattr(view.accepted, name) for name in ("by", "at", "why")} if view.accepted else {}),
            "finding": view.id,
        },
    )


def fact_rows(view: DocumentView, facts: list[Fact], language: Language) -> Iterator[Row]:
    """The rows of a document's facts."""
    where = _where(view)
    same = ("page", "table", "form", "label", "function", "economic", "gov_economic", "line", "measure", "fund", "project")
    figures = ("amount", "text", "unit", "yuan", "decimals", "code_from", "confidence", "duplicate_of")
    for fact in facts:
        own = {name: getattr(fact, name) for name in (*same, *figures)}
        own["form_name"] = form_name(fact.form, language) if fact.form else None
        link = view.cofog.get(fact.function or "")
        own["cofog"], own["cofog_confidence"] = (link.code, link.confidence) if link else (None, None)
        yield _row("facts", {**where, **own, "row": fact.row + 1, "col": fact.col + 1, "fact": fact.id})


def check_rows(
    view: DocumentView, checks: list[Check], between: list[tuple[str, Check]], facts: Mapping[str, Fact], language: Language
) -> Iterator[Row]:
    """The rows of a document's checks. Args: between: those with figures of other documents, each with its filing."""
    where = _where(view)
    same = ("status", "rule", "form", "target", "reported", "computed", "difference", "possible", "plausible", "unit", "reason")
    for filing, check in (*((None, check) for check in checks), *between):
        target = facts.get(check.target)
        own = {name: getattr(check, name) for name in same}
        own["form_name"] = form_name(check.form, language) if check.form else None
        place = {"page": target.page if target else None, "label": target.label if target else None}
        yield _row("checks", {**where, **own, **place, "terms": _sum(check), "check": check.id, "filing": filing})


def _sum(check: Check) -> str:
    """The terms as a sum of facts, the sign of each before it after a space; facts of other documents after the beginning of the id."""
    words = [f"{'+' if term.sign > 0 else '−'} {_fact(term)}" for term in check.terms]
    return " ".join(words).removeprefix("+ ")


def _fact(term: Term) -> str:
    return term.fact if term.document is UNSET else f"{term.document.removeprefix('sha256:')[:8]}/{term.fact}"


def _where(view: DocumentView) -> dict[str, Value]:
    return {
        "document": view.id,
        "file": view.name,
        **{name: getattr(view, name) for name in ("entity", "region", "year", "kind", "current")},
    }


def _row(sheet: Sheet, values: Mapping[str, Value]) -> Row:
    return tuple(values.get(column.name) for column in COLUMNS[sheet])


def _say(message: Message, language: Language) -> str:
    return message.zh if language == "zh" else message.en


def _from_1(index: int | None) -> int | None:
    return None if index is None else index + 1
