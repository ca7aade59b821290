"""Income in several forms, balances and lists side by side: which figures are one fact, and which are not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, by_function, checked, document, errors, function, item, statuses, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.agreements import lists_agree, total_column
from services.validator.domain.sheet import read_book
from services.validator.domain.validate import validate
from shared.contracts.normalized import ListKind

GENERAL, SERVICE, OTHER = "income.general_budget", "income.service", "income.other"


def income(table: str, form: str, *lines: Line, whole: str = "") -> Paper:
    rows = (*lines, total(whole, role="year_total")) if whole else lines
    return Paper(table, form, [Block("income", ("金额=amount",), rows)])


def pairs(*papers: Paper, rule: str = "same.income") -> list[tuple[str, list[str]]]:
    """The checks of a rule: targets and terms."""
    return [(check.target, [term.fact for term in check.terms]) for check in checked(*papers).checks if check.rule == rule]


@pytest.mark.parametrize(
    ("heads", "col"),
    [
        (("其他=other", "合计=total"), 2),
        (("上年数=previous_year", "本年数=amount"), 2),
        (("甲=other", "小计=subtotal", "合计=total"), 2),
        (("甲=other", "乙=fund_source"), 1),
        (("甲=fund_source",), 1),
        ((), None),
    ],
)
def test_the_column_of_totals_is_the_first_that_says_so_else_the_first(heads: Sequence[str], col: int | None) -> None:
    book = read_book(document(Paper("t1", "projects", [Block("project", heads, (total(*("1.00" for _ in heads)),))])))
    assert total_column(book.sheets[0].lists[0]) == col


def test_forms_without_income_between_those_with_it_hide_none() -> None:
    spending = [by_function(total("50.00", "50.00", ""), function("208", "50.00", "50.00", ""), table=f"t{number}") for number in (1, 3)]
    one = income("t2", "income_expenditure_summary", item("拨款", "45.00", line=GENERAL), whole="45.00")
    other = income("t4", "fiscal_summary", item("拨款", "45.00", line=GENERAL), whole="45.00")
    assert pairs(spending[0], one, spending[1], other) == [("t4/0/1", ["t2/0/1"])]


@pytest.mark.parametrize(
    ("line", "compared"),
    [(GENERAL, True), ("income.state_capital", True), ("income.government_fund", True), (SERVICE, False), (OTHER, False)],
)
def test_only_lines_of_a_fund_are_the_same_money_in_every_scope(line: str, compared: bool) -> None:
    whole = income("t1", "income_expenditure_summary", item("收入", "45.00", line=line))
    assert bool(pairs(whole, income("t2", "fiscal_summary", item("收入", "45.00", line=line)))) is compared
    assert pairs(whole, income("t2", "income_summary", item("收入", "45.00", line=line))) == [("t2/0/1", ["t1/0/1"])]


@pytest.mark.parametrize(
    ("measures", "places"),
    [
        (("total", "income_source"), ["t2/0/1"]),
        (("income", "income_source"), ["t2/0/1"]),
        (("subtotal", "income_source"), ["t2/0/1"]),
        (("total", "subtotal"), ["t2/0/1"]),  # the first total counts
        (("income_source", "total"), ["t2/0/2"]),
        (("income_source", "income_source"), []),
        (("previous_year", "income_source"), []),
    ],
)
def test_the_total_of_an_income_form_stands_in_its_first_column_of_totals(measures: tuple[str, str], places: list[str]) -> None:
    summary = income("t1", "income_expenditure_summary", item("拨款", "45.00"), whole="45.00")
    heads = tuple(f"数{number}={measure}" for number, measure in enumerate(measures))
    form = Paper("t2", "income_summary", [Block("unit", heads, (total("45.00", "45.00"),))])
    assert [target for target, _ in pairs(summary, form)] == places


@pytest.mark.parametrize(("printed", "status", "term"), [("45.00", "exact", 1), ("48.00", "exact", 3), ("46.00", "failed", 1), ("45.01", "rounding", 1)])  # fmt: skip
def test_an_income_form_may_print_the_years_total_or_that_with_what_is_carried_over(printed: str, status: str, term: int) -> None:
    lines = (
        item("拨款", "45.00"),
        total("45.00", role="year_total"),
        item("结转", "3.00", role="carry_over"),
        total("48.00", role="grand_total"),
    )
    form = Paper("t2", "income_summary", [Block("unit", ("合计=total",), (total(printed),))])
    result = checked(income("t1", "income_expenditure_summary", *lines), form)
    assert [(check.status, check.terms[0].fact) for check in result.checks if check.rule == "same.income"] == [(status, f"t1/{term}/1")]


def test_a_total_is_not_compared_with_its_own_form() -> None:
    form = Paper(
        "t1",
        "income_summary",
        [
            Block("income", ("金额=amount",), (item("拨款", "45.00"), total("45.00", role="year_total"))),
            Block("unit", ("合计=total",), (total("45.00"),)),
        ],
    )
    assert pairs(form) == []


def test_fiscal_income_is_held_against_one_form_of_all_income() -> None:
    rule = "same.income.only_fiscal"
    whole = [income(f"t{number}", kind, item("拨款", "45.00"), whole="45.00") for number, kind in enumerate(("income_expenditure_summary", "income_summary"), 1)]  # fmt: skip
    fiscal = [income(f"t{number}", "fiscal_summary", item("拨款", "45.00"), whole="45.00") for number in (3, 4)]
    assert pairs(*whole, *fiscal, rule=rule) == [("t3/1/1", ["t1/1/1"])]
    assert pairs(*fiscal, rule=rule) == pairs(*whole, rule=rule) == []


@pytest.mark.parametrize(("form", "compared"), [("fiscal_summary", True), ("income_summary", True), ("expenditure_summary", False), ("procurement", False)])  # fmt: skip
def test_what_is_carried_over_is_read_in_forms_that_print_income(form: str, compared: bool) -> None:
    carry = item("上年结转", "3.00", line="carry_over_opening")
    found = pairs(income("t1", "income_expenditure_summary", carry), income("t2", form, carry), rule="same.carry_over")
    assert bool(found) is compared
    twice = Paper("t1", "fiscal_summary", [Block("income", ("金额=amount",), (carry, carry))])
    assert pairs(twice, rule="same.carry_over") == [], "a form is not compared with itself"


def test_lines_of_income_carry_nothing_over_to_next_year() -> None:
    """A line of the list of income that is called like that of expenditure is something else."""

    def form(*kinds: ListKind) -> list[str]:
        lines = (Line("结转", ("3.00",), role="carry_over", line="carry_over_closing"),)
        paper = Paper("t1", "income_expenditure_summary", [Block(kind, ("金额=amount",), lines) for kind in kinds])
        return [bundle.equations[0].target.id for bundle in lists_agree(read_book(document(paper)).sheets[0], load_rules())]

    assert form("mixed", "function") == ["t1/0/3"]
    assert form("income", "function") == form("mixed", "income") == form("income", "income") == []
    assert form("income", "function", "mixed") == ["t1/0/5"]


@pytest.mark.parametrize(
    "heads",
    [
        ("期初=opening_balance", "收=income", "支=expenditure", "期末=closing_balance"),
        ("年初数=other", "本年收入=other", "本年支出=other", "年末数=other"),
    ],
)
def test_the_columns_of_a_balance_are_told_by_their_measures_or_by_their_words(heads: tuple[str, ...]) -> None:
    def form(*amounts: str) -> Paper:
        return Paper("t1", "government_fund_balance", [Block("function", heads, (total(*amounts),))])

    assert statuses(checked(form("3.00", "10.00", "9.00", "4.00")), "balance.fund") == ["exact"]
    assert statuses(checked(form("3.00", "10.00", "9.00", "5.00")), "balance.fund") == ["failed"]
    assert statuses(checked(form("", "4.00", "", "4.00")), "balance.fund") == ["exact"], "a blank is nothing"
    assert statuses(checked(form("3.00", "10.00", "9.00", "")), "balance.fund") == []


def test_a_list_that_prints_no_balance_hides_none_behind_it() -> None:
    heads = ("年初=opening_balance", "本年收入=income", "本年支出=expenditure", "年末=closing_balance")
    for place in range(4):
        short = tuple(head for number, head in enumerate(heads) if number != place)
        blocks = [
            Block("function", short, (total("1.00", "1.00", "1.00"),)),
            Block("function", heads, (total("3.00", "10.00", "9.00", "4.00"),)),
        ]
        assert statuses(checked(Paper("t1", "government_fund_balance", blocks)), "balance.fund") == ["exact"]


EVERYTHING = (
    Paper(
        "t1",
        "income_expenditure_summary",
        [
            Block(
                kind,
                ("金额=amount",),
                (
                    item("拨款", "70.00", line=GENERAL),
                    item("其一", "60.00", depth=1, parent=0),
                    item("其二", "10.00", depth=1, parent=0),
                    total("70.00", role="year_total", label="本年合计"),
                    Line("结转", ("3.00",), role="carry_over", line="carry_over_opening" if kind == "income" else "carry_over_closing"),
                    total("73.00", role="grand_total", label="总计"),
                ),
            )
            for kind in ("income", "mixed", "function")
        ],
    ),
    by_function(total("70.00", "50.00", "20.00"), function("208", "70.00", "50.00", "20.00"), function("20801", "70.00", "50.00", "20.00"),
                function("2080101", "70.00", "50.00", "20.00"), table="t2"),
    by_function(total("70.00", "50.00", "20.00"), function("208", "70.00", "50.00", "20.00"), table="t3", form="general_budget_expenditure"),
    Paper("t4", "projects", [Block("project", ("金额=amount",), (total("20.00"), item("甲", "13.00", project="甲"), item("乙", "7.00", project="乙")))]),
    Paper("t5", "government_fund_balance", [Block("function", ("年初=opening_balance", "收=income", "支=expenditure", "年末=closing_balance"), (total("3.00", "10.00", "9.00", "4.00"),))]),
    income("t6", "fiscal_summary", item("拨款", "70.00", line=GENERAL), item("结转", "3.00", line="carry_over_opening", role="carry_over"), whole="70.00"),
)  # fmt: skip


def test_without_one_kind_of_identity_all_others_hold_as_before() -> None:
    rules, made = load_rules(), document(*EVERYTHING)
    checks = validate(made, rules).checks
    for operator in {identity.operator for identity in rules.identities}:
        out = {operator, *(("only_fiscal", "carry_over_repeated") if operator == "same_income" else ())}  # which read income as it says
        left = tuple(identity for identity in rules.identities if identity.operator not in out)
        names = {identity.id for identity in left}
        result = validate(made, structs.replace(rules, identities=left))
        assert not errors(result)
        assert [check.id for check in result.checks] == [check.id for check in checks if check.rule in names]


def test_lists_of_expenditure_agree_in_the_years_total_and_all_lists_in_the_grand_one() -> None:
    def form(*totals: tuple[ListKind, str, str]) -> list[tuple[str, str]]:
        blocks = [
            Block(
                kind, ("金额=amount",), (total(year, role="year_total", label="本年合计"), total(grand, role="grand_total", label="总计"))
            )
            for kind, year, grand in totals
        ]
        found = checked(Paper("t1", "income_expenditure_summary", blocks)).checks
        return [(check.target, check.status) for check in found if check.rule == "balance.lists"]

    grand = [("t1/1/3", "exact"), ("t1/1/5", "exact")]
    assert form(("income", "70.00", "78.00"), ("mixed", "66.00", "78.00"), ("function", "66.00", "78.00")) == [*grand, ("t1/0/5", "exact")]
    assert form(("mixed", "66.00", "78.00"), ("function", "65.00", "78.00")) == [("t1/1/3", "exact"), ("t1/0/3", "failed")]
    assert form(("mixed", "66.00", "78.00")) == []
    assert form(("income", "70.00", "78.00"), ("mixed", "66.00", "")) == []


@pytest.mark.parametrize("parts", [("合计", "基本支出"), ("基本支出", "小计"), ("基本支出", "项目支出", "总计")])
def test_a_group_of_a_balance_speaks_by_its_only_total(parts: tuple[str, ...]) -> None:
    heads = (*(f"年初结转/{part}=opening_balance" for part in parts), "本年收入=income", "本年支出=expenditure", "年末结转=closing_balance")
    amounts = ["3.00" if part.endswith("计") else "1.00" for part in parts]
    form = Paper("t1", "government_fund_balance", [Block("function", heads, (total(*amounts, "10.00", "9.00", "4.00"),))])
    assert statuses(checked(form), "balance.fund") == ["exact"]


@pytest.mark.parametrize("parts", [("基本支出", "项目支出"), ("小计", "合计")])
def test_a_group_of_a_balance_without_one_total_says_nothing(parts: tuple[str, ...]) -> None:
    heads = (*(f"年初结转/{part}=opening_balance" for part in parts), "本年收入=income", "本年支出=expenditure", "年末结转=closing_balance")
    form = Paper("t1", "government_fund_balance", [Block("function", heads, (total("3.00", "3.00", "10.00", "9.00", "4.00"),))])
    assert statuses(checked(form), "balance.fund") == []
