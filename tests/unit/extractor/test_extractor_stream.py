"""Pages to tables: labels, boxhead, continuation, glyph account."""

from __future__ import annotations

import pytest
from extractor_sheet import Sheet

from services.extractor.domain.extraction import extract
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo, Extracted

XS = [100.0, 200.0, 300.0, 400.0]
HEAD = ["科目", "名称", "金额"]


def read(*sheets: Sheet) -> Extracted:
    info = DocumentInfo(id="sha256:0", bytes=1, pages=len(sheets))
    return extract((sheet.contents() for sheet in sheets), info, Producer(name="extractor", version="0"))


def page(number: int, rows: list[list[str]], top: float = 150.0, xs: list[float] = XS) -> Sheet:
    ys = [top + 20 * k for k in range(len(rows) + 1)]
    return Sheet(number=number).table(xs, ys, rows)


def titled(sheet: Sheet, title: str, number: str = "") -> Sheet:
    sheet.text(250 - 8 * len(title), 120, title, 16)
    if number:
        sheet.text(480, 80, number)
    return sheet.text(100, 143, "部门：某某局").text(340, 143, "单位：万元")


def rows_of(table) -> list[list[str]]:
    grid = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.col] = cell.text
    return grid


def test_labels_of_a_table():
    table = read(titled(page(1, [HEAD, ["201", "甲", "1.00"]]), "支出总表", "部门公开表03")).tables[0]
    assert (table.title, table.number, table.entity, table.unit) == ("支出总表", "部门公开表03", "某某局", "万元")
    assert {label.kind for label in table.labels} == {"title", "number", "entity", "unit"}


def test_the_entitys_name_set_apart_from_its_label():
    sheet = page(1, [HEAD, ["201", "甲", "1.00"]]).text(100, 143, "部门：").text(180, 143, "某某院").text(340, 143, "单位：元")
    table = read(sheet).tables[0]
    assert (table.entity, table.unit) == ("某某院", "元")


def test_a_county_whose_name_begins_like_a_unit_is_no_unit():
    table = read(page(1, [HEAD, ["201", "甲", "1.00"]]).text(100, 143, "单位：元江县财政局")).tables[0]
    assert (table.unit, table.entity) == (None, "元江县财政局")


def test_a_numbered_heading_is_the_title_without_its_ordinal():
    table = read(page(1, [HEAD, ["201", "甲", "1.00"]]).text(100, 143, "三、支出预算总表")).tables[0]
    assert table.title == "支出预算总表"


def test_notes_below_the_table():
    sheet = page(1, [HEAD, ["201", "甲", "1.00"]])
    table = read(sheet.text(100, 205, "注：1.本表反映支出。").text(100, 219, "2.可能存在尾数误差。").text(100, 300, "后文。")).tables[0]
    assert table.notes == ("注：1.本表反映支出。", "2.可能存在尾数误差。")


def test_a_repeated_boxhead_is_left_out_and_stands_in_text():
    first = titled(page(1, [HEAD, ["201", "甲", "1.00"]]), "支出总表")
    second = titled(page(2, [HEAD, ["202", "乙", "2.00"]]), "支出总表")
    found = read(first, second)
    assert [rows_of(table) for table in found.tables] == [[HEAD, ["201", "甲", "1.00"], ["202", "乙", "2.00"]]]
    table = found.tables[0]
    assert (table.pages, table.page_starts, table.header_rows) == ((1, 2), (2,), 1)
    assert [line.text for line in found.text if line.kind == "repeated_header"] == ["科目 名称 金额"]


def test_a_table_goes_on_without_its_boxhead():
    found = read(titled(page(1, [HEAD, ["201", "甲", "1.00"]]), "支出总表"), page(2, [["202", "乙", "2.00"]], top=60))
    assert [table.n_rows for table in found.tables] == [3]


def test_another_title_begins_another_table_though_the_boxhead_is_the_same():
    found = read(titled(page(1, [HEAD, ["", "", ""]]), "政府性基金支出表"), titled(page(2, [HEAD, ["", "", ""]]), "国有资本支出表"))
    assert [table.title for table in found.tables] == ["政府性基金支出表", "国有资本支出表"]


def test_the_same_title_without_its_boxhead_is_another_form():
    """Runs of performance forms share title and columns; a form of label-value pairs has no boxhead that could repeat."""
    first = titled(page(1, [["项目", "甲", "3.00"], ["目标", "一", "1.00"]]), "绩效目标表")
    second = titled(page(2, [["项目", "乙", "4.00"], ["目标", "二", "2.00"]]), "绩效目标表")
    assert len(read(first, second).tables) == 2


def test_prose_between_ends_a_table():
    found = read(
        titled(page(1, [HEAD, ["201", "甲", "1.00"]]), "支出总表"), page(2, [["202", "乙", "2.00"]]).text(50, 60, "另有说明如下。")
    )
    assert len(found.tables) == 2


def test_a_page_number_and_a_footer_printed_again_do_not_end_a_table():
    first = titled(page(1, [HEAD, ["201", "甲", "1.00"]]), "支出总表").text(290, 780, "- 1 -").text(60, 765, "某某局部门预算")
    second = page(2, [["202", "乙", "2.00"]], top=60).text(290, 780, "- 2 -").text(60, 765, "某某局部门预算")
    found = read(first, second)
    assert len(found.tables) == 1
    assert sorted(line.kind for line in found.text) == ["footer", "footer", "page_number", "page_number"]


def test_a_last_page_with_merged_cells_has_fewer_columns():
    first = titled(page(1, [HEAD, ["201", "甲", "1.00"]]), "支出总表")
    second = page(2, [["合计", "1.00"]], top=60, xs=[100.0, 300.0, 400.0])
    table = read(first, second).tables[0]
    assert (table.n_rows, table.n_cols) == (3, 3)
    assert [(cell.col, cell.colspan) for cell in table.cells if cell.row == 2] == [(0, 2), (2, 1)]


def test_labels_at_the_foot_of_the_page_before_belong_to_the_next_table():
    first = titled(page(1, [HEAD, ["201", "甲", "1.00"]]), "收入总表")
    first.text(220, 700, "支出总表", 16).text(100, 730, "部门：某某局").text(340, 730, "单位：元")
    found = read(first, page(2, [HEAD, ["202", "乙", "2.00"]], top=60))
    assert [(table.title, table.unit) for table in found.tables] == [("收入总表", "万元"), ("支出总表", "元")]
    assert {label.page for label in found.tables[1].labels} == {1}


def test_a_row_cut_in_mid_sentence_is_one_row_with_places():
    first = titled(page(1, [HEAD, ["201", "", "3.00"]]), "支出总表")
    first.text(202, 183.5, "用于保障机构正常运")
    table = read(first, page(2, [["", "的支出", ""], ["202", "乙", "2.00"]], top=60)).tables[0]
    assert rows_of(table)[1:] == [["201", "用于保障机构正常运的支出", "3.00"], ["202", "乙", "2.00"]]
    cut = next(cell for cell in table.cells if cell.text.startswith("用于"))
    assert [place.page for place in cut.places] == [1, 2]


def test_a_new_row_is_not_taken_for_the_rest_of_one():
    first = titled(page(1, [HEAD, ["201", "", "3.00"]]), "支出总表").text(202, 183.5, "用于保障机构正常运")
    table = read(first, page(2, [["", "（二）其他", ""], ["202", "乙", "2.00"]], top=60)).tables[0]
    assert table.n_rows == 4


def test_a_merged_cell_printed_again_overleaf_is_one_cell():
    def merged(number: int, body: list[str], top: float, head: bool) -> Sheet:
        ys = [top + 20 * k for k in range(len(body) + 1 + head)]
        sheet = Sheet(number=number)
        if head:
            sheet.cells(XS, ys[:2], [HEAD])
        start = ys[1] if head else ys[0]
        for x in XS:
            sheet.line(x, ys[0], x, ys[-1])
        for y in ys:
            sheet.line(XS[0] if y in (ys[0], start, ys[-1]) else XS[1], y, XS[-1], y)
        sheet.text(102, start + 15, "专项资金")
        for k, text in enumerate(body):
            sheet.text(202, start + 20 * k + 13.5, text).text(302, start + 20 * k + 13.5, f"{k}.50")
        return sheet

    found = read(titled(merged(1, ["甲", "乙"], 150, True), "支出总表"), merged(2, ["丙", "丁"], 60, False))
    table = found.tables[0]
    assert [(cell.row, cell.rowspan) for cell in table.cells if cell.text == "专项资金"] == [(1, 4)]


def test_the_stubs_indent_is_told_in_ems():
    sheet = titled(page(1, [HEAD, ["201", "", "1.00"], ["202", "", "1.00"]]), "支出总表")
    sheet.text(202, 183.5, "工资").text(222, 203.5, "津贴")
    cells = {cell.text: cell for cell in read(sheet).tables[0].cells}
    assert cells["津贴"].indent == pytest.approx(2.0, abs=0.05)
    assert not isinstance(cells["工资"].indent, float)


def test_the_glyph_account_adds_up_on_every_page():
    first = titled(page(1, [HEAD, ["201", "甲", "1.00"]]), "支出总表").text(50, 700, "注释文字。")
    second = titled(page(2, [HEAD, ["202", "乙", "2.00"]]), "收入总表").text(290, 780, "2")
    for account in read(first, second).glyphs:
        assert account.total == account.in_cells + account.in_labels + account.in_text
        assert account.unplaced == 0
        assert account.total > 0


def test_a_scanned_page_among_others_is_warned_of():
    found = read(page(1, [HEAD, ["201", "甲", "1.00"]]), Sheet(number=2, images=1))
    assert [(warning.code, warning.page) for warning in found.warnings] == [("page_without_text", 2)]


def test_lines_of_a_paragraph_are_joined_also_over_the_page():
    full = "本单位二〇二五年一般公共预算拨款收入合计为" + "一" * 27
    first = Sheet(number=1).text(70, 100, full).text(50, 116, full).text(290, 785, "1")
    second = Sheet(number=2).text(50, 100, "其中基本支出若干。" + "二" * 40)
    texts = [line for line in read(first, second).text if line.kind == "paragraph"]
    assert [line.text for line in texts] == [full + full + "其中基本支出若干。" + "二" * 40]


def test_boxes_are_those_of_the_page_as_shown():
    sheet = page(1, [HEAD, ["201", "甲", "1.00"]])
    sheet.turn = 1
    box = read(sheet).tables[0].cells[0].bbox
    assert box == (630.0, 100.0, 650.0, 200.0)
