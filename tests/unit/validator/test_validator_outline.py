"""Lists without codes as trees: which rows stand at the top, which hang below which, and what a row contributes to a sum."""

from __future__ import annotations

import pytest
from validator_documents import Block, Line, Paper, document, item, total

from services.validator.domain.outline import Outline, is_summary, outlines
from services.validator.domain.sheet import read_book
from shared.contracts.normalized import Row, RowRole


def read(*lines: Line) -> list[Outline]:
    (sheet,) = read_book(document(Paper("t1", "projects", [Block("mixed", ("金额=amount",), lines)]))).sheets
    return outlines(sheet, sheet.lists[0])


def tree(outline: Outline) -> str:
    """An outline by row numbers: 0(1 2) 3 is rows 1 and 2 below row 0, and row 3; what hangs below a total stands behind a dash."""

    def of(row: Row) -> str:
        below = outline.below.get(row.row, [])
        return f"{row.row}({' '.join(map(of, below))})" if below else str(row.row)

    tops = " ".join(map(of, outline.tops))
    reached = {number for number in range(20) if str(number) in tops.replace("(", " ").replace(")", " ").split()}
    rest = [f"{row}({' '.join(map(of, below))})" for row, below in outline.below.items() if row not in reached]
    return " - ".join([tops, *rest])


def row(label: str = "", depth: int = 0, parent: int | None = None, role: RowRole = "item") -> Line:
    return item(label or "某项", "1.00", depth=depth, parent=parent, role=role)


WHOLE = total("9.00")


@pytest.mark.parametrize(
    ("lines", "trees"),
    [
        ((row("甲"), row("乙")), ["0 1"]),
        ((WHOLE, row("甲"), row("乙")), ["1 2"]),
        # As the normaliser says, else every row by itself.
        ((row("甲"), row("乙", 1, 0), row("丙", 1, 0), row("丁")), ["0(1 2) 3", "0 1 2 3"]),
        ((row("甲"), row("乙", 1, 0), row("丙", 2, 1)), ["0(1(2))", "0 1 2"]),
        ((WHOLE, row("甲", 1, 0), row("乙", 1, 0)), [" - 0(1 2)", "1 2"]),
        ((row("甲", 0, 0), row("乙", 0, 7)), ["0 1"]),  # a row below itself, or below none that is there
        # By depths, where no parents are given; totals and units begin anew.
        ((row("甲"), row("乙", 1), row("丙", 2), row("丁", 1), row("戊")), ["0 1 2 3 4", "0(1(2) 3) 4"]),
        ((row("甲"), row("乙", 1), WHOLE, row("丙", 1)), ["0 1 3", "0(1) 3"]),
        ((row("甲"), row("局", 1, role="unit"), row("乙", 2)), ["0 1 2"]),
        ((row("甲", 2), row("乙", 1), row("丙", 2)), ["0 1 2", "0 1(2)"]),
        # A label printed over several rows is their sum.
        ((row("甲"), row("甲"), row("甲"), row("乙")), ["0 1 2 3", "0(1 2) 3"]),
        ((row("甲"), row("乙"), row("甲")), ["0 1 2"]),
        ((row("甲"), WHOLE, row("甲")), ["0 2"]),
        ((row("甲"), row("甲", role="subtotal")), ["0 1"]),
        # A head among plain items stands beside the head above it.
        (
            (row("甲"), row("乙", 1, 0), row("丙", 1, 0), row("丁", 2, 2)),
            ["0(1 2(3))", "0(1) 2(3)", "0 1 2 3"],
        ),
        ((row("甲"), row("乙", 1, 0), row("丙", 2, 1), row("丁", 1, 0), row("戊", 2, 3)), ["0(1(2) 3(4))", "0 1 2 3 4"]),
        (
            (row("零"), row("甲", 1, 0), row("乙", 2, 1), row("丙", 2, 1), row("丁", 3, 3)),
            ["0(1(2 3(4)))", "0(1(2) 3(4))", "0 1 2 3 4"],
        ),
        # 其中 is no row of its own where nothing hangs below anything.
        ((row("甲"), row("乙", 1, 0, "of_which"), row("丙")), ["0(1) 2", "0 1 2", "0 2"]),
    ],
)
def test_the_outlines_that_a_list_may_have(lines: tuple[Line, ...], trees: list[str]) -> None:
    assert [tree(outline) for outline in read(*lines)] == trees


def test_labels_that_are_blank_head_nothing() -> None:
    lines = [Line("", ("1.00",)), Line("", ("1.00",))]
    assert [tree(outline) for outline in read(*lines)] == ["0 1"]


def test_a_row_contributes_its_figure_or_what_hangs_below_it() -> None:
    lines = (
        row("甲"),
        item("乙", "", depth=1, parent=0),
        row("丙", 2, 1),
        row("丁", 2, 1, "of_which"),
        item("戊", "", depth=2, parent=1),
        row("己", 3, 4),
    )
    outline = read(*lines)[0]
    rows = {one.row: one for one in outline.one.rows}
    assert [figure.id for figure, _ in outline.terms(rows[0], 1)] == ["t1/0/1"]
    assert [(figure.id, sign) for figure, sign in outline.terms(rows[1], 1)] == [("t1/2/1", 1), ("t1/5/1", 1)]
    assert [part.row for part in outline.parts(rows[1])] == [2, 4]
    assert outline.parts(rows[5]) == []


def test_leaves_are_rows_with_nothing_below_them_and_no_totals_units_or_parts_of_others() -> None:
    lines = (row("局", role="unit"), row("甲"), row("乙", 1, 1), row("丙", 1, 1, "of_which"), row("丁", role="subtotal"), WHOLE)
    assert [one.row for one in read(*lines)[0].leaves()] == [2, 4]


@pytest.mark.parametrize(
    ("role", "summary"),
    [("year_total", True), ("carry_over", True), ("total", False), ("grand_total", False), ("item", False), ("subtotal", False)],
)
def test_a_summary_has_a_total_of_the_year_or_lines_that_are_carried_over(role: RowRole, summary: bool) -> None:
    assert is_summary(read(row("甲"), row("乙", role=role))[0].one) is summary
