"""What a document says of its own forms: contents, titles above no table, sentences that say that there is nothing, pages not read."""

from __future__ import annotations

import pytest
from msgspec import structs

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from shared.contracts.common import NO_BOX
from shared.contracts.extracted import ReadWarning, TextLine
from shared.contracts.normalized import ListedForm
from tests.unit.normalizer.normalizer_tables import Printed, document, heading, normalized, table

HEAD: list[list[Printed]] = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["205", "教育支出", "1.00", "1.00", ""]]


def contents(*lines: str, page: int = 2) -> list[tuple[str | None, str]]:
    text = [heading("目 录", page), *(heading(line, page) for line in lines), heading("一、主要职能", page + 1)]
    return [(entry.number, entry.title) for entry in normalized(table(HEAD, 1, title="支出总表"), text=text).contents]


def test_an_entry_a_line_is_read_with_its_number_and_chapters_are_no_forms() -> None:
    lines = ("第一部分 部门概况", "第二部分 2031年部门预算表", "一、收支总表", "二、收入总表", "第三部分 情况说明", "一、收支总体情况说明")
    assert contents(*lines) == [("一", "收支总表"), ("二", "收入总表")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "表一2031年收支总表.....2表二2031年收入总表（不含上年结转）.....14",
            [("表一", "2031年收支总表"), ("表二", "2031年收入总表(不含上年结转)")],
        ),
        ("收支总表…………52031年收入总表………… 6 支出总表……12", [(None, "收支总表"), (None, "2031年收入总表"), (None, "支出总表")]),
        ("七、政府性基金支出表（空表）八、国有资本经营预算支出表（空表）", [("七", "政府性基金支出表"), ("八", "国有资本经营预算支出表")]),
        ("1. 收支总表 2．收入总表 10、支出总表", [("1", "收支总表"), ("2", "收入总表"), ("10", "支出总表")]),
        ("收支总表5收入总表6", [(None, "收支总表"), (None, "收入总表")]),
    ],
)
def test_entries_that_run_together_are_parted_at_leaders_pages_and_numbers(line: str, expected: list[tuple[str | None, str]]) -> None:
    assert contents(line) == expected


def test_a_title_broken_over_two_lines_is_one_entry() -> None:
    lines = ("1. 收支总表", "2. 一般公共预算基本支出部门预算", "经济分类预算表", "3. 收入总表")
    assert ("2", "一般公共预算基本支出部门预算经济分类预算表") in contents(*lines)


def test_the_list_ends_where_its_first_entry_comes_again_or_a_sentence_stands() -> None:
    again = [heading("目录", 2), heading("部门概况", 2), heading("收支总表", 2), heading("部门概况", 2), heading("支出总表", 2)]
    assert [entry.title for entry in normalized(table(HEAD, 1, page=9), text=again).contents] == ["收支总表"]
    sentence = [heading("目录", 2), heading("收支总表", 2), heading("本局负责水利。另见支出总表", 2), heading("收入总表", 2)]
    assert [entry.title for entry in normalized(table(HEAD, 1, page=9), text=sentence).contents] == ["收支总表"]


def test_the_heading_may_be_set_in_two_pieces() -> None:
    text = [heading("目", 2), heading("录", 2), heading("一、收支总表", 2)]
    assert [entry.title for entry in normalized(table(HEAD, 1, page=9), text=text).contents] == ["收支总表"]


def test_without_a_heading_there_is_no_list() -> None:
    assert normalized(table(HEAD, 1), text=[heading("一、收支总表", 2), heading("二、收入总表", 2)]).contents == ()


def test_an_entry_says_its_kinds_and_whether_the_form_is_empty() -> None:
    text = [heading("目录", 2), heading("表9 政府性基金预算支出表（空表）", 2), heading("表10 某项特别情况表", 2)]
    assert normalized(table(HEAD, 1, page=9), text=text).contents == (
        ListedForm(page=2, title="政府性基金预算支出表", number="表9", forms=("government_fund_expenditure",), empty=True),
        ListedForm(page=2, title="某项特别情况表", number="表10"),
    )


def test_a_table_of_contents_says_which_forms_are_empty() -> None:
    rows: list[list[Printed]] = [
        ["报表", "报表名称", "是否空表", "公开空表理由"],
        ["表1", "综合预算收支总表", "否", ""],
        ["表2", "综合预算政府性基金收支表", "是", "本单位不涉及"],
    ]
    found = normalized(table(rows, 1, title="目 录", unit=None, page=3), table(HEAD, 1, title="支出总表", table_id="t2", page=4)).contents
    assert [(entry.page, entry.number, entry.title, entry.empty) for entry in found] == [
        (3, "表1", "综合预算收支总表", False),
        (3, "表2", "综合预算政府性基金收支表", True),
    ]


def test_a_title_above_no_table_is_kept_unless_a_table_has_it_or_it_only_refers() -> None:
    text = [
        heading("部门公开表02 收入总表", 5),
        heading("支出总表", 6),
        heading("详见项目支出绩效目标表", 6),
        TextLine(page=7, kind="paragraph", text="收入情况见《收入总表》，支出情况见支出总表", bbox=NO_BOX),
    ]
    result = normalized(table(HEAD, 1, title="支出总表", page=6), text=text)
    assert [(title.page, title.title, title.forms) for title in result.loose_titles] == [(5, "收入总表", ("income_summary",))]


def test_sentences_that_say_that_there_is_nothing_are_kept() -> None:
    text = [
        "2031年本部门没有政府性基金预算安排的支出，并已公开空表。本部门收入预算1.00万元。",
        "注：本单位无国有资本经营预算财政拨款收支，故本表无数据",
    ]
    said = normalized(table(HEAD, 1), text=text).nothing
    assert [statement.text[:12] for statement in said] == ["2031年本部门没有政府", "注:本单位无国有资本经营预"[:12]]


def test_a_note_that_says_that_there_is_no_such_item_explains_an_empty_form() -> None:
    rows: list[list[Printed]] = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["", "合计", "", "", ""]]
    form = normalized(table(rows, 1, title="政府性基金预算支出表", notes=("注：本部门无相关收支项目",))).forms[0]
    assert (form.empty, form.note) == (True, "注：本部门无相关收支项目")


def test_pages_that_were_not_read_are_named() -> None:
    extracted = document(table(HEAD, 1))
    warned = structs.replace(
        extracted,
        warnings=(
            ReadWarning(code="page_without_text", page=7, message=""),
            ReadWarning(code="borderless_table", page=3, message=""),
            ReadWarning(code="watermark", page=2, message=""),
            ReadWarning(code="picture_unread", page=7, message=""),
        ),
    )
    assert normalize_document(warned, standard_catalogue()).unread_pages == (3, 7)
