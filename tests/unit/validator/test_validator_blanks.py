"""Figures left blank: what sums say that a blank cell has to print, and blanks that mean nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, by_function, checked, document, errors, function, total, warnings

from services.validator.adapters.rules_files import load_rules
from services.validator.domain import blank_edits
from services.validator.domain.repairs import find_repairs
from services.validator.domain.sheet import Book, read_book
from services.validator.domain.structure import Judged, choose_readings
from services.validator.domain.validate import propose, validate
from shared.contracts.validated import Finding, Validated

WHOLE = (
    total("160.00", "90.00", "70.00"),
    function("208", "120.00", "80.00", "40.00"),
    function("20801", "100.00", "65.00", "35.00"),
    function("2080101", "60.00", "25.00", "35.00"),
    function("2080102", "40.00", "40.00", ""),
    function("20808", "20.00", "15.00", "5.00"),
    function("2080802", "20.00", "15.00", "5.00"),
    function("221", "40.00", "10.00", "30.00"),
    function("22102", "40.00", "10.00", "30.00"),
    function("2210201", "40.00", "10.00", "30.00"),
)


def without(row: int, col: int, lines: tuple[Line, ...] = WHOLE) -> list[Line]:
    """The rows with one blank more."""
    made = list(lines)
    amounts = list(made[row].amounts)
    amounts[col] = ""
    made[row] = Line(made[row].label, amounts, role=made[row].role, function=made[row].function, line=made[row].line)
    return made


def suggested(finding: Finding) -> str | None:
    """What the finding says that the cell should print."""
    assert finding.diagnosis is not None
    return finding.diagnosis.suggested


def test_the_document_as_it_is_has_no_blank_to_speak_of() -> None:
    result = checked(by_function(*WHOLE))
    assert not errors(result)
    assert not warnings(result)


@pytest.mark.parametrize(("row", "col", "amount"), [(3, 1, "25.00"), (6, 2, "5.00"), (9, 2, "30.00"), (1, 1, "80.00"), (5, 2, "5.00")])
def test_a_blank_part_that_its_row_and_its_column_lack_alike_is_one_error_with_its_amount(row: int, col: int, amount: str) -> None:
    (error,) = errors(checked(by_function(*without(row, col))))
    assert error.diagnosis is not None
    assert (error.diagnosis.cause, error.diagnosis.fact, error.diagnosis.suggested) == ("unknown", None, amount)
    label = f"科目{WHOLE[row].function}"
    assert f"“{label}”" in error.message.zh
    assert f"为空白，按勾稽关系应为 {amount} 万元，可能漏填" in error.message.zh
    assert f"is blank; by the sums it should be {amount} (10,000 yuan)" in error.message.en


@pytest.mark.parametrize(("row", "col", "amount"), [(0, 0, "160.00"), (1, 0, "120.00"), (2, 0, "100.00")])
def test_the_only_blank_total_of_its_kind_is_asked_about(row: int, col: int, amount: str) -> None:
    """Nothing that is printed is impossible, so that nobody is accused."""
    result = checked(by_function(*without(row, col)))
    assert not errors(result)
    (warning,) = warnings(result)
    assert suggested(warning) == amount
    assert warning.evidence


def test_totals_that_are_blank_by_the_form_s_design_are_not_asked_about() -> None:
    lines = list(WHOLE)
    for row in (1, 2, 5, 7, 8):  # no class and no section prints its total
        lines = without(row, 0, tuple(lines))
    result = checked(by_function(*lines))
    assert not errors(result)
    assert not [one for one in warnings(result) if "空白" in one.message.zh]


def test_a_total_beside_its_only_part_is_not_taken_for_the_part_in_the_wrong_column() -> None:
    """2080102 prints 40.00 as its total; its basic expenditure, the same amount, is blank."""
    (error,) = errors(checked(by_function(*without(4, 1))))
    assert error.diagnosis is not None
    assert (error.diagnosis.cause, suggested(error)) == ("unknown", "40.00")
    assert "基本支出" in error.message.zh


def test_in_a_scan_a_blank_is_asked_about_since_a_figure_may_have_been_overlooked() -> None:
    made = document(by_function(*without(3, 1)))
    scanned = structs.replace(made, facts=tuple(structs.replace(fact, origin="image") for fact in made.facts))
    assert errors(validate(made, load_rules()))
    result = validate(scanned, load_rules())
    assert not errors(result)
    assert [suggested(one) for one in warnings(result) if "空白" in one.message.zh] == ["25.00"]


def summary(*amounts: str) -> Paper:
    """A form of one column that lists classes: 合计, 教育, 社会保障, 住房."""
    lines = [total(amounts[0], line="expenditure_total")]
    lines += [function(code, amount) for code, amount in zip(("205", "208", "221"), amounts[1:], strict=True)]
    return Paper("t2", "general_budget_expenditure", [Block("function", ("合计=total",), lines)], scope="all")


def both(*amounts: str) -> Validated:
    """The forms of WHOLE and of classes, which speak of the same money."""
    return checked(by_function(*WHOLE, scope="all", form="expenditure_summary"), summary(*amounts))


def test_a_row_that_is_blank_altogether_takes_what_another_form_prints_under_its_code() -> None:
    assert not errors(both("160.00", "", "120.00", "40.00"))
    (error,) = errors(both("160.00", "", "120.00", ""))
    assert suggested(error) == "40.00"
    assert "科目221" in error.message.zh  # and not 205, which is blank too
    assert {evidence.table for evidence in error.evidence} == {"t1", "t2"}


def test_a_total_that_stands_once_for_lists_side_by_side_is_not_missing_in_the_others() -> None:
    left = [
        function("208", "120.00"),
        function("221", "40.00"),
        total("", label="本年支出合计", role="year_total", line="year_expenditure_total"),
    ]
    right = [
        Line("工资福利支出", ["100.00"], economic="301"),
        Line("商品和服务支出", ["60.00"], economic="302"),
        total("160.00", label="本年支出合计", role="year_total", line="year_expenditure_total"),
    ]
    paper = Paper(
        "t1", "income_expenditure_summary", [Block("function", ("金额=amount",), left), Block("economic", ("金额=amount",), right)]
    )
    result = checked(paper)
    assert not [one for one in result.findings if "空白" in one.message.zh]


def test_a_wrong_total_is_not_explained_by_a_blank_beside_it_that_some_other_total_would_fill() -> None:
    heads = ("合计=total", "基本支出=basic_expenditure", "项目支出=project_expenditure", "经营支出=operating_expenditure")
    lines = [Line(line.label, (*line.amounts, ""), role=line.role, function=line.function) for line in WHOLE]
    lines[0] = total("165.00", "90.00", "70.00", "", line="total")
    other = Paper(
        "t2", "government_fund_expenditure", [Block("function", ("合计=total",), [total("5.00", line="total"), function("212", "5.00")])]
    )
    (error,) = errors(checked(Paper("t1", "expenditure_summary", [Block("function", heads, lines)]), other))
    assert error.diagnosis is not None
    assert (error.diagnosis.fact, error.diagnosis.suggested) == ("t1/0/1", "160.00")


def test_zeros_are_not_missed() -> None:
    lines = [total("50.00", "50.00", ""), function("208", "50.00", "50.00", "0.00"), function("20801", "50.00", "50.00", "0.00")]
    assert not [one for one in checked(by_function(*lines)).findings if "空白" in one.message.zh]


def test_where_more_cells_are_blank_than_can_be_meant_none_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blank_edits, "_MOST_CELLS", 0)
    assert not [one for one in checked(by_function(*without(3, 1))).findings if "空白" in one.message.zh]


def test_what_a_blank_should_print_has_the_digits_of_its_column() -> None:
    (error,) = errors(checked(by_function(*without(3, 1))))
    assert suggested(error) == "25.00"
    assert Decimal(suggested(error) or "") == 25


def judge(book: Book) -> list[Judged]:
    return choose_readings(propose(book, load_rules()))


def test_the_figure_that_is_put_in_has_the_codes_of_its_row_and_of_its_head() -> None:
    heads = ("合计=total", "办公费=class", "印刷费=class", "咨询费=class")
    lines = [
        total("90.00", "40.00", "30.00", "20.00"),
        function("208", "60.00", "30.00", "", "10.00"),
        function("221", "30.00", "10.00", "10.00", "10.00"),
    ]
    codes = {2: {"economic": "30201"}, 3: {"economic": "30202"}, 4: {"economic": "30203"}}
    book = read_book(document(Paper("t1", "expenditure_by_economic", [Block("function", heads, lines)], changes=codes)))
    repairs, _ = find_repairs(book, judge(book), judge)
    blanks = [repair.edit.blank.fact for repair in repairs if repair.edit.blank]
    assert [(fact.function, fact.economic, fact.measure, str(fact.amount)) for fact in blanks] == [("208", "30202", "class", "20.00")]
