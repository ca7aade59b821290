"""Lines of text in the image of a page: inside given cells, and in what is left outside of them.

Both are cut by white: a region falls into bands between blank rows, a band into pieces between wide blank columns, and again until nothing
parts (an XY-cut). The page stands straight and its rules are erased, so white is evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.page import Bools

Grey = NDArray[np.uint8]
PixelBox = tuple[int, int, int, int]
"""(x0, top, x1, bottom) in pixels; the ends are outside."""

# Specks of fewer pixels at 200 dpi are dust: a decimal point of 7 pt text has 4.
_DUST = 3.0
# A band less high than this part of a line is a part of one (the strokes of 二, an accent, a point that dust left alone).
_PART = 0.6
# What is darker than this on flattened paper is a pale stroke: those of .05 em in 6 pt print at 150 dpi have 172 to 211.
_PALE = 220
# Strips of such a band belong to the next line if both together are not higher than this many lines.
_WHOLE = 1.15
# A blank of more than this many line heights parts a band into pieces: columns of prose, labels at the left and right.
_PIECE = 2.0
# Lines are at least so high in points, and no character of a form is higher than this.
_LOWEST, _HIGHEST = 4.0, 40.0


@dataclass(frozen=True, slots=True)
class InkLine:
    """A line of text. `owner`: the cell's index, or -1 outside of all. `box`: its ink. `torn`: a rule may be gone in the midst of it."""

    owner: int
    box: PixelBox
    torn: bool = False


def ink_of(pixels: Grey, scale: float) -> Bools:
    """Which pixels are ink: darker than the page's own threshold between paper and print, without dust.

    Args: pixels: grey, rules erased. scale: pixels a point.
    """
    level, _ = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    dark = (pixels < min(max(level, 110.0), 200.0)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    least = _DUST * (scale * 72 / 200) ** 2
    keep = stats[:, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    return np.asarray(keep[labels]) if count > 1 else np.zeros(pixels.shape, dtype=np.bool_)


def find_lines(ink: Bools, cells: Sequence[PixelBox], scale: float) -> list[InkLine]:
    """All lines of text of a page: those of each cell, then those outside, each from top to bottom."""
    inside = [(owner, list(_bands(ink, cell))) for owner, cell in enumerate(cells)]
    usual = usual_height([high - low for _, bands in inside for low, high in bands], scale)
    lines = [
        InkLine(owner, _hugged(ink, (cells[owner][0], low, cells[owner][2], high)))
        for owner, bands in inside
        for low, high in _mended(bands, usual)
    ]
    outside = ink.copy()
    for x0, top, x1, bottom in cells:
        outside[top:bottom, x0:x1] = False
    rest = list(_bands(outside, (0, 0, ink.shape[1], ink.shape[0])))
    usual = usual_height([high - low for low, high in rest], scale) if not lines else usual
    lines += [InkLine(-1, box) for box in _pieces(outside, (0, 0, ink.shape[1], ink.shape[0]), usual, scale)]
    return lines


def _bands(ink: Bools, box: PixelBox) -> Iterator[tuple[int, int]]:
    """Runs of rows with ink inside a box."""
    x0, top, x1, bottom = box
    if x1 <= x0 or bottom <= top:
        return
    for low, high in _runs(ink[top:bottom, x0:x1].any(axis=1)):
        yield top + low, top + high


def _runs(marked: Any) -> list[tuple[int, int]]:
    """Runs of true values as (start, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def usual_height(heights: Sequence[int], scale: float) -> float:
    """The usual height of a line of text with ideographs: most lines have about this height, those of digits alone three quarters."""
    fit = [height for height in heights if _LOWEST * scale <= height <= _HIGHEST * scale]
    return float(np.percentile(fit, 60)) if fit else 9.0 * scale


def _mended(bands: Sequence[tuple[int, int]], usual: float) -> list[tuple[int, int]]:
    """Bands that are parts of one line are joined."""
    lines: list[tuple[int, int]] = []
    for low, high in bands:
        if lines:
            before = lines[-1]
            parts = min(before[1] - before[0], high - low) < _PART * usual
            if parts and high - before[0] <= _WHOLE * usual and low - before[1] < _PART * usual:
                lines[-1] = (before[0], high)
                continue
        lines.append((low, high))
    return lines


def _pieces(ink: Bools, box: PixelBox, usual: float, scale: float) -> Iterator[PixelBox]:
    """Pieces of lines inside a region, by cutting along white rows and columns in turn."""
    for low, high in _mended(list(_bands(ink, box)), usual):
        wide = _columns(ink, (box[0], low, box[2], high), max(usual, 0.8 * (high - low)) * _PIECE)
        for x0, x1 in wide:
            piece = _hugged(ink, (x0, low, x1, high))
            if len(wide) > 1 and len(_mended(list(_bands(ink, piece)), usual)) > 1:
                yield from _pieces(ink, piece, usual, scale)
            elif piece[3] - piece[1] <= _HIGHEST * scale:
                yield piece


def _columns(ink: Bools, box: PixelBox, gap: float) -> list[tuple[int, int]]:
    """Runs of columns with ink inside a box, those with less white between them than `gap` as one."""
    x0, top, x1, bottom = box
    joined: list[tuple[int, int]] = []
    for start, end in _runs(ink[top:bottom, x0:x1].any(axis=0)):
        if joined and start - joined[-1][1] < gap:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [(x0 + start, x0 + end) for start, end in joined]


def _hugged(ink: Bools, box: PixelBox) -> PixelBox:
    """A box without the white around its ink."""
    x0, top, x1, bottom = box
    part = ink[top:bottom, x0:x1]
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    if not len(columns):
        return box
    return (x0 + int(columns[0]), top + int(rows[0]), x0 + int(columns[-1]) + 1, top + int(rows[-1]) + 1)


def with_pale_ends(pixels: Grey, lines: Sequence[InkLine], cells: Sequence[PixelBox]) -> list[InkLine]:
    """The lines with the pale strokes that hang on their ends: those of 一 and 二 in thin print are ink at their right end only."""
    result = []
    for line in lines:
        x0, top, x1, bottom = line.box
        low, high = (cells[line.owner][0], cells[line.owner][2]) if line.owner >= 0 else (0, pixels.shape[1])
        low, high = max(low, x0 - (bottom - top)), min(high, x1 + (bottom - top))
        pale = np.asarray((pixels[top:bottom, low:high] < _PALE).any(axis=0))
        before, after = pale[: x0 - low][::-1], pale[x1 - low :]
        x0 -= len(before) if before.all() else int(before.argmin())
        x1 += len(after) if after.all() else int(after.argmin())
        result.append(replace(line, box=(x0, top, x1, bottom)))
    return result


def gaps(ink: Bools, box: PixelBox) -> list[tuple[int, int]]:
    """White between the ink of a line, from left to right: (start, end) columns on the page."""
    x0, top, x1, bottom = box
    return [(x0 + a[1], x0 + b[0]) for a, b in pairwise(_runs(ink[top:bottom, x0:x1].any(axis=0)))]
