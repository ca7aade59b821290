"""Slips of the pen: which class a wrong figure is of, and how likely each is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.validator.domain.slips import SHARES, Column, likeliest_slip


@pytest.mark.parametrize(
    ("printed", "meant", "decimals", "cause"),
    [
        ("104400000", "10440000", 0, "zero_extra"),
        ("48.90", "84.90", 2, "digits_swapped"),
        ("45.80", "48.80", 2, "digit_substituted"),
        ("5.08", "50.8", 2, "decimal_shift"),
        ("1234.56", "12345600", 2, "unit_slip"),
        ("0.02", "160.75", 2, "unit_slip"),
        ("123.45", "1234.50", 2, "decimal_shift"),
        ("3.79", "378.81", 2, "decimal_shift"),
        ("-5.00", "5.00", 2, "sign_flipped"),
        ("83.00", "839.00", 2, "digit_dropped"),
        ("91.51", "1.51", 2, "digit_inserted"),
        ("5.00", "0", 2, "unknown"),
        ("45.85", "54.58", 2, "unknown"),
        ("123", "4567", 0, "unknown"),
        ("-5.00", "7.00", 2, "unknown"),
    ],
)
def test_a_slip_is_recognised_by_what_is_printed(printed: str, meant: str, decimals: int, cause: str) -> None:
    slip = likeliest_slip(Decimal(printed), Decimal(meant), decimals)
    assert slip.cause == cause
    assert slip.meant == Decimal(meant)


def test_another_figure_of_the_column_is_likelier_than_an_arbitrary_one() -> None:
    printed, meant = Decimal("69.10"), Decimal("1.61")
    column = Column(others=(Decimal("69.10"), Decimal("7.00"), Decimal("8.00")))
    alone, copied = likeliest_slip(printed, meant, 2), likeliest_slip(printed, meant, 2, column=column)
    assert (alone.cause, copied.cause) == ("unknown", "stale_copy")
    assert copied.weight > 100 * alone.weight


def test_a_sum_that_is_too_large_by_a_subtotal_counted_it() -> None:
    column = Column(others=(Decimal("20.00"), Decimal("31.40")), subtotals=(Decimal("31.40"),))
    assert likeliest_slip(Decimal("152.80"), Decimal("121.40"), 2, column=column).cause == "subtotal_counted"
    assert likeliest_slip(Decimal("90.00"), Decimal("121.40"), 2, column=column).cause == "unknown", "it is too small"


def test_a_plain_slip_tells_the_amount_that_rounded_parts_leave_open() -> None:
    slip = likeliest_slip(Decimal("93.45"), Decimal("39.46"), 2, noise=1)
    assert (slip.cause, slip.meant) == ("digits_swapped", Decimal("39.45"))
    assert slip.sure > 0.99


def test_a_copied_figure_leaves_the_last_digit_open() -> None:
    slip = likeliest_slip(Decimal("69.10"), Decimal("1.60"), 2, noise=1, column=Column(others=(Decimal("69.10"),)))
    assert slip.meant == Decimal("1.60")
    assert 0.5 < slip.sure < 0.7


def test_the_shares_of_all_classes_make_up_one() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)


@given(st.integers(min_value=1, max_value=10**10), st.integers(min_value=1, max_value=10**10), st.integers(min_value=0, max_value=2))
def test_every_pair_of_amounts_has_a_slip_with_a_probability(printed: int, meant: int, noise: int) -> None:
    one, other = Decimal(printed).scaleb(-2), Decimal(meant).scaleb(-2)
    slip = likeliest_slip(one, other, 2, noise)
    assert 0 < slip.weight < 1 or one == other
    assert slip.meant != one or one == other
