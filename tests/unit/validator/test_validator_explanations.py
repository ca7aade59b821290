"""Explanations of what does not tie out: the figure that is wrong, other candidates, rows and columns at fault."""

from __future__ import annotations

import pytest
from validator_documents import Block, Line, Paper, by_function, checked, document, errors, function, item, total, warnings

from services.validator.adapters.rules_files import load_rules
from services.validator.domain import explanations
from services.validator.domain.explanations import group_failures
from services.validator.domain.failures import Confirmations
from services.validator.domain.settling import settle
from services.validator.domain.sheet import read_book
from services.validator.domain.structure import choose_readings
from services.validator.domain.surroundings import Surroundings
from services.validator.domain.tieout_graph import graph_of
from services.validator.domain.validate import propose
from shared.contracts.validated import Diagnosis, Finding

LINES = (
    total("1290.00", "960.00", "330.00"),
    function("208", "1070.00", "740.00", "330.00"),
    function("20801", "1070.00", "740.00", "330.00"),
    function("2080101", "740.00", "740.00", ""),
    function("2080109", "330.00", "", "330.00"),
    function("221", "220.00", "220.00", ""),
    function("22102", "220.00", "220.00", ""),
    function("2210201", "220.00", "220.00", ""),
)


def changed(place: int, line: Line) -> list[Line]:
    return [*LINES[:place], line, *LINES[place + 1 :]]


def diagnosis(finding: Finding) -> Diagnosis:
    assert finding.diagnosis is not None
    return finding.diagnosis


def only(lines: list[Line], *more: Paper) -> Finding:
    (error,) = errors(checked(by_function(*lines), *more))
    return error


def test_sums_that_all_point_to_one_figure_give_its_value_and_cause() -> None:
    found = diagnosis(only(changed(2, function("20801", "1070.00", "470.00", "330.00"))))
    assert (found.fact, found.suggested, found.cause) == ("t1/2/2", "740.00", "digits_swapped")
    assert found.confidence > 0.9
    assert len(found.confirmed_by) > 1


def test_a_digit_left_out_and_one_put_in_are_told() -> None:
    assert diagnosis(only(changed(2, function("20801", "1070.00", "70.00", "330.00")))).cause == "digit_dropped"
    assert diagnosis(only(changed(2, function("20801", "1070.00", "7540.00", "330.00")))).cause == "digit_inserted"


def test_one_broken_sum_of_figures_that_nothing_else_holds_lists_candidates_and_suggests_nothing() -> None:
    lines = [total("60.00"), item("甲", "17.00"), item("乙", "22.00"), item("丙", "31.00")]
    paper = Paper("t1", "procurement", [Block("mixed", ("金额=amount",), lines)])
    (question,) = warnings(checked(paper))
    found = diagnosis(question)
    assert (found.fact, found.suggested, found.cause) == (None, None, "unknown")
    assert {one.fact for one in found.candidates} == {"t1/0/1", "t1/1/1", "t1/2/1", "t1/3/1"}
    assert [one.confidence for one in found.candidates] == sorted((one.confidence for one in found.candidates), reverse=True)


def test_two_errors_in_one_form_are_told_apart() -> None:
    lines = changed(2, function("20801", "1070.00", "470.00", "330.00"))
    lines[6] = function("22102", "220.00", "2200.00", "")
    found = {diagnosis(error).fact: diagnosis(error) for error in errors(checked(by_function(*lines)))}
    assert {fact: (one.suggested, one.cause) for fact, one in found.items()} == {
        "t1/2/2": ("740.00", "digits_swapped"),
        "t1/6/2": ("220.00", "zero_extra"),
    }


def test_a_row_printed_twice_is_named_not_the_sums_that_it_breaks() -> None:
    error = only([*LINES[:5], LINES[4], *LINES[5:]])
    assert (diagnosis(error).cause, diagnosis(error).fact) == ("row_duplicated", "t1/5/1")
    assert diagnosis(error).suggested is None
    assert "与上一行相同" in error.message.zh
    assert "repeats the one above" in error.message.en


def test_two_rows_alike_that_the_total_counts_both_are_right() -> None:
    lines = [total("50.00"), item("维修", "20.00"), item("维修", "20.00"), item("设备", "10.00")]
    paper = Paper("t1", "projects", [Block("project", ("金额=amount",), lines)])
    assert not errors(checked(paper))
    assert not warnings(checked(paper))


def test_a_whole_with_one_part_of_the_same_name_is_no_row_printed_twice() -> None:
    lines = [total("20.00"), item("一般公共预算资金", "20.00"), item("一般公共预算资金", "20.00", depth=1, parent=1)]
    result = checked(Paper("t1", "income_summary", [Block("mixed", ("金额=amount",), lines)]))
    assert not errors(result)
    assert not warnings(result)


def test_a_project_printed_twice_that_the_total_counts_once_is_a_question() -> None:
    lines = [
        total("30.00"),
        item("维修", "20.00", project="维修"),
        item("维修", "20.00", project="维修", depth=1, parent=1),
        item("设备", "10.00"),
    ]
    (question,) = warnings(checked(Paper("t1", "projects", [Block("project", ("金额=amount",), lines)])))
    assert diagnosis(question).cause == "row_duplicated"


def test_a_row_that_another_form_prints_is_missing_where_sums_lack_it() -> None:
    short = [line for line in LINES if line.function != "2080109"]
    error = only(short, by_function(*LINES, table="t2", form="general_budget_expenditure"))
    found = diagnosis(error)
    assert (found.cause, found.fact, found.suggested) == ("row_missing", None, None)
    assert "缺少“2080109" in error.message.zh
    assert "is missing among its parts" in error.message.en
    assert {evidence.table for evidence in error.evidence} == {"t1", "t2"}


def test_a_row_of_other_money_is_not_missed() -> None:
    other = [function("2080109", "44.00", "44.00", "") if line.function == "2080109" else line for line in LINES]
    short = [line for line in LINES if line.function != "2080109"]
    found = [diagnosis(error).cause for error in errors(checked(by_function(*short), by_function(*other, table="t2"))) if error.diagnosis]
    assert "row_missing" not in found


def test_a_figure_in_the_wrong_column_is_named_with_the_right_column() -> None:
    error = only(changed(7, function("2210201", "220.00", "", "220.00")))
    found = diagnosis(error)
    assert (found.cause, found.fact) == ("column_shift", "t1/7/3")
    assert "应填在“基本支出”栏" in error.message.zh
    assert "belongs under “基本支出”" in error.message.en


def test_a_consistent_form_has_nothing_to_explain() -> None:
    result = checked(by_function(*LINES), by_function(*LINES, table="t2", form="general_budget_expenditure"))
    assert not errors(result)
    assert not warnings(result)


def test_the_sum_of_three_public_needs_no_second_line_to_accuse() -> None:
    heads = ("合计=amount", "出国=amount", "接待=amount")
    kinds = ("total", "abroad", "reception")
    changes = {col: {"line": f"three_public.{kind}"} for col, kind in enumerate(kinds, 1)}
    paper = Paper("t1", "three_public", [Block("mixed", heads, [total("80.00", "20.00", "50.00", label="")])], changes=changes)
    (error,) = errors(checked(paper))
    assert {one.fact for one in diagnosis(error).candidates} == {"t1/0/1", "t1/0/2", "t1/0/3"}


def test_nothing_fails_nothing_is_grouped() -> None:
    assert group_failures([], None, None) == ([], True)  # type: ignore[arg-type]


@pytest.mark.parametrize("bound", ["explanations._WORK", "repairs._TRIALS"])
def test_where_not_every_explanation_is_tried_that_is_said_once_and_errors_stay(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"services.validator.domain.{bound}", 0)
    result = checked(by_function(*changed(2, function("20801", "1070.00", "470.00", "330.00"))))
    assert [finding.code for finding in result.findings].count("diagnosis.incomplete") == 1
    assert errors(result)


def test_sums_that_are_too_many_to_be_weighed_are_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two errors in two forms, which share no figure: none of their sums is lost."""
    forms = [
        by_function(*changed(2, function("20801", "1070.00", "470.00", "330.00")), table=table, form=kind)
        for table, kind in (("t1", "other"), ("t2", "other"))
    ]
    book = read_book(document(*forms))
    judged = choose_readings(propose(book, load_rules()))
    graph = graph_of(graded for one in judged for graded in one.graded)
    failures = settle(judged, book, Confirmations(graph), {})
    surroundings = Surroundings(book).of
    weighed, complete = group_failures(failures, Confirmations(graph), surroundings, {})
    assert ([group.figure.id for group in weighed], complete) == (["t1/2/2", "t2/2/2"], True)
    monkeypatch.setattr(explanations, "_WORK", 0)
    told, complete = group_failures(failures, Confirmations(graph), surroundings, {})
    assert not complete
    assert sorted(failure.number for group in told for failure in group.failures) == [failure.number for failure in failures]
    assert not any(group.pinned for group in told)
    assert [group.figure for group in told] == [group.failures[0].graded.equation.target for group in told]


def test_at_most_twelve_candidates_are_named() -> None:
    for count, named in ((5, 6), (20, 12)):
        lines = [total(f"{sum(range(11, 11 + count)) + 10}.00"), *(item(f"事项{n}", f"{n}.00") for n in range(11, 11 + count))]
        (question,) = warnings(checked(Paper("t1", "procurement", [Block("mixed", ("金额=amount",), lines)])))
        assert len(diagnosis(question).candidates) == named
