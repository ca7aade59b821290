"""Scanned documents end to end: recognised in a process of their own where the extra is installed, said to be unread where it is not."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec
import numpy as np
import pytest
from extractor_sheet import GRID, WORDS, pdf
from scanned import as_pdf, scan

from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.adapters.scan_recognizer import ScanRecognizer
from services.extractor.errors import DocumentRejected
from services.extractor.handlers import Helpers, ReadSettings
from services.extractor.handlers import read_document as read_with
from services.extractor.ports import PageImage, RecognizerEndedError
from services.extractor.reader import producer, read_document
from shared.contracts.extracted import Extracted

SAMPLE = next((Path(__file__).resolve().parents[3] / "samples").glob("6-*.pdf"))
WITHOUT = ReadSettings(recognizer="")


def read(path: Path, out: Path, settings: ReadSettings | None = None) -> Extracted:
    read_document(path, out, settings)
    return msgspec.json.decode(out.read_bytes(), type=Extracted)


def scanned_pages(tmp_path: Path, pages: list[bytes]) -> Path:
    """A file of images of these pages."""
    as_pdf(scan(pdf(pages), 200), 200, tmp_path / "scan.pdf")
    return tmp_path / "scan.pdf"


def page_image(path: Path, number: int = 1) -> PageImage:
    document = PdfiumReader().open(path)
    try:
        return document.image(number, 200)
    finally:
        document.close()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Extracted, bytes, bytes]:
    """The scanned sample read twice."""
    folder = tmp_path_factory.mktemp("sample")
    found = read(SAMPLE, folder / "1.json")
    read(SAMPLE, folder / "2.json")
    return found, (folder / "1.json").read_bytes(), (folder / "2.json").read_bytes()


def test_a_scanned_disclosure_is_read_with_titles_units_and_every_figure_of_a_row(sample: tuple[Extracted, bytes, bytes]) -> None:
    tables = sample[0].tables
    assert [(table.title, table.unit, table.pages, table.engine) for table in tables] == [
        ("支出总表", "万元", (1,), "ocr"),
        ("一般公共预算基本支出表", "万元", (2,), "ocr"),
    ]
    total = [cell.text for cell in sorted(tables[0].cells, key=lambda cell: cell.col) if cell.row == 3]
    assert total[:4] == ["合计", "422.03", "365.63", "56.40"]
    assert all(cell.confidence >= 0.9 for cell in tables[0].cells if cell.row == 3 and cell.text)


def test_blank_cells_of_a_scan_stay_blank(sample: tuple[Extracted, bytes, bytes]) -> None:
    total = [cell.text for cell in sample[0].tables[0].cells if cell.row == 3 and cell.col >= 7]
    assert total == ["", "", ""]


def test_pages_of_a_scan_are_accounted_for_in_their_order(sample: tuple[Extracted, bytes, bytes]) -> None:
    assert [account.page for account in sample[0].glyphs] == [1, 2]
    assert all(account.unplaced == 0 < account.total for account in sample[0].glyphs)


def test_the_same_scan_gives_the_same_bytes(sample: tuple[Extracted, bytes, bytes]) -> None:
    assert sample[1] == sample[2]


def test_a_page_of_text_beside_a_scanned_one_keeps_its_own_text(tmp_path: Path) -> None:
    asked: list[int] = []

    class Watched(ScanRecognizer):
        def recognize(self, image: PageImage):
            asked.append(image.number)
            return super().recognize(image)

    sheets = pdf([GRID + WORDS, b"q 600 0 0 800 0 0 cm /I Do Q"], resources="/XObject<</I 6 0 R>>", objects=[_picture(tmp_path)])
    (tmp_path / "x.pdf").write_bytes(sheets)
    with Watched() as recognizer:
        read_with(tmp_path / "x.pdf", tmp_path / "x.json", PdfiumReader(), None, Helpers(recognizer=recognizer))
    found = msgspec.json.decode((tmp_path / "x.json").read_bytes(), type=Extracted)
    assert asked == [2]
    (table,) = found.tables  # the scanned page goes on with the table of the page before it
    assert table.engine == "ocr"
    assert [(cell.page, cell.text) for cell in table.cells] == [
        *((1, text) for text in ("one", "two", "1.50", "2.50")),
        *((2, text) for text in ("1.50", "2.50")),
    ]
    assert all(cell.confidence == 0.99 for cell in table.cells if cell.page == 1)
    assert all(cell.confidence < 0.99 for cell in table.cells if cell.page == 2)


def _picture(tmp_path: Path) -> bytes:
    """A grey image of a page with a table, as a PDF object."""
    grey = np.ascontiguousarray(scan(pdf([GRID + WORDS]), 150)[0][:, :, 0])
    high, wide = grey.shape
    head = f"<</Type/XObject/Subtype/Image/Width {wide}/Height {high}/BitsPerComponent 8/ColorSpace/DeviceGray/Length {grey.size}>>stream\n"
    return head.encode() + grey.tobytes() + b"\nendstream"


def test_without_the_extra_a_scan_is_rejected_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(DocumentRejected) as caught:
        read(SAMPLE, tmp_path / "x.json", WITHOUT)
    assert caught.value.code == "scan_without_text"
    assert "bin/setup core ocr" in caught.value.message.zh
    assert "bin/setup core ocr" in caught.value.message.en


def test_without_the_extra_a_single_scanned_page_is_warned_of_with_what_to_install(tmp_path: Path) -> None:
    sheets = pdf([WORDS, b"q 600 0 0 800 0 0 cm /I Do Q"], resources="/XObject<</I 6 0 R>>", objects=[_picture(tmp_path)])
    (tmp_path / "x.pdf").write_bytes(sheets)
    (warning,) = read(tmp_path / "x.pdf", tmp_path / "x.json", WITHOUT).warnings
    assert (warning.code, warning.page) == ("page_without_text", 2)
    assert "bin/setup core ocr" in warning.message


def test_what_recognises_is_part_of_the_version() -> None:
    assert producer(WITHOUT).version != producer(ReadSettings(recognizer="rapidocr 3")).version
    assert producer(ReadSettings(recognizer="rapidocr 4")).version != producer(ReadSettings(recognizer="rapidocr 3")).version


def test_a_recogniser_that_dies_is_replaced_for_the_next_page(tmp_path: Path) -> None:
    path = scanned_pages(tmp_path, [GRID + WORDS])
    with ScanRecognizer() as recognizer:
        first = recognizer.recognize(page_image(path))
        process = recognizer._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with pytest.raises(RecognizerEndedError, match="SIGKILL"):
            recognizer.recognize(page_image(path))
        again = recognizer.recognize(page_image(path))
    assert bytes(again.codes) == bytes(first.codes) != b""


def test_a_page_that_takes_too_long_or_too_much_is_warned_of_and_the_document_goes_on(tmp_path: Path) -> None:
    path = scanned_pages(tmp_path, [GRID + WORDS, WORDS])
    sheets = pdf([b"q 600 0 0 800 0 0 cm /I Do Q", WORDS], resources="/XObject<</I 6 0 R>>", objects=[_picture(tmp_path)])
    (tmp_path / "x.pdf").write_bytes(sheets)
    for limits, why in (({"page_seconds": 0.05}, "took longer than 0.05 s"), ({"memory_bytes": 300_000_000}, "recognition ended over it")):
        with ScanRecognizer(**limits) as recognizer:
            read_with(tmp_path / "x.pdf", tmp_path / "x.json", PdfiumReader(), None, Helpers(recognizer=recognizer))
        found = msgspec.json.decode((tmp_path / "x.json").read_bytes(), type=Extracted)
        assert [(warning.code, warning.page) for warning in found.warnings] == [("page_without_text", 1)]
        assert why in found.warnings[0].message
        assert [line.text for line in found.text if line.page == 2]
    with pytest.raises(RecognizerEndedError, match=r"0\.05 s"), ScanRecognizer(page_seconds=0.05) as recognizer:
        recognizer.recognize(page_image(path))


def test_a_recogniser_that_keeps_dying_is_given_up(tmp_path: Path) -> None:
    image = PageImage(1, 72, 72, 72, np.full((72, 72, 3), 255, dtype=np.uint8))
    with ScanRecognizer(page_seconds=0.01) as recognizer:
        for _ in range(3):
            with pytest.raises(RecognizerEndedError, match="took longer"):
                recognizer.recognize(image)
        with pytest.raises(RecognizerEndedError, match="given up"):
            recognizer.recognize(image)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_scanned_sideways_or_upside_down_is_read_upright_and_placed_as_shown(tmp_path: Path, turns: int) -> None:
    words = b"BT /F 14 Tf 105 670 Td (Office) Tj ET BT /F 14 Tf 205 670 Td (Budget) Tj ET BT /F 14 Tf 105 620 Td (1,234.50) Tj ET BT /F 14 Tf 205 620 Td (8,069.61) Tj ET "
    lines = b"".join(
        b"BT /F 12 Tf 100 %d Td (Expenditure of the office by function and by project) Tj ET " % y for y in range(300, 560, 20)
    )
    picture = np.ascontiguousarray(np.rot90(scan(pdf([GRID + words + lines]), 200)[0], turns))
    as_pdf([picture], 200, tmp_path / "x.pdf")
    (table,) = read(tmp_path / "x.pdf", tmp_path / "x.json").tables
    assert [cell.text for cell in table.cells] == ["Office", "Budget", "1,234.50", "8,069.61"]
    x0, top, x1, bottom = table.cells[0].bbox
    want = {1: (100, 400, 150, 500), 2: (400, 650, 500, 700), 3: (650, 100, 700, 200)}[turns]
    assert (x0, top, x1, bottom) == pytest.approx(want, abs=3)
