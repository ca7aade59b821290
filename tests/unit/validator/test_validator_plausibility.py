"""Units and figures that are off by a power of ten: told as questions, once, and only where the amounts leave little doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.plausibility import doubted_tables, find_unit_slips
from services.validator.domain.sheet import read_book
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


def amounts(table: str, *printed: str, unit: str | None = "万元", precision: int = 2, form: str = "expenditure_summary") -> Paper:
    """A form of one column of amounts that no sum holds."""
    rows = [item(f"事项{number}", text) for number, text in enumerate(printed)]
    return Paper(table, form, [Block("mixed", ("合计=total",), rows)], unit=unit, precision=precision, title=f"表{table}")


def slips(*forms: Paper, said: Sequence[Claim] = ()) -> list[tuple[tuple[str, ...], int, list[str]]]:
    """The tables whose unit is in doubt, the power of ten, and the figures that say so, for each doubt."""
    book = read_book(document(*forms, claims=said))
    found = find_unit_slips(book)
    assert [slip.whole for slip in found] == [slip.pairs[0][1] is None for slip in found]
    return [(slip.tables, slip.power, [figure.fact.text for figure, _, _ in slip.pairs]) for slip in found]


AMOUNTS = ("1234.56", "834.56", "400.12", "77.31")
BASE = (amounts("t1", *AMOUNTS), amounts("t3", *AMOUNTS))


@pytest.mark.parametrize("power", [4, -4, 3, -3, 8, -8, 2, -2, 5])
def test_only_powers_of_ten_between_units_put_a_unit_in_doubt(power: int) -> None:
    printed = [f"{Decimal(text).scaleb(power):f}" for text in AMOUNTS]
    found = slips(*BASE, amounts("t2", *printed, precision=max(0, 2 - power)))
    assert found == ([(("t2",), -power, printed)] if abs(power) in (3, 4, 8) else [])


@pytest.mark.parametrize("unit", ["元", "千元", "万元", "亿元", None])
def test_a_unit_that_is_in_doubt_is_one_of_money(unit: str | None) -> None:
    powers = {"元": 4, "亿元": -4}  # 千元 and 万元 are ten times apart, as two amounts may well be
    found = slips(*BASE, amounts("t2", *AMOUNTS, unit=unit))
    assert found == ([(("t2",), powers[unit], list(AMOUNTS))] if unit in powers else [])


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (("20.01", "30.02"), 2),  # two amounts in four digits each
        (("20.01", "9.87"), 0),
        (("12.34", "9.87", "4.56"), 3),
        (("12.34", "9.87"), 0),
        (("12.34", "9.87", "1.23"), 0),  # three digits are few: such amounts are alike by accident
        (("834.56",), 0),
        (("1234.56",), 1),  # but for the totals of both
        (("1234.56", "66.66", "55.55"), 1),
        (("1234.56", "2345.67"), 0),
    ],
)
def test_how_many_digits_put_a_unit_in_doubt(printed: tuple[str, ...], told: int) -> None:
    others = ("1234.56", "834.56", "30.02", "20.01", "12.34", "9.87", "4.56", "1.23")
    found = slips(amounts("t1", *others), amounts("t3", *others), amounts("t2", *printed, unit="元"))
    assert [len(pairs) for _, _, pairs in found] == ([told] if told else [])


@pytest.mark.parametrize(("total_digits", "told"), [("99.98", True), ("50.00", True), ("49.99", False)])
def test_totals_alone_agree_to_ten_thousand_halves_of_their_last_digit(total_digits: str, told: bool) -> None:
    others = (total_digits, "12.34", "4.56")
    found = slips(amounts("t1", *others), amounts("t3", *others), amounts("t2", total_digits, unit="元"))
    assert bool(found) is told


@pytest.mark.parametrize(
    ("alike", "told"),
    [(("12345600.00",), True), (("12345600.00", "8345600.00"), False)],
)
def test_amounts_that_agree_as_printed_are_held_against_those_at_a_power_of_ten(alike: tuple[str, ...], told: bool) -> None:
    """One for four is an accident, two are not."""
    assert bool(slips(*BASE, amounts("t2", *AMOUNTS, *alike, unit="元"))) is told


def test_of_several_amounts_within_the_last_digit_the_nearest_is_shown() -> None:
    others = ("1234.56", "1234.62", "1234.66", "834.56", "400.12")
    (slip,) = find_unit_slips(
        read_book(
            document(amounts("t1", *others), amounts("t3", *others), amounts("t2", "1234.6", "834.6", "400.1", unit="元", precision=1))
        )
    )
    assert [(figure.fact.text, other and other.fact.text) for figure, other, _ in slip.pairs] == [
        ("1234.6", "1234.62"),
        ("834.6", "834.56"),
        ("400.1", "400.12"),
    ]


def test_a_negative_amount_and_one_that_repeats_count_once_as_what_they_are_of() -> None:
    printed = ("-1234.56", "834.56", "834.56", "0.00", "-0.00")
    assert slips(*BASE, amounts("t2", *printed, unit="元")) == [(("t2",), 4, ["-1234.56", "834.56"])]


def said_amounts(*amounts: str, unit: str | None = "万元", decimals: int = 2, kind: str = "amount") -> list[Claim]:
    return [
        Claim(page=9, text="", kind=kind, subject="某事", amount=Decimal(text), unit=unit, decimals=decimals)  # type: ignore[arg-type]
        for text in amounts
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("30.02", "20.01", "12.34", "9.87"), 4),
        (("30.02", "12.34", "9.87", "4.56"), 0),  # nine digits
        (("1234.56", "834.56", "30.02"), 0),  # three amounts
        (("-30.02", "20.01", "12.34", "9.87"), 4),
        (("30.02", "20.01", "12.34", "0.00"), 0),
    ],
)
def test_a_narrative_puts_all_units_in_doubt_by_more_amounts_than_a_form(said: tuple[str, ...], told: int) -> None:
    form = amounts("t1", *AMOUNTS, "30.02", "20.01", "12.34", "9.87", "4.56", unit="元")
    found = slips(form, said=said_amounts(*said))
    assert [(tables, power, len(pairs)) for tables, power, pairs in found] == ([(("t1",), 4, told)] if told else [])


def test_only_amounts_of_money_of_the_narrative_count() -> None:
    forms = [amounts(table, *AMOUNTS, unit="元") for table in ("t1", "t3")]
    assert slips(*forms, said=said_amounts(*AMOUNTS))
    assert not slips(*forms, said=said_amounts(*AMOUNTS, unit="%"))
    assert not slips(*forms, said=said_amounts(*AMOUNTS, unit=None))
    assert not slips(*forms, said=said_amounts(*AMOUNTS, kind="change"))
    assert not slips(*forms, said=said_amounts(*(text[:-3] for text in AMOUNTS), decimals=-1)), "rough amounts are alike by accident"


def test_a_narrative_that_agrees_with_a_form_as_printed_tells_which_of_two_is_right() -> None:
    one, other = amounts("t1", *AMOUNTS), amounts("t2", *AMOUNTS, unit="元")
    assert [tables for tables, _, _ in slips(one, other, said=said_amounts("1234.56"))] == [("t2",)]
    assert [tables for tables, _, _ in slips(one, other, said=said_amounts("1234.56", unit="元"))] == [("t1",)]
    more = amounts("t2", *AMOUNTS, "66.66", unit="元")
    assert [tables for tables, _, _ in slips(one, more)] == [("t1",)], "else the one with more amounts"


def test_a_form_joins_those_with_which_it_shares_an_amount_as_printed() -> None:
    joined = amounts("t2", "400.12", "55.55", "66.66")
    late = amounts("t4", "555500.00", "666600.00", "5.00")
    alone = amounts("t5", "88.88", "99.99")
    assert slips(*BASE, joined, late, alone) == [(("t4",), -4, ["666600.00", "555500.00"])]
    assert slips(*BASE, late, alone) == []


def test_doubts_about_one_form_leave_its_table_out_and_doubts_about_all_leave_none_out() -> None:
    book = read_book(document(*BASE, amounts("t2", *AMOUNTS, unit="元")))
    assert doubted_tables(find_unit_slips(book)) == {"t2"}
    all_off = read_book(document(*(amounts(table, *AMOUNTS, unit="元") for table in ("t1", "t3")), claims=said_amounts(*AMOUNTS)))
    assert doubted_tables(find_unit_slips(all_off)) == frozenset()


def test_a_doubt_about_a_form_shows_its_figures_and_those_that_they_match() -> None:
    (finding,) = plausibility(checked(*BASE, amounts("t2", *AMOUNTS, unit="元")))
    assert [evidence.fact for evidence in finding.evidence] == [f"t2/{row}/1" for row in range(4)] + [f"t1/{row}/1" for row in range(4)]
    assert (finding.unit, finding.page, finding.expected) == ("元", 2, None)
    assert finding.message.en.endswith("; the unit may be 10,000 yuan.")
    (finding,) = plausibility(checked(*BASE, amounts("t2", *(f"{Decimal(text) * 1000:.0f}" for text in AMOUNTS), precision=0)))
    assert "单位可能有误" in finding.message.zh, "no unit is a thousandth of 万元"


def many(
    *largest: str, count: int = 19, form: str = "expenditure_summary", region: str | None = "青石县", unit: str = "元", precision: int = 0
) -> list[Finding]:
    """What is said of a form of some figures, and of `count` more of 1."""
    made = document(amounts("t1", *largest, *["1"] * count, form=form, unit=unit, precision=precision))
    return plausibility(validate(structs.replace(made, document=structs.replace(made.document, region=region)), load_rules()))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (many("19999"), "过小"),
        (many("-19999"), "过小"),
        (many("20000"), ""),
        (many("-20000"), ""),
        (many("19999", count=18), ""),  # too few figures to say
        (many("19999", "0", count=18), ""),
        (many("19999", form="income_summary"), "过小"),
        (many("19999", form="income_expenditure_summary"), "过小"),
        (many("19999", form="general_budget_expenditure"), ""),  # not all of the money
        (many("10000000", unit="万元"), "过大"),
        (many("-10000000", unit="万元"), "过大"),
        (many("9999999", unit="万元"), ""),
        (many("10000000", unit="万元", region=None), ""),
        (many("10000000.5", unit="万元", precision=1), ""),  # a figure that is so fine was not printed in a unit too large
        (many("100000000000"), "过大"),
    ],
)
def test_a_disclosure_whose_largest_figure_no_department_has_is_a_question(found: list[Finding], said: str) -> None:
    assert len(found) == bool(said)
    for finding in found:
        assert f"作为部门预决算{said}" in finding.message.zh
        assert [evidence.fact for evidence in finding.evidence] == ["t1/0/1"]
        assert (finding.unit, finding.page) == ("万元" if "万元" in finding.message.zh else "元", 1)


STEADY = (("1.20", "1.10"), ("3.40", "3.00"), ("0.50", "0.80"))


@pytest.mark.parametrize(
    ("now", "before", "asked"),
    [
        ("2000.00", "1.00", True),  # a fifth of ten thousand times
        ("1999.00", "1.00", False),
        ("50000.00", "1.00", True),
        ("50001.00", "1.00", False),
        ("1.00", "2000.00", True),
        ("1.00", "1999.00", False),
        ("1.00", "50000.00", True),
        ("1.00", "50001.00", False),
        ("-20000.00", "2.00", True),
        ("0.00", "2.00", False),
        ("2.00", "0.00", False),
        ("", "2.00", False),
        ("20000.00", "", False),
    ],
)
def test_a_figure_is_about_ten_thousand_times_last_years_up_to_five_times_more_or_less(now: str, before: str, asked: bool) -> None:
    assert bool(plausibility(checked(*papers(), by_year(*STEADY, (now, before))))) is asked


@pytest.mark.parametrize(
    ("third", "steady"), [(("5.00", "1.00"), True), (("5.01", "1.00"), False), (("1.00", "5.00"), True), (("1.00", "5.01"), False)]
)
def test_three_rows_that_stay_within_five_times_last_years_tell_that_one_is_off(third: tuple[str, str], steady: bool) -> None:
    rows = (*STEADY[:2], third, ("23000.00", "2.10"))
    assert bool(plausibility(checked(*papers(), by_year(*rows)))) is steady


@pytest.mark.parametrize(
    ("heads", "asked"),
    [
        *((("本年数=" + measure, "上年数=previous_year"), True) for measure in ("total", "amount", "budget", "final")),
        (("基本支出=basic_expenditure", "上年数=previous_year"), True),
        (("项目支出=project_expenditure", "上年数=previous_year"), True),
        (("增减=other", "上年数=previous_year"), False),
        (("本年数=amount", "预算数=budget"), False),
        (("上年预算数=previous_year", "上年决算数=previous_year"), False),
    ],
)
def test_a_year_is_compared_with_the_only_column_of_last_year(heads: tuple[str, str], asked: bool) -> None:
    lines = tuple(item(f"事项{number}", *pair) for number, pair in enumerate((*STEADY, ("23000.00", "2.10"))))
    paper = Paper("t8", "three_public", [Block("mixed", heads, lines)], title="对比表")
    assert bool(plausibility(checked(*papers(), paper))) is asked


def with_totals(now: str, before: str) -> Paper:
    """A form by year whose totals hold, or not."""
    lines = (total(now, before), *(item(f"事项{number}", *pair) for number, pair in enumerate((*STEADY, ("23000.00", "2.10")))))
    return Paper("t8", "procurement", [Block("mixed", ("本年数=amount", "上年数=previous_year"), lines)], title="对比表")


LOOSE = Paper("t9", "assets", [Block("mixed", ("数量=other",), (item("柜子", "7.77"),))], title="资产表")


def test_a_row_that_sums_hold_in_both_years_is_no_question() -> None:
    assert plausibility(checked(*papers(), with_totals("23005.10", "7.00"), LOOSE)) == []
    assert plausibility(checked(*papers(), with_totals("", "7.00"), LOOSE))


@pytest.mark.parametrize(("before", "codes"), [("2.10", ["plausibility.magnitude"]), ("2.01", ["sum.mismatch"])])
def test_a_row_in_which_a_sum_accuses_a_figure_is_one_finding(before: str, codes: list[str]) -> None:
    rows = (("201", *STEADY[0]), ("203", *STEADY[1]), ("204", *STEADY[2]), ("206", "23000.00", before), ("20601", "", "2.10"))
    lines = (total("", "7.00"), *(function(*row) for row in rows))
    paper = Paper(
        "t8", "government_fund_expenditure", [Block("function", ("本年数=amount", "上年数=previous_year"), lines)], title="对比表"
    )
    assert [finding.code for finding in checked(*papers(), paper).findings if finding.severity != "info"] == codes


def test_a_form_whose_unit_is_in_doubt_is_one_question_and_its_rows_are_none() -> None:
    rows = (item("甲", "834.56", "1.00"), item("乙", "711.11", "700.00"), item("丙", "400.00", "400.00"), item("丁", "123.45", "123.45"),
            item("戊", "23000.00", "2.10"))  # fmt: skip
    paper = Paper("t8", "three_public", [Block("mixed", ("本年数=amount", "上年数=previous_year"), rows)], unit="元", title="对比表")
    assert [finding.code for finding in plausibility(checked(*papers(), paper))] == ["plausibility.unit"]
    again = replace(paper, unit="万元")
    assert [finding.code for finding in plausibility(checked(*papers(), again))] == ["plausibility.magnitude"]


def alone(table: str, amount: str, **more: object) -> Paper:
    """A form of one figure that no sum holds."""
    line = function("2080505", amount) if not more.get("project") else item(str(more["project"]), amount, project=str(more.pop("project")))
    more.pop("project", None)
    return Paper(table, "assets", [Block("function", ("金额=other",), (line,))], title="某表", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amounts", "asked"),
    [
        (("4321.00", "432.10"), ["t11", "t12"]),
        (("432.10", "4321.00"), ["t11", "t12"]),
        (("4321.00", "43.21"), ["t11", "t12"]),
        (("432100.00", "43.21"), ["t11", "t12"]),
        (("4321000.00", "43.21"), []),  # ten thousand times is the most that a unit explains
        (("432.00", "4.32"), ["t11", "t12"]),
        (("430.00", "4.30"), []),
        (("4321.00", "4321.00", "43.21"), ["t13"]),  # what agrees with a third form is right
        (("4321.00", "4321.01", "43.21"), ["t13"]),
        (("4321.00", "4321.02", "43.21"), ["t11", "t13"]),
        (("4321.00", "43.21", "432.10"), []),  # which of them is right is open
    ],
)
def test_a_figure_with_the_digits_of_another_forms_is_off_by_up_to_four_powers_of_ten(amounts: tuple[str, ...], asked: list[str]) -> None:
    forms = [alone(f"t{number}", amount) for number, amount in enumerate(amounts, 11)]
    assert sorted(finding.evidence[0].table for finding in plausibility(checked(*papers(), *forms))) == asked


def test_two_figures_of_one_project_are_compared_and_those_of_two_are_not() -> None:
    assert (
        len(plausibility(checked(*papers(), alone("t11", "4321.00", project="河道清淤"), alone("t12", "43.21", project="河道清淤")))) == 2
    )
    assert not plausibility(checked(*papers(), alone("t11", "4321.00", project="河道清淤"), alone("t12", "43.21", project="路面修补")))


def test_figures_of_one_form_of_no_name_or_of_unknown_unit_are_not_compared() -> None:
    lines = (function("2080505", "4321.00"), function("2080505", "43.21"))
    assert not plausibility(checked(*papers(), Paper("t11", "assets", [Block("function", ("金额=other",), lines)])))
    unnamed = [
        Paper(f"t{n}", "assets", [Block("mixed", ("金额=other",), (item("某物", amount),))])
        for n, amount in ((11, "4321.00"), (12, "43.21"))
    ]
    assert not plausibility(checked(*papers(), *unnamed))
    assert not plausibility(checked(*papers(), alone("t11", "4321.00"), alone("t12", "43210.00", unit=None)))
    assert not plausibility(checked(*papers(), alone("t11", "43210.00", unit=None), alone("t12", "4321.00", unit=None)))


def test_a_form_whose_unit_is_in_doubt_is_no_measure_for_others() -> None:
    lines = (function("2210201", "1.2345"),)
    off = Paper("t11", "assets", [Block("function", ("金额=other",), lines)], precision=4, title="某表")
    found = plausibility(checked(*papers(units=("万元", "元", "万元")), off))
    assert sorted((str(finding.code), finding.evidence[0].table) for finding in found) == [
        ("plausibility.magnitude", "t11"),
        ("plausibility.unit", "t2"),
    ]
