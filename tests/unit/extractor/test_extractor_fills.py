"""Cells told apart by colour: white rules on coloured areas, gaps between fills, neighbours of different colours; charts and tiles are none."""

from __future__ import annotations

from extractor_sheet import WHITE, WORDS, Sheet, pdf

from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.domain.charts import stands_in_chart
from services.extractor.domain.reading import read_page
from services.extractor.domain.rulings import find_rulings

XS, YS = [100.0, 160.0, 220.0, 280.0], [100.0, 120.0, 140.0, 160.0]
ROWS = [["项目", "预算", "决算"], ["水费", "1.00", "2.00"], ["电费", "3.00", "4.00"]]
BLUE, PALE, SAND = (68.0, 114.0, 196.0, 255.0), (217.0, 226.0, 243.0, 255.0), (240.0, 220.0, 200.0, 255.0)


def grids(sheet: Sheet) -> list[tuple[int, int]]:
    return [(table.n_rows, table.n_cols) for table in read_page(sheet.contents()).tables]


def filled(sheet: Sheet, inset: float, paints=(PALE,)) -> Sheet:
    for r in range(3):
        for c in range(3):
            sheet.area(XS[c] + inset, YS[r] + inset, XS[c + 1] - inset, YS[r + 1] - inset, paints[(r + c) % len(paints)])
    return sheet


def test_white_rules_on_a_coloured_area_are_rules():
    sheet = Sheet().area(100, 100, 280, 160, PALE).grid(XS, YS, WHITE).cells(XS, YS, ROWS)
    assert grids(sheet) == [(3, 3)]


def test_white_rules_between_striped_rows_are_rules_in_the_white_rows_too():
    sheet = Sheet().area(100, 100, 280, 120, BLUE).area(100, 140, 280, 160, PALE).grid(XS, YS, WHITE).cells(XS, YS, ROWS)
    assert grids(sheet) == [(3, 3)]


def test_white_rules_on_white_paper_are_not_seen():
    sheet = Sheet().grid(XS, YS, WHITE).area(100, 300, 280, 340, PALE)
    assert len(find_rulings(sheet.contents()).horizontal) == 0


def test_fills_that_stand_apart_by_a_point_are_cells():
    assert grids(filled(Sheet(), 0.75).cells(XS, YS, ROWS)) == [(3, 3)]


def test_neighbours_of_different_colours_are_cells():
    assert grids(filled(Sheet(), 0.0, (PALE, SAND)).cells(XS, YS, ROWS)) == [(3, 3)]


def test_the_edge_between_fills_of_one_colour_is_not_seen():
    sheet = filled(Sheet(), 0.0)
    reading = read_page(sheet.cells(XS, YS, [["说明", "", ""], ["编制", "", ""], ["依据", "", ""]]).contents())
    assert reading.tables == []


def test_tiles_far_from_each_other_are_no_table():
    sheet = Sheet()
    for c in range(3):
        for r in range(2):
            x, y = 100.0 + 150 * c, 100.0 + 90 * r
            sheet.area(x, y, x + 120, y + 60, PALE).text(x + 10, y + 30, "收入合计")
    assert grids(sheet) == []


def test_fills_inside_a_ruled_table_add_no_cells():
    """A word processor paints the background of each line of text apart from that of the cell."""
    sheet = Sheet().table(XS, YS, ROWS)
    for r in range(3):
        for c in range(3):
            sheet.area(XS[c] + 5, YS[r] + 2, XS[c + 1] - 5, YS[r] + 10, PALE).area(XS[c] + 5, YS[r] + 10, XS[c + 1] - 5, YS[r] + 18, SAND)
    assert grids(sheet) == [(3, 3)]


def test_squares_in_a_row_are_a_dotted_rule():
    sheet = Sheet().cells(XS, YS, ROWS)
    for k in range(121):
        for y in YS:
            sheet.area(99.6 + 1.5 * k, y - 0.4, 100.4 + 1.5 * k, y + 0.4)
    for k in range(41):
        for x in XS:
            sheet.area(x - 0.4, 99.6 + 1.5 * k, x + 0.4, 100.4 + 1.5 * k)
    assert grids(sheet) == [(3, 3)]


def test_what_lies_between_two_rectangles_of_one_path_is_a_border(tmp_path):
    """Browsers paint a box whose four borders are alike so."""
    rings = b""
    for x in (100, 200):
        for y in (600, 650):
            rings += b"%d %d 100 50 re %d %d 98 48 re f* " % (x, y, x + 1, y + 1)
    path = tmp_path / "rings.pdf"
    path.write_bytes(pdf([rings + WORDS]))
    document = PdfiumReader().open(path)
    (contents,) = document.contents()
    document.close()
    assert [cell.text for cell in read_page(contents).tables[0].cells] == ["one", "two", "1.50", "2.50"]


def test_bars_of_different_heights_on_one_line_are_a_chart():
    sheet = Sheet().area(100, 200, 130, 300, BLUE).area(150, 230, 180, 300, BLUE).area(200, 260, 230, 300, BLUE)
    page = sheet.contents()
    assert stands_in_chart((100.0, 180.0, 230.0, 260.0), page, find_rulings(page))


def test_fills_of_one_height_are_no_chart():
    page = filled(Sheet(), 0.75).contents()
    assert not stands_in_chart((100.0, 100.0, 280.0, 160.0), page, find_rulings(page))
