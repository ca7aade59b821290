"""The committed samples: what expected.json says of them is what stands on their pages, and the script makes them again."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "samples"
EXPECTED: list[dict[str, Any]] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))["files"]
READABLE = [record for record in EXPECTED if "rejected" not in record and "scan" not in record]
by_file = pytest.mark.parametrize("record", READABLE, ids=lambda record: record["file"][:1])


def _rows(record: dict[str, Any], page: int, table: int = 0) -> list[list[str]]:
    """Rows of one table of a page, read by a reader that shares nothing with the generator."""
    with pdfplumber.open(SAMPLES / record["file"]) as pdf:
        tables = pdf.pages[page - 1].extract_tables()
    return [[(cell or "").replace("\n", "") for cell in row] for row in tables[table]]


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "") or "0")


def test_every_pdf_in_the_folder_is_described_and_every_description_has_its_file() -> None:
    assert {record["file"] for record in EXPECTED} == {path.name for path in SAMPLES.glob("*.pdf")}


def test_the_samples_stay_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.glob("*.pdf")) <= 2_000_000


@by_file
def test_a_sample_has_the_pages_and_titles_that_are_expected(record: dict[str, Any]) -> None:
    with pypdfium2.PdfDocument(SAMPLES / record["file"]) as pdf:
        assert len(pdf) == record["pages"]
        for table in record["tables"]:
            text = pdf[table["pages"][0] - 1].get_textpage().get_text_bounded().replace("\r", "").replace("\n", "").replace(" ", "")
            assert table["title"].replace(" ", "") in text


@pytest.mark.parametrize(
    ("record", "error"),
    [(record, error) for record in READABLE for error in record["planted"]],
    ids=lambda value: value.get("cause", value.get("file", "")[:1]),
)
def test_a_planted_error_stands_in_its_row_on_its_page(record: dict[str, Any], error: dict[str, Any]) -> None:
    row = next(row for row in _rows(record, error["page"]) if error["row_label"] in row)
    assert row[error["col"]] == error["printed"]
    assert error["printed"] != error["correct"]


def test_a_false_claim_stands_on_its_page() -> None:
    record = next(record for record in READABLE if record["false_claims"])
    claim = record["false_claims"][0]
    with pypdfium2.PdfDocument(SAMPLES / record["file"]) as pdf:
        text = pdf[claim["page"] - 1].get_textpage().get_text_bounded()
    assert claim["printed"] in text
    assert claim["correct"] not in text


@by_file
def test_classes_add_up_to_the_total_within_rounding(record: dict[str, Any]) -> None:
    table = next(table for table in record["tables"] if table["title"].endswith(("支出总表", "支出预算总表", "支出决算表")))
    rows = _rows(record, table["pages"][0])
    money = table["columns"] - 6  # 合计, 基本支出, 项目支出 and three more in every layout
    codes = slice(1 if rows[0][0] == "序号" else 0, money - 1)
    body = rows[table["header_rows"] :]
    total = next(_amount(row[money]) for row in body if "合计" in row[codes])
    classes = [_amount(row[money]) for row in body if len("".join(row[codes])) == 3]
    assert len(classes) >= 3
    assert abs(sum(classes) - total) <= Decimal("0.02")


def test_rounding_leaves_sums_of_the_final_accounts_off_by_a_last_digit() -> None:
    record = next(record for record in READABLE if record["kind"] == "final_accounts")
    off = set()
    for title in ("支出决算表", "收入决算表", "一般公共预算财政拨款支出决算表"):
        table = next(table for table in record["tables"] if table["title"] == title)
        rows = _rows(record, table["pages"][0])[table["header_rows"] :]
        for code in [row[0] for row in rows if row[0].isdigit() and len(row[0]) in (3, 5)]:
            printed = next(_amount(row[2]) for row in rows if row[0] == code)
            parts = [_amount(row[2]) for row in rows if row[0].startswith(code) and len(row[0]) == len(code) + 2]
            off.add(sum(parts) - printed)
    assert off - {Decimal("0.00")}, "no sum shows rounding"
    assert max(abs(difference) for difference in off) <= Decimal("0.02")


def test_the_scan_has_images_and_no_text() -> None:
    record = next(record for record in EXPECTED if record.get("scan"))
    with pypdfium2.PdfDocument(SAMPLES / record["file"]) as pdf:
        assert [page.get_textpage().count_chars() for page in pdf] == [0, 0]
        assert all(len(list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))) == 1 for page in pdf)


def test_the_file_that_is_no_pdf_has_other_bytes() -> None:
    record = next(record for record in EXPECTED if record.get("rejected") == "not_a_pdf")
    assert b"%PDF" not in (SAMPLES / record["file"]).read_bytes()


def test_the_script_makes_the_same_bytes_twice_and_the_committed_description(tmp_path: Path) -> None:
    pytest.importorskip("reportlab", reason="reportlab is a development dependency")
    from tools.make_samples import find_font, make

    font = find_font()
    if font is None:
        pytest.skip("the samples' font is not installed (Debian: fonts-wqy-microhei)")
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        make(folder, font)
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert first == second
    assert first["expected.json"] == (SAMPLES / "expected.json").read_bytes()


def test_one_sample_stores_its_wide_forms_turned_by_ninety_degrees() -> None:
    record = next(record for record in READABLE if record["file"].startswith("3-"))
    with pypdfium2.PdfDocument(SAMPLES / record["file"]) as pdf:
        page = pdf[record["tables"][0]["pages"][0] - 1]
        assert page.get_rotation() == 90
        assert page.get_width() > page.get_height()
