"""What we may have misunderstood becomes a question: each test is a way in which our own reading of a form goes wrong."""

from __future__ import annotations

import msgspec
import pytest
from validator_documents import Block, Paper, by_function, checked, document, errors, function, item, total, warnings

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.doubts import is_text, read_with_doubt
from services.validator.domain.sheet import figure_of
from services.validator.domain.validate import validate
from shared.contracts.normalized import Column, Normalized, Row
from shared.contracts.validated import Validated

LINES = (
    total("93.00", "61.00", "32.00"),
    function("208", "73.00", "41.00", "32.00"),
    function("20801", "52.00", "20.00", "32.00"),
    function("2080101", "20.00", "20.00", ""),
    function("2080109", "32.00", "", "32.00"),
    function("20805", "21.00", "21.00", ""),
    function("2080505", "21.00", "21.00", ""),
    function("221", "20.00", "20.00", ""),
    function("22102", "20.00", "20.00", ""),
    function("2210201", "20.00", "20.00", ""),
)


def with_row(made: Normalized, row: int, **changes: object) -> Validated:
    """The document with another reading of one row of its first list."""
    form = made.forms[0]
    rows: list[Row] = [msgspec.structs.replace(one, **changes) if one.row == row else one for one in form.lists[0].rows]
    lists = (msgspec.structs.replace(form.lists[0], rows=tuple(rows)), *form.lists[1:])
    forms = (msgspec.structs.replace(form, lists=lists), *made.forms[1:])
    return validate(msgspec.structs.replace(made, forms=forms), load_rules())


def with_column(made: Normalized, col: int, **changes: object) -> Validated:
    """The document with another reading of one column of its first form."""
    form = made.forms[0]
    columns: list[Column] = [msgspec.structs.replace(one, **changes) if one.col == col else one for one in form.columns]
    return validate(
        msgspec.structs.replace(made, forms=(msgspec.structs.replace(form, columns=tuple(columns)), *made.forms[1:])), load_rules()
    )


def test_a_row_whose_code_was_not_recognised_accuses_nobody() -> None:
    result = with_row(document(by_function(*LINES)), 4, function=None, code_from="none")
    assert not errors(result)
    assert warnings(result)


def test_a_row_taken_for_a_unit_accuses_nobody() -> None:
    assert not errors(with_row(document(by_function(*LINES)), 4, role="unit", function=None))


def test_a_row_taken_for_text_accuses_nobody_since_the_difference_is_its_figure() -> None:
    single = Paper(
        "t1", "projects", [Block("project", ("金额=amount",), (total("24.00"), *(item(f"项目{n}", f"{n}.00") for n in (7, 8, 9))))]
    )
    assert not errors(with_row(document(single), 2, role="text"))


def test_a_column_taken_for_text_accuses_nobody() -> None:
    result = with_column(document(by_function(*LINES)), 3, money=False)
    assert not errors(result)


def test_a_form_of_unknown_kind_is_asked_about_by_layout_alone() -> None:
    lines = (total("30.00"), item("甲", "10.00"), item("乙", "19.00"))
    blocks = [Block("mixed", ("金额=amount",), lines)]
    assert not errors(checked(Paper("t1", None, blocks), Paper("t2", None, blocks)))


def test_a_sum_whose_figures_are_all_confirmed_elsewhere_lacks_a_row_and_is_a_question() -> None:
    made = document(by_function(*LINES[:7], total("93.00", "61.00", "32.00")))
    assert not errors(validate(made, load_rules()))


def test_the_rest_of_a_table_that_was_not_joined_accuses_nobody() -> None:
    made = (by_function(*LINES[:7]), by_function(*LINES[7:], table="t2", form="expenditure_summary"))
    assert not errors(checked(*made))


def test_a_slip_is_an_error_in_spite_of_all_this() -> None:
    wrong = (*LINES[:4], function("2080109", "32.00", "", "23.00"), *LINES[5:])
    (error,) = errors(checked(by_function(*wrong)))
    assert error.evidence[0].fact == "t1/4/3"


def test_a_column_filed_outside_its_group_accuses_nobody_though_two_totals_break_alike() -> None:
    heads = ("合计=total", "甲/小计=subtotal", "甲/一=class", "甲/二=class", "乙/小计=subtotal", "乙/三=class", "乙/四=class")
    lines = (
        total("100.00", "60.00", "47.00", "13.00", "40.00", "15.00", "25.00"),
        function("208", "50.00", "31.00", "18.00", "13.00", "19.00", "8.00", "11.00"),
        function("210", "20.00", "11.00", "11.00", "", "9.00", "2.00", "7.00"),
        function("221", "16.00", "10.00", "10.00", "", "6.00", "1.00", "5.00"),
        function("229", "14.00", "8.00", "8.00", "", "6.00", "4.00", "2.00"),
    )
    made = document(Paper("t1", "expenditure_by_gov_economic", [Block("function", heads, lines)]))
    assert not errors(validate(made, load_rules()))
    assert not errors(with_column(made, 4, path=("二",)))


def test_forms_that_differ_by_the_unit_alone_accuse_nobody() -> None:
    lines = (
        total("40.00"),
        item("档案", "10.00", project="档案"),
        item("宣传", "21.00", project="宣传"),
        item("稽核", "9.00", project="稽核"),
    )
    goals = [
        Paper(
            f"t{number}",
            "project_performance",
            [Block("project", ("资金总额=performance_funds",), (item(name, text, project=name),))],
            unit=unit,
        )
        for number, (name, text, unit) in enumerate((("档案", "10.00", "元"), ("宣传", "21.00", "万元"), ("稽核", "9.00", "万元")), start=2)
    ]
    result = checked(Paper("t1", "projects", [Block("project", ("金额=amount",), lines)]), *goals)
    assert not errors(result)
    (warning,) = warnings(result)
    assert warning.code == "plausibility.unit"
    assert "正好相差 1 万倍" in warning.message.zh


def test_a_neighbour_of_the_same_kind_without_a_total_may_be_the_rest_of_the_form() -> None:
    wages = (total("30.00", "30.00"), item("补助", "10.00", "10.00"), item("津贴", "12.00", "20.00"))
    rest = (item("奖励", "5.00", ""), item("慰问", "3.00", ""))
    heads = ("金额=amount", "批复=amount")
    cut = Paper("t1", "projects", [Block("project", heads, wages)])
    assert errors(checked(cut))
    assert not errors(checked(cut, Paper("t2", "projects", [Block("project", heads, rest)])))


def test_parts_that_may_be_one_form_accuse_nobody_by_their_sums() -> None:
    heads = ("金额=amount", "批复=amount")
    first = (total("30.00", "30.00"), item("补助", "10.00", "10.00"), item("津贴", "12.00", "20.00"))
    second = (item("奖励", "5.00", ""), item("慰问", "3.00", ""), total("30.00", "30.00"))
    made = document(Paper("t1", "projects", [Block("project", heads, first)]), Paper("t2", "projects", [Block("project", heads, second)]))
    assert errors(validate(made, load_rules()))
    result = validate(_in_parts(made), load_rules())
    (finding,) = warnings(result)
    assert (finding.code, len(finding.checks)) == ("form.apart", 2)
    assert {check.status for check in result.checks if check.id in finding.checks} == {"not_assessable"}
    assert not errors(result)


def test_parts_whose_sums_hold_need_no_word() -> None:
    first = by_function(total("20.00", "20.00", ""), function("205", "20.00", "20.00", ""), table="t1")
    second = by_function(function("206", "5.00", "5.00", ""), table="t2")
    assert not warnings(validate(_in_parts(document(first, second)), load_rules()))


def test_a_row_of_a_part_that_does_not_add_up_is_an_error() -> None:
    rows = [function(f"2010{number}", f"{number + 4}.00", f"{number + 1}.00", "3.00") for number in range(1, 6)]
    first = by_function(total("99.00", "96.00", "3.00"), *rows, table="t2")
    second = by_function(function("202", "18.00", "3.00", "5.00"), function("203", "7.00", "3.00", "4.00"), table="t3")
    found = errors(validate(_in_parts(document(first, second)), load_rules()))
    assert [error.evidence[0].fact for error in found] == ["t3/0/1"]


def _in_parts(made: Normalized) -> Normalized:
    """The document with its last form a part of the one before, perhaps."""
    *others, first, second = made.forms
    return msgspec.structs.replace(made, forms=(*others, first, msgspec.structs.replace(second, continues=first.table)))


def test_one_figure_printed_twice_with_two_digits_swapped_is_an_error() -> None:
    lines = (item("拨款", "9101.76"), total("9107.16", role="grand_total", label="收入总计"))
    spent = (item("一般公共服务", "9107.16"), total("9107.16", role="grand_total", label="支出总计"))
    (error,) = errors(
        checked(Paper("t1", "fiscal_summary", [Block("income", ("金额=amount",), lines), Block("mixed", ("金额=amount",), spent)]))
    )
    assert error.evidence[0].fact == "t1/0/1"


def test_a_form_without_unit_and_a_form_of_no_kind_are_named() -> None:
    nothing = Paper("t2", None, [Block("mixed", ("人数=other",), (item("甲", "1.00"), item("乙", "2.00")))])
    result = checked(by_function(*LINES, unit=None), nothing)
    assert [finding.code for finding in warnings(result)] == ["unit.missing", "form.unread"]


def test_a_form_taken_for_one_of_income_accuses_nobody_by_its_total_alone() -> None:
    income = (item("拨款", "70.00"), item("事业", "5.00"), total("75.00", role="year_total", line="year_income_total"))
    summary = Paper("t1", "income_expenditure_summary", [Block("income", ("金额=amount",), income)])
    other = Paper("t2", "income_summary", [Block("unit", ("合计=total", "甲=class"), (total("31.00", "31.00"),))])
    assert not errors(checked(summary, other))


@pytest.mark.parametrize(
    ("origin", "confidence", "doubted"),
    [("image", 0.89, True), ("image", 0.9, False), ("image", 0.7, True), ("text", 0.64, True), ("text", 0.65, False), ("text", 0.7, False)],
)
def test_a_figure_of_an_image_is_doubted_sooner_than_one_of_the_files_own_text(origin: str, confidence: float, doubted: bool) -> None:
    (fact, *_) = document(by_function(*LINES)).facts
    figure = figure_of(msgspec.structs.replace(fact, confidence=confidence, **({"origin": "image"} if origin == "image" else {})))
    assert is_text(figure) is (origin == "text")
    assert read_with_doubt(figure) is doubted


@pytest.mark.parametrize(
    ("wrong", "right", "accused"), [("12.34", "13.24", True), ("1.234", "1.324", True), ("123", "132", False), ("1.23", "1.32", False)]
)
def test_two_figures_of_four_digits_that_differ_by_one_slip_were_meant_to_be_equal(wrong: str, right: str, accused: bool) -> None:
    income = (item("拨款", wrong), total(right, role="grand_total", label="收入总计"))
    spent = (item("一般公共服务", right), total(right, role="grand_total", label="支出总计"))
    blocks = [Block("income", ("金额=amount",), income), Block("mixed", ("金额=amount",), spent)]
    places = len(right.partition(".")[2])
    found = [error.evidence[0].fact for error in errors(checked(Paper("t1", "fiscal_summary", blocks, precision=places)))]
    assert found == (["t1/0/1"] if accused else [])
