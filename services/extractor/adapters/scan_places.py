"""Where the rules of a table on a scan lie: long pieces say it by themselves, short ones where they run from one such rule to the next.

Strokes of large characters may do so too where the characters fill their row; they stand amid others that nearly do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.extractor.adapters.scan_ridges import Ridges
from services.extractor.domain.page import Bools, Floats

# A piece this long in points makes a table with those that it meets; a shorter one has to run from rule to rule.
LONG = 40.0
# Positions closer than this are one rule: double rules stand 1.5–2.5 pt apart, the narrowest cell is 6 pt.
SAME = 3.4
# A side's ink is looked for this far from the rule's place, in points.
ASTRAY = 1.2
# A position that only short pieces speak for needs a side inked to this share, from rule to rule: strokes of characters leave gaps (at 150 dpi of .5 pt in 17 pt rows).
WHOLE = 0.93
# Ink that reaches neither end of a side is rather a stroke than a worn rule, and counts for this part.
LOOSE = 0.4
# A side is rather a stroke if another position speaks up that is inked there by this share but not whole, this close in heights of the row:
# characters that fill their row have several upright strokes, and not all of them reach from rule to rule.
AMID, STROKE = 1.2, 0.3


@dataclass(frozen=True, slots=True)
class Places:
    """Rules of a table along one axis: `at`: positions; `weight`: widths; `sure`: whether a long piece speaks for it."""

    at: Floats
    weight: Floats
    sure: Bools

    def kept(self, which: Bools) -> Places:
        """Some of the positions."""
        return Places(self.at[which], self.weight[which], self.sure[which])


def long_pieces(ridges: Ridges, least: float = LONG) -> Bools:
    """Which pieces are long enough to be rules by themselves."""
    return np.asarray(ridges.line[:, 2] - ridges.line[:, 1] >= least)


def borne_out(flat: Ridges, ys: Places, tall: Ridges, xs: Places) -> tuple[Places, Places]:
    """The sure positions, and of the others those with a side that is drawn from one sure rule to the next, or to such a one."""
    for _ in range(3):
        sure_ys, sure_xs = ys.kept(ys.sure), xs.kept(xs.sure)
        for ridges, rules, crossing in ((flat, ys, sure_xs), (tall, xs, sure_ys)):
            if len(crossing.at) > 1 and not rules.sure.all():
                rules.sure[:] |= _whole(inked(ridges, rules.at, crossing.at, crossing.weight / 2, both=True), rules, crossing).any(axis=1)
    return ys.kept(ys.sure), xs.kept(xs.sure)


def _whole(share: Floats, rules: Places, crossing: Places) -> Bools:
    """Which sides (lines × intervals) are drawn from rule to rule, and do not stand amid strokes of characters. Args: share: as inked."""
    whole = np.asarray(share >= WHOLE)
    strokes = ~rules.sure & ~whole.any(axis=1)
    near = np.abs(rules.at[:, None] - rules.at[strokes])[:, :, None] <= AMID * np.diff(crossing.at)
    return np.asarray(whole & ~(near & (share[strokes] >= STROKE)).any(axis=1))


def places_of(ridges: Ridges) -> Places:
    """Common positions of pieces: long ones make them, short ones join them or make doubtful ones of their own."""
    at: list[float] = []
    weight: list[float] = []
    sure: list[bool] = []
    for long in (True, False):
        chosen = np.flatnonzero(long_pieces(ridges) == long)
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
    return Places(np.array(at)[order], np.array(weight)[order], np.array(sure)[order])


def inked(ridges: Ridges, places: Floats, crossing: Floats, half: Floats, both: bool = False) -> Floats:
    """Per side (lines × intervals between crossing rules): share along which a ridge is at the line's place.

    Args: half: of the crossing rules' widths. both: it has to reach both ends, or is LOOSE; one of them otherwise.
    """
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
        first, last = seen[np.minimum(start + 1, width - 1)], seen[np.maximum(end - 2, 0)]
        attached = first & last if both else first | last
        result[k] = np.where(attached, share, share * LOOSE)
    return result
