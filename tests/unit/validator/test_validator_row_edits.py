"""Rows that may be left out: which are proposed, where they belong, and what they would print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from validator_documents import Block, Line, Paper, document, economic, function, item, total

from services.validator.domain.edits import Edit
from services.validator.domain.row_edits import wrong_rows
from services.validator.domain.sheet import read_book

WHOLE = (
    total("160.00"),
    function("208", "120.00"),
    function("20801", "100.00"),
    function("2080101", "100.00"),
    function("20808", "20.00"),
    function("2080802", "20.00"),
    function("221", "40.00"),
    function("22102", "40.00"),
    function("2210201", "40.00"),
)
NEW = 1_000_000  # rows that are put in are numbered from here


def by_code(*lines: Line, table: str = "t1", heads: Sequence[str] = ("合计=total",), **more: Any) -> Paper:
    return Paper(table, "expenditure_summary", [Block("function", heads, lines)], **more)


def without(*codes: str, lines: Sequence[Line] = WHOLE) -> list[Line]:
    return [line for line in lines if not line.function or line.function not in codes]


def edits(*papers: Paper) -> list[Edit]:
    return list(wrong_rows(read_book(document(*papers)), ()))


def put_in(edit: Edit) -> list[tuple[str, str | None, int, int | None]]:
    """The rows that an edit puts in: label, function, depth, the row above."""
    rows = [row for form in edit.document.forms for one in form.lists for row in one.rows if row.row >= NEW]
    return [(row.label, row.function, row.depth, row.parent) for row in rows]


def prints(edit: Edit) -> list[tuple[str, str]]:
    """What the rows print that an edit puts in."""
    return [(fact.id, f"{fact.amount:.2f}") for fact in edit.document.facts if fact.row >= NEW]


@pytest.mark.parametrize(
    ("left_out", "row", "below", "source", "amount"),
    [
        (("221", "22102", "2210201"), ("科目221", "221", 0, None), "t2/0/1", "t1/6/1", "40.00"),
        (("20808", "2080802"), ("科目20808", "20808", 1, 1), "t2/1/1", "t1/4/1", "20.00"),
        (("2080802",), ("科目2080802", "2080802", 1, 4), "t2/4/1", "t1/5/1", "20.00"),
    ],
)
def test_a_code_that_another_form_prints_belongs_below_the_row_that_lacks_its_amount(
    left_out: tuple[str, ...], row: tuple[str, str, int, int | None], below: str, source: str, amount: str
) -> None:
    (edit,) = edits(by_code(*WHOLE), by_code(*without(*left_out), table="t2"))
    assert (edit.cause, edit.table, edit.label) == ("row_missing", "t2", f"{row[1]} {row[0]}")
    assert [figure.id for figure in edit.figures] == [below]
    assert [figure.id for figure in edit.source] == [source]
    assert put_in(edit) == [row]
    assert prints(edit) == [(f"t2/{NEW}/1", amount)]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (without("20808", "2080802", "22102", "2210201", "221"), WHOLE[:1]),  # the other form prints no such code
        ((total("160.00"), function("208", "120.00"), function("221", "30.00")), WHOLE[:8]),  # sections are of another depth
        ((total("120.00"), *without("221", "22102", "2210201")[1:]), WHOLE),  # nothing is lacking
        ((total("120.01"), *without("221", "22102", "2210201")[1:]), WHOLE),  # but what rounding may be
        ((total("159.97"), *without("221", "22102", "2210201")[1:]), WHOLE),  # something else is lacking
        (without("2080101", "2080802", "208", "20801", "20808"), WHOLE),  # most codes of the other form are others
        (without("221", "22102", "2210201")[1:], WHOLE),  # no total says that something is lacking
        (
            (total("160.00", role="year_total"), *without("221", "22102", "2210201")[1:]),
            WHOLE,
        ),
        ((total(""), *without("221", "22102", "2210201")[1:]), WHOLE),
    ],
)
def test_no_row_is_missed_without_a_lack_that_another_form_fills(here: Sequence[Line], there: Sequence[Line]) -> None:
    assert edits(by_code(*there), by_code(*here, table="t2")) == []


def test_several_rows_that_would_stand_below_one_are_not_told_apart() -> None:
    lines = (total("9.00"), *(function(code, "3.00") for code in ("205", "206", "207", "208")))
    (one,) = edits(by_code(*lines), by_code(*without("206", lines=replaced(lines, 0, "12.00")), table="t2"))
    assert one.label == "206 科目206"
    assert edits(by_code(*lines), by_code(*without("206", "207", lines=replaced(lines, 0, "12.00")), table="t2")) == []


def replaced(lines: Sequence[Line], row: int, *amounts: str) -> list[Line]:
    return [replace(line, amounts=amounts) if place == row else line for place, line in enumerate(lines)]


def test_half_of_the_codes_of_another_form_are_enough_to_go_together() -> None:
    lines = (total("12.00"), *(function(code, "3.00") for code in ("205", "206", "207", "208")))
    more = (*lines[:2], function("210", "3.00"))
    assert [edit.label for edit in edits(by_code(*more), by_code(*lines[:2], function("212", "1.00"), table="t2"))] == []
    here = by_code(total("6.00"), function("205", "3.00"), table="t2")
    assert [edit.label for edit in edits(by_code(*more), here)] == ["210 科目210"]
    assert edits(by_code(*more, function("211", "9.00"), function("212", "9.00")), here) == []


TWICE = (
    total("30.00"),
    function("201", "10.00"),
    function("20101", "6.00"),
    function("20102", "4.00"),
    function("205", "12.00"),
    function("20501", "7.00"),
    function("20502", "5.00"),
    function("208", "8.00"),
    function("20801", "5.50"),
    function("20805", "2.50"),
)


def test_rows_left_out_below_several_rows_are_one_edit_and_three_of_them_a_page() -> None:
    (two,) = edits(by_code(*TWICE), by_code(*without("20102", "20502", lines=TWICE), table="t2"))
    assert (two.cause, two.label) == ("row_missing", "20102 科目20102、20502 科目20502")
    assert put_in(two) == [("科目20102", "20102", 1, 1), ("科目20502", "20502", 1, 3)]
    assert prints(two) == [(f"t2/{NEW}/1", "4.00"), (f"t2/{NEW + 1}/1", "5.00")]
    assert [figure.id for figure in two.figures] == ["t2/1/1", "t2/3/1"]
    (three,) = edits(by_code(*TWICE), by_code(*without("20102", "20502", "20805", lines=TWICE), table="t2"))
    assert three.cause == "page_missing"


def test_a_row_that_two_other_forms_print_is_one_edit() -> None:
    here = by_code(*without("2080802"), table="t3")
    assert [edit.table for edit in edits(by_code(*WHOLE), by_code(*WHOLE, table="t2"), here)] == ["t3"]
    assert len(edits(by_code(*WHOLE), by_code(*without("22102", "2210201"), table="t2"), here)) == 2


def test_a_form_that_prints_no_code_is_let_be() -> None:
    words = Paper("t1", "projects", [Block("mixed", ("合计=total",), (total("160.00"), item("灯塔", "20.00")))])
    assert [edit.table for edit in edits(words, by_code(*WHOLE, table="t2"), by_code(*without("2080802"), table="t3"))] == ["t3"]


def test_lists_side_by_side_print_the_codes_of_one_form() -> None:
    people, goods = (economic("301", "3.00"), total("5.00")), (economic("302", "2.00"), total("5.00"))
    both = Paper("t2", "basic_by_economic", [Block("economic", ("金额=amount",), people), Block("economic", ("金额=amount",), goods)])
    there = Paper(
        "t1", "basic_by_economic", [Block("economic", ("金额=amount",), (total("5.00"), economic("301", "3.00"), economic("302", "2.00")))]
    )
    assert edits(there, both) == []


TOTALS = ("合计=total", "基本支出=basic_expenditure", "项目支出=project_expenditure")


def wide(code: str, *amounts: str, **more: Any) -> Line:
    return replace(function(code, *amounts), **more)


def test_a_row_that_is_missing_prints_in_each_column_what_is_lacking_there() -> None:
    there = by_code(total("40.00"), function("205", "30.00"), function("206", "10.00"))
    here = by_code(total("40.00", "25.00", "15.00"), wide("205", "30.00", "21.00", "9.00"), table="t2", heads=TOTALS)
    (edit,) = edits(there, here)
    assert prints(edit) == [(f"t2/{NEW}/1", "10.00"), (f"t2/{NEW}/2", "4.00"), (f"t2/{NEW}/3", "6.00")]
    assert [figure.id for figure in edit.figures] == ["t2/0/1", "t2/0/2", "t2/0/3"]
    blank = by_code(total("", "25.00", "10.00"), wide("205", "", "25.00", ""), table="t2", heads=TOTALS)
    assert [prints(one) for one in edits(there, blank)] == [[(f"t2/{NEW}/3", "10.00")]]


def test_a_row_that_is_missing_prints_what_its_source_says_as_far_as_its_column_does() -> None:
    yuan = by_code(total("400049"), function("205", "300000"), function("206", "100049"), unit="元", precision=0)
    here = by_code(total("40.00"), function("205", "30.00"), table="t2")
    assert [prints(edit) for edit in edits(yuan, here)] == [[(f"t2/{NEW}/1", "10.00")]]
    assert [prints(edit) for edit in edits(by_code(total("40.01"), function("205", "30.00"), function("206", "10.01")), here)] == [
        [(f"t2/{NEW}/1", "10.01")]
    ], "rounded parts may lack a last digit more or less"
    fine = by_code(total("40.0000"), function("205", "30.0000"), function("206", "10.0050"), precision=4)
    assert [prints(edit) for edit in edits(fine, here)] == [[(f"t2/{NEW}/1", "10.01")]]


def test_a_row_that_is_put_in_carries_its_own_code_and_nothing_else_of_the_row_above() -> None:
    said = {"line": "expenditure_total", "project": "灯塔维护"}
    changes = {1: {"gov_economic": "501", "economic": "301", "line": "expenditure_total"}}
    lines = (total("40.00"), function("205", "40.00"), function("20501", "30.00"), function("20502", "10.00"))
    here = by_code(lines[0], wide("205", "40.00", **said), wide("20501", "30.00", **said), table="t2", changes=changes)
    (edit,) = edits(by_code(*lines), here)
    (fact,) = [fact for fact in edit.document.facts if fact.row == NEW]
    assert (fact.function, fact.economic, fact.gov_economic, fact.line, fact.project, fact.duplicate_of) == ("20502", *[None] * 5)
    assert (fact.id, fact.table, fact.row, fact.col, fact.text, fact.label) == (f"t2/{NEW}/1", "t2", NEW, 1, "10.00", "科目20502")
    assert (str(fact.amount), fact.yuan, fact.unit, fact.page, fact.measure) == ("10.00", 100_000, "万元", 2, "total")


PROJECTS = (("窗口设备更新", "15.48"), ("档案整理", "3.00"), ("业务培训", "6.34"), ("林区巡护", "27.34"))


def projects(*lines: Line, table: str = "t1", whole: Line | None = None, unit: str = "万元", precision: int = 2) -> Paper:
    head = (whole,) if whole else ()
    return Paper(table, "projects", [Block("project", ("金额=amount",), (*head, *lines))], unit=unit, precision=precision)


def project(name: str, amount: str, **more: Any) -> Line:
    return item(name, amount, project=name, **more)


THERE = projects(*(project(*one) for one in PROJECTS), table="t9")
UNIT = Line("青禾市林业局", ("52.16",), role="unit")


@pytest.mark.parametrize("whole", [total("52.16"), UNIT])
def test_a_project_that_another_form_prints_is_missed_below_the_total_or_the_unit(whole: Line) -> None:
    (edit,) = edits(projects(*(project(*one) for one in PROJECTS[:3]), whole=whole), THERE)
    assert (edit.cause, edit.table, edit.label, edit.named) == ("row_missing", "t1", "林区巡护", False)
    assert ([figure.id for figure in edit.figures], [figure.id for figure in edit.source]) == (["t1/0/1"], ["t9/3/1"])
    (form, _) = edit.document.forms
    assert [(row.row, row.label, row.project) for row in form.lists[0].rows][-2:] == [
        (3, "业务培训", "业务培训"),
        (NEW, "林区巡护", "林区巡护"),
    ]
    (fact,) = [fact for fact in edit.document.facts if fact.row == NEW]
    assert (str(fact.amount), fact.project, fact.label, fact.table) == ("27.34", "林区巡护", "林区巡护", "t1")


def test_a_row_behind_the_projects_stays_behind_the_one_that_is_put_in() -> None:
    lines = [*(project(*one) for one in PROJECTS[:3]), total("52.16")]
    (edit,) = edits(projects(*lines), THERE)
    assert [row.row for row in edit.document.forms[0].lists[0].rows] == [0, 1, 2, NEW, 3]


@pytest.mark.parametrize(
    "lines",
    [
        [project(*one) for one in PROJECTS],  # nothing is missing
        [project(*one) for one in PROJECTS[:2]],  # too few to be a list of projects
        [project("窗口设备更新", "15.48"), project("档案整理", "3.00"), project("业务培训", "6.00")],  # something else is lacking
        [*(project(*one) for one in PROJECTS[:3]), project("天然林区巡护（二期）", "0.01")],  # called nearly the same
        [*(project(*one) for one in PROJECTS[:3]), project("护林", "27.34")],  # of the same amount
        [project(*one, parent=0) for one in PROJECTS[:3]],
        [project(*one, role="subtotal") for one in PROJECTS[:3]],
    ],
)
def test_no_project_is_missed_where_another_may_be_it(lines: list[Line]) -> None:
    assert edits(projects(*lines, whole=UNIT), THERE) == []
    assert edits(projects(*lines), THERE) == []


@pytest.mark.parametrize(
    ("name", "missed"), [("2025年度护路（二期）", True), ("林区巡逻", True), ("林区巡护费", False), ("2025年林区巡护", False)]
)
def test_names_of_projects_are_alike_that_share_a_run_of_words(name: str, missed: bool) -> None:
    lines = [*(project(*one) for one in PROJECTS[:3]), project(name, "0.01")]
    assert bool(edits(projects(*lines, whole=total("52.17")), THERE)) is missed


@pytest.mark.parametrize(("there", "here"), [("护林", "天然护林工程"), ("天然护林工程", "护林"), ("护林", "护林"), ("路", "修路")])
def test_a_short_name_is_alike_as_a_whole(there: str, here: str) -> None:
    form = projects(*(project(*one) for one in PROJECTS[:3]), project(there, "27.34"), table="t9")
    lines = [*(project(*one) for one in PROJECTS[:3]), project(here, "0.01")]
    assert edits(projects(*lines, whole=total("52.17")), form) == []


def test_a_year_and_brackets_make_no_two_names_alike() -> None:
    there = projects(*(project(*one) for one in PROJECTS[:3]), project("2025年（一）", "27.34"), table="t9")
    lines = [*(project(*one) for one in PROJECTS[:3]), project("2024年（二）", "0.01")]
    assert len(edits(projects(*lines, whole=total("52.17")), there)) == 1


def test_each_project_of_the_amount_that_is_lacking_may_be_the_missing_one() -> None:
    there = projects(*(project(*one) for one in PROJECTS), project("航标维护", "27.34"), project("浮桥检修", "5.00"), table="t9")
    found = edits(projects(*(project(*one) for one in PROJECTS[:3]), whole=UNIT), there)
    assert [edit.label for edit in found] == ["林区巡护", "航标维护"]
