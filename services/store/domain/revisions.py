"""The revisions of a filing's part: its submissions in the order of last-modified, then version; the last one is current."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Arrival:
    """A submission as far as its order matters. `arrived` counts where the object has no (readable) time of its own."""

    submission: str
    document: str
    last_modified: str | None
    version: str | None
    arrived: str


def in_order(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Oldest first. The same arrivals in any order give the same list; A, then B, then A again has A last."""
    return sorted(arrivals, key=_order)


def _order(arrival: Arrival) -> tuple[datetime, str, str]:
    moment = moment_of(arrival.last_modified) or moment_of(arrival.arrived) or datetime.min.replace(tzinfo=UTC)
    return moment, arrival.version or "", arrival.submission


def moment_of(text: str | None) -> datetime | None:
    """An ISO 8601 time in UTC (a time without zone is taken as UTC); null where it is missing or cannot be read."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
