"""Words and figures of the summary."""

from __future__ import annotations

from typing import get_args

import pytest

from shared.contracts.common import Message
from shared.contracts.validated import Cause, Status
from tieout.explain import CAUSE_WORDS, STATUS_WORDS
from tieout.summary import grouped, sentence_text


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("104400000", "104,400,000"),
        ("0.00", "0.00"),
        ("-1234.50", "-1,234.50"),
        ("1,673.62", "1,673.62"),
        ("（12.00）", "（12.00）"),
        ("—", "—"),
        ("", ""),
        ("12\x1b[31m", "12"),
        ("１２３４", "１２３４"),
    ],
)
def test_plain_figures_get_separators_and_others_stay_as_printed(printed: str, shown: str) -> None:
    assert grouped(printed) == shown


def test_every_cause_and_status_has_words_in_both_languages() -> None:
    assert set(CAUSE_WORDS) == set(get_args(Cause))
    assert set(STATUS_WORDS) == set(get_args(Status))
    assert all(zh and en and zh != en for zh, en in CAUSE_WORDS.values())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_printed_and_expected_figure_and_difference_stand_out(language: str) -> None:
    message = Message(
        zh="第8页“普法宣传”印为 48.80 万元，按“合计”应为 45.80 万元，相差 3.00 万元。",
        en="page 8 prints 48.80 (10,000 yuan); it should be 45.80: a difference of 3.00.",
    )
    text = sentence_text(message, "zh" if language == "zh" else "en")
    marked = {text.plain[span.start : span.end].rstrip("."): str(span.style) for span in text.spans}
    assert marked == {"48.80": "bold red", "45.80": "bold green", "3.00": "bold"}
