"""What the validator needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.validator.domain.rules import Rules
from shared.contracts.common import Box
from shared.contracts.filing import Member
from shared.contracts.normalized import Normalized


class RulesSource(Protocol):
    """Where the rule set comes from."""

    def __call__(self) -> Rules:
        """The rule set. Raises RulesError where its files are broken."""


class SecondReader(Protocol):
    """An independent reader of single cells of the document at hand."""

    def read(self, page: int, bbox: Box) -> str | None:
        """The text inside a box of a page (from 1; points from the top left of the page as shown); None where it cannot tell."""


class ImageReader(Protocol):
    """A reader of figures in the image of a page."""

    version: str
    """Names and versions of what reads: part of what decides the result."""

    def read(self, places: Sequence[tuple[int, Box]]) -> Sequence[str | None]:
        """The figure that each place shows (page from 1; points from the top left of the page as shown); None where it shows none for certain."""


class NormalizedSource(Protocol):
    """Where the normalised documents of a filing's members come from."""

    def __call__(self, member: Member) -> Normalized:
        """The document of a member, decoded from the artifact that the member names."""
