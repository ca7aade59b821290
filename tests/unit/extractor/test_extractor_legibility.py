"""Which pages are recognised: those whose text is not what a reader sees, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from extractor_sheet import Sheet

from services.extractor.domain.extraction import extract
from services.extractor.domain.legibility import legibility
from services.extractor.domain.page import PageContents
from services.extractor.domain.reading import read_page
from services.extractor.ports import PageImage, RecognizerEndedError
from services.extractor.scans import Scans
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo

PROSE = "本单位负责辖区内林木种苗管理与病虫害防治工作，设办公室、计财科、营林科三个科室，编制二十六人，实有二十四人。"
INFO = DocumentInfo(id="sha256:0", bytes=1, pages=1)
TRADITIONAL = "本單位負責轄區內林木種苗管理與病蟲害防治工作，設辦公室、計財科、營林科三個科室，編制二十六人。"


def sheet(text: str) -> PageContents:
    made = Sheet()
    for row in range(0, len(text), 40):
        made.text(50, 100 + row, text[row : row + 40])
    return made.contents()


def pictured(share: float, page: PageContents | None = None) -> PageContents:
    page = page or Sheet().contents()
    return replace(page, images=1, pictures=np.array([[0.0, 0.0, page.width, share * page.height]]))


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        TRADITIONAL,
        "1,234.56 98.10 0.00 — 2080109 30101 100% 12.50 8,800.00",
        "Budget of the department for 2025, in units of 10,000 yuan",
        "①②③ ≥98% ≤5℃ Ⅰ Ⅱ α β √ □ ☑ ★ → ￥ § 《》“”……——、。",
        "\ue000" * 19,
    ],
)
def test_sound_text_is_never_recognised_also_over_a_picture_of_the_whole_page(text: str) -> None:
    assert legibility(sheet(text)) == "sound"
    assert legibility(pictured(1.0, sheet(text))) == "sound"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("".join(chr(0xE000 + k) for k in range(40)), "codes"),
        ("".join(chr(0xF0000 + k) for k in range(40)), "codes"),
        (PROSE.encode("utf-8").decode("latin-1"), "rubbish"),
        (PROSE.encode("gbk").decode("latin-1"), "rubbish"),
        (PROSE.encode("gbk").decode("koi8-r"), "rubbish"),
        ("".join(chr(ord(char) + 37) if char >= "一" else char for char in PROSE), "rubbish"),
        ("".join(chr(0xAC00 + k) for k in range(40)), "rubbish"),
    ],
)
def test_codes_without_meaning_and_wrong_ones_in_bulk_are_no_text(text: str, what: str) -> None:
    assert legibility(sheet(text)) == what


def test_a_few_signs_without_meaning_among_text_do_not_matter() -> None:
    assert legibility(sheet(PROSE + "\ue0b5" * 6)) == "sound"


def test_a_page_without_text_is_a_scan_if_a_picture_covers_a_good_part_of_it() -> None:
    assert legibility(pictured(0.6)) == "image"
    assert legibility(pictured(0.1)) == "blank"
    assert legibility(Sheet().contents()) == "blank"


def test_a_page_whose_letters_are_drawn_as_shapes_is_recognised() -> None:
    assert legibility(replace(Sheet().contents(), outlines=300)) == "outlines"
    assert legibility(replace(Sheet().contents(), outlines=20)) == "blank"


XS, YS = [100.0, 200.0, 300.0, 400.0], [300.0, 330.0, 360.0]
ROWS = [["项目", "合计", "其中"], ["办公费", "12.50", "8.00"]]


def seen_table(number: int = 1) -> PageContents:
    """What recognition shows of a page with a table in its picture, and of the prose around it."""
    found = Sheet(number=number).text(50, 100, PROSE[:30]).table(XS, YS, ROWS).contents()
    return replace(found, source="image", certainty=np.full(len(found.codes), 0.95))


def with_picture(box: tuple[float, float, float, float]) -> PageContents:
    return replace(sheet(PROSE), images=1, pictures=np.array([box]))


class Shows:
    """Recognises the same on every page."""

    version = "test"

    def __init__(self, shown: PageContents) -> None:
        self._shown, self.asked = shown, 0

    def recognize(self, image: PageImage) -> PageContents:
        self.asked += 1
        return replace(self._shown, number=image.number)


def test_a_table_in_a_picture_amid_text_joins_the_page_and_leaves_its_text_alone() -> None:
    page = with_picture((60.0, 250.0, 560.0, 600.0))
    (read,) = Scans(Shows(seen_table()), 9).legible(Document(page))
    assert "".join(map(chr, read.codes)) == PROSE + "项目合计其中办公费12.508.00"
    found = read_page(read)
    assert [(table.engine, [cell.text for cell in table.cells]) for table in found.tables] == [("ocr", [*ROWS[0], *ROWS[1]])]
    assert found.unplaced == 0


@pytest.mark.parametrize(
    "shown",
    [
        Sheet().text(150, 400, "合影").contents(),
        replace(seen_table(), skew=1.2),
        Sheet().grid([100.0, 300.0], [300.0, 330.0]).text(110, 320, "照片").contents(),
    ],
)
def test_pictures_without_a_ruled_table_stay_pictures(shown: PageContents) -> None:
    page = with_picture((60.0, 250.0, 560.0, 600.0))
    shown = replace(shown, source="image", certainty=np.full(len(shown.codes), 0.95))
    (read,) = Scans(Shows(shown), 9).legible(Document(page))
    assert (bytes(read.codes), read.unread) == (bytes(page.codes), "")


@pytest.mark.parametrize(
    "page",
    [
        with_picture((60.0, 250.0, 160.0, 300.0)),  # an emblem
        replace(sheet(PROSE * 2), images=1, pictures=np.array([[0.0, 0.0, 600.0, 800.0]])),  # a background
    ],
)
def test_small_pictures_and_those_behind_text_are_not_looked_at(page: PageContents) -> None:
    reader = Shows(seen_table())
    assert [read.source for read in Scans(reader, 9).legible(Document(page))] == ["text"]
    assert reader.asked == 0


def test_a_scan_with_a_page_number_printed_over_it_is_recognised_and_a_cover_keeps_its_own_text() -> None:
    scan = replace(Sheet().text(300, 780, "- 3 -").contents(), images=1, pictures=np.array([[0.0, 0.0, 600.0, 800.0]]))
    assert next(iter(Scans(Shows(seen_table()), 9).legible(Document(scan)))).source == "image"
    cover = replace(Sheet().text(100, 300, "二〇二五年部门预算公开说明").contents(), images=1, pictures=scan.pictures)
    shown = Sheet().text(100, 300, "二〇二五年部门预算公开说明").contents()
    assert next(iter(Scans(Shows(replace(shown, source="image")), 9).legible(Document(cover)))).source == "text"


def test_without_the_extra_a_large_picture_in_a_page_of_text_is_warned_of_and_the_page_is_readable() -> None:
    scans = Scans(None, 9)
    found = extract(scans.legible(Document(with_picture((60.0, 250.0, 560.0, 600.0)))), INFO, Producer(name="extractor", version="test"))
    assert [warning.code for warning in found.warnings] == ["picture_unread"]
    assert "bin/setup core ocr" in found.warnings[0].message
    assert (scans.found, scans.readable) == (1, 1)


class Document:
    """A document of given pages; its images say the page's number."""

    def __init__(self, *pages: PageContents) -> None:
        self._contents = [replace(page, number=number) for number, page in enumerate(pages, 1)]
        self.pages = len(pages)
        self.dpi: list[float] = []

    def contents(self) -> Iterator[PageContents]:
        return iter(self._contents)

    def image(self, number: int, dpi: float) -> PageImage:
        self.dpi.append(dpi)
        return PageImage(number, 600, 800, dpi, np.zeros((1, 1, 3), dtype=np.uint8))

    def close(self) -> None:
        pass


class Reader:
    """Recognises "看" on every page but those that end it."""

    version = "test"

    def __init__(self, *ends_over: int) -> None:
        self._ends_over = ends_over

    def recognize(self, image: PageImage) -> PageContents:
        if image.number in self._ends_over:
            raise RecognizerEndedError("SIGSEGV")
        return replace(Sheet(number=image.number).text(50, 100, "看").contents(), source="image", certainty=np.array([0.9]))


def test_only_pages_without_sound_text_are_recognised_and_all_come_in_their_order() -> None:
    asked: list[None] = []
    document = Document(sheet(PROSE), pictured(1.0), Sheet().contents(), sheet("\ue000" * 30))
    pages = list(Scans(Reader(), 9, lambda: asked.append(None)).legible(document))
    assert [(page.number, page.source) for page in pages] == [(1, "text"), (2, "image"), (3, "text"), (4, "image")]
    assert (len(asked), len(document.dpi)) == (2, 2)
    assert pages[1].images == 1


def test_a_page_that_ends_the_recogniser_is_said_to_be_unread_and_the_next_is_read() -> None:
    pages = list(Scans(Reader(1), 9).legible(Document(pictured(1.0), pictured(1.0))))
    assert "SIGSEGV" in pages[0].unread
    assert (len(pages[0].codes), len(pages[1].codes), pages[1].unread) == (0, 1, "")


def test_pages_beyond_the_most_that_are_recognised_are_said_to_be_unread() -> None:
    pages = list(Scans(Reader(), 1).legible(Document(pictured(1.0), pictured(1.0))))
    assert [bool(page.unread) for page in pages] == [False, True]
    assert "first 1 such pages" in pages[1].unread


def test_large_pages_are_looked_at_from_further_away_and_huge_ones_not_at_all() -> None:
    a0 = replace(pictured(1.0), width=2384.0, height=3370.0, pictures=np.array([[0.0, 0.0, 2384.0, 3370.0]]))
    wall = replace(a0, width=14400.0, height=14400.0, pictures=np.array([[0.0, 0.0, 14400.0, 14400.0]]))
    document = Document(pictured(1.0), a0, wall)
    pages = list(Scans(Reader(), 9).legible(document))
    assert document.dpi[0] == 200
    assert 90 < document.dpi[1] < 120
    assert (len(document.dpi), "too large" in pages[2].unread) == (2, True)
