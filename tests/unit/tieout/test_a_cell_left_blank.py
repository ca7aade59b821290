"""A cell that prints nothing, in what people get: what to put in is said, and no figure around it is said to be wrong."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from unit.tieout.handover_documents import contents, wrong_total

from shared.contracts.validated import Diagnosis, Finding
from tieout.explain import accused_marks, diagnosis_lines
from tieout.handover.html_page import page_of
from tieout.handover.marks import note_text
from tieout.handover.notice import notice_of
from tieout.handover.workbook import write_workbook

BLANK = Diagnosis(cause="unknown", fact=None, reported=None, suggested="78.79", confidence=0.95)
SENTENCE = {"zh": "“社会保险”为空白，按勾稽关系应为 78.79 万元，可能漏填。", "en": "“社会保险” is blank; it should be 78.79."}


def left_blank() -> Finding:
    return wrong_total(diagnosis=BLANK, reported=None, expected=None, difference=None, message=SENTENCE)


def test_the_notice_says_what_to_put_in_and_names_no_figure_to_change() -> None:
    (item,) = notice_of(contents(left_blank())).items
    assert (item.figure, item.suggested, item.unit, item.kind) == (None, "78.79", "万元", "correction")


def test_the_workbook_shows_no_printed_figure_beside_what_to_put_in(tmp_path: Path) -> None:
    write_workbook(contents(left_blank()), tmp_path / "a.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["问题"]
    found = dict(zip((cell.value for cell in sheet[1]), (cell.value for cell in sheet[2]), strict=True))
    assert (found["印出"], found["建议"], found["问题"]) == (None, "78.79", SENTENCE["zh"])


def test_no_figure_of_its_sums_is_marked_as_wrong() -> None:
    assert accused_marks(left_blank(), "zh") == {}
    assert accused_marks(wrong_total(), "zh")


def test_advice_is_to_put_in_rather_than_to_change() -> None:
    context = contents(left_blank()).items("zh")[0].context
    assert [line.plain for line in diagnosis_lines(BLANK, context)] == ["建议填入 78.79（把握 95%）"]
    assert "建议填入 78.79" in note_text(contents(left_blank()).items("zh")[0], "zh")


def test_the_page_s_list_gives_the_sentence_as_the_place() -> None:
    page = page_of(contents(left_blank()), {}, (), "zh")
    assert page.count(SENTENCE["zh"]) >= 2
