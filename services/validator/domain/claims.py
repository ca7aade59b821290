"""Claims of the narrative against the tables."""

from __future__ import annotations

from services.validator.domain.findings import Findings
from services.validator.domain.rules import Rules
from services.validator.domain.sheet import Book


def claim_findings(book: Book, rules: Rules, findings: Findings) -> None:
    """Nothing yet."""
    del book, rules, findings
