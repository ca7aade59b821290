"""Exports: the same rows in every format, text that stays text, numbers that stay numbers, files that are whole or not there."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import get_args

import openpyxl
import pyarrow.parquet as pq
import pytest
from msgspec import structs
from openpyxl.cell.cell import Cell

from services.store.adapters.exports import FORMATS, export, sheet_writer
from services.store.adapters.sql_store import SqlStore, open_store
from services.store.domain.columns import COLUMNS, SHEETS, Sheet
from services.store.domain.errors import DiskFull, StoreUnavailable
from services.store.domain.neutral import for_csv, looks_like_formula, without_controls
from services.store.domain.views import Filter
from shared.code_words import CODE_WORDS, code_word
from shared.contracts.common import Submission
from shared.contracts.normalized import CofogLink, Kind, Level, Part
from shared.contracts.validated import Cause, Severity, Status, Verdict
from tests.unit.store.store_documents import T0, check, document_id, fact, finding, rejection, result, submission, with_findings

EVIL = [
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "http://example.org/",
    "mailto:a@b",
    "internal:x!A1",
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """Two documents, one with hostile text, and two files that were not read."""
    facts = [fact(f"t1/{row}/1", "-378.80", label=text, text=text, function="0020801") for row, text in enumerate(EVIL)]
    facts.append(fact("t1/98/1", "12345678901234567.89", label="长", unit="元"))
    facts.append(fact("t1/99/1", "30", decimals=0, label="a\x00b\x07c\x1b[31m" + "字" * 40_000, yuan=None))
    failed = check("c1", "t1/0/1", ("t1/1/1", "t1/2/1"), "-378.80", "-378.8")
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}", clock=lambda: T0) as store:
        with_findings(result("A", facts=tuple(facts)), (failed,), (finding("f-1", failed, title=EVIL[0]),)).store_in(store)
        result("B", entity="望溪市图书馆", year=2024).store_in(store)
        store.submit(submission(EVIL[0] + ".pdf"), document_id("A"), 1001, T0)
        store.submit(Submission(name=b"\xb2\xce.pdf".decode("utf-8", "surrogateescape")), document_id("B"), 1001, T0)
        store.store_rejection(document_id("C"), submission("c.pdf"), rejection(), "0.1.0")
        store.store_rejection(None, submission("d.pdf"), rejection("unreadable"), "0.1.0")
        yield store


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_every_format_holds_the_same_rows(store: SqlStore, tmp_path: Path) -> None:
    for form in FORMATS:
        export(store, form, tmp_path / form)
    workbook = openpyxl.load_workbook(tmp_path / "xlsx" / "tieout.xlsx", read_only=True)
    for sheet in SHEETS:
        names = [column.name for column in COLUMNS[sheet]]
        texts = csv_rows(tmp_path / "csv" / f"{sheet}.csv")
        typed = pq.read_table(tmp_path / "parquet" / f"{sheet}.parquet")
        assert list(texts[0]) == typed.column_names == names
        assert len(texts) == typed.num_rows == len(list(workbook[sheet].iter_rows())) - 1
    assert workbook.sheetnames == list(SHEETS)
    lines = [json.loads(line) for line in (tmp_path / "json" / "documents.jsonl").read_text("utf-8").splitlines()]
    assert [line["file"] for line in lines] == [r"\xb2\xce.pdf", EVIL[0] + ".pdf", "c.pdf", "d.pdf"]
    assert sum(len(line.get("facts", ())) for line in lines) == len(csv_rows(tmp_path / "csv" / "facts.csv"))
    assert set(lines[0]["facts"][0]) | {"document", "file", "entity", "region", "year", "kind", "current"} == {
        column.name for column in COLUMNS["facts"]
    }


def test_a_function_stands_beside_its_place_in_cofog_and_another_figure_beside_none(tmp_path: Path) -> None:
    base = result("E", facts=(fact("t1/1/1", "1.00"), fact("t1/2/1", "2.00", function=None, economic="30101")))
    link = CofogLink(function="2080109", code="10.9", confidence="ambiguous", rivals=("04.1",))
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}", clock=lambda: T0) as store:
        replace(base, normalized=structs.replace(base.normalized, cofog=(link,))).store_in(store)
        (view,) = store.documents()
        assert dict(view.cofog) == {"2080109": link}
        export(store, "csv", tmp_path / "csv")
    first, second = csv_rows(tmp_path / "csv" / "facts.csv")
    assert (first["function"], first["cofog"], first["cofog_confidence"]) == ("2080109", "10.9", "ambiguous")
    assert (second["economic"], second["cofog"], second["cofog_confidence"]) == ("30101", "", "")


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(store: SqlStore, tmp_path: Path) -> None:
    (path,) = export(store, "xlsx", tmp_path / "out")
    workbook = openpyxl.load_workbook(path)
    for sheet in workbook:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b", "inlineStr"}
        assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    xml = zipfile.ZipFile(path).read("xl/worksheets/sheet3.xml").decode()
    assert "<f>" not in xml
    label = next(index for index, column in enumerate(COLUMNS["facts"]) if column.name == "label")
    labels = {str(row[label].value): row[label] for row in workbook["facts"].iter_rows(min_row=2)}
    assert labels[EVIL[0]].quotePrefix
    assert not labels["长"].quotePrefix


def test_the_workbook_has_codes_as_text_and_amounts_as_numbers_with_their_decimals(store: SqlStore, tmp_path: Path) -> None:
    (path,) = export(store, "xlsx", tmp_path / "out", Filter(year=2025), lang="en")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["facts"]
    heading = [cell.value for cell in sheet[1]]
    assert heading == [column.en for column in COLUMNS["facts"]]
    names = [column.name for column in COLUMNS["facts"]]
    first = dict(zip(names, sheet[2], strict=True))
    assert (first["function"].value, first["function"].data_type, first["function"].number_format) == ("0020801", "s", "@")
    assert (first["amount"].value, first["amount"].number_format) == (-378.8, "#,##0.00")
    rows = {row[names.index("fact")].value: dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=2)}
    assert rows["t1/98/1"]["amount"].value == "12,345,678,901,234,567.89", "more digits than a double holds"
    assert rows["t1/99/1"]["amount"].number_format == "#,##0"
    assert rows["t1/99/1"]["yuan"].value is None
    assert str(rows["t1/99/1"]["label"].value).startswith("a\ufffdbc[31m字")
    assert len(str(rows["t1/99/1"]["label"].value)) == 32_767
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
    assert sheet.column_dimensions["A"].width > 20
    severity = workbook["findings"]["A2"]
    assert severity.value == "error"
    assert severity.fill.fgColor.rgb == "FFF8CBAD"


def test_a_chinese_workbook_has_words_where_the_other_formats_have_codes(store: SqlStore, tmp_path: Path) -> None:
    (path,) = export(store, "xlsx", tmp_path / "out")
    export(store, "csv", tmp_path / "out")
    workbook = openpyxl.load_workbook(path)

    def first(sheet: Sheet) -> dict[str, Cell]:
        return dict(zip((column.name for column in COLUMNS[sheet]), workbook[sheet][2], strict=True))

    def words(sheet: Sheet, *names: str) -> list[object]:
        return [first(sheet)[name].value for name in names]

    assert words("documents", "kind", "level", "part", "status", "verdict") == ["预算", "单位", "全文", "已保存", "不一致"]
    assert words("findings", "severity", "kind", "form", "form_name") == ["错误", "预算", "expenditure_summary", "支出总表"]
    causes = [
        row[[column.name for column in COLUMNS["findings"]].index("cause")].value for row in workbook["findings"].iter_rows(min_row=2)
    ]
    assert "一位数字录错" in causes
    assert words("checks", "status", "form_name") == ["不符", "支出总表"]
    assert words("facts", "kind", "form_name") == ["预算", "支出总表"]
    assert first("findings")["severity"].fill.fgColor.rgb == "FFF8CBAD", "coloured by its code"
    row = csv_rows(tmp_path / "out" / "documents.csv")[0]
    assert [row[name] for name in ("kind", "level", "part", "status", "verdict")] == ["budget", "unit", "whole", "stored", "inconsistent"]
    assert csv_rows(tmp_path / "out" / "findings.csv")[0]["severity"] == "error"


def test_every_code_that_the_workbook_words_has_a_word() -> None:
    for field, codes in (("severity", Severity), ("verdict", Verdict), ("cause", Cause), ("kind", Kind), ("level", Level), ("part", Part)):
        assert set(CODE_WORDS[field]) == set(get_args(codes))
    assert set(CODE_WORDS["status"]) == {"stored", "rejected", "submitted", *get_args(Status)}
    assert code_word("severity", "of a later release") == "of a later release"


def test_the_headings_of_the_workbook_are_in_the_readers_language(store: SqlStore, tmp_path: Path) -> None:
    (path,) = export(store, "xlsx", tmp_path / "out")
    workbook = openpyxl.load_workbook(path, read_only=True)
    for sheet in SHEETS:
        assert [cell.value for cell in next(workbook[sheet].iter_rows())] == [column.zh for column in COLUMNS[sheet]]


def test_the_same_rows_give_the_same_files(store: SqlStore, tmp_path: Path) -> None:
    for form in FORMATS:
        for folder in ("one", "other"):
            export(store, form, tmp_path / folder / form)
        for file in (tmp_path / "one" / form).iterdir():
            assert file.read_bytes() == (tmp_path / "other" / form / file.name).read_bytes(), file.name


def test_a_sheet_that_is_full_goes_on_in_another_one(store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_writer, "_MAX_ROWS", 9)
    (path,) = export(store, "xlsx", tmp_path / "out")
    workbook = openpyxl.load_workbook(path, read_only=True)
    assert workbook.sheetnames == ["documents", "findings", "facts", "facts 2", "checks"]
    assert [len(list(workbook[name].iter_rows())) for name in ("facts", "facts 2")] == [9, 9]


def test_csv_begins_with_a_mark_and_keeps_text_text_and_numbers_numbers(store: SqlStore, tmp_path: Path) -> None:
    export(store, "csv", tmp_path / "out")
    raw = (tmp_path / "out" / "facts.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b',"0020801",' in raw
    assert b",-378.80," in raw, "a negative amount is a number"
    assert b",12345678901234567.89," in raw, "exact, beyond what a double holds"
    rows = [row for row in csv_rows(tmp_path / "out" / "facts.csv") if row["year"] == "2025"]
    assert [row["label"] for row in rows[: len(EVIL)]] == [f"'{text}" for text in EVIL[:8]] + EVIL[8:]
    documents = csv_rows(tmp_path / "out" / "documents.csv")
    assert [row["file"] for row in documents] == [r"\xb2\xce.pdf", f"'{EVIL[0]}.pdf", "c.pdf", "d.pdf"]
    assert (documents[2]["status"], documents[2]["rejection"], documents[2]["figures"]) == ("rejected", "encrypted", "")


def test_parquet_has_exact_decimals_and_text_codes(store: SqlStore, tmp_path: Path) -> None:
    export(store, "parquet", tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / "facts.parquet")
    assert str(table.schema.field("amount").type) == "decimal128(38, 8)"
    assert str(table.schema.field("function").type) == "string"
    assert Decimal("12345678901234567.89") in table["amount"].to_pylist()
    assert EVIL[0] in table["label"].to_pylist(), "no spreadsheet: text is unchanged"
    assert pq.read_table(tmp_path / "out" / "documents.parquet")["current"].to_pylist() == [True, True, True, None]


def test_a_filter_limits_every_sheet(store: SqlStore, tmp_path: Path) -> None:
    export(store, "csv", tmp_path / "out", Filter(entity="图书馆"))
    for sheet in SHEETS:
        rows = csv_rows(tmp_path / "out" / f"{sheet}.csv")
        assert {row["document"] for row in rows} == {document_id("B")}


def test_an_export_of_nothing_has_its_headings(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        for form in FORMATS:
            export(store, form, tmp_path / form)
    assert pq.read_table(tmp_path / "parquet" / "facts.parquet").num_rows == 0
    assert openpyxl.load_workbook(tmp_path / "xlsx" / "tieout.xlsx")["facts"].max_row == 1


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_that_fails_leaves_the_one_before(form: str, store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    before = {path: path.read_bytes() for path in export(store, form, out)}

    def full(self: SqlStore, document_id: str) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SqlStore, "checks", full)
    with pytest.raises(DiskFull):
        export(store, form, out)
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_a_folder_that_cannot_be_written_and_an_unknown_format_are_said(store: SqlStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="file") as problem:
        export(store, "csv", tmp_path / "file" / "out")
    assert "路径中有一段不是文件夹" in problem.value.message.zh
    with pytest.raises(ValueError, match="xlsx, csv, parquet, json"):
        export(store, "xls", tmp_path / "out")


@pytest.mark.parametrize("text", EVIL[:8])
def test_what_a_spreadsheet_program_might_run_is_kept_text(text: str) -> None:
    assert looks_like_formula(text)
    assert for_csv(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "支出总表", "2080109", "1-2", "a=b", "'", "（=）"])
def test_other_text_is_left_alone(text: str) -> None:
    assert for_csv(text) == text


def test_control_characters_do_not_hide_a_formula() -> None:
    assert without_controls("a\x00\x1b[0m\x85b\tc\nd\ud800\ufffe") == "a[0mb\tc\nd"
    assert for_csv("\x00=1") == "'=1"
