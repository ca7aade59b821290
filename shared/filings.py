"""What a filing consists of, as a value that two services compare: its state, last year's filing, and whether there is anything to reconcile."""

from __future__ import annotations

from collections.abc import Iterable

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


def of_year(filing: FilingInfo, year: int) -> FilingInfo:
    """The filing of the same entity, region, kind and level for another year. Its id is that of `shared.ids.filing_id`."""
    identifier = "filing:" + hashed([filing.region, filing.entity, year, filing.kind, filing.level])
    return msgspec.structs.replace(filing, id=identifier, year=year)


def in_order(members: Iterable[Member]) -> tuple[Member, ...]:
    """Members by part, then document id: the order of a filing, whatever the order of arrival."""
    return tuple(sorted(members, key=lambda member: (member.part, member.document)))


def state_of(filing: FilingInfo, members: Iterable[Member], previous: Iterable[Member]) -> FilingChanged:
    """What a filing consists of. Args: previous: the members of last year's filing; none where it is not stored."""
    before = in_order(previous)
    last = PreviousFiling(filing=of_year(filing, filing.year - 1), members=before) if before else None
    return FilingChanged(filing=filing, members=in_order(members), previous=last)


def state_digest(state: FilingChanged | Filing) -> str:
    """A digest of what a filing consists of, the same of the change and of the result that came of it."""
    previous = state.previous.members if state.previous else ()
    return digest(canonical_json(state_of(state.filing, state.members, previous)))


def needs_reconciling(changed: FilingChanged) -> bool:
    """Whether there is anything to compare between documents: two parts of the filing, or tables this year and last year.

    A filing of one document without last year's tables is judged by that document alone: it has no result of its own.
    """
    if len(changed.members) > 1:
        return True
    return _has_tables(changed.members) and changed.previous is not None and _has_tables(changed.previous.members)


def _has_tables(members: Iterable[Member]) -> bool:
    return any(member.part != "narrative" for member in members)
