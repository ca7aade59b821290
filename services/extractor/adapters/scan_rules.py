"""Ruling lines of a straight grey image: thin dark ridges that go on for longer than any stroke of a character."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.page import Floats

Grey = NDArray[np.uint8]

# Thickest ridge that is a rule, in points (as for drawn ones).
THICKEST = 3.2
# Grey levels along the rule are averaged over this many points: dashes and dots become one line.
SMOOTH = 3.0
# A ridge must be this much darker than both sides.
CONTRAST = 24
# Shortest piece that is taken for a rule, in points; below the second it has to run from one rule to another.
SHORTEST, ALONE = 7.0, 40.0
# Share of a rule's length that is drawn: solid ones have .95 and more, strokes of characters in a line .3-.7, dashes .5.
SOLID, DASHED = 0.85, 0.4
# Beside a dashed rule stands paper, beside strokes of characters other strokes: share of the length, at this distance in points.
BARE, BESIDE = 0.7, 2.0
# A short rule ends this close to the one that it meets.
MEET = 2.5


@dataclass(frozen=True, slots=True)
class ScanRules:
    """Rules found: `marks` m×4 and `weight` m in points; `mask`: the image's size, where their ink is."""

    marks: Floats
    weight: Floats
    mask: Grey


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Ridges along one axis. `line`: m×3 position across, start, end in points; `weight` in points; `place`: their boxes in pixels."""

    line: Floats
    weight: Floats
    place: NDArray[np.int32]
    core: Grey

    def kept(self, which: NDArray[np.bool_]) -> _Pieces:
        return _Pieces(self.line[which], self.weight[which], self.place[which], self.core)


def find_rules(grey: Grey, scale: float) -> ScanRules:
    """The ruling lines of a straight page; `scale`: pixels a point."""
    flat, tall = _pieces(grey, scale), _pieces(np.ascontiguousarray(grey.T), scale)
    flat, tall = _meeting(flat, tall)
    mask = _ink(flat) | _ink(tall).T
    (y, x0, x1), (x, top, bottom) = flat.line.T, tall.line.T
    marks = np.concatenate([np.stack([x0, y, x1, y], axis=1), np.stack([x, top, x, bottom], axis=1)])
    return ScanRules(marks, np.concatenate([flat.weight, tall.weight]), np.asarray(mask, dtype=np.uint8))


def _pieces(image: Grey, scale: float) -> _Pieces:
    """Horizontal ridges of an image that are no strokes of characters."""
    thick = int(THICKEST * scale) + 2
    column = np.ones((thick, 1), np.uint8)
    ridge = cv2.morphologyEx(cv2.blur(image, (int(SMOOTH * scale) | 1, 1)), cv2.MORPH_BLACKHAT, column)
    sharp = np.asarray(cv2.morphologyEx(cv2.blur(image, (3, 1)), cv2.MORPH_BLACKHAT, column), dtype=np.uint8)
    core = cv2.morphologyEx((ridge > CONTRAST).astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, int(SHORTEST * scale)), np.uint8))
    count, _, stats, centre = cv2.connectedComponentsWithStats(core)
    place = stats[1:].astype(np.int32)
    chosen = [k for k in range(count - 1) if _is_rule(image, sharp, place[k].tolist(), scale)]
    place = place[chosen]
    y = (centre[1:][chosen][:, 1] + 0.5) / scale
    half = SMOOTH / 2 - 0.5
    line = np.stack([y, place[:, 0] / scale + half, (place[:, 0] + place[:, 2]) / scale - half], axis=1)
    return _Pieces(line, place[:, 4] / np.maximum(place[:, 2], 1) / scale, place, np.asarray(core, dtype=np.uint8))


def _is_rule(image: Grey, sharp: Grey, place: list[int], scale: float) -> bool:
    """Whether a ridge is drawn throughout, or in dashes with paper on both sides."""
    x, y, w, h, _ = place
    if h > 2 * THICKEST * scale:
        return False
    low, high = max(y - 1, 0), y + h + 1
    profile = sharp[low:high, x : x + w].max(axis=0)
    drawn = float((profile > max(CONTRAST, 0.4 * float(np.median(profile)))).mean())
    if drawn >= SOLID:
        return True
    if drawn < DASHED:
        return False
    far = int(BESIDE * scale)
    above, below = image[max(low - far, 0) : low, x : x + w], image[high : high + far, x : x + w]
    return all(not len(side) or float((side.min(axis=0) > 255 - 2 * CONTRAST).mean()) > BARE for side in (above, below))


def _meeting(flat: _Pieces, tall: _Pieces) -> tuple[_Pieces, _Pieces]:
    """Without the short pieces that do not run from one rule to another."""
    keep_flat, keep_tall = np.ones(len(flat.line), dtype=np.bool_), np.ones(len(tall.line), dtype=np.bool_)
    while True:
        still_flat = keep_flat & _ends_meet(flat.line, tall.line[keep_tall])
        still_tall = keep_tall & _ends_meet(tall.line, flat.line[still_flat])
        if still_flat.sum() == keep_flat.sum() and still_tall.sum() == keep_tall.sum():
            return flat.kept(keep_flat), tall.kept(keep_tall)
        keep_flat, keep_tall = still_flat, still_tall


def _ends_meet(line: Floats, crossing: Floats) -> NDArray[np.bool_]:
    """Which lines are long enough alone, or have a crossing one at both ends."""
    at, start, end = line.T[:, :, None]
    passes = (crossing[None, :, 1] - MEET <= at) & (at <= crossing[None, :, 2] + MEET)
    starts = (passes & (np.abs(crossing[None, :, 0] - start) <= MEET)).any(axis=1)
    ends = (passes & (np.abs(crossing[None, :, 0] - end) <= MEET)).any(axis=1)
    return np.asarray((line[:, 2] - line[:, 1] >= ALONE) | (starts & ends))


def _ink(pieces: _Pieces) -> Grey:
    """The mask of the pieces, a pixel wider than their core."""
    mask = np.zeros_like(pieces.core)
    for x, y, w, h, _ in pieces.place.tolist():
        mask[y : y + h, x : x + w] = pieces.core[y : y + h, x : x + w]
    return np.asarray(cv2.dilate(mask, np.ones((5, 1), np.uint8)), dtype=np.uint8)
