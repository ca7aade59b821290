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
from services.extractor.adapters.scan_ridges import Ridges, find_ridges
from services.extractor.adapters.scan_seals import Seal
from services.extractor.adapters.scan_sides import decided
from services.extractor.domain.page import Bools, Floats

# A piece this long in points makes a table with those that it meets; a shorter one has to run from rule to rule. Alone, outside of tables,
# it is as long as a narrow table (the strokes of large titles are shorter).
LONG, ALONE = 40.0, 100.0
# Rules meet if one ends this close to the other, in points.
MEET = 3.5
# Positions closer than this are one rule: double rules stand 1.5–2.5 pt apart, the narrowest cell is 6 pt.
SAME = 3.4
# What lies this close to a crossing rule is no part of a side, in points beyond that rule's half width.
JOINT = 0.5
# A side's ink is looked for this far from the rule's place, in points.
ASTRAY = 1.2
# A position that only short pieces speak for needs a side inked to this share, from rule to rule: strokes of characters leave gaps.
WHOLE = 0.93
# Ink that reaches neither end of a side is rather a stroke than a worn rule, and counts for this part.
LOOSE = 0.4
# Rules that go on this far over the outermost crossing one belong to a table without outer rules.
RUN_ON = 5.0


@dataclass(frozen=True, slots=True)
class ScanRules:
    """Rules found: `marks` m×4 and `weight` m in points; `mask`: the image's size, where their ink is."""

    marks: Floats
    weight: Floats
    mask: Grey


@dataclass(frozen=True, slots=True)
class _Rules:
    """Rules of a table along one axis: `at`: positions; `weight`: widths; `sure`: whether a long piece speaks for it."""

    at: Floats
    weight: Floats
    sure: Bools

    def kept(self, which: Bools) -> _Rules:
        return _Rules(self.at[which], self.weight[which], self.sure[which])


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
    alone_flat, alone_tall = _long(flat, ALONE), _long(tall, ALONE)
    flat_lines: list[Line] = []
    tall_lines: list[Line] = []
    for rows, columns in _tables(flat, tall):
        alone_flat &= ~rows
        alone_tall &= ~columns
        first, second = _grid(flat.kept(rows), tall.kept(columns))
        flat_lines += first
        tall_lines += second
    flat_lines += _alone(flat, alone_flat)
    tall_lines += _alone(tall, alone_tall)
    mask = _ink(flat, flat_lines) | _ink(tall, tall_lines).T
    for x0, y0, x1, y1 in _joints(flat_lines, tall_lines, scale):
        mask[y0:y1, x0:x1] = 1
    marks = [(start, at, end, at) for at, start, end, _ in flat_lines] + [(at, start, at, end) for at, start, end, _ in tall_lines]
    weight = np.array([line[3] for line in flat_lines + tall_lines], dtype=np.float64)
    return ScanRules(np.array(marks, dtype=np.float64).reshape(-1, 4), weight, mask)


def _long(ridges: Ridges, least: float = LONG) -> Bools:
    """Which pieces are long enough to be rules by themselves."""
    return np.asarray(ridges.line[:, 2] - ridges.line[:, 1] >= least)


def _outside(ridges: Ridges, middle: tuple[float, float], radius: float) -> Ridges:
    """Without the short pieces inside a ring, and those of the ring; `middle`: across, along. A ring 3 pt wide runs straight for .7 radii."""
    across, along = np.abs(ridges.line[:, 0] - middle[0]), np.abs(ridges.line[:, 1:].mean(axis=1) - middle[1])
    return ridges.kept(_long(ridges, max(LONG, radius)) | (np.hypot(across, along) > radius + MEET))


def _meeting(flat: Ridges, tall: Ridges) -> tuple[Ridges, Ridges]:
    """The long pieces, and the short ones that run from one of them to another, or to such a one."""
    kept_flat, kept_tall = _long(flat), _long(tall)
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
    left = _long(flat)
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


def _grid(flat: Ridges, tall: Ridges) -> tuple[list[Line], list[Line]]:
    """The drawn sides of a table as lines, horizontal and vertical."""
    ys, xs = _borne_out(flat, _positions(flat), tall, _positions(tall))
    if not len(ys.at) or not len(xs.at):
        return [], []
    low, high = float(flat.line[_long(flat), 1].min()), float(flat.line[_long(flat), 2].max())
    left, right = bool(low < xs.at[0] - RUN_ON), bool(high > xs.at[-1] + RUN_ON)
    at = np.concatenate([[low] * left, xs.at, [high] * right])
    half = np.concatenate([[0.0] * left, xs.weight / 2 + JOINT, [0.0] * right])
    across = _inked(flat, ys.at, at, half)
    down = _inked(tall, xs.at, ys.at, ys.weight / 2 + JOINT)
    nothing = np.zeros((1, down.shape[1]))
    drawn_flat, drawn_tall = decided(across, np.concatenate([nothing[:left], down, nothing[:right]]), left, right)
    return _runs(ys, at, drawn_flat), _runs(xs, ys.at, drawn_tall[left : len(drawn_tall) - right])


def _borne_out(flat: Ridges, ys: _Rules, tall: Ridges, xs: _Rules) -> tuple[_Rules, _Rules]:
    """The sure positions, and of the others those with a side that is drawn from one sure rule to the next, or to such a one."""
    for _ in range(3):
        sure_ys, sure_xs = ys.kept(ys.sure), xs.kept(xs.sure)
        for ridges, rules, crossing in ((flat, ys, sure_xs), (tall, xs, sure_ys)):
            if len(crossing.at) > 1 and not rules.sure.all():
                rules.sure[:] |= (_inked(ridges, rules.at, crossing.at, crossing.weight / 2) >= WHOLE).any(axis=1)
    return ys.kept(ys.sure), xs.kept(xs.sure)


def _positions(ridges: Ridges) -> _Rules:
    """Common positions of pieces: long ones make them, short ones join them or make doubtful ones of their own."""
    at: list[float] = []
    weight: list[float] = []
    sure: list[bool] = []
    for long in (True, False):
        chosen = np.flatnonzero(_long(ridges) == long)
        groups: list[list[int]] = []
        for k in chosen[np.argsort(ridges.line[chosen, 0])].tolist():
            place = float(ridges.line[k, 0])
            if not long and any(abs(place - one) < SAME for one in at[: sum(sure)]):
                continue
            if groups and place - ridges.line[groups[-1][0], 0] < SAME:
                groups[-1].append(k)
            else:
                groups.append([k])
        for group in groups:
            length = ridges.line[group, 2] - ridges.line[group, 1]
            at.append(float(np.average(ridges.line[group, 0], weights=length)))
            weight.append(float(np.median(ridges.weight[group])))
            sure.append(long)
    order = np.argsort(at)
    return _Rules(np.array(at)[order], np.array(weight)[order], np.array(sure)[order])


def _inked(ridges: Ridges, places: Floats, crossing: Floats, half: Floats) -> Floats:
    """Per side (lines × intervals between crossing rules): share along which a ridge is at the line's place."""
    scale = ridges.scale
    width = ridges.mask.shape[1]
    start = np.clip(np.ceil((crossing + half)[:-1] * scale), 0, width - 1).astype(np.int64)
    end = np.clip(np.floor((crossing - half)[1:] * scale), 0, width).astype(np.int64)
    end = np.maximum(end, np.minimum(start + 1, width))
    far = ASTRAY * scale
    result = np.zeros((len(places), len(crossing) - 1))
    for k, at in enumerate(places.tolist()):
        seen = np.asarray(ridges.mask[max(int(at * scale - far), 0) : int(at * scale + far) + 1].any(axis=0))
        sums = np.concatenate([[0], np.cumsum(seen)])
        share = (sums[end] - sums[start]) / (end - start)
        attached = seen[np.minimum(start + 1, width - 1)] | seen[np.maximum(end - 2, 0)]
        result[k] = np.where(attached, share, share * LOOSE)
    return result


def _runs(rules: _Rules, crossing: Floats, drawn: Bools) -> list[Line]:
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
