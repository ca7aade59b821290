"""Columns of text on any width: the last one, a file's name mostly, moves below its row where the screen is too narrow for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from tieout.wrapping import wrapped

_GAP: Final = 2
_INDENT: Final = 4
_NARROWEST: Final = 16  # below this nothing is broken into lines any more


def columns(heads: Sequence[str], rows: Sequence[Sequence[str | Text]], width: int, right: Collection[int] = ()) -> list[Text]:
    """The lines of a table; the heads are its first line.

    Args: width: of the screen. right: numbers of columns that are set to the right. The last column stands in its row where it fits there in
    every row; else below it, indented, broken into lines.
    """
    table = [[Text(each) if isinstance(each, str) else each for each in row] for row in (heads, *rows)]
    widths = [max(row[number].cell_len for row in table) for number in range(len(heads) - 1)]
    room = width - sum(widths) - _GAP * len(widths)
    beside = max(row[-1].cell_len for row in table) <= room
    lines: list[Text] = []
    for number, row in enumerate(table):
        line = Text(" " * _GAP).join(_set(cell, widths[place], place in right) for place, cell in enumerate(row[:-1]))
        if beside or number == 0:
            line = Text(" " * _GAP).join((line, row[-1])) if line.cell_len + _GAP + row[-1].cell_len <= width or beside else line
        line.rstrip()
        if number == 0:
            line.stylize("bold")
        lines.append(line)
        if not beside and number:
            lines += [Text.assemble(" " * _INDENT, part) for part in wrapped(row[-1], max(_NARROWEST, width - _INDENT)) if part.plain]
    return lines


def print_columns(console: Console, heads: Sequence[str], rows: Sequence[Sequence[str | Text]], right: Collection[int] = ()) -> None:
    """Prints them; in a pipe a row is always one line."""
    width = 10_000 if console.soft_wrap else console.width
    for line in columns(heads, rows, width, right):
        console.print(line, soft_wrap=True)


def _set(cell: Text, width: int, right: bool) -> Text:
    filled = " " * (width - cell.cell_len)
    return Text.assemble(filled, cell) if right else Text.assemble(cell, filled)
