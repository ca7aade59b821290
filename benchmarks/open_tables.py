"""How well tables with few rules or none are read, beside other engines on the same pages in the same run.

    python benchmarks/open_tables.py [--documents 40] [--first 1000] [--alone]

Makes so many documents of each style (tests/made_open_tables.py) and prints for each style and engine the F1 of neighbouring cells (as at
the ICDAR 2013 table competition) and the share of tables that are exact in grid, spans and text; of tieout also how many figures of each
confidence stood under their heads and beside their row's words, and how many made pages without tables (tests/open_table_negatives.py)
were taken for some. The other engines join no pages: they are compared on documents whose tables stand on one page each; `--alone` leaves
them out. They run in an environment of their own (benchmarks/peer_environment.py).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from made_open_tables import STYLES, Expected, document  # noqa: E402 (the path is set above)
from open_table_negatives import NEGATIVES, negative  # noqa: E402 (the path is set above)
from open_table_scores import Grid, Score, figures, grid, judged  # noqa: E402 (the path is set above)
from peer_environment import PEER_ENVIRONMENT, python_with  # noqa: E402 (the path is set above)

PEERS = ("camelot hybrid", "img2table", "pdfplumber text")
PACKAGES = ("camelot-py==2.0.0", "img2table==2.0.0", "pdfplumber==0.11.10")
Tables = list[dict[str, Any]]


def read(path: Path) -> Tables:
    """tieout's tables of a PDF, without the second voice."""
    from services.extractor.handlers import ReadSettings
    from services.extractor.reader import read_document

    out = path.with_suffix(".json")
    read_document(path, out, ReadSettings())
    tables: Tables = json.loads(out.read_text())["tables"]
    return tables


def as_grid(table: dict[str, Any]) -> Grid:
    return grid((c["row"], c["col"], c.get("rowspan", 1), c.get("colspan", 1), c["text"]) for c in table["cells"])


def of_rows(rows: list[list[str]]) -> Grid:
    wide = max(map(len, rows))
    return grid((r, c, 1, 1, row[c] if c < len(row) else "") for r, row in enumerate(rows) for c in range(wide))


def told(tables: Tables, expected: list[Expected], counts: dict[float, list[int]]) -> None:
    """Adds to the figures of each confidence: how many there are, how many are where they belong."""
    want = Counter(figure for one in expected for figure in figures(grid(one.cells), one.head_rows).values())
    for table in tables:
        sure = {(c["row"], c["col"]): c["confidence"] for c in table["cells"]}
        for place, figure in figures(as_grid(table), table["header_rows"]).items():
            count = counts.setdefault(sure.get(place, 0.0), [0, 0])
            right = want[figure] > 0
            want[figure] -= right
            count[0] += 1
            count[1] += right


def peers(engine: str, files: list[Path]) -> dict[str, list[Grid]]:
    """Another engine's tables of each file."""
    command = [str(python_with(*PACKAGES)), "-P", str(ROOT / "benchmarks" / "open_table_peers.py"), engine, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=PEER_ENVIRONMENT)
    found = json.loads(done.stdout.splitlines()[-1])
    return {Path(file).name: [of_rows(rows) for rows in tables if rows and any(rows)] for file, tables in found.items()}


def line(style: str, engine: str, score: Score) -> None:
    print(f"{style:10} {engine:16} F1 {score.f1:.3f}  exact {score.exact}/{score.tables}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=40, help="of each style")
    parser.add_argument("--first", type=int, default=1000, help="the first seed: CI holds the bars on lower ones")
    parser.add_argument("--alone", action="store_true", help="tieout only, on all documents")
    options = parser.parse_args()
    counts: dict[float, list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for style in STYLES:
            truth: dict[str, list[Expected]] = {}
            score = Score()
            for seed in range(options.first, options.first + options.documents):
                data, expected = document(seed, style)
                path = Path(folder) / f"{style}{seed}.pdf"
                path.write_bytes(data)
                tables = read(path)
                told(tables, expected, counts)
                if options.alone or all(len(one.pages) == 1 for one in expected):
                    truth[path.name] = expected
                    score += judged([grid(one.cells) for one in expected], [as_grid(table) for table in tables])
            line(style, "tieout", score)
            for engine in () if options.alone else PEERS:
                found = peers(engine, [Path(folder) / name for name in truth])
                line(style, engine, sum((judged([grid(one.cells) for one in truth[name]], found[name]) for name in truth), Score()))
        print("figures under their heads and beside their names, by confidence:")
        for sure, (number, right) in sorted(counts.items(), reverse=True):
            print(f"  {sure:.2f}  {right}/{number} right ({right / number:.4f}), {number - right} wrong")
        path = Path(folder) / "negative.pdf"
        false = 0
        for kind in NEGATIVES:
            for seed in range(options.first, options.first + options.documents):
                path.write_bytes(negative(seed, kind))
                false += bool(read(path))
        print(f"pages without tables taken for some: {false} of {len(NEGATIVES) * options.documents}")


if __name__ == "__main__":
    main()
