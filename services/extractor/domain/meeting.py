"""Which ruling lines belong to one table: those that meet each other, directly or through others."""

from __future__ import annotations

import numpy as np

from services.extractor.domain.page import Bools, Floats

# A rule meets another if it ends this close to it: verticals overshoot by a point, a top rule may stop two points short.
MEET = 3.5
# Where a rule ends at another one exactly, a third one this far beyond is another table's: double rules are up to 2.5 pt apart.
AT_END, APART = 0.75, 2.75
# Rules that run on further than this beyond the last one that crosses them do more than overshoot: a border is not drawn there.
RUN_ON = 5.0


def components(touch: Bools) -> list[tuple[Bools, Bools]]:
    """Sets of rules that meet each other, directly or through others; `touch`: (horizontal) × (vertical)."""
    left: Bools = np.asarray(touch.any(axis=1))
    found: list[tuple[Bools, Bools]] = []
    while np.count_nonzero(left):
        rows = np.zeros(len(touch), dtype=np.bool_)
        rows[left.argmax()] = True
        size = 0
        while True:
            columns: Bools = np.asarray(touch[rows].any(axis=0))
            rows |= touch[:, columns].any(axis=1)
            reached = int(np.count_nonzero(rows) + np.count_nonzero(columns))
            if reached == size:
                break
            size = reached
        left &= ~rows
        found.append((rows, columns))
    return found


def with_plain_strips(rules: Floats, chosen: Bools, crossing: Floats, alone: Bools) -> Floats:
    """The rules of a table in one direction, with those of rows (or columns) that are one cell, where no borders are drawn at their ends.

    Such a rule meets no crossing one (`alone`); it is as long as the table's and follows no further than its rows are high.
    """
    own = rules[chosen]
    if not np.count_nonzero(alone):
        return own
    start, end = float(own[:, 1].min()), float(own[:, 2].max())
    like = alone & (np.abs(rules[:, 1] - start) <= AT_END) & (np.abs(rules[:, 2] - end) <= AT_END)
    if not like.any() or float(crossing[:, 0].min()) - start <= RUN_ON or end - float(crossing[:, 0].max()) <= RUN_ON:
        return own
    levels = np.unique(own[:, 0])
    step = max(float(np.diff(levels).max(initial=0.0)), float((crossing[:, 2] - crossing[:, 1]).min())) + MEET
    taken, places = chosen.copy(), rules[:, 0]
    for order in (np.argsort(places), np.argsort(-places)):
        for k in order[like[order]].tolist():
            if not taken[k] and float(np.abs(places[taken] - places[k]).min()) <= step:
                taken[k] = True
    return rules[taken]


def touching(h: Floats, v: Floats) -> Bools:
    """(horizontal) × (vertical): which rules meet. One that ends at another rule does not meet a third one beyond it: that is the next
    table's border."""
    y, x0, x1 = h.T[:, :, None]
    x, y0, y1 = v.T[:, None, :]
    left, right, above, below = x0 - x, x - x1, y0 - y, y - y1  # by how much each misses the other one's ends
    touch: Bools = np.asarray((np.maximum(left, right) <= MEET) & (np.maximum(above, below) <= MEET))
    for missed, axis in ((left, 1), (right, 1), (above, 0), (below, 0)):
        beyond = touch & (missed > APART)
        if np.count_nonzero(beyond):
            touch = touch & ~((touch & (np.abs(missed) <= AT_END)).any(axis=axis, keepdims=True) & beyond)
    return touch
