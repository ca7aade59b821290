"""A joined table → the contract's Table: boxhead, indents, confidence, labels."""

from __future__ import annotations

import re

import msgspec

from services.extractor.domain.joined import JoinedCell, JoinedTable, indents
from shared.canonical import points, share
from shared.contracts.extracted import Cell, EngineName, Label, Place, Table

# What a cell between drawn rules is worth, and one whose text had to be pulled back over a border.
SURE, PULLED_BACK, UNREADABLE = share(0.99), share(0.9), share(0.5)
# A cell whose borders come from the text's own gaps.
FROM_TEXT = share(0.85)
# One of those whose column or row may be another one: its head stands aside, its text reaches over, its figures are set raggedly.
DOUBTFUL_PLACE = share(0.6)
# Control characters, the private use area, the replacement character: what stands where a font has no Unicode values.
_WITHOUT_MEANING = re.compile("[\x00-\x1f\ue000-\uf8ff\ufffd-\uffff]")


def finished(joined: JoinedTable, name: str) -> Table:
    """The table as it travels; cells in reading order."""
    head = joined.head()
    indent = indents(joined, head)
    order = sorted(range(len(joined.cells)), key=lambda k: (joined.cells[k].row, joined.cells[k].col))
    cells = tuple(_cell(joined.cells[k], indent.get(k), joined.engine) for k in order)
    labels = joined.labels
    spoken = [cell.confidence for cell in cells if cell.text] or [SURE]
    return Table(
        id=name,
        number=labels.number,
        title=labels.title,
        entity_label=labels.entity_label,
        entity=labels.entity,
        unit_label=labels.unit_label,
        unit=labels.unit,
        labels=tuple(Label(kind=one.kind, text=one.line.text, page=one.line.page, bbox=one.bbox) for one in labels.lines),
        pages=tuple(joined.pages),
        n_rows=joined.n_rows,
        n_cols=joined.n_cols,
        header_rows=head,
        page_starts=tuple(joined.page_starts),
        cells=cells,
        notes=tuple(labels.notes),
        engine=joined.engine,
        confidence=share(sum(spoken) / len(spoken)),
    )


def _cell(cell: JoinedCell, indent: float | None, engine: EngineName) -> Cell:
    page, box = cell.places[0]
    places = tuple(Place(page=number, bbox=place) for number, place in cell.places) if len(cell.places) > 1 else msgspec.UNSET
    return Cell(
        row=cell.row,
        col=cell.col,
        rowspan=cell.rowspan,
        colspan=cell.colspan,
        text=cell.text,
        page=page,
        bbox=box,
        confidence=_confidence(cell, engine),
        places=places,
        indent=msgspec.UNSET if indent is None else points(indent),
    )


def _confidence(cell: JoinedCell, engine: EngineName) -> float:
    if _WITHOUT_MEANING.search(cell.text):
        return UNREADABLE
    drawn = DOUBTFUL_PLACE if cell.doubtful else PULLED_BACK if cell.moved else SURE
    if engine == "ocr":
        return min(drawn, share(cell.certainty))
    return drawn if engine == "lattice" else min(drawn, FROM_TEXT)
