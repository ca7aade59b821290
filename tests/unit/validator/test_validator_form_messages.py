"""What people are told of forms that are missing, not read, not listed, empty or cut apart: every sentence in full, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from validator_documents import Block, Paper, document, item, total

from services.validator.domain.form_messages import (
    apart_message,
    cut_message,
    empty_message,
    excerpt_message,
    many_not_found_message,
    missing_message,
    no_total_message,
    not_found_message,
    perhaps_unread_message,
    start_message,
    unlisted_message,
    unread_form_message,
)
from services.validator.domain.messages import Places
from services.validator.domain.requirements import Requirement
from services.validator.domain.sheet import Figure, read_book
from shared.contracts.common import Message
from shared.contracts.normalized import FormTitle, ListedForm

BOOK = read_book(
    document(
        Paper(
            "t5",
            "expenditure_summary",
            [Block("function", ("合计=total",), (total("9800.00"), item("灯塔 管理", "1200.50"), item("航标维护", "66.00")))],
            title="支出总表",
        )
    )
)


def required(zh: str, en: str) -> Requirement:
    return Requirement(id="r", kinds=("budget",), forms=(), titles="", zh=zh, en=en, source="《公开办法》第十条")


def figure(row: int) -> Figure:
    return BOOK.figures[f"t5/{row}/1"]


INCOME, ASSETS = required("收入总表", "summary of income"), required("资产表", "assets")
NUMBERED, PLAIN = ListedForm(page=2, title="收入总表", number="表二"), ListedForm(page=2, title="资产表")
TITLES = (("资产表", 12), ("车辆表", 14))

_Case = tuple[Callable[[], Message], str, str]

MISSING: tuple[_Case, ...] = (
    (
        lambda: missing_message(INCOME, explained=False),
        "文件中没有《收入总表》，这张表应当公开（《公开办法》第十条）。",
        "there is no form 《收入总表》 (summary of income) in this document; it has to be published (《公开办法》第十条).",
    ),
    (
        lambda: missing_message(INCOME, explained=True),
        "文件中没有《收入总表》，这张表应当公开（《公开办法》第十条）；文字说明称没有这类收支，仍应列出空表并说明。",
        "there is no form 《收入总表》 (summary of income) in this document; it has to be published (《公开办法》第十条); the text says that there is none, but an empty form with a note is due.",
    ),
    (
        lambda: excerpt_message(7, [INCOME, ASSETS]),
        "应当公开的 9 张表中，本文件有 7 张；没有《收入总表》、《资产表》，可能在别的文件中，或名称不同。",
        "this file has 7 of the 9 forms that have to be published; not here, perhaps in other files or under other names: 《收入总表》, 《资产表》.",
    ),
    (
        lambda: not_found_message(NUMBERED, INCOME),
        "第2页目录列有表二《收入总表》，文件中没有找到这张表；这张表应当公开（《公开办法》第十条）。",
        "the list of contents on page 2 names 表二《收入总表》, which is not found in this document; it has to be published (《公开办法》第十条).",
    ),
    (
        lambda: not_found_message(PLAIN, None),
        "第2页目录列有《资产表》，文件中没有找到这张表。",
        "the list of contents on page 2 names 《资产表》, which is not found in this document.",
    ),
    (
        lambda: many_not_found_message([NUMBERED, PLAIN]),
        "第2页目录所列的表中，2 张在本文件中没有找到，可能在别的文件中：表二《收入总表》、《资产表》。",
        "2 forms that the list of contents on page 2 names are not found in this document, perhaps they are in other files: 表二《收入总表》, 《资产表》.",
    ),
    (
        lambda: unread_form_message(INCOME, FormTitle(page=6, title="2025年收入预算表")),
        "第6页有《2025年收入预算表》的标题，但没有读到表格；《收入总表》中的数没有核对。",
        "page 6 has the title 《2025年收入预算表》, but no table was read below it; the figures of this form were not checked.",
    ),
    (
        lambda: perhaps_unread_message([INCOME, ASSETS], [3, 11]),
        "没有读到《收入总表》、《资产表》；第3、11页有未能读出或未能认出的内容，可能就是，请人工核对。",
        "not read: 《收入总表》, 《资产表》; something on page 3, 11 could not be read or recognised and may be it; please check by hand.",
    ),
    (
        lambda: unlisted_message(TITLES, 2),
        "第2页目录没有列出：第12页《资产表》、第14页《车辆表》。",
        "the list of contents on page 2 does not name: 《资产表》 on page 12, 《车辆表》 on page 14.",
    ),
    (
        lambda: empty_message(TITLES),
        "第12页《资产表》、第14页《车辆表》没有数据，也没有说明原因；没有数据的表应当列出空表并说明。",
        "no figures and no word why: 《资产表》 on page 12, 《车辆表》 on page 14; an empty form has to say why it is empty.",
    ),
)
CUT: tuple[_Case, ...] = (
    (
        lambda: apart_message(6, "支出总表", 5, 4),
        "第6页的表可能接第5页《支出总表》，未能确认是否为同一张表；涉及的 4 项合计没有核对，请人工核对。",
        "the table on page 6 may go on with 《支出总表》 on page 5, which is not certain; 4 sums over them were not checked; please check by hand.",
    ),
    (
        lambda: no_total_message("支出总表", figure(1)),
        "第5页《支出总表》到“灯塔管理”为止，没有合计（总计）行，后面可能缺页，请核对。",
        "page 5, 《支出总表》 ends with “灯塔管理” and has no total: a page may be missing after it; please check.",
    ),
    (
        lambda: cut_message(Places(BOOK), "支出总表", figure(1), figure(0), Decimal("12345600"), 3, ["221", "22102"]),
        "第5页《支出总表》到“灯塔管理”为止，后面的行缺失：只有其后还应有分项的 3 项合计加不拢，第5页《支出总表》“合计”×“合计”的各项尚缺 1,234.56 万元（其他表在此之后还列有 2 个科目，如 221），可能缺页。",
        "page 5, 《支出总表》 ends with “灯塔管理”, and rows after it are missing: of its sums only the 3 that would go on do not hold; the parts of page 5, 《支出总表》, “合计” × “合计” lack 1,234.56 (10,000 yuan) (another form prints 2 codes that would follow, such as 221): a page may be missing.",
    ),
    (
        lambda: cut_message(Places(BOOK), "支出总表", figure(1), figure(0), Decimal("12345600"), 3, []),
        "第5页《支出总表》到“灯塔管理”为止，后面的行缺失：只有其后还应有分项的 3 项合计加不拢，第5页《支出总表》“合计”×“合计”的各项尚缺 1,234.56 万元，可能缺页。",
        "page 5, 《支出总表》 ends with “灯塔管理”, and rows after it are missing: of its sums only the 3 that would go on do not hold; the parts of page 5, 《支出总表》, “合计” × “合计” lack 1,234.56 (10,000 yuan): a page may be missing.",
    ),
    (
        lambda: start_message("支出总表", figure(1), 2),
        "第5页《支出总表》从“灯塔管理”开始，前面的行缺失，可能缺页；因此有 2 项合计没有核对。",
        "page 5, 《支出总表》 begins with “灯塔管理”, and rows before it are missing: a page may be missing; 2 sums were not checked for it.",
    ),
    (
        lambda: start_message(None, figure(1), 0),
        "第5页没有标题的表从“灯塔管理”开始，前面的行缺失，可能缺页。",
        "page 5, the table without a title begins with “灯塔管理”, and rows before it are missing: a page may be missing.",
    ),
)


@pytest.mark.parametrize("case", [*MISSING, *CUT])
def test_a_sentence_about_forms_says_all_of_it_in_both_languages(case: _Case) -> None:
    say, zh, en = case
    message = say()
    assert message.zh == zh
    assert message.en == en
