"""What wear, folds and seals do to a table on paper does not change its grid."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.extractor.adapters.scan_dust import without_dust
from services.extractor.adapters.scan_folds import without_folds
from services.extractor.adapters.scan_image import cleaned
from services.extractor.adapters.scan_rules import find_rules
from services.extractor.adapters.scan_seals import Seal, find_seals, without_seals
from services.extractor.domain.lattice import find_lattices
from services.extractor.domain.page import PageContents, no_floats
from services.extractor.domain.rulings import find_rulings

SCALE, EM = 2.0, 10.0
XS, YS = (60, 200, 340, 480), (100, 140, 180, 220, 260)
WHOLE = sorted((row, col, 1, 1) for row in range(4) for col in range(3))


def sheet(rows: tuple[int, ...] = YS) -> np.ndarray:
    """A ruled table of blank cells, 300 × 420 points."""
    grey = np.full((840, 600), 255, dtype=np.uint8)
    for y in rows:
        cv2.line(grey, (XS[0], y), (XS[-1], y), 40, 2)
    for x in XS:
        cv2.line(grey, (x, rows[0]), (x, rows[-1]), 40, 2)
    return grey


def cells_of(grey: np.ndarray) -> list[tuple[int, int, int, int]]:
    rules = find_rules(grey, SCALE, EM)
    none, count = np.zeros(0, dtype=np.int32), len(rules.marks)
    paint = np.tile([0.0, 0.0, 0.0, 255.0], (count, 1))
    filled = np.zeros(count, dtype=np.bool_)
    page = PageContents(1, 300, 420, 0, none, no_floats(4), no_floats(2), np.zeros(0), none, rules.marks, paint, filled, rules.weight)
    (lattice,) = find_lattices(find_rulings(page))
    return sorted(lattice.cells)


def test_a_rule_so_pale_that_only_its_whole_length_shows_it_is_drawn():
    grey = sheet()
    assert cells_of(grey) == WHOLE
    grey[142:179, 338:343] = 255
    assert len(cells_of(grey)) == len(WHOLE) - 1
    grey[142:179, 339:341] = 232
    assert cells_of(grey) == WHOLE
    grey[142:144, 338:343] = grey[177:179, 338:343] = 255  # gone at its ends besides
    assert cells_of(grey) == WHOLE


def test_a_stroke_of_a_name_in_a_merged_cell_is_no_pale_rule():
    grey = sheet()
    grey[142:179, 338:343] = 255
    grey[148:172, 339:341] = 60  # .65 of the side
    assert len(cells_of(grey)) == len(WHOLE) - 1


def test_a_rule_of_which_a_stub_is_left_is_drawn_unless_text_goes_across():
    grey = sheet()
    grey[149:179, 338:343] = 255
    assert cells_of(grey) == WHOLE
    cv2.putText(grey, "88", (310, 170), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 40, 2)
    assert cells_of(grey) == WHOLE
    cv2.putText(grey, "88", (325, 170), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 40, 2)
    assert len(cells_of(grey)) == len(WHOLE) - 1


def test_a_stub_at_the_edge_of_a_cell_over_two_rows_and_columns_is_no_rule():
    grey = sheet()
    grey[178:183, 202:478] = 255
    grey[149:218, 338:343] = 255
    assert len(cells_of(grey)) == len(WHOLE) - 3


def test_stubs_at_both_ends_make_a_rule_whatever_stands_beside_it():
    grey = sheet()
    grey[149:172, 338:343] = 255
    cv2.line(grey, (325, 158), (355, 158), 60, 4)
    assert cells_of(grey) == WHOLE


def test_strokes_of_characters_that_fill_their_row_are_no_rules():
    grey = sheet()
    for x in (240, 272, 304):  # upright strokes of characters: one reaches from rule to rule
        cv2.line(grey, (x, 108 if x != 272 else 100), (x, 140), 40, 3)
        cv2.line(grey, (x - 8, 118), (x + 8, 118), 40, 3)
    assert cells_of(grey) == WHOLE


def test_a_stroke_that_all_but_reaches_from_rule_to_rule_is_no_rule():
    grey = sheet((100, 170, 240, 310, 380))
    cv2.line(grey, (272, 107), (272, 170), 40, 2)
    assert cells_of(grey) == WHOLE


def test_a_short_rule_alone_in_its_row_is_a_rule():
    grey = sheet()
    cv2.line(grey, (272, 100), (272, 140), 40, 2)
    assert len(cells_of(grey)) == len(WHOLE) + 1


@pytest.mark.parametrize("upright", [True, False])
def test_a_fold_through_the_whole_sheet_becomes_paper_and_print_on_it_stays(upright):
    grey = sheet()
    cv2.putText(grey, "8,888.88", (220, 166), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 40, 2)
    folded = grey.astype(np.float64)
    if upright:
        folded[:, 268:273] *= 0.85
    else:
        folded[158:163] *= 0.85
    flat = without_folds(np.rint(folded).astype(np.uint8), SCALE)
    assert np.abs(flat.astype(int) - grey).max() < 25
    assert np.array_equal(without_folds(grey, SCALE), grey)


def test_rules_of_a_table_that_fills_its_page_are_no_folds():
    grey = sheet((40, 400, 800))
    pale = np.maximum(grey, 190)
    assert np.array_equal(without_folds(pale, SCALE), pale)


def sealed(ink: int, chance: int, noise: float = 30) -> np.ndarray:
    """A seal over the table, uneven as rubber prints, on a page with pale specks."""
    grain = np.random.default_rng(chance)
    seal = np.full((840, 600), 255.0)
    cv2.circle(seal, (300, 200), 110, ink, 8)
    cv2.circle(seal, (300, 200), 26, ink, -1)
    seal = np.where(seal < 255, np.clip(seal + grain.normal(0, noise, seal.shape), 0, 254), 255)
    grey = sheet() * (seal / 255)
    grey[grain.random(grey.shape) < 0.001] = 130
    return np.rint(cv2.GaussianBlur(grey, (0, 0), 0.6)).astype(np.uint8)


def test_a_grey_seal_on_a_page_of_little_print_and_many_specks_is_taken_off():
    grey = sealed(150, 3)
    clean, left = without_seals(grey, SCALE, find_seals(grey, SCALE))
    assert left == []
    ring = np.zeros(grey.shape, dtype=np.uint8)
    cv2.circle(ring, (300, 200), 110, 1, 4)
    for at in YS:
        ring[at - 4 : at + 5] = 0
    for at in XS:
        ring[:, at - 4 : at + 5] = 0
    assert (clean[ring > 0] < 200).mean() < 0.01
    assert cells_of(clean) == WHOLE


def test_a_seal_as_dark_as_the_print_stays_lest_print_goes_with_it():
    grey = sealed(60, 3, 10)
    found = find_seals(grey, SCALE)
    clean, left = without_seals(grey, SCALE, found)
    assert found
    assert left == found
    assert np.array_equal(clean, grey)


def test_a_rule_inside_a_seal_that_was_taken_off_is_a_rule():
    colour = np.repeat(sealed(150, 5)[:, :, None], 3, axis=2)
    one = cleaned(colour, SCALE * 72)
    upright = one.marks[np.abs(one.marks[:, 0] - one.marks[:, 2]) < 1]
    assert len(upright) == len(XS)


def test_print_that_was_taken_for_a_ring_stays():
    grey = np.full((840, 600), 255, dtype=np.uint8)
    for y in range(20, 820, 16):
        cv2.putText(grey, "8080" * 12, (20, y), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 30, 1, cv2.LINE_AA)
    clean, left = without_seals(grey, SCALE, [Seal(150, 150, 55)])
    assert left == [Seal(150, 150, 55)]
    assert np.array_equal(clean, grey)


def test_a_decimal_point_under_a_seal_stays_and_its_grain_goes():
    grey = sealed(150, 7)
    y, x = 200, 300 + 110
    grey[y - 14 : y - 11, x - 1 : x + 2] = 30
    clean, _ = without_seals(grey, SCALE, find_seals(grey, SCALE))
    assert clean[y - 13, x] < 120
    away = (slice(225, 255), slice(350, 420))
    assert (grey[away] < 120).any()
    assert (clean[away] < 250).sum() == 0


def test_dust_all_over_a_page_goes_and_points_beside_digits_stay():
    chance = np.random.default_rng(2)
    grey = np.full((840, 600), 255, dtype=np.uint8)
    for y in range(100, 800, 40):
        cv2.rectangle(grey, (100, y - 14), (110, y), 30, 2)
        grey[y - 2 : y, 116:118] = 30
    grey[400:402, 400:402] = 30  # one that stands alone
    clean = without_dust(grey, SCALE)
    assert np.array_equal(clean, grey)  # few specks: they may all mean something
    dusty = grey.copy()
    dusty[chance.random(grey.shape) < 0.004] = 60
    clean = without_dust(dusty, SCALE)
    assert (clean[:, 300:] < 255).sum() < 0.1 * (dusty[:, 300:] < 255).sum()
    assert all(clean[y - 2, 116] < 100 for y in range(100, 800, 40))


def test_a_line_of_text_over_a_place_where_a_rule_may_be_gone_is_doubted():
    grey = sheet()
    grey[142:179, 338:343] = 255
    (gap,) = find_rules(grey, SCALE, EM).gaps
    assert gap == pytest.approx((170, 70, 90), abs=0.6)
    cv2.line(grey, (325, 165), (355, 165), 60, 4)  # text that goes across: a merged cell
    assert find_rules(grey, SCALE, EM).gaps == ()


def test_a_seal_whose_ring_is_found_three_points_aside_goes_as_a_whole():
    grey = sealed(150, 9)
    clean, _ = without_seals(grey, SCALE, [Seal(153, 102, 54)])
    assert cells_of(clean) == WHOLE
    assert (clean[188:212, 182:196] < 200).sum() == 0
