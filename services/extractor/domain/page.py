"""What a page holds, as arrays: glyphs, painted marks, images. The only thing the domain knows of a PDF.

Two spaces of coordinates: *reading space*, in which most text of the page runs from left to right (all arrays here), and the page
*as shown* (after /Rotate), in which results travel. `turn` leads from the first to the second. Both have their origin at the top left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from shared.canonical import points
from shared.contracts.common import Box

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


def turned_boxes(boxes: Floats, quarters: int, width: float, height: float) -> Floats:
    """Boxes (n×4) of a space of that width and height turned clockwise by so many quarters."""
    x0, top, x1, bottom = boxes.T
    return np.stack(_turned(x0, top, x1, bottom, quarters, width, height), axis=1)


Side = TypeVar("Side", float, Floats)
PageSource = Literal["text", "image"]
"""Where a page's characters come from: the file's text, or recognition of the page's image."""


def no_floats(columns: int) -> Floats:
    """An empty array of rows with so many columns."""
    return np.zeros((0, columns), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class PageContents:
    """Visible contents of one page inside its crop box.

    `codes`: n code points. `box`: n×4 (x0, top, x1, bottom), the advance width by the font's height. `origin`: n×2, the pen's place on the
    baseline. `size`: n, the em in points. `angle`: n, quarter turns of the glyph against reading space (0: upright).
    `marks`: m×4 boxes of painted path pieces: a stroked segment has no extent across its direction. `paint`: m×4 red, green, blue,
    alpha (0–255). `filled`: m, a filled area rather than a stroke. `weight`: m, the stroke's width.
    `unseen`: characters that are painted and not seen (white on white, covered, on a layer that is off), which are left out.
    `aslant`: what stands neither level nor upright (a watermark): part of no line and no cell.
    `red`: n, printed in red; empty where nothing is.
    `certainty`: n, how sure each code point is (0–1); empty where the characters are the file's own. `skew`: degrees by which a scanned page
    was turned clockwise to stand straight; results stand on the page as shown. `pictures`: boxes of the page's images. `outlines`: about
    how many letters its filled shapes could be, where it has no characters. `unread`: why characters are missing or wrong that recognition should have read; empty otherwise.
    `cut`: boxes of characters that the clip of their text hides, or the edge of the page.
    """

    number: int
    width: float
    height: float
    turn: int
    codes: Ints
    box: Floats
    origin: Floats
    size: Floats
    angle: Ints
    marks: Floats = field(default_factory=lambda: no_floats(4))
    paint: Floats = field(default_factory=lambda: no_floats(4))
    filled: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    weight: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float64))
    images: int = 0
    without_unicode: int = 0
    unseen: int = 0
    aslant: str = ""
    red: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    source: PageSource = "text"
    certainty: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float64))
    skew: float = 0.0
    pictures: Floats = field(default_factory=lambda: no_floats(4))
    outlines: int = 0
    unread: str = ""
    cut: Floats = field(default_factory=lambda: no_floats(4))

    def shown(self, box: tuple[float, float, float, float]) -> Box:
        """A box of reading space on the page as shown, rounded as it travels."""
        x0, top, x1, bottom = box
        sides = _turned(x0, top, x1, bottom, self.turn, self.width, self.height)
        if self.skew:
            sides = self._leaning(*sides)
        left, upper, right, lower = map(points, map(float, sides))
        return (left, upper, right, lower)

    def all_shown(self, boxes: Sequence[tuple[float, float, float, float]]) -> list[Box]:
        """The same for many boxes at once."""
        places = np.fromiter(chain.from_iterable(boxes), dtype=np.float64, count=4 * len(boxes)).reshape(-1, 4)
        if self.turn or self.skew:
            x0, top, x1, bottom = places.T
            sides = _turned(x0, top, x1, bottom, self.turn, self.width, self.height)
            places = np.stack(self._leaning(*sides) if self.skew else sides, axis=1)
        side = iter((places.round(2) + 0.0).ravel().tolist())
        return list(zip(side, side, side, side, strict=True))

    def _leaning(self, x0: Side, top: Side, x1: Side, bottom: Side) -> tuple[Side, Side, Side, Side]:
        """Boxes of the straight page as shown, leaned back as the scan has them: the boxes around them, inside the page."""
        width, height = (self.width, self.height) if self.turn % 2 == 0 else (self.height, self.width)
        return _leaned(x0, top, x1, bottom, self.skew, width, height)


def _turned(x0: Side, top: Side, x1: Side, bottom: Side, turn: int, width: float, height: float) -> tuple[Side, Side, Side, Side]:
    """Boxes of reading space (of that width and height) turned clockwise by so many quarters."""
    if turn == 1:
        return height - bottom, x0, height - top, x1
    if turn == 2:
        return width - x1, height - bottom, width - x0, height - top
    if turn == 3:
        return top, width - x1, bottom, width - x0
    return x0, top, x1, bottom


def _leaned(x0: Side, top: Side, x1: Side, bottom: Side, skew: float, width: float, height: float) -> tuple[Side, Side, Side, Side]:
    """Boxes around boxes turned counterclockwise by `skew` degrees about the middle of a page of that size, cut at the page."""
    cos, sin = math.cos(math.radians(skew)), math.sin(math.radians(skew))
    across, down = (x0 + x1 - width) / 2, (top + bottom - height) / 2
    x, y = width / 2 + across * cos + down * sin, height / 2 - across * sin + down * cos
    wide, high = (x1 - x0) / 2, (bottom - top) / 2
    wide, high = wide * abs(cos) + high * abs(sin), wide * abs(sin) + high * abs(cos)
    return _inside(x - wide, width), _inside(y - high, height), _inside(x + wide, width), _inside(y + high, height)


def _inside(side: Side, most: float) -> Side:
    if isinstance(side, float):
        return min(max(side, 0.0), most)
    return np.clip(side, 0.0, most)
