"""Figures of the narrative: amounts, shares, changes, counts, each with its subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shared.contracts.extracted import TextLine
from shared.contracts.normalized import Claim


def find_claims(text: Iterable[TextLine]) -> Iterator[Claim]:
    """The claims of all paragraphs."""
    yield from ()
