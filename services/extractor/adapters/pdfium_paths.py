"""Painted path pieces of a page through pdfium: boxes, colours, widths of strokes, inside their clips."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.adapters.pdfium_objects import HUG, Group, Matrix, Objects, Rect, bounds_of, numbers_below
from services.extractor.adapters.python_loops import Handles
from services.extractor.domain.page import Bools, Floats, Ints, no_floats

# A plain filled rectangle has four or five segments (m l l l, or with the closing l); more may be several shapes in one path.
_RECTANGLE_SEGMENTS = 5
# Fewer segments draw no letter but "一"; an ideograph has 20 to 150, a digit 10 to 40.
_LETTER_SEGMENTS, _SEGMENTS_A_LETTER = 8, 20
_SEGMENT_LINE, _SEGMENT_BEZIER, _SEGMENT_MOVE = 0, 1, 2
# Borders of boxes are 0.5 to 3 pt thick.
_THICKEST_BORDER = 3.2


@dataclass(slots=True)
class Marks:
    """Painted pieces in the page's own coordinates: boxes (left, bottom, right, top), colours, filled or stroked, stroke widths."""

    box: Floats
    paint: Floats
    filled: Bools
    weight: Floats


_NO_MARKS = Marks(no_floats(4), no_floats(4), np.zeros(0, dtype=np.bool_), np.zeros(0))


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
    if not len(fills) and not len(strokes):
        return _NO_MARKS
    fill_paint = pdfium.loops.fill(pdfium.fill_colour, paths[fills]).astype(np.float64)
    if not len(strokes) and int(segments[fills].max()) <= _RECTANGLE_SEGMENTS:  # filled rectangles, as most programs draw rules and shades
        box, count = bounds_of(paths[fills], outer), len(fills)
        marks = Marks(box, fill_paint, np.ones(count, dtype=np.bool_), np.zeros(count))
        return _clipped(marks, group.limits_of(pdfium.OBJECT_PATH)[fills])
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
    boxes.append(np.concatenate([np.minimum(ends[:, 0], ends[:, 1]), np.maximum(ends[:, 0], ends[:, 1])], axis=1))
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
    box = np.empty(marks.box.shape)
    low = np.maximum(marks.box[:, :2], limits[:, :2] - HUG, out=box[:, :2])
    high = np.minimum(marks.box[:, 2:], limits[:, 2:] + HUG, out=box[:, 2:])
    seen = (low[:, 0] <= high[:, 0]) & (low[:, 1] <= high[:, 1])
    if np.count_nonzero(seen) == len(seen):
        return Marks(box, marks.paint, marks.filled, marks.weight)
    return Marks(box[seen], marks.paint[seen], marks.filled[seen], marks.weight[seen])


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


def _points(handles: Handles, counts: Ints, outer: Matrix | None) -> tuple[Floats, Handles]:
    """All points of some paths in page space, n×2, and the handles of their segments."""
    segments = pdfium.loops.addresses_at(pdfium.path_segment, np.repeat(handles, counts), numbers_below(counts))
    xy = pdfium.loops.fill(pdfium.segment_point, segments).astype(np.float64)
    own = pdfium.loops.fill(pdfium.object_matrix, handles)
    m = np.repeat(own.astype(np.float64), counts, axis=0)
    placed = np.stack([m[:, 0] * xy[:, 0] + m[:, 2] * xy[:, 1] + m[:, 4], m[:, 1] * xy[:, 0] + m[:, 3] * xy[:, 1] + m[:, 5]], axis=1)
    if outer is not None:
        a, b, c, d, e, f = outer
        placed = np.stack([a * placed[:, 0] + c * placed[:, 1] + e, b * placed[:, 0] + d * placed[:, 1] + f], axis=1)
    return placed, segments


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
