"""Rows that may be printed twice: which are proposed, how certain it is that they are two, and what stays of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, document, economic, function, item, total

from services.validator.domain.edits import Edit
from services.validator.domain.repeated_rows import repeated_rows
from services.validator.domain.sheet import read_book
from shared.contracts.normalized import Normalized


def found(made: Normalized) -> list[Edit]:
    book = read_book(made)
    return [edit for sheet, one in book.walk() for edit in repeated_rows(book, sheet, one)]


def edits(*lines: Line, heads: Sequence[str] = ("合计=total",)) -> list[Edit]:
    return found(document(Paper("t1", "projects", [Block("function", heads, lines)])))


def pairs(*lines: Line, **more: Any) -> list[str]:
    """The rows that may be printed twice, as "first second"."""
    return [f"{min(edit.heirs).split('/')[1]} {edit.figures[0].fact.row}" for edit in edits(*lines, **more)]


HALL, ROAD = item("厅堂维修", "5.00"), item("道路维修", "5.00")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((HALL, HALL), ["0 1"]),
        ((HALL, ROAD), []),
        ((HALL, item("厅堂维修", "5.01")), []),
        ((item("厅堂维修", "0.00"), item("厅堂维修", "0.00")), []),
        ((item("厅堂维修", ""), item("厅堂维修", "")), []),
        ((item("厅堂维修", ""), item("厅堂维修", "0.00")), []),
        ((item("厅堂 维修", "5.00"), HALL), ["0 1"]),
        ((item("", "5.00"), item("", "5.00")), []),  # rows without a name
        ((HALL, HALL, HALL), ["0 1", "1 2"]),
        # Without a code only neighbours are the same.
        ((HALL, ROAD, HALL), []),
        ((HALL, total("9.00"), HALL), ["0 2"]),
        ((HALL, item("其中", "5.00", role="of_which"), HALL), ["0 2"]),
        ((total("9.00"), total("9.00")), []),
        ((item("小计", "5.00", role="subtotal"), item("小计", "5.00", role="subtotal")), ["0 1"]),
        # With one, rows further up too, of the nearest first.
        ((function("205", "5.00"), function("206", "5.00"), function("205", "5.00")), ["0 2"]),
        (
            (function("205", "5.00"), function("206", "5.00"), function("205", "5.00"), function("206", "1.00"), function("205", "5.00")),
            ["0 2", "2 4"],
        ),
        ((economic("301", "5.00"), economic("302", "5.00"), economic("301", "5.00")), ["0 2"]),
        ((Line("甲", ("5.00",), gov_economic="501"), ROAD, Line("甲", ("5.00",), gov_economic="501")), ["0 2"]),
        ((Line("甲", ("5.00",), project="甲"), ROAD, Line("甲", ("5.00",), project="甲")), []),
        ((function("205", "5.00"), Line("科目205", ("5.00",), function="206")), []),
        ((Line("", ("5.00",), function="205"), ROAD, Line("", ("5.00",), function="205")), []),
        # Several units may have the same.
        ((HALL, item("某局", "5.00", role="unit"), HALL), []),
        ((function("205", "5.00"), item("某局", "5.00", role="unit"), function("205", "5.00"), function("205", "5.00")), ["2 3"]),
    ],
)
def test_rows_of_one_name_and_one_amount_may_be_one(lines: tuple[Line, ...], told: list[str]) -> None:
    assert pairs(*lines) == told


def test_rows_agree_in_every_column_that_either_prints() -> None:
    heads = ("合计=total", "其中=other")
    assert pairs(item("甲", "5.00", "1.00"), item("甲", "5.00", "1.00"), heads=heads) == ["0 1"]
    assert pairs(item("甲", "5.00", "1.00"), item("甲", "5.00", "2.00"), heads=heads) == []
    assert pairs(item("甲", "5.00", "1.00"), item("甲", "5.00", ""), heads=heads) == []
    assert pairs(item("甲", "5.00", "0.00"), item("甲", "5.00", "0.00"), heads=heads) == ["0 1"]
    (edit,) = edits(item("甲", "5.00", "1.00"), item("甲", "5.00", "1.00"), heads=heads)
    assert [figure.id for figure in edit.figures] == ["t1/1/1", "t1/1/2"]
    assert edit.heirs == {"t1/0/1", "t1/0/2"}
    assert (edit.cause, edit.table, edit.label, edit.source) == ("row_duplicated", "t1", "甲", ())


@pytest.mark.parametrize(
    ("line", "apart", "named", "certain"),
    [
        (HALL, False, False, False),
        (Line("甲", ("5.00",), project="甲"), False, True, False),
        (function("205", "5.00"), False, True, False),  # a class may be printed above a section of its name
        (function("20501", "5.00"), False, True, True),
        (function("2050101", "5.00"), False, True, True),
        (economic("30101", "5.00"), False, True, True),
        (Line("甲", ("5.00",), gov_economic="50101"), False, True, True),
        (function("20501", "5.00"), True, True, False),
    ],
)
def test_neighbours_of_one_full_code_are_certainly_no_two_rows_of_one_sum(line: Line, apart: bool, named: bool, certain: bool) -> None:
    (edit,) = edits(line, *([ROAD] if apart else []), line)
    assert (edit.named, edit.certain) == (named, certain)


def test_neighbours_over_a_page_break_may_be_printed_again_for_the_page() -> None:
    made = document(Paper("t1", "projects", [Block("function", ("合计=total",), (function("20501", "5.00"), function("20501", "5.00")))]))
    facts = tuple(structs.replace(fact, page=fact.page + fact.row) for fact in made.facts)
    assert [edit.certain for edit in found(structs.replace(made, facts=facts))] == [False]


def test_what_hangs_below_the_second_row_hangs_below_the_first_when_it_is_gone() -> None:
    lines = (HALL, HALL, item("灯具", "2.00", depth=1, parent=1), ROAD)
    other = Paper("t2", "projects", [Block("function", ("合计=total",), lines[1:])])
    made = document(Paper("t1", "projects", [Block("function", ("合计=total",), lines)]), other)
    (edit,) = found(made)
    first, second = edit.document.forms
    assert [(row.row, row.label, row.parent) for row in first.lists[0].rows] == [
        (0, "厅堂维修", None),
        (2, "灯具", 0),
        (3, "道路维修", None),
    ]
    assert second == made.forms[1]
    assert [fact.id for fact in edit.document.facts] == ["t1/0/1", "t1/2/1", "t1/3/1", "t2/0/1", "t2/1/1", "t2/2/1"]
