"""The image of a page comes back straight, with its rules as marks: whatever scanners and offices do to paper, the grid is that of the sheet."""

from __future__ import annotations

import io
from random import Random

import cv2
import numpy as np
import pytest
from hard_tables import document
from PIL import Image, ImageDraw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from scanned import SINGLE, as_pdf, scan, scanned, turned

from services.extractor.adapters.scan_image import CleanScan, cleaned, upside_down
from services.extractor.adapters.scan_seals import find_seals
from services.extractor.adapters.scan_sides import decided
from services.extractor.adapters.scan_stains import without_red_seals
from services.extractor.domain.lattice import Lattice, find_lattices
from services.extractor.domain.page import PageContents, no_floats
from services.extractor.domain.rulings import find_rulings

DPI = 150
XS = [50.0, 90.0, 220.0, 300.0, 380.0, 460.0, 540.0]
YS = [100.0, 120.0, 140.0, *(140.0 + 18 * k for k in range(1, 21))]
# The boxhead: two stub heads and a total over two rows, a group over three columns.
HEAD = [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 2, 1), (0, 3, 1, 3), (1, 3, 1, 1), (1, 4, 1, 1), (1, 5, 1, 1)]
CELLS = sorted(HEAD + [(row, col, 1, 1) for row in range(2, len(YS) - 1) for col in range(6)])


def sheet(**look: object) -> bytes:
    """A page with one table: merged heads, names, figures, a dash for nothing."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas.setLineWidth(float(look.get("weight", 0.5)))
    if look.get("dashed"):
        canvas.setDash(2.4, 1.6)
    for row, col, high, wide in CELLS:
        canvas.rect(XS[col], 842 - YS[row + high], XS[col + wide] - XS[col], YS[row + high] - YS[row])
    canvas.setFont("STSong-Light", 16)
    canvas.drawCentredString(297, 842 - 70, "青岚县收支一二三总表")
    canvas.setFont("STSong-Light", 9.5)
    words = Random(4)
    for row, col, high, wide in CELLS:
        text = (
            words.choice(("合计", "一二三", "王中山川", "项目"))
            if col < 2 or row < 2
            else words.choice(("1,234.56", "—", "0.00", "11.11", ""))
        )
        canvas.drawCentredString((XS[col] + XS[col + wide]) / 2, 842 - (YS[row] + YS[row + high]) / 2 - 3.5, text)
    for k in range(8):
        canvas.drawString(60, 842 - 540 - 16 * k, "本年度安排专项资金用于云溪镇道路与水利工程建设，较上年增加一成。")
    canvas.save()
    return out.getvalue()


def lattices(one: CleanScan) -> list[Lattice]:
    none = np.zeros(0, dtype=np.int32)
    paint = np.tile([0.0, 0.0, 0.0, 255.0], (len(one.marks), 1))
    filled = np.zeros(len(one.marks), dtype=np.bool_)
    page = PageContents(
        1, one.width, one.height, 0, none, no_floats(4), no_floats(2), np.zeros(0), none, one.marks, paint, filled, one.weight
    )
    return find_lattices(find_rulings(page))


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return scan(sheet(), DPI)[0]


@pytest.mark.parametrize("kind", ["clean", "degraded", *(effect.__name__ for effect in SINGLE)])
def test_the_grid_is_that_of_the_sheet_whatever_befell_the_scan(picture, kind):
    for seed in (1, 2):
        one = cleaned(scanned(picture, DPI, kind, seed), DPI)
        ways = [lattices(one), lattices(upside_down(one))]
        assert CELLS in [sorted(way[0].cells) for way in ways if len(way) == 1], f"seed {seed}"


def test_places_are_those_of_the_straight_page(picture):
    one = cleaned(picture, DPI)
    (lattice,) = lattices(one)
    assert (one.width, one.height) == pytest.approx((595, 842), abs=0.5)
    assert lattice.xs == pytest.approx(XS, abs=0.4)
    assert lattice.ys == pytest.approx(YS, abs=0.4)


@pytest.mark.parametrize("degrees", [-3.0, -1.37, 0.2, 0.8, 2.6])
def test_the_skew_is_found_to_a_fiftieth_of_a_degree(picture, degrees):
    one = cleaned(turned(picture, degrees), DPI)
    assert one.skew == pytest.approx(degrees, abs=0.02)
    assert lattices(one)[0].xs == pytest.approx(XS, abs=0.7)


def test_the_skew_of_a_page_of_text_without_rules_is_found(picture):
    text = picture[int(530 * DPI / 72) : int(680 * DPI / 72)]
    assert cleaned(turned(np.ascontiguousarray(text), -1.5), DPI).skew == pytest.approx(-1.5, abs=0.06)


def test_a_sideways_page_is_turned_until_its_text_stands_or_hangs(picture):
    upright = cleaned(picture, DPI)
    for turns in (1, 3):
        one = cleaned(np.ascontiguousarray(np.rot90(picture, turns)), DPI)
        assert one.quarter == 1
        one = one if turns == 1 else upside_down(one)
        assert one.quarter == (1 if turns == 1 else 3)
        assert np.abs(one.pixels.astype(int) - upright.pixels).mean() < 1


@pytest.mark.parametrize("look", [{"dashed": True}, {"weight": 0.25}, {"weight": 2.0}])
def test_dashed_thin_and_thick_rules_are_rules(look):
    (lattice,) = lattices(cleaned(scan(sheet(**look), DPI)[0], DPI))
    assert sorted(lattice.cells) == CELLS


def test_rules_are_taken_out_and_characters_stay(picture):
    one = cleaned(picture, DPI)
    at = int(np.rint(YS[4] * one.scale))
    assert one.pixels[at - 1 : at + 2, int(60 * one.scale) : int(535 * one.scale)].min() > 200
    inside = one.pixels[int(120 * one.scale) : int(500 * one.scale), int(52 * one.scale) : int(538 * one.scale)]
    assert (inside < 128).mean() > 0.01


def test_a_rule_without_a_third_of_a_side_is_whole_and_a_merged_cell_stays_merged(picture):
    broken = picture.copy()
    y, x0, x1 = YS[7] * DPI / 72, XS[2] * DPI / 72, XS[3] * DPI / 72
    broken[int(y) - 4 : int(y) + 5, int(x0 + 0.5 * (x1 - x0)) : int(x0 + 0.83 * (x1 - x0))] = 255
    (lattice,) = lattices(cleaned(broken, DPI))
    assert sorted(lattice.cells) == CELLS


def test_black_print_under_a_red_seal_stays():
    image = np.full((400, 400, 3), 255, dtype=np.uint8)
    cv2.circle(image, (200, 200), 110, (220, 40, 40), 8)
    cv2.circle(image, (200, 200), 25, (220, 40, 40), -1)
    cv2.line(image, (60, 200), (340, 200), (0, 0, 0), 3)
    grey = without_red_seals(image, 2.0)
    assert grey[198:203, 65:335].min(axis=0).max() < 60
    assert grey[:190].min() > 200


def test_red_words_are_no_seal():
    image = Image.new("RGB", (800, 200), "white")
    pen = ImageDraw.Draw(image)
    for k in range(12):
        pen.rectangle((40 + 60 * k, 80, 80 + 60 * k, 110), fill=(220, 30, 30))
    grey = without_red_seals(np.array(image), 2.0)
    assert (grey < 160).sum() > 10_000


def test_a_ring_is_a_seal_and_text_is_none(picture):
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    assert find_seals(grey, DPI / 72) == []
    cv2.circle(grey, (600, 500), 118, 90, 7)
    (seal,) = find_seals(grey, DPI / 72)
    assert (seal.x, seal.y, seal.radius) == pytest.approx((288, 240, 56.6), abs=2.5)


def test_a_side_in_doubt_is_drawn_where_rules_would_end_in_the_open():
    flat = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])
    tall = np.array([[1.0, 1.0], [1.0, 0.6], [1.0, 1.0]])
    assert decided(flat, tall, False, False)[1].all()
    tall[1] = [1.0, 0.1]  # the next row is merged: nothing ends in the open without it
    assert decided(flat, tall, False, False)[1].tolist() == [[True, True], [True, False], [True, True]]


def test_a_worn_side_is_drawn_where_a_rule_would_end_on_it_and_a_stroke_in_a_merged_cell_is_not():
    flat = np.array([[1.0, 1.0], [1.0, 0.45], [1.0, 1.0]])  # the right half of the middle rule is worn
    tall = np.array([[1.0, 1.0], [0.0, 0.0], [1.0, 1.0]])
    assert decided(flat, tall, False, False)[0].all()
    flat[1] = [0.0, 0.45]  # a stroke as long, but no rule ends there
    assert not decided(flat, tall, False, False)[0][1].any()


@pytest.mark.parametrize("seed", [1, 5])
def test_hard_tables_keep_their_grid_on_a_scan(seed):
    data, expected = document(seed)
    one = cleaned(scan(data, 200, "clean", seed, [1])[0], 200)
    ways = [lattices(one), lattices(upside_down(one))]
    first = sorted(cell[:4] for cell in expected[0].cells)
    assert any(sorted(lattice.cells) == first for way in ways for lattice in way)


def test_a_pdf_of_scans_holds_the_images(tmp_path, picture):
    as_pdf([picture], DPI, tmp_path / "scan.pdf")
    (again,) = scan(tmp_path / "scan.pdf", DPI)
    assert again.shape == pytest.approx(picture.shape, abs=1)
    assert float(again.mean()) == pytest.approx(float(picture.mean()), abs=1)
    assert again.min() < 60
