"""Roll-ups along printed codes, leading units, economic lists side by side."""

from __future__ import annotations

from validator_documents import Block, Paper, by_function, checked, economic, errors, function, item, statuses, total, warnings

CLASS, SECTION, TOTAL, UNIT = "rollup.function.class", "rollup.function.section", "rollup.function.total", "rollup.unit"

LINES = (
    total("90.00", "60.00", "30.00"),
    function("208", "70.00", "40.00", "30.00"),
    function("20801", "50.00", "20.00", "30.00"),
    function("2080101", "20.00", "20.00", ""),
    function("2080109", "30.00", "", "30.00"),
    function("20805", "20.00", "20.00", ""),
    function("2080505", "20.00", "20.00", ""),
    function("221", "20.00", "20.00", ""),
    function("22102", "20.00", "20.00", ""),
    function("2210201", "20.00", "20.00", ""),
)


def changed(row: int, *amounts: str) -> tuple[object, ...]:
    lines = list(LINES)
    code = lines[row].function
    lines[row] = function(code, *amounts) if code else total(*amounts)
    return tuple(lines)


def test_every_level_ties() -> None:
    result = checked(by_function(*LINES))
    assert set(statuses(result, CLASS) + statuses(result, SECTION) + statuses(result, TOTAL)) == {"exact"}
    assert result.verdict == "consistent"
    assert result.coverage.untied == 0


def test_rows_may_stand_in_any_order_and_the_total_last() -> None:
    result = checked(by_function(*LINES[7:], *LINES[1:7], LINES[0]))
    assert result.counts.failed == result.counts.not_assessable == 0
    assert statuses(result, TOTAL) == ["exact"] * 3


def test_where_only_items_are_printed_they_are_the_summands() -> None:
    result = checked(by_function(LINES[0], LINES[3], LINES[4], LINES[6], LINES[9]))
    assert statuses(result, TOTAL) == ["exact"] * 3


def test_a_mistyped_item_is_found_with_its_right_value() -> None:
    (error,) = errors(checked(by_function(*changed(4, "38.00", "", "30.00"))))
    assert error.evidence[0].fact == "t1/4/1"
    assert error.diagnosis is not None
    assert error.diagnosis.suggested == "30.00"
    assert error.code == "sum.mismatch"


def test_a_difference_by_rounding_is_no_error() -> None:
    result = checked(by_function(*changed(5, "20.01", "20.00", "")))
    assert not errors(result)
    assert result.verdict == "consistent_within_rounding"
    assert [(finding.code, finding.severity) for finding in result.findings if finding.checks] == [("sum.rounding", "info")]


def test_a_class_whose_sections_are_blank_is_not_assessable() -> None:
    lines = (total("20.00", "20.00", ""), function("221", "20.00", "20.00", ""), function("22102", "", "", ""))
    assert set(statuses(checked(by_function(*lines)), CLASS)) == {"not_assessable"}


def test_rows_of_a_leading_unit_repeat_the_total_and_are_no_summands() -> None:
    units = (item("某某局", "90.00", "60.00", "30.00", role="unit"), item("某某中心", "90.00", "60.00", "30.00", role="unit"))
    result = checked(by_function(LINES[0], *units, *LINES[1:]))
    assert statuses(result, UNIT) == ["exact"] * 6
    assert statuses(result, TOTAL) == ["exact"] * 3


def test_several_units_add_up_to_the_total() -> None:
    first = (item("甲中心", "20.00", "20.00", "", role="unit"), function("221", "20.00", "20.00", ""))
    second = (
        item("乙中心", "70.00", "40.00", "30.00", role="unit"),
        function("208", "50.00", "20.00", "30.00"),
        function("221", "20.00", "20.00", ""),
    )
    result = checked(by_function(LINES[0], *first, *second))
    assert statuses(result, UNIT, "t1/0/1") == ["exact"]
    assert statuses(result, TOTAL, "t1/3/1") == ["exact"]
    assert result.counts.failed == 0


def test_a_row_that_is_missing_from_several_columns_is_a_question_and_no_error() -> None:
    result = checked(by_function(*LINES[:4], *LINES[5:]))
    assert not errors(result)
    assert [finding.code for finding in warnings(result)] == ["structure.unclear"]


ECONOMIC = "rollup.economic.class"


def side_by_side(wages: str = "30.00", personnel: str = "34.00") -> Paper:
    people = (
        economic("301", wages),
        economic("30101", "20.00"),
        economic("30102", "10.00"),
        economic("303", "4.00"),
        economic("30302", "4.00"),
    )
    goods = (economic("302", "5.00"), economic("30201", "5.00"), economic("310", "2.00"), economic("31002", "2.00"))
    blocks = [
        Block("economic", ("人员经费/决算数=amount",), (*people, total(personnel, label="人员经费合计"))),
        Block("economic", ("公用经费/决算数=amount",), (*goods, total("7.00", label="公用经费合计"))),
    ]
    return Paper("t1", "basic_by_economic", blocks)


def test_economic_lists_side_by_side_have_totals_of_personnel_and_of_public_funds() -> None:
    result = checked(side_by_side())
    assert statuses(result, ECONOMIC) == ["exact"] * 4
    assert statuses(result, "rollup.economic.parts") == ["exact", "exact"]


def test_a_class_that_fails_above_and_below_is_pinned() -> None:
    (error,) = errors(checked(side_by_side(wages="38.00")))
    assert error.evidence[0].fact == "t1/0/1"
    assert error.diagnosis is not None
    assert error.diagnosis.suggested == "30.00"


def test_a_code_printed_twice_in_one_section_makes_no_tree() -> None:
    result = checked(by_function(*LINES, function("208", "1.00", "1.00", "")))
    assert not statuses(result, CLASS)
    assert not errors(result)
