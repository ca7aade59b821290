"""Painted path pieces and clipping of a page through pdfium: boxes, colours, and which text its clip hides."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.adapters.python_loops import Handles, no_handles
from services.extractor.domain.page import Bools, Floats, Ints, no_floats

Rect = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

# A plain filled rectangle has four or five segments (m l l l, or with the closing l); more may be several shapes in one path.
_RECTANGLE_SEGMENTS = 5
# Fewer segments draw no letter but "一"; an ideograph has 20 to 150, a digit 10 to 40.
_LETTER_SEGMENTS, _SEGMENTS_A_LETTER = 8, 20
_SEGMENT_LINE, _SEGMENT_BEZIER, _SEGMENT_MOVE = 0, 1, 2
# Borders of boxes are 0.5 to 3 pt thick.
_THICKEST_BORDER = 3.2
# A clip that clips nothing.
EVERYWHERE: Rect = (-1e9, -1e9, 1e9, 1e9)
NOWHERE: Rect = (1e9, 1e9, -1e9, -1e9)
# Half a point: clips that hug the text cut no glyph's centre away, and a rule on the clip's edge is seen.
_HUG = 0.5
# Text that is not painted: render modes "neither fill nor stroke" and "clip only" (PDF 32000-1, table 106).
_UNPAINTED = (3, 7)
# Forms inside forms: real pages have two or three levels; a page that refers to itself must end.
_DEEPEST_FORM = 8


@dataclass(slots=True)
class Group:
    """Objects drawn in one space: the page's own (`matrix` None) or a form's. `limit`: the clip of the forms around, in page space.

    `handles`, `kinds`: all its objects; `limits`: boxes (left, bottom, right, top) in page space of their clips, a row each. The one at k is
    drawn at `place + step * (k + 1)` in the page's order of painting.
    """

    matrix: Matrix | None = None
    limit: Rect = EVERYWHERE
    text: Handles = field(default_factory=no_handles)
    paths: Handles = field(default_factory=no_handles)
    pictures: Handles = field(default_factory=no_handles)
    handles: Handles = field(default_factory=no_handles)
    kinds: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    limits: Floats = field(default_factory=partial(no_floats, 4))
    place: float = 0.0
    step: float = 1.0

    def places(self, kind: int) -> Floats:
        """When its objects of a kind are drawn."""
        return self.places_at((self.kinds == kind).nonzero()[0])

    def places_at(self, rows: NDArray[np.int64]) -> Floats:
        """When the objects in some rows of `handles` are drawn."""
        return np.asarray(self.place + self.step * (rows + 1.0), dtype=np.float64)

    def limits_of(self, kind: int) -> Floats:
        """The clips of its objects of a kind."""
        return np.asarray(self.limits[self.kinds == kind], dtype=np.float64)

    def without(self, gone: Handles) -> None:
        """Takes objects away, but for text, which the page's characters still belong to."""
        stay = ~np.isin(self.handles, gone) | (self.kinds == pdfium.OBJECT_TEXT)
        self.kinds = np.where(stay, self.kinds, 0)
        self.paths = self.handles[self.kinds == pdfium.OBJECT_PATH]
        self.pictures = self.handles[self.kinds == pdfium.OBJECT_IMAGE]


@dataclass(slots=True)
class Objects:
    """Objects of a page: text, paths and pictures by the space that they are drawn in, and the number of images."""

    groups: list[Group] = field(default_factory=list)
    images: int = 0


@dataclass(slots=True)
class Marks:
    """Painted pieces in the page's own coordinates: boxes (left, bottom, right, top), colours, filled or stroked, stroke widths."""

    box: Floats
    paint: Floats
    filled: Bools
    weight: Floats


_NO_MARKS = Marks(no_floats(4), no_floats(4), np.zeros(0, dtype=np.bool_), np.zeros(0))


def read_objects(page: int) -> Objects:
    """Sorts the page's objects by type; goes into forms."""
    found = Objects()
    handles = pdfium.loops.addresses_at(pdfium.page_object, page, np.arange(pdfium.count_objects(page), dtype=np.int32))
    _sort(handles, found, Group(), 0)
    return found


def _sort(handles: Handles, found: Objects, group: Group, depth: int) -> None:
    kinds = pdfium.loops.numbers(pdfium.object_type, handles)
    group.handles, group.kinds, group.limits = handles, kinds, _limits(handles, group)
    group.text = handles[kinds == pdfium.OBJECT_TEXT]
    group.paths = handles[kinds == pdfium.OBJECT_PATH]
    found.groups.append(group)
    if len(group.text) + len(group.paths) == len(handles):
        return
    group.pictures = handles[kinds == pdfium.OBJECT_IMAGE]
    found.images += len(group.pictures)
    forms = handles[kinds == pdfium.OBJECT_FORM]
    if not len(forms) or depth >= _DEEPEST_FORM:
        return
    limits, places = group.limits_of(pdfium.OBJECT_FORM), group.places(pdfium.OBJECT_FORM)
    matrices = pdfium.loops.fill(pdfium.object_matrix, forms)
    for form, own, limit, place in zip(forms.tolist(), matrices, limits, places.tolist(), strict=True):
        inner = np.array([h for h in map(pdfium.form_object, repeat(form), range(pdfium.form_count(form))) if h], dtype=np.uintp)
        total = _product(_matrix(own), group.matrix) if group.matrix else _matrix(own)
        _sort(inner, found, Group(total, _rect(limit), place=place, step=group.step / (len(inner) + 2)), depth + 1)


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


def outlined_letters(objects: Objects) -> int:
    """About how many letters the page's filled shapes could be: by their number of segments, since programs draw a letter or a line at once."""
    segments = 0
    for group in objects.groups:
        modes = pdfium.loops.fill(pdfium.draw_mode, group.paths)
        counts = pdfium.loops.numbers(pdfium.count_segments, group.paths)
        segments += int(counts[(modes[:, 0] != 0) & (counts > _LETTER_SEGMENTS)].sum())
    return segments // _SEGMENTS_A_LETTER


def read_marks(objects: Objects) -> Marks:
    """Every painted piece of the page's paths inside their clip: filled subpaths as their box, stroked segments one by one; no curves."""
    parts = [_marks_of(group) for group in objects.groups if len(group.paths)] or [_NO_MARKS]
    if len(parts) == 1:
        return parts[0]
    return Marks(
        np.concatenate([part.box for part in parts]),
        np.concatenate([part.paint for part in parts]),
        np.concatenate([part.filled for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )


def _marks_of(group: Group) -> Marks:
    paths, outer = group.paths, group.matrix
    modes = pdfium.loops.fill(pdfium.draw_mode, paths)
    segments = pdfium.loops.numbers(pdfium.count_segments, paths)
    fills = ((modes[:, 0] != 0) & (segments >= 3)).nonzero()[0]
    strokes = ((modes[:, 1] != 0) & (segments >= 2)).nonzero()[0]
    fill_paint = pdfium.loops.fill(pdfium.fill_colour, paths[fills]).astype(np.float64)
    stroke_paint = pdfium.loops.fill(pdfium.stroke_colour, paths[strokes]).astype(np.float64)
    simple = segments[fills] <= _RECTANGLE_SEGMENTS
    simple &= modes[fills, 1] == 0  # a stroke widens the bounds
    rects = bounds_of(paths[fills[simple]], outer)
    boxes, paints, filled, weights = [rects], [fill_paint[simple]], [np.ones(len(rects), dtype=np.bool_)], [np.zeros(len(rects))]
    owners = [fills[simple]]
    complex_fills = fills[~simple].tolist()
    weight = pdfium.loops.fill(pdfium.stroke_width, paths[strokes])[:, 0].astype(np.float64)
    plain = (segments[strokes] == 2) & (modes[strokes, 0] == 0)  # one line per path, as most programs draw rules
    ends = _points(paths[strokes[plain]], segments[strokes[plain]], outer)[0].reshape(-1, 2, 2)
    boxes.append(np.concatenate([ends.min(axis=1), ends.max(axis=1)], axis=1))
    paints.append(stroke_paint[plain])
    filled.append(np.zeros(len(ends), dtype=np.bool_))
    weights.append(weight[plain])
    owners.append(strokes[plain])
    stroke_rows = (~plain).nonzero()[0].tolist()
    needed = sorted(set(complex_fills) | set(strokes[~plain].tolist()))
    if needed:
        by_path = dict(zip(needed, _subpaths(paths[needed], segments[needed], outer), strict=True))
        fill_rows = (~simple).nonzero()[0].tolist()
        areas = [(box, row) for row in fill_rows for box in _areas(by_path[int(fills[row])])]
        _append(areas, fill_paint, True, None, boxes, paints, filled, weights)
        owners.append(fills[np.array([row for _, row in areas], dtype=np.int64)])
        lines = [(piece, row) for row in stroke_rows for run in by_path[int(strokes[row])] for piece in _pieces(run)]
        _append(lines, stroke_paint, False, weight, boxes, paints, filled, weights)
        owners.append(strokes[np.array([row for _, row in lines], dtype=np.int64)])
    marks = Marks(np.concatenate(boxes), np.concatenate(paints), np.concatenate(filled), np.concatenate(weights))
    return _clipped(marks, group.limits_of(pdfium.OBJECT_PATH)[np.concatenate(owners)])


def _clipped(marks: Marks, limits: Floats) -> Marks:
    """What is seen of the marks inside their clips (n×4)."""
    low, high = np.maximum(marks.box[:, :2], limits[:, :2] - _HUG), np.minimum(marks.box[:, 2:], limits[:, 2:] + _HUG)
    seen = (low <= high).all(1)
    return Marks(np.concatenate([low, high], axis=1)[seen], marks.paint[seen], marks.filled[seen], marks.weight[seen])


def _append(
    pieces: list[tuple[Rect, int]],
    paint: Floats,
    area: bool,
    width: Floats | None,
    boxes: list[Floats],
    paints: list[Floats],
    filled: list[Bools],
    weights: list[Floats],
) -> None:
    if not pieces:
        return
    rows = np.array([row for _, row in pieces], dtype=np.int64)
    boxes.append(np.array([box for box, _ in pieces], dtype=np.float64).reshape(-1, 4))
    paints.append(paint[rows])
    filled.append(np.full(len(pieces), area, dtype=np.bool_))
    weights.append(np.zeros(len(pieces)) if width is None else width[rows])


def bounds_of(handles: Handles, outer: Matrix | None) -> Floats:
    """Boxes (left, bottom, right, top) of objects."""
    return _placed(pdfium.loops.fill(pdfium.object_bounds, handles).astype(np.float64), outer)


def _placed(data: Floats, outer: Matrix | None) -> Floats:
    """Boxes of a form's space in the page's."""
    if outer is None or not len(data):
        return data
    a, b, c, d, e, f = outer
    xs = np.stack([a * data[:, i] + c * data[:, j] + e for i in (0, 2) for j in (1, 3)], axis=1)
    ys = np.stack([b * data[:, i] + d * data[:, j] + f for i in (0, 2) for j in (1, 3)], axis=1)
    return np.stack([xs.min(1), ys.min(1), xs.max(1), ys.max(1)], axis=1)


def _points(handles: Handles, counts: Ints, outer: Matrix | None) -> tuple[Floats, Handles]:
    """All points of some paths in page space, n×2, and the handles of their segments."""
    segments = pdfium.loops.addresses_at(pdfium.path_segment, np.repeat(handles, counts), _numbers(counts))
    xy = pdfium.loops.fill(pdfium.segment_point, segments).astype(np.float64)
    own = pdfium.loops.fill(pdfium.object_matrix, handles)
    m = np.repeat(own.astype(np.float64), counts, axis=0)
    placed = np.stack([m[:, 0] * xy[:, 0] + m[:, 2] * xy[:, 1] + m[:, 4], m[:, 1] * xy[:, 0] + m[:, 3] * xy[:, 1] + m[:, 5]], axis=1)
    if outer is not None:
        a, b, c, d, e, f = outer
        placed = np.stack([a * placed[:, 0] + c * placed[:, 1] + e, b * placed[:, 0] + d * placed[:, 1] + f], axis=1)
    return placed, segments


def _numbers(counts: Ints) -> Ints:
    """0, 1, … below each count, one after the other."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts), dtype=np.int32)


def _subpaths(handles: Handles, counts: Ints, outer: Matrix | None) -> list[list[list[tuple[float, float]]]]:
    """Per path its subpaths as lists of points in page space; a subpath with a curve is empty."""
    points, segments = _points(handles, counts, outer)
    placed = points.tolist()
    kinds = pdfium.loops.numbers(pdfium.segment_type, segments).tolist()
    closes = pdfium.loops.numbers(pdfium.segment_close, segments).tolist()
    result, start = [], 0
    for size in counts.tolist():
        stop = start + int(size)
        result.append(_split(placed[start:stop], kinds[start:stop], closes[start:stop]))
        start = stop
    return result


def _split(points: list[list[float]], kinds: list[int], closes: list[int]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = []
    curved = False
    for (x, y), kind, close in zip(points, kinds, closes, strict=True):
        if kind == _SEGMENT_MOVE or not runs:
            if curved and runs:
                runs[-1].clear()
            runs.append([])
            curved = False
        curved |= kind == _SEGMENT_BEZIER
        runs[-1].append((x, y))
        if close and len(runs[-1]) > 2:
            runs[-1].append(runs[-1][0])
    if curved and runs:
        runs[-1].clear()
    return [run for run in runs if len(run) > 1]


def _areas(runs: list[list[tuple[float, float]]]) -> list[Rect]:
    """Boxes of a path's filled subpaths; two rectangles of which one lies close inside the next are what lies between them: four bars.

    Browsers paint a box whose four borders are alike so.
    """
    boxes = [_box_of(run) for run in runs if run]
    areas: list[Rect] = []
    while boxes:
        first = boxes.pop(0)
        ring = boxes and _ring(first, boxes[0])
        areas += ring or [first]
        if ring:
            boxes.pop(0)
    return areas


def _ring(first: Rect, second: Rect) -> list[Rect]:
    """The four bars between two rectangles, where one lies inside the other no further than the thickest border; else none."""
    gaps = [abs(a - b) for a, b in zip(first, second, strict=True)]
    inner, outer = (second, first) if first[0] < second[0] else (first, second)
    inside = outer[0] < inner[0] and outer[1] < inner[1] and outer[2] > inner[2] and outer[3] > inner[3]
    if not inside or max(gaps) > _THICKEST_BORDER:
        return []
    left, bottom, right, top = outer
    return [(left, bottom, inner[0], top), (inner[2], bottom, right, top), (left, bottom, right, inner[1]), (left, inner[3], right, top)]


def _box_of(run: list[tuple[float, float]]) -> Rect:
    xs, ys = [x for x, _ in run], [y for _, y in run]
    return (min(xs), min(ys), max(xs), max(ys))


def _pieces(run: list[tuple[float, float]]) -> list[Rect]:
    return [(min(a, c), min(b, d), max(a, c), max(b, d)) for (a, b), (c, d) in pairwise(run)]


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
        limits = group.limits_of(pdfium.OBJECT_TEXT)
        clipped = _reach_beyond(np.array([area]), limits)
        if clipped.any():
            text, limits = group.text[clipped], limits[clipped]
            outside = _reach_beyond(bounds_of(text, group.matrix), limits)
            hidden.update(zip(text[outside].tolist(), map(_rect, limits[outside]), strict=True))
        modes = pdfium.loops.numbers(pdfium.text_mode, group.text)
        unpainted += group.text[(modes == _UNPAINTED[0]) | (modes == _UNPAINTED[1])].tolist()
    if objects.images or len(unpainted) < sum(len(group.text) for group in objects.groups):
        hidden.update(dict.fromkeys(unpainted, NOWHERE))
    return hidden


def _reach_beyond(boxes: Floats, limits: Floats) -> Bools:
    """Which boxes reach beyond their limits by more than half a point."""
    left, bottom, right, top = limits.T
    return np.asarray(
        (boxes[:, 0] < left - _HUG) | (boxes[:, 1] < bottom - _HUG) | (boxes[:, 2] > right + _HUG) | (boxes[:, 3] > top + _HUG)
    )


def _limits(handles: Handles, group: Group) -> Floats:
    """Boxes (left, bottom, right, top) in page space of the clips of some objects of a group, n×4.

    Objects mostly share one clip: pdfium hands out the address of the shared path's first segment, so that each is read once a page.
    """
    limits = np.empty((len(handles), 4))
    limits[:] = group.limit
    if not len(handles):
        return limits
    clips = pdfium.loops.addresses(pdfium.clip_path, handles)
    counts = pdfium.loops.numbers(pdfium.clip_count, clips)
    for part in range(int(counts.max())):
        have = counts > part
        whole = bool(have.all())
        some = clips if whole else clips[have]
        firsts = pdfium.loops.parts(pdfium.clip_segment, some, part, 0)
        if (firsts == firsts[0]).all():
            boxes = _placed(_clip_boxes(some[:1], part), group.matrix)
        else:
            _, examples, which = np.unique(firsts, return_index=True, return_inverse=True)
            boxes = _placed(_clip_boxes(some[examples], part), group.matrix)[which]
        here = slice(None) if whole else have
        limits[here, :2] = np.maximum(limits[here, :2], boxes[:, :2])
        limits[here, 2:] = np.minimum(limits[here, 2:], boxes[:, 2:])
    return limits


def _rect(values: Floats) -> Rect:
    left, bottom, right, top = values.tolist()
    return (left, bottom, right, top)


def _clip_boxes(clips: Handles, part: int) -> Floats:
    """The boxes around one path of some clips; a path without points clips nothing here."""
    counts = pdfium.loops.numbers_at(pdfium.clip_segments, clips, part)
    boxes = np.empty((len(clips), 4))
    boxes[:] = EVERYWHERE
    drawn = (counts > 0).nonzero()[0]
    if len(drawn):
        numbers = _numbers(counts[drawn])
        segments = pdfium.loops.parts(pdfium.clip_segment, np.repeat(clips[drawn], counts[drawn]), part, numbers)
        points = pdfium.loops.fill(pdfium.segment_point, segments)
        starts = (numbers == 0).nonzero()[0]
        boxes[drawn, :2] = np.minimum.reduceat(points, starts)
        boxes[drawn, 2:] = np.maximum.reduceat(points, starts)
    return boxes
