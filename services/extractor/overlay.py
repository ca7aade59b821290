"""Pictures of what was detected: each page rendered, with rules, cells, spans, boxhead, labels and doubtful cells drawn over it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import msgspec

from services.extractor.adapters.overlay_drawing import drawn
from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.domain.overlay import Shape, rule_shapes, shapes_of
from services.extractor.domain.page import PageContents
from services.extractor.work import extract
from shared.contracts.extracted import Extracted
from shared.limits import Limits

_DPI = 110.0  # an A4 page becomes 909 × 1286 pixels: figures of 6 pt can be read, and a page is 150–300 kB


@dataclass(frozen=True)
class Overlaid:
    """What was drawn. `pages`: of the document; `files`: pictures in page order; `tables`, `cells`, `doubtful`: on the pages drawn."""

    pages: int
    files: tuple[Path, ...]
    tables: int
    cells: int
    doubtful: int


def draw_overlay(
    pdf: Path, folder: Path, name: str, chosen: Collection[int], limits: Limits, on_page: Callable[[int, int], None] | None = None
) -> Overlaid:
    """Reads a document and writes `NAME-pNNNN.png` for each chosen page (from 1; none chosen: all) into `folder`.

    Args: on_page: called with (page, pages) as each page is read.
    Raises: DocumentRejected, OSError.
    """
    shapes: list[Shape] = []

    def keep_rules(page: PageContents) -> None:
        if not chosen or page.number in chosen:
            shapes.extend(rule_shapes(page))

    with tempfile.TemporaryDirectory(prefix="tieout-") as scratch:
        out = Path(scratch) / "extracted.json"
        info = extract(pdf, out, limits, on_page=on_page, on_contents=keep_rules)
        shapes += shapes_of(msgspec.json.decode(out.read_bytes(), type=Extracted))
    wanted = [page for page in range(1, info.pages + 1) if not chosen or page in chosen]
    by_page: dict[int, list[Shape]] = {page: [] for page in wanted}
    for shape in shapes:
        if shape.page in by_page:
            by_page[shape.page].append(shape)
    files = _draw_pages(pdf, folder, name, by_page)
    kinds = [shape.kind for found in by_page.values() for shape in found]
    tables = {shape.note for found in by_page.values() for shape in found if shape.kind == "table"}
    return Overlaid(info.pages, files, len(tables), kinds.count("cell"), kinds.count("doubtful"))


def _draw_pages(pdf: Path, folder: Path, name: str, by_page: dict[int, list[Shape]]) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    document = PdfiumReader().open(pdf)
    files = []
    try:
        for page, found in by_page.items():
            file = folder / f"{name}-p{page:04}.png"
            drawn(document.image(page, _DPI), found).save(file, optimize=False)
            files.append(file)
    finally:
        document.close()
    return tuple(files)
