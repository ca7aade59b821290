"""Generated documents read, and compared with what was drawn."""

from __future__ import annotations

from pathlib import Path

from hard_pages import Seen

from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.domain.extraction import extract
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo, Extracted, Table


def read(data: bytes, path: Path) -> Extracted:
    """The bytes of a PDF through the page reader and the stage. Args: path: where the file may be put."""
    path.write_bytes(data)
    opened = PdfiumReader().open(path)
    try:
        return extract(opened.contents(), DocumentInfo(id="sha256:0", bytes=len(data), pages=opened.pages), Producer(name="x", version="0"))
    finally:
        opened.close()


def difference(data: bytes, seen: list[Seen], path: Path) -> str | None:
    """The first thing that was read otherwise than drawn; None where all is identical."""
    found = read(data, path)
    if len(found.tables) != len(seen):
        return f"tables: {len(found.tables)} for {len(seen)}"
    for table, drawn in zip(found.tables, seen, strict=True):
        told = table_difference(table, drawn)
        if told:
            return told
    lost = sum(page.unplaced for page in found.glyphs)
    return f"unplaced: {lost} characters" if lost else None


def table_difference(table: Table, drawn: Seen) -> str | None:
    """The same for one table."""
    if (table.n_rows, table.n_cols) != (drawn.rows, drawn.columns):
        return f"grid: {table.n_rows} × {table.n_cols} for {drawn.rows} × {drawn.columns}"
    cells = [(cell.row, cell.col, cell.rowspan, cell.colspan, cell.text) for cell in table.cells]
    if [cell[:4] for cell in cells] != [cell[:4] for cell in drawn.cells]:
        return f"spans: {sorted({c[:4] for c in cells} ^ {c[:4] for c in drawn.cells})}"
    other = [(cell[4], was[4]) for cell, was in zip(cells, drawn.cells, strict=True) if cell != was]
    if other:
        return f"text: {other[:3]}"
    if drawn.head is not None and table.header_rows != drawn.head:
        return f"boxhead: {table.header_rows} rows for {drawn.head}"
    return None
