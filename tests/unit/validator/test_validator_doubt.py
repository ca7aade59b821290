"""What we may have misunderstood becomes a question: each test is a way in which our own reading of a form goes wrong."""

from __future__ import annotations

import msgspec
from validator_documents import Block, Paper, by_function, checked, document, errors, function, item, total, warnings

from services.validator.adapters.rules_files import load_rules
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
    return validate(msgspec.structs.replace(made, forms=(msgspec.structs.replace(form, columns=tuple(columns)), *made.forms[1:])), load_rules())


def test_a_row_whose_code_was_not_recognised_accuses_nobody() -> None:
    result = with_row(document(by_function(*LINES)), 4, function=None, code_from="none")
    assert not errors(result)
    assert warnings(result)


def test_a_row_taken_for_a_unit_accuses_nobody() -> None:
    assert not errors(with_row(document(by_function(*LINES)), 4, role="unit", function=None))


def test_a_row_taken_for_text_accuses_nobody_since_the_difference_is_its_figure() -> None:
    single = Paper("t1", "projects", [Block("project", ("金额=amount",), (total("24.00"), *(item(f"项目{n}", f"{n}.00") for n in (7, 8, 9))))])
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
