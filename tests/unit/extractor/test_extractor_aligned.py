"""Figures in columns without rules are read as a table, or warned of where the columns cannot be told; contents pages and prose are neither."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from services.extractor.adapters.camelot_reader import CamelotReader
from services.extractor.domain.aligned import Rect, aligned_regions
from services.extractor.handlers import ReadSettings
from services.extractor.reader import read_document
from shared.contracts.extracted import Extracted


@dataclass
class Piece:
    text: str
    box: Rect
    size: float = 10.0


def line(baseline: float, *pieces: tuple[str, float, float]) -> list[Piece]:
    return [Piece(text, (x0, baseline - 10, x1, baseline)) for text, x0, x1 in pieces]


TABLE = [
    *line(100, ("项目", 40, 60), ("合计", 180, 200)),
    *line(118, ("财政拨款", 40, 80), ("1,120.00", 160, 200)),
    *line(136, ("事业收入", 40, 80), ("30.00", 175, 200)),
    *line(154, ("合计", 40, 60), ("1,150.00", 160, 200)),
]


def test_figures_that_end_at_one_place_are_a_region_with_their_boxhead() -> None:
    assert aligned_regions(TABLE) == [(40, 90, 200, 154)]


def test_two_lines_of_figures_are_too_few() -> None:
    assert aligned_regions(TABLE[:6]) == []


def test_a_contents_page_is_no_table() -> None:
    entries = [piece for row in range(8) for piece in line(100 + 18 * row, ("收支总表", 40, 80), (str(3 + row), 195, 200))]
    assert aligned_regions(entries) == []


def test_figures_that_do_not_align_are_prose() -> None:
    ragged = [piece for row in range(5) for piece in line(100 + 18 * row, ("其中", 40, 60), ("120.00", 100 + 17 * row, 130 + 17 * row))]
    assert aligned_regions(ragged) == []


@pytest.fixture
def borderless(tmp_path: Path) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(270, 780, "收入总表")
    canvas.drawRightString(555, 762, "单位：万元")
    rows = [
        ("项目", "合计", "基本支出", "项目支出"),
        ("财政拨款", "120.00", "100.00", "20.00"),
        ("事业收入", "30.00", "", "30.00"),
        ("合计", "150.00", "100.00", "50.00"),
    ]
    for index, row in enumerate(rows):
        canvas.drawString(45, 740 - 18 * index, row[0])
        for column, text in enumerate(row[1:]):
            canvas.drawRightString(300 + 100 * column, 740 - 18 * index, text)
    canvas.save()
    path = tmp_path / "borderless.pdf"
    path.write_bytes(buffer.getvalue())
    return path


def extracted(path: Path, fallback: bool) -> Extracted:
    out = path.with_suffix(".json")
    read_document(path, out, ReadSettings(fallback=fallback))
    return msgspec.json.decode(out.read_bytes(), type=Extracted)


def rows_of(found: Extracted) -> list[list[str]]:
    (table,) = found.tables
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return list(rows.values())


def test_figures_under_each_other_are_a_table_without_any_rule(borderless: Path) -> None:
    found = extracted(borderless, fallback=False)
    (table,) = found.tables
    assert (table.engine, table.title, table.unit, table.header_rows) == ("stream", "收入总表", "万元", 1)
    assert rows_of(found) == [
        ["项目", "合计", "基本支出", "项目支出"],
        ["财政拨款", "120.00", "100.00", "20.00"],
        ["事业收入", "30.00", "", "30.00"],
        ["合计", "150.00", "100.00", "50.00"],
    ]
    assert all(cell.confidence < 0.9 for cell in table.cells)
    assert found.warnings == ()
    assert all(account.unplaced == 0 for account in found.glyphs)


@pytest.mark.skipif(not CamelotReader.available(), reason="the extra camelot is not installed: bin/setup core camelot")
def test_a_second_voice_that_agrees_leaves_confidence_alone(borderless: Path) -> None:
    assert extracted(borderless, fallback=True).tables == extracted(borderless, fallback=False).tables


def test_figures_that_stand_nowhere_are_warned_of_and_stay_text(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "ragged.pdf"), pagesize=(595, 842), invariant=1)
    canvas.setFont("STSong-Light", 10)
    for row, (x, y) in enumerate([(200, 300), (230, 335), (200, 335), (230, 300), (200, 300), (230, 335)]):
        canvas.drawString(45, 740 - 18 * row, "财政拨款")
        canvas.drawRightString(x, 740 - 18 * row, "120.00")
        canvas.drawRightString(y, 740 - 18 * row, "7,100.00")
    canvas.save()
    found = extracted(tmp_path / "ragged.pdf", fallback=False)
    assert found.tables == ()
    assert [(warning.code, warning.page) for warning in found.warnings] == [("borderless_table", 1)]
    assert all(account.unplaced == 0 for account in found.glyphs)
