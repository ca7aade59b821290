"""What people are told of units and figures that are off by a power of ten: every sentence in full, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from validator_documents import Block, Paper, document, item, total

from services.validator.domain.messages import Places
from services.validator.domain.plausibility_messages import (
    document_unit_message,
    form_unit_message,
    magnitude_message,
    part_message,
    shape_message,
    times_en,
    times_zh,
    year_message,
)
from services.validator.domain.sheet import Figure, read_book
from shared.contracts.common import Message


def _paper(table: str, title: str, unit: str, precision: int, amount: str, last: str = "1.00") -> Paper:
    lines = (total(amount, last), item("接待", last, amount))
    heads = ("本年数=amount", "上年数=previous_year")
    return Paper(table, "three_public", [Block("mixed", heads, lines)], unit=unit, precision=precision, title=title)


BOOK = read_book(
    document(
        _paper("t4", "对比表", "万元", 2, "12345.60", "1.20"),
        _paper("t5", "支出总表", "元", 2, "12345.60", "1.20"),
        _paper("t6", "资产表", "亿元", 4, "123.4560"),
    )
)
HERE, LAST_YEAR, YUAN, YUAN_BEFORE, LARGE = "t4/0/1", "t4/0/2", "t5/0/1", "t5/0/2", "t6/0/1"
RECEPTION = ("公务接待费", "official reception")


def places() -> Places:
    return Places(BOOK)


def figure(fact: str) -> Figure:
    return BOOK.figures[fact]


_Case = tuple[Callable[[], Message], str, str]

UNITS: tuple[_Case, ...] = (
    (
        lambda: form_unit_message("对比表", figure(HERE), figure(YUAN), places(), 6, "元"),
        "第4页《对比表》按“万元”有 6 个数与其他表的数正好相差 1 万倍，如第4页《对比表》“合计”×“本年数”印为 12,345.60 万元，第5页《支出总表》“合计”×“本年数”印为 12,345.60 元，单位可能应为元。",
        "page 4, 《对比表》: read in 10,000 yuan, 6 figures differ from those of other forms by exactly 10,000 times (such as page 4, 《对比表》, “合计” × “本年数”: 12,345.60; page 5, 《支出总表》, “合计” × “本年数”: 12,345.60); the unit may be yuan.",
    ),
    (
        lambda: form_unit_message("支出总表", figure(YUAN_BEFORE), figure(LAST_YEAR), places(), 6, None),
        "第5页《支出总表》按“元”有 6 个数与其他表的数正好相差 1 万倍，如第5页《支出总表》“合计”×“上年数”印为 1.20 元，第4页《对比表》“合计”×“上年数”印为 1.20 万元，单位可能有误。",
        "page 5, 《支出总表》: read in yuan, 6 figures differ from those of other forms by exactly 10,000 times (such as page 5, 《支出总表》, “合计” × “上年数”: 1.20; page 4, 《对比表》, “合计” × “上年数”: 1.20); the unit may be wrong.",
    ),
    (
        lambda: document_unit_message(figure(YUAN), Decimal("123456000.00"), 5, "万元"),
        "各表按“元”，有 5 个数与文字说明中的数正好相差 1 万倍（表中 12,345.60 元，文字说明折合 123,456,000 元），单位可能应为万元。",
        "read in yuan, 5 figures of the forms differ from those of the narrative by exactly 10,000 times (12,345.60 in a form, 123,456,000 yuan in the narrative); the unit may be 10,000 yuan.",
    ),
    (
        lambda: document_unit_message(figure(HERE), Decimal("12345.600"), 5, None),
        "各表按“万元”，有 5 个数与文字说明中的数正好相差 1 万倍（表中 12,345.60 万元，文字说明折合 12,345.6 元），单位可能有误。",
        "read in 10,000 yuan, 5 figures of the forms differ from those of the narrative by exactly 10,000 times (12,345.60 in a form, 12,345.6 yuan in the narrative); the unit may be wrong.",
    ),
    (
        lambda: shape_message(places(), figure(YUAN), 31, small=True),
        "全部 31 个数中最大的一个是第5页《支出总表》“合计”×“本年数”的 12,345.60 元，作为部门预决算过小，金额单位可能有误。",
        "the largest of all 31 figures is 12,345.60 (yuan) at page 5, 《支出总表》, “合计” × “本年数”: too small for a department's budget or accounts; the unit may be wrong.",
    ),
    (
        lambda: shape_message(places(), figure(LARGE), 31, small=False),
        "全部 31 个数中最大的一个是第6页《资产表》“合计”×“本年数”的 123.4560 亿元，作为部门预决算过大，金额单位可能有误。",
        "the largest of all 31 figures is 123.4560 (100 million yuan) at page 6, 《资产表》, “合计” × “本年数”: too large for a department's budget or accounts; the unit may be wrong.",
    ),
)
FIGURES: tuple[_Case, ...] = (
    (
        lambda: magnitude_message(places(), figure(HERE), figure(LARGE)),
        "第4页《对比表》“合计”×“本年数”印为 12,345.60 万元，而第6页《资产表》“合计”×“本年数”为 123.4560 亿元，数字相同而正好相差 100 倍，请核对小数点和单位。",
        "page 4, 《对比表》, “合计” × “本年数” prints 12,345.60 (10,000 yuan), page 6, 《资产表》, “合计” × “本年数” prints 123.4560 (100 million yuan): the same digits, exactly 100 times apart; please check point and unit.",
    ),
    (
        lambda: magnitude_message(places(), figure(HERE), figure(YUAN)),
        "第4页《对比表》“合计”×“本年数”印为 12,345.60 万元，而第5页《支出总表》“合计”×“本年数”为 12,345.60 元，数字相同而正好相差 1 万倍，请核对小数点和单位。",
        "page 4, 《对比表》, “合计” × “本年数” prints 12,345.60 (10,000 yuan), page 5, 《支出总表》, “合计” × “本年数” prints 12,345.60 (yuan): the same digits, exactly 10,000 times apart; please check point and unit.",
    ),
    (
        lambda: year_message(places(), figure(HERE), figure(LAST_YEAR)),
        "第4页《对比表》“合计”×“本年数”为 12,345.60 万元，上年为 1.20 万元，约为其 1 万倍，而同表其他行变动不大，请核对单位。",
        "page 4, 《对比表》, “合计” × “本年数” prints 12,345.60 (10,000 yuan) against 1.20 (10,000 yuan) last year, about 10,000 times, while other rows change little; please check the unit.",
    ),
    (
        lambda: year_message(places(), figure(LAST_YEAR), figure(HERE)),
        "第4页《对比表》“合计”×“上年数”为 1.20 万元，上年为 12,345.60 万元，约为其万分之一，而同表其他行变动不大，请核对单位。",
        "page 4, 《对比表》, “合计” × “上年数” prints 1.20 (10,000 yuan) against 12,345.60 (10,000 yuan) last year, about a ten-thousandth, while other rows change little; please check the unit.",
    ),
)
PARTS: tuple[_Case, ...] = (
    (
        lambda: part_message(places(), "三公经费表", *RECEPTION, figure(LAST_YEAR), figure(YUAN), None),
        "《三公经费表》的公务接待费印为 1.20 万元，小于第5页《支出总表》“合计”×“本年数”的 12,345.60 元，而“三公”经费应包括基本支出中的部分。",
        "《三公经费表》: official reception is 1.20 (10,000 yuan), less than 12,345.60 (yuan) at page 5, 《支出总表》, “合计” × “本年数”, which is a part of it.",
    ),
    (
        lambda: part_message(places(), "三公经费表", *RECEPTION, None, figure(YUAN), figure(HERE)),
        "《三公经费表》的公务接待费为空，小于第5页《支出总表》“合计”×“本年数”的 12,345.60 元，而“三公”经费应包括基本支出中的部分；同样的数印在第4页《对比表》“合计”×“本年数”，可能填错栏目。",
        "《三公经费表》: official reception is blank, less than 12,345.60 (yuan) at page 5, 《支出总表》, “合计” × “本年数”, which is a part of it; the same amount stands at page 4, 《对比表》, “合计” × “本年数”, perhaps in the wrong column.",
    ),
)


@pytest.mark.parametrize("case", [*UNITS, *FIGURES, *PARTS])
def test_a_sentence_about_powers_of_ten_says_all_of_it_in_both_languages(case: _Case) -> None:
    say, zh, en = case
    message = say()
    assert message.zh == zh
    assert message.en == en


@pytest.mark.parametrize(
    ("power", "zh", "en"),
    [
        (1, "10 倍", "10 times"),
        (-2, "100 倍", "100 times"),
        (3, "1000 倍", "1,000 times"),
        (-4, "1 万倍", "10,000 times"),
        (5, "10 的 5 次方倍", "100,000 times"),
        (-8, "1 亿倍", "100,000,000 times"),
    ],
)
def test_a_power_of_ten_is_said_in_words_and_in_figures(power: int, zh: str, en: str) -> None:
    assert (times_zh(power), times_en(power)) == (zh, en)
