"""Lines that a page break took apart are one passage, each character with its line."""

from __future__ import annotations

import pytest

from services.normalizer.domain.running_text import passages
from shared.contracts.extracted import TextKind, TextLine


def line(text: str, page: int = 1, kind: TextKind = "paragraph") -> TextLine:
    return TextLine(page=page, kind=kind, text=text, bbox=(0.0, 10.0 * page, 9.0, 10.0 * page + 9))


def texts(*lines: TextLine) -> list[str]:
    return [passage.text for passage in passages(lines)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("教育支出80.00万元，占", "16.00%；住房保障支出20.00万元。"),
        ("（四）政府采购情况：2031年政府采购预算总额", "17.00万元，其中货物17.00万元。"),
        ("公务用车0", "辆，应急保障用车0辆。"),
        ("服务类采购3.00万", "元。"),
        ("教育支出80.00万元，住房保障支", "出20.00万元。"),
        ("5、教育支出（类）普通教育（款）学前教育", "（项）。主要用于幼儿园。"),
    ],
)
def test_a_sentence_that_goes_on_is_one_passage(first: str, second: str) -> None:
    page_number = line("7", kind="page_number")
    (found,) = passages((line(first, 1), page_number, line(second, 2, "list_item")))
    assert found.line_at(0).page == 1
    assert found.line_at(len(found.text) - 1).page == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("教育支出80.00万元。", "住房保障支出20.00万元。"),
        ("一、收入预算情况", "2031年收入预算100.00万元。"),
        ("教育支出80.00万元，占80%", "2、住房保障支出20.00万元。"),
    ],
)
def test_lines_that_end_are_passages_of_their_own(first: str, second: str) -> None:
    assert len(texts(line(first), line(second))) == 2


def test_a_heading_is_joined_with_nothing() -> None:
    assert len(texts(line("收入，支出，", kind="heading"), line("12.00万元。"))) == 2
    assert len(texts(line("收入，支出，"), line("12.00万元", kind="heading"))) == 2


def test_a_text_without_full_stops_is_no_endless_passage() -> None:
    found = list(passages(line(f"第{number}次，") for number in range(100)))
    assert max(len(passage.lines) for passage in found) == 12
