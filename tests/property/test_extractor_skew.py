"""A box found on a scan made straight lies around the same place on the page as shown, turned and leaning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.extractor.domain.page import PageContents, no_floats

WIDTH, HEIGHT = 600.0, 800.0
QUARTER = {0: 0, 1: 90, 2: 180, 3: 270}


def page(turn: int, skew: float) -> PageContents:
    none = np.zeros(0, dtype=np.int32)
    return PageContents(1, WIDTH, HEIGHT, turn, none, no_floats(4), no_floats(2), np.zeros(0), none, skew=skew)


def on_paper(x: float, y: float, turn: int, skew: float) -> tuple[float, float]:
    """A point of the straight page where the scan has it: turned clockwise by quarters, then counterclockwise by the skew, about the middle."""
    angle = np.radians(QUARTER[turn] - skew)
    across, down = x - WIDTH / 2, y - HEIGHT / 2
    middle = (WIDTH / 2, HEIGHT / 2) if turn % 2 == 0 else (HEIGHT / 2, WIDTH / 2)
    return middle[0] + across * np.cos(angle) - down * np.sin(angle), middle[1] + across * np.sin(angle) + down * np.cos(angle)


boxes = st.tuples(st.integers(60, 500), st.integers(60, 700), st.integers(1, 60), st.integers(1, 60)).map(
    lambda b: (float(b[0]), float(b[1]), float(b[0] + b[2]), float(b[1] + b[3]))
)


@given(boxes, st.integers(0, 3), st.floats(-3, 3))
@example((100.0, 100.0, 300.0, 110.0), 0, 3.0)
@example((100.0, 100.0, 300.0, 110.0), 1, -3.0)
def test_a_shown_box_is_the_box_around_its_leaning_corners(box, turn, skew):
    x0, top, x1, bottom = box
    corners = np.array([on_paper(x, y, turn, skew) for x in (x0, x1) for y in (top, bottom)])
    around = (*corners.min(axis=0), *corners.max(axis=0))
    assert page(turn, skew).shown(box) == pytest.approx(around, abs=0.011)
    assert page(turn, skew).all_shown([box]) == [page(turn, skew).shown(box)]


@given(st.integers(0, 3), st.floats(-3, 3))
def test_no_box_reaches_over_the_page(turn, skew):
    wide, high = (WIDTH, HEIGHT) if turn % 2 == 0 else (HEIGHT, WIDTH)
    one = page(turn, skew)
    assert one.shown((0.0, 0.0, WIDTH, HEIGHT)) == (0.0, 0.0, wide, high)
    for box in one.all_shown([(0.0, 0.0, 5.0, 5.0), (WIDTH - 5, HEIGHT - 5, WIDTH, HEIGHT)]):
        assert 0 <= box[0] <= box[2] <= wide
        assert 0 <= box[1] <= box[3] <= high
