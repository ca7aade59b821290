"""What the validator needs from outside."""

from __future__ import annotations

from typing import Protocol

from services.validator.domain.rules import Rules
from shared.contracts.common import Box


class RulesSource(Protocol):
    """Where the rule set comes from."""

    def __call__(self) -> Rules:
        """The rule set. Raises RulesError where its files are broken."""


class SecondReader(Protocol):
    """An independent reader of single cells of the document at hand."""

    def read(self, page: int, bbox: Box) -> str | None:
        """The text inside a box of a page (from 1; points from the top left of the page as shown); None where it cannot tell."""
