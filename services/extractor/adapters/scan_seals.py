"""Round seals on a page without colour: found by their ring, and taken off where their ink is paler than the print.

Ring: a circle of 18–50 mm that is inked nearly all around. Rules and characters never are, though they may cross it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.scan_pixels import Grey, blobs, opened, resized, spread
from services.extractor.domain.page import Bools, Floats

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
TRIED, APART, WORTH = 6, 12, 0.8
# Seal ink is paler than the cores of thin strokes by this many levels, or it cannot be told from them.
PALER = 30
# A seal is taken off to so many points beyond its ring, whose middle is found to 3 points; print there is protected by being darker.
REACH = 7.0
# A pale ring shows on this share of its way at least: rules, print and wear take the rest.
PALE_WAY = 0.75
# Print hangs together over so many points at least; specks do not.
STROKE = 3.0
# Print this close to bare ink of a seal has the seal's ink over it, in points.
EDGE = 1.2


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
    rings = []
    for _ in range(TRIED):
        y, x = np.unravel_index(int(votes.argmax()), votes.shape)
        if votes[y, x] <= 0:
            break
        rings.append(_ring_at(small, int(x), int(y)))
        votes[max(y - APART, 0) : y + APART, max(x - APART, 0) : x + APART] = 0
    seals: list[Seal] = []
    for score, seal in sorted(rings, key=lambda ring: -ring[0]):
        if score >= ROUND and all(np.hypot(seal.x - one.x, seal.y - one.y) > one.radius for one in seals):
            seals.append(seal)
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


def _ring_at(small: Grey, x: int, y: int) -> tuple[float, Seal]:
    """The best ring around a place or near it, and how good it is."""
    near = spread((small < INK).astype(np.uint8), 3, 3)
    radii = np.arange(LEAST, MOST + 1, dtype=np.float64)
    best = (0.0, x, y, radii[0])
    for step in (3, 1, 1, 1):
        start = best[1:3]
        for dx in (-step, 0, step):
            for dy in (-step, 0, step):
                share = _around(near, start[0] + dx, start[1] + dy, radii)
                beside = (np.roll(share, int(BESIDE)) + np.roll(share, -int(BESIDE))) / 2
                score = share + 0.5 * (share - beside)
                k = int(score.argmax())
                best = max(best, (float(score[k]), start[0] + dx, start[1] + dy, radii[k]))
        if best[0] < WORTH:
            break
    return best[0], Seal(best[1] + 0.5, best[2] + 0.5, float(best[3]))


def _around(dark: Grey, x: int, y: int, radius: Floats) -> Floats:
    """Share of each circle that is inked; what lies off the page counts as not inked."""
    angle = np.radians(np.arange(0, 360, 4))[:, None]
    at_x = np.rint(x + np.cos(angle) * radius).astype(np.int64)
    at_y = np.rint(y + np.sin(angle) * radius).astype(np.int64)
    height, width = dark.shape
    inside = (at_x >= 0) & (at_x < width) & (at_y >= 0) & (at_y < height)
    return np.asarray((inside & (dark[np.clip(at_y, 0, height - 1), np.clip(at_x, 0, width - 1)] > 0)).mean(axis=0))


def without_seals(grey: Grey, scale: float, seals: list[Seal]) -> tuple[Grey, list[Seal]]:
    """The page with seals whitened where they are paler than the print, and those that stay because they are not, lest print is lost."""
    if not seals:
        return grey, []
    height, width = grey.shape
    y, x = np.ogrid[0:height, 0:width]
    bare = np.ones(grey.shape, dtype=np.bool_)
    for seal in seals:
        bare &= np.hypot(x - seal.x * scale, y - seal.y * scale) > (seal.radius + REACH) * scale
    black = _print_level(grey, bare, scale)
    grey = grey.copy()
    left = []
    for seal in seals:
        reach = (seal.radius + REACH) * scale
        rows = slice(max(int(seal.y * scale - reach), 0), int(seal.y * scale + reach))
        columns = slice(max(int(seal.x * scale - reach), 0), int(seal.x * scale + reach))
        area = grey[rows, columns]
        away = np.hypot(x[:, columns] - seal.x * scale, y[rows] - seal.y * scale) / scale
        tone = area[(np.abs(away - seal.radius) < 1.5) & (area < INK)]
        ring = float(np.median(tone)) if len(tone) else 0.0
        ink = opened(((area >= (ring + black) / 2) & (area < INK)).astype(np.uint8), scale, scale)
        if ring > black + PALER and _is_round(ink, away, seal.radius):
            area[...] = np.where(away < seal.radius + REACH, _print_under(area, ink, (ring, black), scale), area)
        else:
            left.append(seal)
    return grey, left


def _is_round(ink: Grey, away: Floats, radius: float) -> bool:
    """Whether pale ink lies on most of a ring's way: the edges of black print are pale as well, but thin."""
    y, x = np.nonzero((ink > 0) & (np.abs(away - radius) < 2.5))
    height, width = ink.shape
    return len(set((np.degrees(np.arctan2(y - height / 2, x - width / 2)) // 6).tolist())) >= PALE_WAY * 60


def _print_under(area: Grey, ink: Grey, tones: tuple[float, float], scale: float) -> Grey:
    """The print of a place under a seal: what is darker than midway between both, as dark as it would be without the seal's ink.

    Grain of the seal that is as dark as that is small, and not black. Ink over ink multiplies, so the blurred edges of print are divided by it.

    Args: ink: where the seal's ink is bare. tones: of the seal and of the print.
    """
    ring, black = tones
    labels, stats, _ = blobs((area < (ring + black) / 2).astype(np.uint8))
    kept = stats[:, 2:4].max(axis=1) >= STROKE * scale
    kept[np.unique(labels[area <= black])] = True
    kept[0] = False
    inked = spread(ink, 2 * EDGE * scale, 2 * EDGE * scale) > 0
    bared = np.where(inked, np.minimum(area * (255 / ring), 255), area)
    return np.where(spread(kept[labels].astype(np.uint8), 3, 3) > 0, bared, 255).astype(np.uint8)


def _print_level(grey: Grey, bare: Bools, scale: float) -> float:
    """What the cores of thin strokes of print have at most, but for few: places outside of seals that are darkest among their neighbours.

    Specks of dust and of the sensor are paler than print and many; they are left out by their size. 0 where there is no print.
    """
    labels, stats, _ = blobs((grey < INK).astype(np.uint8))
    core = bare & (stats[:, 2:4].max(axis=1) >= STROKE * scale)[labels] & (labels > 0) & (255 - spread(255 - grey, 3, 3) == grey)
    return float(np.percentile(grey[core], 90)) if core.any() else 0.0
