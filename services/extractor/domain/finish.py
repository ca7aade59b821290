"""A joined table → the contract's Table: boxhead, indents, confidence, labels."""

from __future__ import annotations

from functools import cache, partial

import msgspec

from services.extractor.domain.confidence import confidence, habits, of_table
from services.extractor.domain.joined import JoinedCell, JoinedTable, indents
from shared.canonical import points
from shared.contracts.extracted import Cell, Label, Place, Table


def finished(joined: JoinedTable, name: str) -> Table:
    """The table as it travels; cells in reading order."""
    head = joined.head()
    indent = indents(joined, head)
    columns = joined.n_cols
    order = sorted(range(len(joined.cells)), key=[cell.row * columns + cell.col for cell in joined.cells].__getitem__)
    habit = habits([cell.doubt for cell in joined.cells])
    sure = cache(partial(confidence, engine=joined.engine, habit=habit))  # most cells of a table are alike
    cells = tuple(_cell(joined.cells[k], indent.get(k), sure(joined.cells[k].doubt, joined.cells[k].certainty)) for k in order)
    labels = joined.labels
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
        confidence=of_table([cell.confidence for cell in cells if cell.text]),
    )


def _cell(cell: JoinedCell, indent: float | None, sure: float) -> Cell:
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
        confidence=sure,
        places=places,
        indent=msgspec.UNSET if indent is None else points(indent),
    )
