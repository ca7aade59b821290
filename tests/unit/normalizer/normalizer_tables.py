"""Small extracted documents for tests of the normaliser: a table from rows of texts, a document from tables and paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from shared.contracts.common import NO_BOX, Producer
from shared.contracts.extracted import Cell, DocumentInfo, Extracted, Label, Table, TextLine
from shared.contracts.normalized import Fact, Form, Normalized, Row


class Span(NamedTuple):
    """A cell over several columns or rows, or an indented one."""

    text: str
    cols: int = 1
    rows: int = 1
    indent: float = 0.0


Printed = str | Span


def table(
    rows: Sequence[Sequence[Printed]],
    header_rows: int,
    *,
    title: str | None = None,
    unit: str | None = "万元",
    table_id: str = "t1",
    page: int = 1,
    page_starts: tuple[int, ...] = (),
    entity: str | None = None,
    notes: tuple[str, ...] = (),
) -> Table:
    """A table from its rows; a place taken by a span above or left is not written again."""
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    width = 0
    for row, texts in enumerate(rows):
        col = 0
        for printed in texts:
            span = printed if isinstance(printed, Span) else Span(printed)
            while (row, col) in taken:
                col += 1
            taken |= {(row + down, col + right) for down in range(span.rows) for right in range(span.cols)}
            box = (40.0 * col, 100.0 + 12.0 * row, 40.0 * (col + span.cols), 100.0 + 12.0 * (row + span.rows))
            indent = span.indent or msgspec.UNSET
            cells.append(
                Cell(
                    row=row,
                    col=col,
                    rowspan=span.rows,
                    colspan=span.cols,
                    text=span.text,
                    page=page,
                    bbox=box,
                    confidence=1.0,
                    indent=indent,
                )
            )
            col += span.cols
        width = max(width, *(right + 1 for down, right in taken if down == row)) if taken else width
    labels = [Label(kind="title", text=title, page=page, bbox=NO_BOX)] if title else []
    return Table(
        id=table_id,
        number=None,
        title=title,
        entity_label=f"部门：{entity}" if entity else None,
        entity=entity,
        unit_label=f"单位：{unit}" if unit else None,
        unit=unit,
        labels=tuple(labels),
        pages=(page,),
        n_rows=len(rows),
        n_cols=width,
        header_rows=header_rows,
        page_starts=page_starts,
        cells=tuple(cells),
        notes=notes,
        engine="lattice",
        confidence=1.0,
    )


def document(*tables: Table, text: Sequence[str | TextLine] = ()) -> Extracted:
    """A document of tables and lines of text (headings are given as TextLine)."""
    lines = tuple(line if isinstance(line, TextLine) else TextLine(page=1, kind="paragraph", text=line, bbox=NO_BOX) for line in text)
    return Extracted(
        document=DocumentInfo(id="sha256:0", bytes=1, pages=9),
        tables=tables,
        text=lines,
        glyphs=(),
        warnings=(),
        producer=Producer(name="extractor", version="test"),
    )


def heading(text: str, page: int = 1, bbox: tuple[float, float, float, float] = NO_BOX) -> TextLine:
    """A heading."""
    return TextLine(page=page, kind="heading", text=text, bbox=bbox)


def normalized(*tables: Table, text: Sequence[str | TextLine] = ()) -> Normalized:
    """The normalised document of tables and text, with the catalogue that comes with the service."""
    return normalize_document(document(*tables, text=text), standard_catalogue())


def form_of(*args: object, **kwargs: object) -> Form:
    """The form of one table made of the arguments of `table`."""
    return normalized(table(*args, **kwargs)).forms[0]  # type: ignore[arg-type]


def rows_of(form: Form, index: int = 0) -> dict[str, Row]:
    """The rows of a form's list by their label."""
    return {row.label: row for row in form.lists[index].rows}


def fact(result: Normalized, fact_id: str) -> Fact:
    """The fact of an id."""
    return next(entry for entry in result.facts if entry.id == fact_id)
