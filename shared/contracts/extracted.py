"""`tieout.extracted/1`: the tables, text and glyph account of a document as drawn (body of `tables.extracted`)."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from shared.contracts.common import Box, Model, Producer, Submission

SCHEMA: Final = "tieout.extracted/1"

TextKind = Literal["heading", "paragraph", "list_item", "header", "footer", "page_number", "repeated_header", "other"]
LabelKind = Literal["title", "number", "unit", "entity", "note", "other"]
EngineName = Literal["lattice", "stream", "camelot_lattice", "camelot_hybrid", "pdfplumber", "ocr"]


class DocumentInfo(Model, frozen=True, kw_only=True):
    """The document read: `id` is `sha256:HEX` of its bytes."""

    id: str
    bytes: int
    pages: int


class Place(Model, frozen=True, kw_only=True):
    """A further place of a cell that a page break cut."""

    page: int
    bbox: Box


class Cell(Model, frozen=True, kw_only=True):
    """A cell of a table as drawn. `text` has no line breaks. `places`: the first place and the further ones of a cell cut by a page break.

    `reader_text`: what the second reader read, where it differs (such a cell has low confidence). `indent`: the left margin of the
    text inside the cell in ems, where it is more than the usual inset: evidence for the level of a stub row.
    """

    row: int
    col: int
    rowspan: int = 1
    colspan: int = 1
    text: str
    page: int
    bbox: Box
    confidence: float
    places: tuple[Place, ...] | msgspec.UnsetType = msgspec.UNSET
    reader_text: str | msgspec.UnsetType = msgspec.UNSET
    indent: float | msgspec.UnsetType = msgspec.UNSET


class Label(Model, frozen=True, kw_only=True):
    """Text around a table that says what it is: title, form number, unit, entity, note."""

    kind: LabelKind
    text: str
    page: int
    bbox: Box


class Table(Model, frozen=True, kw_only=True):
    """A table as drawn, continued pages joined.

    `page_starts`: rows at which a further page begins. `header_rows`: rows of the boxhead, a row of column numbers included; 0 where
    there is none. `entity_label` and `unit_label` are the printed text, `entity` and `unit` (元, 万元, 亿元 …) what they say.
    """

    id: str
    number: str | None
    title: str | None
    entity_label: str | None
    entity: str | None
    unit_label: str | None
    unit: str | None
    labels: tuple[Label, ...]
    pages: tuple[int, ...]
    n_rows: int
    n_cols: int
    header_rows: int
    page_starts: tuple[int, ...]
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]
    engine: EngineName
    confidence: float


class TextLine(Model, frozen=True, kw_only=True):
    """Text outside tables and labels: a paragraph, heading, footer …; a paragraph's lines are joined."""

    page: int
    kind: TextKind
    text: str
    bbox: Box


class GlyphAccount(Model, frozen=True, kw_only=True):
    """Where every character of a page went; total = in_cells + in_labels + in_text + unplaced."""

    page: int
    total: int
    in_cells: int
    in_labels: int
    in_text: int
    unplaced: int


class ReadWarning(Model, frozen=True, kw_only=True):
    """Something about the reading that a person may want to know; `page` is null where it concerns the whole document."""

    code: str
    page: int | None
    message: str


class Extracted(Model, frozen=True, kw_only=True):
    """Everything that was read of a document."""

    schema: Literal["tieout.extracted/1"] = SCHEMA
    document: DocumentInfo
    tables: tuple[Table, ...]
    text: tuple[TextLine, ...]
    glyphs: tuple[GlyphAccount, ...]
    warnings: tuple[ReadWarning, ...]
    producer: Producer
    submission: Submission | msgspec.UnsetType = msgspec.UNSET
