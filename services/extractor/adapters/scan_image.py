"""A scanned page → one that stands straight: paper white, seals, holes and scan edges gone, text upright, rules found and taken out.

Runs in the recogniser's process only: OpenCV comes with the extra `ocr`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.scan_bend import straightened
from services.extractor.adapters.scan_folds import without_folds
from services.extractor.adapters.scan_pixels import Grey, averaged, closed, resized
from services.extractor.adapters.scan_rules import find_rules
from services.extractor.adapters.scan_seals import find_seals, without_seals
from services.extractor.adapters.scan_skew import letters_of, skew_of, text_runs_down
from services.extractor.adapters.scan_stains import without_red_seals, without_shadows
from services.extractor.adapters.scan_worn import Gap
from services.extractor.domain.page import Floats

# The paper's brightness is taken from squares of this many points: larger than any character or rule, smaller than a shadow.
PAPER_SQUARE = 12.0
# Lighter than this share of the paper around is paper as well: noise, what shines through.
PAPER = 0.9
# Paper is not darker than this, even in the shadow of a book's spine.
DARKEST_PAPER = 96
# Print is made as dark as BLACK, by MOST_GAIN at most; what is paler than PALEST_INK is none; fewer pixels say nothing about a page.
BLACK, MOST_GAIN, PALEST_INK, FEW_PIXELS = 40, 3.5, 45, 200

# A line narrower than this part of its height, so close in points to the place of a vertical rule, may be a piece of one; the model reads 1.
NARROW, AT_RULE = 0.45, 1.0


@dataclass(frozen=True, slots=True)
class CleanScan:
    """A page made straight.

    `pixels`: height×width, grey, upright, seals, holes and shadows at the edges whitened, rules taken out: what characters are recognised
    on. `marks`: m×4 (x0, top, x1, bottom) ruling lines in points of the straight page, strokes without extent across. `weight`: m, their
    widths in points. `scale`: pixels a point. `skew`: degrees by which the page was turned clockwise to stand straight. `quarter`: quarter
    turns clockwise that it needed besides, so that its text runs from left to right. `width`, `height`: points of the straight page. `gaps`:
    where a vertical rule may be gone.
    """

    pixels: Grey
    marks: Floats
    weight: Floats
    scale: float
    skew: float
    quarter: int
    width: float
    height: float
    gaps: tuple[Gap, ...] = ()

    def is_torn(self, box: tuple[int, int, int, int]) -> bool:
        """Whether a line goes over a place where a rule may be gone (two cells may be read as one), or is a stroke where a rule is above or below.

        Args: box: x0, top, x1, bottom in pixels.
        """
        x0, top, x1, bottom = (value / self.scale for value in box)
        if any(x0 < x < x1 and low < (top + bottom) / 2 < high for x, low, high in self.gaps):
            return True
        upright = self.marks[self.marks[:, 0] == self.marks[:, 2], 0]
        return x1 - x0 < NARROW * (bottom - top) and bool((np.abs(upright - (x0 + x1) / 2) < AT_RULE).any())


def cleaned(pixels: NDArray[np.uint8], dpi: float) -> CleanScan:
    """Cleans a page's image (height×width×3: red, green, blue) and finds its rules.

    Whether the text stands on its head cannot be told from its shape: `quarter` is 0 or 1, and `upside_down` gives the other way up.
    """
    scale = dpi / 72
    grey = flattened(without_shadows(without_red_seals(pixels, scale), scale), scale)
    skew = skew_of(grey, scale)
    grey = _turned(grey, skew)
    letters = letters_of(grey, scale)
    quarter = int(text_runs_down(letters, scale))
    if quarter:
        grey = np.ascontiguousarray(np.rot90(grey, -1))
    grey = without_folds(straightened(grey, scale, letters.em), scale)
    grey, seals = without_seals(grey, scale, find_seals(grey, scale))
    rules = find_rules(grey, scale, letters.em, seals)
    height, width = grey.shape
    text = np.where(rules.mask > 0, np.uint8(255), grey)
    return CleanScan(text, rules.marks, rules.weight, scale, skew, quarter, width / scale, height / scale, rules.gaps)


def upside_down(scan: CleanScan) -> CleanScan:
    """The same page turned by half a turn."""
    x0, y0, x1, y1 = scan.marks.T
    marks = np.stack([scan.width - x1, scan.height - y1, scan.width - x0, scan.height - y0], axis=1)
    pixels = np.ascontiguousarray(np.rot90(scan.pixels, 2))
    gaps = tuple((scan.width - x, scan.height - bottom, scan.height - top) for x, top, bottom in scan.gaps)
    return CleanScan(pixels, marks, scan.weight, scan.scale, scan.skew, (scan.quarter + 2) % 4, scan.width, scan.height, gaps)


def flattened(grey: Grey, scale: float) -> Grey:
    """The image divided by the brightness of the paper around each place, so that paper is 255."""
    height, width = grey.shape
    square = int(PAPER_SQUARE * scale / 4) | 1
    small = averaged(closed(resized(grey, width // 4, height // 4), square, square), square, square)
    paper = np.maximum(resized(small, width, height), DARKEST_PAPER)
    flat = np.asarray(cv2.divide(grey, paper, scale=255 / PAPER), dtype=np.uint8)
    return _inked(flat)


def _inked(flat: Grey) -> Grey:
    """Pale print made dark: worn toner, thin ink."""
    ink = flat[::3, ::3]
    ink = ink[ink < 255 - PALEST_INK]
    if len(ink) < FEW_PIXELS:
        return flat
    black = float(np.percentile(ink, 15))
    gain = min((255 - BLACK) / max(255 - black, 1.0), MOST_GAIN)
    if gain <= 1:
        return flat
    levels = np.clip(255 - (255 - np.arange(256)) * gain, 0, 255).astype(np.uint8)
    return np.asarray(levels[flat])


def _turned(grey: Grey, skew: float) -> Grey:
    """Turned clockwise about the middle, on paper of the same size."""
    if not skew:
        return grey
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -skew, 1.0)
    turned = cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,))
    return np.asarray(turned, dtype=np.uint8)
