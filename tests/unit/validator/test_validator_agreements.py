"""The same fact in several forms, views that agree, balances, projects, reprinted cells, units."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import structs
from validator_documents import (
    Block,
    Line,
    Paper,
    by_function,
    check_of,
    checked,
    document,
    economic,
    errors,
    function,
    item,
    statuses,
    total,
)

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.rules import Rules
from services.validator.domain.validate import validate
from shared.contracts.normalized import ListKind, RowRole

SAME = "same.expenditure"
LINES = (total("90.00", "60.00", "30.00"), function("208", "70.00", "40.00", "30.00"), function("221", "20.00", "20.00", ""))


def basic_form(personnel: str = "35.00", public: str = "25.00", table: str = "t2") -> Paper:
    lines = (economic("301", personnel, personnel, ""), economic("302", public, "", public), total("60.00", personnel, public))
    heads = ("合计=total", "人员经费=personnel", "公用经费=public")
    return Paper(table, "basic_by_economic", [Block("economic", heads, lines)], scope="general")


def test_a_line_agrees_in_forms_that_speak_of_the_same_money() -> None:
    result = checked(by_function(*LINES), by_function(*LINES, table="t2", form="general_budget_expenditure"))
    assert statuses(result, SAME) == ["exact"] * 8


@pytest.mark.parametrize(
    ("role", "compared"), [("item", 6), ("subtotal", 6), ("of_which", 6), ("total", 3), ("unit", 3), ("carry_over", 3)]
)
def test_rows_of_codes_are_compared_whatever_part_they_play_below_the_total(role: RowRole, compared: int) -> None:
    lines = (total("70.00", "40.00", "30.00"), Line("科目208", ("70.00", "40.00", "30.00"), role=role, function="208"))
    result = checked(by_function(*lines), by_function(*lines, table="t2", form="general_budget_expenditure"))
    assert statuses(result, SAME) == ["exact"] * compared


def test_forms_with_other_totals_speak_of_other_money_and_are_not_compared() -> None:
    other = (total("50.00", "40.00", "10.00"), function("208", "50.00", "40.00", "10.00"))
    result = checked(by_function(*LINES), by_function(*other, table="t2", form="general_budget_expenditure"))
    assert not statuses(result, SAME)
    assert not errors(result)


def test_a_line_that_differs_between_forms_is_a_conflict() -> None:
    other = (LINES[0], function("208", "70.00", "40.00", "30.00"), function("221", "20.00", "22.00", ""))
    result = checked(by_function(*LINES), by_function(*other, table="t2", form="general_budget_expenditure"))
    (error,) = errors(result)
    assert error.evidence[0].fact == "t2/2/2"
    assert any(check.startswith(SAME) for check in error.checks)


def test_a_total_that_was_mistyped_does_not_hide_that_the_forms_agree_line_by_line() -> None:
    lines = (*LINES, function("210", "1.00", "1.00", ""), function("229", "2.00", "2.00", ""))
    right = (total("93.00", "63.00", "30.00"), *lines[1:])
    wrong = (total("98.00", "63.00", "30.00"), *lines[1:])
    result = checked(
        by_function(*right, form="general_budget_expenditure"), by_function(*wrong, table="t2", form="general_budget_expenditure")
    )
    (error,) = errors(result)
    assert error.evidence[0].fact == "t2/0/1"
    assert check_of(result, SAME, "t2/0/1").status == "failed"


def test_units_are_converted_before_figures_are_compared() -> None:
    yuan = (total("900049", "600000", "300049"), function("208", "700049", "400000", "300049"), function("221", "200000", "200000", ""))
    result = checked(by_function(*LINES), by_function(*yuan, table="t2", form="general_budget_expenditure", unit="元", precision=0))
    assert set(statuses(result, SAME)) == {"exact", "rounding"}
    check = check_of(result, SAME, "t2/0/1")
    assert (check.unit, str(check.difference)) == ("元", "49")


def test_a_form_without_unit_is_compared_with_nothing_outside() -> None:
    result = checked(by_function(*LINES), by_function(*LINES, table="t2", form="general_budget_expenditure", unit=None))
    assert "exact" not in statuses(result, SAME)
    assert statuses(result, "rollup.function.total", "t2/0/1") == ["exact"]


def test_basic_expenditure_is_personnel_plus_public_funds_of_another_form() -> None:
    by_class = by_function(*LINES, form="general_budget_expenditure")
    only_parts = Paper(
        "t2",
        "basic_by_economic",
        [
            Block(
                "economic",
                ("人员经费=personnel", "公用经费=public"),
                (economic("301", "35.00", ""), economic("302", "", "25.00"), total("35.00", "25.00")),
            )
        ],
        scope="general",
    )
    assert statuses(checked(by_class, only_parts), SAME) == []
    assert check_of(checked(by_class, basic_form()), SAME, "t2/2/1").status == "exact"


def test_an_opening_balance_plus_income_minus_expenditure_is_the_closing_balance() -> None:
    heads = ("年初结转=opening_balance", "本年收入=income", "本年支出/小计=expenditure", "年末结转=closing_balance")

    def fund(closing: str) -> Paper:
        return Paper("t1", "government_fund_balance", [Block("function", heads, (total("3.00", "10.00", "9.00", closing),))])

    assert statuses(checked(fund("4.00")), "balance.fund") == ["exact"]
    assert statuses(checked(fund("5.00")), "balance.fund") == ["failed"]


def test_a_project_has_the_same_amount_in_its_performance_form_in_another_unit() -> None:
    lines = (item("2025年档案管理（万元）", "50000", project="2025年档案管理（万元）"), item("宣传", "20000", project="宣传"))
    form = Paper("t1", "projects", [Block("project", ("金额=amount",), (total("70000"), *lines))], unit="元", precision=0)
    goal = Paper(
        "t2",
        "project_performance",
        [Block("performance", ("=performance_funds",), (total("5.00", label="资金总额", line="performance.total"),))],
    )
    made = document(form, goal)
    facts = tuple(msgspec.structs.replace(fact, project="档案管理") if fact.table == "t2" else fact for fact in made.facts)
    result = validate(msgspec.structs.replace(made, facts=facts), load_rules())
    assert check_of(result, "same.project", "t2/0/1").status == "exact"


def test_the_amount_of_the_year_counts_where_the_whole_period_is_printed_beside_it() -> None:
    form = Paper("t1", "projects", [Block("project", ("金额=amount",), (total("50.00"), item("档案", "50.00", project="档案")))])
    goal = Paper(
        "t2",
        "project_performance",
        [
            Block(
                "performance",
                ("=performance_funds", "=annual_funds"),
                (total("90.00", "50.00", label="资金总额", line="performance.total"),),
            )
        ],
    )
    made = document(form, goal)
    facts = tuple(msgspec.structs.replace(fact, project="档案") if fact.table == "t2" else fact for fact in made.facts)
    result = validate(msgspec.structs.replace(made, facts=facts), load_rules())
    assert statuses(result, "same.project") == ["exact"]


def test_a_cell_printed_again_says_the_same_and_is_not_summed_twice() -> None:
    made = document(
        Paper("t1", "projects", [Block("project", ("金额=amount",), (total("50.00"), item("档案", "50.00"), item("档案", "50.00")))])
    )
    again = tuple(msgspec.structs.replace(fact, duplicate_of="t1/1/1") if fact.id == "t1/2/1" else fact for fact in made.facts)
    result = validate(msgspec.structs.replace(made, facts=again), load_rules())
    assert statuses(result, "same.cell") == ["exact"]
    assert statuses(result, "rollup.total") == ["exact"]


def test_income_lines_agree_between_the_summary_and_the_form_by_source() -> None:
    income = (
        item("拨款", "70.00", line="income.general_budget"),
        item("事业", "5.00", line="income.service"),
        total("75.00", role="year_total", line="year_income_total"),
    )
    summary = Paper("t1", "income_expenditure_summary", [Block("income", ("金额=amount",), income)])
    heads = ("合计=total", "拨款=income_source", "事业=income_source")
    by_source = Paper(
        "t2", "income_summary", [Block("unit", heads, (total("75.00", "70.00", "5.00"),))],
        changes={2: {"line": "income.general_budget"}, 3: {"line": "income.service"}},
    )  # fmt: skip
    assert statuses(checked(summary, by_source), "same.income") == ["exact"] * 3


def gov_form(wages: str) -> Paper:
    heads = ("总计=total", "机关工资福利=class", "机关商品服务=class")
    lines = (total("60.00", wages, "25.00"), function("208", "60.00", wages, "25.00"))
    return Paper(
        "t3",
        "expenditure_by_gov_economic",
        [Block("function", heads, lines)],
        changes={2: {"gov_economic": "501"}, 3: {"gov_economic": "502"}},
    )


def test_a_conditional_identity_ties_where_it_holds_and_accuses_nobody_where_it_does_not() -> None:
    heads = ("合计=total", "基本支出/工资=class", "基本支出/商品=class")
    lines = (total("60.00", "35.00", "25.00"), function("208", "60.00", "35.00", "25.00"))
    view = Paper(
        "t2",
        "expenditure_by_department_economic",
        [Block("function", heads, lines)],
        changes={2: {"economic": "301"}, 3: {"economic": "302"}},
    )
    assert "exact" in statuses(checked(view, gov_form("35.00")), "views.wages_and_goods")
    other = checked(view, gov_form("34.00"))
    assert not {"exact", "failed"} & set(statuses(other, "views.wages_and_goods"))
    assert not errors(other)


BALANCE = ("年初结转/合计=total", "年初结转/基本支出结转=opening_balance", "年初结转/项目支出结转=opening_balance", "本年收入=income",
           "本年支出/合计=total", "本年支出/基本支出=basic_expenditure", "本年支出/项目支出=project_expenditure",
           "年末结转/合计=total", "年末结转/基本支出结转=closing_balance", "年末结转/项目支出结转=closing_balance")  # fmt: skip


def test_a_balance_of_the_general_budget_is_that_of_the_totals_of_its_groups() -> None:
    def form(closing: str) -> Paper:
        line = total("3.00", "1.00", "2.00", "10.00", "9.00", "6.00", "3.00", closing, "1.00", "3.00")
        return Paper("t1", "general_budget_balance", [Block("function", BALANCE, (line,))])

    result = checked(form("4.00"))
    assert check_of(result, "balance.fund", "t1/0/8").status == "exact"
    assert [term.fact for term in check_of(result, "balance.fund", "t1/0/8").terms] == ["t1/0/1", "t1/0/4", "t1/0/5"]
    assert statuses(checked(form("5.00")), "balance.fund") == ["failed"]


def test_a_balance_whose_parts_have_no_total_is_not_checked() -> None:
    heads = (
        "年初结转/基本支出结转=opening_balance",
        "年初结转/项目支出结转=opening_balance",
        "本年收入=income",
        "本年支出=expenditure",
        "年末结转=closing_balance",
    )
    form = Paper("t1", "general_budget_balance", [Block("function", heads, (total("1.00", "2.00", "10.00", "9.00", "4.00"),))])
    assert statuses(checked(form), "balance.fund") == []


def test_of_a_form_of_balances_only_the_years_expenditure_is_expenditure() -> None:
    lines = (
        total("3.00", "1.00", "2.00", "10.00", "9.00", "6.00", "3.00", "4.00", "1.00", "3.00"),
        function("208", "3.00", "1.00", "2.00", "10.00", "9.00", "6.00", "3.00", "4.00", "1.00", "3.00"),
    )
    balances = Paper("t1", "general_budget_balance", [Block("function", BALANCE, lines)])
    spending = by_function(
        total("9.00", "6.00", "3.00"), function("208", "9.00", "6.00", "3.00"), table="t2", form="general_budget_expenditure"
    )
    same = [check for check in checked(balances, spending).checks if check.rule == SAME]
    assert {check.terms[0].fact for check in same} == {f"t1/{row}/{col}" for row in (0, 1) for col in (5, 6, 7)}


@pytest.mark.parametrize(("role", "compared"), [("total", 3), ("grand_total", 3), ("year_total", 3), ("unit", 0), ("subtotal", 0)])
def test_an_income_form_speaks_by_its_total_of_whatever_name(role: RowRole, compared: int) -> None:
    income = (
        item("拨款", "70.00", line="income.general_budget"),
        item("事业", "5.00", line="income.service"),
        total("75.00", role="year_total", line="year_income_total"),
    )
    summary = Paper("t1", "income_expenditure_summary", [Block("income", ("金额=amount",), income)])
    form = Paper(
        "t2", "income_summary",
        [Block("unit", ("合计=total", "拨款=income_source", "事业=income_source"), (Line("本级", ("75.00", "70.00", "5.00"), role=role),))],
        changes={2: {"line": "income.general_budget"}, 3: {"line": "income.service"}},
    )  # fmt: skip
    assert statuses(checked(summary, form), "same.income") == ["exact"] * compared


CARRIED = Paper(
    "t1",
    "income_expenditure_summary",
    [Block("income", ("金额=amount",), (item("上年结转", "3.00", line="carry_over_opening"), total("48.00", role="grand_total")))],
)


@pytest.mark.parametrize(
    ("kind", "role", "places"),
    [
        ("unit", "total", ["t2/0/2"]),
        ("unit", "grand_total", ["t2/0/2"]),
        ("unit", "unit", []),
        ("income", "total", []),  # rows of income say it, not columns
    ],
)
def test_what_is_carried_over_stands_in_a_column_of_the_row_of_the_whole(kind: ListKind, role: RowRole, places: list[str]) -> None:
    heads = ("合计=total", "上年结转=opening_balance")
    form = Paper(
        "t2",
        "income_summary",
        [Block(kind, heads, (Line("本级", ("48.00", "3.00"), role=role),))],
        changes={2: {"line": "carry_over_opening"}},
    )
    assert [check.target for check in checked(CARRIED, form).checks if check.rule == "same.carry_over"] == places


def test_only_lines_of_what_is_carried_over_from_last_year_are_compared_as_such() -> None:
    def form(table: str, kind: str, line: str) -> Paper:
        return Paper(
            table, kind, [Block("income", ("金额=amount",), (item("结转", "3.00", line=line), total("48.00", role="grand_total")))]
        )

    for line, compared in (("carry_over_opening", 1), ("carry_over_opening.general", 1), ("carry_over_closing", 0), ("income.other", 0)):
        result = checked(form("t1", "income_expenditure_summary", line), form("t2", "fiscal_summary", line))
        assert len(statuses(result, "same.carry_over")) == compared
    apart = checked(form("t1", "income_expenditure_summary", "carry_over_opening"), form("t2", "procurement", "carry_over_opening"))
    assert not statuses(apart, "same.carry_over"), "a form without income carries over no income"


def limited(rule: str, **changes: tuple[str, ...]) -> Rules:
    """The rules with one that applies to other kinds of forms."""
    rules = load_rules()
    identities = tuple(structs.replace(one, **changes) if one.id == rule else one for one in rules.identities)
    return structs.replace(rules, identities=identities)


SIDES = Paper(
    "t1",
    "income_expenditure_summary",
    [
        Block(
            kind,
            ("合计=total", "拨款=fund_source", "其他=fund_source"),
            (
                item("甲", "70.00", "65.00", "5.00"),
                item("甲一", "60.00", "55.00", "5.00", depth=1, parent=0),
                item("甲二", "10.00", "10.00", "", depth=1, parent=0),
                Line("本年合计", ("70.00", "65.00", "5.00"), role="year_total"),
                Line("结转", ("3.00", "3.00", ""), role="carry_over"),
                Line("总计", ("73.00", "68.00", "5.00"), role="grand_total"),
            ),
        )
        for kind in ("income", "mixed")
    ],
)
CODED = by_function(total("9.00", "9.00", ""), function("208", "9.00", "9.00", ""), function("20801", "9.00", "9.00", ""), function("2080101", "9.00", "9.00", ""))  # fmt: skip
FUND = Paper(
    "t1", "government_fund_balance",
    [Block("function", ("年初=opening_balance", "本年收入=income", "本年支出=expenditure", "年末=closing_balance"), (total("3.00", "9.00", "8.00", "4.00"),))],
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "paper"),
    [
        ("balance.lists", SIDES),
        ("column.sum", SIDES),
        ("total.year", SIDES),
        ("total.grand", SIDES),
        ("rollup.list", SIDES),
        ("rollup.function.class", CODED),
        ("rollup.function.section", CODED),
        ("rollup.function.total", CODED),
        ("balance.fund", FUND),
    ],
)
def test_a_rule_applies_to_the_kinds_of_forms_that_it_names_and_to_no_other(rule: str, paper: Paper) -> None:
    kind = paper.form or ""
    made = document(paper)
    for changes, applies in (
        ({"forms": ()}, True),
        ({"forms": ("assets", kind)}, True),
        ({"forms": ("assets",)}, False),
        ({"not_forms": (kind,)}, False),
    ):
        assert bool(statuses(validate(made, limited(rule, **changes)), rule)) is applies, changes
