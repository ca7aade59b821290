"""Tables that stand in a page as a picture, amid text of the file's own: the picture's rules and recognised characters join the page.

Only ruled tables do: photographs, charts and emblems stay pictures. The page's own text is never replaced.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from services.extractor.domain.lattice import find_lattices
from services.extractor.domain.page import Bools, Floats, PageContents
from services.extractor.domain.rulings import find_rulings

# A picture of a table covers at least this share of its page. Charts of real narratives cover .18 and .19, a photograph on a cover .54.
LEAST_SHARE = 0.25
# A table in a picture has at least so many cells; frames and axes have fewer.
_LEAST_CELLS = 6
# Words that a program prints over a scan (page number, stamp, file name): fewer characters, on a picture of nearly the whole page.
_OVERLAY, _WHOLE = 60, 0.8
# Recognition shows that there was more to read than the overlay if it finds so many times its characters.
_MORE = 3
# Rules of a table's own border stand on its edge.
_BORDER = np.array([-2.0, -2.0, 2.0, 2.0])
# A page that leans by more degrees than this is no picture laid into a page by a program.
_STRAIGHT = 0.2


def pictures_amid_text(page: PageContents) -> Floats:
    """Boxes (n×4, reading space) of large pictures of a page with text, on which none of that text stands."""
    boxes = page.pictures
    if not len(boxes) or not len(page.codes):
        return boxes[:0]
    large = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) >= LEAST_SHARE * page.width * page.height
    middle = (page.box[:, :2] + page.box[:, 2:]) / 2
    bare = np.array([not _inside(middle, box).any() for box in boxes], dtype=np.bool_)
    return np.asarray(boxes[large & bare])


def is_overlaid(page: PageContents) -> bool:
    """Whether a page may be a scan with a few words printed over it."""
    boxes = page.pictures
    if not len(boxes) or not 0 < len(page.codes) < _OVERLAY:
        return False
    return bool(((boxes[:, 2:] - boxes[:, :2]).prod(axis=1) >= _WHOLE * page.width * page.height).any())


def beneath_overlay(page: PageContents, seen: PageContents) -> PageContents:
    """What the image of such a page shows, its overlay included; the page's own text where that is all there is to read."""
    return seen if len(seen.codes) > _MORE * len(page.codes) else page


def with_tables_of(page: PageContents, seen: PageContents, pictures: Floats) -> PageContents | None:
    """The page with the tables that recognition found in its pictures; None where it found none.

    Args: seen: what the image of the whole page shows. pictures: boxes in the page's reading space.
    """
    if page.turn or seen.turn or abs(seen.skew) > _STRAIGHT:
        return None
    lattices = [np.array(one.box) for one in find_lattices(find_rulings(seen)) if len(one.cells) >= _LEAST_CELLS]
    boxes = [box for box in lattices if any(_inside(((box[:2] + box[2:]) / 2)[None], picture)[0] for picture in pictures)]
    if not boxes:
        return None
    middle, centre = (seen.box[:, :2] + seen.box[:, 2:]) / 2, (seen.marks[:, :2] + seen.marks[:, 2:]) / 2
    glyphs = np.any([_inside(middle, box) for box in boxes], axis=0)
    marks = np.any([_inside(centre, box + _BORDER) for box in boxes], axis=0)
    own = page.certainty if len(page.certainty) else np.ones(len(page.codes))
    return replace(
        page,
        codes=np.concatenate([page.codes, seen.codes[glyphs]]),
        box=np.concatenate([page.box, seen.box[glyphs]]),
        origin=np.concatenate([page.origin, seen.origin[glyphs]]),
        size=np.concatenate([page.size, seen.size[glyphs]]),
        angle=np.concatenate([page.angle, seen.angle[glyphs]]),
        certainty=np.concatenate([own, seen.certainty[glyphs]]),
        red=np.concatenate([page.red, np.zeros(int(glyphs.sum()), dtype=np.bool_)]) if len(page.red) else page.red,
        marks=np.concatenate([page.marks, seen.marks[marks]]),
        paint=np.concatenate([page.paint, seen.paint[marks]]),
        filled=np.concatenate([page.filled, seen.filled[marks]]),
        weight=np.concatenate([page.weight, seen.weight[marks]]),
    )


def _inside(points: Floats, box: Floats) -> Bools:
    return np.asarray(((points > box[:2]) & (points < box[2:])).all(axis=1))
