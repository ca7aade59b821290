"""How far a scanned page leans, and whether its text runs down the page: from where its ink begins and ends, line by line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.scan_pixels import Grey, blobs, closed, resized

# The furthest lean that is put right, and the step of the first look; sheet feeders lean by up to 2°.
FURTHEST, FIRST_STEP = 4.0, 0.1
# The first look is at an image of this many pixels a point (about 72 dpi).
FIRST_SCALE = 1.0
# The second look goes this fine; below it, a rule across the page moves by less than half a pixel at 200 dpi.
FINE_STEP = 0.01
# Darker than this is ink: a thin rule in the reduced image keeps a third of its blackness.
INK = 180
# Pieces of ink of this size in points are characters or parts of them; with fewer than so many nothing is said about the text.
SMALLEST, LARGEST, FEW, USUAL = 3.0, 24.0, 20, 10.0
# Pixels a point that tell lines of text apart.
ROUGH_SCALE = 1.5
# So many places are looked at: more change nothing but the time.
MOST_PLACES = 60_000


def skew_of(grey: Grey, scale: float) -> float:
    """Degrees by which the page has to be turned clockwise so that its lines lie straight; 0 where it has none.

    Turned rightly, the lower edges of text lines and rules fall together in few rows, and the sides of vertical ones in few columns.
    """
    first = grey
    if scale > 1.2 * FIRST_SCALE:
        share = FIRST_SCALE / scale
        first = resized(grey, int(grey.shape[1] * share), int(grey.shape[0] * share))
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
    dark = grey < INK
    edge = dark[:-1] & ~dark[1:]
    places = np.flatnonzero(edge)
    if len(places) > MOST_PLACES:
        places = places[:: len(places) // MOST_PLACES + 1]
    across, along = np.divmod(places, grey.shape[1])
    return along - grey.shape[1] / 2, across - grey.shape[0] / 2


@dataclass(frozen=True, slots=True)
class Letters:
    """Pieces of ink of the size of characters or of their parts. `box`: n×4 (x, y, width, height) in pixels; `em`: their size in points."""

    box: NDArray[np.int32]
    em: float


def letters_of(grey: Grey, scale: float) -> Letters:
    """The page's characters as pieces of ink."""
    _, stats, _ = blobs((grey < INK).astype(np.uint8))
    box = stats[1:, :4]
    larger = box[:, 2:].max(axis=1, initial=0) / scale
    chosen = (larger > SMALLEST) & (larger < LARGEST)
    em = float(np.percentile(larger[chosen], 92)) if chosen.sum() >= FEW else USUAL
    return Letters(box[chosen], em)


def text_runs_down(letters: Letters, scale: float) -> bool:
    """Whether lines of text run from top to bottom: characters stand closer to their neighbours in a line than lines to each other."""
    if len(letters.box) < FEW:
        return False
    box = np.rint(letters.box * (ROUGH_SCALE / scale)).astype(np.int32)
    page = np.zeros((int(box[:, [1, 3]].sum(axis=1).max()) + 1, int(box[:, [0, 2]].sum(axis=1).max()) + 1), dtype=np.uint8)
    for x, y, w, h in box.tolist():
        page[y : y + max(h, 1), x : x + max(w, 1)] = 1
    reach = int(0.5 * letters.em * ROUGH_SCALE)
    return len(blobs(closed(page, 1, reach))[1]) < len(blobs(closed(page, reach, 1))[1])
