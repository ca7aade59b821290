"""One table engine over some PDFs, by the strategy it has for tables without rules: prints one JSON line with each file's tables.

    PYTHON benchmarks/open_table_peers.py ENGINE FILE…

Started by benchmarks/open_tables.py in an environment that has the engine; imports nothing of this project. A table is a list of rows of
texts; these strategies find no spans.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable

Table = list[list[str]]


def camelot_hybrid(path: str) -> list[Table]:
    import camelot

    found = camelot.read_pdf(path, pages="all", flavor="hybrid", suppress_stdout=True)
    return [[[cell.text for cell in row] for row in table.cells] for table in found]


def img2table(path: str) -> list[Table]:
    from img2table.document import PDF

    found = PDF(path).extract_tables(borderless_tables=True)
    return [[[cell.value or "" for cell in row] for row in table.content.values()] for page in sorted(found) for table in found[page]]


def pdfplumber_text(path: str) -> list[Table]:
    import pdfplumber

    tables: list[Table] = []
    with pdfplumber.open(path) as document:
        for page in document.pages:
            found = page.extract_tables({"vertical_strategy": "text", "horizontal_strategy": "text"})
            tables += [[[text or "" for text in row] for row in table] for table in found]
    return tables


ENGINES: dict[str, Callable[[str], list[Table]]] = {
    "camelot hybrid": camelot_hybrid,
    "img2table": img2table,
    "pdfplumber text": pdfplumber_text,
}


def main(engine: str, files: list[str]) -> None:
    logging.disable(logging.CRITICAL)
    found: dict[str, list[Table]] = {}
    for file in files:
        try:
            found[file] = ENGINES[engine](file)
        except Exception as problem:  # what an engine cannot read is part of what is measured
            print(f"{engine}: {file}: {type(problem).__name__}: {problem}", file=sys.stderr)
            found[file] = []
    print(json.dumps(found, ensure_ascii=False))  # the last line: engines print, too


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
