"""Which painted marks a person sees: against white paper, and white ones against the coloured areas that they lie on."""

from __future__ import annotations

import numpy as np

from services.extractor.domain.page import Bools, Floats, PageContents

# Whiter than this in every channel, after transparency, is not seen on white paper: tints of table stylesheets begin at 242 (5 % grey).
WHITE = 250.0
# An area is thicker than any rule (THICKEST in rulings.py is 3.2), so that it may hold text.
LEAST_AREA = 4.0
# An area that covers this much of the page is its background.
BACKGROUND = 0.6
# More areas than this are a picture drawn in vectors; tables of a page have a few hundred cells.
MOST_AREAS = 3000
# A white mark beside an area within this many points lies on its border.
BESIDE = 1.0


def on_paper(paint: Floats) -> Floats:
    """Colours (n×3) as they come out on white paper."""
    cover = paint[:, 3:4] / 255.0
    return np.asarray(255.0 - cover * (255.0 - paint[:, :3]))


def seen(paint: Floats) -> Bools:
    """Paint that differs from white paper."""
    if len(paint) and paint[:, 3].min() >= 255 and paint[:, 0].max() < WHITE:  # opaque black, grey, blue …: what most rules are
        return np.ones(len(paint), dtype=np.bool_)
    return np.asarray((on_paper(paint) < WHITE).any(axis=1))


def coloured_areas(page: PageContents, visible: Bools) -> Bools:
    """Which marks are coloured areas: fills that are seen, as large as a cell and smaller than the page."""
    wide, high = page.marks[:, 2] - page.marks[:, 0], page.marks[:, 3] - page.marks[:, 1]
    areas: Bools = np.asarray(page.filled & visible & (wide > LEAST_AREA) & (high > LEAST_AREA))
    if not np.count_nonzero(areas):
        return areas
    areas &= wide * high <= BACKGROUND * page.width * page.height
    return areas if np.count_nonzero(areas) <= MOST_AREAS else np.zeros_like(areas)


def shows_on(rules: Floats, axis: int, areas: Floats) -> Floats:
    """The length of each rule (position, start, end) that lies on or along areas (boxes), so that white paint is seen there.

    `axis` 0: horizontal rules. Areas that overlap count twice; the result is at most the rule's length.
    """
    near = (rules[:, None, 0] > areas[None, :, 1 - axis] - BESIDE) & (rules[:, None, 0] < areas[None, :, 3 - axis] + BESIDE)
    shared = np.minimum(rules[:, None, 2], areas[None, :, axis + 2]) - np.maximum(rules[:, None, 1], areas[None, :, axis])
    length = np.where(near, np.maximum(shared, 0.0), 0.0).sum(axis=1)
    return np.asarray(np.minimum(length, rules[:, 2] - rules[:, 1]))
