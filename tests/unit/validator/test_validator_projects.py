"""Projects in several forms: which figures are the same project's, which are its sources, and which is the total of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from validator_documents import Block, Line, Paper, document, item, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.projects import project_bundles, project_funds, project_key, project_totals
from services.validator.domain.proposal import Bundle
from services.validator.domain.sheet import read_book
from services.validator.domain.views import expenditure_pages


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("灯塔维护", "灯塔维护"),
        ("2025年灯塔维护", "灯塔维护"),
        ("2025年度灯塔维护", "灯塔维护"),
        ("灯塔2025年维护", "灯塔2025年维护"),
        ("灯塔 维护（万元）", "灯塔维护"),
        ("灯塔维护(单位万元)", "灯塔维护"),
        ("灯塔维护（元）", "灯塔维护"),
        ("项目名称：灯塔·维护", "灯塔维护"),
        ("“灯塔”、航标(二期)—维护-费", "灯塔航标二期维护费"),
    ],
)
def test_a_project_is_compared_by_its_name_without_signs_units_and_the_year_in_front(printed: str, key: str) -> None:
    assert project_key(printed) == key


def listed(*projects: tuple[str, str], table: str = "t1", head: str = "金额=amount") -> Paper:
    """A form of projects."""
    return Paper(table, "projects", [Block("project", (head,), [item(name, text, project=name) for name, text in projects])])


def goal(
    *projects: tuple[str, str], table: str = "t2", form: str = "project_performance", heads: Sequence[str] = ("=annual_funds",)
) -> Paper:
    """A performance form that gives the money of some projects."""
    lines = [Line("资金总额", amounts.split("|"), line="performance.total", project=name) for name, amounts in projects]
    return Paper(table, form, [Block("performance", heads, lines)])


def sums(bundles: list[Bundle]) -> list[str]:
    """What is proposed, as "rule basis target = terms"."""
    assert all(bundle.equations for bundle in bundles)
    assert {sign for bundle in bundles for one in bundle.equations for _, sign in one.terms} <= {1}
    return [
        f"{bundle.identity.id} {bundle.basis} {one.target.id} = {' + '.join(term.id for term, _ in one.terms)}"
        for bundle in bundles
        for one in bundle.equations
    ]


def repeated(*papers: Paper) -> list[str]:
    return sums(project_bundles(read_book(document(*papers)), load_rules()))


LIGHT, BUOY = "灯塔维护经费", "航标检修经费"


def test_a_project_is_the_same_in_every_form_that_prints_its_name() -> None:
    again = goal((LIGHT, "5.00"), table="t3", form="unit_performance")
    assert repeated(listed((LIGHT, "5.00"), (BUOY, "3.00")), goal((BUOY, "3.00"), (LIGHT, "5.00")), again) == [
        "same.project layout t3/0/1 = t1/0/1",  # a unit's performance comes before a project's
        "same.project layout t2/0/1 = t1/1/1",
        "same.project layout t2/1/1 = t1/0/1",
    ]
    assert repeated(goal((BUOY, "3.00")), goal((LIGHT, "5.00"), table="t3")) == []
    assert repeated(listed((LIGHT, "5.00"))) == []


def test_a_form_of_another_kind_names_no_project() -> None:
    other = Paper("t2", "procurement", [Block("project", ("金额=amount",), [item(LIGHT, "5.00", project=LIGHT)])])
    assert repeated(listed((LIGHT, "5.00")), other) == []


@pytest.mark.parametrize(
    ("heads", "amounts", "target"),
    [
        (("=annual_funds", "=performance_funds"), "5.00|9.00", "t2/0/1"),
        (("=performance_funds", "=annual_funds"), "9.00|5.00", "t2/0/2"),
        (("=performance_funds", "=performance_funds"), "9.00|5.00", "t2/0/1"),
        (("=other", "=annual_funds"), "9.00|5.00", "t2/0/2"),
        (("=other", "=previous_year"), "9.00|5.00", None),
    ],
)
def test_the_amount_of_the_year_is_preferred_and_the_first_of_several(heads: tuple[str, ...], amounts: str, target: str | None) -> None:
    expected = [f"same.project layout {target} = t1/0/1"] if target else []
    assert repeated(listed((LIGHT, "5.00")), goal((LIGHT, amounts), heads=heads)) == expected


def test_a_project_printed_in_two_rows_counts_by_its_first() -> None:
    assert repeated(listed((LIGHT, "5.00"), (LIGHT, "4.00")), goal((LIGHT, "5.00"), (LIGHT, "4.00"))) == [
        "same.project layout t2/0/1 = t1/0/1"
    ]


def test_only_lines_of_money_of_a_performance_form_count() -> None:
    lines = [Line("数量指标", ("5.00",), line="indicator.quantity", project=LIGHT), Line("资金", ("5.00",), project="")]
    assert repeated(listed((LIGHT, "5.00")), Paper("t2", "project_performance", [Block("performance", ("=annual_funds",), lines)])) == []


@pytest.mark.parametrize(
    ("here", "there", "target"),
    [
        ((LIGHT,), "灯塔维护经", "t2/0/1"),
        (("灯塔维护经",), LIGHT, "t2/0/1"),
        ((LIGHT,), "灯塔维护", None),  # four characters begin too many names
        ((LIGHT, "灯塔维护经常费"), "灯塔维护经", None),  # it may be either
        ((LIGHT,), "塔维护经费", None),
        ((LIGHT, BUOY), "航标检修经", "t2/0/1"),
    ],
)
def test_a_name_is_cut_where_just_one_other_begins_so(here: tuple[str, ...], there: str, target: str | None) -> None:
    told = repeated(listed(*((name, "5.00") for name in here)), goal((there, "5.00")))
    assert told == ([f"same.project.cut_name guess {target} = t1/{len(here) - 1}/1"] if target else [])


def test_a_name_that_is_printed_in_full_is_not_taken_for_a_cut_one() -> None:
    there = goal((LIGHT, "5.00"), ("航标检修", "3.00"))
    assert repeated(listed((LIGHT, "5.00"), ("灯塔维护经费二期", "4.00")), there) == ["same.project layout t2/0/1 = t1/0/1"]


def test_a_project_without_the_line_that_is_asked_for_is_not_looked_for_under_another_name() -> None:
    lines = [Line("财政拨款", ("5.00",), line="performance.fiscal", project=name) for name in (LIGHT, "灯塔维护经")]
    whole = Line("资金总额", ("5.00",), line="performance.total", project="灯塔维护经")
    first = Paper("t1", "unit_performance", [Block("performance", ("=annual_funds",), [*lines, whole])])
    assert repeated(first, goal((LIGHT, "5.00"))) == []


def by_fund(*amounts: str, name: str = LIGHT, **more: Any) -> Paper:
    """A project by its funds: general budget, a part of that, government fund, funds of its own."""
    heads = ("合计=total", "拨款=fund_source", "其中新增=fund_source", "基金=fund_source", "单位资金=fund_source", "备注=other")
    funds = {2: "general_public_budget", 3: "general_public_budget", 4: "government_fund", 5: "unit_funds", 6: "unit_funds"}
    line = Line(name, (*amounts, "1.00"), project=name)
    return Paper(
        more.pop("table", "t1"),
        "projects",
        [Block("project", heads, (line,))],
        changes={col: {"fund": fund} for col, fund in funds.items()},
    )


def sources(name: str = LIGHT, table: str = "t2") -> Paper:
    lines = [Line(part, ("9.00",), line=f"performance.{part}", project=name) for part in ("total", "fiscal", "other")]
    return Paper(table, "project_performance", [Block("performance", ("=annual_funds",), lines)])


def funds(*papers: Paper) -> list[str]:
    return sums(project_funds(read_book(document(*papers)), load_rules()))


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        (("15.00", "8.00", "3.00", "2.00", "5.00"), ["t2/1/1 = t1/0/2 + t1/0/4", "t2/2/1 = t1/0/5"]),
        (("15.00", "", "3.00", "2.00", ""), ["t2/1/1 = t1/0/3 + t1/0/4"]),
        (("15.00", "", "", "", ""), []),
    ],
)
def test_the_sources_of_a_project_are_its_funds_of_several_columns_the_first(amounts: tuple[str, ...], told: list[str]) -> None:
    assert funds(by_fund(*amounts), sources()) == [f"same.project.funds guess {one}" for one in told]


def test_sources_of_another_project_or_without_a_form_of_projects_are_compared_with_nothing() -> None:
    whole = ("15.00", "8.00", "3.00", "2.00", "5.00")
    assert funds(by_fund(*whole, name=BUOY), sources()) == []
    assert funds(sources()) == []
    assert len(funds(by_fund(*whole), by_fund(*whole, name=BUOY, table="t3"), sources(BUOY), sources(table="t4"))) == 4
    first = funds(by_fund(*whole), by_fund(*whole, table="t3"), sources())
    assert first == ["same.project.funds guess t2/1/1 = t1/0/2 + t1/0/4", "same.project.funds guess t2/2/1 = t1/0/5"]


SPENDING = Paper(
    "t9", "expenditure_summary", [Block("function", ("合计=total", "项目支出=project_expenditure"), (total("48.00", "18.00"),))]
)
ONE, OTHER = item("甲", "10.00", project="甲"), item("乙", "8.00", project="乙")


def totals(*papers: Paper) -> list[str]:
    book, rules = read_book(document(*papers)), load_rules()
    return sums(project_totals(book, expenditure_pages(book, rules), rules))


@pytest.mark.parametrize(
    ("lines", "target"),
    [
        ((total("18.00"), ONE, OTHER), "t1/0/1"),
        ((ONE, OTHER, total("18.00")), "t1/2/1"),
        ((item("某局", "18.00", role="unit"), ONE, OTHER), "t1/0/1"),
        ((total("18.00"), item("某局", "18.00", role="unit"), ONE), "t1/0/1"),
        ((item("甲所", "10.00", role="unit"), ONE, item("乙所", "8.00", role="unit"), OTHER), None),
        ((ONE, OTHER), None),
    ],
)
def test_the_total_of_all_projects_is_their_total_or_that_of_the_only_unit(lines: tuple[Line, ...], target: str | None) -> None:
    told = totals(SPENDING, Paper("t1", "projects", [Block("project", ("金额=amount",), lines)]))
    assert told == ([f"same.project_total guess {target} = t9/0/2"] if target else [])


def test_a_total_of_projects_is_compared_with_the_project_expenditure_that_it_equals() -> None:
    other = Paper("t8", "general_budget_expenditure", [Block("function", ("项目支出=project_expenditure",), (total("12.00"),))])
    form = Paper("t1", "projects", [Block("project", ("金额=amount",), (total("18.00"), ONE, OTHER))])
    assert totals(other, SPENDING, form) == ["same.project_total guess t1/0/1 = t9/0/2"]
    assert totals(other, form) == ["same.project_total guess t1/0/1 = t8/0/1"]
    assert totals(form) == []


def test_a_list_of_another_kind_has_no_total_of_projects() -> None:
    for form, kind in (("projects", "mixed"), ("procurement", "project")):
        assert totals(SPENDING, Paper("t1", form, [Block(kind, ("金额=amount",), (total("18.00"), ONE, OTHER))])) == []  # type: ignore[arg-type]
