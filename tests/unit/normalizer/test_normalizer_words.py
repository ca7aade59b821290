"""Names are compared without what typing and the form's own numbering add."""

from __future__ import annotations

import pytest

from services.normalizer.domain.words import name_key, plain, split_label


@pytest.mark.parametrize(
    ("text", "ordinal", "style", "name"),
    [
        ("一、教育支出", "一、", "一", "教育支出"),
        ("（二十一）农林水支出", "(二十一)", "(一)", "农林水支出"),
        ("3、金融支出", "3、", "1", "金融支出"),
        ("1. 一般公共预算资金", "1.", "1", "一般公共预算资金"),
        ("(4)资本性支出", "(4)", "(1)", "资本性支出"),
        ("①公务用车购置费", "(1)", "(1)", "公务用车购置费"),
        ("教育支出", None, "", "教育支出"),
        ("2025年信息系统维护", None, "", "2025年信息系统维护"),
        ("1.5倍补助", None, "", "1.5倍补助"),
    ],
)
def test_an_ordinal_is_told_from_the_name(text: str, ordinal: str | None, style: str, name: str) -> None:
    label = split_label(text)
    assert (label.ordinal, label.style, label.name) == (ordinal, style, name)


def test_of_which_is_a_mark_and_no_part_of_the_name() -> None:
    label = split_label("其中：教育收费")
    assert label.of_which
    assert label.name == "教育收费"
    assert not split_label("其他收入").of_which


def test_typing_variants_of_a_name_have_one_key() -> None:
    keys = {name_key(text) for text in ("维修（护）费", "维修(护)费", "维修 （护） 费", "维修\n（护）费", "“维修（护）费”")}
    assert keys == {"维修(护)费"}


def test_level_marks_after_a_name_are_dropped() -> None:
    assert name_key("行政运行（项）") == "行政运行"


def test_full_width_digits_and_spaces_become_plain() -> None:
    assert plain("２０８　０１") == "20801"
