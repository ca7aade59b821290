"""What lies on a scanned page besides its print: red seals, grey seals, punch holes, shadows where the sheet ends. They become paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.scan_pixels import Grey, blobs, closed, opened, resized, spread

# Red ink: this much more red than green and blue. Black ink under a seal has none of it.
RED = 40
# A seal measures this much in points (official ones 38–50 mm, of finance offices and persons from 18 mm), nearly as high as wide. Red words
# and figures are lower, or much wider than high.
SEAL_LEAST, SEAL_MOST, SEAL_RATIO = 45.0, 170.0, 1.8
# Under a red seal, black ink is at most this bright in the red channel of its surroundings.
BLACK_UNDER_RED = 0.62
# A shadow at the edge is black for at least this many points inwards; it ends within this share of the page.
SHADOW, SHADOW_SHARE = 3.0, 0.12
# Punch holes: points across, and how far from the edge their far side lies.
HOLE_LEAST, HOLE_MOST, HOLE_WITHIN = 9.0, 26.0, 60.0
# Darker than this is no paper.
DARK = 170


def without_red_seals(pixels: NDArray[np.uint8], scale: float) -> Grey:
    """A page's image (red, green, blue) as grey, with red seals taken off and the black print under them left."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    red = np.ascontiguousarray(pixels[:, :, 0])
    reddish = np.asarray(cv2.subtract(red, cv2.max(pixels[:, :, 1], pixels[:, :, 2])), dtype=np.uint8)
    if int(reddish.max(initial=0)) < RED:
        return grey
    _, stats, _ = blobs(closed((_small(reddish, scale) > RED / 2).astype(np.uint8), 15, 15))
    for x, y, w, h, _ in stats[1:].tolist():
        if min(w, h) >= SEAL_LEAST and max(w, h) <= SEAL_MOST and max(w, h) <= SEAL_RATIO * min(w, h):
            area = (
                slice(max(int((y - 3) * scale), 0), int((y + h + 3) * scale)),
                slice(max(int((x - 3) * scale), 0), int((x + w + 3) * scale)),
            )
            grey[area] = _unsealed(grey[area], red[area], reddish[area])
    return grey


def _unsealed(grey: Grey, red: Grey, reddish: Grey) -> Grey:
    """The red channel sees no red ink; what stays dark in it is print."""
    paper = float(np.percentile(red, 90))
    near = spread((reddish > RED / 3).astype(np.uint8), 3, 3) > 0
    seal_only = near & (red > BLACK_UNDER_RED * paper)
    return np.where(seal_only, np.uint8(paper), np.where(near, red, grey))


def without_shadows(grey: Grey, scale: float) -> Grey:
    """The image without thick black that comes in from its edges, and without punch holes near them."""
    small = _small(grey, scale)
    padded = np.pad((small < DARK).astype(np.uint8), 4, constant_values=1)
    labels, stats, _ = blobs(opened(padded, SHADOW, SHADOW))
    height, width = small.shape
    stain = labels == labels[0, 0]
    deep = int(SHADOW_SHARE * max(height, width)) + 4
    stain[deep : height + 8 - deep, deep : width + 8 - deep] = False
    for k, (x, y, w, h, area) in enumerate(stats.tolist()):
        if k != labels[0, 0] and _is_hole(x - 4, y - 4, w, h, area, width, height):
            stain |= labels == k
    cover = spread(stain.astype(np.uint8), 9, 9)[4:-4, 4:-4]
    if not cover.any() or cover.all():
        return grey
    paper = np.uint8(np.median(small[cover == 0]))
    return np.where(resized(cover, grey.shape[1], grey.shape[0]) > 0, paper, grey)


def _small(image: Grey, scale: float) -> Grey:
    """A pixel a point."""
    return resized(image, int(image.shape[1] / scale), int(image.shape[0] / scale))


def _is_hole(x: int, y: int, w: int, h: int, area: int, width: int, height: int) -> bool:
    """A full disc near an edge (all in points)."""
    if not (min(w, h) >= HOLE_LEAST and max(w, h) <= HOLE_MOST and abs(w - h) <= 0.2 * max(w, h) + 1):
        return False
    near = min(x + w, width - x, y + h, height - y) <= HOLE_WITHIN
    return near and 0.68 <= area / (w * h) <= 0.9
