"""Paragraphs on a terminal: no line is too wide, nothing is lost, figures stay whole and punctuation stays where it belongs."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from tieout.wrapping import print_paragraph, wrapped

SENTENCE = (
    "第8页《2025年部门支出预算总表》“普法宣传”×“支出·项目支出”印为 48.80 万元，按“合计栏等于各分栏之和”应为 45.80 万元，相差 3.00 万元。"
)


@pytest.mark.parametrize("width", [20, 33, 50, 80])
def test_lines_fit_and_nothing_is_lost(width: int) -> None:
    lines = wrapped(Text(SENTENCE), width)
    assert max(line.cell_len for line in lines) <= width
    assert "".join(line.plain for line in lines).replace(" ", "") == SENTENCE.replace(" ", "")


@pytest.mark.parametrize("width", range(16, 60))
def test_figures_stay_whole_and_no_line_begins_with_closing_punctuation(width: int) -> None:
    lines = [line.plain for line in wrapped(Text(SENTENCE), width)]
    assert any("48.80" in line for line in lines)
    assert not any(line[0] in "，。》”）" for line in lines)
    assert not any(line[-1] in "《“（" for line in lines)


@given(st.text(alphabet="ab1. 中文，。《》“”（）", max_size=60), st.integers(min_value=8, max_value=40))
def test_any_text_comes_out_whole(text: str, width: int) -> None:
    lines = wrapped(Text(text), width)
    assert "".join(line.plain for line in lines).replace(" ", "") == text.replace(" ", "")


def test_further_lines_stand_below_the_first_word() -> None:
    out = io.StringIO()
    print_paragraph(Console(file=out, width=30, force_terminal=False), Text(SENTENCE), "• 错误 ")
    first, *others = out.getvalue().splitlines()
    assert first.startswith("  • 错误 第8页")
    assert all(line.startswith(" " * 9) and line[9] != " " for line in others)
    assert all(cell_len(line) <= 30 for line in others)


def test_in_a_pipe_a_paragraph_is_one_line() -> None:
    out = io.StringIO()
    print_paragraph(Console(file=out, width=30, soft_wrap=True), Text(SENTENCE), "• ")
    assert out.getvalue() == f"  • {SENTENCE}\n"
