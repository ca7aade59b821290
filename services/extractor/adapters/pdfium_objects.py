"""Objects of a page through pdfium: sorted by kind and by the space that they are drawn in, with the boxes of their clips."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.adapters.python_loops import Handles, no_handles
from services.extractor.domain.page import Floats, Ints, no_floats

Rect = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

# A clip that clips nothing.
EVERYWHERE: Rect = (-1e9, -1e9, 1e9, 1e9)
NOWHERE: Rect = (1e9, 1e9, -1e9, -1e9)
# Half a point: clips that hug the text cut no glyph's centre away, and a rule on the clip's edge is seen.
HUG = 0.5
# Forms inside forms: real pages have two or three levels; a page that refers to itself must end.
_DEEPEST_FORM = 8


@dataclass(slots=True)
class Group:
    """Objects drawn in one space: the page's own (`matrix` None) or a form's. `limit`: the clip of the forms around, in page space.

    `handles`, `kinds`: all its objects; `limits`: boxes (left, bottom, right, top) in page space of their clips, a row each. The one at k is
    drawn at `place + step * (k + 1)` in the page's order of painting. `common`: the clip of all of them, where it is one.
    """

    matrix: Matrix | None = None
    limit: Rect = EVERYWHERE
    text: Handles = field(default_factory=no_handles)
    paths: Handles = field(default_factory=no_handles)
    pictures: Handles = field(default_factory=no_handles)
    handles: Handles = field(default_factory=no_handles)
    kinds: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    limits: Floats = field(default_factory=partial(no_floats, 4))
    common: Rect | None = None
    place: float = 0.0
    step: float = 1.0
    _rows: dict[int, NDArray[np.int64]] = field(default_factory=dict)

    def rows(self, kind: int) -> NDArray[np.int64]:
        """Where its objects of a kind stand among all."""
        if kind not in self._rows:
            self._rows[kind] = (self.kinds == kind).nonzero()[0]
        return self._rows[kind]

    def others(self) -> bool:
        """Whether it holds anything besides text and paths."""
        return len(self.text) + len(self.paths) < len(self.handles)

    def places(self, kind: int) -> Floats:
        """When its objects of a kind are drawn."""
        return self.places_at(self.rows(kind))

    def places_at(self, rows: NDArray[np.int64]) -> Floats:
        """When the objects in some rows of `handles` are drawn."""
        return np.asarray(self.place + self.step * (rows + 1.0), dtype=np.float64)

    def limits_of(self, kind: int) -> Floats:
        """The clips of its objects of a kind."""
        return np.asarray(self.limits[self.rows(kind)], dtype=np.float64)

    def without(self, gone: Handles) -> None:
        """Takes objects away, but for text, which the page's characters still belong to."""
        stay = ~np.isin(self.handles, gone) | (self.kinds == pdfium.OBJECT_TEXT)
        self.kinds = np.where(stay, self.kinds, 0)
        self._rows.clear()
        self.paths, self.pictures = self.handles[self.rows(pdfium.OBJECT_PATH)], self.handles[self.rows(pdfium.OBJECT_IMAGE)]


@dataclass(slots=True)
class Objects:
    """Objects of a page: text, paths and pictures by the space that they are drawn in, and the number of images; addresses of the page and its
    document."""

    groups: list[Group] = field(default_factory=list)
    images: int = 0
    document: int = 0
    page: int = 0


def read_objects(document: int, page: int) -> Objects:
    """Sorts the page's objects by type; goes into forms."""
    found = Objects(document=document, page=page)
    handles = pdfium.loops.addresses_at(pdfium.page_object, page, np.arange(pdfium.count_objects(page), dtype=np.int32))
    _sort(handles, found, Group(), 0)
    return found


def _sort(handles: Handles, found: Objects, group: Group, depth: int) -> None:
    kinds = pdfium.loops.numbers(pdfium.object_type, handles)
    group.handles, group.kinds = handles, kinds
    group.limits, group.common = _limits(handles, group)
    group.text, group.paths = handles[group.rows(pdfium.OBJECT_TEXT)], handles[group.rows(pdfium.OBJECT_PATH)]
    found.groups.append(group)
    if not group.others():
        return
    group.pictures = handles[group.rows(pdfium.OBJECT_IMAGE)]
    found.images += len(group.pictures)
    forms = handles[group.rows(pdfium.OBJECT_FORM)]
    if not len(forms) or depth >= _DEEPEST_FORM:
        return
    limits, places = group.limits_of(pdfium.OBJECT_FORM), group.places(pdfium.OBJECT_FORM)
    matrices = pdfium.loops.fill(pdfium.object_matrix, forms)
    for form, own, limit, place in zip(forms.tolist(), matrices, limits, places.tolist(), strict=True):
        inner = np.array([h for h in map(pdfium.form_object, repeat(form), range(pdfium.form_count(form))) if h], dtype=np.uintp)
        total = _product(_matrix(own), group.matrix) if group.matrix else _matrix(own)
        _sort(inner, found, Group(total, rect_of(limit), place=place, step=group.step / (len(inner) + 2)), depth + 1)


def _matrix(values: Floats) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return (a, b, c, d, e, f)


def _product(first: Matrix, second: Matrix) -> Matrix:
    """`first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def picture_boxes(objects: Objects) -> Floats:
    """Boxes (left, bottom, right, top) in page space of what is seen of the page's images, n×4."""
    parts = [no_floats(4)]
    if not objects.images:
        return parts[0]
    for group in objects.groups:
        if len(group.pictures):
            boxes, limits = bounds_of(group.pictures, group.matrix), group.limits_of(pdfium.OBJECT_IMAGE)
            parts.append(np.concatenate([np.maximum(boxes[:, :2], limits[:, :2]), np.minimum(boxes[:, 2:], limits[:, 2:])], axis=1))
    found = np.concatenate(parts)
    return found[(found[:, :2] < found[:, 2:]).all(axis=1)]


def bounds_of(handles: Handles, outer: Matrix | None) -> Floats:
    """Boxes (left, bottom, right, top) of objects."""
    return placed(pdfium.loops.fill(pdfium.object_bounds, handles).astype(np.float64), outer)


def placed(data: Floats, outer: Matrix | None) -> Floats:
    """Boxes of a form's space in the page's."""
    if outer is None or not len(data):
        return data
    a, b, c, d, e, f = outer
    xs = np.stack([a * data[:, i] + c * data[:, j] + e for i in (0, 2) for j in (1, 3)], axis=1)
    ys = np.stack([b * data[:, i] + d * data[:, j] + f for i in (0, 2) for j in (1, 3)], axis=1)
    return np.stack([xs.min(1), ys.min(1), xs.max(1), ys.max(1)], axis=1)


def _limits(handles: Handles, group: Group) -> tuple[Floats, Rect | None]:
    """Boxes (left, bottom, right, top) in page space of the clips of some objects of a group, n×4; and the box of all, where it is one.

    Objects mostly share one clip: pdfium hands out the address of the shared path's first segment, so that each is read once a page.
    """
    limits = np.empty((len(handles), 4))
    limits[:] = common = group.limit
    if not len(handles):
        return limits, common
    clips = pdfium.loops.addresses(pdfium.clip_path, handles)
    counts = pdfium.loops.numbers(pdfium.clip_count, clips)
    all_one = True
    for part in range(int(counts.max())):
        have = counts > part
        whole = bool(have.all())
        some = clips if whole else clips[have]
        firsts = pdfium.loops.parts(pdfium.clip_segment, some, part, 0)
        if (firsts == firsts[0]).all():
            boxes = placed(_clip_boxes(some[:1], part), group.matrix)
        else:
            _, examples, which = np.unique(firsts, return_index=True, return_inverse=True)
            boxes = placed(_clip_boxes(some[examples], part), group.matrix)[which]
        all_one = all_one and whole and len(boxes) == 1
        here = slice(None) if whole else have
        limits[here, :2] = np.maximum(limits[here, :2], boxes[:, :2])
        limits[here, 2:] = np.minimum(limits[here, 2:], boxes[:, 2:])
    return limits, rect_of(limits[0]) if all_one else None


def rect_of(values: Floats) -> Rect:
    """A row (left, bottom, right, top) as a tuple."""
    left, bottom, right, top = values.tolist()
    return (left, bottom, right, top)


def _clip_boxes(clips: Handles, part: int) -> Floats:
    """The boxes around one path of some clips; a path without points clips nothing here."""
    counts = pdfium.loops.numbers_at(pdfium.clip_segments, clips, part)
    boxes = np.empty((len(clips), 4))
    boxes[:] = EVERYWHERE
    drawn = (counts > 0).nonzero()[0]
    if len(drawn):
        numbers = numbers_below(counts[drawn])
        segments = pdfium.loops.parts(pdfium.clip_segment, np.repeat(clips[drawn], counts[drawn]), part, numbers)
        points = pdfium.loops.fill(pdfium.segment_point, segments)
        starts = (numbers == 0).nonzero()[0]
        boxes[drawn, :2] = np.minimum.reduceat(points, starts)
        boxes[drawn, 2:] = np.maximum.reduceat(points, starts)
    return boxes


def numbers_below(counts: Ints) -> Ints:
    """0, 1, … below each count, one after the other."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts), dtype=np.int32)
