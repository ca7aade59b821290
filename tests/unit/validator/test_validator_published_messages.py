"""What people are told where a document gives a figure of another publication that printed something else: every sentence in full, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from validator_documents import Block, Paper, document, item, total

from services.validator.domain.messages import Places, Said
from services.validator.domain.published_messages import BUDGET, LAST_YEAR, Different, budget_claim_message
from services.validator.domain.sheet import Book, read_book
from shared.contracts.common import Message


def book(title: str, amount: str, unit: str, precision: int) -> Book:
    lines = (total(amount), item("灯塔管理", amount))
    paper = Paper("t4", "expenditure_summary", [Block("function", ("合计=total",), lines)], unit=unit, precision=precision, title=title)
    return read_book(document(paper))


NOW, THEN = book("支出决算表", "1262.00", "万元", 2), book("支出预算表", "12500000", "元", 0)


def different(count: int) -> Different:
    return Different(
        Places(NOW),
        NOW.figures["t4/1/1"],
        Places(THEN),
        THEN.figures["t4/0/1"],
        2024,
        count,
        9,
        "上年预算数＝上年公开的预算数",
        "it repeats last year's",
    )


def said(reported: str, expected: str, difference: str) -> Said:
    return Said(reported=Decimal(reported), expected=Decimal(expected), difference=Decimal(difference), unit="元")


_Case = tuple[Callable[[], Message], str, str]

DIFFERENT: tuple[_Case, ...] = (
    (
        lambda: different(1).message(LAST_YEAR),
        "上年数与上年公开的数不一致：第4页《支出决算表》“灯塔管理”×“合计”印为 1,262.00 万元，按“上年预算数＝上年公开的预算数”应为 1,250.00 万元（2024年文件第4页《支出预算表》“合计”×“合计”），相差 12.00 万元；如有调整，请说明。",
        "last year's figure is not the one published last year: page 4, 《支出决算表》, “灯塔管理” × “合计” prints 1,262.00 (10,000 yuan); since it repeats last year's, it should be 1,250.00 (document of 2024, page 4, 《支出预算表》, “合计” × “合计”): a difference of 12.00; it may have been adjusted since.",
    ),
    (
        lambda: different(2).message(LAST_YEAR),
        "上年数与上年公开的数不一致：第4页《支出决算表》“灯塔管理”×“合计”印为 1,262.00 万元，按“上年预算数＝上年公开的预算数”应为 1,250.00 万元（2024年文件第4页《支出预算表》“合计”×“合计”），相差 12.00 万元（该表核对 9 个上年数，2 个不一致）；如有调整，请说明。",
        "last year's figure is not the one published last year: page 4, 《支出决算表》, “灯塔管理” × “合计” prints 1,262.00 (10,000 yuan); since it repeats last year's, it should be 1,250.00 (document of 2024, page 4, 《支出预算表》, “合计” × “合计”): a difference of 12.00 (2 of 9 such figures of the form differ); it may have been adjusted since.",
    ),
    (
        lambda: different(1).message(BUDGET),
        "决算中的预算数与公开的预算不一致：第4页《支出决算表》“灯塔管理”×“合计”印为 1,262.00 万元，按“上年预算数＝上年公开的预算数”应为 1,250.00 万元（2024年预算第4页《支出预算表》“合计”×“合计”），相差 12.00 万元；如为调整后的预算，请说明。",
        "the budget in the final accounts is not the one published: page 4, 《支出决算表》, “灯塔管理” × “合计” prints 1,262.00 (10,000 yuan); since it repeats last year's, it should be 1,250.00 (budget of 2024, page 4, 《支出预算表》, “合计” × “合计”): a difference of 12.00; it may be the adjusted budget.",
    ),
    (
        lambda: different(2).message(BUDGET),
        "决算中的预算数与公开的预算不一致：第4页《支出决算表》“灯塔管理”×“合计”印为 1,262.00 万元，按“上年预算数＝上年公开的预算数”应为 1,250.00 万元（2024年预算第4页《支出预算表》“合计”×“合计”），相差 12.00 万元（该表核对 9 个预算数，2 个不一致）；如为调整后的预算，请说明。",
        "the budget in the final accounts is not the one published: page 4, 《支出决算表》, “灯塔管理” × “合计” prints 1,262.00 (10,000 yuan); since it repeats last year's, it should be 1,250.00 (budget of 2024, page 4, 《支出预算表》, “合计” × “合计”): a difference of 12.00 (2 of 9 such figures of the form differ); it may be the adjusted budget.",
    ),
    (
        lambda: different(7).question(LAST_YEAR),
        "第4页《支出决算表》“灯塔管理”×“合计”等 7 个上年数（该表共核对 9 个）与上年公开的数不同：此处印为 1,262.00 万元，2024年文件第4页《支出预算表》“合计”×“合计”为 1,250.00 万元；其口径可能不是“上年预算数＝上年公开的预算数”，请人工核对。",
        "page 4, 《支出决算表》, “灯塔管理” × “合计” and 6 more of 9 figures of last year differ from what was published then: 1,262.00 (10,000 yuan) here, 1,250.00 in the document of 2024 (page 4, 《支出预算表》, “合计” × “合计”); perhaps other figures are meant than “it repeats last year's”; please check by hand.",
    ),
    (
        lambda: different(7).question(BUDGET),
        "第4页《支出决算表》“灯塔管理”×“合计”等 7 个预算数（该表共核对 9 个）与公开的预算不同：此处印为 1,262.00 万元，2024年预算第4页《支出预算表》“合计”×“合计”为 1,250.00 万元；其口径可能不是“上年预算数＝上年公开的预算数”，请人工核对。",
        "page 4, 《支出决算表》, “灯塔管理” × “合计” and 6 more of 9 figures of the budget differ from the published one: 1,262.00 (10,000 yuan) here, 1,250.00 in the budget of 2024 (page 4, 《支出预算表》, “合计” × “合计”); perhaps other figures are meant than “it repeats last year's”; please check by hand.",
    ),
)
CLAIMED: tuple[_Case, ...] = (
    (
        lambda: budget_claim_message(8, "基本支出", said("12620000", "12500000", "120000"), Places(THEN), THEN.figures["t4/1/1"], 2025),
        "第8页文字说明“基本支出”为 12,620,000 元，而公开的2025年预算第4页《支出预算表》“灯塔管理”×“合计”为 12,500,000 元，相差 120,000 元。",
        "page 8: the narrative gives 12,620,000 for “基本支出”, but the budget of 2025 (page 4, 《支出预算表》, “灯塔管理” × “合计”) prints 12,500,000: a difference of 120,000.",
    ),
)


@pytest.mark.parametrize("case", [*DIFFERENT, *CLAIMED])
def test_a_sentence_about_another_publication_says_all_of_it_in_both_languages(case: _Case) -> None:
    say, zh, en = case
    message = say()
    assert message.zh == zh
    assert message.en == en
