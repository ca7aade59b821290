"""Small raised or lowered characters beside larger ones: note marks (1,234.56¹), units (m²), formulas (CO₂).

Read as a line of their own, they would stand before their line: "1" and "1,234.56" would become 11,234.56. They belong to the line of the
character that they follow, and a digit among them is written as the superscript or subscript that it is on paper (¹ is no digit 1).
"""

from __future__ import annotations

import itertools

import numpy as np

from services.extractor.domain.page import Floats, Ints, PageContents

# Size of a mark against the character before it: word processors use .58-.65, TeX .7, spreadsheets .67; .8 parts them from text of another
# font beside it (9 pt figures beside 10.5 pt ideographs: .86).
_SMALLER = 0.8
# How far its baseline stands above (superscript: .3-.5 seen) or below (subscript: .1-.25) that of the larger character, in ems of that one.
# Text of half the size set in the middle of the same row stands .18 higher.
_ABOVE, _BELOW = (0.22, 0.85), (0.08, 0.4)
# Distance to the end of the character before, in its ems: cells' inner margins on both sides of a ruling line are more.
_BEFORE, _BEHIND = 0.2, 0.3
# Marks are short. A longer run of small characters is text.
_LONGEST = 6
_SUPERSCRIPT = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_SUBSCRIPT = dict(zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True))


def settle_raised(page: PageContents, start: Floats, end: Floats, across: Floats, chars: list[str]) -> None:
    """Puts small raised or lowered runs on the line of what they follow; digits in `chars` become superscripts or subscripts.

    Args: start, end, across: as `glyphs.along` gives them; `across` and `chars` are changed.
    """
    size = page.size
    if not len(size) or (size > _SMALLER * size.max()).all():  # the others follow nothing larger
        return
    edges = ((size[1:] <= _SMALLER * size[:-1]) | (size[:-1] <= _SMALLER * size[1:])).nonzero()[0] + 1
    if not len(edges):
        return
    bounds = [0, *edges.tolist(), len(size)]
    smaller = (size <= _SMALLER * size.max()).tolist()
    for first, stop in itertools.pairwise(bounds):
        if not any(smaller[first:stop]):
            continue
        for a, b in _level(across, size, first, stop):
            base = _base(page, start, end, across, a) if b - a <= _LONGEST else None
            if base is None:
                continue
            written = _SUPERSCRIPT if across[a] < across[base] else _SUBSCRIPT
            across[a:b] = across[base]
            chars[a:b] = [written.get(char, char) for char in chars[a:b]]


def _level(across: Floats, size: Floats, first: int, stop: int) -> list[tuple[int, int]]:
    """The parts of a run of one size that stand on one baseline each. A run that is long without a break is text: nothing of it."""
    if stop - first > 40 * _LONGEST:
        return []
    breaks = np.flatnonzero(np.abs(np.diff(across[first:stop])) > 0.1 * size[first]) + first + 1
    bounds = [first, *breaks.tolist(), stop]
    return list(itertools.pairwise(bounds))


def _base(page: PageContents, start: Floats, end: Floats, across: Floats, k: int) -> int | None:
    """The larger character that the one at `k` follows, raised or lowered; the one drawn just before it mostly."""
    larger = page.size[k] <= _SMALLER * page.size
    if not (larger & (np.abs(across - across[k]) < max(_ABOVE[1], _BELOW[1]) * page.size)).any():
        return None
    before = slice(max(k - 1, 0), k)
    for candidates in (before, slice(0, len(across))):
        em = page.size[candidates]
        rise = (across[candidates] - across[k]) / em
        gap = (start[k] - end[candidates]) / em
        fits = larger[candidates] & (page.angle[candidates] == page.angle[k]) & (gap > -_BEFORE) & (gap < _BEHIND)
        fits &= ((rise > _ABOVE[0]) & (rise < _ABOVE[1])) | ((-rise > _BELOW[0]) & (-rise < _BELOW[1]))
        found: Ints = np.flatnonzero(fits).astype(np.int32)
        if len(found):
            return int(found[np.argmin(np.abs(gap[found]))]) + (candidates.start or 0)
    return None
