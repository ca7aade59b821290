"""Which findings people accepted. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Label, RowMapping, Table, and_, func, or_, select

from services.store.adapters.ledger_schema import acceptances
from services.store.adapters.schema import findings
from services.store.adapters.sql_writes import insert_on
from services.store.domain.views import Acceptance
from shared.contracts.events import Decision


def decide(connection: Connection, decision: Decision, made: str) -> None:
    """Accepts a finding, or withdraws that. The last decision counts, in whatever order they come.

    Args: made: when it was made, UTC with microseconds.
    """
    if decision.finding is None:
        return
    row = {
        "finding": decision.finding,
        "accepted": int(decision.kind == "accept"),
        "decided_by": decision.by,
        "at": made,
        "why": decision.why,
        "decision": decision.id,
    }
    statement = insert_on(connection, acceptances).values(row)
    new, old = statement.excluded, acceptances.c
    later = or_(new.at > old.at, and_(new.at == old.at, new.decision > old.decision))
    changed = {name: new[name] for name in row if name != "finding"}
    connection.execute(statement.on_conflict_do_update(index_elements=["finding"], set_=changed, where=later))


def all_accepted(connection: Connection) -> list[Acceptance]:
    """Every accepted finding, the latest first; also those that no current result has."""
    column = acceptances.c
    rows = connection.execute(select(acceptances).where(column.accepted == 1).order_by(column.at.desc(), column.finding)).mappings()
    return [Acceptance(finding=row["finding"], by=row["decided_by"], at=row["at"], why=row["why"]) for row in rows]


def accepted_numbers(connection: Connection, documents: Sequence[str]) -> dict[str, int]:
    """How many findings of each of these documents are accepted; documents without any are left out."""
    found = findings.c
    joined = findings.join(acceptances, and_(acceptances.c.finding == found.id, acceptances.c.accepted == 1))
    counted = select(found.document_id, func.count()).select_from(joined).where(found.document_id.in_(documents))
    return {row[0]: row[1] for row in connection.execute(counted.group_by(found.document_id))}


def accepted_as(table: Table) -> tuple[Table, ColumnElement[bool]]:
    """What a table of findings is joined with (outer), and how, to know which of them are accepted."""
    return acceptances, and_(acceptances.c.finding == table.c.id, acceptances.c.accepted == 1)


def accepted_columns() -> tuple[Label[Any], ...]:
    """The columns of that join, under names of their own."""
    columns: tuple[Column[Any], ...] = (acceptances.c.decided_by, acceptances.c.at, acceptances.c.why)
    return tuple(column.label(f"accepted_{column.name}") for column in columns)


def acceptance_of(row: RowMapping) -> Acceptance | None:
    """The acceptance in a row with `accepted_columns`; null where the finding is open."""
    if row["accepted_at"] is None:
        return None
    return Acceptance(finding=row["id"], by=row["accepted_decided_by"], at=row["accepted_at"], why=row["accepted_why"])
