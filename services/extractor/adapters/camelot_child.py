"""Runs camelot on one region of one page and prints the tables as JSON: `python -m … PATH PAGE X0,TOP,X1,BOTTOM FLAVOUR`.

A process of its own, because importing camelot costs 138 MB and because it has crashed natively on hostile files.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

# Fallback for a page turned in the file: camelot reads in unturned coordinates, and a wrong region is worse than none.
_TURNED = 3


def _tables(path: str, page: int, region: tuple[float, float, float, float], flavour: str) -> list[dict[str, Any]]:
    import camelot.io
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    sheet = document[page - 1]
    if sheet.get_rotation():
        sys.exit(_TURNED)
    left, _, _, top_edge = sheet.get_mediabox()
    x0, top, x1, bottom = region
    area = f"{left + x0},{top_edge - top},{left + x1},{top_edge - bottom}"
    options: dict[str, Any] = {"engine": "vector", "split_text": True} if flavour == "lattice" else {}
    found = camelot.io.read_pdf(path, pages=str(page), flavor=flavour, table_areas=[area], suppress_stdout=True, **options)
    return [_as_json(table, left, top_edge) for table in found]


def _as_json(table: Any, left: float, top_edge: float) -> dict[str, Any]:
    cells = [
        {
            "row": row,
            "col": col,
            "text": " ".join(cell.text.split()),
            "bbox": [cell.x1 - left, top_edge - cell.y2, cell.x2 - left, top_edge - cell.y1],
        }
        for row, line in enumerate(table.cells)
        for col, cell in enumerate(line)
    ]
    return {"rows": len(table.cells), "cols": len(table.cells[0]) if table.cells else 0, "cells": cells}


def main(arguments: list[str]) -> int:
    """Prints one JSON list; exit code 0, or 3 where the page is turned."""
    logging.disable(logging.CRITICAL)
    path, page, region, flavour = arguments
    x0, top, x1, bottom = (float(part) for part in region.split(","))
    json.dump(_tables(path, int(page), (x0, top, x1, bottom), flavour), sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
