"""How exactly scanned pages are read: pages of the corpus turned into images, and their cells compared with those of the file's own text.

    python benchmarks/scans.py [--dpi 150 200 300] [--kind clean degraded] [--all] [--seed 7] [--corpus DIR] [--misses]

Without --all a fixed sample of the table pages of all labelled documents. A cell is right if one stands in its place (in the same row and column
with the same spans; where the grid differs, over at least half of it) with the same text, full-width forms and white space aside; blank cells
count. A figure is a cell of digits and their signs. Printed per resolution and kind of scan: shares of cells, of figures and of tables with the
right grid, how many cells with text and how many figures are right from each certainty on, seconds and processor seconds a page, peak memory of the recogniser.
DIR holds `pdf/`; default: TIEOUT_CORPUS, else ../shared/corpus. --misses prints each wrong cell.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from scanned import scan  # noqa: E402 (the path is set above)

from services.extractor.adapters.pdfium_reader import PdfiumReader  # noqa: E402 (the path is set above)
from services.extractor.adapters.scan_recognizer import ScanRecognizer  # noqa: E402 (the path is set above)
from services.extractor.domain.page import PageContents  # noqa: E402 (the path is set above)
from services.extractor.domain.reading import PageCell, PageTable, read_page  # noqa: E402 (the path is set above)
from services.extractor.ports import PageImage, RecognizerEndedError  # noqa: E402 (the path is set above)

# Of the table pages of each document one in so many.
EVERY = 8
SURE = (0.99, 0.95, 0.9, 0.8, 0.5, 0.0)
_FIGURE = re.compile(r"[-—]|[-(]?[\d,.]*\d[\d,.]*%?\)?")


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass
class Score:
    """What was counted over pages; `read`: per cell with text that was read its certainty, whether it is a figure and whether it is right."""

    cells: int = 0
    right: int = 0
    figures: int = 0
    figures_right: int = 0
    tables: int = 0
    grids: int = 0
    pages: int = 0
    ended: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    read: list[tuple[float, bool, bool]] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)


def table_pages(path: Path, every: int) -> Iterator[PageContents]:
    document = PdfiumReader().open(path)
    seen = 0
    for page in document.contents():
        if any(len(table.cells) >= 6 for table in read_page(page).tables):
            if seen % every == 0:
                yield page
            seen += 1
    document.close()


def compare(truth: list[PageTable], found: list[PageTable], name: str, score: Score) -> None:
    for table in truth:
        score.tables += 1
        twin = max(found, key=lambda other: shared(table.box, other.box), default=None)
        grid = {(c.row, c.col, c.rowspan, c.colspan): c for c in twin.cells} if twin else {}
        same = set(grid) == {(c.row, c.col, c.rowspan, c.colspan) for c in table.cells}
        score.grids += same
        for cell in table.cells:
            place = (cell.row, cell.col, cell.rowspan, cell.colspan)
            count(cell, grid[place] if same else nearest(cell, found), name, score)


def nearest(cell: PageCell, found: list[PageTable]) -> PageCell | None:
    best = max((c for table in found for c in table.cells), key=lambda other: shared(cell.box, other.box), default=None)
    return best if best is not None and shared(cell.box, best.box) > 0.5 else None


def shared(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """Common area as a share of both together."""
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    both = sum((b[2] - b[0]) * (b[3] - b[1]) for b in (first, second))
    return wide * high / max(both - wide * high, 1e-9) if wide > 0 and high > 0 else 0.0


def count(cell: PageCell, read: PageCell | None, name: str, score: Score) -> None:
    text = plain(cell.text)
    right = read is not None and plain(read.text) == text
    figure = _FIGURE.fullmatch(text) is not None
    score.cells += 1
    score.right += right
    score.figures += figure
    score.figures_right += figure and right
    if read is not None and read.text:
        score.read.append((read.certainty, _FIGURE.fullmatch(plain(read.text)) is not None, right))
    if not right:
        sure = f"{read.certainty:.2f}" if read else "no cell"
        score.misses.append(f"{name} r{cell.row}c{cell.col} {text!r} {plain(read.text) if read else None!r} {sure}")


def run(files: list[Path], dpi: float, kind: str, every: int, seed: int) -> Score:
    score = Score()
    for path in files:
        with ScanRecognizer() as recognizer:
            for page in table_pages(path, every):
                pixels = scan(path, dpi, kind, seed=seed, pages=[page.number])[0]
                image = PageImage(page.number, pixels.shape[1] * 72 / dpi, pixels.shape[0] * 72 / dpi, dpi, pixels)
                start = time.perf_counter()
                try:
                    found = recognizer.recognize(image)
                except RecognizerEndedError:
                    score.ended += 1
                    continue
                score.seconds += time.perf_counter() - start
                score.pages += 1
                compare(read_page(page).tables, read_page(found).tables, f"{path.stem} p{page.number}", score)
            score.peak = max(score.peak, recognizer.peak_bytes() / 1e6)
        score.cpu = processor_seconds()
    return score


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dpi", type=float, nargs="+", default=[150, 200, 300])
    parser.add_argument("--kind", nargs="+", default=["clean", "degraded"])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--every", type=int, default=EVERY)
    parser.add_argument("--seed", type=int, default=7, help="of what befalls each page")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"))
    options = parser.parse_args()
    files = sorted((options.corpus / "pdf").glob("*.pdf"))
    for kind in options.kind:
        for dpi in options.dpi:
            before = processor_seconds()
            score = run(files, dpi, kind, 1 if options.all else options.every, options.seed)
            pages = max(score.pages, 1)
            print(
                f"{kind} {dpi:g} dpi: {score.pages} pages, {score.ended} ended; cells {score.right}/{score.cells} = {score.right / score.cells:.4f}, "
                f"figures {score.figures_right}/{score.figures} = {score.figures_right / score.figures:.4f}, grids {score.grids}/{score.tables}; "
                f"{score.seconds / pages:.2f} s, {(score.cpu - before) / pages:.2f} processor s a page; peak {score.peak:.0f} MB",
                flush=True,
            )
            for least in SURE:
                some = [(figure, right) for sure, figure, right in score.read if sure >= least]
                figures = [right for figure, right in some if figure]
                cells = sum(right for _, right in some)
                print(f"  certainty {least:.2f} and more: {cells} of {len(some)} cells right, {sum(figures)} of {len(figures)} figures")
            if options.misses:
                print(*("  " + line for line in score.misses), sep="\n", flush=True)


if __name__ == "__main__":
    main()
