"""Tables over several pages: what continues, what does not, and what is mended where the page break cut."""

from __future__ import annotations

import pytest
from extractor_pages import FIRST, HEAD, XS, drawn, page, read, rows_of
from extractor_sheet import Sheet

from services.extractor.domain.boxhead import header_rows
from services.extractor.domain.reading import PageCell, read_page

# --- which tables go on


def test_a_table_with_a_boxhead_of_its_own_is_another_one_though_untitled_and_of_the_same_shape():
    found = read(page(1, FIRST, 100, title="支出总表"), page(2, [["编码", "项目", "预算数"], ["301", "丙", "3.00"]]))
    assert [table.n_rows for table in found.tables] == [3, 2]


def test_a_first_row_of_words_where_the_rows_before_have_words_goes_on():
    found = read(page(1, FIRST, 100, title="支出总表"), page(2, [["", "丙", ""], ["203", "丁", "3.00"]]))
    assert [table.n_rows for table in found.tables] == [5]


@pytest.mark.parametrize("word", ["—", "-", "无", ""])
def test_a_mark_for_no_figure_is_no_boxhead(word):
    found = read(page(1, FIRST, 100, title="支出总表"), page(2, [["203", "丙", word]]))
    assert [table.n_rows for table in found.tables] == [4]


def test_a_total_row_alone_on_the_last_page():
    total = drawn(2, [(0, 0, 1, 2, "合计"), (0, 2, 1, 1, "3.00")], 60, XS)
    (table,) = read(page(1, FIRST, 100, title="支出总表"), total).tables
    assert [(cell.row, cell.colspan) for cell in table.cells if cell.text == "合计"] == [(3, 2)]
    assert (table.n_rows, table.n_cols, table.page_starts) == (4, 3, (3,))


def test_only_the_lower_rows_of_the_boxhead_are_printed_again():
    """A spreadsheet's print titles may leave out its upper rows."""
    head = [(0, 0, 2, 1, "科目"), (0, 1, 1, 2, "支出"), (1, 1, 1, 1, "基本"), (1, 2, 1, 1, "项目")]
    body = [(2, 0, 1, 1, "甲"), (2, 1, 1, 1, "1.00"), (2, 2, 1, 1, "2.00")]
    found = read(drawn(1, head + body, 100, XS, "支出总表"), page(2, [["科目", "基本", "项目"], ["乙", "3.00", "4.00"]]))
    (table,) = found.tables
    assert rows_of(table)[3] == ["乙", "3.00", "4.00"]
    assert [line.text for line in found.text if line.kind == "repeated_header"] == ["科目 基本 项目"]


def test_a_page_between_them_parts_tables():
    found = read(page(1, FIRST, 100, title="支出总表"), Sheet(number=2).text(60, 100, "说明文字。"), page(3, [["203", "丙", "3.00"]]))
    assert [table.n_rows for table in found.tables] == [3, 1]


def test_a_continued_table_without_an_upper_rule():
    second = Sheet(number=2).cells(XS, [60, 80, 100], [["203", "丙", "3.00"], ["204", "丁", "4.00"]])
    for x in XS:
        second.line(x, 60, x, 100)
    for y in (80, 100):
        second.line(XS[0], y, XS[-1], y)
    (table,) = read(page(1, FIRST, 100, title="支出总表"), second).tables
    assert rows_of(table)[3:] == [["203", "丙", "3.00"], ["204", "丁", "4.00"]]


def test_a_grid_with_nothing_written_in_it_is_no_table():
    """The plot area of a chart, as wide as a table."""
    assert read(Sheet().grid(XS, [100, 150, 200]).text(60, 300, "图一")).tables == ()


# --- forms of pairs, cut where their columns change

PAIRS_XS = [100.0, 160.0, 220.0, 300.0, 400.0, 460.0, 500.0]
UPPER = [
    (0, 0, 1, 2, "项目名称"), (0, 2, 1, 4, "某项目"),
    (1, 0, 1, 2, "主管部门"), (1, 2, 1, 2, "某局"), (1, 4, 1, 1, "期限"), (1, 5, 1, 1, "一年"),
    (2, 0, 1, 2, "资金"), (2, 2, 1, 2, "总额"), (2, 4, 1, 2, "160.00"),
]  # fmt: skip


def squeezed(cells: list[tuple[int, int, int, int, str]]) -> Sheet:
    return drawn(2, cells, 60, PAIRS_XS)


def test_a_form_of_pairs_has_no_boxhead_though_a_row_divides_the_one_above():
    cells = [PageCell(row, col, high, wide, text, (0, 0, 0, 0)) for row, col, high, wide, text in UPPER]
    assert header_rows(cells, 3, 6) == 0


def test_a_form_of_pairs_cut_where_its_columns_change_is_one_table():
    lower = [(0, 0, 1, 2, "目标"), (0, 2, 1, 4, "完成任务"), (1, 0, 2, 1, "指标"), (1, 1, 1, 1, "一级"), (1, 2, 1, 1, "二级"),
             (1, 3, 1, 2, "三级"), (1, 5, 1, 1, "值"), (2, 1, 1, 1, "产出"), (2, 2, 1, 1, "数量"), (2, 3, 1, 2, "面积"), (2, 5, 1, 1, "≥3")]  # fmt: skip
    (table,) = read(drawn(1, UPPER, 100, PAIRS_XS, "项目支出绩效目标表"), squeezed(lower)).tables
    assert (table.n_rows, table.n_cols) == (6, 6)
    spans = {cell.text: (cell.row, cell.col, cell.rowspan, cell.colspan) for cell in table.cells}
    assert (spans["主管部门"], spans["期限"], spans["一级"], spans["面积"]) == ((1, 0, 1, 2), (1, 4, 1, 1), (4, 1, 1, 1), (5, 3, 1, 2))


def test_tables_of_one_width_that_share_no_column_are_two():
    other = drawn(2, [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "1.00")], 60, [100, 350, 400])
    assert len(read(page(1, FIRST, 100, title="支出总表"), other).tables) == 2


# --- what the page break cut


def test_an_empty_rest_of_a_row_stays_an_empty_row():
    (table,) = read(page(1, FIRST, 100, title="支出总表"), page(2, [["", "", ""], ["203", "丙", "3.00"]])).tables
    assert rows_of(table)[3:] == [["", "", ""], ["203", "丙", "3.00"]]


def test_a_page_with_nothing_but_an_empty_row_does_not_end_the_table():
    found = read(page(1, FIRST, 100, title="支出总表"), page(2, [["", "", ""]]), page(3, [["203", "丙", "3.00"]]))
    assert [(table.n_rows, table.pages) for table in found.tables] == [(5, (1, 2, 3))]


def test_a_merged_cell_that_goes_on_without_a_rule_is_one_cell():
    def part(number: int, top: float, name: str, items: list[str], above: bool, head: bool) -> Sheet:
        ys = [top + 20 * k for k in range(len(items) + 1)]
        sheet = Sheet(number=number)
        for x in XS:
            sheet.line(x, ys[0], x, ys[-1])
        for k, y in enumerate(ys):
            whole = (head and k in (0, 1)) or (k == 0 and not above) or (k == len(ys) - 1 and above and number == 2)
            sheet.line(XS[0] if whole else XS[1], y, XS[-1], y)
        for k, text in enumerate(items):
            sheet.text(202, ys[k] + 14, text).text(302, ys[k] + 14, "金额" if text == "名称" else f"{k}.50")
        if head:
            sheet.text(102, ys[0] + 14, "科目")
        return sheet.text(102, ys[1 if head else 0] + 14, name)

    first = part(1, 150, "专项", ["名称", "甲", "乙"], above=False, head=True)
    (table,) = read(first.text(200, 120, "支出总表", 16), part(2, 60, "资金", ["丙", "丁"], above=True, head=False)).tables
    merged = [(cell.text, cell.row, cell.rowspan) for cell in table.cells if cell.col == 0 and cell.row > 0]
    assert merged == [("专项资金", 1, 4)]


def test_a_blank_cell_over_several_rows_at_the_head_of_a_page_is_the_rest_of_the_merged_cell_above():
    first = [
        (0, 0, 1, 1, "科目"),
        (0, 1, 1, 1, "名称"),
        (0, 2, 1, 1, "金额"),
        (1, 0, 2, 1, "专项资金"),
        (1, 1, 1, 1, "甲"),
        (1, 2, 1, 1, "1.00"),
    ]
    first += [(2, 1, 1, 1, "乙"), (2, 2, 1, 1, "2.00")]
    second = [(0, 0, 2, 1, ""), (0, 1, 1, 1, "丙"), (0, 2, 1, 1, "3.00"), (1, 1, 1, 1, "丁"), (1, 2, 1, 1, "4.00")]
    (table,) = read(drawn(1, first, 100, XS, "支出总表"), drawn(2, second, 60, XS)).tables
    assert [(cell.row, cell.rowspan) for cell in table.cells if cell.text == "专项资金"] == [(1, 4)]


def test_a_boxhead_cut_by_the_page_break_ends_at_the_first_money():
    head = [(0, 0, 1, 1, "科目"), (0, 1, 1, 2, "支出")]
    rest = [(0, 0, 1, 1, ""), (0, 1, 1, 1, "基本"), (0, 2, 1, 1, "项目"), (1, 0, 1, 1, "甲"), (1, 1, 1, 1, "1.00"), (1, 2, 1, 1, "2.00")]
    (table,) = read(drawn(1, head, 100, XS, "支出总表"), drawn(2, rest, 60, XS)).tables
    assert (table.n_rows, table.header_rows) == (3, 2)


# --- cells


@pytest.mark.parametrize("printed", ["", "0", "0.00", "—", "-", "－"])
def test_what_is_printed_for_nothing_is_kept_as_printed(printed):
    (table,) = read(page(1, [HEAD, ["201", "甲", printed]], 100)).tables
    assert rows_of(table)[1][2] == printed


def test_integers_in_a_table_in_whole_yuan_do_not_make_it_headless():
    cells = [
        PageCell(row, col, 1, 1, text, (0, 0, 0, 0))
        for row, texts in enumerate((["编码", "金额"], ["201", "12000"]))
        for col, text in enumerate(texts)
    ]
    assert header_rows(cells, 2, 2) == 1


def test_boxhead_and_body_whose_rules_do_not_meet_are_one_table():
    sheet = Sheet().table(XS, [100, 120], [HEAD]).table(XS, [122.5, 142.5, 162.5], FIRST[1:])
    (table,) = read_page(sheet.contents()).tables
    assert (table.n_rows, table.n_cols) == (3, 3)


def test_outer_borders_left_open_beside_merged_cells_are_added():
    """Two rules in three begin at the second column, since the first one is merged downwards."""
    sheet = Sheet()
    for k in range(10):
        sheet.line(100 if k % 3 == 0 else 200, 100 + 20 * k, 400, 100 + 20 * k)
    sheet.line(200, 100, 200, 280).line(300, 100, 300, 280)
    (table,) = [read_page(sheet.text(102, 120, "甲").contents()).tables[0]]
    assert (table.n_cols, table.cells[0].rowspan, table.cells[0].text) == (3, 3, "甲")


def test_a_word_that_overruns_exactly_between_two_glyphs_goes_back():
    sheet = Sheet().grid([100.0, 142.0, 240.0, 300.0], [100.0, 130.0, 160.0]).text(102, 115, "社会保障支出")
    assert [cell.text for cell in read_page(sheet.contents()).tables[0].cells][:2] == ["社会保障支出", ""]


# --- prose


def test_a_narrative_without_any_table_is_text():
    found = read(Sheet().text(60, 100, "一、收入情况").text(60, 120, "本年收入一千二百万元。"))
    assert (found.tables, [line.text for line in found.text]) == ((), ["一、收入情况", "本年收入一千二百万元。"])


def test_a_page_number_does_not_run_into_a_figure_that_goes_on_overleaf():
    first = Sheet(number=1).text(60, 740, "本年收入" * 11 + "11700.63").text(295, 785, "9")
    second = Sheet(number=2).text(60, 60, "万元，比上年增加。").text(295, 785, "10")
    texts = [line.text for line in read(first, second).text if line.kind == "paragraph"]
    assert texts == ["本年收入" * 11 + "11700.63万元，比上年增加。"]
