"""What a filing consists of, as a value that two services compare: its state, the filings that it is compared with, and whether there is anything to
reconcile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from shared.canonical import canonical_json, digest
from shared.contracts.events import FilingInfo
from shared.contracts.filing import Filing, FilingChanged, Member, PreviousFiling
from shared.contracts.normalized import NormalizedDocument
from shared.ids import filing_id, hashed


def info_of(document: NormalizedDocument) -> FilingInfo | None:
    """What the filing of a document is about; null where the document belongs to none (shared.ids.filing_id)."""
    identifier = filing_id(document)
    if identifier is None or document.entity is None or document.year is None:
        return None
    return FilingInfo(
        id=identifier,
        region=document.region,
        entity=document.entity,
        year=document.year,
        kind=document.kind,
        level=document.level,
    )


def _other(filing: FilingInfo, **changes: Any) -> FilingInfo:
    """The filing of the same entity that differs in this. Its id is that of `shared.ids.filing_id`."""
    other = msgspec.structs.replace(filing, **changes)
    return msgspec.structs.replace(other, id="filing:" + hashed([other.region, other.entity, other.year, other.kind, other.level]))


def of_year(filing: FilingInfo, year: int) -> FilingInfo:
    """The filing of the same entity, region, kind and level for another year."""
    return _other(filing, year=year)


def budget_of(filing: FilingInfo) -> FilingInfo | None:
    """The budget of the year that final accounts are of; None for anything else."""
    return _other(filing, kind="budget") if filing.kind == "final_accounts" else None


def dependents(filing: FilingInfo) -> tuple[FilingInfo, ...]:
    """The filings whose results speak of this one as well: next year's and, of a budget, the final accounts of its year."""
    later = of_year(filing, filing.year + 1)
    return (later, _other(filing, kind="final_accounts")) if filing.kind == "budget" else (later,)


def in_order(members: Iterable[Member]) -> tuple[Member, ...]:
    """Members by part, then document id: the order of a filing, whatever the order of arrival."""
    return tuple(sorted(members, key=lambda member: (member.part, member.document)))


def state_of(filing: FilingInfo, members: Iterable[Member], previous: Iterable[Member], budget: Iterable[Member] = ()) -> FilingChanged:
    """What a filing consists of. Args: previous, budget: the members of last year's filing and of the year's budget; none where not stored."""
    before, planned = in_order(previous), in_order(budget)
    last = PreviousFiling(filing=of_year(filing, filing.year - 1), members=before) if before else None
    about = budget_of(filing)
    plan = PreviousFiling(filing=about, members=planned) if planned and about is not None else msgspec.UNSET
    return FilingChanged(filing=filing, members=in_order(members), previous=last, budget=plan)


def state_digest(state: FilingChanged | Filing) -> str:
    """A digest of what a filing consists of, the same of the change and of the result that came of it."""
    return digest(canonical_json(state_of(state.filing, state.members, previous_of(state), budget_members(state))))


def previous_of(state: FilingChanged | Filing) -> tuple[Member, ...]:
    """The members of last year's filing."""
    return state.previous.members if state.previous else ()


def budget_members(state: FilingChanged | Filing) -> tuple[Member, ...]:
    """The members of the budget of the year."""
    return state.budget.members if state.budget else ()


def all_members(state: FilingChanged | Filing) -> tuple[Member, ...]:
    """The members of a filing, then those of last year's, then those of the year's budget."""
    return (*state.members, *previous_of(state), *budget_members(state))


def needs_reconciling(changed: FilingChanged) -> bool:
    """Whether there is anything to compare between documents: two parts of the filing, tables this year and last year, or a budget's tables.

    A filing of one document without others is judged by that document alone: it has no result of its own.
    """
    if len(changed.members) > 1:
        return True
    if changed.members and _has_tables(budget_members(changed)):
        return True
    return _has_tables(changed.members) and _has_tables(previous_of(changed))


def _has_tables(members: Iterable[Member]) -> bool:
    return any(member.part != "narrative" for member in members)
