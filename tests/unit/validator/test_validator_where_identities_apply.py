"""Identities are data: one is looked for in the kinds of forms that it names, in no others, and not at all where a rule set has none of its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, by_function, document, economic, function, item, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.validate import validate

CODED = by_function(
    total("90.00", "60.00", "30.00"),
    item("某局", "90.00", "60.00", "30.00", role="unit"),
    function("208", "70.00", "40.00", "30.00"),
    function("20801", "70.00", "40.00", "30.00"),
    function("2080101", "70.00", "40.00", "30.00"),
    function("221", "20.00", "20.00", ""),
)
BESIDE = Paper(
    "t1",
    "basic_by_economic",
    [
        Block("economic", ("金额=amount",), (economic("301", "30.00"), economic("30101", "30.00"), total("30.00", label="人员经费合计"))),
        Block("economic", ("金额=amount",), (economic("302", "5.00"), total("5.00", label="公用经费合计"))),
    ],
)
UNITS = Paper(
    "t1",
    "three_public",
    [Block("unit", ("合计=amount",), (total("5.00"), item("甲所", "2.00", role="unit"), item("乙所", "3.00", role="unit")))],
)
PROJECTS = Paper(
    "t1",
    "special_funds",
    [
        Block(
            "project",
            ("金额=amount",),
            (total("9.00"), item("甲类", "9.00"), item("甲", "4.00", depth=1, parent=1), item("乙", "5.00", depth=1, parent=1)),
        )
    ],
)
SUMMARY = Paper(
    "t1",
    "income_expenditure_summary",
    [
        Block("income", ("金额=amount",), (item("拨款", "8.00"), item("其他收入", "1.00"), total("9.00", role="year_total"), item("上年结转", "1.00", role="carry_over"), total("10.00", role="grand_total"))),
        Block("mixed", ("金额=amount",), (item("教育", "6.00"), item("卫生", "4.00"), total("10.00", role="year_total"), total("10.00", role="grand_total"))),
    ],
)  # fmt: skip
BALANCE = Paper(
    "t1",
    "government_fund_balance",
    [Block("function", ("年初结转=opening_balance", "本年收入=income", "本年支出/小计=expenditure", "年末结转=closing_balance"), (total("3.00", "10.00", "9.00", "4.00"),))],
)  # fmt: skip
FUNDS = Paper(
    "t1",
    "projects",
    [Block("project", ("合计=total", "拨款=fund_source"), (Line("灯塔维护", ("5.00", "5.00"), project="灯塔维护"),))],
    changes={2: {"fund": "general_public_budget"}},
)
GOAL = Paper(
    "t2",
    "project_performance",
    [Block("performance", ("=annual_funds",), (Line("财政拨款", ("5.00",), line="performance.fiscal", project="灯塔维护"),))],
)

CASES = [
    ("column.sum", CODED, "expenditure_summary"),
    ("rollup.function.class", CODED, "expenditure_summary"),
    ("rollup.function.section", CODED, "expenditure_summary"),
    ("rollup.function.total", CODED, "expenditure_summary"),
    ("rollup.unit", CODED, "expenditure_summary"),
    ("rollup.unit", UNITS, "three_public"),
    ("rollup.economic.class", BESIDE, "basic_by_economic"),
    ("rollup.economic.parts", BESIDE, "basic_by_economic"),
    ("rollup.list", PROJECTS, "special_funds"),
    ("rollup.total", PROJECTS, "special_funds"),
    ("total.year", SUMMARY, "income_expenditure_summary"),
    ("total.grand", SUMMARY, "income_expenditure_summary"),
    ("balance.lists", SUMMARY, "income_expenditure_summary"),
    ("balance.fund", BALANCE, "government_fund_balance"),
]


def checks(rule: str, rules: Rules, *papers: Paper) -> list[tuple[str, str]]:
    """Targets and statuses of the checks of a rule."""
    return [(check.target, check.status) for check in validate(document(*papers), rules).checks if check.rule == rule]


def changed(rule: str, change: Callable[[Identity], Identity]) -> Rules:
    rules = load_rules()
    return structs.replace(rules, identities=tuple(change(one) if one.id == rule else one for one in rules.identities))


def where(rule: str, **said: Any) -> Rules:
    return changed(rule, lambda one: structs.replace(one, **{"forms": (), "not_forms": (), **said}))


@pytest.mark.parametrize(("rule", "paper", "form"), CASES)
def test_an_identity_is_looked_for_in_the_kinds_of_forms_that_it_names(rule: str, paper: Paper, form: str) -> None:
    found = checks(rule, load_rules(), paper)
    assert "exact" in {status for _, status in found}
    assert checks(rule, where(rule, forms=(form,)), paper) == found
    assert checks(rule, where(rule, not_forms=(form,)), paper) == []
    assert checks(rule, where(rule, forms=("assets",)), paper) == []


@pytest.mark.parametrize(("rule", "paper"), [(rule, paper) for rule, paper, _ in CASES])
def test_a_rule_set_without_an_identity_looks_for_others(rule: str, paper: Paper) -> None:
    rules = load_rules()
    without = structs.replace(rules, identities=tuple(one for one in rules.identities if one.id != rule))
    assert checks(rule, without, paper) == []
    kept = {check.id for check in validate(document(paper), without).checks}
    assert kept >= {check.id for check in validate(document(paper), rules).checks if check.rule not in (rule, "rollup.list")}


def test_a_rule_set_of_no_identities_checks_nothing() -> None:
    rules = structs.replace(load_rules(), identities=())
    for papers in ((CODED,), (BESIDE,), (UNITS,), (PROJECTS,), (SUMMARY,), (BALANCE,), (FUNDS, GOAL)):
        assert validate(document(*papers), rules).checks == ()


def test_forms_of_projects_are_those_that_the_identity_names() -> None:
    rule = "same.project.funds"
    assert checks(rule, load_rules(), FUNDS, GOAL) == [("t2/0/1", "exact")]
    assert checks(rule, where(rule, forms=("assets",)), FUNDS, GOAL) == []
    assert checks(rule, where(rule, forms=("projects", "project_performance")), FUNDS, GOAL) == []
