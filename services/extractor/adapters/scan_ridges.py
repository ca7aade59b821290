"""Ridges of a grey image: dark lines, thin across and longer than any stroke of a character along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.scan_pixels import Grey, averaged, blobs, closed, opened, spread
from services.extractor.domain.page import Bools, Floats

# Thickest ridge that is a rule, in points (as for drawn ones).
THICKEST = 3.2
# Ink is this much darker than paper: of 255 levels; a rule of .25 pt, scanned at 150 dpi out of focus, keeps 60.
CONTRAST = 40
# A rule is longer than this many ems: no stroke is longer than .95, and strokes of neighbours are .1 apart.
LONGER = 1.15
# Gaps that noise and thresholds leave in a rule, in ems; neighbouring characters stand .1 apart.
CRACK = 0.06
# Dashed and faint rules: levels are averaged over so many points along, less contrast is enough, but they are so many ems long, are inked
# to some share (dashes .5), have bare paper this far (in ems) on both sides on most of their length, and no other ink in their gaps.
SMOOTH, FAINT, FAINT_LONGER, INKED, BESIDE, BARE, FOUL = 3.0, 20, 4.0, 0.35, 0.15, 0.7, 0.1
# Characters that touch, in bold or thresholded print, make ridges no longer than a line; within so many points above and below of them
# other strokes stand on this share of their length at least (rules in tight rows: .2).
TEXT_LINE, CLOSE, BETWEEN = 400.0, 1.6, 0.35


@dataclass(frozen=True, slots=True)
class Ridges:
    """Ridges along one axis (vertical ones are the horizontal ones of the transposed image).

    `image`: where they were looked for. `mask`: where they are (0 or 1). `line`: n×3, position across, start and end of each piece in points; `weight`: n, widths in points.
    `scale`: pixels a point; `em`: size of the page's characters in points.
    """

    image: Grey
    mask: Grey
    line: Floats
    weight: Floats
    scale: float
    em: float

    def kept(self, which: Bools) -> Ridges:
        """Some of the pieces."""
        return Ridges(self.image, self.mask, self.line[which], self.weight[which], self.scale, self.em)


def find_ridges(image: Grey, scale: float, em: float) -> Ridges:
    """Horizontal ridges of an image. Args: scale: pixels a point; em: size of most characters in points."""
    solid = _solid(image, scale, em)
    mask = solid | _faint(image, solid, scale, em)
    labels, stats, centre = blobs(mask)
    text = _in_text(image, stats, scale)
    for k in text.tolist():
        left, top, wide, high, _ = stats[k].tolist()
        area = mask[top : top + high, left : left + wide]
        area[labels[top : top + high, left : left + wide] == k] = 0
    stats, centre = np.delete(stats, text, axis=0), np.delete(centre, text, axis=0)
    x, _, length, _, size = stats[1:].astype(np.float64).T
    line = np.stack([(centre[1:, 1] + 0.5) / scale, x / scale, (x + length) / scale], axis=1)
    return Ridges(image, mask, line, size / np.maximum(length, 1) / scale, scale, em)


def _in_text(image: Grey, stats: NDArray[np.int32], scale: float) -> NDArray[np.int64]:
    """Which blobs are strokes of characters that touch each other: other ink stands both above and below on much of their length."""
    far = int(CLOSE * scale)
    found = []
    for k in (np.flatnonzero(stats[1:, 2] < TEXT_LINE * scale) + 1).tolist():
        x, y, w, h, _ = stats[k].tolist()
        above = image[max(y - 1 - far, 0) : max(y - 1, 0), x : x + w] < 255 - 2 * CONTRAST
        below = image[y + h + 1 : y + h + 1 + far, x : x + w] < 255 - 2 * CONTRAST
        if (above.any(axis=0) & below.any(axis=0)).mean() > BETWEEN:
            found.append(k)
    return np.array(found, dtype=np.int64)


def _solid(image: Grey, scale: float, em: float) -> Grey:
    """Runs of ink that are long enough, without black areas."""
    dark = (averaged(image, 3, 1) < 255 - CONTRAST).astype(np.uint8)
    runs = opened(closed(dark, CRACK * em * scale + 1, 1), LONGER * em * scale, 1)
    areas = spread(opened(runs, 1, THICKEST * scale + 2), 3, 3)
    return runs & (1 - areas)


def _faint(image: Grey, solid: Grey, scale: float, em: float) -> Grey:
    """Long dashed or pale lines on bare paper that are not among the solid ones."""
    smooth = averaged(image, int(SMOOTH * scale) | 1, 1)
    ridge = closed(smooth, 1, THICKEST * scale + 2) - smooth
    pale = (ridge > FAINT).astype(np.uint8) & (1 - spread(solid, 3, 5))
    runs = opened(pale, FAINT_LONGER * em * scale, 1)
    if not runs.any():
        return runs
    labels, stats, _ = blobs(runs)
    dark = (image < 255 - FAINT).astype(np.uint8)
    kept = np.zeros(len(stats), dtype=np.uint8)
    for k in range(1, len(stats)):
        kept[k] = _on_bare_paper(dark, stats[k].tolist(), scale, em)
    return kept[labels]


def _on_bare_paper(dark: Grey, place: list[int], scale: float, em: float) -> bool:
    x, y, w, h, _ = place
    if h > 1.5 * THICKEST * scale:
        return False
    far = max(int(BESIDE * em * scale), 2)
    inked = dark[max(y - 1, 0) : y + h + 1, x : x + w].any(axis=0)
    above = dark[max(y - 1 - far, 0) : max(y - 1, 0), x : x + w].any(axis=0)
    below = dark[y + h + 1 : y + h + 1 + far, x : x + w].any(axis=0)
    foul = ~inked & (above | below)
    return bool(inked.mean() > INKED and foul.mean() < FOUL and 1 - above.mean() > BARE and 1 - below.mean() > BARE)
