"""The page reader on small PDFs: coordinates, clipping, colours, pdfium's traps, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from extractor_sheet import GRID, WORDS, cjk, pdf

from services.extractor.adapters import pdfium_reader
from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.domain.evidence import Doubt
from services.extractor.domain.page import PageContents
from services.extractor.domain.reading import PageReading, read_page
from services.extractor.errors import DocumentRejected


@pytest.fixture
def pages(tmp_path: Path):
    def read(*contents: bytes, **options) -> list[PageContents]:
        path = tmp_path / "page.pdf"
        path.write_bytes(pdf(list(contents), **options))
        document = PdfiumReader().open(path)
        try:
            return list(document.contents())
        finally:
            document.close()

    return read


def text_of(page: PageContents) -> str:
    return "".join(map(chr, page.codes.tolist()))


def table_of(page: PageContents) -> list[str]:
    reading: PageReading = read_page(page)
    assert len(reading.tables) == 1
    return [cell.text for cell in reading.tables[0].cells]


CELLS = ["one", "two", "1.50", "2.50"]


def test_a_table_comes_out_in_points_from_the_top_left(pages):
    page = pages(GRID + WORDS)[0]
    table = read_page(page).tables[0]
    assert [cell.text for cell in table.cells] == CELLS
    assert page.shown(table.cells[0].box) == (100.0, 100.0, 200.0, 150.0)


def test_the_crop_box_is_the_page(pages):
    page = pages(GRID + WORDS, page="/CropBox[50 100 550 750]")[0]
    assert (page.width, page.height) == (500.0, 650.0)
    assert page.shown(read_page(page).tables[0].cells[0].box) == (50.0, 50.0, 150.0, 100.0)


def test_what_lies_outside_the_page_box_does_not_exist(pages):
    """A second copy of the table below the page, a unit line right of it."""
    below = b"q 1 0 0 1 0 -800 cm " + GRID + WORDS + b"Q "
    beside = b"BT /F 10 Tf 700 670 Td (unit) Tj ET "
    page = pages(GRID + WORDS + below + beside)[0]
    assert text_of(page) == "onetwo1.502.50"
    assert len(page.marks) == 6


def test_a_figure_that_the_edge_of_the_page_cuts_is_doubted(pages):
    page = pages(GRID + WORDS.replace(b"2.50", b"2.50000"), page="/CropBox[0 0 226 800]")[0]
    cells = read_page(page).tables[0].cells
    assert [cell.text for cell in cells if cell.doubt & Doubt.CUT] == [cells[-1].text]
    assert cells[-1].text in ("2.50", "2.500", "2.5000")


def test_text_outside_its_clip_does_not_exist(pages):
    hidden = b"q 100 100 50 50 re W n BT /F 10 Tf 105 750 Td (hidden title) Tj ET Q "
    seen = b"q 90 590 300 200 re W n BT /F 10 Tf 105 750 Td (seen) Tj ET Q "
    assert text_of(pages(GRID + WORDS + hidden + seen)[0]) == "onetwo1.502.50seen"


def test_text_partly_outside_its_clip_is_cut(pages):
    page = pages(b"q 100 0 26 800 re W n BT /F 10 Tf 100 750 Td (abcdefghij) Tj ET Q ")[0]
    assert text_of(page) == "abcde"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_turned_pages_read_as_they_are_shown(pages, rotate):
    """Pages stored with /Rotate whose text runs upright once they are shown."""
    matrix = {0: b"1 0 0 1 0 0", 90: b"0 1 -1 0 800 0", 180: b"-1 0 0 -1 600 800", 270: b"0 -1 1 0 0 600"}[rotate]
    box = "0 0 600 800" if rotate % 180 == 0 else "0 0 800 600"
    page = pages(b"q " + matrix + b" cm " + GRID + WORDS + b"Q", box=box, page=f"/Rotate {rotate}")[0]
    assert table_of(page) == CELLS
    assert page.turn == 0
    assert page.shown(read_page(page).tables[0].cells[0].box) == pytest.approx((100, 100, 200, 150), abs=0.02)


@pytest.mark.parametrize(("matrix", "turn"), [(b"0 1 -1 0 800 0", 3), (b"0 -1 1 0 0 600", 1)])
def test_sideways_text_without_rotate_is_read_and_placed_where_it_is_shown(pages, matrix, turn):
    page = pages(b"q " + matrix + b" cm " + GRID + WORDS + b"Q", box="0 0 800 600")[0]
    assert table_of(page) == CELLS
    assert page.turn == turn
    x0, top, x1, bottom = page.shown(read_page(page).tables[0].cells[0].box)
    assert (x1 - x0, bottom - top) == pytest.approx((50, 100), abs=0.02)
    assert (x0, top) == pytest.approx((100, 400) if turn == 3 else (650, 100), abs=0.02)


def test_pages_with_a_flipped_matrix(pages):
    """Skia and Excel write pages top down."""
    flipped = b"q 1 0 0 -1 0 800 cm 0.5 w 100 100 m 300 100 l S 100 150 m 300 150 l S 100 100 m 100 150 l S 200 100 m 200 150 l S 300 100 m 300 150 l S "
    words = b"BT /F 10 Tf 1 0 0 -1 105 130 Tm (one) Tj ET BT /F 10 Tf 1 0 0 -1 205 130 Tm (two) Tj ET Q"
    assert table_of(pages(flipped + words)[0]) == ["one", "two"]


def test_white_and_transparent_rules_are_none(pages):
    assert read_page(pages(b"1 1 1 RG " + GRID + WORDS)[0]).tables == []
    state = "/ExtGState<</G<</CA 0/ca 0>>>>"
    assert read_page(pages(b"q /G gs " + GRID + b"Q " + WORDS, resources=state)[0]).tables == []


def test_rules_in_a_form_object_are_placed_by_its_matrix(pages):
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Length %d>>stream\n%s\nendstream" % (len(GRID), GRID)
    page = pages(b"q 1 0 0 1 10 -20 cm /X Do Q " + WORDS, resources="/XObject<</X 6 0 R>>", objects=[form])[0]
    assert read_page(page).tables[0].box == pytest.approx((110, 120, 310, 220))


def test_a_clipping_rectangle_is_no_rule(pages):
    page = pages(b"q 100 600 200 100 re W n " + WORDS + b"Q")[0]
    assert len(page.marks) == 0


def test_a_grid_in_one_path_and_rectangles_stroked(pages):
    one = (
        b"0.5 w 100 700 m 300 700 l 100 650 m 300 650 l 100 600 m 300 600 l 100 600 m 100 700 l 200 600 m 200 700 l 300 600 m 300 700 l S "
    )
    assert table_of(pages(one + WORDS)[0]) == CELLS
    boxes = b"0.5 w " + b"".join(b"%d %d 100 50 re S " % (x, y) for x in (100, 200) for y in (600, 650))
    assert table_of(pages(boxes + WORDS)[0]) == CELLS


def test_curves_are_no_rules(pages):
    assert len(pages(b"100 100 m 150 150 200 150 250 100 c S 100 300 m 200 300 l 250 350 250 350 200 400 c h f")[0].marks) == 0


def test_generated_spaces_do_not_land_in_figures(pages):
    """pdfium makes up spaces and line ends between text objects; their boxes are unreliable."""
    page = pages(b"BT /F 10 Tf 100 700 Td (1) Tj 30 0 Td (2) Tj 0 -30 Td (3) Tj ET BT /F 10 Tf 100 600 Td (4 5) Tj ET")[0]
    assert text_of(page) == "12345"


def test_punctuation_keeps_its_place_in_the_line(pages):
    """Tight boxes put 、 。 and quotation marks on lines of their own; origins do not."""
    words = "“三公”经费、会议费。"
    page = pages(b"BT /C 12 Tf 100 700 Td " + cjk(words) + b" Tj ET")[0]
    assert [line.text for line in read_page(page).lines] == [words]


def test_the_em_is_the_fonts_size_whatever_matrix_scales_it(pages):
    page = pages(b"BT /F 1 Tf 12 0 0 12 100 700 Tm (x) Tj ET q 2 0 0 2 0 0 cm BT /F 6 Tf 50 300 Td (y) Tj ET Q")[0]
    assert page.size.tolist() == pytest.approx([12.0, 12.0], rel=0.02)


def test_full_width_spaces_are_an_indent_and_no_glyph(pages):
    page = pages(b"BT /C 10 Tf 100 700 Td " + cjk("\u3000\u3000工资") + b" Tj ET")[0]
    assert text_of(page) == "工资"
    assert page.box[0, 0] == pytest.approx(120)


def test_documents_are_reopened_and_go_on_where_they_were(pages, monkeypatch):
    monkeypatch.setattr(pdfium_reader, "_PAGES_PER_OPENING", 2)
    opened = []
    real = pdfium_reader._opened
    monkeypatch.setattr(pdfium_reader, "_opened", lambda path: opened.append(path) or real(path))
    found = pages(*[b"BT /F 10 Tf 100 700 Td (%d) Tj ET" % k for k in range(5)])
    assert [text_of(page) for page in found] == ["0", "1", "2", "3", "4"]
    assert len(opened) == 3


def test_images_are_counted(pages):
    image = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream\n0\nendstream"
    page = pages(b"q 600 0 0 800 0 0 cm /I Do Q", resources="/XObject<</I 6 0 R>>", objects=[image])[0]
    assert (page.images, len(page.codes)) == (1, 0)
    assert page.codes.dtype == np.int32


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_pdf"),
        (b"hello\n", "not_a_pdf"),
        (b"%PDF-1.7\n" + b"\0" * 1000, "damaged"),
        (pdf([]), "no_pages"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, data, code):
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    with pytest.raises(DocumentRejected) as caught:
        PdfiumReader().open(path)
    assert caught.value.code == code
    assert caught.value.message.zh
    assert caught.value.message.en


def encrypted(user_password: str) -> bytes:
    from io import BytesIO

    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(user_password, "owner", strength=128))
    canvas.drawString(100, 700, "secret")
    canvas.save()
    return out.getvalue()


def test_a_password_is_an_error_of_its_own_and_never_empty_text(tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(encrypted("user"))
    with pytest.raises(DocumentRejected) as caught:
        PdfiumReader().open(path)
    assert caught.value.code == "encrypted"


def test_an_empty_user_password_opens(tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(encrypted(""))
    assert text_of(next(PdfiumReader().open(path).contents())) == "secret"


def test_a_glyph_that_the_file_maps_to_nothing_is_not_left_out_of_its_figure(pages):
    """Left out, "1�2.50" would be the figure 12.50, and nobody would know."""
    page = pages(b"BT /C 10 Tf 100 700 Td <003100000032002E00350030> Tj ET")[0]
    assert text_of(page) == "1\ufffd2.50"
    assert page.without_unicode == 1


def test_half_of_a_surrogate_pair_is_a_character_that_cannot_be_told(pages):
    """A damaged character map gives one; it is no text that can be written."""
    page = pages(b"BT /C 10 Tf 100 700 Td <4E00D8014E8CDC024E09> Tj ET")[0]
    assert text_of(page) == "一\ufffd二\ufffd三"
    assert page.without_unicode == 2
