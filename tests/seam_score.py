"""How well the seams of a made document were read: counts that add up over documents."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from made_seams import Expected, Made

from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.domain.extraction import extract
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo, Extracted, Table

ASKED = "uncertain_seam"


def read(data: bytes, path: Path) -> Extracted:
    """The document as the extractor reads it."""
    path.write_bytes(data)
    opened = PdfiumReader().open(path)
    try:
        return extract(opened.contents(), DocumentInfo(id="sha256:0", bytes=len(data), pages=opened.pages), Producer(name="x", version="0"))
    finally:
        opened.close()


def score(made: Made, found: Extracted) -> Counter[str]:
    """Counts: documents, seams, joined and parted rightly or wrongly or asked, boxheads, rows, cells, characters."""
    counts: Counter[str] = Counter(documents=1)
    _seams(made, found, counts)
    _rows(made, found, counts)
    counts["glyphs lost"] = sum(
        abs(page.unplaced) + abs(page.total - page.in_cells - page.in_labels - page.in_text - page.unplaced) for page in found.glyphs
    )
    counts["documents exact"] = int(_exact(made, found))
    return counts


def _seams(made: Made, found: Extracted, counts: Counter[str]) -> None:
    with_tables = {page for table in made.tables for page in table.pages}
    true = {page for table in made.tables for page in table.pages[1:]}
    said = {page for table in found.tables for page in table.pages[1:]}
    asked = {warning.page for warning in found.warnings if warning.code == ASKED}
    for page in sorted(with_tables)[1:]:
        counts["seams"] += 1
        counts["asked"] += page in asked
        if (page in said) == (page in true):
            counts["joined rightly" if page in true else "parted rightly"] += 1
        elif page in said:
            counts["wrongly joined"] += 1
        elif page in asked and page in made.unsure:
            counts["parted, asked"] += 1
        else:
            counts["wrongly parted"] += 1
    repeated: Counter[tuple[int, str]] = Counter()
    for line in found.text:
        if line.kind == "repeated_header":
            repeated[line.page, "".join(line.text.split())] += 1
    for table in made.tables:
        for page, rows in table.heads.items():
            if page in said:
                counts["boxheads"] += 1
                counts["boxheads left out"] += all(repeated[page, row] for row in rows)
    left_out = sum(repeated.values())
    counts["rows taken for boxheads"] = max(0, left_out - sum(len(rows) for table in made.tables for rows in table.heads.values()))


def _rows(made: Made, found: Extracted, counts: Counter[str]) -> None:
    """Every row by what only it says: lost, doubled, or all of its cells that stand in one row as they should."""
    places: dict[str, list[tuple[Table, int]]] = {}
    texts: dict[tuple[str, int], list[str]] = {}
    for table in found.tables:
        for cell in table.cells:
            places.setdefault(cell.text.replace(" ", ""), []).append((table, cell.row))
            texts.setdefault((table.id, cell.row), []).append(cell.text.replace(" ", ""))
    spans = {(cell.text.replace(" ", ""), cell.rowspan, cell.colspan) for table in found.tables for cell in table.cells}
    for table in made.tables:
        rows: dict[int, list[str]] = {}
        for row, _, high, _, text in table.cells:
            if high == 1:
                rows.setdefault(row, []).append(text)
        of = {text: row for row, listed in rows.items() for text in listed}
        for tag in table.tags:
            counts["rows"] += 1
            here = places.get(tag, [])
            counts["rows lost"] += not here
            counts["rows doubled"] += len(here) > 1
            if here and tag in of:
                wanted = Counter(text for text in rows[of[tag]] if text)
                counts["rows right"] += not wanted - Counter(texts[here[0][0].id, here[0][1]])
        for _, _, high, wide, text in table.mended:
            counts["cells cut"] += 1
            counts["cells mended"] += (text, high, wide) in spans


def _exact(made: Made, found: Extracted) -> bool:
    return len(found.tables) == len(made.tables) and all(same(table, drawn) for table, drawn in zip(found.tables, made.tables, strict=True))


def same(table: Table, drawn: Expected) -> bool:
    """Whether title, pages, notes and every cell are as drawn."""
    cells = [(cell.row, cell.col, cell.rowspan, cell.colspan, cell.text.replace(" ", "")) for cell in table.cells]
    title = (table.title or "") == drawn.title
    return title and list(table.pages) == drawn.pages and cells == drawn.cells and len(table.notes) >= bool(drawn.notes)
