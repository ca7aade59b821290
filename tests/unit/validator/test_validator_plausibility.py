"""Units and figures that are off by a power of ten: told as questions, once, and only where the amounts leave little doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.contracts.normalized import Claim
from shared.contracts.validated import Finding, Validated
from tests.validator_documents import Block, Line, Paper, by_function, checked, document, errors, function, item, total

# A disclosure of three forms of the same money, in 万元.
ROWS = (
    total("1234.56", "834.56", "400.00"),
    function("205", "1111.11", "711.11", "400.00"),
    function("20501", "1111.11", "711.11", "400.00"),
    function("2050101", "711.11", "711.11", ""),
    function("2050102", "400.00", "", "400.00"),
    function("221", "123.45", "123.45", ""),
    function("22102", "123.45", "123.45", ""),
    function("2210201", "123.45", "123.45", ""),
)
ECONOMIC = (
    Line("科目301", ("678.90",), economic="301"),
    Line("科目30101", ("432.10",), economic="30101"),
    Line("科目30102", ("246.80",), economic="30102"),
    Line("科目302", ("155.66",), economic="302"),
    total("834.56"),
)


def in_yuan(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The same rows printed in 元, to the cent."""
    return tuple(replace(line, amounts=tuple(f"{Decimal(text) * 10000:.2f}" if text else "" for text in line.amounts)) for line in lines)


def papers(*, units: Sequence[str] = ("万元", "万元", "万元"), rows: Sequence[Sequence[Line]] = (ROWS, ROWS, ECONOMIC)) -> list[Paper]:
    return [
        by_function(*rows[0], table="t1", unit=units[0], title="支出总表"),
        by_function(*rows[1], table="t2", unit=units[1], form="general_budget_expenditure", title="一般公共预算支出表"),
        Paper("t3", "basic_by_economic", [Block("economic", ("合计=total",), rows[2])], unit=units[2], title="一般公共预算基本支出表"),
    ]


def claims(*amounts: str, unit: str = "万元") -> list[Claim]:
    return [Claim(page=9, text="", kind="amount", subject="某事", amount=Decimal(text), unit=unit, decimals=2) for text in amounts]


def plausibility(result: Validated) -> list[Finding]:
    return [finding for finding in result.findings if finding.code.startswith("plausibility")]


def test_forms_in_different_units_that_say_so_are_plausible() -> None:
    assert plausibility(checked(*papers())) == []
    assert plausibility(checked(*papers(units=("万元", "元", "万元"), rows=(ROWS, in_yuan(ROWS), ECONOMIC)))) == []


@pytest.mark.parametrize(
    ("units", "rows"),
    [(("万元", "元", "万元"), (ROWS, ROWS, ECONOMIC)), (("元", "万元", "元"), (in_yuan(ROWS), in_yuan(ROWS), in_yuan(ECONOMIC)))],
)
def test_a_form_in_the_wrong_unit_is_one_question_and_no_error(units: Sequence[str], rows: Sequence[Sequence[Line]]) -> None:
    result = checked(*papers(units=units, rows=rows))
    (finding,) = [finding for finding in result.findings if finding.severity != "info"]
    assert (finding.code, finding.severity, finding.form) == ("plausibility.unit", "warning", "general_budget_expenditure")
    assert "1 万倍" in finding.message.zh
    assert f"单位可能应为{units[0]}" in finding.message.zh
    assert not errors(result)


def test_what_fails_inside_a_form_of_doubtful_unit_is_still_an_error() -> None:
    wrong = (ROWS[0], function("205", "1117.11", "717.11", "400.00"), *ROWS[2:])
    result = checked(*papers(units=("万元", "元", "万元"), rows=(ROWS, wrong, ECONOMIC)))
    assert [finding.code for finding in plausibility(result)] == ["plausibility.unit"]
    assert {finding.evidence[0].table for finding in errors(result)} == {"t2"}


def test_a_claim_is_not_held_against_a_form_of_doubtful_unit() -> None:
    said = [structs.replace(claims("1234.56")[0], subject="本部门支出预算")]
    result = checked(*papers(units=("元", "万元", "万元")), claims=said)
    (finding,) = [finding for finding in result.findings if finding.severity == "warning"]
    assert (finding.code, finding.form) == ("plausibility.unit", "expenditure_summary")


def test_all_forms_against_the_narrative_are_one_question() -> None:
    said = claims("1234.56", "834.56", "400.00", "123.45", "711.11")
    result = checked(*papers(units=("元", "元", "元")), claims=[structs.replace(one, subject="支出预算") for one in said])
    (finding,) = [finding for finding in result.findings if finding.severity != "info"]
    assert (finding.code, finding.severity) == ("plausibility.unit", "warning")
    assert "文字说明" in finding.message.zh
    assert "12,345,600 元" in finding.message.zh


def test_a_narrative_in_another_unit_that_says_so_is_plausible() -> None:
    yuan = claims("12345600.00", "8345600.00", "4000000.00", "1234500.00", unit="元")
    assert plausibility(checked(*papers(), claims=yuan)) == []


def test_which_of_two_forms_is_wrong_is_told_by_the_narrative() -> None:
    two = papers(units=("元", "万元", "万元"))[:2]
    result = checked(*two, claims=claims("1234.56", "834.56", "123.45"))
    assert [finding.form for finding in plausibility(result)] == ["expenditure_summary"]


def test_a_few_round_figures_at_a_power_of_ten_are_an_accident() -> None:
    other = Paper(
        "t4",
        "procurement",
        [Block("mixed", ("合计=total",), (item("打印机", "4.00"), item("服务器", "0.40")))],
        unit="万元",
        title="政府采购表",
    )
    large = Paper(
        "t5",
        "projects",
        [Block("project", ("合计=total",), (item("项目", "40000.00"), item("另一", "4000.00")))],
        unit="万元",
        title="项目表",
    )
    assert plausibility(checked(*papers(), other, large)) == []


def test_a_form_that_agrees_as_printed_as_well_is_in_its_unit() -> None:
    rows = (item("甲", "12345600.00"), item("乙", "834.56"), item("丙", "711.11"))
    mixed = Paper("t4", "procurement", [Block("mixed", ("合计=other",), rows)], unit="元", title="政府采购表")
    assert plausibility(checked(*papers(), mixed)) == []
    alone = Paper("t4", "procurement", [Block("mixed", ("合计=other",), rows[1:])], unit="元", title="政府采购表")
    assert [finding.code for finding in plausibility(checked(*papers(), alone))] == ["plausibility.unit"]


def shape(unit: str, region: str | None, factor: int = 1) -> list[Finding]:
    """What is said of the three forms in whole numbers of a unit, without a narrative."""

    def whole(lines: Sequence[Line]) -> tuple[Line, ...]:
        return tuple(replace(line, amounts=[str(int(Decimal(text) * factor)) if text else "" for text in line.amounts]) for line in lines)

    made = document(*papers(units=(unit, unit, unit), rows=(whole(ROWS), whole(ROWS), whole(ECONOMIC))))
    return plausibility(validate(structs.replace(made, document=structs.replace(made.document, region=region)), load_rules()))


def test_a_whole_disclosure_of_a_thousand_yuan_is_in_another_unit() -> None:
    (finding,) = shape("元", "青石县")
    assert finding.code == "plausibility.unit"
    assert "过小" in finding.message.zh
    assert shape("万元", "青石县") == []


def test_a_countys_office_has_no_hundred_billions_and_a_ministry_may() -> None:
    (finding,) = shape("万元", "青石县", factor=100_000)
    assert "过大" in finding.message.zh
    assert shape("万元", None, factor=100_000) == []


def test_a_figure_off_by_a_power_of_ten_that_no_sum_holds_is_a_question() -> None:
    head = [Paper("t6", "purchased_services", [Block("function", ("金额=other",), (function("2050102", "4321.00"),))], title="购买服务表")]
    there = Paper("t7", "assets", [Block("function", ("金额=other",), (function("2050102", "43.21"),))], title="资产表")
    (finding,) = plausibility(checked(*papers(), *head, there))[:1]
    assert (finding.code, finding.severity) == ("plausibility.magnitude", "warning")
    assert "100 倍" in finding.message.zh


def test_figures_that_agree_or_have_few_digits_are_none() -> None:
    for here, there in (("43.21", "43.21"), ("4300.00", "43.00"), ("4321.00", "43.20")):
        one = Paper("t6", "purchased_services", [Block("function", ("金额=other",), (function("2050102", here),))], title="购买服务表")
        two = Paper("t7", "assets", [Block("function", ("金额=other",), (function("2050102", there),))], title="资产表")
        assert plausibility(checked(*papers(), one, two)) == []


def by_year(*rows: tuple[str, str]) -> Paper:
    lines = tuple(item(f"事项{number}", *pair) for number, pair in enumerate(rows))
    return Paper("t8", "three_public", [Block("mixed", ("本年数=amount", "上年数=previous_year"), lines)], title="对比表")


def test_a_row_ten_thousand_times_last_years_among_steady_rows_is_a_question() -> None:
    steady = (("1.20", "1.10"), ("3.40", "3.00"), ("0.50", "0.80"))
    (finding,) = plausibility(checked(*papers(), by_year(*steady, ("23000.00", "2.10"))))
    assert (finding.code, finding.severity) == ("plausibility.magnitude", "warning")
    assert plausibility(checked(*papers(), by_year(*steady, ("230.00", "2.10")))) == []
    assert plausibility(checked(*papers(), by_year(*steady[:2], ("23000.00", "2.10")))) == []
