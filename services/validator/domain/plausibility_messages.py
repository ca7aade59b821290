"""What people are told of units and figures that are off by a power of ten, in Chinese and English."""

from __future__ import annotations

from decimal import Decimal

from services.validator.domain.messages import UNITS_EN, Places, amount_words, counted, in_words, unit_en, unit_zh
from services.validator.domain.sheet import Figure
from shared.contracts.common import Message

_TIMES_ZH = {1: "10 倍", 2: "100 倍", 3: "1000 倍", 4: "1 万倍", 8: "1 亿倍"}


def times_zh(power: int) -> str:
    """A power of ten in words."""
    return _TIMES_ZH.get(abs(power), f"10 的 {abs(power)} 次方倍")


def times_en(power: int) -> str:
    """A power of ten in figures."""
    return f"{10 ** abs(power):,} times"


def _off(first: Figure, other: Decimal) -> int:
    """By how many digits an amount is larger than another."""
    return int((other / first.value).copy_abs().log10().to_integral_value())


def _perhaps(unit: str | None) -> tuple[str, str]:
    return (
        (f"，单位可能应为{unit}", f"; the unit may be {UNITS_EN.get(unit, unit)}")
        if unit
        else ("，单位可能有误", "; the unit may be wrong")
    )


def form_unit_message(title: str, first: Figure, other: Figure, places: Places, count: int, unit: str | None) -> Message:
    """A form whose amounts are those of other forms times a power of ten. Args: other: the figure that `first` matches. unit: the likely one."""
    power = _off(first, other.value)
    zh, en = _perhaps(unit)
    printed, matched = amount_words(first.value, first), amount_words(other.value, other)
    return Message(
        zh=f"第{first.fact.page}页《{title}》按“{unit_zh(first)}”有 {count} 个数与其他表的数正好相差 {times_zh(power)}，如{places.zh(first)}印为 {printed} "
        f"{unit_zh(first)}，{places.zh(other)}印为 {matched} {unit_zh(other)}{zh}。",
        en=f"page {first.fact.page}, 《{title}》: read in {unit_en(first)}, {counted(count, 'figure differs', 'figures differ')} from those of other forms by exactly "
        f"{times_en(power)} (such as {places.en(first)}: {printed}; {places.en(other)}: {matched}){en}.",
    )


def document_unit_message(first: Figure, said: Decimal, count: int, unit: str | None) -> Message:
    """All forms against the narrative. Args: said: the amount of the narrative that `first` matches (元)."""
    power = _off(first, said)
    zh, en = _perhaps(unit)
    words = in_words(said.quantize(Decimal("0.01")).normalize())
    return Message(
        zh=f"各表按“{unit_zh(first)}”，有 {count} 个数与文字说明中的数正好相差 {times_zh(power)}（表中 {amount_words(first.value, first)} {unit_zh(first)}，"
        f"文字说明折合 {words} 元）{zh}。",
        en=f"read in {unit_en(first)}, {counted(count, 'figure of the forms differs', 'figures of the forms differ')} from those of the narrative by exactly {times_en(power)} "
        f"({amount_words(first.value, first)} in a form, {words} yuan in the narrative){en}.",
    )


def shape_message(places: Places, largest: Figure, count: int, *, small: bool) -> Message:
    """The largest figure of a disclosure is far too small or too large for one."""
    than_zh, than_en = ("过小", "too small") if small else ("过大", "too large")
    return Message(
        zh=f"全部 {count} 个数中最大的一个是{places.zh(largest)}的 {amount_words(largest.value, largest)} {unit_zh(largest)}，作为部门预决算{than_zh}，金额单位可能有误。",
        en=f"the largest of all {count} figures is {amount_words(largest.value, largest)} ({unit_en(largest)}) at {places.en(largest)}: {than_en} for a "
        "department's budget or accounts; the unit may be wrong.",
    )


def magnitude_message(places: Places, figure: Figure, other: Figure) -> Message:
    """A figure and the same row in another form: the same digits at another power of ten."""
    power = abs(figure.value.adjusted() - other.value.adjusted())
    return Message(
        zh=f"{places.zh(figure)}印为 {amount_words(figure.value, figure)} {unit_zh(figure)}，而{places.zh(other)}为 "
        f"{amount_words(other.value, other)} {unit_zh(other)}，数字相同而正好相差 {times_zh(power)}，请核对小数点和单位。",
        en=f"{places.en(figure)} prints {amount_words(figure.value, figure)} ({unit_en(figure)}), {places.en(other)} prints "
        f"{amount_words(other.value, other)} ({unit_en(other)}): the same digits, exactly {times_en(power)} apart; please check point and unit.",
    )


def year_message(places: Places, figure: Figure, before: Figure) -> Message:
    """A figure ten thousand times last year's of its row, or a ten-thousandth."""
    larger = abs(figure.value) > abs(before.value)
    return Message(
        zh=f"{places.zh(figure)}为 {amount_words(figure.value, figure)} {unit_zh(figure)}，上年为 {amount_words(before.value, before)} {unit_zh(before)}，"
        f"约{'为其 1 万倍' if larger else '为其万分之一'}，而同表其他行变动不大，请核对单位。",
        en=f"{places.en(figure)} prints {amount_words(figure.value, figure)} ({unit_en(figure)}) against {amount_words(before.value, before)} "
        f"({unit_en(before)}) last year, about {'10,000 times' if larger else 'a ten-thousandth'}, while other rows change little; please check the unit.",
    )


def part_message(places: Places, title: str, zh: str, en: str, whole: Figure | None, part: Figure, elsewhere: Figure | None) -> Message:
    """One of the three public expenses that is less than its item of basic expenditure. Args: whole: what the form prints; none where it is blank.

    elsewhere: the same amount under another of the three.
    """
    printed_zh = f"印为 {amount_words(whole.value, whole)} {unit_zh(whole)}" if whole else "为空"
    printed_en = f"is {amount_words(whole.value, whole)} ({unit_en(whole)})" if whole else "is blank"
    also_zh = f"；同样的数印在{places.zh(elsewhere)}，可能填错栏目" if elsewhere else ""
    also_en = f"; the same amount stands at {places.en(elsewhere)}, perhaps in the wrong column" if elsewhere else ""
    return Message(
        zh=f"《{title}》的{zh}{printed_zh}，小于{places.zh(part)}的 {amount_words(part.value, part)} {unit_zh(part)}，而“三公”经费应包括基本支出中的部分{also_zh}。",
        en=f"《{title}》: {en} {printed_en}, less than {amount_words(part.value, part)} ({unit_en(part)}) at {places.en(part)}, "
        f"which is a part of it{also_en}.",
    )
