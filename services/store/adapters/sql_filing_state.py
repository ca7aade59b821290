"""What filings consist of now: current documents by part, last year's filing and the year's budget, and which results are out of date. No rows but stale ones change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, RowMapping, and_, delete, select

from services.store.adapters import schema
from shared.contracts.events import FilingInfo
from shared.contracts.filing import FilingChanged, Member
from shared.filings import budget_of, dependents, of_year, state_digest, state_of

_INFO = tuple(FilingInfo.__struct_fields__)


def filing_info(connection: Connection, filing: str) -> FilingInfo | None:
    """What a filing is about; None where no document belongs to it."""
    row = connection.execute(select(schema.filings).where(schema.filings.c.id == filing)).mappings().one_or_none()
    return _info(row) if row is not None else None


def filing_state(connection: Connection, filing: str) -> FilingChanged | None:
    """What a filing consists of now; None where no document belongs to it."""
    info = filing_info(connection, filing)
    if info is None:
        return None
    previous, budget = of_year(info, info.year - 1), budget_of(info)
    members = _members(connection, [info.id, previous.id, *([budget.id] if budget else [])])
    return state_of(info, members[info.id], members[previous.id], members[budget.id] if budget else ())


def all_states(connection: Connection) -> Iterator[FilingChanged]:
    """What every filing consists of, by id."""
    members = _members(connection, None)
    for row in connection.execute(select(schema.filings).order_by(schema.filings.c.id)).mappings():
        info = _info(row)
        budget = budget_of(info)
        planned = members.get(budget.id, ()) if budget else ()
        yield state_of(info, members.get(info.id, ()), members.get(of_year(info, info.year - 1).id, ()), planned)


def _info(row: RowMapping) -> FilingInfo:
    return FilingInfo(**{name: row[name] for name in _INFO})


def _members(connection: Connection, filings: list[str] | None) -> Mapping[str, list[Member]]:
    """The current documents that have a result, by filing. Args: filings: which; None for all."""
    parts, results = schema.filing_parts.c, schema.results.c
    current = and_(results.document_id == parts.current_document, results.filing_id == parts.filing_id, results.part == parts.part)
    query = select(parts.filing_id, parts.part, results.document_id, results.normalize_digest, results.normalize_version)
    query = query.select_from(schema.filing_parts.join(schema.results, current))
    if filings is not None:
        query = query.where(parts.filing_id.in_(filings))
    members: defaultdict[str, list[Member]] = defaultdict(list)
    for row in connection.execute(query):
        # The column holds words of Part only.
        member = Member(part=row.part, document=row.document_id, digest=row.normalize_digest, version=row.normalize_version)
        members[row.filing_id].append(member)
    return members


def compared_with(connection: Connection, filings: Iterable[FilingInfo]) -> list[str]:
    """The filings that are compared with these (next year's, the final accounts of a budget), where there are documents of them, by id."""
    wanted = [other.id for info in filings for other in dependents(info)]
    table = schema.filings.c
    return sorted(connection.execute(select(table.id).where(table.id.in_(wanted))).scalars()) if wanted else []


def touched_by(connection: Connection, document_id: str) -> list[str]:
    """The filing of a document and those that are compared with it, as far as there are documents of them, by id."""
    table = schema.results.c
    own = connection.execute(select(table.filing_id).where(table.document_id == document_id)).scalar()
    info = filing_info(connection, own) if own is not None else None
    return sorted([info.id, *compared_with(connection, [info])]) if info is not None else []


def drop_stale(connection: Connection, filings: Iterable[str]) -> None:
    """Removes the results of these filings, and of those compared with them, that speak of other members than the present ones.

    So a result that is stored is always about what is there; the filing is reconciled anew from its change.
    """
    asked = sorted(set(filings))
    table = schema.filing_results.c
    for row in connection.execute(
        select(table.filing_id, table.state).where(table.filing_id.in_(asked) | table.previous_id.in_(asked) | table.budget_id.in_(asked))
    ).all():
        state = filing_state(connection, row.filing_id)
        if state is None or state_digest(state) != row.state:
            connection.execute(delete(schema.filing_results).where(table.filing_id == row.filing_id))
