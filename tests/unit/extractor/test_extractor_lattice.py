"""Ruling lines to cells with spans."""

from __future__ import annotations

from extractor_sheet import Sheet

from services.extractor.domain.lattice import find_lattices
from services.extractor.domain.reading import read_page
from services.extractor.domain.rulings import find_rulings

XS, YS = [100.0, 160.0, 220.0, 280.0], [100.0, 120.0, 140.0, 160.0]


def only(sheet: Sheet):
    lattices = find_lattices(find_rulings(sheet.contents()))
    assert len(lattices) == 1
    return lattices[0]


def test_a_missing_piece_of_a_rule_makes_a_span():
    sheet = Sheet().grid(XS, [100.0, 160.0])
    sheet.line(100, 140, 280, 140).line(160, 120, 280, 120)
    lattice = only(sheet)
    assert (0, 0, 2, 1) in lattice.cells
    assert (lattice.rows, lattice.columns) == (3, 3)


def test_merged_head_and_stub():
    sheet = Sheet().line(100, 100, 280, 100).line(160, 120, 280, 120).line(100, 140, 280, 140).line(100, 160, 280, 160)
    sheet.line(100, 100, 100, 160).line(160, 100, 160, 160).line(220, 120, 220, 160).line(280, 100, 280, 160)
    assert only(sheet).cells == [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1)]


def test_missing_left_and_right_borders_are_added():
    sheet = Sheet()
    for y in YS:
        sheet.line(100, y, 280, y)
    sheet.line(160, 100, 160, 160).line(220, 100, 220, 160)
    assert only(sheet).columns == 3


def test_two_overshooting_outer_rules_add_no_columns():
    """A word processor draws the first and last rule 5.4 pt longer on both sides."""
    sheet = Sheet().grid(XS, YS).line(94.6, 100, 285.4, 100).line(94.6, 160, 285.4, 160)
    assert only(sheet).columns == 3


def test_a_table_without_an_upper_rule_is_closed_where_its_verticals_begin():
    sheet = Sheet()
    for x in XS:
        sheet.line(x, 100, x, 160)
    for y in YS[1:]:
        sheet.line(100, y, 280, y)
    lattice = only(sheet)
    assert lattice.rows == 3
    assert lattice.open_top == [False, False, False] or all(lattice.open_top)


def test_header_rows_six_points_high_keep_their_rules():
    ys = [100.0, 106.0, 112.0, 130.0]
    sheet = Sheet().grid(XS, ys)
    assert only(sheet).rows == 3


def test_a_rule_counts_only_where_it_covers_more_than_half_of_a_border():
    sheet = Sheet().grid([100.0, 280.0], YS)
    sheet.line(190, 100, 190, 140.0).line(190, 140, 190, 146)  # 6 of the last row's 20 points
    lattice = only(sheet)
    assert (2, 0, 1, 2) in lattice.cells


def test_two_tables_on_a_page_are_two():
    sheet = Sheet().grid(XS, YS).grid(XS, [300.0, 320.0, 340.0])
    assert [(one.rows, one.columns) for one in find_lattices(find_rulings(sheet.contents()))] == [(3, 3), (2, 3)]


def test_a_box_around_text_is_no_table():
    sheet = Sheet().grid([100.0, 300.0], [100.0, 160.0]).text(110, 130, "提示")
    reading = read_page(sheet.contents())
    assert reading.tables == []
    assert [line.text for line in reading.lines] == ["提示"]


def test_a_table_of_one_row_is_a_table():
    sheet = Sheet().table(XS, [100.0, 120.0], [["甲", "乙", "丙"]])
    assert [cell.text for cell in read_page(sheet.contents()).tables[0].cells] == ["甲", "乙", "丙"]


def test_a_frame_around_a_table_does_not_hide_it():
    sheet = Sheet().grid([80.0, 320.0], [80.0, 200.0]).table(XS, YS, [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]])
    tables = read_page(sheet.contents()).tables
    assert [(table.n_rows, table.n_cols) for table in tables] == [(3, 3)]


def test_empty_rows_and_columns_stay():
    sheet = Sheet().table(XS, YS, [["a", "", "c"], ["", "", ""], ["g", "", "i"]])
    table = read_page(sheet.contents()).tables[0]
    assert (table.n_rows, table.n_cols, len(table.cells)) == (3, 3, 9)


def box(sheet: Sheet, x: float, y: float, wide: float, text: str) -> None:
    sheet.grid([x, x + wide], [y, y + 30]).text(x + 5, y + 19, text)


def test_an_organisation_chart_is_no_table():
    sheet = Sheet().line(300, 130, 300, 160).line(100, 160, 500, 160)
    box(sheet, 250, 100, 100, "某某局")
    for k in range(5):
        sheet.line(100 + 100 * k, 160, 100 + 100 * k, 190)
        box(sheet, 60 + 100 * k, 190, 80, f"科室{k}")
    assert read_page(sheet.contents()).tables == []


def test_an_organisation_chart_from_left_to_right_is_no_table():
    sheet = Sheet().line(180, 320, 220, 320).line(220, 120, 220, 520)
    box(sheet, 100, 305, 80, "某某局")
    for k in range(5):
        sheet.line(220, 120 + 100 * k, 260, 120 + 100 * k)
        box(sheet, 260, 105 + 100 * k, 120, f"科室{k}")
    assert read_page(sheet.contents()).tables == []


def test_outlined_bars_on_the_grid_of_a_chart_are_no_table():
    sheet = Sheet().line(100, 100, 100, 300).line(500, 100, 500, 300)
    for k in range(6):
        sheet.line(100, 100 + 40 * k, 500, 100 + 40 * k).text(70, 104 + 40 * k, str(1000 - 200 * k))
    for k in range(4):
        left, top = 130 + 90 * k, 200 - 20 * k
        sheet.line(left, top, left + 30, top).line(left, top, left, 300).line(left + 30, top, left + 30, 300).text(
            left + 2, top - 5, "12.5"
        )
    assert read_page(sheet.contents()).tables == []


def test_two_tables_three_points_apart_are_two():
    sheet = Sheet().table(XS, YS, [["a", "b", "c"]] * 3).table(XS, [163.0, 183.0, 203.0], [["d", "e", "f"]] * 2)
    assert [(table.n_rows, table.n_cols) for table in read_page(sheet.contents()).tables] == [(3, 3), (2, 3)]


def test_a_border_of_two_lines_parts_no_table():
    """Lines 2.5 points apart, around rows of 7 points: beside each other they cover a side once, and the row between them stays."""
    sheet = Sheet()
    for y in (100.0, 102.5, 109.5, 112.0, 119.0, 121.5):
        sheet.line(97.5, y, 282.5, y)
    for x in (100.0, 102.5, 190.0, 192.5, 280.0, 282.5):
        sheet.line(x, 97.5, x, 112.0 if x in (190.0, 192.5) else 124.0)
    assert only(sheet).cells == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2)]


def test_a_table_in_a_cell_is_a_table_of_its_own():
    sheet = Sheet().table([100.0, 200.0, 500.0], [100.0, 120.0, 300.0], [["项目", "明细"], ["水费", ""]])
    sheet.table([250.0, 300.0, 400.0], [150.0, 170.0, 190.0], [["甲", "1.00"], ["乙", "2.00"]])
    tables = read_page(sheet.contents()).tables
    assert [[cell.text for cell in table.cells] for table in tables] == [["项目", "明细", "水费", ""], ["甲", "1.00", "乙", "2.00"]]


def test_a_grid_with_inner_rules_only_has_its_outer_cells():
    sheet = Sheet()
    for y in (120.0, 140.0):
        sheet.line(100, y, 280, y)
    for x in (160.0, 220.0):
        sheet.line(x, 100, x, 160)
    lattice = only(sheet)
    assert (lattice.rows, lattice.columns) == (3, 3)


def test_a_cross_of_two_lines_is_no_table():
    sheet = Sheet().line(100, 130, 280, 130).line(190, 100, 190, 160).text(110, 120, "优势").text(200, 120, "不足")
    assert read_page(sheet.contents()).tables == []


def test_a_row_of_one_cell_belongs_to_a_table_without_left_and_right_border():
    sheet = Sheet().line(160, 100, 160, 140).line(220, 100, 220, 140)
    for y in YS:
        sheet.line(100, y, 280, y)
    assert only(sheet).cells[-1] == (2, 0, 1, 3)


def test_a_rule_of_another_length_below_a_table_without_sides_is_no_row_of_it():
    sheet = Sheet().line(160, 100, 160, 140).line(220, 100, 220, 140).line(100, 160, 200, 160)
    for y in YS[:3]:
        sheet.line(100, y, 280, y)
    assert only(sheet).rows == 2
