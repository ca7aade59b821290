"""Tables drawn in the manner of many programs come back cell by cell: grid, spans, text, pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hard_tables import document

from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.domain.extraction import extract
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo, Extracted


def read(data: bytes, path: Path) -> Extracted:
    path.write_bytes(data)
    opened = PdfiumReader().open(path)
    try:
        return extract(opened.contents(), DocumentInfo(id="sha256:0", bytes=len(data), pages=opened.pages), Producer(name="x", version="0"))
    finally:
        opened.close()


@pytest.mark.parametrize("seed", range(150))
def test_what_a_program_drew_comes_back_cell_by_cell(seed: int, tmp_path: Path) -> None:
    data, expected = document(seed)
    found = read(data, tmp_path / "hard.pdf")
    assert [(table.title, list(table.pages)) for table in found.tables] == [(table.title, table.pages) for table in expected]
    for table, drawn in zip(found.tables, expected, strict=True):
        cells = [(cell.row, cell.col, cell.rowspan, cell.colspan, cell.text) for cell in table.cells]
        assert cells == drawn.cells
    assert all(page.unplaced == 0 for page in found.glyphs)
