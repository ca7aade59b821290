"""Validates a document (a first pass, second readings of the cells it accuses, a second pass), and reconciles a filing."""

from __future__ import annotations

from services.validator.domain.reconcile import reconcile
from services.validator.domain.rules import Rules
from services.validator.domain.validate import accused_cells, validate
from services.validator.ports import NormalizedSource, SecondReader
from shared.contracts.filing import Filing, FilingChanged
from shared.contracts.normalized import Normalized
from shared.contracts.validated import Validated
from shared.filings import needs_reconciling


def validate_document(document: Normalized, rules: Rules, second_reader: SecondReader | None = None) -> Validated:
    """The verdict of a document.

    Where a second reader is at hand, the figures of every error are read again before anybody is accused: a figure that the readers
    disagree about becomes a warning that we may have misread. A reader that cannot tell (None, no text) changes nothing.
    """
    first = validate(document, rules)
    if second_reader is None:
        return first
    facts = {fact.id: fact for fact in document.facts}
    readings: dict[str, str] = {}
    for identifier in accused_cells(first):
        fact = facts[identifier]
        text = second_reader.read(fact.page, fact.bbox)
        if text is not None and text.strip():
            readings[identifier] = text
    return validate(document, rules, readings) if readings else first


def reconcile_filing(changed: FilingChanged, normalized: NormalizedSource, rules: Rules) -> Filing | None:
    """The verdict over the documents of a filing; None where they need none besides their own.

    Raises: whatever `normalized` raises where an artifact cannot be had.
    """
    if not needs_reconciling(changed):
        return None
    before = changed.previous.members if changed.previous else ()
    return reconcile(changed, map(normalized, changed.members), map(normalized, before), rules)
