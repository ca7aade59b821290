"""How much of a document is tied, and the verdict that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from services.validator.domain.sheet import Book
from shared.contracts.validated import Counts, Coverage, Finding, FormSummary, Verdict

Ties = Mapping[str, int]
"""The tied figures with the number of different sums that hold each."""


def coverage_of(book: Book, ties: Ties) -> Coverage:
    """How many figures take part in no sum, in one, in two or more."""
    figures, once = len(book.figures), sum(1 for times in ties.values() if times == 1)
    return Coverage(figures=figures, tied=len(ties), untied=figures - len(ties), tied_once=once, tied_more=len(ties) - once)


def form_summaries(book: Book, ties: Ties) -> tuple[FormSummary, ...]:
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
            tied=sum(1 for identifier in figures[sheet.form.table] if identifier in ties),
            tied_more=sum(1 for identifier in figures[sheet.form.table] if ties.get(identifier, 0) > 1),
        )
        for sheet in book.sheets
    )


def verdict_of(findings: Iterable[Finding], counts: Counts, coverage: Coverage, *, unread: bool = False) -> Verdict:
    """inconsistent: an error. unverifiable: less than half of the figures tied, or `unread`: a form that the kind of document requires is
    there and was not read. Else consistent, within rounding where some sum needs it.
    """
    if any(finding.severity == "error" for finding in findings):
        return "inconsistent"
    if unread or not coverage.figures or coverage.tied * 2 < coverage.figures:
        return "unverifiable"
    return "consistent_within_rounding" if counts.rounding or counts.suspicious else "consistent"
