"""Figures printed in red without a sign: in accounting that means negative, but it may also mark what is new or important.

What is printed is kept; the page is warned of, so that a person decides.
"""

from __future__ import annotations

from services.extractor.domain.page import PageContents

_IN_FIGURES = frozenset("0123456789０１２３４５６７８９.,．，")
_DIGITS = frozenset("0123456789０１２３４５６７８９")
# What makes a figure negative in black as well; brackets open before it.
_SIGNS = frozenset("-－−–—△▲(（")
# A red note mark or ordinal has one or two digits; figures of forms have decimals.
_FEWEST = 3


def red_figures(page: PageContents) -> int:
    """How many figures are red and carry no sign. Runs of red digits, points and separators on one line, in drawing order."""
    if not len(page.red):
        return 0
    chars, count, run, before = list(map(chr, page.codes.tolist())), 0, 0, ""
    for k, char in enumerate(chars):
        goes_on = bool(page.red[k]) and char in _IN_FIGURES and (run == 0 or _beside(page, k))
        if goes_on and run == 0:
            before = chars[k - 1] if k and _beside(page, k) else ""
        if not goes_on:
            count += run >= _FEWEST and before not in _SIGNS
        run = run + (char in _DIGITS) if goes_on else 0
    return count + (run >= _FEWEST and before not in _SIGNS)


def _beside(page: PageContents, k: int) -> bool:
    """Whether a glyph follows the one drawn before it on the same line."""
    size = float(page.size[k])
    return bool(abs(page.origin[k, 1] - page.origin[k - 1, 1]) < 0.3 * size and 0 <= page.box[k, 0] - page.box[k - 1, 0] < 2.0 * size)
