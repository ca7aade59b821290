"""What a table's labels, marks, ordinals and margins say at a page break: it goes on, another one begins, or nobody can tell."""

from __future__ import annotations

import pytest
from extractor_pages import FIRST, HEAD, XS, drawn, page, read, rows_of
from extractor_sheet import Sheet

from services.extractor.domain.continuation_marks import bare, is_mark, is_mark_below, is_marked
from services.extractor.domain.prose import is_page_number
from services.extractor.domain.reading import Line
from shared.contracts.extracted import Extracted

NEXT = [HEAD, ["301", "丙", "3.00"]]
NUMBERED = [["序号", "名称", "金额"], ["1", "甲", "1.00"], ["2", "乙", "2.00"], ["3", "丁", "3.00"]]


def parts(found: Extracted) -> list[int]:
    return [table.n_rows for table in found.tables]


def asked(found: Extracted) -> list[int | None]:
    return [warning.page for warning in found.warnings if warning.code == "uncertain_seam"]


def labelled(number: int, rows: list[list[str]], entity: str = "", unit: str = "", title: str = "支出总表") -> Sheet:
    sheet = page(number, rows, 140, title=title)
    if entity:
        sheet.text(100, 135, f"单位名称：{entity}", 9)
    return sheet.text(330, 135, f"单位：{unit}", 9) if unit else sheet


# --- marks


@pytest.mark.parametrize("text", ["续表", "（续）", "(续表)", "续表二", "续上表", "接上页", "（续一）", "续 表"])
def test_a_mark_of_continuation_alone(text):
    assert is_mark(text)


@pytest.mark.parametrize(("text", "name"), [
    ("支出总表（续）", "支出总表"), ("支出总表(续表1)", "支出总表"), ("支出总表续表", "支出总表"), ("续表：支出总表", "支出总表"), ("支出总表（1/3）", "支出总表"),
    ("附表3（续）", "附表3"), ("续附表3", "附表3"),
])  # fmt: skip
def test_a_mark_is_no_part_of_a_name(text, name):
    assert (bare(text), is_marked(text)) == (name, True)


@pytest.mark.parametrize("text", ["办理手续", "报销手续表", "后续表彰情况", "存续期债务表", "继续教育经费表", "支出总表"])
def test_words_with_the_same_ideograph_are_no_marks(text):
    assert (bare(text), is_marked(text), is_mark(text)) == (text, False, False)


@pytest.mark.parametrize("text", ["转下页", "（转下页）", "接下页", "（未完，接下页）", "未完待续"])
def test_a_mark_below_a_table(text):
    assert is_mark_below(text)


@pytest.mark.parametrize("mark", ["续表", "（续）", "续上表"])
@pytest.mark.parametrize("x", [100, 240, 360])
def test_a_part_below_a_mark_goes_on(mark, x):
    found = read(page(1, FIRST, 100, title="支出总表"), page(2, NEXT[1:], 100).text(x, 95, mark))
    assert (parts(found), [line.kind for line in found.tables[0].labels]) == ([4], ["title", "other"])


def test_a_marked_title_goes_on_without_a_boxhead():
    found = read(page(1, FIRST, 100, title="支出总表"), page(2, NEXT[1:], 100, title="支出总表（续）"))
    assert (parts(found), found.tables[0].title) == ([4], "支出总表")


def test_a_mark_below_the_first_part_is_no_text_between():
    found = read(page(1, FIRST, 100, title="支出总表").text(350, 175, "转下页"), page(2, NEXT[1:]))
    assert (parts(found), [line.kind for line in found.text]) == ([4], ["footer"])


def test_a_row_of_the_grid_that_is_a_mark_is_left_out_with_the_boxhead():
    cells = (
        [(0, 0, 1, 3, "续表")]
        + [(1, col, 1, 1, text) for col, text in enumerate(HEAD)]
        + [(2, 0, 1, 1, "301"), (2, 1, 1, 1, "丙"), (2, 2, 1, 1, "3.00")]
    )
    found = read(page(1, FIRST, 100, title="支出总表"), drawn(2, cells, 100, XS))
    assert (parts(found), [line.text for line in found.text]) == ([4], ["续表", "科目 名称 金额"])


# --- labels printed again


def test_labels_and_boxhead_printed_again_go_on():
    assert parts(read(labelled(1, FIRST, "云溪县水务局", "万元"), labelled(2, NEXT, "云溪县水务局", "万元"))) == [4]


@pytest.mark.parametrize(("entity", "unit"), [("青岚市档案馆", "万元"), ("云溪县水务局", "元")])
def test_the_form_of_another_entity_or_unit_is_another_table(entity, unit):
    found = read(labelled(1, FIRST, "云溪县水务局", "万元"), labelled(2, NEXT, entity, unit))
    assert (parts(found), asked(found)) == ([3, 2], [])


def test_labels_printed_again_without_the_boxhead_go_on():
    assert parts(read(labelled(1, FIRST, "云溪县水务局", "万元"), labelled(2, NEXT[1:], "云溪县水务局", "万元"))) == [4]


def test_a_unit_line_printed_again_alone_goes_on():
    assert parts(read(labelled(1, FIRST, unit="万元"), labelled(2, NEXT[1:], unit="万元", title=""))) == [4]


def test_a_unit_line_that_the_first_part_does_not_have_begins_another_table():
    assert parts(read(labelled(1, FIRST), labelled(2, NEXT[1:], unit="万元", title=""))) == [3, 1]


def test_the_title_of_the_next_form_inside_the_grid_begins_another_table():
    def form(number: int, title: str) -> Sheet:
        cells = [(0, 0, 1, 3, title)] + [(1, col, 1, 1, text) for col, text in enumerate(HEAD)]
        return drawn(number, [*cells, (2, 0, 1, 1, f"20{number}"), (2, 1, 1, 1, "丙"), (2, 2, 1, 1, "3.00")], 100, XS)

    assert parts(read(form(1, "支出总表"), form(2, "收入总表"))) == [3, 3]
    assert parts(read(form(1, "支出总表"), form(2, "支出总表"))) == [4]


def test_the_title_of_the_next_list_of_words_inside_the_grid_begins_another_table():
    def form(number: int, title: str, name: str) -> Sheet:
        cells = [(0, 0, 1, 3, title), (1, 0, 1, 1, "甲站"), (1, 1, 1, 1, name), (1, 2, 1, 1, "行政")]
        return drawn(number, [*cells, (2, 0, 1, 1, "乙站"), (2, 1, 1, 1, name), (2, 2, 1, 1, "事业")], 100, XS)

    assert parts(read(form(1, "单位情况表", "赵"), form(2, "资产情况表", "钱"))) == [3, 3]


def test_the_entity_inside_the_grid_begins_another_table():
    def form(number: int, entity: str) -> Sheet:
        cells = [(0, 0, 1, 3, "支出总表"), (1, 0, 1, 3, f"单位名称：{entity}")] + [(2, col, 1, 1, text) for col, text in enumerate(HEAD)]
        return drawn(number, [*cells, (3, 0, 1, 1, f"20{number}"), (3, 1, 1, 1, "丙"), (3, 2, 1, 1, "3.00")], 100, XS)

    found = read(form(1, "云溪县水务局"), form(2, "青岚市档案馆"))
    assert (parts(found), [table.header_rows for table in found.tables]) == ([4, 4], [3, 3])


# --- lists that begin anew


def test_ordinals_that_go_on_join_and_those_that_begin_anew_part():
    assert parts(read(labelled(1, NUMBERED), labelled(2, [NUMBERED[0], ["4", "丙", "4.00"]]))) == [5]
    assert parts(read(labelled(1, NUMBERED), labelled(2, [NUMBERED[0], ["1", "丙", "4.00"]]))) == [4, 2]


def test_a_total_that_heads_either_list_parts_them():
    total = ["合计", "", "9.00"]
    found = read(labelled(1, [HEAD, total, *FIRST[1:]]), labelled(2, [HEAD, total, *NEXT[1:]]))
    assert (parts(found), asked(found)) == ([4, 3], [])


def test_labels_printed_again_below_a_total_do_not_tell_and_are_asked_about():
    found = read(labelled(1, [*FIRST, ["合计", "", "3.00"]]), labelled(2, NEXT))
    assert (parts(found), asked(found)) == ([4, 2], [2])
    assert found.warnings[0].message == (
        "第 2 页的第一个表可能是第 1 页最后一个表的续表：前一部分以合计结束，不能确定，分开保留 / the first table of page 2 may go on with the last one of page 1: the part before ends with its total; they are kept apart"
    )


def test_a_list_that_begins_like_the_one_before_is_asked_about():
    first = [HEAD, ["201", "行政运行", "1.00"], ["202", "水质监测", "2.00"]]
    found = read(labelled(1, first), labelled(2, [HEAD, ["201", "行政运行", "7.00"]]))
    assert (parts(found), asked(found)) == ([3, 2], [2])


PAIRS = [100.0, 160.0, 220.0, 300.0, 400.0]


def pairs(number: int, title: str = "") -> Sheet:
    """A form of label-value pairs, which has no boxhead."""
    cells = [
        (0, 0, 1, 1, "项目名称"),
        (0, 1, 1, 3, f"项目{number}"),
        (1, 0, 1, 1, "主管部门"),
        (1, 1, 1, 1, "某局"),
        (1, 2, 1, 1, "期限"),
        (1, 3, 1, 1, "一年"),
    ]
    return drawn(number, [*cells, (2, 0, 1, 1, "预算"), (2, 1, 1, 3, "12.00")], 100, PAIRS, title)


def test_the_first_labels_of_a_form_of_pairs_begin_the_next_one():
    found = read(pairs(1), pairs(2))
    assert (parts(found), found.tables[0].header_rows) == ([3, 3], 0)


def test_a_form_of_pairs_goes_on_below_a_marked_title_only():
    rest = [(0, 0, 1, 1, "年度目标"), (0, 1, 1, 3, "完成"), (1, 0, 1, 1, "经费"), (1, 1, 1, 3, "3.00")]
    assert parts(read(pairs(1, "绩效目标表"), drawn(2, rest, 100, PAIRS, "绩效目标表（续）"))) == [5]
    assert parts(read(pairs(1, "绩效目标表"), drawn(2, rest, 100, PAIRS, "绩效目标表"))) == [3, 2]


def test_ordinals_that_go_on_say_more_than_a_note_above_them():
    found = read(labelled(1, NUMBERED).text(100, 235, "注：以上为示例。", 9), labelled(2, [NUMBERED[0], ["4", "丙", "4.00"]]))
    assert (parts(found), asked(found)) == ([5], [])


def test_a_boxhead_of_words_that_shares_a_heading_begins_another_table():
    first = [["序号", "单位", "性质"], ["1", "甲站", "行政"], ["2", "乙站", "事业"]]
    second = [["序号", "资产", "用途"], ["1", "轿车", "公务"]]
    assert parts(read(page(1, first, 100, title="单位情况表"), page(2, second))) == [3, 2]


# --- notes and lines below, headers, blank pages, scale


def test_notes_end_a_table_unless_they_stand_below_every_part():
    note = "注：本表四舍五入。"
    ended = read(labelled(1, FIRST).text(100, 215, note, 9), labelled(2, NEXT))
    assert (parts(ended), asked(ended)) == ([3, 2], [2])
    every = read(labelled(1, FIRST).text(100, 215, note, 9), labelled(2, NEXT).text(100, 195, note, 9))
    assert (parts(every), every.tables[0].notes) == ([4], (note,))


def test_a_line_below_every_part_is_no_text_between():
    signed = "负责人：      制表人："
    found = read(labelled(1, FIRST).text(100, 300, signed, 9), labelled(2, NEXT).text(100, 300, signed, 9))
    assert parts(found) == [4]
    assert parts(read(labelled(1, FIRST).text(100, 300, signed, 9), labelled(2, NEXT))) == [3, 2]


def test_the_title_of_a_document_in_a_header_is_no_label():
    header = "二〇二五年预算公开表"
    found = read(labelled(1, FIRST).text(250, 25, header, 8), page(2, NEXT[1:]).text(250, 25, header, 8))
    assert (parts(found), {line.page: line.kind for line in found.text}) == ([4], {1: "heading", 2: "header"})


def test_a_header_that_only_this_page_has_is_no_text_between():
    assert parts(read(page(1, FIRST, 100, title="支出总表"), page(2, NEXT[1:], 100).text(100, 30, "部门预算公开材料", 8))) == [4]
    assert parts(read(page(1, FIRST, 100, title="支出总表"), page(2, NEXT[1:], 140).text(100, 90, "部门预算公开材料", 8))) == [3, 1]


def test_a_blank_page_between_two_parts_parts_nothing():
    found = read(page(1, FIRST, 100, title="支出总表"), Sheet(number=2).text(295, 785, "2"), page(3, NEXT[1:]))
    assert (parts(found), found.tables[0].pages, [account.page for account in found.glyphs]) == ([4], (1, 3), [1, 2, 3])


def test_a_page_with_an_image_is_not_blank():
    found = read(page(1, FIRST, 100, title="支出总表"), Sheet(number=2, images=1), page(3, NEXT[1:]))
    assert parts(found) == [3, 1]


def test_a_wider_page_goes_on_where_the_boxhead_says_so():
    wide = [40.0, 190.0, 340.0, 490.0]
    assert parts(read(page(1, FIRST, 100, title="支出总表"), page(2, NEXT, xs=wide))) == [4]
    assert parts(read(page(1, FIRST, 100, title="支出总表"), page(2, NEXT[1:], xs=wide))) == [3, 1]
    assert parts(read(page(1, FIRST, 100, title="支出总表"), page(2, NEXT, 100, xs=wide, title="收入总表"))) == [3, 2]


@pytest.mark.parametrize(
    "text", ["3", "— 3 —", "第 3 页", "第 3 页，共 9 页", "共 9 页 第 3 页", "3 / 9", "Page 3 of 9", "iv", "第3页/共9页"]
)
def test_page_numbers_of_many_programs(text):
    assert is_page_number(Line(text, (280, 780, 320, 790), 9.0, len(text), 1), Sheet().contents())


# --- merged cells


@pytest.mark.parametrize("text", ["", "丙局"])
def test_a_single_row_of_a_merged_cell_belongs_to_it_where_the_column_always_merges(text):
    cells = [(0, 0, 1, 1, "单位"), (0, 1, 1, 1, "名称"), (0, 2, 1, 1, "金额")]
    for k, name in enumerate(("甲局", "乙局", "丙局")):
        cells += [(1 + 2 * k, 0, 2, 1, name)] + [(row, col, 1, 1, f"{row}{col}.00") for row in (1 + 2 * k, 2 + 2 * k) for col in (1, 2)]
    rest = [(0, 0, 1, 1, text), (0, 1, 1, 1, "丁"), (0, 2, 1, 1, "3.00")]
    (table,) = read(drawn(1, cells, 100, XS, "支出总表"), drawn(2, rest, 60, XS)).tables
    assert [(cell.row, cell.rowspan) for cell in table.cells if cell.text == "丙局"] == [(5, 3)]


@pytest.mark.parametrize("again", ["9.00", ""])
def test_a_merged_figure_printed_again_is_no_second_one(again):
    head = [(0, 0, 1, 1, "单位"), (0, 1, 1, 1, "名称"), (0, 2, 1, 1, "金额")]
    first = [(1, 0, 2, 1, "甲局"), (1, 1, 1, 1, "水费"), (1, 2, 2, 1, "9.00"), (2, 1, 1, 1, "电费")]
    rest = [(0, 0, 2, 1, "甲局"), (0, 1, 1, 1, "差旅费"), (0, 2, 2, 1, again), (1, 1, 1, 1, "印刷费")]
    (table,) = read(drawn(1, head + first, 100, XS, "支出总表"), drawn(2, rest, 60, XS)).tables
    assert [(cell.text, cell.row, cell.rowspan) for cell in table.cells if cell.col == 2 and cell.row] == [("9.00", 1, 4)]


def test_a_figure_of_two_rows_that_comes_again_below_another_item_is_a_second_one():
    head = [(0, 0, 1, 1, "单位"), (0, 1, 1, 1, "名称"), (0, 2, 1, 1, "金额")]
    first = [(1, 0, 2, 1, "甲局"), (1, 1, 1, 1, "水费"), (1, 2, 2, 1, "9.00"), (2, 1, 1, 1, "电费")]
    rest = [(0, 0, 2, 1, "乙局"), (0, 1, 1, 1, "差旅费"), (0, 2, 2, 1, "9.00"), (1, 1, 1, 1, "印刷费")]
    (table,) = read(drawn(1, head + first, 100, XS, "支出总表"), drawn(2, rest, 60, XS)).tables
    assert [(cell.text, cell.row, cell.rowspan) for cell in table.cells if cell.col == 2 and cell.row] == [("9.00", 1, 2), ("9.00", 3, 2)]


def test_a_blank_cell_in_a_column_that_merges_nothing_stays_blank():
    first = [["单位", "名称", "金额"], ["甲站", "水费", "1.00"], ["乙站", "电费", "2.00"]]
    (table,) = read(page(1, first, 100, title="支出总表"), page(2, [["", "丙", "3.00"]])).tables
    assert rows_of(table)[3] == ["", "丙", "3.00"]
    assert {cell.rowspan for cell in table.cells} == {1}
