"""Reading a document: artifact, progress, limits, rejections."""

from __future__ import annotations

import pickle

import msgspec
import pytest
from extractor_sheet import GRID, WORDS, pdf

from services.extractor import handlers
from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.errors import DocumentRejected
from services.extractor.handlers import ReadSettings
from services.extractor.reader import default_settings, producer, read_document
from shared.canonical import canonical_json, digest
from shared.contracts.extracted import Extracted

IMAGE = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream\n0\nendstream"
SCAN = b"q 600 0 0 800 0 0 cm /I Do Q"
PICTURE = {"resources": "/XObject<</I 6 0 R>>", "objects": [IMAGE]}


def written(tmp_path, data: bytes):
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    return path, tmp_path / "x.json"


def test_the_streamed_artifact_is_canonical(tmp_path):
    data = pdf([GRID + WORDS, WORDS, b""])
    path, out = written(tmp_path, data)
    info = read_document(path, out)
    found = msgspec.json.decode(out.read_bytes(), type=Extracted)
    assert canonical_json(found) == out.read_bytes()
    assert (info.id, info.bytes, info.pages) == (digest(data), len(data), 3)
    assert found.document == info
    assert [len(found.tables), len(found.text), len(found.glyphs)] == [1, 4, 3]


def test_reading_twice_gives_the_same_bytes(tmp_path):
    path, out = written(tmp_path, pdf([GRID + WORDS, GRID + WORDS]))
    read_document(path, out)
    first = out.read_bytes()
    read_document(path, out)
    assert out.read_bytes() == first


def test_progress_is_told_page_by_page(tmp_path):
    path, out = written(tmp_path, pdf([WORDS, WORDS]))
    calls: list[object] = []
    read_document(path, out, on_open=calls.append, on_page=lambda n, total: calls.append((n, total)))
    assert calls == [2, (1, 2), (2, 2)]


@pytest.mark.parametrize("settings", [ReadSettings(max_bytes=100), ReadSettings(max_pages=1)])
def test_documents_over_a_limit_are_rejected_and_leave_nothing(tmp_path, settings):
    path, out = written(tmp_path, pdf([WORDS, WORDS]))
    with pytest.raises(DocumentRejected) as caught:
        read_document(path, out, settings)
    assert caught.value.code == "too_large"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.pdf"]


def test_a_scan_is_rejected_after_reading_and_leaves_nothing(tmp_path):
    path, out = written(tmp_path, pdf([SCAN, SCAN], **PICTURE))
    with pytest.raises(DocumentRejected) as caught:
        read_document(path, out)
    assert caught.value.code == "scan_without_text"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.pdf"]


def test_one_scanned_page_among_others_is_a_warning(tmp_path):
    path, out = written(tmp_path, pdf([WORDS, SCAN], **PICTURE))
    read_document(path, out)
    warnings = msgspec.json.decode(out.read_bytes(), type=Extracted).warnings
    assert [(warning.code, warning.page) for warning in warnings] == [("page_without_text", 2)]


def test_settings_that_change_results_change_the_version():
    assert producer(ReadSettings()).version != producer(ReadSettings(verify=True)).version
    assert producer(ReadSettings(fallback=True)).version != producer(ReadSettings()).version
    assert producer(default_settings()) == producer()


class OtherReader:
    """A second reader that reads the same text everywhere."""

    def __init__(self, says: str) -> None:
        self.says = says
        self.asked: list[tuple[float, float, float, float]] = []

    def read(self, page: int, bbox: tuple[float, float, float, float]) -> str | None:
        self.asked.append(bbox)
        return self.says


ONE_DOUBTFUL = WORDS.replace(b"(1.50)", b"(1.5.0)")


@pytest.mark.parametrize(("verify", "asked"), [(False, 1), (True, 4)])
def test_by_itself_the_second_reader_reads_doubtful_figures_alone(tmp_path, verify, asked):
    path, out = written(tmp_path, pdf([GRID + ONE_DOUBTFUL]))
    second = OtherReader("1.50")
    handlers.read_document(path, out, PdfiumReader(), ReadSettings(verify=verify), handlers.Helpers(second))
    found = msgspec.json.decode(out.read_bytes(), type=Extracted)
    assert len(second.asked) == asked
    (cell,) = (cell for cell in found.tables[0].cells if cell.text == "1.5.0")
    assert cell.reader_text == "1.50"
    assert cell.confidence < 0.5


def test_what_both_readers_read_is_sure(tmp_path):
    path, out = written(tmp_path, pdf([GRID + WORDS]))
    read_document(path, out, ReadSettings(verify=True))
    assert {cell.confidence for cell in msgspec.json.decode(out.read_bytes(), type=Extracted).tables[0].cells} == {1.0}


def test_a_rejection_crosses_processes_whole(tmp_path):
    path, out = written(tmp_path, b"")
    with pytest.raises(DocumentRejected) as caught:
        read_document(path, out)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.code, again.message, again.page) == (caught.value.code, caught.value.message, None)
