"""The notice for programs and the workbook: what to correct, where, how sure and why; text never becomes a formula, amounts stay exact."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import msgspec
import openpyxl
import pytest
from unit.tieout.handover_documents import ACCEPTED, HOSTILE, contents, wrong_total

from shared.canonical import canonical_json
from shared.contracts.notice import Notice
from shared.contracts.validated import Evidence
from tests.conftest import ROOT
from tieout.explain import Context
from tieout.handover.contents import Between, Handover
from tieout.handover.notice import notice_of
from tieout.handover.workbook import write_workbook

SCHEMA = json.loads((ROOT / "docs" / "contracts" / "notice.schema.json").read_text("utf-8"))


def told(made: Handover) -> dict[str, object]:
    written = canonical_json(notice_of(made))
    assert msgspec.json.decode(written, type=Notice) == notice_of(made)
    value: dict[str, object] = json.loads(written)
    jsonschema.validate(value, SCHEMA)
    return value


def test_a_notice_says_what_to_correct_where_how_sure_and_why() -> None:
    (item,) = notice_of(contents(wrong_total())).items
    assert (item.number, item.kind, item.finding) == (1, "correction", "f-0000000000000001")
    assert item.figure is not None
    assert (item.figure.printed, item.figure.form, item.figure.row_label, item.figure.column) == (
        "378.81",
        "expenditure_summary",
        "社会保险",
        ("支出", "社会保险"),
    )
    assert (item.figure.row, item.figure.col, item.figure.page) == (1, 1, 3)
    assert (item.suggested, item.unit, item.confidence, item.cause) == ("378.79", "万元", 0.9, "digit_substituted")
    (total,) = item.sums
    assert (total.printed, total.computed, total.difference) == (Decimal("378.81"), Decimal("378.79"), Decimal("0.02"))
    assert [(term.sign, term.figure and term.figure.printed) for term in total.terms] == [(1, "300.00"), (1, "78.79")]
    assert (total.rule, total.name.zh) == ("rollup.total", "合计等于各项之和")
    (other,) = item.candidates
    assert (other.suggested, other.figure and other.figure.printed) == ("300.02", "300.00")


def test_questions_notes_and_accepted_findings_are_told_apart_and_counted() -> None:
    found = [wrong_total(1), wrong_total(2, "warning"), wrong_total(3, "info"), wrong_total(4)]
    value = told(contents(*found, accepted={found[0].id: ACCEPTED}))
    assert value["counts"] == {"corrections": 1, "questions": 1, "notes": 1, "accepted": 1}
    items = value["items"]
    assert isinstance(items, list)
    assert [item["kind"] for item in items] == ["correction", "question", "note", "correction"]
    assert items[0]["accepted"] == {"by": "李四", "at": ACCEPTED.at, "why": ACCEPTED.why}
    assert value["verdict"] == "inconsistent"


def test_a_finding_without_anything_and_hostile_words_still_make_a_valid_notice() -> None:
    bare = wrong_total(checks=("gone",), evidence=(), diagnosis=None, page=None, reported=None, unit=None)
    value = told(contents(bare, words=HOSTILE.encode("utf-8", "replace").decode()))
    items = value["items"]
    assert isinstance(items, list)
    assert (items[0]["figure"], items[0]["sums"], items[0]["suggested"]) == (None, [], None)


def test_a_finding_between_documents_names_the_other_file() -> None:
    own = contents()
    here, there = own.validated.document.id, "sha256:" + "cd" * 32
    facts = {fact.id: fact for fact in own.validated.facts}
    renamed = {
        f"{document}:{name}": msgspec.structs.replace(fact, id=f"{document}:{name}", table=f"{document}:{fact.table}")
        for document in (here, there)
        for name, fact in facts.items()
    }
    evidence = tuple(
        Evidence(fact=f"{document}:t1/1/1", table="t1", row=1, col=1, page=3, bbox=(1.0, 2.0, 3.0, 4.0), text="378.81", document=document)
        for document in (here, there)
    )
    finding = msgspec.structs.replace(wrong_total(9), evidence=evidence, diagnosis=None, checks=(), document=here)
    context = Context(renamed, {}, {}, {}, "zh", {f"{there}:t1": "去年.pdf"})
    made = contents(between={"zh": (Between(finding, (), context),)})
    (item,) = notice_of(made).items
    assert item.between_documents
    assert item.figure is not None
    assert (item.figure.document, item.figure.file) == (None, None)
    (shown,) = made.items("zh")
    assert [(spot.page, spot.figure) for spot in shown.spots] == [(3, True)]


@pytest.fixture
def book(tmp_path: Path) -> openpyxl.Workbook:
    item = wrong_total(message={"zh": "=1+1", "en": "=1+1"}, title="+cmd")
    path = tmp_path / "a.xlsx"
    write_workbook(contents(item, words="@SUM(A1)", accepted={item.id: ACCEPTED}), path, "zh")
    return openpyxl.load_workbook(path)


def test_the_workbook_has_findings_sums_coverage_and_facts_in_chinese_words(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["问题", "算式", "核对程度", "数据"]
    found = dict(zip((cell.value for cell in book["问题"][1]), (cell.value for cell in book["问题"][2]), strict=True))
    assert (found["事项"], found["可能原因"], found["印出"], found["建议"]) == ("更正", "一位数字录错", "378.81", "378.79")
    assert (found["印出数"], found["应为"], found["认可原因"]) == (378.81, 378.79, ACCEPTED.why)
    sums = [[cell.value for cell in row] for row in book["算式"].iter_rows(min_row=2)]
    assert [row[4] for row in sums] == ["印出", "+", "+", "各项之和", "相差"]
    assert [row[5] for row in sums] == [378.81, 300, 78.79, 378.79, 0.02]
    assert sums[0][2] == "合计等于各项之和"
    facts = dict(zip((cell.value for cell in book["数据"][1]), (cell.value for cell in book["数据"][2]), strict=True))
    assert facts["栏目"] == "合计"


def test_findings_are_printed_in_columns_that_can_be_read_and_with_their_whole_sentences(tmp_path: Path) -> None:
    item = wrong_total(message={"zh": "加" * 100, "en": "."})
    write_workbook(contents(item, accepted={item.id: ACCEPTED}), tmp_path / "a.xlsx", "zh")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book["问题"]
    headings = [cell.value for cell in sheet[1]]
    last = headings.index("已认可")
    assert sheet.cell(2, last + 1).value == "是"
    assert sheet.print_area == f"'问题'!$A$1:${openpyxl.utils.get_column_letter(last + 1)}$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.print_title_rows) == ("landscape", 0, "$1:$1")
    message = sheet.cell(2, headings.index("问题") + 1)
    assert message.alignment.wrap_text
    assert sheet.row_dimensions[2].height == 45  # 200 half-widths in a column of 80
    assert not book["数据"].print_area


def test_no_text_of_a_document_becomes_a_formula(book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(cell.value.startswith(("=", "+", "@")) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def test_the_same_contents_give_the_same_workbook(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_workbook(contents(wrong_total()), tmp_path / name, "en")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
