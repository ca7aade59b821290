"""All kinds of drawing by name: `KINDS`."""

from __future__ import annotations

from hard_kinds import DRAWING_KINDS, Kind
from hard_kinds_cells import CELL_KINDS
from hard_kinds_pages import PAGE_KINDS

KINDS: dict[str, Kind] = DRAWING_KINDS | CELL_KINDS | PAGE_KINDS
