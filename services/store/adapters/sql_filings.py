"""Results of filings: what reconciling found, stored whole or not at all, and asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, delete, select

from services.store.adapters import schema, sql_writes
from services.store.adapters.result_rows import Row, check_of, check_row, finding_row, from_json, to_json
from services.store.adapters.sql_filing_state import all_states, filing_info, filing_state
from services.store.domain.errors import Ambiguous
from services.store.domain.identity import version_order
from services.store.domain.views import FilingResult
from shared.contracts.filing import Filing, FilingChanged, Member
from shared.contracts.validated import Check, Counts, Coverage
from shared.filings import budget_of, needs_reconciling, of_year, state_digest

_SHORTEST_PREFIX = 6


def store_filing(connection: Connection, filing: Filing, digest: str, stored_at: str) -> bool:
    """Makes a result that of its filing, if it speaks of the present members and no better one is there. Says whether it is now."""
    sql_writes.lock_filings(connection, [filing.filing])
    state = filing_state(connection, filing.filing.id)
    if state is None or state_digest(state) != state_digest(filing):
        return False
    row = _result_row(filing, digest, stored_at)
    table = schema.filing_results
    here = table.c.filing_id == filing.filing.id
    current = connection.execute(select(table).where(here)).mappings().one_or_none()
    if current is not None and current["state"] == row["state"]:
        active = sql_writes.activations(connection).get("validate")
        if _rank(current, active) >= _rank(row, active):
            return bool(current["digest"] == digest)
    connection.execute(delete(table).where(here))
    connection.execute(table.insert(), row)
    for content, rows in _content(filing):
        if rows:
            connection.execute(content.insert(), rows)
    return True


def _rank(row: Any, active: str | None) -> tuple[bool, tuple[tuple[int, ...], str], str]:
    """Of two results over the same members that of the activated version is current, else that of the later one (as with documents)."""
    return row["version"] == active, version_order(row["version"]), row["digest"]


def _result_row(filing: Filing, digest: str, stored_at: str) -> Row:
    severities = [finding.severity for finding in filing.findings]
    return {
        "filing_id": filing.filing.id,
        "previous_id": of_year(filing.filing, filing.filing.year - 1).id,
        "budget_id": budget.id if (budget := budget_of(filing.filing)) else None,
        "state": state_digest(filing),
        "members": to_json(filing.members),
        "previous": to_json(filing.previous.members if filing.previous else ()),
        "verdict": filing.verdict,
        **msgspec.structs.asdict(filing.counts),
        "figures": filing.coverage.figures,
        "tied": filing.coverage.tied,
        "untied": filing.coverage.untied,
        **{f"{severity}s": severities.count(severity) for severity in ("error", "warning", "info")},
        "version": filing.producer.version,
        "digest": digest,
        "stored_at": stored_at,
    }


def _content(filing: Filing) -> Iterator[tuple[Any, list[Row]]]:
    """The rows of checks and findings. Every check and finding of a filing names its document."""
    by_id = {check.id: check for check in filing.checks}
    checks = [{**check_row(check), "document_id": check.document} for check in filing.checks]
    findings = [{**finding_row(finding, by_id), "document_id": finding.document} for finding in filing.findings]
    for table, rows in ((schema.filing_checks, checks), (schema.filing_findings, findings)):
        yield table, [{**row, "filing_id": filing.filing.id, "seq": seq} for seq, row in enumerate(rows)]


def unreconciled(connection: Connection) -> list[FilingChanged]:
    """The filings that need a result over their present members, in the activated version, and have none; by id."""
    table = schema.filing_results.c
    stored = {row.filing_id: (row.state, row.version) for row in connection.execute(select(table.filing_id, table.state, table.version))}
    active = sql_writes.activations(connection).get("validate")
    found = []
    for state in all_states(connection):
        if needs_reconciling(state):
            current, version = stored.get(state.filing.id, (None, None))
            if current != state_digest(state) or active not in (None, version):
                found.append(state)
    return found


def result(connection: Connection, asked: str) -> FilingResult | None:
    """The result of a filing, by its id or an unambiguous beginning of its digits. Raises Ambiguous."""
    table = schema.filing_results.c
    digits = asked.removeprefix("filing:").lower()
    if len(digits) < _SHORTEST_PREFIX:
        return None
    begins = table.filing_id.startswith(f"filing:{digits}", autoescape=True)
    rows = connection.execute(select(schema.filing_results).where(begins).limit(20)).mappings().all()
    if len(rows) > 1:
        raise Ambiguous(asked, tuple(sorted(row["filing_id"] for row in rows)))
    return _result(connection, rows[0]) if rows else None


def _result(connection: Connection, row: RowMapping) -> FilingResult:
    info = filing_info(connection, row["filing_id"])
    if info is None:
        raise LookupError(row["filing_id"])  # the foreign key forbids it
    return FilingResult(
        filing=info,
        members=from_json(row["members"], tuple[Member, ...]),
        previous=from_json(row["previous"], tuple[Member, ...]),
        verdict=row["verdict"],
        counts=Counts(**{name: row[name] for name in Counts.__struct_fields__}),
        coverage=Coverage(figures=row["figures"], tied=row["tied"], untied=row["untied"]),
        findings={"error": row["errors"], "warning": row["warnings"], "info": row["infos"]},
        version=row["version"],
        artifact=row["digest"],
        stored_at=row["stored_at"],
    )


def checks(connection: Connection, document_id: str) -> list[tuple[str, Check]]:
    """The checks of filings whose target is a figure of this document, with the filing, in the order of its result."""
    table = schema.filing_checks
    ordered = select(table).where(table.c.document_id == document_id).order_by(table.c.filing_id, table.c.seq)
    rows = connection.execute(ordered).mappings()
    return [(row["filing_id"], msgspec.structs.replace(check_of(row), document=document_id)) for row in rows]
