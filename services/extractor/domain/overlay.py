"""What was detected on a page, as shapes to draw over it: rules, cells, spans, boxhead, labels, text and doubtful cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from msgspec import UNSET

from services.extractor.domain.page import PageContents
from services.extractor.domain.rulings import find_rulings
from shared.contracts.common import Box
from shared.contracts.extracted import Cell, Extracted, Table

ShapeKind = Literal["rule", "cell", "span", "boxhead", "doubtful", "table", "label", "text"]

# Cells between drawn rules have .99: what is below this was pulled over a border, read from gaps, or read differently by two readers.
DOUBTFUL = 0.95


@dataclass(frozen=True, slots=True)
class Shape:
    """Something detected. `box`: points from the top left of the page (from 1) as shown; `note`: a few ASCII characters beside it, or none."""

    page: int
    kind: ShapeKind
    box: Box
    note: str = ""


def rule_shapes(page: PageContents) -> list[Shape]:
    """The ruling lines that are found among a page's marks."""
    rulings = find_rulings(page)
    boxes = [(start, at, end, at) for at, start, end in rulings.horizontal.tolist()]
    boxes += [(at, start, at, end) for at, start, end in rulings.vertical.tolist()]
    return [Shape(page.number, "rule", box) for box in page.all_shown(boxes)]


def shapes_of(extracted: Extracted) -> Iterator[Shape]:
    """Everything that was read of a document, in the order in which it is drawn: what says more lies above."""
    for line in extracted.text:
        yield Shape(line.page, "text", line.bbox, line.kind)
    for table in extracted.tables:
        yield from _of_table(table)


def _of_table(table: Table) -> Iterator[Shape]:
    for cell in table.cells:
        kinds = _kinds(cell, table)
        for page, box in _places(cell):
            for kind, note in kinds:
                yield Shape(page, kind, box, note)
    for label in table.labels:
        yield Shape(label.page, "label", label.bbox, label.kind)
    for page in table.pages:
        boxes = [box for cell in table.cells for at, box in _places(cell) if at == page]
        if boxes:
            yield Shape(page, "table", _around(boxes), f"{table.id} {table.engine} {table.n_rows}x{table.n_cols}")


def _kinds(cell: Cell, table: Table) -> list[tuple[ShapeKind, str]]:
    kinds: list[tuple[ShapeKind, str]] = [("cell", "")]
    if cell.row < table.header_rows:
        kinds.append(("boxhead", ""))
    if cell.rowspan > 1 or cell.colspan > 1:
        kinds.append(("span", f"{cell.rowspan}x{cell.colspan}"))
    if cell.confidence < DOUBTFUL:
        kinds.append(("doubtful", f"{cell.confidence:.2f}"))
    return kinds


def _places(cell: Cell) -> list[tuple[int, Box]]:
    """All places of a cell: a page break may have cut it."""
    return [(cell.page, cell.bbox)] if cell.places is UNSET else [(place.page, place.bbox) for place in cell.places]


def _around(boxes: Iterable[Box]) -> Box:
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return (min(x0), min(top), max(x1), max(bottom))
