"""How far a scanned page leans, and whether its text runs down the page: from where its ink begins and ends, line by line."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

# The furthest lean that is put right, and the step of the first look; sheet feeders lean by up to 2°.
FURTHEST, FIRST_STEP = 4.0, 0.1
# The first look is at an image of this many pixels a point (about 72 dpi).
FIRST_SCALE = 1.0
# The second look goes this fine; below it, a rule across the page moves by less than half a pixel at 200 dpi.
FINE_STEP = 0.01
# So many places are looked at: more change nothing but the time.
MOST_PLACES = 60_000


def skew_of(grey: Grey, scale: float) -> float:
    """Degrees by which the page has to be turned clockwise so that its lines lie straight; 0 where it has none.

    Turned rightly, the lower edges of text lines and rules fall together in few rows, and the sides of vertical ones in few columns.
    """
    first = grey
    if scale > 1.2 * FIRST_SCALE:
        share = FIRST_SCALE / scale
        first = np.asarray(cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    angles = np.arange(-FURTHEST, FURTHEST + FIRST_STEP / 2, FIRST_STEP)
    coarse = _best(first, angles, 1.0)
    if coarse is None:
        return 0.0
    fine = coarse + np.arange(-1.5 * FIRST_STEP, 1.5 * FIRST_STEP + FINE_STEP / 2, FINE_STEP)
    found = _best(grey, fine, max(scale / 3, 0.5))
    return round(coarse if found is None else found, 3)


def _best(grey: Grey, angles: NDArray[np.float64], bin_size: float) -> float | None:
    """The angle at which edges fall together most; None for an empty page."""
    score = np.zeros(len(angles))
    for image in (grey, np.ascontiguousarray(grey.T)):
        along, across = _lower_edges(image)
        if not len(along):
            continue
        sign = 1.0 if image is grey else -1.0
        for k, angle in enumerate(angles.tolist()):
            place = across + along * np.tan(np.radians(angle * sign))
            bins = ((place - place.min()) / bin_size).astype(np.int32)
            count = np.bincount(bins).astype(np.float64)
            score[k] += float((count**2).sum()) / len(along)
    if not score.any():
        return None
    top = int(score.argmax())
    if 0 < top < len(angles) - 1:  # the top of the parabola through three values
        a, b, c = score[top - 1 : top + 2]
        if (bend := a - 2 * b + c) < 0:
            return float(angles[top] + 0.5 * (a - c) / bend * (angles[1] - angles[0]))
    return float(angles[top])


def _lower_edges(grey: Grey) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places (along, across from the middle) where ink ends and paper begins below."""
    dark = grey < 150
    edge = dark[:-1] & ~dark[1:]
    places = np.flatnonzero(edge)
    if len(places) > MOST_PLACES:
        places = places[:: len(places) // MOST_PLACES + 1]
    across, along = np.divmod(places, grey.shape[1])
    return along - grey.shape[1] / 2, across - grey.shape[0] / 2


def text_runs_down(grey: Grey, scale: float) -> bool:
    """Whether lines of text run from top to bottom: characters stand closer to their neighbours in a line than lines to each other."""
    dark = (grey < 150).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    wide, high = stats[1:, cv2.CC_STAT_WIDTH] / scale, stats[1:, cv2.CC_STAT_HEIGHT] / scale
    letters = (np.maximum(wide, high) > 3) & (np.maximum(wide, high) < 24)
    if count < 2 or letters.sum() < 20:
        return False
    em = float(np.percentile(np.maximum(wide, high)[letters], 75))
    boxes = stats[1:][letters]
    page = np.zeros(grey.shape, dtype=np.uint8)
    for x, y, w, h in boxes[:, :4].tolist():
        page[y : y + h, x : x + w] = 1
    reach = max(int(0.5 * em * scale), 2)
    across = cv2.connectedComponents(cv2.morphologyEx(page, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8)))[0]
    down = cv2.connectedComponents(cv2.morphologyEx(page, cv2.MORPH_CLOSE, np.ones((reach, 1), np.uint8)))[0]
    return down < across
