"""The second reading of a cell comes from another PDF library and from the cell's box alone."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from shared.second_reader import FileReader


@pytest.fixture
def document(tmp_path: Path) -> Path:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(200, 100), invariant=1)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(12, 80, "1,378.81")
    canvas.drawString(112, 80, "20.00")
    canvas.drawString(12, 40, "2,424.")
    canvas.drawString(12, 28, "73")
    for shift in (0.0, 0.4):
        canvas.drawString(112 + shift, 40, "55.10")
    canvas.save()
    path = tmp_path / "cells.pdf"
    path.write_bytes(buffer.getvalue())
    return path


def test_only_glyphs_inside_the_box_are_read(document: Path) -> None:
    with FileReader(document) as reader:
        assert reader.read(1, (10, 10, 100, 25)) == "1,378.81"


def test_a_wrapped_figure_is_read_line_by_line(document: Path) -> None:
    with FileReader(document) as reader:
        assert reader.read(1, (10, 50, 100, 75)) == "2,424.73"


def test_fake_bold_is_read_once(document: Path) -> None:
    with FileReader(document) as reader:
        assert reader.read(1, (110, 50, 190, 75)) == "55.10"


@pytest.mark.parametrize("turn", [0, 90])
def test_boxes_are_those_of_the_page_as_shown_where_it_shows_a_part_of_the_sheet(tmp_path: Path, turn: int) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(300, 300), invariant=1)
    canvas.setCropBox((50, 60, 250, 160))
    canvas.setPageRotation(turn)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(62, 140, "1,378.81")
    canvas.drawString(12, 280, "99.99")
    canvas.save()
    (tmp_path / "crop.pdf").write_bytes(buffer.getvalue())
    with FileReader(tmp_path / "crop.pdf") as reader:
        assert reader.read(1, (10, 10, 60, 25) if turn == 0 else (75, 10, 95, 60)) == "1,378.81"


def test_a_page_that_does_not_exist_is_no_reading(document: Path) -> None:
    with FileReader(document) as reader:
        assert reader.read(9, (0, 0, 10, 10)) is None


def test_a_file_that_cannot_be_opened_is_no_reading(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"hello")
    with FileReader(tmp_path / "x.pdf") as reader:
        assert reader.read(1, (0, 0, 10, 10)) is None


class DamagedDocument:
    """A document whose page tree raises wherever it is touched, as pdfminer does on damaged files."""

    @property
    def pages(self) -> list[object]:
        raise ValueError("Invalid octal")

    def close(self) -> None:
        raise ValueError("Invalid octal")


def test_a_damaged_page_tree_is_no_reading_and_closes_quietly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pdfplumber.open", lambda _: DamagedDocument())
    with FileReader(tmp_path / "x.pdf") as reader:
        assert reader.read(1, (0, 0, 10, 10)) is None
