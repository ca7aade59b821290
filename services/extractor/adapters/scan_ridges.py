"""Ridges of a grey image: dark lines, thin across and longer than any stroke of a character along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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


@dataclass(frozen=True, slots=True)
class Ridges:
    """Ridges along one axis (vertical ones are the horizontal ones of the transposed image).

    `mask`: where they are (0 or 1). `line`: n×3, position across, start and end of each piece in points; `weight`: n, widths in points.
    `scale`: pixels a point; `em`: size of the page's characters in points.
    """

    mask: Grey
    line: Floats
    weight: Floats
    scale: float
    em: float

    def kept(self, which: Bools) -> Ridges:
        """Some of the pieces."""
        return Ridges(self.mask, self.line[which], self.weight[which], self.scale, self.em)


def find_ridges(image: Grey, scale: float, em: float) -> Ridges:
    """Horizontal ridges of an image. Args: scale: pixels a point; em: size of most characters in points."""
    solid = _solid(image, scale, em)
    mask = solid | _faint(image, solid, scale, em)
    _, stats, centre = blobs(mask)
    place, y = stats[1:].astype(np.float64), (centre[1:, 1] + 0.5) / scale
    wide, area = place[:, 2], place[:, 4]
    line = np.stack([y, place[:, 0] / scale, (place[:, 0] + wide) / scale], axis=1)
    return Ridges(mask, line, area / np.maximum(wide, 1) / scale, scale, em)


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
