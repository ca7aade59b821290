"""One table engine over some PDFs, in an environment that has it: prints one JSON line with pages, seconds and the tables of each file.

    PYTHON benchmarks/peer_engines.py ENGINE FILE…

Started by benchmarks/peers.py; imports nothing of this project. The clock covers opening, finding tables and the text of their cells, as the
engine's own documentation does it; the first file is read once before it starts. Grids with spans are rebuilt from the cells' boxes
afterwards: most engines give a list of rows in which a merged cell is one cell and some blanks.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

Box = tuple[float, float, float, float]
Raw = list[tuple[Box, str]]
"""Cells of a table: box (x0, top, x1, bottom, any unit) and text."""

# Borders closer than this (points; pixels of img2table are smaller) are one.
_SAME = 2.0


def pdfplumber(path: str) -> list[list[Raw]]:
    import pdfplumber

    pages = []
    with pdfplumber.open(path) as document:
        for page in document.pages:
            tables = []
            for table in page.find_tables():
                texts = table.extract()
                raw = [
                    (cell, text or "")
                    for row, line in zip(table.rows, texts, strict=True)
                    for cell, text in zip(row.cells, line, strict=True)
                    if cell
                ]
                tables.append(raw)
            pages.append(tables)
            page.close()
    return pages


def camelot(path: str) -> list[list[Raw]]:
    import camelot

    return _camelot(path, camelot.read_pdf(path, pages="all", flavor="lattice", engine="vector", split_text=True, suppress_stdout=True))


def _camelot(path: str, found: Iterable[Any]) -> list[list[Raw]]:
    import pypdfium2

    pages: list[list[Raw]] = [[] for _ in range(len(pypdfium2.PdfDocument(path)))]
    for table in found:
        pages[table.page - 1].append(_merged(table.cells))
    return pages


def _merged(rows: list[list[Any]]) -> Raw:
    """camelot's cells: each knows which of its sides are drawn; cells with an undrawn side between them are one."""
    owner: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for r, line in enumerate(rows):
        for c, cell in enumerate(line):
            own = owner.setdefault((r, c), [(r, c)])
            for side, at in ((cell.right, (r, c + 1)), (cell.bottom, (r + 1, c))):
                if not side and at[0] < len(rows) and at[1] < len(line):
                    other = owner.setdefault(at, [at])
                    if other is not own:
                        own += other
                        for place in other:
                            owner[place] = own
    result: Raw = []
    for group in {id(group): group for group in owner.values()}.values():
        cells = [rows[r][c] for r, c in sorted(group)]
        box = (min(x.x1 for x in cells), -max(x.y2 for x in cells), max(x.x2 for x in cells), -min(x.y1 for x in cells))
        result.append((box, "".join(x.text for x in cells)))
    return result


def tablers(path: str) -> list[list[Raw]]:
    from tablers import Document, find_tables

    document = Document(path)
    pages = [
        [[(tuple(cell.bbox), cell.text or "") for cell in table.cells] for table in find_tables(page, extract_text=True)]
        for page in document.pages()
    ]
    document.close()
    return pages


def img2table(path: str) -> list[list[Raw]]:
    from img2table.document import PDF

    found = PDF(path).extract_tables()
    return [
        [[((c.bbox.x1, c.bbox.y1, c.bbox.x2, c.bbox.y2), c.value or "") for row in table.content.values() for c in row] for table in tables]
        for _, tables in sorted(found.items())
    ]


def pymupdf(path: str) -> list[list[Raw]]:
    import pymupdf

    pages = []
    with pymupdf.open(path) as document:
        for page in document:
            tables = []
            for table in page.find_tables().tables:
                texts = table.extract()
                raw = [
                    (cell, text or "")
                    for row, line in zip(table.rows, texts, strict=True)
                    for cell, text in zip(row.cells, line, strict=True)
                    if cell
                ]
                tables.append(raw)
            pages.append(tables)
    return pages


ENGINES: dict[str, Callable[[str], list[list[Raw]]]] = {
    "pdfplumber": pdfplumber,
    "camelot": camelot,
    "tablers": tablers,
    "img2table": img2table,
    "pymupdf": pymupdf,
}


def grid(raw: Raw) -> dict[str, Any]:
    """A table with rows, columns and spans, from its cells' boxes."""
    cells = list({tuple(round(side, 1) for side in box): (box, text) for box, text in raw}.values())  # img2table repeats merged cells
    xs = _positions(side for box, _ in cells for side in (box[0], box[2]))
    ys = _positions(side for box, _ in cells for side in (box[1], box[3]))
    placed = []
    for (x0, top, x1, bottom), text in cells:
        row, col = _nearest(ys, top), _nearest(xs, x0)
        span = {"rowspan": max(1, _nearest(ys, bottom) - row), "colspan": max(1, _nearest(xs, x1) - col)}
        placed.append({"row": row, "col": col, **span, "text": text})
    return {"n_rows": max(0, len(ys) - 1), "n_cols": max(0, len(xs) - 1), "cells": placed}


def _positions(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SAME:
            found.append(value)
    return found


def _nearest(positions: list[float], value: float) -> int:
    return min(range(len(positions)), key=lambda k: abs(positions[k] - value))


def main(engine: str, files: list[str]) -> None:
    logging.disable(logging.CRITICAL)
    read = ENGINES[engine]
    read(files[0])
    found: dict[str, list[list[Raw]] | str] = {}
    start, cpu = time.perf_counter(), time.process_time()
    for file in files:
        try:
            found[file] = read(file)
        except Exception as problem:  # what an engine cannot read is part of what is measured
            found[file] = f"{type(problem).__name__}: {problem}"
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    documents = {}
    for file, pages in found.items():
        if isinstance(pages, str):
            documents[file] = {"problem": pages, "pages": 0, "tables": []}
        else:
            tables = [grid(raw) | {"page": number} for number, raws in enumerate(pages, 1) for raw in raws if raw]
            documents[file] = {"pages": len(pages), "tables": tables}
    print(json.dumps({"seconds": seconds, "cpu": cpu, "documents": documents}, ensure_ascii=False))  # the last line: engines print, too


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
