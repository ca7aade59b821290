"""Tables ruled across only."""

from __future__ import annotations

from extractor_sheet import Sheet

from services.extractor.domain.reading import read_page

ROWS = [["科目", "预算数", "决算数"], ["工资", "1.50", "2.50"], ["津贴", "", "3.50"]]
XS = [100.0, 250.0, 400.0]


def three_lines(rows: list[list[str]]) -> Sheet:
    sheet = Sheet().line(90, 100, 480, 100).line(90, 120, 480, 120).line(90, 100 + 20 * len(rows), 480, 100 + 20 * len(rows))
    for r, row in enumerate(rows):
        for x, text in zip(XS, row, strict=True):
            sheet.text(x, 114 + 20 * r, text)
    return sheet


def test_a_three_line_table_is_read():
    tables = read_page(three_lines(ROWS).contents()).tables
    assert [(table.n_rows, table.n_cols, table.engine) for table in tables] == [(3, 3, "stream")]
    assert [cell.text for cell in tables[0].cells] == [text for row in ROWS for text in row]


def test_prose_between_rules_is_no_table():
    sheet = three_lines([["本单位", "", ""], ["没有", "这样", "的"], ["支出", "项目", "。"]])
    assert read_page(sheet.contents()).tables == []


def test_a_pages_header_and_footer_rules_make_no_table():
    sheet = Sheet().line(50, 60, 550, 60).line(50, 750, 550, 750).text(60, 100, "收入").text(300, 100, "1.50")
    assert read_page(sheet.contents()).tables == []
