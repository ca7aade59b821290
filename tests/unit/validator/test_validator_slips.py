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
        ("12.84", "18.24", 2, "digits_swapped"),  # neighbours but for the point
        ("321", "123", 0, "unknown"),  # the digit between them stays
        ("13.84", "18.24", 2, "unknown"),
        ("-84.90", "-48.90", 2, "digits_swapped"),
        ("-83.00", "-839.00", 2, "digit_dropped"),
        ("0.02", "150.00", 2, "unit_slip"),  # half of the last digit that is left
        ("12345678", "1234.57", 2, "unknown"),  # a figure that grew lost nothing on its way
        ("50.80", "5.08", 2, "decimal_shift"),
        ("2000", "2", 0, "decimal_shift"),
        ("4567000", "45670", 0, "decimal_shift"),
        ("45670", "45670000", 0, "decimal_shift"),
        ("-50", "-5", 0, "zero_extra"),
        ("50", "-5", 0, "unknown"),
        ("0.48", "0.84", 2, "digits_swapped"),
        ("0.03", "150.00", 2, "unknown"),
        ("12345.604", "1234.56", 2, "unknown"),
    ],
)
def test_a_slip_is_recognised_by_what_is_printed(printed: str, meant: str, decimals: int, cause: str) -> None:
    slip = likeliest_slip(Decimal(printed), Decimal(meant), decimals)
    assert slip.cause == cause
    assert slip.meant == Decimal(meant)


@pytest.mark.parametrize(
    ("printed", "meant", "weight"),
    [
        ("45.80", "48.80", 0.25 / 36),  # each of four digits may become nine others
        ("48.90", "84.90", 0.12 / 3),  # four digits have three pairs of neighbours
        ("0.48", "0.84", 0.12 / 2),
        ("83.00", "839.00", 0.12 / 5),
        ("83.00", "833.00", 0.12 * 2 / 5),  # either 3 may be the one that was left out
        ("91.51", "1.51", 0.12 / 40),  # ten digits in each of four places
        ("11.51", "1.51", 0.12 * 2 / 40),
        ("3.78", "37.80", 0.08 * 0.4),
        ("378.81", "3.7881", 0.08 * 0.08),
        ("3.79", "378.81", 0.08 * 0.08),
        ("0.38", "378.81", 0.08 * 0.02),
        ("1234500", "123.45", 0.05 / 2),
        ("1234.56", "12345600", 0.05 / 2),
        ("10440", "1044", 0.08),
        ("-5.00", "5.00", 0.03),
        ("-5.00", "7.00", 0.04e-3),  # one of a thousand figures as long as this one
        ("0.00", "7.00", 0.04e-3),
        ("123.456", "7.00", 0.04e-6),  # more digits than its column prints
    ],
)
def test_a_slip_is_as_likely_as_its_class_spread_over_all_that_it_could_have_printed(printed: str, meant: str, weight: float) -> None:
    slip = likeliest_slip(Decimal(printed), Decimal(meant), 4 if meant == "3.7881" else 2)
    assert slip.weight == pytest.approx(weight)
    assert slip.sure == pytest.approx(1)


@pytest.mark.parametrize(
    ("off", "noise", "cause", "share"),
    [
        (0, 0, "digits_swapped", 1.0),
        (1, 0, "unknown", None),
        (1, 1, "digits_swapped", 0.3),
        (-1, 1, "digits_swapped", 0.3),
        (2, 1, "unknown", None),
        (2, 2, "digits_swapped", 0.1),
        (-2, 9, "digits_swapped", 0.1),
        (3, 9, "unknown", None),  # rounded parts rarely add up worse
    ],
)
def test_an_amount_beside_the_computed_one_is_the_less_likely_the_farther_it_is(
    off: int, noise: int, cause: str, share: float | None
) -> None:
    slip = likeliest_slip(Decimal("93.17"), Decimal("39.17") + Decimal(off).scaleb(-2), 2, noise)
    assert slip.cause == cause
    if share is not None:
        assert slip.meant == Decimal("39.17")
        assert slip.weight == pytest.approx(share * 0.12 / 3)


def test_the_computed_amount_is_rounded_to_the_decimals_of_the_column() -> None:
    assert likeliest_slip(Decimal("93.45"), Decimal("39.445"), 2).meant == Decimal("39.45")
    assert likeliest_slip(Decimal("93.45"), Decimal("39.444"), 2).meant == Decimal("39.44")


def test_a_figure_that_is_what_it_should_be_has_no_slip() -> None:
    slip = likeliest_slip(Decimal("39.45"), Decimal("39.45"), 2)
    assert (slip.cause, slip.meant, slip.weight, slip.sure) == ("unknown", Decimal("39.45"), 0.0, 0.0)
    beside = likeliest_slip(Decimal("39.45"), Decimal("39.45"), 2, noise=1)
    assert (beside.cause, beside.weight) == ("digit_substituted", pytest.approx(0.3 * 0.25 / 36))
    assert beside.meant == Decimal("39.44"), "of two as likely the smaller one"


def test_what_stands_around_a_figure_is_spread_over_all_that_stands_there() -> None:
    others = tuple(map(Decimal, ("31.40", "20.00", "7.00", "8.00")))
    copied = likeliest_slip(Decimal("31.40"), Decimal("1.61"), 2, column=Column(others=others))
    assert (copied.cause, copied.weight) == ("stale_copy", pytest.approx(0.08 / 4))
    counted = likeliest_slip(Decimal("152.80"), Decimal("121.40"), 2, column=Column(subtotals=others[:2]))
    assert (counted.cause, counted.weight) == ("subtotal_counted", pytest.approx(0.03 / 2))
    below = likeliest_slip(Decimal("90.00"), Decimal("121.40"), 2, column=Column(subtotals=others))
    assert below.cause == "unknown"


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
