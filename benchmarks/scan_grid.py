"""How many grids of scanned tables are those of the tables as they were born: same rows, columns and spans.

    python benchmarks/scan_grid.py [--dpi 150 200 300] [--kinds clean degraded] [--every 6] [--hard 60] [--corpus DIR] [--show]

Pages of the corpus that hold a table (every n-th of all documents), and of generated documents with hard tables, are rendered, scanned by
`tests/scanned.py`, and cleaned; lattices found on the scan are compared with those found on the page itself.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hard_tables import document  # noqa: E402 (the path is set above)
from scanned import scan  # noqa: E402 (the path is set above)

from services.extractor.adapters.pdfium_reader import PdfiumReader  # noqa: E402 (the path is set above)
from services.extractor.adapters.scan_image import CleanScan, cleaned, upside_down  # noqa: E402 (the path is set above)
from services.extractor.domain.lattice import find_lattices  # noqa: E402 (the path is set above)
from services.extractor.domain.page import Floats, PageContents, no_floats  # noqa: E402 (the path is set above)
from services.extractor.domain.rulings import Rulings, find_rulings  # noqa: E402 (the path is set above)

Grid = tuple[int, int, tuple[tuple[int, int, int, int], ...]]


def main() -> None:
    """Prints a line per kind and resolution."""
    arguments = _arguments()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        pages = [*_corpus_pages(arguments.corpus, arguments.every), *_hard_pages(Path(folder), arguments.hard)]
        print(f"{len(pages)} pages, {sum(len(born) for *_, born in pages)} tables")
        for kind in arguments.kinds:
            for dpi in arguments.dpi:
                _measure(pages, kind, dpi, arguments.show)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dpi", type=float, nargs="+", default=[150.0, 200.0, 300.0])
    parser.add_argument("--kinds", nargs="+", default=["clean", "degraded"])
    parser.add_argument("--every", type=int, default=6)
    parser.add_argument("--hard", type=int, default=60)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--show", action="store_true", help="name each page whose grids differ")
    return parser.parse_args()


Page = tuple[Path, int, int, list[Grid]]
"""File, page, seed of the scan, grids of the page itself."""


def _corpus_pages(corpus: Path, every: int) -> Iterator[Page]:
    seen = 0
    for path in sorted(corpus.glob("pdf*/*.pdf")):
        if b"%PDF" not in path.read_bytes()[:1024]:
            continue
        for number, born in _born(path):
            seen += 1
            if seen % every == 0:
                yield path, number, seen, born


def _hard_pages(folder: Path, count: int) -> Iterator[Page]:
    for seed in range(count):
        path = folder / f"hard-{seed}.pdf"
        path.write_bytes(document(seed)[0])
        for number, born in _born(path)[:1]:
            yield path, number, seed, born


def _born(path: Path) -> list[tuple[int, list[Grid]]]:
    """Pages with tables, and their grids. Pages with text that runs otherwise than the page stands are left to `quarter`."""
    opened = PdfiumReader().open(path)
    try:
        found = [(page.number, page.turn, grids(find_rulings(page), page.width)) for page in opened.contents()]
    finally:
        opened.close()
    return [(number, born) for number, turn, born in found if born and not turn]


def grids(rulings: Rulings, width: float) -> list[Grid]:
    """Lattices that may be tables: more than a box, and no small chart."""
    found = [one for one in find_lattices(rulings) if one.columns > 1 and len(one.cells) > 3 and one.box[2] - one.box[0] > width / 4]
    return [(one.rows, one.columns, tuple(sorted(one.cells))) for one in found]


def on_scan(one: CleanScan) -> list[Grid]:
    """The grids of a cleaned scan."""
    none = np.zeros(0, dtype=np.int32)
    paint: Floats = np.tile([0.0, 0.0, 0.0, 255.0], (len(one.marks), 1))
    filled = np.zeros(len(one.marks), dtype=np.bool_)
    page = PageContents(
        1, one.width, one.height, 0, none, no_floats(4), no_floats(2), np.zeros(0), none, one.marks, paint, filled, one.weight
    )
    return grids(find_rulings(page), one.width)


def _measure(pages: list[Page], kind: str, dpi: float, show: bool) -> None:
    tables = same = more = 0
    seconds = []
    for path, number, seed, born in pages:
        image = scan(path, dpi, kind, seed, [number])[0]
        start = time.process_time()
        one = cleaned(image, dpi)
        seconds.append(time.process_time() - start)
        ways = [on_scan(one)] + ([on_scan(upside_down(one))] if one.quarter else [])
        found = max(ways, key=lambda way: (Counter(way) & Counter(born)).total())
        good = (Counter(found) & Counter(born)).total()
        tables, same, more = tables + len(born), same + good, more + len(found) - good
        if show and good < len(born):
            shapes = [[(rows, columns, len(cells)) for rows, columns, cells in which] for which in (born, found)]
            print(f"  {path.name} page {number} seed {seed}: born {shapes[0]}, on the scan {shapes[1]}, skew {one.skew}")
    print(
        f"{kind:12} {dpi:.0f} dpi: {same}/{tables} = {same / tables:.4f} identical, {more} others found;"
        f" {np.mean(seconds):.2f} s of processor time a page, at most {max(seconds):.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
