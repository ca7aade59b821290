"""Validates a document (a first pass, second readings of the cells it accuses, a second pass), and reconciles a filing."""

from __future__ import annotations

from collections.abc import Sequence

from services.validator.domain.reconcile import reconcile
from services.validator.domain.rereading import Rereadings
from services.validator.domain.rules import Rules
from services.validator.domain.validate import accused_cells, validate
from services.validator.ports import ImageReader, NormalizedSource, SecondReader
from shared.contracts.filing import Filing, FilingChanged
from shared.contracts.normalized import Normalized
from shared.contracts.validated import Validated
from shared.filings import budget_members, needs_reconciling, previous_of

# Figures of a document that are looked at in its images: one takes 10 ms and more, and errors of so many figures have one cause.
_MOST_IMAGES = 300


def validate_document(
    document: Normalized, rules: Rules, second_reader: SecondReader | None = None, image_reader: ImageReader | None = None
) -> Validated:
    """The verdict of a document.

    Where a second reader is at hand, the figures of every error are read again before anybody is accused, in the page's image too where a reader
    of images is installed: a figure that the readers disagree about becomes a warning that we may have misread. A reader that cannot tell (None,
    no text) changes nothing.
    """
    version = image_reader.version if image_reader is not None else ""
    first = validate(document, rules, Rereadings(reader=version))
    accused = accused_cells(first)
    if second_reader is None or not accused:
        return first
    facts = {fact.id: fact for fact in document.facts}
    places = [(facts[identifier].page, facts[identifier].bbox) for identifier in accused]
    text = _told(accused, [second_reader.read(page, box) for page, box in places])
    image = None if image_reader is None else _told(accused, image_reader.read(places[:_MOST_IMAGES]))
    return validate(document, rules, Rereadings(text, image, version))


def _told(accused: Sequence[str], readings: Sequence[str | None]) -> dict[str, str]:
    """Readings by fact, where there are any."""
    return {identifier: text for identifier, text in zip(accused, readings, strict=False) if text is not None and text.strip()}


def reconcile_filing(changed: FilingChanged, normalized: NormalizedSource, rules: Rules) -> Filing | None:
    """The verdict over the documents of a filing; None where they need none besides their own.

    Raises: whatever `normalized` raises where an artifact cannot be had.
    """
    if not needs_reconciling(changed):
        return None
    before, planned = map(normalized, previous_of(changed)), map(normalized, budget_members(changed))
    return reconcile(changed, map(normalized, changed.members), before, rules, planned)
