"""Paragraphs on a terminal: Chinese text may break between any two characters, figures and words stay whole."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

# What must not begin a line stays with what stands before it; what must not end one, with what follows.
_CLOSING = "，。；：、！？）》”’」』】…%"
_OPENING = "（《“‘「『【"
_PIECE = re.compile(rf"[{_OPENING}]*(?:[!-~]+|[^\s])[{_CLOSING}]*\s*")
_NARROWEST = 16  # below this a margin is not worth its columns


def wrapped(text: Text, width: int) -> list[Text]:
    """The lines of a paragraph, none wider than `width` columns (but for a word that is wider by itself)."""
    breaks: list[int] = []
    used = 0
    for piece in _PIECE.finditer(text.plain):
        if used and used + cell_len(piece[0].rstrip()) > width:
            breaks.append(piece.start())
            used = 0
        used += cell_len(piece[0])
    lines = list(text.divide(breaks))
    for line in lines:
        line.rstrip()
    return lines


def print_paragraph(console: Console, text: Text, lead: Text | str = "", margin: int = 2) -> None:
    """A paragraph whose further lines stand below its first word; in a pipe it is one line. Args: lead: a bullet before it."""
    lead = Text(lead) if isinstance(lead, str) else lead
    indent = margin + lead.cell_len
    if console.soft_wrap or console.width - indent < _NARROWEST:
        console.print(Text.assemble(" " * margin, lead, text))
        return
    for number, line in enumerate(wrapped(text, console.width - indent)):
        console.print(Text.assemble(" " * margin, lead, line) if number == 0 else Text.assemble(" " * indent, line))
