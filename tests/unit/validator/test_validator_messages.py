"""What people are told of figures that do not tie out, of rows and columns that went wrong, and of the narrative: every sentence in full, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs
from validator_documents import Block, Paper, document, item, total

from services.validator.domain.edits import Edit
from services.validator.domain.messages import (
    Places,
    Said,
    amount_text,
    amount_words,
    change_message,
    claim_message,
    direction_message,
    failure_message,
    in_words,
    incomplete_message,
    misread_message,
    repair_message,
    rounding_message,
    said_of,
    share_message,
    sum_message,
    suspicious_message,
    unclear_message,
    unit_en,
    unit_message,
    unit_zh,
    unread_message,
    unsure_message,
    with_origin,
    with_rereading,
)
from services.validator.domain.sheet import Figure, figure_of, read_book
from shared.contracts.common import Message
from shared.contracts.validated import Cause

BOOK = read_book(
    document(
        Paper(
            "t9",
            "expenditure_summary",
            [
                Block(
                    "function",
                    ("合计=total", "本年支出/其中/基 本 支出=basic_expenditure", "项目支出=project_expenditure"),
                    (
                        total("1234567.80", "1000000.00", "234567.80"),
                        item("灯塔 管理", "1234.50", "1000.00", "234.50"),
                        item("航标维护", "66.00", "60.00", "6.00"),
                    ),
                )
            ],
            title="支出总表",
        ),
        Paper(
            "t3",
            "income_expenditure_summary",
            [Block("mixed", ("=amount",), (item("其他收入", "12000"),))],
            unit="元",
            precision=0,
            title="收支总表",
        ),
    )
)
DIFFERENT, EXPECTED = "t9/1/2", Decimal("9875000")
RULE = ("基本支出＋项目支出＝合计", "basic and project expenditure make up the total")


def places() -> Places:
    return Places(BOOK)


def figure(fact: str = DIFFERENT, **changes: Any) -> Figure:
    """A figure, and what its fact says otherwise."""
    return figure_of(structs.replace(BOOK.figures[fact].fact, **changes))


def edit(cause: Cause, *figures: str, source: tuple[str, ...] = (), label: str = "航标维护", **more: Any) -> Edit:
    """An edit that a person is told of."""
    return Edit(
        cause, BOOK.document, "t9", tuple(figure(fact) for fact in figures), label, source=tuple(figure(fact) for fact in source), **more
    )


def said(reported: str | None, expected: str | None, difference: str | None) -> Said:
    """What a sentence of the narrative speaks of, in 元."""
    amounts = (None if text is None else Decimal(text) for text in (reported, expected, difference))
    return Said(*amounts, unit="元")


ACCUSED = Message(zh="此数有误。", en="this figure is wrong.")

_Case = tuple[Callable[[], Message], str, str]

FAILURES: tuple[_Case, ...] = (
    (
        lambda: failure_message(places(), figure(), EXPECTED, *RULE, 1, True),
        "第9页《支出总表》“灯塔管理”×“其中·基本支出”印为 1,000.00 万元，按“基本支出＋项目支出＝合计”应为 987.50 万元，相差 12.50 万元。",
        "page 9, 《支出总表》, “灯塔管理” × “其中·基本支出” prints 1,000.00 (10,000 yuan); since basic and project expenditure make up the total, it should be 987.50: a difference of 12.50.",
    ),
    (
        lambda: failure_message(places(), figure(), EXPECTED, *RULE, 2, False),
        "第9页《支出总表》“灯塔管理”×“其中·基本支出”印为 1,000.00 万元，按“基本支出＋项目支出＝合计”应为 987.50 万元，相差 12.50 万元（2 项勾稽关系指向同一数）；也可能是参与计算的其他数有误。",
        "page 9, 《支出总表》, “灯塔管理” × “其中·基本支出” prints 1,000.00 (10,000 yuan); since basic and project expenditure make up the total, it should be 987.50: a difference of 12.50 (2 identities point to it); one of the other figures of the sum may be wrong instead.",
    ),
    (
        lambda: failure_message(places(), figure("t3/0/1"), Decimal("1234567"), *RULE, 3, True),
        "第3页《收支总表》“其他收入”印为 12,000 元，按“基本支出＋项目支出＝合计”应为 1,234,567 元，相差 -1,222,567 元（3 项勾稽关系指向同一数）。",
        "page 3, 《收支总表》, “其他收入” prints 12,000 (yuan); since basic and project expenditure make up the total, it should be 1,234,567: a difference of -1,222,567 (3 identities point to it).",
    ),
    (
        lambda: misread_message(places(), figure(), "1,600.00"),
        "第9页《支出总表》“灯塔管理”×“其中·基本支出”可能是我们读错了：第一次读作 1000.00，第二次读作 1,600.00；请对照原件。",
        "page 9, 《支出总表》, “灯塔管理” × “其中·基本支出” may be our misreading: one reader read 1000.00, the other 1,600.00; please look at the page.",
    ),
    (
        lambda: unsure_message(places(), figure(), *RULE),
        "第9页《支出总表》“灯塔管理”×“其中·基本支出”读作 1000.00，但文件中该数的字符或位置有疑点；按“基本支出＋项目支出＝合计”加不拢，可能是读取有误，请对照原件。",
        "page 9, 《支出总表》, “灯塔管理” × “其中·基本支出” was read as 1000.00 with little certainty, since its characters or its place in the file are odd; basic and project expenditure make up the total does not hold, perhaps because it was misread; please look at the page.",
    ),
    (
        lambda: unsure_message(places(), figure(origin="image"), *RULE),
        "第9页《支出总表》“灯塔管理”×“其中·基本支出”在扫描图像中识别为 1000.00，但不够清晰；按“基本支出＋项目支出＝合计”加不拢，可能是识别有误，请对照原件。",
        "page 9, 《支出总表》, “灯塔管理” × “其中·基本支出” was recognised as 1000.00 in the scanned image, with little certainty; basic and project expenditure make up the total does not hold, perhaps because it was misread; please look at the page.",
    ),
    (
        lambda: unclear_message(places(), figure(), 4, *RULE),
        "第9页《支出总表》“灯塔管理”×“其中·基本支出”等 4 处按“基本支出＋项目支出＝合计”加不拢，但该表的结构没有读准，请人工核对。",
        "page 9, 《支出总表》, “灯塔管理” × “其中·基本支出” and 3 more: sums do not tie (basic and project expenditure make up the total), but the layout of this form is not certain; please check by hand.",
    ),
    (
        lambda: suspicious_message(places(), figure(), Decimal("-12345600"), *RULE),
        "第9页《支出总表》“灯塔管理”×“其中·基本支出”印为 1,000.00 万元，与“基本支出＋项目支出＝合计”相差 -1,234.56 万元，超出通常的四舍五入尾差。",
        "page 9, 《支出总表》, “灯塔管理” × “其中·基本支出” prints 1,000.00, -1,234.56 (10,000 yuan) off (basic and project expenditure make up the total): more than rounding usually does.",
    ),
    (
        lambda: unit_message("资产表", 12, 7),
        "第12页《资产表》没有注明金额单位，其中 7 个数只能在表内核对。",
        "page 12, 《资产表》: no unit of money is given; its 7 figures are compared inside the form only.",
    ),
    (
        lambda: unread_message("资产表", 12, 7),
        "第12页《资产表》没有认出是哪种表，其中 7 个数没有核对。",
        "page 12, 《资产表》: not recognised as a form; its 7 figures were not checked.",
    ),
    (
        incomplete_message,
        "不符之处过多，未能逐一比较各种可能的原因；部分问题可能另有更简单的解释。",
        "so much does not tie out that not every explanation was tried; some findings may have a plainer cause.",
    ),
    (
        lambda: rounding_message(23),
        "23 项勾稽关系存在四舍五入尾差，在允许范围内。",
        "23 identities hold within rounding.",
    ),
)
REREAD: tuple[_Case, ...] = (
    (
        lambda: with_origin(ACCUSED, 3),
        "此数有误（有 3 个数由扫描图像识别得出，请对照原件）。",
        "this figure is wrong (3 of the figures were recognised in a scanned image; please look at the page).",
    ),
    (
        lambda: with_rereading(ACCUSED, None, True),
        "此数有误。",
        "this figure is wrong.",
    ),
    (
        lambda: with_rereading(ACCUSED, "image", True),
        "此数有误（该数已按页面图像复核，读数一致）。",
        "this figure is wrong (the image of the page shows this figure too).",
    ),
    (
        lambda: with_rereading(ACCUSED, "text", True),
        "此数有误（该数在页面图像上未能读清，只复核了文件中的文字）。",
        "this figure is wrong (this figure could not be read in the page's image; only the file's text was read again).",
    ),
    (
        lambda: with_rereading(ACCUSED, "text", False),
        "此数有误（未安装图像识别组件，只复核了文件中的文字）。",
        "this figure is wrong (no reader of images is installed; only the file's text was read again).",
    ),
)
REPAIRS: tuple[_Case, ...] = (
    (
        lambda: repair_message(places(), edit("row_duplicated", "t9/2/1", heirs=frozenset({"t9/1/1"})), 2),
        "第9页《支出总表》“航标维护”×“合计”这一行与上一行相同，而合计只计了一次，可能重复列示；更正后有 2 项勾稽关系成立。",
        "page 9, 《支出总表》, “航标维护” × “合计”: this row repeats the one above, and the total counts it once: it may be printed twice; put right, 2 identities hold.",
    ),
    (
        lambda: repair_message(places(), edit("row_duplicated", "t9/2/1", heirs=frozenset({"t9/0/1"})), 0),
        "第9页《支出总表》“航标维护”×“合计”这一行与本表前面的一行相同，而合计只计了一次，可能重复列示。",
        "page 9, 《支出总表》, “航标维护” × “合计”: this row repeats an earlier row of the form, and the total counts it once: it may be printed twice.",
    ),
    (
        lambda: repair_message(places(), edit("column_shift", "t9/1/1", column=2), 3),
        "第9页《支出总表》“灯塔管理”×“合计”印有 1,234.50 万元，按各栏合计应填在“其中·基本支出”栏；更正后有 3 项勾稽关系成立。",
        "page 9, 《支出总表》, “灯塔管理” × “合计” prints 1,234.50 (10,000 yuan), which by the totals belongs under “其中·基本支出”; put right, 3 identities hold.",
    ),
    (
        lambda: repair_message(places(), edit("column_shift", "t9/1/1", column=3), 0),
        "第9页《支出总表》“灯塔管理”×“合计”印有 1,234.50 万元，按各栏合计应填在“项目支出”栏。",
        "page 9, 《支出总表》, “灯塔管理” × “合计” prints 1,234.50 (10,000 yuan), which by the totals belongs under “项目支出”.",
    ),
    (
        lambda: repair_message(places(), edit("row_missing", "t9/0/1", "t9/0/2", "t9/0/3"), 5),
        "第9页《支出总表》“合计”×“合计”等 3 栏都比各项之和多，所差各栏相互吻合：各项中可能漏列一行，或有一行各栏都少列。",
        "page 9, 《支出总表》, “合计” × “合计” and 2 more columns: what the parts lack in them adds up across like a row of its own; a row seems to be left out, or one of them is too small in all these columns.",
    ),
    (
        lambda: repair_message(places(), edit("row_missing", "t9/0/1", source=("t3/0/1", "t9/1/1")), 1),
        "第9页《支出总表》“合计”×“合计”的各项中缺少“航标维护”一行：第3页《收支总表》“其他收入”列有 12,000 元，正是此处所差；更正后有 1 项勾稽关系成立。",
        "page 9, 《支出总表》, “合计” × “合计”: “航标维护” is missing among its parts: page 3, 《收支总表》, “其他收入” prints 12,000 (yuan), just what is lacking here; put right, 1 identity holds.",
    ),
    (
        lambda: repair_message(places(), edit("row_missing", "t9/0/1", source=("t3/0/1",)), 0),
        "第9页《支出总表》“合计”×“合计”的各项中缺少“航标维护”一行：第3页《收支总表》“其他收入”列有 12,000 元，正是此处所差。",
        "page 9, 《支出总表》, “合计” × “合计”: “航标维护” is missing among its parts: page 3, 《收支总表》, “其他收入” prints 12,000 (yuan), just what is lacking here.",
    ),
)
NARRATIVE: tuple[_Case, ...] = (
    (
        lambda: claim_message(8, "基本支出", said("10000100", None, "100"), places(), figure()),
        "第8页文字说明“基本支出”为 10,000,100 元，而第9页《支出总表》“灯塔管理”×“其中·基本支出”为 1,000.00 万元，相差 100 元。",
        "page 8: the narrative gives 10,000,100 for “基本支出”, but page 9, 《支出总表》, “灯塔管理” × “其中·基本支出” prints 1,000.00 (10,000 yuan): a difference of 100.",
    ),
    (
        lambda: claim_message(8, "基本支出", said(None, None, None), places(), figure(), apart=True),
        "说明文件第8页文字说明“基本支出”为 0 元，而报表文件第9页《支出总表》“灯塔管理”×“其中·基本支出”为 1,000.00 万元，相差 0 元。",
        "page 8 of the narrative document: the narrative gives 0 for “基本支出”, but in the document with the tables, page 9, 《支出总表》, “灯塔管理” × “其中·基本支出” prints 1,000.00 (10,000 yuan): a difference of 0.",
    ),
    (
        lambda: sum_message(8, "采购预算", said("9000", "7000.50", "1999.50")),
        "第8页文字说明“采购预算”为 9,000 元，而文中列出的各部分合计为 7,000.50 元，相差 1,999.50 元。",
        "page 8: the narrative gives 9,000 for “采购预算”, but the parts that it lists add up to 7,000.50: a difference of 1,999.50.",
    ),
    (
        lambda: sum_message(8, "采购预算", said(None, None, None)),
        "第8页文字说明“采购预算”为 0 元，而文中列出的各部分合计为 0 元，相差 0 元。",
        "page 8: the narrative gives 0 for “采购预算”, but the parts that it lists add up to 0: a difference of 0.",
    ),
    (
        lambda: share_message(8, "基本支出", "65.00", "60.00", carried_out=False),
        "第8页文字说明“基本支出”占比为 65.00%，按文中和报表的金额计算应为 60.00%。",
        "page 8: the narrative gives 65.00% as the share of “基本支出”, but its amounts and those of the forms give 60.00%.",
    ),
    (
        lambda: share_message(8, "培训费", "57.00", "75.00", carried_out=True),
        "第8页文字说明“培训费”完成预算的比例为 57.00%，按文中和报表的金额计算应为 75.00%。",
        "page 8: the narrative gives 57.00% as the budget carried out of “培训费”, but its amounts and those of the forms give 75.00%.",
    ),
    (
        lambda: change_message(8, "培训费", "52.00 %", "25.00 %"),
        "第8页文字说明“培训费”的增减为 52.00 %，按文中和报表的金额计算应为 25.00 %。",
        "page 8: the narrative gives 52.00 % as the change of “培训费”, but its amounts and those of the forms give 25.00 %.",
    ),
    (
        lambda: change_message(8, "培训费", "52.00 %", None),
        "第8页文字说明“培训费”的增减为 52.00 %，与同一句的金额不能同时成立。",
        "page 8: the narrative gives 52.00 % as the change of “培训费”, which cannot go with the amounts of its sentence.",
    ),
    (
        lambda: direction_message(8, "培训费", "10.00万元, 25.00%", True),
        "第8页文字说明“培训费”写作增加（10.00万元, 25.00%），与数字的方向相反或前后矛盾。",
        "page 8: the narrative says that “培训费” rises (10.00万元, 25.00%), which is the opposite of what its figures say.",
    ),
    (
        lambda: direction_message(8, "培训费", "10.00万元, 25.00%", False),
        "第8页文字说明“培训费”写作减少（10.00万元, 25.00%），与数字的方向相反或前后矛盾。",
        "page 8: the narrative says that “培训费” falls (10.00万元, 25.00%), which is the opposite of what its figures say.",
    ),
)


@pytest.mark.parametrize("case", [*FAILURES, *REREAD, *REPAIRS, *NARRATIVE])
def test_a_sentence_says_all_of_it_in_both_languages(case: _Case) -> None:
    say, zh, en = case
    message = say()
    assert message.zh == zh
    assert message.en == en


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"label": "灯塔 管理", "project": "灯塔项目"}, "灯塔管理"),
        ({"label": "", "project": "灯塔项目", "function": "2080101"}, "灯塔项目"),
        ({"label": "", "function": "2080101", "economic": "30101"}, "2080101"),
        ({"label": "", "economic": "30101", "gov_economic": "50101"}, "30101"),
        ({"label": "", "gov_economic": "50101"}, "50101"),
        ({"label": ""}, "第2行"),
    ],
)
def test_a_row_is_called_by_its_label_else_its_project_or_code_else_its_number(changes: dict[str, str], row: str) -> None:
    assert places().zh(figure(**changes)) == f"第9页《支出总表》“{row}”×“其中·基本支出”"
    assert places().en(figure(**changes)) == f"page 9, 《支出总表》, “{row}” × “其中·基本支出”"


def test_a_column_without_a_head_is_left_out() -> None:
    assert places().zh(figure("t3/0/1")) == "第3页《收支总表》“其他收入”"
    assert places().en(figure("t3/0/1")) == "page 3, 《收支总表》, “其他收入”"
    assert places().column("t9", 1) == "合计"
    assert places().column("t9", 99) == ""


def test_a_figure_of_a_table_that_is_no_form_has_no_title() -> None:
    assert places().zh(figure(table="t8")) == "第9页《》“灯塔管理”"


@pytest.mark.parametrize(
    ("unit", "en"),
    [
        ("元", "yuan"),
        ("千元", "1,000 yuan"),
        ("万元", "10,000 yuan"),
        ("百万元", "million yuan"),
        ("亿元", "100 million yuan"),
        ("美元", "美元"),
    ],
)
def test_a_unit_is_said_in_both_languages(unit: str, en: str) -> None:
    assert (unit_zh(figure(unit=unit)), unit_en(figure(unit=unit))) == (unit, en)
    assert (unit_zh(figure(unit=None)), unit_en(figure(unit=None))) == ("", "")


def test_amounts_are_said_in_the_unit_and_the_decimals_of_the_figure() -> None:
    assert (amount_text(Decimal("12345678900"), figure()), amount_words(Decimal("12345678900"), figure())) == ("1234567.89", "1,234,567.89")
    assert amount_words(Decimal("12345678901"), figure()) == "1,234,567.8901"
    assert amount_words(Decimal("1200"), figure("t3/0/1", precision=-2)) == "1,200"
    assert amount_text(Decimal("0.50"), figure(unit="亿元")) == "0.000000005"
    assert in_words(Decimal("-1234.50")) == "-1,234.50"


def test_what_a_sentence_speaks_of_is_given_as_data_too() -> None:
    assert said_of(figure(), EXPECTED, "column.sum") == Said(
        reported=Decimal("1000.00"), expected=Decimal("987.50"), difference=Decimal("12.50"), unit="万元", rule="column.sum", page=9
    )
