"""Folds of a sheet: pale straight lines from one edge of the paper to the other. They become paper; print that crosses them stays."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from services.extractor.adapters.scan_pixels import Grey, closed
from services.extractor.domain.page import Bools, Floats

# A fold is looked for in strips of so many points across it, by this percentile of their levels: most of a strip is no text.
STRIP, MIDDLE = 36.0, 60
# It is not wider than this (points), darker than the paper beside it by DIP levels of 255, and paler than print by far.
WIDE, DIP, PALE = 6.0, 5.0, 110.0
# It shows in this share of the strips, the first and the last among them: in the margins, where rules do not reach.
THROUGH = 0.8
# Where it seems to be deeper than so many times its usual depth, there is print on it.
UNEVEN = 1.5
# It may stray so far to either side, in points.
STRAY = 1.0


def without_folds(grey: Grey, scale: float) -> Grey:
    """A straight, flattened page without its folds, upright and level ones."""
    grey = _without_upright(grey, scale)
    return np.ascontiguousarray(_without_upright(np.ascontiguousarray(grey.T), scale).T)


def _without_upright(grey: Grey, scale: float) -> Grey:
    count = max(int(grey.shape[0] / (STRIP * scale)), 1)
    edges = np.linspace(0, grey.shape[0], count + 1).astype(np.int64)
    middle = np.array([np.percentile(grey[a:b:3], MIDDLE, axis=0) for a, b in pairwise(edges.tolist())])
    dip = np.asarray(closed(middle.astype(np.uint8), WIDE * scale, 1) - middle)
    folded = _folded(dip, scale)
    if not folded.any():
        return grey
    grey = grey.copy()
    usual = np.median(middle[:, folded], axis=0)
    for a, b, level in zip(edges[:-1].tolist(), edges[1:].tolist(), middle[:, folded], strict=True):
        share = np.maximum(np.maximum(level, 255 - UNEVEN * (255 - usual)), 255 - PALE) / 255
        grey[a:b, folded] = np.clip(np.rint(grey[a:b, folded] / share), 0, 255)
    return grey


def _folded(dip: Floats, scale: float) -> Bools:
    """Which columns belong to a fold. Args: dip: strips × columns, how much darker than what is beside it."""
    far = int(STRAY * scale)
    near = np.max([np.roll(dip, step, axis=1) for step in range(-far, far + 1)], axis=0)
    seen = near >= DIP
    through = (seen.mean(axis=0) >= THROUGH) & seen[0] & seen[-1]
    through &= np.median(near, axis=0) < PALE
    wide = int(WIDE / 2 * scale)
    return np.asarray(np.convolve(through, np.ones(2 * wide + 1), mode="same") > 0) if through.any() else through
