"""Printed figures become Decimals, and what prints no figure becomes none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.normalizer.domain.figures import Figure, is_nothing, looks_like_money, parse_figure


@pytest.mark.parametrize(
    ("text", "amount", "decimals"),
    [
        ("600.85", "600.85", 2),
        ("1,234,567.80", "1234567.80", 2),
        ("104400000", "104400000", 0),
        ("0", "0", 0),
        ("0.00", "0.00", 2),
        ("１，２３４．５０", "1234.50", 2),
        ("2,424. 73", "2424.73", 2),
        ("-12.5", "-12.5", 1),
        ("－12.50", "-12.50", 2),
        ("△3.10", "-3.10", 2),
        ("▲3.10", "-3.10", 2),
        ("(45.00)", "-45.00", 2),
        ("（45.00）", "-45.00", 2),
        ("￥9.90", "9.90", 2),
        ("−3.10", "-3.10", 2),
        ("–3.10", "-3.10", 2),
        ("△ 3.10", "-3.10", 2),
        ("（1，234．50）", "-1234.50", 2),
        ("1\u2009234\u202f567.80", "1234567.80", 2),
        ("1'234.50", "1234.50", 2),
        ("1,234.56¹", "1234.56", 2),
        ("1,234.56¹²", "1234.56", 2),
        ("（1,234.56）⁴", "-1234.56", 2),
        ("1,234.56①", "1234.56", 2),
        ("1,234.56[1]", "1234.56", 2),
        ("1,234.56［2］", "1234.56", 2),
        ("1,234.56*", "1234.56", 2),
    ],
)
def test_a_printed_figure_is_read_with_its_sign_and_decimals(text: str, amount: str, decimals: int) -> None:
    assert parse_figure(text) == Figure(Decimal(amount), decimals, None)


@pytest.mark.parametrize(
    "text", ["", "—", "－", "--", "98%", "≥2", "12,34.5", "1,2345", "3人", "208类", "2025年", "12.3.4", "①", "¹", "1,234.56(1)", "*"]
)
def test_what_is_no_figure_is_not_read_as_one(text: str) -> None:
    assert parse_figure(text) is None


def test_a_unit_beside_the_figure_is_kept() -> None:
    assert parse_figure("25万元") == Figure(Decimal(25), 0, "万元")


def test_a_dash_says_nothing_and_a_zero_says_zero() -> None:
    assert is_nothing("—")
    assert is_nothing("-")
    assert is_nothing(" ")
    assert not is_nothing("0")
    assert not is_nothing("0.00")


def test_only_a_point_or_separators_make_money_wherever_it_stands() -> None:
    assert looks_like_money("1,000")
    assert looks_like_money("0.5")
    assert not looks_like_money("1000")
    assert not looks_like_money("3.5%")
