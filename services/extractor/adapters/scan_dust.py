"""Specks all over a scanned page, from dirty glass or a noisy sensor, become paper where they stand by themselves. Points of text stay."""

from __future__ import annotations

import numpy as np

from services.extractor.adapters.scan_pixels import Grey, blobs, spread

# Ink: at least this dark. A speck is smaller than this (points); points of 12 pt text measure 1.3 at most.
INK, SPECK = 200, 1.8
# It stands by itself if no larger ink is this near, in points to the side and above or below: a decimal point has a digit within 3.
ASIDE, ABOVE = 5.0, 1.5
# So many in a million square points (two A4 pages) are dust: pages of leaders (……) have some hundreds, peppered ones thousands.
MANY = 1500


def without_dust(pixels: Grey, scale: float) -> Grey:
    """The page, grey and without rules, without its dust; as it is where it has few specks, which may all mean something."""
    labels, stats, centre = blobs((pixels < INK).astype(np.uint8))
    small = stats[:, 2:4].max(axis=1) < SPECK * scale
    small[0] = False
    larger = spread((~small & (np.arange(len(stats)) > 0))[labels].astype(np.uint8), 2 * ASIDE * scale, 2 * ABOVE * scale)
    x, y = np.rint(centre).astype(np.int64).T
    dust = small & (larger[y, x] == 0)
    if dust.sum() * scale**2 < MANY * pixels.size / 1e6:
        return pixels
    return np.where(spread(dust[labels].astype(np.uint8), 3, 3) > 0, np.uint8(255), pixels)
