"""A result as rows of the database, and facts and checks back from their rows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from sqlalchemy import RowMapping

from services.store.domain.identity import Stage
from services.store.domain.ranking import SEVERITY_RANK, fen, weigh
from services.store.domain.views import ExtractedSummary
from shared.canonical import canonical_json
from shared.contracts.common import Box
from shared.contracts.normalized import Fact, Form, Normalized
from shared.contracts.validated import Check, Finding, Term, Validated
from shared.ids import filing_id

Row = dict[str, Any]
T = TypeVar("T")


def to_json(value: object) -> str:
    """Canonical JSON as text."""
    return canonical_json(value).decode()


def from_json(text: str, kind: type[T]) -> T:
    """A value of `kind` from its canonical JSON."""
    return msgspec.json.decode(text, type=kind)


def result_row(
    document_id: str,
    extracted: ExtractedSummary,
    normalized: Normalized,
    validated: Validated,
    artifacts: Mapping[Stage, str],
    stored_at: str,
) -> Row:
    """The row of `results`."""
    about, counts, coverage = validated.document, validated.counts, validated.coverage
    severities = [finding.severity for finding in validated.findings]
    return {
        "document_id": document_id,
        "region": about.region,
        "entity": about.entity,
        "entity_code": about.entity_code,
        "year": about.year,
        "kind": about.kind,
        "level": about.level,
        "part": about.part,
        "filing_id": filing_id(about),
        "verdict": validated.verdict,
        **msgspec.structs.asdict(counts),
        "figures": coverage.figures,
        "tied": coverage.tied,
        "untied": coverage.untied,
        "tied_more": coverage.tied_more if coverage.tied_more is not msgspec.UNSET else None,
        "cofog": to_json(normalized.cofog),
        "errors": severities.count("error"),
        "warnings": severities.count("warning"),
        "infos": severities.count("info"),
        "unmapped": len(normalized.unmapped),
        "claims": len(normalized.claims),
        "extract_version": extracted.version,
        "normalize_version": normalized.producer.version,
        "validate_version": validated.producer.version,
        **{f"{stage}_digest": artifacts[stage] for stage in ("extract", "normalize", "validate")},
        "stored_at": stored_at,
    }


def content_rows(document_id: str, extracted: ExtractedSummary, normalized: Normalized, validated: Validated) -> dict[str, list[Row]]:
    """The rows of `tables`, `forms`, `facts`, `checks` and `findings`, by table."""
    by_id = {check.id: check for check in validated.checks}
    pages = {table.id: table.pages for table in extracted.tables}
    rows = {
        "tables": [
            {"id": table.id, "title": table.title, "number": table.number, "pages": to_json(table.pages),
             "n_rows": table.n_rows, "n_cols": table.n_cols, "unit": table.unit}
            for table in extracted.tables
        ],
        "forms": [_form_row(form, pages, validated) for form in normalized.forms],
        "facts": [_fact_row(fact) for fact in facts_of(normalized, validated)],
        "checks": [check_row(check) for check in validated.checks],
        "findings": [finding_row(finding, by_id) for finding in validated.findings],
    }  # fmt: skip
    for of_table in rows.values():
        for seq, row in enumerate(of_table):
            row["document_id"] = document_id
            row["seq"] = seq
    return rows


def facts_of(normalized: Normalized, validated: Validated) -> tuple[Fact, ...]:
    """The validator's facts (with the precision it used); the normaliser's where it passes none on."""
    return validated.facts or normalized.facts


def _form_row(form: Form, pages: Mapping[str, tuple[int, ...]], validated: Validated) -> Row:
    summary = next((each for each in validated.forms if each.table == form.table), None)
    return {
        "table_id": form.table,
        "form": form.form,
        "title": form.title,
        "unit": form.unit,
        "scope": form.scope,
        "pages": to_json(pages.get(form.table, ())),
        "confidence": form.confidence,
        "figures": summary.figures if summary else 0,
        "tied": summary.tied if summary else 0,
    }


def _fact_row(fact: Fact) -> Row:
    row = msgspec.structs.asdict(fact)
    row["table_id"] = row.pop("table")
    del row["origin"]  # in the artifact alone: what a recognised figure is worth is in its confidence, and findings say it in words
    row["amount"] = str(fact.amount)
    row["yuan"] = _text(fact.yuan)
    row["yuan_fen"] = fen(fact.yuan)
    row["bbox"] = to_json(fact.bbox)
    return row


def fact_of(row: RowMapping) -> Fact:
    """A fact from its row."""
    values = {key: row[key] for key in _FACT_COLUMNS}
    return Fact(
        **values,
        table=row["table_id"],
        amount=Decimal(row["amount"]),
        yuan=_decimal(row["yuan"]),
        bbox=from_json(row["bbox"], Box),  # type: ignore[arg-type]  # Box is a tuple alias, no class
    )


_FACT_COLUMNS = tuple(name for name in Fact.__struct_fields__ if name not in ("table", "amount", "yuan", "bbox", "origin"))
_AMOUNTS = ("reported", "computed", "difference", "possible", "plausible")


def check_row(check: Check) -> Row:
    """The row of a check, without its owner."""
    row = msgspec.structs.asdict(check)
    del row["document"]  # a column of its own, in checks of filings only
    row["terms"] = to_json(check.terms)
    for name in _AMOUNTS:
        row[name] = _text(row[name])
    return row


def check_of(row: RowMapping) -> Check:
    """A check from its row."""
    amounts: dict[str, Any] = {name: _decimal(row[name]) for name in _AMOUNTS}
    others = {name: row[name] for name in ("id", "rule", "form", "status", "target", "unit", "reason")}
    return Check(**others, **amounts, terms=from_json(row["terms"], tuple[Term, ...]))


def finding_row(finding: Finding, checks: Mapping[str, Check]) -> Row:
    """The row of a finding, without its owner. Args: checks: those of the same result by id."""
    weight = weigh(finding, checks)
    place = weight.evidence
    return {
        "id": finding.id,
        "severity_rank": SEVERITY_RANK[finding.severity],
        "relative_ppm": weight.relative_ppm,
        "code": finding.code,
        "severity": finding.severity,
        "message_zh": finding.message.zh,
        "message_en": finding.message.en,
        "form": finding.form,
        "title": finding.title,
        "table_id": place.table if place else None,
        "row": place.row if place else None,
        "col": place.col if place else None,
        "page": weight.page,
        "text": weight.text,
        "rule": weight.rule,
        "reported": _text(weight.reported),
        "computed": _text(weight.computed),
        "difference": _text(weight.difference),
        "unit": weight.unit,
        "checks": to_json(finding.checks),
        "evidence": to_json(finding.evidence),
        "diagnosis": to_json(finding.diagnosis) if finding.diagnosis else None,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
