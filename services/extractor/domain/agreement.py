"""Two readers of one table: the cells in which they differ are marked.

The second reader is another library that reads the text inside the boxes of the first reader's cells. Where they differ, either may have
misread, and the cell's confidence says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import msgspec

from services.extractor.domain.confidence import agreed, differing, of_table
from shared.contracts.extracted import Cell, ReadWarning, Table
from shared.contracts.vocabulary import WarningCode


def same_text(one: str, other: str) -> bool:
    """Whether two readings are one text: spaces, compatibility forms (full-width digits) and radicals in place of ideographs aside."""
    first, second = _folded(one), _folded(other)
    if first == second:
        return True
    # Some fonts map an ideograph to the radical that looks like it (⻝ for 食); Unicode gives most of these no decomposition.
    return len(first) == len(second) and all(a == b or _is_radical(a) or _is_radical(b) for a, b in zip(first, second, strict=True))


def _is_radical(character: str) -> bool:
    return "\u2e80" <= character <= "\u2fdf"


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def compare(table: Table, readings: Sequence[str | None]) -> tuple[Table, tuple[ReadWarning, ...]]:
    """The table with differing cells marked, and a warning for each page that has some.

    Args: readings: the second reader's text for each cell of `table.cells`, in their order; None where it read nothing at all.
    """
    marked: list[Cell] = []
    pages: dict[int, int] = {}
    for cell, reading in zip(table.cells, readings, strict=True):
        if reading is None:
            marked.append(cell)
            continue
        if same_text(cell.text, reading):
            marked.append(msgspec.structs.replace(cell, confidence=agreed(cell.confidence)))
            continue
        pages[cell.page] = pages.get(cell.page, 0) + 1
        marked.append(msgspec.structs.replace(cell, confidence=differing(cell.confidence), reader_text=reading))
    warnings = tuple(
        ReadWarning(
            code=WarningCode.READERS_DIFFER,
            page=page,
            message=f"{table.id}: 两个读取器在 {count} 个单元格上不一致，已标记 / two readers differ in {count} cells, which are marked",
        )
        for page, count in sorted(pages.items())
    )
    confidence = of_table([cell.confidence for cell in marked if cell.text])
    return msgspec.structs.replace(table, cells=tuple(marked), confidence=confidence), warnings
