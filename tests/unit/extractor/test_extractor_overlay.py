"""What is drawn over a page: every cell at its place, spans, boxhead and doubt told apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from services.extractor.adapters.overlay_drawing import drawn
from services.extractor.domain.overlay import Shape, shapes_of
from services.extractor.overlay import draw_overlay
from services.extractor.ports import PageImage
from shared.contracts.common import Producer
from shared.contracts.extracted import Cell, DocumentInfo, Extracted, Label, Place, Table, TextLine
from shared.limits import Limits

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = next((ROOT / "samples").glob("3-*.pdf"))


def extracted(*cells: Cell, header_rows: int = 1) -> Extracted:
    pages = tuple(sorted({place.page for cell in cells for place in (cell.places or ())} | {cell.page for cell in cells}))
    table = Table(
        id="t1", number=None, title="收入总表", entity_label=None, entity=None, unit_label=None, unit=None,
        labels=(Label(kind="title", text="收入总表", page=1, bbox=(50, 20, 90, 30)),), pages=pages, n_rows=2, n_cols=2,
        header_rows=header_rows, page_starts=(), cells=cells, notes=(), engine="lattice", confidence=0.9,
    )  # fmt: skip
    line = TextLine(page=1, kind="page_number", text="1", bbox=(50, 90, 55, 99))
    info = DocumentInfo(id="sha256:0", bytes=1, pages=2)
    return Extracted(document=info, tables=(table,), text=(line,), glyphs=(), warnings=(), producer=Producer(name="x", version="1"))


def cell(row: int, col: int, box: tuple[float, float, float, float], confidence: float = 0.99, **more: object) -> Cell:
    return Cell(row=row, col=col, text="文", page=1, bbox=box, confidence=confidence, **more)  # type: ignore[arg-type]  # spans and places


def test_shapes_say_what_each_cell_is_and_where_the_table_ends() -> None:
    head = cell(0, 0, (10, 40, 90, 50), colspan=2)
    doubtful = cell(1, 0, (10, 50, 50, 60), confidence=0.5)
    shapes = list(shapes_of(extracted(head, doubtful, cell(1, 1, (50, 50, 90, 60)))))
    found = {(shape.kind, shape.box, shape.note) for shape in shapes}
    assert found == {
        ("text", (50, 90, 55, 99), "page_number"),
        ("cell", (10, 40, 90, 50), ""),
        ("boxhead", (10, 40, 90, 50), ""),
        ("span", (10, 40, 90, 50), "1x2"),
        ("cell", (10, 50, 50, 60), ""),
        ("doubtful", (10, 50, 50, 60), "0.50"),
        ("cell", (50, 50, 90, 60), ""),
        ("label", (50, 20, 90, 30), "title"),
        ("table", (10, 40, 90, 60), "t1 lattice 2x2"),
    }


def test_a_cell_that_a_page_break_cut_is_drawn_on_both_pages() -> None:
    cut = cell(1, 0, (10, 80, 50, 90), places=(Place(page=1, bbox=(10, 80, 50, 90)), Place(page=2, bbox=(10, 10, 50, 20))))
    tables = [(shape.page, shape.box) for shape in shapes_of(extracted(cut, header_rows=0)) if shape.kind == "table"]
    assert tables == [(1, (10, 80, 50, 90)), (2, (10, 10, 50, 20))]


@pytest.mark.parametrize(("kind", "channel"), [("doubtful", 0), ("boxhead", 1), ("cell", 2)])
def test_each_kind_has_its_colour_inside_its_box_and_nowhere_else(kind: str, channel: int) -> None:
    white = PageImage(1, 100, 100, 72, np.full((100, 100, 3), 255, dtype=np.uint8))
    picture = np.asarray(drawn(white, [Shape(1, kind, (20, 30, 60, 70))])).astype(int)  # type: ignore[arg-type]  # one of the kinds
    painted = (picture != 255).any(axis=2)
    rows, columns = np.flatnonzero(painted.any(axis=1)), np.flatnonzero(painted.any(axis=0))
    assert (columns[0], rows[0]) >= (20, 30)
    assert (columns[-1], rows[-1]) <= (60, 70)
    assert picture[painted].mean(axis=0).argmax() == channel


def test_a_document_gets_a_picture_a_page_with_its_rules_under_the_cells(tmp_path: Path) -> None:
    chosen = frozenset({8, 9})
    made = draw_overlay(SAMPLE, tmp_path, "样本", chosen, Limits())
    assert [file.name for file in made.files] == ["样本-p0008.png", "样本-p0009.png"]
    assert made.tables >= 1
    assert made.cells > 20
    with Image.open(made.files[0]) as picture:
        pixels = np.asarray(picture)
    cyan = (pixels[:, :, 0] < 60) & (pixels[:, :, 1] > 140) & (pixels[:, :, 2] > 150)
    assert cyan.any(axis=1).sum() > 5  # horizontal rules, and the vertical ones between them


def test_the_same_document_gives_the_same_pictures(tmp_path: Path) -> None:
    first, second = (draw_overlay(SAMPLE, tmp_path / name, "a", {8}, Limits()).files[0].read_bytes() for name in "xy")
    assert first == second
