"""Any grid with spans that is drawn comes back as it was."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "extractor"))

from extractor_sheet import Sheet

from services.extractor.domain.reading import read_page


@st.composite
def drawings(draw):
    """Cells (row, col, rowspan, colspan) that tile a grid whose rules are all needed, and the grid's rules."""
    rows, columns = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    xs = [60.0]
    for width in draw(st.lists(st.integers(30, 80), min_size=columns, max_size=columns)):
        xs.append(xs[-1] + width)
    ys = [60.0]
    for height in draw(st.lists(st.integers(14, 40), min_size=rows, max_size=rows)):
        ys.append(ys[-1] + height)
    owner = [[(r, c, 1, 1) for c in range(columns)] for r in range(rows)]
    for _ in range(draw(st.integers(0, 3))):
        r, c = draw(st.integers(0, rows - 1)), draw(st.integers(0, columns - 1))
        high, wide = draw(st.integers(1, rows - r)), draw(st.integers(1, columns - c))
        area = [(i, j) for i in range(r, r + high) for j in range(c, c + wide)]
        if all(owner[i][j][2:] == (1, 1) for i, j in area):
            for i, j in area:
                owner[i][j] = (r, c, high, wide)
    for k in range(1, rows):  # a row none of whose rules is drawn cannot come back
        if all(owner[k][c] == owner[k - 1][c] for c in range(columns)):
            owner = [[(r, c, 1, 1) for c in range(columns)] for r in range(rows)]
    for k in range(1, columns):
        if all(owner[r][k] == owner[r][k - 1] for r in range(rows)):
            owner = [[(r, c, 1, 1) for c in range(columns)] for r in range(rows)]
    return owner, xs, ys


@settings(max_examples=60, deadline=None)
@given(drawings(), st.booleans())
def test_a_grid_with_spans_comes_back(drawing, as_rectangles):
    owner, xs, ys = drawing
    cells = sorted({cell for row in owner for cell in row})
    sheet = Sheet()
    for number, (r, c, high, wide) in enumerate(cells):
        x0, x1, y0, y1 = xs[c], xs[c + wide], ys[r], ys[r + high]
        for a, b, d, e in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            if as_rectangles:
                sheet.area(a - 0.3, b - 0.3, d + 0.3, e + 0.3)
            else:
                sheet.line(a, b, d, e)
        sheet.text(x0 + 3, y1 - 3, f"{number}", 8)
    reading = read_page(sheet.contents())
    assert len(reading.tables) == 1
    found = [(cell.row, cell.col, cell.rowspan, cell.colspan) for cell in reading.tables[0].cells]
    assert found == cells
    assert [cell.text for cell in reading.tables[0].cells] == [str(number) for number in range(len(cells))]
    assert reading.unplaced == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 590), st.floats(10, 790), st.text("甲乙丙12.，", min_size=1, max_size=8)), max_size=12))
def test_every_glyph_of_any_page_is_placed(pieces):
    sheet = Sheet().grid([100.0, 300.0, 500.0], [100.0, 300.0, 500.0])
    for x, y, text in pieces:
        sheet.text(x, y, text)
    reading = read_page(sheet.contents())
    placed = sum(cell.glyphs for table in reading.tables for cell in table.cells) + sum(line.glyphs for line in reading.lines)
    assert placed == reading.total
    assert reading.unplaced == 0
