"""The tables of the database, the same on SQLite and PostgreSQL (migrations/versions makes them; a test compares both).

Keys are made of content, so that any order of arrival leaves the same rows. Money is text, exactly as printed or computed, since SQLite
has no decimal type; `yuan_fen` beside it is the amount in whole 分, for sorting and filtering only. Text collates by code point.
Lists and places are canonical JSON. Rows of one document lie together (WITHOUT ROWID), so writing them costs the same however full it is.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Double, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData, Table, Text, types

from services.store.domain.identity import storable

HEAD = "0007"  # the latest migration

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class SafeText(types.TypeDecorator[str]):
    """Text that every database can hold; compared by code point, so that order does not depend on the database's locale."""

    impl = Text().with_variant(Text(collation="C"), "postgresql")  # SQLite compares bytes by itself
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Bytes of no encoding and NUL are escaped."""
        return None if value is None else storable(value)


def _text(name: str, *arguments: Any, **settings: Any) -> Column[str]:
    return Column(name, SafeText, *arguments, **settings)


def _key(name: str) -> Column[str]:
    return Column(name, SafeText, primary_key=True)


def _result_key() -> Column[str]:
    return Column("document_id", SafeText, ForeignKey("results.document_id", ondelete="CASCADE"), primary_key=True)


def _needed(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


activations = Table("activations", metadata, _key("stage"), _text("version", nullable=False), sqlite_with_rowid=False)

documents = Table("documents", metadata, _key("id"), Column("bytes", BigInteger), Column("pages", Integer), sqlite_with_rowid=False)

submissions = Table(
    "submissions",
    metadata,
    _key("id"),
    _text("document_id", ForeignKey("documents.id"), nullable=False, index=True),
    _text("name", nullable=False, index=True),
    _text("department"),
    _text("bucket"),
    _text("key", index=True),
    _text("version"),
    _text("last_modified"),
    _text("arrived_at", nullable=False),
    sqlite_with_rowid=False,
)

stage_runs = Table(
    "stage_runs",
    metadata,
    Column("document_id", SafeText, ForeignKey("documents.id"), primary_key=True),
    _key("stage"),
    _key("version"),
    _key("digest"),
    sqlite_with_rowid=False,
)

rejections = Table(
    "rejections",
    metadata,
    _key("subject"),  # the document, or the submission where there is no document
    _key("version"),
    _key("code"),
    _text("document_id", ForeignKey("documents.id"), index=True),
    Column("page", Integer),
    _text("message_zh", nullable=False),
    _text("message_en", nullable=False),
    _text("name", nullable=False),
    _text("bucket"),
    _text("key"),
    _text("object_version"),
    _text("last_modified"),
    sqlite_with_rowid=False,
)

filings = Table(
    "filings",
    metadata,
    _key("id"),
    _text("region"),
    _text("entity", nullable=False),
    _needed("year"),
    _text("kind", nullable=False),
    _text("level"),
    sqlite_with_rowid=False,
)

filing_parts = Table(
    "filing_parts",
    metadata,
    Column("filing_id", SafeText, ForeignKey("filings.id"), primary_key=True),
    _key("part"),
    _text("current_document"),
    sqlite_with_rowid=False,
)

revisions = Table(
    "revisions",
    metadata,
    _key("filing_id"),
    _key("part"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("submission_id", ForeignKey("submissions.id"), nullable=False),
    _text("document_id", nullable=False),
    ForeignKeyConstraint(["filing_id", "part"], ["filing_parts.filing_id", "filing_parts.part"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

results = Table(
    "results",
    metadata,
    Column("document_id", SafeText, ForeignKey("documents.id"), primary_key=True),
    _text("region"),
    _text("entity"),
    _text("entity_code"),
    Column("year", Integer),
    _text("kind", nullable=False),
    _text("level"),
    _text("part", nullable=False),
    _text("filing_id"),
    _text("verdict", nullable=False),
    *(_needed(name) for name in ("exact", "rounding", "suspicious", "failed", "not_assessable")),
    *(_needed(name) for name in ("figures", "tied", "untied", "errors", "warnings", "infos", "unmapped", "claims")),
    *(_text(f"{stage}_version", nullable=False) for stage in ("extract", "normalize", "validate")),
    *(_text(f"{stage}_digest", nullable=False) for stage in ("extract", "normalize", "validate")),
    _text("stored_at", nullable=False),
    Column("tied_more", Integer),  # null in results older than it
    _text("cofog"),  # places of the document's function codes in COFOG, as JSON; null in results older than it
    Index("ix_results_filing_id_part", "filing_id", "part"),
    Index("ix_results_entity_year", "entity", "year"),
    sqlite_with_rowid=False,
)

tables = Table(
    "tables",
    metadata,
    _result_key(),
    _key("id"),
    _needed("seq"),
    _text("title"),
    _text("number"),
    _text("pages", nullable=False),
    _needed("n_rows"),
    _needed("n_cols"),
    _text("unit"),
    sqlite_with_rowid=False,
)

forms = Table(
    "forms",
    metadata,
    _result_key(),
    _key("table_id"),
    _needed("seq"),
    _text("form"),
    _text("title"),
    _text("unit"),
    _text("scope"),
    _text("pages", nullable=False),
    Column("confidence", Double, nullable=False),
    _needed("figures"),
    _needed("tied"),
    sqlite_with_rowid=False,
)

facts = Table(
    "facts",
    metadata,
    _result_key(),
    _key("id"),
    _needed("seq"),
    _text("table_id", nullable=False),
    _needed("row"),
    _needed("col"),
    _needed("list"),
    _text("label", nullable=False),
    *(_text(name) for name in ("form", "function", "economic", "gov_economic", "line", "measure", "fund", "project")),
    _text("amount", nullable=False),
    _needed("decimals"),
    _needed("precision"),
    _text("unit"),
    _text("yuan"),
    Column("yuan_fen", BigInteger),
    _text("text", nullable=False),
    _needed("page"),
    _text("bbox", nullable=False),
    _text("code_from", nullable=False),
    Column("confidence", Double, nullable=False),
    _text("duplicate_of"),
    sqlite_with_rowid=False,
)


def _check_columns() -> tuple[Column[Any], ...]:
    return (
        _key("id"),
        _needed("seq"),
        _text("rule", nullable=False),
        _text("form"),
        _text("status", nullable=False),
        _text("target", nullable=False),
        _text("terms", nullable=False),
        *(_text(name) for name in ("reported", "computed", "difference", "possible", "plausible", "unit", "reason")),
    )


def _finding_columns() -> tuple[Column[Any], ...]:
    return (
        Column("id", SafeText, primary_key=True, index=True),
        _needed("seq"),
        _needed("severity_rank"),
        Column("relative_ppm", BigInteger),
        _text("code", nullable=False),
        _text("severity", nullable=False),
        _text("message_zh", nullable=False),
        _text("message_en", nullable=False),
        *(_text(name) for name in ("form", "title", "table_id")),
        *(Column(name, Integer) for name in ("row", "col", "page")),
        *(_text(name) for name in ("text", "rule", "reported", "computed", "difference", "unit")),
        _text("checks", nullable=False),
        _text("evidence", nullable=False),
        _text("diagnosis"),
    )


checks = Table(
    "checks",
    metadata,
    _result_key(),
    *_check_columns(),
    sqlite_with_rowid=False,
)

findings = Table(
    "findings",
    metadata,
    _result_key(),
    *_finding_columns(),
    Index("ix_findings_severity_rank_relative_ppm", "severity_rank", "relative_ppm"),
    sqlite_with_rowid=False,
)

RESULT_TABLES = (tables, forms, facts, checks, findings)

# What reconciling a filing's documents found. A row of filing_results always speaks of the present members: it goes with the first change.
filing_results = Table(
    "filing_results",
    metadata,
    Column("filing_id", SafeText, ForeignKey("filings.id", ondelete="CASCADE"), primary_key=True),
    _text("previous_id", nullable=False, index=True),  # last year's filing, whether or not it is stored
    _text("budget_id", index=True),  # of final accounts: the budget of the year, whether or not it is stored
    _text("state", nullable=False),  # digest of the members that it speaks of (shared/filings.py)
    _text("members", nullable=False),
    _text("previous", nullable=False),
    _text("verdict", nullable=False),
    *(_needed(name) for name in ("exact", "rounding", "suspicious", "failed", "not_assessable")),
    *(_needed(name) for name in ("figures", "tied", "untied", "errors", "warnings", "infos")),
    _text("version", nullable=False),
    _text("digest", nullable=False),
    _text("stored_at", nullable=False),
    sqlite_with_rowid=False,
)


def _filing_key() -> Column[str]:
    return Column("filing_id", SafeText, ForeignKey("filing_results.filing_id", ondelete="CASCADE"), primary_key=True)


def _of_document() -> Column[str]:
    # The document that the check's target, or the finding, speaks of.
    return _text("document_id", ForeignKey("documents.id"), nullable=False, index=True)


filing_checks = Table(
    "filing_checks",
    metadata,
    _filing_key(),
    *_check_columns(),
    _of_document(),
    sqlite_with_rowid=False,
)

filing_findings = Table(
    "filing_findings",
    metadata,
    _filing_key(),
    *_finding_columns(),
    _of_document(),
    sqlite_with_rowid=False,
)

FILING_TABLES = (filing_checks, filing_findings)
