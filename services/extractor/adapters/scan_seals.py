"""Round seals on a page without colour: found by their ring, and taken off where their ink is paler than the print.

Ring: a circle of 18–50 mm that is inked nearly all around. Rules and characters never are, though they may cross it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.scan_pixels import Grey, resized, spread
from services.extractor.domain.page import Floats

# Radii in points: seals of finance offices from 18 mm across, official ones up to 50 mm.
LEAST, MOST = 25, 74
# The share of its way on which the ring is inked, and half of what that is more than on circles BESIDE points inside and outside of it: seals
# have 1.03–1.3 though worn or on dense tables, circles through text .8–.97.
ROUND, BESIDE = 1.02, 5.0
# Ink in the reduced image: this dark.
INK = 205
# Edges that run along the axes are those of rules and strokes: within this many degrees of them they do not vote for a centre.
ALONG_AXIS = 12.0
# As many places are tried as centres; the true one leads where a seal is whole.
TRIED = 6
# Seal ink differs from print by this many levels, or it cannot be told from it.
PALER = 35


@dataclass(frozen=True, slots=True)
class Seal:
    """A round seal: middle and radius in points."""

    x: float
    y: float
    radius: float


def find_seals(grey: Grey, scale: float) -> list[Seal]:
    """The round seals of a flattened page."""
    small = resized(grey, int(grey.shape[1] / scale), int(grey.shape[0] / scale))  # a pixel a point
    votes = _votes(small)
    seals: list[Seal] = []
    for _ in range(TRIED):
        y, x = np.unravel_index(int(votes.argmax()), votes.shape)
        if votes[y, x] <= 0:
            break
        seal = _ring_at(small, int(x), int(y))
        if seal is not None and all(np.hypot(seal.x - one.x, seal.y - one.y) > one.radius for one in seals):
            seals.append(seal)
        reach = 12 if seal is None else LEAST
        votes[max(y - reach, 0) : y + reach, max(x - reach, 0) : x + reach] = 0
    return seals


def _votes(small: Grey) -> NDArray[np.float64]:
    """Per pixel, how many slanting edges point at it from a seal's radius away."""
    level = small.astype(np.float64)
    level = (level + np.roll(level, 1, 0) + np.roll(level, 1, 1) + np.roll(level, (1, 1), (0, 1))) / 4
    down, right = np.asarray(np.gradient(level))
    strength = np.hypot(right, down)
    slant = np.degrees(np.arctan2(np.abs(down), np.abs(right)))
    y, x = np.nonzero((strength > 12) & (slant > ALONG_AXIS) & (slant < 90 - ALONG_AXIS))
    dx, dy = right[y, x] / strength[y, x], down[y, x] / strength[y, x]
    height, width = small.shape
    radius = np.arange(LEAST, MOST, 1.5)[:, None]
    at_x = (x + dx * radius).astype(np.int32).ravel()  # the paper inside a ring lies towards its middle: outwards is darker, inwards paler
    at_y = (y + dy * radius).astype(np.int32).ravel()
    weight = np.broadcast_to(1 / radius, (len(radius), len(x))).ravel()
    inside = (at_x >= 0) & (at_x < width) & (at_y >= 0) & (at_y < height)
    counted = np.bincount(at_y[inside] * width + at_x[inside], weight[inside], minlength=height * width)
    votes = np.asarray(counted, dtype=np.float64).reshape(height, width)
    summed = votes.cumsum(axis=0).cumsum(axis=1)  # over 5×5 pixels: radii and middles are not whole
    result = np.zeros_like(votes)
    result[3:-2, 3:-2] = summed[5:, 5:] - summed[:-5, 5:] - summed[5:, :-5] + summed[:-5, :-5]
    return result


def _ring_at(small: Grey, x: int, y: int) -> Seal | None:
    """The ring around a place or its neighbours, if there is one."""
    dark = (small < INK).astype(np.uint8)
    near = spread(dark, 3, 3)
    best = (0.0, 0.0, x, y)
    for dx in range(-3, 4):
        for dy in range(-3, 4):
            share = _around(near, x + dx, y + dy, np.arange(LEAST, MOST + 1, dtype=np.float64))
            k = int(share.argmax())
            best = max(best, (float(share[k]), float(LEAST + k), x + dx, y + dy))
    share_there, radius, x, y = best
    beside = _around(near, x, y, radius + np.array([-BESIDE, -BESIDE + 1, BESIDE - 1, BESIDE]))
    if share_there + 0.5 * (share_there - float(beside.mean())) < ROUND:
        return None
    return Seal(x + 0.5, y + 0.5, radius)


def _around(dark: Grey, x: int, y: int, radius: Floats) -> Floats:
    """Share of each circle that is inked; what lies off the page counts as not inked."""
    angle = np.radians(np.arange(0, 360, 4))[:, None]
    at_x = np.rint(x + np.cos(angle) * radius).astype(np.int64)
    at_y = np.rint(y + np.sin(angle) * radius).astype(np.int64)
    height, width = dark.shape
    inside = (at_x >= 0) & (at_x < width) & (at_y >= 0) & (at_y < height)
    return np.asarray((inside & (dark[np.clip(at_y, 0, height - 1), np.clip(at_x, 0, width - 1)] > 0)).mean(axis=0))


def without_seals(grey: Grey, scale: float, seals: list[Seal]) -> Grey:
    """The page with seals whitened where they are paler than the print; elsewhere they stay, lest print is lost with them."""
    grey = grey.copy()
    height, width = grey.shape
    y, x = np.ogrid[0:height, 0:width]
    for seal in seals:
        reach = (seal.radius + 4) * scale
        rows = slice(max(int(seal.y * scale - reach), 0), int(seal.y * scale + reach))
        columns = slice(max(int(seal.x * scale - reach), 0), int(seal.x * scale + reach))
        area = grey[rows, columns]
        away = np.hypot(x[:, columns] - seal.x * scale, y[rows] - seal.y * scale) / scale
        ring = area[(np.abs(away - seal.radius) < 1.5) & (area < INK)]
        print_ink = area[(away < seal.radius - 5) & (area < INK)]
        if not len(ring) or not len(print_ink):
            continue
        seal_level, black = float(np.median(ring)), float(np.percentile(print_ink, 3))
        if seal_level - black < PALER:
            continue
        dark = spread((area < (seal_level + black) / 2).astype(np.uint8), 3, 3) > 0
        area[(away < seal.radius + 3.5) & ~dark] = 255
    return grey
