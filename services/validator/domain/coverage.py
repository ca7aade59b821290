"""How much of a document is tied, and the verdict that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from services.validator.domain.sheet import Book
from shared.contracts.validated import Check, Counts, Coverage, Finding, FormSummary, Verdict


def coverage_of(book: Book, checks: Iterable[Check]) -> tuple[Coverage, set[str]]:
    """Counts the figures that take part in at least one assessed check, and gives their ids."""
    tied: set[str] = set()
    for check in checks:
        if check.status != "not_assessable":
            tied.add(check.target)
            tied.update(term.fact for term in check.terms)
    return Coverage(figures=len(book.figures), tied=len(tied), untied=len(book.figures) - len(tied)), tied


def form_summaries(book: Book, tied: set[str]) -> tuple[FormSummary, ...]:
    """Each form with its pages, figures and tied figures."""
    pages: dict[str, set[int]] = defaultdict(set)
    figures: dict[str, list[str]] = defaultdict(list)
    for figure in book.figures.values():
        pages[figure.fact.table].add(figure.fact.page)
        figures[figure.fact.table].append(figure.id)
    return tuple(
        FormSummary(
            table=sheet.form.table,
            form=sheet.form.form,
            title=sheet.form.title,
            # A form without figures has pages too: where nobody filled them in, those of the figures have to do.
            pages=sheet.form.pages or tuple(sorted(pages[sheet.form.table])),
            figures=len(figures[sheet.form.table]),
            tied=sum(1 for identifier in figures[sheet.form.table] if identifier in tied),
        )
        for sheet in book.sheets
    )


def verdict_of(findings: Iterable[Finding], counts: Counts, coverage: Coverage) -> Verdict:
    """inconsistent: an error. unverifiable: less than half of the figures tied. Else consistent, within rounding where some sum needs it."""
    if any(finding.severity == "error" for finding in findings):
        return "inconsistent"
    if not coverage.figures or coverage.tied * 2 < coverage.figures:
        return "unverifiable"
    return "consistent_within_rounding" if counts.rounding or counts.suspicious else "consistent"
