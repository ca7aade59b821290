"""Why a check is not assessable is said in the reader's language."""

from __future__ import annotations

import re

from shared import check_reasons
from shared.check_reasons import reason_in

REASONS = [value for name, value in vars(check_reasons).items() if name.isupper() and isinstance(value, str)]


def test_each_reason_has_chinese_words_and_stays_as_it_is_in_english() -> None:
    assert len(REASONS) == len(set(REASONS)) >= 12
    for reason in REASONS:
        assert re.search("[一-鿿]", reason_in(reason, "zh"))
        assert reason_in(reason, "en") == reason


def test_a_reason_of_another_version_is_shown_as_it_is_and_none_as_nothing() -> None:
    assert reason_in("a reason of tomorrow", "zh") == "a reason of tomorrow"
    assert reason_in(None, "zh") == reason_in(None, "en") == ""
