"""Ruling lines of a straight grey image: ridges that form a grid, measured side by side, and those that stand alone.

Where ridges meet, the whole table is laid out, and each side of each cell is looked at by itself: how much of its length is inked. Sides
in doubt are decided by how rules can meet (`scan_sides`). So a rule that is broken by wear or under a seal is completed, and the missing
rule of a merged cell is not invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.extractor.adapters.scan_pixels import Grey, spread
from services.extractor.adapters.scan_places import ASTRAY, LONG, SAME, Places, borne_out, inked, long_pieces, places_of
from services.extractor.adapters.scan_ridges import Ridges, find_ridges
from services.extractor.adapters.scan_seals import Seal
from services.extractor.adapters.scan_sides import decided
from services.extractor.adapters.scan_worn import Gap, traced, without_gaps
from services.extractor.domain.page import Bools, Floats

# Alone, outside of tables, a rule is as long in points as a narrow table (the strokes of large titles are shorter).
ALONE = 100.0
# Rules meet if one ends this close to the other, in points.
MEET = 3.5
# What lies this close to a crossing rule is no part of a side, in points beyond that rule's half width.
JOINT = 0.5
# Rules that go on this far over the outermost crossing one belong to a table without outer rules.
RUN_ON = 5.0


@dataclass(frozen=True, slots=True)
class ScanRules:
    """Rules found: `marks` m×4 and `weight` m in points; `mask`: the image's size, where their ink is. `gaps`: where one may be gone."""

    marks: Floats
    weight: Floats
    mask: Grey
    gaps: tuple[Gap, ...] = ()


Line = tuple[float, float, float, float]
"""Position across, start, end, width in points."""


def find_rules(grey: Grey, scale: float, em: float, seals: Sequence[Seal] = ()) -> ScanRules:
    """The ruling lines of a straight page.

    Args: scale: pixels a point; em: size of most characters in points; seals: whose strokes are no rules.
    """
    flat, tall = find_ridges(grey, scale, em), find_ridges(np.ascontiguousarray(grey.T), scale, em)
    for seal in seals:
        flat, tall = _outside(flat, (seal.y, seal.x), seal.radius), _outside(tall, (seal.x, seal.y), seal.radius)
    flat, tall = _meeting(flat, tall)
    alone_flat, alone_tall = long_pieces(flat, ALONE), long_pieces(tall, ALONE)
    flat_lines: list[Line] = []
    tall_lines: list[Line] = []
    gaps: list[Gap] = []
    for rows, columns in _tables(flat, tall):
        alone_flat &= ~rows
        alone_tall &= ~columns
        first, second, gone = _grid(flat.kept(rows), tall.kept(columns))
        gaps += gone
        flat_lines += first
        tall_lines += second
    flat_lines += _alone(flat, alone_flat)
    tall_lines += _alone(tall, alone_tall)
    mask = _ink(flat, flat_lines) | _ink(tall, tall_lines).T
    for x0, y0, x1, y1 in _joints(flat_lines, tall_lines, scale):
        mask[y0:y1, x0:x1] = 1
    marks = [(start, at, end, at) for at, start, end, _ in flat_lines] + [(at, start, at, end) for at, start, end, _ in tall_lines]
    weight = np.array([line[3] for line in flat_lines + tall_lines], dtype=np.float64)
    return ScanRules(np.array(marks, dtype=np.float64).reshape(-1, 4), weight, mask, tuple(gaps))


def _outside(ridges: Ridges, middle: tuple[float, float], radius: float) -> Ridges:
    """Without the short pieces inside a ring, and those of the ring; `middle`: across, along. A ring 3 pt wide runs straight for .7 radii."""
    across, along = np.abs(ridges.line[:, 0] - middle[0]), np.abs(ridges.line[:, 1:].mean(axis=1) - middle[1])
    return ridges.kept(long_pieces(ridges, max(LONG, radius)) | (np.hypot(across, along) > radius + MEET))


def _meeting(flat: Ridges, tall: Ridges) -> tuple[Ridges, Ridges]:
    """The long pieces, and the short ones that run from one of them to another, or to such a one."""
    kept_flat, kept_tall = long_pieces(flat), long_pieces(tall)
    size = 0
    while (reached := int(kept_flat.sum() + kept_tall.sum())) != size:
        size = reached
        kept_flat |= _joins(flat.line, tall.line[kept_tall])
        kept_tall |= _joins(tall.line, flat.line[kept_flat])
    return flat.kept(kept_flat), tall.kept(kept_tall)


def _joins(line: Floats, crossing: Floats) -> Bools:
    """Which lines reach from one crossing line to another: a stroke of the text beside may lengthen them."""
    at, start, end = line.T[:, :, None]
    place = crossing[None, :, 0]
    meets = (crossing[None, :, 1] - MEET <= at) & (at <= crossing[None, :, 2] + MEET) & (start - MEET <= place) & (place <= end + MEET)
    first = np.where(meets, place, np.inf).min(axis=1, initial=np.inf)
    last = np.where(meets, place, -np.inf).max(axis=1, initial=-np.inf)
    return np.asarray(last - first >= SAME)


def _tables(flat: Ridges, tall: Ridges) -> Iterator[tuple[Bools, Bools]]:
    """Sets of pieces that meet each other; at least one of them long, or they are strokes of a character."""
    h, v = flat.line, tall.line
    touch = (
        (v[None, :, 0] >= h[:, None, 1] - MEET)
        & (v[None, :, 0] <= h[:, None, 2] + MEET)
        & (h[:, None, 0] >= v[None, :, 1] - MEET)
        & (h[:, None, 0] <= v[None, :, 2] + MEET)
    )
    left = long_pieces(flat)
    while left.any():
        rows = np.zeros(len(h), dtype=np.bool_)
        rows[left.argmax()] = True
        columns = np.zeros(len(v), dtype=np.bool_)
        size = 0
        while (reached := int(rows.sum() + columns.sum())) != size:
            size = reached
            columns |= touch[rows].any(axis=0)
            rows |= touch[:, columns].any(axis=1)
        left = left & ~rows
        if columns.any():
            yield rows, columns


def _grid(flat: Ridges, tall: Ridges) -> tuple[list[Line], list[Line], list[Gap]]:
    """The drawn sides of a table as lines, horizontal and vertical, and where a vertical one may be gone."""
    ys, xs = borne_out(flat, places_of(flat), tall, places_of(tall))
    if not len(ys.at) or not len(xs.at):
        return [], [], []
    low, high = float(flat.line[long_pieces(flat), 1].min()), float(flat.line[long_pieces(flat), 2].max())
    left, right = bool(low < xs.at[0] - RUN_ON), bool(high > xs.at[-1] + RUN_ON)
    at = np.concatenate([[low] * left, xs.at, [high] * right])
    half = np.concatenate([[0.0] * left, xs.weight / 2 + JOINT, [0.0] * right])
    across = np.maximum(inked(flat, ys.at, at, half), traced(flat, ys.at, at, half))
    joint = ys.weight / 2 + JOINT
    down = np.maximum(inked(tall, xs.at, ys.at, joint), traced(tall, xs.at, ys.at, joint))
    nothing = np.zeros((1, down.shape[1]))
    drawn_flat, drawn_tall = decided(across, np.concatenate([nothing[:left], down, nothing[:right]]), left, right)
    drawn_tall, gaps = without_gaps(drawn_flat, drawn_tall, ys.at, at, joint, tall)
    return _runs(ys, at, drawn_flat), _runs(xs, ys.at, drawn_tall[left : len(drawn_tall) - right]), gaps


def _runs(rules: Places, crossing: Floats, drawn: Bools) -> list[Line]:
    """Drawn sides that follow each other as one line."""
    lines = []
    for at, weight, row in zip(rules.at.tolist(), rules.weight.tolist(), drawn, strict=True):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
        lines += [(at, float(crossing[a]), float(crossing[b]), weight) for a, b in edges.reshape(-1, 2).tolist()]
    return lines


def _alone(ridges: Ridges, which: Bools) -> list[Line]:
    """Pieces that meet no other, as they are."""
    return [(*line, weight) for line, weight in zip(ridges.line[which].tolist(), ridges.weight[which].tolist(), strict=True)]


def _ink(ridges: Ridges, lines: list[Line]) -> Grey:
    """Where the lines' own ink is, a pixel wider."""
    mask = np.zeros_like(ridges.mask)
    scale = ridges.scale
    for at, start, end, weight in lines:
        far = (weight / 2 + ASTRAY) * scale
        rows = slice(max(int(at * scale - far), 0), int(at * scale + far) + 1)
        columns = slice(max(int(start * scale), 0), int(end * scale) + 1)
        mask[rows, columns] = ridges.mask[rows, columns]
    return spread(mask, 1, 3)


def _joints(flat: list[Line], tall: list[Line], scale: float) -> Iterator[tuple[int, int, int, int]]:
    """Squares (x0, y0, x1, y1 in pixels) where lines cross: there neither is a ridge."""
    for y, x0, x1, high in flat:
        for x, top, bottom, wide in tall:
            if x0 - MEET <= x <= x1 + MEET and top - MEET <= y <= bottom + MEET:
                w, h = wide / 2 + 0.5, high / 2 + 0.5
                yield max(int((x - w) * scale), 0), max(int((y - h) * scale), 0), int((x + w) * scale) + 1, int((y + h) * scale) + 1
