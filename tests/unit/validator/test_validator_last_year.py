"""Last year's figures: which columns and rows speak of last year, what they are compared with, and when a difference is only a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from filing_documents import by_year, claim, named, reconciled, sum_of
from validator_documents import Block, Line, Paper, function, item

from shared.contracts.filing import Filing
from shared.contracts.normalized import Kind, Normalized

THEN = (sum_of("", "90.00"), function("208", "", "60.00"), function("221", "", "30.00"))


def then(*lines: Line, measure: str = "amount", **more: Any) -> Normalized:
    """Last year's budget."""
    return named("then", by_year(*(lines or THEN), now=f"本年预算数={measure}", **more), part="whole", year=2024)


def now(*amounts: str, head: str = "上年预算数=previous_year", lines: Sequence[Line] = (), **more: Any) -> Normalized:
    """This year's budget with last year's figures of 合计, 208, 221."""
    rows = lines or tuple(
        line for line, amount in zip((sum_of(amounts[0], ""), *(function(code, amount, "") for code, amount in zip(("208", "221"), amounts[1:], strict=False))), amounts, strict=False) if amount
    )  # fmt: skip
    return named("now", by_year(*rows, head=head, **more), part="whole")


def statuses(filing: Filing) -> list[str]:
    return [check.status for check in filing.checks]


def compared(this_year: Normalized, last_year: Normalized) -> list[str]:
    return statuses(reconciled([this_year], [last_year]))


@pytest.mark.parametrize(
    ("amounts", "ended"),
    [
        (("90.00", "60.00", "30.00"), ["exact", "exact", "exact"]),
        (("91.00", "60.00", "30.00"), ["failed", "exact", "exact"]),
        (("91.00", "61.00", "30.00"), ["failed", "failed", "exact"]),  # its head says which figures are meant, and few differ
        (("91.00", "61.00", ""), ["failed", "failed"]),
        (("91.00", "61.00", "31.00"), ["not_assessable"] * 3),
    ],
)
def test_as_many_as_two_figures_may_differ_where_the_head_says_what_they_are(amounts: tuple[str, ...], ended: list[str]) -> None:
    filing = reconciled([now(*amounts)], [then()])
    assert statuses(filing) == ended
    reasons = {check.reason for check in filing.checks if check.status == "not_assessable"}
    assert reasons <= {"most figures of the form differ: perhaps other figures are meant"}
    assert len(filing.findings) == int(set(ended) != {"exact"})


@pytest.mark.parametrize(
    ("amounts", "ended"),
    [
        (("91.00", "60.00", "30.00"), ["failed", "exact", "exact"]),
        (("91.00", "60.00", ""), ["failed", "exact"]),  # as many agree as differ
        (("91.00", "61.00", "30.00"), ["not_assessable", "not_assessable", "exact"]),
        (("91.00", "", ""), ["not_assessable"]),
    ],
)
def test_under_a_bare_head_as_many_figures_must_agree_as_differ(amounts: tuple[str, ...], ended: list[str]) -> None:
    assert compared(now(*amounts, head="上年数=previous_year"), then()) == ended


def test_rows_that_print_the_same_amounts_count_once() -> None:
    """A class with one section and one item: one figure that agrees, not three."""
    lines = (sum_of("91.00", ""), function("205", "8.00", ""), *(function(code, "60.00", "") for code in ("208", "20801", "2080101")))
    before = (sum_of("", "90.00"), function("205", "", "9.00"), *(function(code, "", "60.00") for code in ("208", "20801", "2080101")))
    assert compared(now(lines=lines, head="上年数=previous_year"), then(*before)) == ["not_assessable"] * 2 + ["exact"] * 3


@pytest.mark.parametrize(
    ("head", "speaks"),
    [
        ("2024年预算数", True),
        ("2024预算", True),
        ("其中：2024年", True),
        ("上年预算数", True),
        ("上年度预算", True),
        ("上年预算", True),
        ("2023年预算数", False),
        ("2025年预算数", False),
        ("上上年预算数", False),
        ("比上年预算数", False),
        ("预算数", False),
    ],
)
def test_a_head_over_an_amount_says_that_it_is_last_years(head: str, speaks: bool) -> None:
    paper = Paper("t4", "general_budget_expenditure", [Block("function", (f"{head}/合计=total", "金额=other"), (sum_of("90.00", ""),))])
    assert compared(named("now", paper, part="whole"), then()) == (["exact"] if speaks else [])


def test_last_years_document_prints_older_figures_beside_its_own() -> None:
    heads = ("2023年预算数/合计=total", "2024年预算数/合计=total")
    paper = Paper("t4", "general_budget_expenditure", [Block("function", heads, (sum_of("80.00", "90.00"),))])
    assert compared(now("90.00"), named("then", paper, part="whole", year=2024)) == ["exact"]
    assert compared(now("80.00"), named("then", paper, part="whole", year=2024)) == ["failed"]


@pytest.mark.parametrize(
    ("line", "compares"),
    [
        (function("208", "60.00", ""), True),
        (Line("工资", ("60.00", ""), economic="301"), True),
        (Line("工资", ("60.00", ""), gov_economic="501"), True),
        (item("基本支出", "60.00", "", line="basic_expenditure"), True),
        (item("某所", "60.00", "", line="unit"), False),
        (Line("档案", ("60.00", ""), project="档案", function="208"), False),
        (item("某事", "60.00", ""), False),
    ],
)
def test_a_row_is_compared_by_its_code_or_its_line(line: Line, compares: bool) -> None:
    before = Line(line.label, ("", "60.00"), function=line.function, economic=line.economic, gov_economic=line.gov_economic, line=line.line, project=line.project)  # fmt: skip
    lines = (line, sum_of("90.00", ""))
    assert compared(now(lines=lines), then(before, sum_of("", "90.00"))) == ["exact"] * (2 if compares else 1)


@pytest.mark.parametrize(
    ("last", "before", "ended"),
    [
        ("0.00", "60.00", ["exact", "failed"]),
        ("60.00", "0.00", ["exact", "failed"]),
        ("0.00", "0.00", ["exact"]),  # nothing then and nothing now
        ("0.00", "", ["exact"]),
        ("60.00", "", ["exact", "not_assessable"]),
        ("", "60.00", ["exact"]),
    ],
)
def test_nothing_is_compared_where_the_other_year_prints_something(last: str, before: str, ended: list[str]) -> None:
    lines, old = (sum_of("90.00", ""), function("208", last, "")), (sum_of("", "90.00"), function("208", "", before))
    assert compared(now(lines=lines), then(*old)) == ended


def test_why_a_figure_is_not_assessable() -> None:
    def reason(this_year: Normalized, last_year: Normalized) -> list[str | None]:
        return [check.reason for check in reconciled([this_year], [last_year]).checks]

    assert reason(now("90.00"), then(function("208", "", "60.00"))) == ["last year's filing does not print the figure"]
    assert reason(now("90.00"), then(unit=None)) == ["a unit is unknown"]
    assert reason(now("90.00", unit=None), then()) == ["a unit is unknown"]
    assert reason(now("90.00", unit=None), then(unit=None)) == ["a unit is unknown"]
    twice = (sum_of("90.00", ""), sum_of("91.00", ""))
    assert reason(now(lines=twice), then()) == ["several figures of one name"] * 2
    assert reason(now("90.00"), then(sum_of("", "90.00"), sum_of("", "91.00"))) == ["several figures of one name"]
    assert reason(now("90.00"), then(sum_of("", "90.00"), sum_of("", "90.00"))) == [None]


@pytest.mark.parametrize(("measure", "status"), [("total", "exact"), ("amount", "exact"), ("budget", "exact"), ("final", "not_assessable"), ("other", "not_assessable")])  # fmt: skip
def test_last_years_budget_is_what_measures_a_budget(measure: str, status: str) -> None:
    assert compared(now("90.00"), then(measure=measure)) == [status]


def test_of_several_measures_the_preferred_one_counts() -> None:
    heads = ("预算数=budget", "金额=amount", "合计=total")
    for amounts, status in ((("1.00", "2.00", "90.00"), "exact"), (("1.00", "90.00", ""), "exact"), (("90.00", "", ""), "exact"), (("90.00", "90.00", "1.00"), "failed")):  # fmt: skip
        paper = Paper("t4", "general_budget_expenditure", [Block("function", heads, (sum_of(*amounts),))])
        assert compared(now("90.00"), named("then", paper, part="whole", year=2024)) == [status]


@pytest.mark.parametrize(
    ("scope", "before", "status"),
    [("general", "general", "exact"), ("general", None, "exact"), (None, "general", "exact"), ("general", "fiscal", "not_assessable")],
)
def test_figures_of_one_scope_are_compared_and_those_of_unknown_scope(scope: str | None, before: str | None, status: str) -> None:
    assert compared(now("90.00", scope=scope), then(scope=before)) == [status]


def test_forms_of_no_known_kind_and_filings_without_figures_are_not_compared() -> None:
    unknown, old = by_year(sum_of("90.00", "")), by_year(sum_of("", "90.00"))
    unknown.form = old.form = None
    assert compared(named("now", unknown, part="whole"), named("then", old, part="whole", year=2024)) == []
    text = named("then", claims=[claim("支出", "90.00")], part="narrative", year=2024)
    assert compared(now("90.00"), text) == []


@pytest.mark.parametrize(
    ("kind", "head", "checks"),
    [
        ("budget", "上年预算数", 1),
        ("budget", "上年数", 1),
        *(("budget", f"上年{word}数", 0) for word in ("执行", "完成", "决算", "实际", "实绩", "同期", "调整", "预计", "增减")),
        ("final_accounts", "上年决算数", 1),
        ("final_accounts", "上年数", 1),
        *(("final_accounts", f"上年{word}数", 0) for word in ("预算", "调整", "预计", "增减")),
    ],
)
def test_each_kind_of_filing_compares_what_last_years_printed(kind: Kind, head: str, checks: int) -> None:
    this_year = named("now", by_year(sum_of("90.00", ""), head=f"{head}=previous_year"), part="whole", kind=kind)
    last_year = named("then", by_year(*THEN, now="本年数=total"), part="whole", year=2024, kind=kind)
    assert compared(this_year, last_year) == ["exact"] * checks


def test_the_largest_difference_is_told_first_with_all_that_differ() -> None:
    (warning,) = reconciled([now("91.00", "64.00", "30.00")], [then()]).findings
    assert (str(warning.reported), str(warning.expected), str(warning.difference)) == ("64.00", "60.00", "4.00")
    assert [each.fact for each in warning.evidence] == ["t4/1/1", "t4/1/2", "t4/0/1", "t4/0/2"]
    assert len(warning.checks) == 2
    (first,) = reconciled([now("91.00", "61.00", "30.00")], [then()]).findings
    assert first.evidence[0].fact == "t4/0/1", "of differences alike the uppermost"


@pytest.mark.parametrize(
    ("head", "checks"), [("上年执/行数", 0), ("上年/执行数", 0), ("执行/上年数", 0), ("上年预/算数", 1), ("上年/数", 1)]
)
def test_a_word_of_a_head_may_be_broken_between_its_cells(head: str, checks: int) -> None:
    assert compared(now("91.00", head=f"{head}=previous_year"), then()) == (["failed" if "预/算" in head else "not_assessable"] * checks)
