"""Printed figures as intervals, and the grades of sums."""

from __future__ import annotations

from decimal import Decimal

import pytest
from validator_documents import by_function, document, function, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.grading import check_id, in_unit
from services.validator.domain.intervals import (
    Amount,
    Interval,
    grade,
    half_width,
    plausible_difference,
    possible_difference,
)
from services.validator.domain.proposal import Equation
from services.validator.domain.sheet import read_book

CENT = Decimal("0.005")


def printed(value: str, decimals: int) -> Interval:
    return Amount(Decimal(value), half_width(Decimal(value), decimals)).interval


def amount(value: str, half: Decimal = CENT) -> Amount:
    return Amount(Decimal(value), half)


def test_a_printed_figure_stands_for_half_a_last_digit_to_each_side() -> None:
    assert printed("378.81", 2) == Interval(Decimal("378.805"), Decimal("378.815"))


def test_a_column_of_two_decimals_makes_a_whole_number_exact_to_the_cent() -> None:
    assert printed("4", 2) == Interval(Decimal("3.995"), Decimal("4.005"))


def test_of_a_figure_with_more_digits_than_its_column_its_own_digits_count() -> None:
    assert printed("1.234", 2) == Interval(Decimal("1.2335"), Decimal("1.2345"))


def test_a_figure_in_hundreds_stands_for_half_a_hundred_to_each_side() -> None:
    assert printed("1200", -2) == Interval(Decimal("1150"), Decimal("1250"))


def test_intervals_meet_at_a_common_end() -> None:
    one, other = Interval(Decimal(1), Decimal(2)), Interval(Decimal(2), Decimal(3))
    assert one.meet(other) == Interval(Decimal(2), Decimal(2))
    assert Interval(Decimal(0), Decimal(1)).meet(other) is None


def test_the_opposite_of_an_interval_swaps_its_ends() -> None:
    assert -Interval(Decimal(1), Decimal(2)) == Interval(Decimal(-2), Decimal(-1))


def test_one_last_digit_is_plausible_even_with_a_single_term() -> None:
    assert plausible_difference(amount("1.00"), [amount("0.99")]) >= Decimal("0.01")


def test_zeros_make_more_differences_possible_but_not_more_plausible() -> None:
    terms = [amount("1.00"), amount("0.00"), amount("0.00")]
    assert possible_difference([amount("1.00"), *terms]) == Decimal("0.02")
    assert plausible_difference(amount("1.00"), terms) == plausible_difference(amount("1.00"), terms[:1])


def test_mixed_precisions_add_their_variances() -> None:
    coarse = plausible_difference(amount("10", Decimal("0.5")), [amount("9.99"), amount("0.01")])
    assert Decimal("0.86") < coarse < Decimal("0.88")  # 3 · sqrt(1/12), the fine terms hardly count


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        ("0", "exact"),
        ("0.01", "rounding"),
        ("0.03", "suspicious"),
        ("-0.03", "suspicious"),
        ("0.05", "suspicious"),
        ("0.06", "failed"),
        ("-0.06", "failed"),
    ],
)
def test_grades_are_tested_in_order(difference: str, expected: str) -> None:
    assert grade(Decimal(difference), possible=Decimal("0.05"), plausible=Decimal("0.02")) == expected


def test_equal_amounts_are_shown_alike_whatever_digits_they_were_computed_with() -> None:
    for value in ("1.5", "1.50", "1.5000"):
        assert str(in_unit(Decimal(value).scaleb(4), 4)) == "1.50"
        assert str(in_unit(Decimal(value).scaleb(4), 4, 0)) == "1.5"
    assert str(in_unit(Decimal("0.000"), 4)) == str(in_unit(Decimal(0), 4)) == "0.00"


def test_figures_of_one_precision_and_of_several_have_the_spread_of_their_sum() -> None:
    alike = plausible_difference(amount("9.00"), [amount("4.00"), amount("5.00"), amount("0.00")])
    assert alike == 3 * (3 * CENT * CENT / 3).sqrt()
    mixed = plausible_difference(amount("9.00"), [amount("4.00"), amount("5", Decimal("0.5"))])
    assert mixed == 3 * ((2 * CENT * CENT + Decimal("0.25")) / 3).sqrt()


@pytest.mark.parametrize(
    ("value", "decimals", "half"),
    [
        ("1.5", 0, "0.05"),
        ("15", 0, "0.5"),
        ("1.50", 1, "0.005"),
        ("1.5", 1, "0.05"),
        ("1.5", 2, "0.005"),
        ("150", -1, "5"),
        ("157", -1, "5"),  # a column of tens is one of tens, whatever it prints
        ("1.5", -1, "5"),
    ],
)
def test_the_finer_of_column_and_figure_counts_from_whole_numbers_on(value: str, decimals: int, half: str) -> None:
    assert half_width(Decimal(value), decimals) == Decimal(half)


def test_checks_of_one_rule_and_figure_are_numbered_from_the_second_on() -> None:
    book = read_book(document(by_function(total("9.00", "", ""), function("208", "9.00", "", ""))))
    first, second = book.figures.values()
    (identity, *_) = load_rules().identities
    taken: set[str] = set()
    names = [check_id(Equation(identity, first, ((second, 1),)), taken) for _ in range(4)]
    assert names == [f"{identity.id}@t1/0/1{number}" for number in ("", "#2", "#3", "#4")]
    assert check_id(Equation(identity, second, ()), taken) == f"{identity.id}@t1/1/1"
    assert len(taken) == 5
