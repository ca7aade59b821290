"""From the national function codes to COFOG 1999 (United Nations, Classification of the Functions of Government), for comparison between countries.

The crosswalk is judgement, not law: no official one is published. Every link says how sure it is, and an ambiguous one names its rivals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from shared.contracts.normalized import CofogConfidence


class Link(NamedTuple):
    """A link of the crosswalk: `of` is the function code that it is written for; `rivals` are the other codes that an ambiguous one might mean."""

    of: str
    cofog: str
    confidence: CofogConfidence
    rivals: tuple[str, ...]
    reason: str


@dataclass(frozen=True, eq=False)
class Crosswalk:
    """COFOG's names by code, and the links by function code."""

    names: Mapping[str, str]
    links: Mapping[str, Link]

    def of(self, function: str) -> Link | None:
        """The link of a function code: its own, else that of the nearest code above it that has one; None for what is no such code."""
        return next((link for width in (7, 5, 3) if width <= len(function) and (link := self.links.get(function[:width]))), None)
