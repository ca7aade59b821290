"""Roll-ups along printed codes, leading units, economic lists side by side."""

from __future__ import annotations

import pytest
from msgspec import structs
from validator_documents import (
    Block,
    Line,
    Paper,
    by_function,
    checked,
    document,
    economic,
    errors,
    function,
    item,
    statuses,
    total,
    warnings,
)

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.proposal import Bundle
from services.validator.domain.sheet import read_book
from services.validator.domain.stubs import code_axis, code_bundles, plain_units
from shared.contracts.normalized import ListKind, Row

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


def rows_of(*coded: str, role: str = "item", axis: str = "function") -> list[Row]:
    """Rows that carry a code, or none where it is empty."""
    (form,) = document(one_column(*(item("某科目", "1.00", role=role, **({axis: code} if code else {})) for code in coded))).forms
    return list(form.lists[0].rows)


def one_column(*lines: Line, table: str = "t1", form: str = "expenditure_summary", kind: ListKind = "function") -> Paper:
    return Paper(table, form, [Block(kind, ("合计=total",), lines)])


@pytest.mark.parametrize(
    ("rows", "axis"),
    [
        (rows_of("205", "206", "207", "", ""), "function"),
        (rows_of("205", "206", "", ""), None),
        (rows_of("301", "302", "303", "", "", axis="economic"), "economic"),
        (rows_of("501", "502", axis="gov_economic"), "gov_economic"),
        (rows_of("205", "206", role="subtotal"), "function"),
        (rows_of("205", "206", role="of_which"), "function"),
        (rows_of("205", "206", role="total"), None),
        ([*rows_of("205"), *rows_of("", "", role="unit"), *rows_of("", role="total")], "function"),
        ([*rows_of("205"), *rows_of("301", "302", "303", axis="economic")], "economic"),
        ([*rows_of("205", "206"), *rows_of("301", "302", axis="economic")], None),
        ([], None),
    ],
)
def test_a_list_is_read_by_the_codes_that_most_of_its_items_carry(rows: list[Row], axis: str | None) -> None:
    assert code_axis(rows) == axis


def sums(bundles: list[Bundle]) -> list[str]:
    """What is proposed, as "rule basis target = terms" by rows and columns."""
    told = []
    for bundle in bundles:
        for one in bundle.equations:
            assert {sign for _, sign in one.terms} <= {1}
            terms = " + ".join(term.id.partition("/")[2] for term, _ in one.terms)
            told.append(f"{bundle.identity.id.removeprefix('rollup.')} {bundle.basis} {one.target.id.partition('/')[2]} = {terms}")
    return told


def proposed(paper: Paper) -> list[str]:
    (sheet,) = read_book(document(paper)).sheets
    return sums(code_bundles(sheet, load_rules())[0])


def read(paper: Paper) -> set[int]:
    (sheet,) = read_book(document(paper)).sheets
    return code_bundles(sheet, load_rules())[1]


def code(number: str, amount: str = "1.00") -> Line:
    return function(number, amount)


def unit(label: str, amount: str = "1.00") -> Line:
    return item(label, amount, role="unit")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            (code("205"), code("20501"), code("2050101"), code("2050102"), total("1.00")),
            ["function.class codes 0/1 = 1/1", "function.section codes 1/1 = 2/1 + 3/1", "function.total codes 4/1 = 0/1"],
        ),
        # An item hangs below its class where its section is not printed.
        ((code("205"), code("2050101"), code("20502")), ["function.class codes 0/1 = 1/1 + 2/1"]),
        ((total("1.00"), code("2050101"), code("20502")), ["function.total codes 0/1 = 1/1 + 2/1"]),
        # A blank cell stands for what is below it.
        ((total("1.00"), code("205", ""), code("20501"), code("20502")), ["function.total codes 0/1 = 2/1 + 3/1"]),
        ((total("1.00", role="grand_total"), code("205")), ["function.total codes 0/1 = 1/1"]),
        # Each of several totals is checked; a total that carries a code is a row of it.
        ((total("1.00"), code("205"), total("1.00")), ["function.total codes 0/1 = 1/1", "function.total codes 2/1 = 1/1"]),
        (
            (Line("教育支出合计", ("1.00",), role="total", function="205"), code("20501"), code("20502")),
            ["function.class codes 0/1 = 1/1 + 2/1"],
        ),
        # A code that the normaliser found by its name tells less than one that is printed.
        ((code("205"), Line("小学教育", ("1.00",), function="20502", printed=False)), ["function.class layout 0/1 = 1/1"]),
        ((total("1.00"), Line("教育", ("1.00",), function="205", printed=False)), ["function.total layout 0/1 = 1/1"]),
        ((code("205"), code("20501"), code("205")), []),
    ],
)
def test_codes_tell_what_adds_up_to_what(lines: tuple[Line, ...], told: list[str]) -> None:
    assert proposed(one_column(*lines)) == told


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        # The only unit, and the department above it, repeat the total; or the department is the sum of its units.
        ((total("1.00"), unit("甲"), code("205")), ["function.total codes 0/1 = 2/1", "unit layout 1/1 = 0/1"]),
        (
            (total("1.00"), unit("局"), unit("甲"), code("205")),
            [
                "function.total codes 0/1 = 3/1",
                "unit layout 1/1 = 0/1",
                "unit layout 2/1 = 0/1",
                "unit guess 0/1 = 1/1 + 2/1",
                "unit guess 1/1 = 2/1",
            ],
        ),
        ((unit("甲"), code("205")), ["function.total codes 0/1 = 1/1"]),
        (
            (unit("局"), unit("甲"), code("205"), unit("乙"), code("206")),
            ["function.total codes 1/1 = 2/1", "function.total codes 3/1 = 4/1"],
        ),
        (
            (total("1.00"), unit("局"), unit("甲"), code("205"), unit("乙"), code("205"), unit("丙")),
            [
                "function.total codes 0/1 = 3/1 + 5/1",
                "function.total codes 2/1 = 3/1",
                "function.total codes 4/1 = 5/1",
                "unit layout 0/1 = 2/1 + 4/1 + 6/1",
                "unit layout 1/1 = 2/1 + 4/1 + 6/1",
            ],
        ),
    ],
)
def test_rows_of_units_own_what_follows_them(lines: tuple[Line, ...], told: list[str]) -> None:
    assert proposed(one_column(*lines)) == told


def test_units_of_a_list_without_codes_repeat_its_total() -> None:
    (sheet,) = read_book(document(one_column(total("1.00"), unit("甲"), unit("乙"), kind="unit"))).sheets
    told = sums(plain_units(sheet, sheet.lists[0], load_rules()))
    assert told == ["unit layout 1/1 = 0/1", "unit layout 2/1 = 0/1", "unit guess 0/1 = 1/1 + 2/1", "unit guess 1/1 = 2/1"]
    (sheet,) = read_book(document(one_column(total("1.00"), code("205")))).sheets
    assert plain_units(sheet, sheet.lists[0], load_rules()) == []


def test_a_code_that_the_head_of_a_list_prints_is_printed() -> None:
    made = document(one_column(code("205"), code("20502")))
    (form,) = made.forms
    for source, basis in (("header", "codes"), ("printed", "codes"), ("name", "layout"), ("none", "layout")):
        rows = tuple(structs.replace(row, code_from=source) for row in form.lists[0].rows)
        forms = (structs.replace(form, lists=(structs.replace(form.lists[0], rows=rows),)),)
        (sheet,) = read_book(structs.replace(made, forms=forms)).sheets
        assert sums(code_bundles(sheet, load_rules())[0]) == [f"function.class {basis} 0/1 = 1/1"]


def test_a_list_of_few_codes_and_one_of_words_are_not_read_by_codes() -> None:
    assert read(one_column(total("1.00"), code("205"))) == {0}
    assert read(one_column(total("1.00"), item("教育", "1.00"))) == set()
    assert read(one_column(total("1.00", role="year_total"), code("205"))) == set()
    assert read(one_column(code("205"), code("205"))) == set()


def beside(*blocks: tuple[str, tuple[Line, ...]], heads: tuple[str, ...] = ("金额=amount",)) -> Paper:
    return Paper("t1", "basic_by_economic", [Block(kind, heads, lines) for kind, lines in blocks])  # type: ignore[arg-type]


PEOPLE, GOODS = (economic("301", "1.00"), economic("303", "1.00")), (economic("302", "1.00"), economic("310", "1.00"))


@pytest.mark.parametrize(
    ("label", "terms"),
    [
        ("人员经费合计", "0/1 + 1/1"),
        ("公用经费合计", "0/3 + 1/3"),
        ("日常公用经费小计", "0/3 + 1/3"),
        ("合计", "0/1 + 1/1 + 0/3 + 1/3"),
    ],
)
def test_a_total_of_lists_side_by_side_sums_the_classes_that_it_names(label: str, terms: str) -> None:
    paper = beside(("economic", PEOPLE), ("economic", (*GOODS, total("1.00", label=label))))
    assert proposed(paper) == [f"economic.parts codes 2/3 = {terms}"]
    assert read(paper) == {0, 1}


def test_only_economic_lists_of_one_column_are_read_as_one() -> None:
    whole = total("1.00")
    other = proposed(beside(("economic", (*PEOPLE, whole)), ("function", (code("205"), whole))))
    assert other == ["economic.total codes 2/1 = 0/1 + 1/1", "function.total codes 1/3 = 0/3"]
    three = beside(("economic", PEOPLE), ("function", (code("205"), whole)), ("economic", (*GOODS, whole)))
    assert proposed(three) == ["economic.parts codes 2/5 = 0/1 + 1/1 + 0/5 + 1/5", "function.total codes 1/3 = 0/3"]
    assert read(three) == {0, 1, 2}
    ended = beside(("economic", (*PEOPLE, total("1.00", role="grand_total"))), ("economic", (*GOODS, whole)))
    assert proposed(ended) == ["economic.total codes 2/1 = 0/1 + 1/1", "economic.total codes 2/3 = 0/3 + 1/3"]
    two = tuple(Line(line.label, ("1.00", "1.00"), economic=line.economic, role=line.role) for line in (*PEOPLE, whole))
    wide = beside(("economic", two), ("economic", two), heads=("金额=amount", "其中=other"))
    assert {line.split()[0] for line in proposed(wide)} == {"economic.total"}


def test_a_list_beside_others_without_a_column_of_money_adds_nothing() -> None:
    blank = tuple(Line(line.label, (), economic=line.economic) for line in PEOPLE)
    paper = Paper("t1", "basic_by_economic", [Block("economic", (), blank), Block("economic", ("金额=amount",), (*GOODS, total("2.00")))])
    assert proposed(paper) == ["economic.parts codes 2/2 = 0/2 + 1/2"]
