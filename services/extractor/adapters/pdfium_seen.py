"""Which text nobody sees: clipped away, not painted, white on white, and what a later opaque area or image covers.

Decided from geometry and colours alone, so that the answer does not depend on the fonts of a machine. Dropping what is visible would be worse than
reading what is not: only plain white counts, only where nothing else was painted under it; only plain opaque rectangles and images
cover, and only text that lies in them whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.adapters.pdfium_images import is_opaque
from services.extractor.adapters.pdfium_objects import HUG, NOWHERE, Group, Objects, Rect, bounds_of, rect_of
from services.extractor.adapters.python_loops import Handles, no_handles
from services.extractor.domain.page import Bools, Floats, no_floats

# Text that is not painted: render modes "neither fill nor stroke" and "clip only" (PDF 32000-1, table 106).
_UNPAINTED = (3, 7)
# Each part of red, green, blue; printers and screens show 250 of 255 as white.
_WHITE = 250
# Red ink: FF0000 and C00000 of word processors, not orange or brown.
_RED, _NOT_RED = 160, 80
# A rectangle is four or five segments (m l l l, or with the closing l). Anything else may leave holes.
_RECTANGLE = (4, 5)
# Text may reach over the area that covers it by this (points): boxes of text are as high as the font's, not as the letters.
_REACH = 1.0
# Areas smaller than this across are rules, and cover nothing (points).
_THIN = 3.0
# Texts times areas compared at once.
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Paint:
    """Text objects (addresses) that are painted and not seen, and those printed in red."""

    unseen: list[int]
    red: list[int]


def text_paint(objects: Objects) -> Paint:
    """What the paint of the page's text says."""
    texts = [_Texts(group) for group in objects.groups if len(group.text)]
    red = [handle for each in texts for handle in each.handles[each.red].tolist()]
    return Paint(_unseen(objects, texts) if texts else [], red)


def _unseen(objects: Objects, texts: list[_Texts]) -> list[int]:
    first = min(float(each.places[0]) for each in texts)
    whites = any(each.white.any() for each in texts)
    parts = [_areas(group, -1.0 if whites else first) for group in objects.groups]
    box, places, covers, white, images = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
    if not len(box) and not whites:
        return []
    if images.any():
        covers &= ~_let_through(objects, texts, box, places, images * covers)
    found: list[int] = []
    for each in texts:
        later = covers & (places > each.places[0])
        if np.count_nonzero(later):
            found += each.handles[_covered(each, box[later], places[later])].tolist()
        if each.white.any():
            found += each.handles[each.white][_on_nothing(each, box[~white], places[~white])].tolist()
    return sorted(set(found))


def _let_through(objects: Objects, texts: list[_Texts], box: Floats, places: Floats, images: Handles) -> Bools:
    """Which of the areas are images that lie over text and let it through: seals, signatures. `images`: their addresses, 0 for other areas."""
    found = np.zeros(len(box), dtype=np.bool_)
    for k in images.nonzero()[0].tolist():
        if any(_covered(each, box[k : k + 1], places[k : k + 1]).any() for each in texts):
            left, bottom, right, top = bounds_of(images[k : k + 1], None)[0].tolist()
            found[k] = not is_opaque(objects.document, objects.page, int(images[k]), (right - left) * (top - bottom))
    return found


class _Texts:
    """Text objects of a group: when they are drawn, which are filled with white or red. Their boxes are read when asked for."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self.handles = group.text
        self.places = group.places(pdfium.OBJECT_TEXT)
        colour = pdfium.loops.fill(pdfium.fill_colour, group.text)
        self.white, self.red = _white_and_red(colour)
        if self.white.any():  # other modes stroke the letters as well, in another colour
            self.white &= pdfium.loops.numbers(pdfium.text_mode, group.text) == 0

    def boxes(self) -> Floats:
        """Boxes (left, bottom, right, top) on the page."""
        return bounds_of(self.handles, self._group.matrix)


def _white_and_red(colour: NDArray[np.uint32]) -> tuple[Bools, Bools]:
    """Which colours are not seen on paper, and which are red; nearly all text is black."""
    alpha = colour[:, 3]
    if not colour[:, 0].any() and alpha.all():
        return (nothing := np.zeros(len(colour), dtype=np.bool_)), nothing
    white = (colour[:, :3].min(axis=1) >= _WHITE) | (alpha == 0)
    red = (colour[:, 0] >= _RED) & (colour[:, 1:3].max(axis=1) <= _NOT_RED) & (alpha > 0)
    return np.asarray(white), np.asarray(red)


def _areas(group: Group, after: float) -> tuple[Floats, Floats, Bools, Bools, Handles]:
    """What is painted in a group after some place: boxes, places, whether it covers what is under it, whether it is plain white; addresses of
    images, 0 for other things."""
    rows, covers, white = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.bool_)
    paths = group.rows(pdfium.OBJECT_PATH)
    paths = paths[group.places_at(paths) > after]
    if len(paths):
        modes = pdfium.loops.fill(pdfium.draw_mode, group.handles[paths])
        painted = modes.any(axis=1)
        rows, modes = paths[painted], modes[painted]
        kept = group.handles[rows]
        colour = pdfium.loops.fill(pdfium.known_fill_colour, kept)
        opaque = (modes[:, 0] != 0) & (colour[:, 3] == 255)
        segments = pdfium.loops.numbers(pdfium.count_segments, kept)
        covers = np.asarray(opaque & (segments >= _RECTANGLE[0]) & (segments <= _RECTANGLE[1]))
        white = np.asarray(opaque & (modes[:, 1] == 0) & (colour[:, :3].min(axis=1) >= _WHITE))
    if group.others():
        images = ((group.kinds == pdfium.OBJECT_IMAGE) | (group.kinds == pdfium.OBJECT_SHADING)).nonzero()[0]
        rows = np.concatenate([rows, images])
        covers = np.concatenate([covers, group.kinds[images] == pdfium.OBJECT_IMAGE])
        white = np.concatenate([white, np.zeros(len(images), dtype=np.bool_)])
    if not len(rows):
        return no_floats(4), np.zeros(0), covers, white, no_handles()
    kept, places, limits = group.handles[rows], group.places_at(rows), group.limits[rows]
    box = bounds_of(kept, group.matrix)
    box = np.concatenate([np.maximum(box[:, :2], limits[:, :2]), np.minimum(box[:, 2:], limits[:, 2:])], axis=1)
    if covers.any():
        wide = np.asarray(((box[:, 2:] - box[:, :2]) > _THIN).all(axis=1))
        covers[covers] = wide[covers] & ~_transparent(kept[covers])
    return box, places, covers, white, np.where(group.kinds[rows] == pdfium.OBJECT_IMAGE, kept, 0)


def _transparent(handles: Handles) -> Bools:
    return np.asarray(pdfium.loops.numbers(pdfium.has_transparency, handles) != 0)


def _covered(texts: _Texts, box: Floats, places: Floats) -> Bools:
    """Which texts lie whole in an area that is painted later."""
    own = texts.boxes()
    low, high = own[:, :2] + _REACH, own[:, 2:] - _REACH
    found = np.zeros(len(own), dtype=np.bool_)
    step = max(1, _AT_ONCE // max(1, len(own)))
    for k in range(0, len(box), step):
        area, at = box[k : k + step], places[k : k + step]
        inside = (low[:, None, 0] >= area[None, :, 0]) & (high[:, None, 0] <= area[None, :, 2])
        inside &= (low[:, None, 1] >= area[None, :, 1]) & (high[:, None, 1] <= area[None, :, 3])
        found |= (inside & (at[None, :] > texts.places[:, None])).any(axis=1)
    return found


def _on_nothing(texts: _Texts, box: Floats, places: Floats) -> Bools:
    """Which of the white texts touch nothing that was painted before them in another colour."""
    own, at = texts.boxes()[texts.white], texts.places[texts.white]
    touch = (own[:, None, 0] < box[None, :, 2]) & (own[:, None, 2] > box[None, :, 0])
    touch &= (own[:, None, 1] < box[None, :, 3]) & (own[:, None, 3] > box[None, :, 1])
    return np.asarray(~(touch & (places[None, :] < at[:, None])).any(axis=1))


def hidden_text(objects: Objects, area: Rect) -> dict[int, Rect]:
    """Text objects of which not everything is seen on the page (`area`), with what their clip leaves (left, bottom, right, top).

    Text that is not painted at all (the layer that text recognition lays over a scan) is hidden where the page has something else to see,
    and is all that a page says whose letters are drawn as outlines.
    """
    hidden: dict[int, Rect] = {}
    unpainted: list[int] = []
    for group in objects.groups:
        if not len(group.text):
            continue
        if group.common is None or _beyond(area, group.common):
            limits = group.limits_of(pdfium.OBJECT_TEXT)
            clipped = _reach_beyond(np.array([area]), limits)
            text, limits = group.text[clipped], limits[clipped]
            outside = _reach_beyond(bounds_of(text, group.matrix), limits)
            hidden.update(zip(text[outside].tolist(), map(rect_of, limits[outside]), strict=True))
        modes = pdfium.loops.numbers(pdfium.text_mode, group.text)
        if modes.any():  # nearly all text is filled, which is mode 0
            unpainted += group.text[(modes == _UNPAINTED[0]) | (modes == _UNPAINTED[1])].tolist()
    if objects.images or len(unpainted) < sum(len(group.text) for group in objects.groups):
        hidden.update(dict.fromkeys(unpainted, NOWHERE))
    return hidden


def _beyond(box: Rect, limit: Rect) -> bool:
    """Whether a box reaches beyond a limit by more than half a point."""
    return box[0] < limit[0] - HUG or box[1] < limit[1] - HUG or box[2] > limit[2] + HUG or box[3] > limit[3] + HUG


def _reach_beyond(boxes: Floats, limits: Floats) -> Bools:
    """The same for many boxes, each with its limit."""
    left, bottom, right, top = limits.T
    return np.asarray((boxes[:, 0] < left - HUG) | (boxes[:, 1] < bottom - HUG) | (boxes[:, 2] > right + HUG) | (boxes[:, 3] > top + HUG))
