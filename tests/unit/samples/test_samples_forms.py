"""The pieces that samples are made of: grids, planted errors, cut rows, rounding, ruling lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

pytest.importorskip("reportlab", reason="reportlab is a development dependency")

from tools.samples.drawing import joined
from tools.samples.forms import Form, figure, head, header_path, label, place, plant
from tools.samples.ledger import Entry, Ledger, Money
from tools.samples.names import ordinal

FORM = Form(
    title="支出总表",
    widths=(60, 100, 50, 50),
    header=((head("项目", colspan=2), head("支出", colspan=2)), (head("编码"), head("名称"), head("合计"), head("基本支出"))),
    body=(
        (label("208"), label("社会保障和就业支出"), figure("12.00"), figure("12.00")),
        (label("210"), label("卫生健康支出"), figure("3.50"), figure("")),
    ),
)


def test_a_cell_below_a_row_span_moves_to_the_next_free_column() -> None:
    placed = place([(head("a", rowspan=2), head("b")), (head("c"),)], 2)
    assert [(p.row, p.col, p.cell.text) for p in placed] == [(0, 0, "a"), (0, 1, "b"), (1, 1, "c")]


@pytest.mark.parametrize(
    "rows",
    [
        [(head("a"),)],
        [(head("a", colspan=3),)],
        [(head("a", rowspan=2), head("b"))],
        [(head("a"), head("b", rowspan=2)), (head("c", colspan=2),)],
    ],
    ids=["short", "wide", "hanging", "overlapping"],
)
def test_rows_that_do_not_fill_their_grid_are_refused(rows: list[tuple]) -> None:
    with pytest.raises(ValueError, match=r"row|cell"):
        place(rows, 2)


def test_a_planted_error_changes_one_cell_and_says_where() -> None:
    form, where, correct = plant(FORM, "社会保障和就业支出", "支出/合计", "21.00")
    assert (where.row, where.col, correct) == (2, 2, "12.00")
    changed = [(a, b) for a, b in zip(FORM.grid(), form.grid(), strict=True) if a.cell.text != b.cell.text]
    assert [(b.row, b.col, b.cell.text) for _, b in changed] == [(2, 2, "21.00")]


def test_an_error_cannot_be_planted_in_a_blank_cell() -> None:
    with pytest.raises(LookupError):
        plant(FORM, "卫生健康支出", "支出/基本支出", "1.00")


def test_a_header_path_goes_from_the_group_to_the_column() -> None:
    assert header_path(FORM, 3) == "支出/基本支出"


def test_rounding_is_half_up_figure_by_figure() -> None:
    money = Money(grouped=True)
    assert [money(Decimal(v)) for v in ("12345678.49", "50", "49.99", "0")] == ["1,234.57", "0.01", "0.00", ""]


def test_personnel_and_public_funds_split_a_ledger_without_rest() -> None:
    ledger = Ledger(tuple(Entry("2080505", code, Decimal(n)) for n, code in enumerate(("30101", "30201", "30302", "31002"), 1)))
    assert (ledger.personnel().total(), ledger.public().total()) == (Decimal(4), Decimal(6))


def test_cell_sides_that_touch_become_one_ruling_line() -> None:
    sides = [(0.0, 0.0, 10.0, 0.0), (10.0, 0.0, 20.0, 0.0), (0.0, 0.0, 0.0, 5.0), (30.0, 0.0, 40.0, 0.0)]
    assert joined(sides) == [(0.0, 0.0, 20.0, 0.0), (30.0, 0.0, 40.0, 0.0), (0.0, 0.0, 0.0, 5.0)]


def test_ordinals_are_written_as_forms_write_them() -> None:
    assert [ordinal(n) for n in (1, 10, 11, 20, 26)] == ["一", "十", "十一", "二十", "二十六"]
