"""How much of a document is tied, and the verdict that follows."""

from __future__ import annotations

import pytest
from msgspec import structs
from validator_documents import Block, Paper, by_function, checked, document, function, total

from services.validator.domain.coverage import coverage_of, form_summaries, verdict_of
from services.validator.domain.sheet import read_book
from shared.contracts.validated import Counts, Coverage, Finding, Severity, Verdict

COUNTS = Counts(exact=3, rounding=0, suspicious=0, failed=0, not_assessable=0)


def covered(figures: int, tied: int) -> Coverage:
    return Coverage(figures=figures, tied=tied, untied=figures - tied, tied_once=tied, tied_more=0)


@pytest.mark.parametrize(
    ("figures", "tied", "verdict"),
    [(0, 0, "unverifiable"), (1, 0, "unverifiable"), (1, 1, "consistent"), (10, 4, "unverifiable"), (10, 5, "consistent"), (11, 5, "unverifiable")],
)  # fmt: skip
def test_a_document_is_judged_where_half_of_its_figures_are_tied(figures: int, tied: int, verdict: Verdict) -> None:
    assert verdict_of([], COUNTS, covered(figures, tied)) == verdict
    assert verdict_of([], COUNTS, covered(figures, tied), unread=True) == "unverifiable"


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "consistent"),
        ({"rounding": 1}, "consistent_within_rounding"),
        ({"suspicious": 1}, "consistent_within_rounding"),
        ({"failed": 1, "not_assessable": 1}, "consistent"),
    ],
)
def test_sums_that_need_rounding_are_told_in_the_verdict(changes: dict[str, int], verdict: Verdict) -> None:
    assert verdict_of([], structs.replace(COUNTS, **changes), covered(10, 10)) == verdict


@pytest.mark.parametrize(("severity", "verdict"), [("error", "inconsistent"), ("warning", "consistent"), ("info", "consistent")])
def test_an_error_is_inconsistent_and_a_question_is_not(severity: Severity, verdict: Verdict) -> None:
    (finding, *_) = checked(by_function(total("9.00", "9.00", ""), function("208", "7.00", "7.00", ""))).findings
    found: list[Finding] = [structs.replace(finding, severity="info"), structs.replace(finding, severity=severity)]
    assert verdict_of(found, COUNTS, covered(10, 10)) == verdict
    assert verdict_of(found, COUNTS, covered(10, 1), unread=True) == ("inconsistent" if severity == "error" else "unverifiable")


def test_figures_are_counted_by_the_sums_that_hold_them() -> None:
    papers = (
        by_function(total("9.00", "9.00", ""), function("208", "9.00", "9.00", "")),
        Paper("t2", "projects", [Block("project", ("金额=amount",), ())], title="空表"),
    )
    made = document(*papers)
    first, second = made.forms
    book = read_book(structs.replace(made, forms=(first, structs.replace(second, pages=(4, 5)))))
    ties = {"t1/0/1": 1, "t1/0/2": 2, "t1/1/1": 3}
    found = coverage_of(book, ties)
    assert (found.figures, found.tied, found.untied, found.tied_once, found.tied_more) == (4, 3, 1, 1, 2)
    summaries = form_summaries(book, ties)
    assert [(one.table, one.pages, one.figures, one.tied, one.tied_more) for one in summaries] == [
        ("t1", (1,), 4, 3, 2),
        ("t2", (4, 5), 0, 0, 0),
    ]
