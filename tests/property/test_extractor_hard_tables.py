"""Tables drawn in the manner of many programs come back cell by cell: grid, spans, text, pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hard_reading import read
from hard_tables import document


@pytest.mark.parametrize("seed", range(150))
def test_what_a_program_drew_comes_back_cell_by_cell(seed: int, tmp_path: Path) -> None:
    data, expected = document(seed)
    found = read(data, tmp_path / "hard.pdf")
    assert [(table.title, list(table.pages)) for table in found.tables] == [(table.title, table.pages) for table in expected]
    for table, drawn in zip(found.tables, expected, strict=True):
        cells = [(cell.row, cell.col, cell.rowspan, cell.colspan, cell.text) for cell in table.cells]
        assert cells == drawn.cells
    assert all(page.unplaced == 0 for page in found.glyphs)
