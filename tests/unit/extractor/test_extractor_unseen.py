"""What nobody sees on paper is not read; what is drawn in unusual spaces is."""

from __future__ import annotations

from pathlib import Path

import pytest
from extractor_sheet import GRID, WORDS, cjk, pdf

from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.domain.page import PageContents
from services.extractor.domain.reading import read_page
from services.extractor.errors import DocumentRejected
from services.extractor.handlers import ReadSettings
from services.extractor.reader import read_document

CELLS = ["one", "two", "1.50", "2.50"]
IMAGE = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream\n0\nendstream"
LETTERS = b"BT /F 10 Tf 100 620 Td (abcdefghij) Tj ET "


@pytest.fixture
def page(tmp_path: Path):
    def read(contents: bytes, **options) -> PageContents:
        path = tmp_path / "page.pdf"
        path.write_bytes(pdf([contents], **options))
        document = PdfiumReader().open(path)
        try:
            return next(document.contents())
        finally:
            document.close()

    return read


def form(stream: bytes, matrix: str = "", box: str = "0 0 600 800", resources: str = "") -> bytes:
    head = f"<</Type/XObject/Subtype/Form/BBox[{box}]{matrix}/Resources<</Font<</F 3 0 R/C 4 0 R>>{resources}>>/Length {len(stream)}>>"
    return head.encode() + b"stream\n" + stream + b"\nendstream"


def text_of(found: PageContents) -> str:
    return "".join(map(chr, found.codes.tolist()))


def table_of(found: PageContents) -> tuple[list[str], tuple[float, ...]]:
    (table,) = read_page(found).tables
    return [cell.text for cell in table.cells], table.box


# --- invisible text


@pytest.mark.parametrize("mode", [b"3", b"7"])
def test_text_that_is_not_painted_does_not_exist_beside_text_that_is(page, mode):
    assert text_of(page(GRID + WORDS + b"q BT " + mode + b" Tr /F 10 Tf 105 750 Td (hidden) Tj ET Q")) == "onetwo1.502.50"


def test_white_text_on_a_page_on_which_nothing_else_is_painted_is_not_seen(page):
    found = page(b"BT 1 g /F 10 Tf 105 750 Td (hidden) Tj ET BT 0 g /F 10 Tf 105 700 Td (seen) Tj ET")
    assert (text_of(found), found.unseen) == ("seen", 6)


def test_the_layer_of_recognised_text_over_a_scan_is_not_read(page):
    found = page(
        b"q 600 0 0 800 0 0 cm /I Do Q BT 3 Tr /F 10 Tf 105 750 Td (8.91) Tj ET", resources="/XObject<</I 6 0 R>>", objects=[IMAGE]
    )
    assert (text_of(found), found.images) == ("", 1)


def test_a_scan_with_recognised_text_is_rejected_as_a_scan(tmp_path):
    """Figures that another program guessed from an image are not what the document prints."""
    path = tmp_path / "scan.pdf"
    scan = b"q 600 0 0 800 0 0 cm /I Do Q BT 3 Tr /F 10 Tf 105 750 Td (8.91) Tj ET"
    path.write_bytes(pdf([scan], resources="/XObject<</I 6 0 R>>", objects=[IMAGE]))
    with pytest.raises(DocumentRejected) as caught:
        read_document(path, tmp_path / "out.json", ReadSettings())
    assert caught.value.code == "scan_without_text"


def test_invisible_text_is_read_where_letters_are_outlines_and_nothing_else_is_text(page):
    assert text_of(page(b"BT 3 Tr /F 10 Tf 105 750 Td (said) Tj ET")) == "said"


def test_bold_by_fill_and_stroke_is_read(page):
    assert text_of(page(b"BT 2 Tr 0.3 w /F 10 Tf 105 750 Td (bold) Tj ET")) == "bold"


# --- clips


def test_rules_outside_their_clip_do_not_exist(page):
    found = page(b"q 0 0 50 50 re W n " + GRID + b"Q " + WORDS)
    assert read_page(found).tables == []


def test_a_rule_is_cut_at_its_clip(page):
    found = page(b"q 100 0 100 800 re W n 0.5 w 50 700 m 550 700 l S Q")
    assert found.marks[0].tolist() == pytest.approx([99.5, 100, 200.5, 100])


def test_rules_on_the_edge_of_their_clip_stay(page):
    assert table_of(page(b"q 100 600 200 100 re W n " + GRID + b"Q " + WORDS))[0] == CELLS


@pytest.mark.parametrize(
    ("contents", "inside"),
    [
        (b"q 1 0 0 1 200 -300 cm /X Do Q", b"q 100 600 26 100 re W n " + LETTERS + b"Q"),
        (b"q 100 600 26 100 re W n /X Do Q", LETTERS),
        (b"q 1 0 0 1 50 50 cm 50 550 26 100 re W n 1 0 0 1 -50 -50 cm /X Do Q", LETTERS),
    ],
    ids=["inside the form", "around the form", "around, moved"],
)
def test_text_in_a_form_is_cut_at_its_clip(page, contents, inside):
    assert text_of(page(contents, resources="/XObject<</X 6 0 R>>", objects=[form(inside)])) == "abcde"


def test_a_forms_own_box_clips(page):
    assert text_of(page(b"/X Do", resources="/XObject<</X 6 0 R>>", objects=[form(LETTERS, box="0 0 126 800")])) == "abcde"


# --- spaces


def test_a_table_in_a_form_inside_a_form(page):
    outer = form(b"q 1 0 0 1 5 5 cm /Y Do Q", resources="/XObject<</Y 7 0 R>>")
    found = page(b"q 1 0 0 1 10 -20 cm /X Do Q", resources="/XObject<</X 6 0 R>>", objects=[outer, form(GRID + WORDS)])
    assert table_of(found) == (CELLS, pytest.approx((115, 115, 315, 215)))


def test_a_forms_matrix_places_its_table(page):
    found = page(b"/X Do", resources="/XObject<</X 6 0 R>>", objects=[form(GRID + WORDS, "/Matrix[1 0 0 1 10 -20]")])
    assert table_of(found) == (CELLS, pytest.approx((110, 120, 310, 220)))


@pytest.mark.parametrize("box", ["-300 -400 300 400", "300 400 -300 -400"])
def test_a_page_box_with_negative_corners_in_any_order(page, box):
    found = page(b"q 1 0 0 1 -300 -400 cm " + GRID + WORDS + b"Q", box=box)
    assert (found.width, found.height) == (600, 800)
    assert table_of(found) == (CELLS, pytest.approx((100, 100, 300, 200)))


def test_a_user_unit_scales_nothing_that_is_read(page):
    """Boxes are in the page's own units, as every viewer of the same library shows them."""
    found = page(GRID + WORDS, page="/UserUnit 2")
    assert table_of(found) == (CELLS, pytest.approx((100, 100, 300, 200)))


# --- drawing and setting


def test_rules_dashed_by_the_pens_pattern(page):
    assert table_of(page(b"[3 2] 0 d " + GRID + WORDS))[0] == CELLS


def test_one_text_object_per_glyph_and_space_glyphs(page):
    places = zip("2.50 ", (205.0, 210.56, 213.34, 218.9, 224.46), strict=True)
    glyphs = b"".join(b"BT /F 10 Tf %.2f 620 Td (%s) Tj ET " % (x, char.encode()) for char, x in places)
    words = WORDS.replace(b"BT /F 10 Tf 205 620 Td (2.50) Tj ET", glyphs)
    assert words != WORDS
    assert table_of(page(GRID + words))[0] == CELLS


def test_a_font_whose_name_is_raw_bytes(page):
    font = b"<</Type/Font/Subtype/TrueType/BaseFont/#cb#ce#cc#e5/Encoding/WinAnsiEncoding/FirstChar 48/LastChar 49/Widths[500 500]>>"
    inner = form(b"BT /G 10 Tf 105 620 Td (10) Tj ET").replace(b"/C 4 0 R", b"/G 6 0 R")
    assert text_of(page(b"/X Do", resources="/XObject<</X 7 0 R>>", objects=[font, inner])) == "10"


def test_a_contents_page_with_leaders_and_white_fills_is_no_table(page):
    lines = b"".join(
        b"1 g 80 %d 440 18 re f 0 g BT /C 10 Tf 90 %d Td " % (700 - 20 * k, 705 - 20 * k)
        + cjk(f"收支总表{'…' * 20}")
        + b" Tj ET BT /F 10 Tf 500 %d Td (%d) Tj ET " % (705 - 20 * k, k + 3)
        for k in range(8)
    )
    assert read_page(page(lines)).tables == []


def test_a_pie_chart_with_a_legend_in_boxes_is_no_table(page):
    pie = b"0.6 0.6 1 rg 300 400 m 400 400 l 400 455 355 500 300 500 c h B 300 400 m 300 500 l 245 500 200 455 200 400 c h B "
    legend = b"".join(b"0 0 1 rg 450 %d 8 8 re B BT 0 g /F 9 Tf 462 %d Td (part) Tj ET " % (500 - 14 * k, 500 - 14 * k) for k in range(4))
    assert read_page(page(pie + legend)).tables == []


def test_a_picture_of_a_cover_is_no_table(page):
    bands = b"0.9 0.85 0.7 rg 50 50 500 700 re f 0.7 0.6 0.4 rg 50 50 500 40 re f 50 710 500 40 re f BT 0 g /C 20 Tf 200 600 Td "
    assert read_page(page(bands + cjk("某某院部门预算") + b" Tj ET")).tables == []
