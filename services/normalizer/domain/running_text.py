"""Running text: lines that a page break or a wrap took apart are one passage again, with the line that each character stands in.

A figure at the head of a page (“…降低 | 52.37%，…”) says nothing without the words on the page before. Lines are joined where the first cannot
be the end of a sentence: it has no final mark and the next one goes on with a figure and its unit, or it has begun to list clauses.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.contracts.extracted import TextLine

_SPACE = re.compile(r"\s+")
_LEFT_OUT = frozenset({"header", "footer", "page_number", "repeated_header"})
_ENDS = re.compile(r"[。;:!?.]$")
_CLAUSE = re.compile(r"[,;。]")
_HANGS = re.compile(r"[,、(“]$|(?:占|为|的|比|较|和|及|与|由)$")
# A figure with its unit, a unit whose figure stands on the line before, or a mark of level: no line begins with these.
_GOES_ON = re.compile(r"^(?:\d[\d,]*(?:\.\d+)?(?:亿|万|千|元|%|人|辆|台|个百分点)|\((?:类|款|项)\))")
_UNIT_FIRST = re.compile(r"^(?:万元|亿元|元|%|辆|台|人|个)")
_MOST_LINES = 12  # the longest paragraph that page breaks cut has three; a text without any full stop must not become one passage
_ORDINAL = re.compile(r"^(?:\(?[一二三四五六七八九十]+\)?[、.)]|\(?\d{1,2}\)?[、.)](?!\d)|第[一二三四五六七八九十]+)")


@dataclass(frozen=True, slots=True)
class Passage:
    """Text without spaces, in NFKC; `starts`: where each of its lines begins in it. A heading is a passage of its own."""

    text: str
    lines: tuple[TextLine, ...]
    starts: tuple[int, ...]

    @property
    def heading(self) -> bool:
        """Whether it is a heading."""
        return self.lines[0].kind == "heading"

    def line_at(self, offset: int) -> TextLine:
        """The line that a character stands in."""
        return self.lines[bisect_right(self.starts, offset) - 1]


def passages(text: Iterable[TextLine]) -> Iterator[Passage]:
    """All lines of text but headers, footers, page numbers and repeated boxheads, in the order of the document, joined where they run on."""
    lines: list[TextLine] = []
    pieces: list[str] = []
    for line in text:
        if line.kind in _LEFT_OUT:
            continue
        piece = _SPACE.sub("", unicodedata.normalize("NFKC", line.text))
        if not piece:
            continue
        if lines and not (_runs_on(pieces, piece) and "heading" not in (lines[-1].kind, line.kind)):
            yield _passage(lines, pieces)
            lines, pieces = [], []
        lines.append(line)
        pieces.append(piece)
    if lines:
        yield _passage(lines, pieces)


def _passage(lines: list[TextLine], pieces: list[str]) -> Passage:
    starts, at = [], 0
    for piece in pieces:
        starts.append(at)
        at += len(piece)
    return Passage("".join(pieces), tuple(lines), tuple(starts))


def _runs_on(before: list[str], after: str) -> bool:
    """Whether a line goes on with the sentence that the lines before it left open."""
    last = before[-1]
    if len(before) >= _MOST_LINES or _ENDS.search(last):
        return False
    if _GOES_ON.match(after) or (last[-1].isdigit() and _UNIT_FIRST.match(after)) or (last[-1] in "亿万千" and after[0] == "元"):
        return True
    if _ORDINAL.match(after):
        return False
    return bool(_HANGS.search(last) or _CLAUSE.search(last))
