"""Sides of a table's cells that wear or a bad copy took away in part or altogether: traces of them, and gaps that can be nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.scan_pixels import averaged
from services.extractor.adapters.scan_places import ASTRAY
from services.extractor.adapters.scan_ridges import CONTRAST, Ridges
from services.extractor.domain.page import Bools, Floats

# A trace is a thin line this much darker (of 255 levels) than the paper on both sides of it, levels averaged over so many points along.
TRACE, SMOOTH = 12, 1.5
# It says something from this share of a side on: characters in merged cells leave up to .7, pale rules 1.
TRACED = 0.85
# The paper beside it: from here to there, in points from the rule's place.
PAPER_FROM, PAPER_TO = 1.8, 3.0
# A rule that goes on over both joints for this many points is worn between them: so much of it counts as inked.
STUB, STUBBED = 2.5, 0.7
# A rule that is drawn above and below, but not over so many rows and points, is worn if a piece is left at one end and no text goes across.
# Without the piece it may be a merged cell as well: a line of text from one side to the other is doubted.
ROWS, GAP = 2, 45.0
# Text goes across a place if there is ink this close to it (points) on both sides over more than so many points: that of a merged cell.
CLOSE, CROSSED = 1.6, 0.8

_Levels = NDArray[np.int16]
Gap = tuple[float, float, float]
"""A place (x, top, bottom in points) where a vertical rule may be gone."""


def traced(ridges: Ridges, places: Floats, crossing: Floats, half: Floats) -> Floats:
    """Per side (lines × intervals between crossing rules): share along which something of a rule is left. Args: as of `inked`."""
    scale = ridges.scale
    smooth = _smooth(ridges)
    result = np.zeros((len(places), len(crossing) - 1))
    start, end = np.ceil((crossing + half)[:-1] * scale).astype(int), np.floor((crossing - half)[1:] * scale).astype(int)
    stub = max(int(STUB * scale), 1)
    for k, at in enumerate(places.tolist()):
        seen = _seen(smooth, at, scale)
        for i, (a, b) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
            side = seen[max(a, 0) : b]
            if len(side) > 3 * stub:
                stubs = side[:stub].all() and side[-stub:].all()
                result[k, i] = max(side.mean() * (side.mean() >= TRACED), STUBBED * stubs)
    return result


def _seen(smooth: _Levels, at: float, scale: float) -> Bools:
    """Along a rule's place: whether there is something darker than on both sides."""

    def darkest(low: float, high: float) -> _Levels:
        first = min(max(int((at + low) * scale), 0), len(smooth) - 1)
        return np.asarray(smooth[first : max(int((at + high) * scale), first) + 1].min(axis=0))

    beside = np.minimum(darkest(-PAPER_TO, -PAPER_FROM), darkest(PAPER_FROM, PAPER_TO))
    return np.asarray(beside - darkest(-ASTRAY, ASTRAY) >= TRACE)


def without_gaps(flat: Bools, tall: Bools, ys: Floats, xs: Floats, joint: Floats, upright: Ridges) -> tuple[Bools, list[Gap]]:
    """Drawn vertical sides with those of which a piece is left at one end, and gaps where nothing is left, though text does not go across.

    Args: flat, tall: drawn sides (lines × intervals). ys, xs: places of lines. upright: the vertical ridges, of the transposed image.
        joint: half widths of horizontal lines, with what is left out at joints.
    """
    tall = tall.copy()
    doubtful = []
    for line, first, last in _gaps(tall, ys):
        level = flat[first : last + 1, line - 1].all() and flat[first : last + 1, line].all()
        ends = (ys[first] + joint[first], ys[last] - joint[last])
        if not level or _is_crossed(upright, xs[line], ends):
            continue
        if _has_stub(upright, xs[line], ends):
            tall[line, first:last] = True
        else:
            doubtful.append((float(xs[line]), float(ys[first]), float(ys[last])))
    return tall, doubtful


def _has_stub(upright: Ridges, at: float, ends: tuple[float, float]) -> bool:
    """Whether a rule goes on into a gap from one of its ends."""
    a, b, stub = (int(value * upright.scale) for value in (ends[0], ends[1], STUB))
    seen = _seen(_smooth(upright), at, upright.scale)[max(a + 1, 0) : b]
    return len(seen) > stub and bool(seen[:stub].all() or seen[-stub:].all())


def _smooth(ridges: Ridges) -> _Levels:
    return averaged(ridges.image, int(SMOOTH * ridges.scale) | 1, 1).astype(np.int16)


def _gaps(tall: Bools, ys: Floats) -> Iterator[tuple[int, int, int]]:
    """Short gaps (line, first interval, interval after the last) of inner vertical lines that are drawn above and below."""
    for line in range(1, len(tall) - 1):
        drawn = np.flatnonzero(tall[line])
        for above, below in zip(drawn[:-1].tolist(), drawn[1:].tolist(), strict=True):
            if 1 < below - above <= ROWS + 1 and ys[below] - ys[above + 1] <= GAP:
                yield line, above + 1, below


def _is_crossed(upright: Ridges, at: float, ends: tuple[float, float]) -> bool:
    """Whether ink goes across a vertical line's place: stands close to it on both sides at once."""
    rows = slice(int(ends[0] * upright.scale), int(ends[1] * upright.scale))
    left, right = (
        upright.image[int((at + beside - CLOSE / 2) * upright.scale) : int((at + beside + CLOSE / 2) * upright.scale) + 1, rows]
        for beside in (-CLOSE, CLOSE)
    )
    dark = (left < 255 - CONTRAST).any(axis=0) & (right < 255 - CONTRAST).any(axis=0)
    return bool(dark.sum() > CROSSED * upright.scale)
