"""Shares and growth as intervals: what printed figures make possible, and what no rounding explains."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.validator.domain.derived import compare, growth, minus, percent, printed
from services.validator.domain.intervals import Interval

amounts = st.decimals(min_value=Decimal("1"), max_value=Decimal("99999"), places=4)


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places))


@settings(max_examples=80, derandomize=True)
@given(whole=amounts, part=amounts, places=st.integers(0, 2))
def test_a_share_of_true_amounts_is_always_possible(whole: Decimal, part: Decimal, places: int) -> None:
    said = printed(rounded(100 * part / whole, places), places)
    possible = percent(printed(rounded(part, 2), 2), printed(rounded(whole, 2), 2))
    assert possible is not None
    assert compare(said, possible) == "agrees"


@settings(max_examples=80, derandomize=True)
@given(before=amounts, now=amounts)
def test_growth_of_true_amounts_is_always_possible(before: Decimal, now: Decimal) -> None:
    possible = growth(printed(rounded(now, 2), 2), printed(rounded(now - before, 2), 2))
    assert possible is not None
    assert compare(printed(rounded(100 * (now - before) / before, 2), 2), possible) == "agrees"


@pytest.mark.parametrize(
    ("said", "agreement"), [("15.49", "agrees"), ("15.50", "near"), ("15.48", "near"), ("15.51", "differs"), ("15.46", "differs")]
)
def test_a_last_digit_more_or_less_is_habit_and_more_is_a_mistake(said: str, agreement: str) -> None:
    possible = percent(printed(Decimal("450.96"), 2), printed(Decimal("2911.06"), 2))  # 15.4913 %
    assert possible is not None
    assert compare(printed(Decimal(said), 2), possible) == agreement


def test_a_coarse_share_is_as_wide_as_its_last_digit() -> None:
    possible = Interval(Decimal("12.34"), Decimal("12.34"))
    assert compare(printed(Decimal("12.3"), 1), possible) == "agrees"
    assert compare(printed(Decimal("12"), 0), possible) == "agrees"


def test_nothing_is_a_share_of_nothing() -> None:
    zero = printed(Decimal("0.00"), 2)
    assert percent(printed(Decimal("1.00"), 2), zero) is None
    assert growth(printed(Decimal("5.00"), 2), printed(Decimal("5.00"), 2)) is None


def test_a_unit_is_a_power_of_ten() -> None:
    assert printed(Decimal("1.50"), 2, 4) == Interval(Decimal(14950), Decimal(15050))
    assert minus(Interval(Decimal(3), Decimal(4)), Interval(Decimal(1), Decimal(2))) == Interval(Decimal(1), Decimal(3))
