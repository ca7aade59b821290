"""Which places are marked and drawn, and what the notes say."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from unit.tieout.handover_documents import ACCEPTED, contents, wrong_total

from tests.raw_pdf import RawPdf
from tieout.handover.crops import Crop, crop_of, pictures
from tieout.handover.marks import marks_of


def test_a_figure_is_marked_with_its_number_and_a_note_that_shows_the_sum() -> None:
    summary, mark = marks_of(contents(wrong_total()), "zh").marks
    assert (summary.page, summary.box) == (1, None)
    assert "更正 1" in summary.text
    assert (mark.page, mark.box, mark.tone, mark.label) == (3, (100.0, 61.0, 160.0, 76.0), "correction", "1")
    assert mark.short == "印为 378.81，应为 378.79"
    for words in ("应为 378.79 万元", "+ 300.00 万元", "= 各项之和 378.79", "相差 0.02", "f-0000000000000001"):
        assert words in mark.text


def test_findings_about_one_figure_share_a_mark_and_notes_get_none() -> None:
    one, twin = wrong_total(1), msgspec.structs.replace(wrong_total(2), evidence=wrong_total(1).evidence)
    _, mark = marks_of(contents(one, twin, wrong_total(3, "info")), "en").marks
    assert mark.label == "1,2"
    assert mark.text.count("prints 378.81") == 2


def test_a_mark_is_grey_once_everything_at_its_place_is_accepted() -> None:
    one = wrong_total(1)
    _, mark = marks_of(contents(one, accepted={one.id: ACCEPTED}), "zh").marks
    assert mark.tone == "accepted"
    assert "已认可（李四" in mark.text
    twin = msgspec.structs.replace(wrong_total(2, "warning"), evidence=one.evidence)
    _, mark = marks_of(contents(one, twin, accepted={one.id: ACCEPTED}), "zh").marks
    assert mark.tone == "question"


def test_a_finding_of_which_only_the_page_is_known_gets_a_note_there() -> None:
    _, mark = marks_of(contents(wrong_total(evidence=(), page=4, checks=())), "zh").marks
    assert (mark.page, mark.box) == (4, None)


@pytest.mark.parametrize("page", [0, 99, None])
def test_a_page_that_is_not_there_gets_no_mark(page: int | None) -> None:
    assert len(marks_of(contents(wrong_total(evidence=(), page=page, checks=())), "zh").marks) == 1


def test_too_many_places_are_cut_and_counted() -> None:
    made = marks_of(contents(*(wrong_total(number) for number in range(1, 451))), "zh")
    assert (len(made.marks), made.left_out) == (401, 50)


def test_a_note_of_a_finding_without_a_sum_names_what_it_compares() -> None:
    _, mark = marks_of(contents(wrong_total(1, "warning", checks=(), diagnosis=None)), "zh").marks
    assert "第 3 页《社会保险》“社会保险”×“支出·社会保险”（第 2 行第 2 列）：378.81 万元" in mark.text


def test_where_narrative_and_form_differ_both_are_marked_the_narratives_first() -> None:
    one = wrong_total(1, "warning", code="claim.contradiction", page=2, diagnosis=None)
    claim = msgspec.structs.replace(one.evidence[0], fact="claim/4", table="claim", page=2, bbox=(1.0, 11.0, 9.0, 19.0), text="290.45")
    (item,) = contents(msgspec.structs.replace(one, evidence=(one.evidence[0], claim))).items("zh")
    assert [(spot.page, spot.box, spot.figure) for spot in item.spots] == [
        (2, (1.0, 11.0, 9.0, 19.0), True),
        (3, (100.0, 61.0, 160.0, 76.0), True),
    ]


def test_a_picture_shows_the_figure_boxed_and_is_the_same_each_time(tmp_path: Path) -> None:
    source = RawPdf()
    source.page(b"0 g 100 700 60 15 re f", b"", b"/MediaBox[0 0 600 800]/Rotate 0")
    path = tmp_path / "a.pdf"
    path.write_bytes(source.data())
    crops = [
        Crop(1, (100.0, 85.0, 160.0, 100.0), ((100.0, 120.0, 160.0, 135.0),), "correction"),
        Crop(7, (0.0, 0.0, 9.0, 9.0), (), "question"),
    ]
    first, missing = pictures(path, crops)
    assert missing == b""
    assert pictures(path, crops)[0] == first
    image = Image.open(io.BytesIO(first)).convert("RGB")
    pixels = np.asarray(image).astype(int)
    assert image.height < 300
    assert (pixels.sum(axis=2) < 90).any()
    assert ((pixels[:, :, 0] > 150) & (pixels[:, :, 1] < 90)).any()
    assert len(first) < 20_000


def test_a_page_as_large_as_a_hall_is_drawn_in_bounded_memory(tmp_path: Path) -> None:
    source = RawPdf()
    source.page(b"", b"", b"/MediaBox[0 0 14400 14400]")
    path = tmp_path / "a.pdf"
    path.write_bytes(source.data())
    (picture,) = pictures(path, [Crop(1, (10.0, 10.0, 90.0, 30.0), (), "question")])
    assert Image.open(io.BytesIO(picture)).width < 4000


def test_accepted_and_open_figures_are_drawn_and_notes_are_not() -> None:
    found = [wrong_total(1), wrong_total(2, "warning"), wrong_total(3, "info")]
    made = contents(*found, accepted={found[0].id: ACCEPTED})
    assert [crop and crop.tone for crop in map(crop_of, made.items("zh"))] == ["accepted", "question", None]
