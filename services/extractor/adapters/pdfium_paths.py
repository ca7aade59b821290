"""Painted path pieces and clipping of a page through pdfium: boxes, colours, and which text its clip hides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import compress, pairwise, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.domain.page import Bools, Floats

Rect = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

# A plain filled rectangle has four or five segments (m l l l, or with the closing l); more may be several shapes in one path.
_RECTANGLE_SEGMENTS = 5
_SEGMENT_LINE, _SEGMENT_BEZIER, _SEGMENT_MOVE = 0, 1, 2
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
    """Objects drawn in one space: the page's own (`matrix` None) or a form's. `limit`: the clip of the forms around, in page space."""

    matrix: Matrix | None = None
    limit: Rect = EVERYWHERE
    text: list[int] = field(default_factory=list)
    paths: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Objects:
    """Objects of a page: text and paths by the space that they are drawn in, and the number of images."""

    groups: list[Group] = field(default_factory=list)
    images: int = 0


@dataclass(slots=True)
class Marks:
    """Painted pieces in the page's own coordinates: boxes (left, bottom, right, top), colours, filled or stroked, stroke widths."""

    box: Floats
    paint: Floats
    filled: Bools
    weight: Floats


def read_objects(page: int) -> Objects:
    """Sorts the page's objects by type; goes into forms."""
    found = Objects()
    count = pdfium.count_objects(page)
    handles = list(map(pdfium.page_object, repeat(page), range(count)))
    _sort(handles, found, Group(), 0)
    return found


def _sort(handles: list[int], found: Objects, group: Group, depth: int) -> None:
    kinds = list(map(pdfium.object_type, handles))
    group.text = list(compress(handles, map(pdfium.OBJECT_TEXT.__eq__, kinds)))
    group.paths = list(compress(handles, map(pdfium.OBJECT_PATH.__eq__, kinds)))
    found.groups.append(group)
    found.images += kinds.count(pdfium.OBJECT_IMAGE)
    if pdfium.OBJECT_FORM not in kinds or depth >= _DEEPEST_FORM:
        return
    forms = [h for h, kind in zip(handles, kinds, strict=True) if kind == pdfium.OBJECT_FORM]
    for form, limit in zip(forms, _limits(forms, group), strict=True):
        own = np.zeros((1, 6), dtype=np.float32)
        pdfium.object_matrix(form, own.ctypes.data)
        inner = [h for h in map(pdfium.form_object, repeat(form), range(pdfium.form_count(form))) if h]
        total = _product(_matrix(own[0]), group.matrix) if group.matrix else _matrix(own[0])
        _sort(inner, found, Group(total, _rect(limit)), depth + 1)


def _matrix(values: Floats) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return (a, b, c, d, e, f)


def _product(first: Matrix, second: Matrix) -> Matrix:
    """`first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def read_marks(objects: Objects) -> Marks:
    """Every painted piece of the page's paths inside their clip: filled subpaths as their box, stroked segments one by one; no curves."""
    parts = [_marks_of(group) for group in objects.groups if group.paths] or [_marks_of(Group())]
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
    count = len(paths)
    modes = pdfium.per_item(pdfium.draw_mode, paths, count, 2, np.int32)
    segments = np.fromiter(map(pdfium.count_segments, paths), dtype=np.int64, count=count)
    fills = np.flatnonzero((modes[:, 0] != 0) & (segments >= 3))
    strokes = np.flatnonzero((modes[:, 1] != 0) & (segments >= 2))
    fill_paint, stroke_paint = _colours(paths, fills, pdfium.fill_colour), _colours(paths, strokes, pdfium.stroke_colour)
    simple = segments[fills] <= _RECTANGLE_SEGMENTS
    simple &= modes[fills, 1] == 0  # a stroke widens the bounds
    rects = _bounds([paths[k] for k in fills[simple].tolist()], outer)
    boxes, paints, filled, weights = [rects], [fill_paint[simple]], [np.ones(len(rects), dtype=np.bool_)], [np.zeros(len(rects))]
    owners = [fills[simple]]
    complex_fills = fills[~simple].tolist()
    width = np.zeros((len(strokes), 1), dtype=np.float32)
    pdfium.exhaust(map(pdfium.stroke_width, [paths[k] for k in strokes.tolist()], pdfium.columns(width)[0]))
    weight = width[:, 0].astype(np.float64)
    plain = (segments[strokes] == 2) & (modes[strokes, 0] == 0)  # one line per path, as most programs draw rules
    ends = _points([paths[k] for k in strokes[plain].tolist()], segments[strokes[plain]], outer)[0].reshape(-1, 2, 2)
    boxes.append(np.concatenate([ends.min(axis=1), ends.max(axis=1)], axis=1))
    paints.append(stroke_paint[plain])
    filled.append(np.zeros(len(ends), dtype=np.bool_))
    weights.append(weight[plain])
    owners.append(strokes[plain])
    stroke_rows = np.flatnonzero(~plain).tolist()
    needed = sorted(set(complex_fills) | set(strokes[~plain].tolist()))
    if needed:
        by_path = dict(zip(needed, _subpaths([paths[k] for k in needed], segments[needed], outer), strict=True))
        fill_rows = np.flatnonzero(~simple).tolist()
        areas = [(_box_of(run), row) for row in fill_rows for run in by_path[int(fills[row])] if run]
        _append(areas, fill_paint, True, None, boxes, paints, filled, weights)
        owners.append(fills[np.array([row for _, row in areas], dtype=np.int64)])
        lines = [(piece, row) for row in stroke_rows for run in by_path[int(strokes[row])] for piece in _pieces(run)]
        _append(lines, stroke_paint, False, weight, boxes, paints, filled, weights)
        owners.append(strokes[np.array([row for _, row in lines], dtype=np.int64)])
    marks = Marks(np.concatenate(boxes), np.concatenate(paints), np.concatenate(filled), np.concatenate(weights))
    return _clipped(marks, _limits(paths, group)[np.concatenate(owners)])


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


def _colours(paths: list[int], rows: NDArray[np.int64], call: Callable[..., Any]) -> Floats:
    """Colours of some paths; where pdfium knows none (patterns) opaque black stands."""
    data = np.zeros((len(rows), 4), dtype=np.uint32)
    data[:, 3] = 255
    pdfium.exhaust(map(call, [paths[k] for k in rows.tolist()], *pdfium.columns(data)))
    return data.astype(np.float64)


def _bounds(handles: list[int], outer: Matrix | None) -> Floats:
    """Boxes (left, bottom, right, top) of objects."""
    return _placed(pdfium.per_item(pdfium.object_bounds, handles, len(handles), 4, np.float32).astype(np.float64), outer)


def _placed(data: Floats, outer: Matrix | None) -> Floats:
    """Boxes of a form's space in the page's."""
    if outer is None or not len(data):
        return data
    a, b, c, d, e, f = outer
    xs = np.stack([a * data[:, i] + c * data[:, j] + e for i in (0, 2) for j in (1, 3)], axis=1)
    ys = np.stack([b * data[:, i] + d * data[:, j] + f for i in (0, 2) for j in (1, 3)], axis=1)
    return np.stack([xs.min(1), ys.min(1), xs.max(1), ys.max(1)], axis=1)


def _points(handles: list[int], counts: NDArray[np.int64], outer: Matrix | None) -> tuple[Floats, list[int]]:
    """All points of some paths in page space, n×2, and the handles of their segments."""
    sizes = counts
    flat_paths = [handle for handle, size in zip(handles, sizes.tolist(), strict=True) for _ in range(size)]
    flat_index = [k for size in sizes.tolist() for k in range(size)]
    segments = list(map(pdfium.path_segment, flat_paths, flat_index))
    xy = pdfium.per_item(pdfium.segment_point, segments, len(segments), 2, np.float32).astype(np.float64)
    own = np.zeros((len(handles), 6), dtype=np.float32)
    pdfium.exhaust(map(pdfium.object_matrix, handles, pdfium.columns(own)[0]))
    m = np.repeat(own.astype(np.float64), sizes, axis=0)
    placed = np.stack([m[:, 0] * xy[:, 0] + m[:, 2] * xy[:, 1] + m[:, 4], m[:, 1] * xy[:, 0] + m[:, 3] * xy[:, 1] + m[:, 5]], axis=1)
    if outer is not None:
        a, b, c, d, e, f = outer
        placed = np.stack([a * placed[:, 0] + c * placed[:, 1] + e, b * placed[:, 0] + d * placed[:, 1] + f], axis=1)
    return placed, segments


def _subpaths(handles: list[int], counts: NDArray[np.int64], outer: Matrix | None) -> list[list[list[tuple[float, float]]]]:
    """Per path its subpaths as lists of points in page space; a subpath with a curve is empty."""
    points, segments = _points(handles, counts, outer)
    placed = points.tolist()
    kinds = list(map(pdfium.segment_type, segments))
    closes = list(map(pdfium.segment_close, segments))
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
        if not group.text:
            continue
        limits = _limits(group.text, group)
        inside = (limits[:, :2] > np.array(area[:2]) - _HUG).any(1) | (limits[:, 2:] < np.array(area[2:]) + _HUG).any(1)
        rows = np.flatnonzero(inside)
        if len(rows):
            bounds, limits = _bounds([group.text[k] for k in rows.tolist()], group.matrix), limits[rows]
            outside = (bounds[:, :2] < limits[:, :2] - _HUG).any(1) | (bounds[:, 2:] > limits[:, 2:] + _HUG).any(1)
            hidden.update({group.text[int(rows[k])]: _rect(limits[k]) for k in np.flatnonzero(outside).tolist()})
        modes = list(map(pdfium.text_mode, group.text))
        if any(map(modes.count, _UNPAINTED)):
            unpainted += [handle for handle, mode in zip(group.text, modes, strict=True) if mode in _UNPAINTED]
    if objects.images or len(unpainted) < sum(len(group.text) for group in objects.groups):
        hidden.update(dict.fromkeys(unpainted, NOWHERE))
    return hidden


def _limits(handles: list[int], group: Group) -> Floats:
    """Boxes (left, bottom, right, top) in page space of the clips of some objects of a group, n×4.

    Objects mostly share one clip: pdfium hands out the address of the shared path's first segment, so that each is read once a page.
    """
    limits = np.empty((len(handles), 4))
    limits[:] = group.limit
    if not handles:
        return limits
    clips = list(map(pdfium.clip_path, handles))
    counts = np.fromiter(map(pdfium.clip_count, clips), dtype=np.int64, count=len(clips))
    for part in range(int(counts.max())):
        have = np.flatnonzero(counts > part)
        some = [clips[k] for k in have.tolist()] if len(have) < len(clips) else clips
        firsts = list(map(pdfium.clip_segment, some, repeat(part), repeat(0)))
        numbers = {first: number for number, first in enumerate(dict.fromkeys(firsts))}
        representative = dict(zip(reversed(firsts), reversed(some), strict=True))
        boxes = _placed(_clip_boxes([representative[first] for first in numbers], part), group.matrix)
        if len(numbers) > 1:
            boxes = boxes[list(map(numbers.__getitem__, firsts))]
        limits[have, :2] = np.maximum(limits[have, :2], boxes[:, :2])
        limits[have, 2:] = np.minimum(limits[have, 2:], boxes[:, 2:])
    return limits


def _rect(values: Floats) -> Rect:
    left, bottom, right, top = values.tolist()
    return (left, bottom, right, top)


def _clip_boxes(clips: list[int], part: int) -> Floats:
    """The boxes around one path of some clips; a path without points clips nothing here."""
    counts = list(map(pdfium.clip_segments, clips, repeat(part)))
    boxes = np.empty((len(clips), 4))
    boxes[:] = EVERYWHERE
    drawn = [k for k, count in enumerate(counts) if count > 0]
    owners = [clips[k] for k in drawn for _ in range(counts[k])]
    numbers = [n for k in drawn for n in range(counts[k])]
    segments = list(map(pdfium.clip_segment, owners, repeat(part), numbers))
    if segments:
        points = pdfium.per_item(pdfium.segment_point, segments, len(segments), 2, np.float32)
        starts = np.flatnonzero(np.array(numbers) == 0)
        boxes[drawn, :2] = np.minimum.reduceat(points, starts)
        boxes[drawn, 2:] = np.maximum.reduceat(points, starts)
    return boxes
