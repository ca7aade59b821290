"""Turns a corpus truth file into the extracted document that a perfect reading of its PDF would give.

Lets the stages after the extractor be tested without it. What paper does not say (the truth's names for forms) is left out; pages and
boxes are made up: every table stands on a page of its own, a cell's box is its place in the grid.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import msgspec

from shared.contracts.common import NO_BOX, Producer
from shared.contracts.extracted import Cell, DocumentInfo, Extracted, GlyphAccount, Label, Table, TextKind, TextLine

_KINDS: dict[str, TextKind] = {"h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "p": "paragraph"}


def _truth_module(corpus: Path) -> ModuleType:
    """The corpus's own reader of truth files (`tools/truth.py` beside the corpus); it is no part of the project."""
    name = "corpus_truth_reader"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, corpus.parent / "tools" / "truth.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def load_truth(path: Path) -> Any:
    """The truth file as its own reader gives it (`Doc` with `forms`, `narrative`, `blocks`)."""
    return _truth_module(path.resolve().parents[1]).load(path)


def _cell(cell: Any, page: int) -> Cell:
    box = (20.0 + 40.0 * cell.col, 60.0 + 12.0 * cell.row, 20.0 + 40.0 * (cell.col + cell.colspan), 60.0 + 12.0 * (cell.row + cell.rowspan))
    return Cell(
        row=cell.row,
        col=cell.col,
        rowspan=cell.rowspan,
        colspan=cell.colspan,
        text=cell.text,
        page=page,
        bbox=box,
        confidence=1.0,
        indent=float(cell.indent) if cell.indent else msgspec.UNSET,
    )


def _entity(label: str) -> str | None:
    """What the entity label says: the text after its colon."""
    _, found, name = label.replace(":", "：").partition("：")
    return name.strip() or None if found else None


def _table(form: Any, index: int, page: int) -> Table:
    printed = (("number", form.number), ("title", form.title), ("entity", form.entity_label), ("unit", form.unit_label))
    labels = [Label(kind=kind, text=text, page=page, bbox=NO_BOX) for kind, text in printed if text]  # type: ignore[arg-type]
    labels += [Label(kind="note", text=text, page=page, bbox=NO_BOX) for text in form.notes]
    return Table(
        id=f"t{index}",
        number=form.number or None,
        title=form.title or None,
        entity_label=form.entity_label or None,
        entity=_entity(form.entity_label),
        unit_label=form.unit_label or None,
        unit=form.unit if form.unit_label else None,
        labels=tuple(labels),
        pages=(page,),
        n_rows=form.rows,
        n_cols=form.cols,
        header_rows=form.header_rows,
        page_starts=tuple(sorted(form.page_starts)),
        cells=tuple(_cell(cell, page) for cell in form.cells),
        notes=tuple(form.notes),
        engine="lattice",
        confidence=1.0,
    )


def truth_document(path: Path) -> Extracted:
    """The extracted document of a truth file; its id is the digest of the truth file's bytes."""
    doc = load_truth(path)
    tables: list[Table] = []
    text: list[TextLine] = []
    page = 1
    for block in doc.blocks:
        if block.form is not None:
            page += 1
            tables.append(_table(block.form, len(tables) + 1, page))
        elif block.text:
            text.append(TextLine(page=page, kind=_KINDS[block.kind], text=block.text, bbox=NO_BOX))
    data = path.read_bytes()
    glyphs = tuple(GlyphAccount(page=number, total=0, in_cells=0, in_labels=0, in_text=0, unplaced=0) for number in range(1, page + 1))
    return Extracted(
        document=DocumentInfo(id="sha256:" + hashlib.sha256(data).hexdigest(), bytes=len(data), pages=page),
        tables=tuple(tables),
        text=tuple(text),
        glyphs=glyphs,
        warnings=(),
        producer=Producer(name="truth", version="1"),
    )


def continued_cells(path: Path) -> set[tuple[str, int, int]]:
    """(table id, row, column) of cells that the truth marks as printed again after a page break."""
    doc = load_truth(path)
    forms = cast("list[Any]", doc.forms)
    return {(f"t{index}", cell.row, cell.col) for index, form in enumerate(forms, 1) for cell in form.cells if cell.continued}
