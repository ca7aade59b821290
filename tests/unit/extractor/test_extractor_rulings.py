"""Which painted marks are ruling lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from extractor_sheet import WHITE, Sheet

from services.extractor.domain.lattice import find_lattices
from services.extractor.domain.rulings import find_rulings

XS, YS = [100.0, 200.0, 300.0], [100.0, 120.0, 140.0, 160.0]


def shape(sheet: Sheet) -> list[tuple[int, int]]:
    return [(one.rows, one.columns) for one in find_lattices(find_rulings(sheet.contents()))]


def test_a_plain_grid_of_strokes_is_one_lattice():
    assert shape(Sheet().grid(XS, YS)) == [(3, 2)]


def test_thin_filled_rectangles_are_rules():
    sheet = Sheet()
    for x in XS:
        sheet.area(x - 0.4, YS[0], x + 0.4, YS[-1])
    for y in YS:
        sheet.area(XS[0], y - 0.4, XS[-1], y + 0.4)
    assert shape(sheet) == [(3, 2)]


@pytest.mark.parametrize("paint", [WHITE, (0.0, 0.0, 0.0, 0.0), (252.0, 252.0, 252.0, 255.0), (0.0, 0.0, 0.0, 2.0)])
def test_white_and_transparent_paint_is_no_rule(paint):
    """White rectangles behind text make a contents page look like a table."""
    assert shape(Sheet().grid(XS, YS, paint)) == []
    sheet = Sheet().grid(XS, YS)
    sheet.area(150, 100, 151, 160, paint)
    assert shape(sheet) == [(3, 2)]


def test_zebra_fills_are_no_rules():
    sheet = Sheet().grid(XS, [100.0, 160.0])
    for y in (100, 140):
        sheet.area(100, y, 300, y + 20, (220.0, 220.0, 240.0, 255.0))
    assert shape(sheet) == [(1, 2)]


def test_rules_drawn_twice_and_double_rules_are_one():
    """Word draws each rule as a stroke and as a rectangle; frames are double rules 2 pt apart."""
    sheet = Sheet().grid(XS, YS).grid([x + 0.3 for x in XS], [y + 0.3 for y in YS])
    sheet.line(98, 98, 302, 98).line(98, 162, 302, 162).line(98, 98, 98, 162).line(302, 98, 302, 162)
    assert shape(sheet) == [(3, 2)]


def test_one_piece_per_cell_side_with_gaps_at_the_joints_is_joined():
    sheet = Sheet()
    for y in YS:
        for x0, x1 in pairwise(XS):
            sheet.line(x0 + 0.6, y, x1 - 0.6, y)
    for x in XS:
        for y0, y1 in pairwise(YS):
            sheet.line(x, y0 + 0.6, x, y1 - 0.6)
    assert shape(sheet) == [(3, 2)]
    assert len(find_rulings(sheet.contents()).horizontal) == len(YS)


def test_dashes_drawn_one_by_one_are_a_rule():
    sheet = Sheet().grid(XS, [100.0, 160.0])
    for k in range(34):
        sheet.line(100 + 6 * k, 130, 103 + 6 * k, 130)
    assert shape(sheet) == [(2, 2)]


def test_overshooting_and_short_ends_still_meet():
    sheet = Sheet()
    for x in XS:
        sheet.line(x, YS[0] - 1.2, x, YS[-1] + 1.2)
    for y in YS:
        sheet.line(XS[0] + 1.0, y, XS[-1] - 1.0, y)
    assert shape(sheet) == [(3, 2)]


def test_rules_of_a_border_two_points_apart_are_one():
    sheet = Sheet().grid([100.0, 300.0], YS)
    for k, (y0, y1) in enumerate(pairwise(YS)):
        sheet.line(200 + (k % 2) * 1.9, y0, 200 + (k % 2) * 1.9, y1)
    assert shape(sheet) == [(3, 2)]


def test_slanting_lines_and_thick_bars_are_no_rules():
    sheet = Sheet().grid(XS, YS).line(100, 100, 200, 160).area(100, 118, 300, 124)
    assert shape(sheet) == [(3, 2)]


def test_a_short_stroke_wider_than_long_is_a_rule_across():
    sheet = Sheet().grid(XS, [100.0, 160.0])
    sheet.line(200, 129.7, 200, 130.3, weight=200.0)
    assert shape(sheet) == [(2, 2)]


def test_borders_of_another_table_do_not_move_a_double_rule():
    """Lines 2.4 points apart below lines 2.4 points apart that stand a little further left."""
    sheet = Sheet().line(184.9, 100, 184.9, 150).line(187.3, 100, 187.3, 150)
    sheet.line(189.2, 300, 189.2, 350).line(191.6, 300, 191.6, 350)
    assert [round(x, 1) for x in find_rulings(sheet.contents()).vertical[:, 0].tolist()] == [184.9, 187.3, 189.2, 191.6]
