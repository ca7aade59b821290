"""Documents in which tables go on over the page, or end where another one begins, made from a seed, with what must be read from them.

`document(kind, seed)` draws one of the kinds in `seam_kinds.KINDS` in the manner of a spreadsheet, a word processor, an office suite or a
browser; `seam_flow.flow` lays a form over as many pages as wanted. Here: how that may be done, and what must be read of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hard_rules import Cell


@dataclass
class Way:
    """How a form goes over pages.

    `again`: what each further page prints above its rows: nothing, head, lower, upper (rows of the boxhead), titled (all labels and the boxhead),
    named (labels without the boxhead), marked (labels with a mark and the boxhead), marked_bare, mark (the mark alone), row (the mark in a row of the grid, and the boxhead), unit (its line and
    the boxhead), unit_bare. `foot`: what stands below each part but the last; `below`: below each part. `merged`: a merged cell that the break cuts is printed again, blank, open (no rule; its text stands above),
    split (no rule; its text goes on) or clipped (printed again where no one sees it). `cut`: rows may be cut. `last`: rows on the last page.
    `blank`: a page with nothing on it lies between. `across`: pages are upright and across by turns, and the table is as wide as they are.
    """

    pages: int = 2
    again: str = "head"
    mark: str = "（续）"
    merged: str = "again"
    cut: bool = False
    last: int | None = None
    shift: float = 0.0
    scale: float = 1.0
    upper_rule: bool = True
    total: str = ""
    subtotals: bool = False
    turns: bool = False
    title_at_foot: bool = False
    full: float = 1.0
    empty: str = ""
    foot: str = ""
    below: tuple[str, ...] = ()
    blank: bool = False
    across: bool = False


@dataclass
class Expected:
    """A table as it must come back. `heads`: page → rows of the boxhead printed again there, white space left out; `mended`: cells cut by a page break."""

    title: str
    pages: list[int] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    heads: dict[int, list[str]] = field(default_factory=dict)
    mended: list[Cell] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass
class Made:
    """A document, its tables, and the pages before whose tables a reader may ask: what is printed does not decide."""

    data: bytes
    tables: list[Expected]
    unsure: set[int]
