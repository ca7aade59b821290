"""Before anybody is accused, the page's image is read: fonts may lie to every reader of text."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from lying_font import STANDARD, Row, form

from services.extractor.reader import read_document
from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validator_version
from services.validator.handlers import validate_document
from services.validator.work import validate, version
from shared.contracts.validated import Finding, Validated
from shared.image_reader import ImageReader
from shared.second_reader import FileReader

ROWS: list[Row] = [
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("", "合计", "436.25", "263.45", "172.80"),
    ("208", "社会保障和就业支出", "273.45", "263.45", "10.00"),
    ("20801", "人力资源和社会保障管理事务", "273.45", "263.45", "10.00"),
    ("2080101", "行政运行", "273.45", "263.45", "10.00"),
    ("213", "农林水支出", "162.80", "", "162.80"),
    ("21302", "林业和草原", "162.80", "", "162.80"),
    ("2130204", "事业机构", "162.80", "", "162.80"),
]
PLACE = (2, 2)  # the class 社会保障和就业支出 in its total column: 273.45


def judged(data: bytes, folder: Path, images: bool = True) -> Validated:
    """The verdict by the whole pipeline, with or without a reader of images."""
    pdf, out = folder / "form.pdf", folder / "extracted.json"
    pdf.write_bytes(data)
    read_document(pdf, out)
    normalized = normalize_document(out.read_bytes(), standard_catalogue())
    with FileReader(pdf) as reader:
        return validate_document(normalized, load_rules(), reader, ImageReader(pdf) if images else None)


def of(result: Validated, severity: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.severity == severity and finding.checks]


def changed(text: str) -> list[Row]:
    rows = [list(row) for row in ROWS]
    rows[PLACE[0]][PLACE[1]] = text
    return [tuple(row) for row in rows]


@pytest.fixture(scope="module")
def needs_ocr() -> None:
    if not ImageReader.installed_version():
        pytest.skip("the extra ocr is not installed")


@pytest.mark.usefixtures("needs_ocr")
def test_a_figure_whose_font_lies_is_a_question_about_our_reading_and_accuses_nobody(tmp_path: Path) -> None:
    result = judged(form(ROWS, lies_at=PLACE), tmp_path)
    assert {fact.text for fact in result.facts} >= {"278.45"}  # what the file says it prints
    assert not of(result, "error")
    warning = of(result, "warning")[0]
    assert warning.diagnosis is not None
    assert (warning.diagnosis.cause, warning.diagnosis.reported) == ("misread", "278.45")
    assert "273.45" in warning.message.en


@pytest.mark.usefixtures("needs_ocr")
def test_a_figure_that_was_read_with_doubt_is_looked_at_and_what_the_page_shows_is_said(tmp_path: Path) -> None:
    doubted = judged(form(ROWS, lies_at=PLACE, liar=STANDARD), tmp_path)
    assert not of(doubted, "error")
    assert "273.45" in of(doubted, "warning")[0].message.en


@pytest.mark.usefixtures("needs_ocr")
def test_doubt_about_glyphs_ends_where_the_image_shows_the_figure(tmp_path: Path) -> None:
    wrong = form(changed("278.45"), lies_at=PLACE, shown="1", said="7", liar=STANDARD)  # it lies about a digit that is not printed
    (doubted,) = (fact for fact in judged(wrong, tmp_path, images=False).facts if fact.text == "278.45")
    assert doubted.confidence < 0.65
    assert not of(judged(wrong, tmp_path, images=False), "error")
    assert of(judged(wrong, tmp_path), "error")


@pytest.mark.usefixtures("needs_ocr")
def test_a_figure_that_the_page_prints_wrongly_is_accused_and_the_message_says_that_the_image_shows_it(tmp_path: Path) -> None:
    (error,) = of(judged(form(changed("278.45")), tmp_path), "error")
    assert error.diagnosis is not None
    assert (error.diagnosis.reported, error.diagnosis.suggested) == ("278.45", "273.45")
    assert "图像复核" in error.message.zh
    assert "the image of the page shows this figure too" in error.message.en


@pytest.mark.usefixtures("needs_ocr")
def test_a_font_that_hides_an_error_does_not_take_the_accusation_away_from_a_figure_that_is_wrong(tmp_path: Path) -> None:
    """The image shows another wrong figure than the file says: still not what the sums need, but what people see was not what we read."""
    result = judged(form(changed("233.45"), lies_at=PLACE, shown="2", said="7"), tmp_path)
    assert not of(result, "error")
    assert any(finding.diagnosis and finding.diagnosis.cause == "misread" for finding in of(result, "warning"))


def test_without_a_reader_of_images_the_message_claims_no_confirmation_by_it(tmp_path: Path) -> None:
    (error,) = of(judged(form(ROWS, lies_at=PLACE), tmp_path, images=False), "error")
    assert "未安装图像识别组件" in error.message.zh
    assert "no reader of images is installed" in error.message.en


def test_a_document_that_ties_starts_no_reader_of_images(tmp_path: Path) -> None:
    class Watched:
        version = "watched"

        def read(self, places: object) -> list[str | None]:
            raise AssertionError(f"asked for {places}")

    pdf, out = tmp_path / "form.pdf", tmp_path / "extracted.json"
    pdf.write_bytes(form(ROWS))
    read_document(pdf, out)
    normalized = normalize_document(out.read_bytes(), standard_catalogue())
    with FileReader(pdf) as reader:
        result = validate_document(normalized, load_rules(), reader, Watched())
    assert not of(result, "error")
    assert result.producer.version == validator_version(load_rules(), "watched")


def test_the_version_of_results_tells_whether_images_are_read(tmp_path: Path) -> None:
    pdf, out, written = tmp_path / "form.pdf", tmp_path / "extracted.json", tmp_path / "validated.json"
    pdf.write_bytes(form(ROWS))
    read_document(pdf, out)
    validate(normalize_document(out.read_bytes(), standard_catalogue()), pdf, written)
    assert msgspec.json.decode(written.read_bytes())["producer"]["version"] == version()
    assert validator_version(load_rules(), "some reader") != validator_version(load_rules())


@pytest.mark.usefixtures("needs_ocr")
def test_a_reader_that_does_not_survive_tells_nothing(tmp_path: Path) -> None:
    pdf = tmp_path / "form.pdf"
    pdf.write_bytes(form(ROWS))
    place = (1, (290.0, 97.0, 380.0, 119.0))
    assert ImageReader(pdf).read([place]) == ["合计"] or ImageReader(pdf).read([place]) == [None]  # a heading is no figure
    assert ImageReader(pdf, memory_bytes=50_000_000).read([place]) == [None]
    assert ImageReader(tmp_path / "gone.pdf").read([place, place]) == [None, None]
