"""What figures speak of: their part of expenditure and their codes by column, row and form, and which forms speak of the same money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from validator_documents import Block, Line, Paper, by_function, document, economic, function, item, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.formula import Content
from services.validator.domain.sheet import read_book
from services.validator.domain.views import Page, content_bundles, expenditure_pages, pages_beside, totals_agree
from shared.contracts.normalized import ListKind


def _said(content: Content) -> str:
    return "/".join(part for part in content if part)


def contents(*papers: Paper) -> list[str]:
    """What figures speak of, as "scope: part/codes fact"."""
    pages = expenditure_pages(read_book(document(*papers)), load_rules())
    assert [page.number for page in pages] == list(range(len(pages)))
    return [f"{page.scope}: {_said(content)} {figure.id.partition('/')[2]}" for page in pages for content, figure in page.contents.items()]


def one(form: str, heads: Sequence[str], *lines: Line, kind: ListKind = "function", **more: Any) -> Paper:
    return Paper("t1", form, [Block(kind, heads, lines)], **more)


WHOLE = total("9.00")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("合计=total", "total"),
        ("合计=", "total"),
        ("金额=amount", "total"),
        ("拨款=fund_source", "total"),
        ("支出=expenditure", "total"),
        ("决算=final", "total"),
        ("小计=subtotal", "total"),
        ("基本=basic_expenditure", "basic"),
        ("项目=project_expenditure", "project"),
        ("人员=personnel", "personnel"),
        ("公用=public", "public"),
        ("经营=operating_expenditure", None),
        ("上年=previous_year", None),
        ("预算=budget", None),
        ("其他=other", None),
        ("个数=count", None),
        ("基本支出/人员经费=amount", "personnel"),  # the narrowest word counts
        ("项目支出/小计=amount", "project"),
        ("基本 支出/金额=total", "basic"),
        ("经营支出/项目支出=amount", "project"),
        ("对附属单位补助/金额=amount", None),
        ("年末结转/合计=total", None),
        ("年末 结转/合计=total", None),
        ("本年收入/合计=total", None),
    ],
)
def test_a_column_speaks_of_the_part_of_expenditure_that_its_measure_or_its_heads_name(head: str, said: str | None) -> None:
    other = "合计=total"
    assert contents(one("expenditure_summary", (head,), WHOLE)) == ([f"all: {said} 0/1"] if said else [])
    beside = contents(one("expenditure_summary", (head, "别的/" + other), total("9.00", "8.00")))
    assert f"all: total 0/{1 if said == 'total' else 2}" in beside


N = "9.00"
COLUMNS = (
    # A class in the head of a column.
    (one("expenditure_summary", ("工资=class",), WHOLE, changes={1: {"economic": "301"}}), ["all: total/301 0/1"]),
    (one("expenditure_summary", ("人员经费/工资=amount",), WHOLE, changes={1: {"economic": "301"}}), ["all: basic/301 0/1"]),
    (one("expenditure_summary", ("公用经费/商品=amount",), WHOLE, changes={1: {"gov_economic": "502"}}), ["all: basic/502 0/1"]),
    (one("expenditure_summary", ("项目支出/工资=amount",), WHOLE, changes={1: {"gov_economic": "501"}}), ["all: project/501 0/1"]),
    (
        one("expenditure_summary", ("商品=class",), economic("301", N), function("205", N), changes={1: {"economic": "302"}}),
        ["all: total/205/302 1/1"],
    ),
    # The part and the class that all of a form is about.
    (one("basic_by_function", ("合计=total",), WHOLE, function("205", N)), ["general: basic 0/1", "general: basic/205 1/1"]),
    (one("breakdown_wages", ("合计=total",), WHOLE, function("205", N)), ["general: basic/301 0/1", "general: basic/205/301 1/1"]),
    (
        one("breakdown_wages", ("基本工资=class",), WHOLE, function("205", N), changes={1: {"economic": "30101"}}),
        ["general: basic/30101 0/1", "general: basic/205/30101 1/1"],
    ),
    # The fund of a column, else what the form says, else what forms of its kind are about.
    (
        one("expenditure_summary", ("拨款=fund_source",), WHOLE, changes={1: {"fund": "general_public_budget"}}, scope="fiscal"),
        ["general: total 0/1"],
    ),
    (one("expenditure_summary", ("拨款=fund_source",), WHOLE, changes={1: {"fund": "fiscal_account"}}), ["fiscal_account: total 0/1"]),
    (one("expenditure_summary", ("拨款=fund_source",), WHOLE, changes={1: {"fund": "unit_funds"}}), ["all: total 0/1"]),
    (one("expenditure_summary", ("合计=total",), WHOLE, scope="fiscal"), ["fiscal: total 0/1"]),
    (one("basic_by_economic", ("合计=total",), WHOLE, scope="general_basic", kind="economic"), ["general: basic 0/1"]),
    (
        one("expenditure_summary", ("合计=total", "基金=fund_source"), total("9.00", "5.00"), changes={2: {"fund": "government_fund"}}),
        ["all: total 0/1", "government_fund: total 0/2"],
    ),
    # The first of two columns, or rows, that say the same.
    (one("expenditure_summary", ("合计=total", "合计=total"), total("1.00", "2.00")), ["all: total 0/1"]),
    (one("expenditure_summary", ("合计=total",), function("205", "1.00"), function("205", "2.00")), ["all: total/205 0/1"]),
    # A form that is no view of expenditure, and one that need not print the whole.
    (one("assets", ("合计=total",), WHOLE), []),
    (one("operating_costs", ("合计=total",), WHOLE, economic("302", N), kind="economic"), []),
)
ROWS = (
    # The parts of a row: a total's by its label, others' by the rows above them.
    (
        one(
            "basic_by_economic",
            ("合计=total", "人员=personnel", "公用=public"),
            total(N, N, N),
            total(N, N, "", label="人员经费合计"),
            kind="economic",
        ),
        ["general: basic 0/1", "general: personnel 0/2", "general: public 0/3"],
    ),
    (
        one(
            "basic_by_economic",
            ("合计=total", "人员=personnel"),
            economic("301", N, N),
            Line("甲", (N, N), gov_economic="501"),
            Line("乙", (N, ""), economic="302", gov_economic="502"),
            kind="economic",
        ),
        [
            "general: basic/301 0/1",
            "general: personnel/301 0/2",
            "general: basic/501 1/1",
            "general: personnel/501 1/2",
            "general: basic/302 2/1",
        ],
    ),
    (
        one(
            "basic_by_economic",
            ("人员经费=personnel",),
            total(N, label="人员经费合计"),
            economic("301", N),
            item("其他", N),
            kind="economic",
        ),
        ["general: personnel 0/1", "general: basic/301 1/1"],
    ),
    (
        one(
            "basic_by_economic",
            ("人员经费=personnel", "公用=public"),
            total(N, N, label="人员经费合计"),
            economic("301", N, N),
            kind="economic",
        ),
        ["general: personnel 0/1", "general: personnel/301 1/1", "general: public/301 1/2"],
    ),
    (one("basic_by_economic", ("金额=amount",), economic("301", N), kind="economic"), ["general: basic/301 0/1"]),
    (
        one(
            "expenditure_by_economic",
            ("合计=total",),
            item("一、基本支出", N),
            economic("301", N),
            Line("工资", (N,), economic="301", parent=0),
            kind="economic",
        ),
        ["general: total/301 1/1", "general: basic/301 2/1"],
    ),
    (
        one(
            "expenditure_by_economic",
            ("合计=total", "项目支出=project_expenditure"),
            item("基本支出", N, N),
            Line("工资", (N, N), economic="301", parent=0),
            kind="economic",
        ),
        ["general: basic/301 1/1"],
    ),
    (
        one(
            "expenditure_by_economic",
            ("合计=total",),
            item("资本性支出（基本建设）", N),
            Line("房屋", (N,), economic="309", parent=0),
            kind="economic",
        ),
        ["general: total/309 1/1"],
    ),
    (
        one("expenditure_summary", ("合计=total",), item("基本支出", N), Line("教育", (N,), function="205", parent=0)),
        ["all: total/205 1/1"],
    ),
    # Words without a code: in a summary, or where their line says so.
    (
        one(
            "fiscal_summary",
            ("金额=amount",),
            item("基本支出", N),
            item("项目支出", N),
            item("其他", N),
            total(N, role="year_total"),
            total(N, role="grand_total"),
            kind="mixed",
        ),
        ["fiscal: basic 0/1", "fiscal: project 1/1", "fiscal: total 3/1"],
    ),
    (
        one("fiscal_summary", ("金额=amount",), item("基本支出", N), item("项目支出", N), total(N, role="grand_total"), kind="mixed"),
        ["fiscal: total 2/1"],
    ),
    (
        one(
            "fiscal_summary",
            ("金额=amount",),
            item("基本支出", N, line="basic_expenditure"),
            item("项目支出", N, line="project_expenditure"),
            total(N, role="grand_total"),
            kind="mixed",
        ),
        ["fiscal: basic 0/1", "fiscal: project 1/1", "fiscal: total 2/1"],
    ),
    # The row of the whole in a list of units.
    (
        one("unit_performance", ("资金总额=performance_funds", "基本支出=basic_expenditure"), Line("甲", (N, N), role="unit"), kind="unit"),
        ["all: total 0/1", "all: basic 0/2"],
    ),
    (
        one("unit_performance", ("资金总额=performance_funds",), Line("甲", (N,), role="unit"), Line("乙", (N,), role="unit"), kind="unit"),
        [],
    ),
    (
        one("unit_performance", ("资金总额=performance_funds",), Line("甲", (N,), role="unit"), total(N), total(N), kind="unit"),
        ["all: total 1/1"],
    ),
    (one("unit_performance", ("资金总额=performance_funds",), Line("甲", (N,), role="unit"), kind="function"), []),
)


@pytest.mark.parametrize("case", [*COLUMNS, *ROWS])
def test_a_figure_speaks_of_what_its_column_its_row_and_its_form_say(case: tuple[Paper, list[str]]) -> None:
    paper, said = case
    assert contents(paper) == said


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("function", True),
        ("economic", True),
        ("gov_economic", True),
        ("mixed", True),
        ("income", False),
        ("unit", False),
        ("project", False),
    ],
)
def test_lists_of_expenditure_are_those_of_codes_and_of_lines(kind: ListKind, read: bool) -> None:
    assert bool(contents(one("expenditure_summary", ("合计=total",), WHOLE, kind=kind))) is read


def test_forms_that_need_not_print_the_whole_are_pages_of_their_own() -> None:
    costs = one("operating_costs", ("合计=total",), WHOLE, economic("302", N), kind="economic")
    spending = Paper("t2", "expenditure_summary", [Block("function", ("合计=total",), (WHOLE,))])
    beside = pages_beside(read_book(document(costs, spending)), load_rules())
    assert [(page.sheet.form.table, page.scope, list(map(_said, page.contents))) for page in beside] == [
        ("t1", "general", ["basic", "basic/302"])
    ]
    assert contents(costs, spending) == ["all: total 0/1"]


def pages(*papers: Paper) -> list[Page]:
    return expenditure_pages(read_book(document(*papers)), load_rules())


def agree(one: Sequence[Line], other: Sequence[Line], basis: str = "total", **more: Any) -> bool:
    first, second = pages(by_function(*one), by_function(*other, table="t2", **more))
    return totals_agree(first, second, basis)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ((total(N, N, ""),), (total(N, N, ""),), True),
        ((total(N, N, ""),), (total("9.01", N, ""),), True),
        ((total(N, N, ""),), (total("9.02", N, ""),), False),
        ((total("0.00", "", ""),), (total("0.00", "", ""),), False),  # nothing is no money
        ((function("205", N, N, ""),), (function("205", N, N, ""),), True),  # a class stands for a total that is not printed
        ((total(N, N, ""), function("205", "5.00", N, "")), (total(N, N, ""), function("205", "6.00", N, "")), True),
        ((function("205", "5.00", N, ""), total(N, N, "")), (total(N, N, ""), function("205", "6.00", N, "")), True),
        ((function("205", "5.00", N, ""),), (total(N, N, ""), function("205", "6.00", N, "")), False),
        ((total(N, N, ""),), (function("205", N, N, ""),), False),
    ],
)
def test_two_forms_speak_of_the_same_money_where_their_totals_agree(first: Sequence[Line], second: Sequence[Line], same: bool) -> None:
    assert agree(first, second) is same


def test_a_class_of_a_function_is_no_total_of_the_money() -> None:
    lines = (Line("工资", (N,), function="205", economic="301"),)
    first, second = (one("expenditure_summary", ("合计=total",), *lines) for _ in range(2))
    assert not totals_agree(*pages(first, Paper("t2", second.form, second.blocks)), "total")


def test_money_is_the_same_by_each_part_of_expenditure() -> None:
    lines, other = (total(N, "5.00", "4.00"),), (total("8.00", "5.00", "3.00"),)
    assert [agree(lines, other, basis) for basis in ("total", "basic", "project", "personnel")] == [False, True, False, False]


def compared(*papers: Paper) -> list[str]:
    """What is compared, as "target = term"."""
    bundles = content_bundles(pages(*papers), load_rules())
    assert {bundle.basis for bundle in bundles} <= {"codes"}
    return [f"{each.target.id} = {each.terms[0][0].id}" for bundle in bundles for each in bundle.equations]


def column(table: str, *amounts: str, scope: str | None = None, whole: str = "") -> Paper:
    """A form of a total and functions."""
    lines = (total(whole), *(function(f"20{number}", amount) for number, amount in enumerate(amounts, 1)))
    return Paper(table, "expenditure_summary", [Block("function", ("合计=total",), lines)], scope=scope)


def test_each_further_print_is_compared_with_the_first_of_the_same_money() -> None:
    same = [column(table, "4.00", "5.00", whole=N) for table in ("t1", "t2", "t3")]
    assert compared(*same[:2]) == ["t2/0/1 = t1/0/1", "t2/1/1 = t1/1/1", "t2/2/1 = t1/2/1"]
    assert [line for line in compared(*same) if line.startswith("t3")] == ["t3/0/1 = t1/0/1", "t3/1/1 = t1/1/1", "t3/2/1 = t1/2/1"]
    other = column("t1", "4.00", "3.00", whole="7.00")
    assert compared(other, *same[1:]) == ["t3/0/1 = t2/0/1", "t3/1/1 = t2/1/1", "t3/2/1 = t2/2/1"]


@pytest.mark.parametrize(
    ("amounts", "scope", "told"),
    [
        (("1.00", "2.00", "3.00"), None, 4),
        (("1.00", "2.00", "3.01"), None, 4),  # as rounding goes
        (("1.00", "2.00", "3.00"), "fiscal", 0),  # another scope, and no total that agrees
        (("1.00", "2.00", "9.00"), None, 0),  # two lines
        (("1.00", "2.00", "3.00", "9.00"), None, 0),  # three of five
        (("1.00", "2.00", "3.00", "0.00"), None, 5),  # nothing against nothing is no line
    ],
)
def test_forms_of_one_scope_that_agree_in_most_lines_speak_of_the_same_money(amounts: Sequence[str], scope: str | None, told: int) -> None:
    """Their totals differ: one of them is a slip."""
    first = column("t1", "1.00", "2.00", "3.00", *(["0.00"] * (len(amounts) - 3)), whole="6.00")
    assert len(compared(first, column("t2", *amounts, scope=scope, whole="8.00"))) == told


def test_seven_of_ten_lines_are_most() -> None:
    first = column("t1", *(f"{number}.00" for number in range(1, 10)), whole="45.00")
    for wrong, told in ((2, 10), (3, 0)):
        amounts = [f"{number}.00" for number in range(1, 10 - wrong)] + ["99.00"] * wrong
        assert len(compared(first, column("t2", *amounts, whole="48.00"))) == told


def test_columns_of_one_form_that_speak_of_money_of_two_scopes_are_compared() -> None:
    funds = {2: {"fund": "general_public_budget"}}
    both = Paper("t1", "expenditure_summary", [Block("function", ("合计=total", "拨款=fund_source"), (total(N, N),))], changes=funds)
    assert compared(both) == ["t1/0/2 = t1/0/1"]
