"""Figures survive printing and reading: every way to print a Decimal gives the same Decimal."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.normalizer.domain.figures import parse_figure
from services.normalizer.domain.words import plain

AMOUNTS = st.builds(
    lambda digits, decimals: Decimal(digits).scaleb(-decimals),
    st.integers(min_value=0, max_value=10**14),
    st.integers(min_value=0, max_value=4),
)
FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@given(AMOUNTS, st.booleans(), st.booleans(), st.sampled_from(["", "-", "△", "▲", "()"]))
def test_a_printed_figure_is_read_back(amount: Decimal, separators: bool, full_width: bool, minus: str) -> None:
    text = f"{amount:,f}" if separators else f"{amount:f}"
    text = f"({text})" if minus == "()" else minus + text
    figure = parse_figure(text.translate(FULL_WIDTH) if full_width else text)
    assert figure is not None
    assert figure.amount == (-amount if minus else amount)
    assert figure.decimals == max(0, -int(amount.as_tuple().exponent))


@given(AMOUNTS, st.integers(min_value=0, max_value=30))
def test_a_figure_wrapped_anywhere_is_the_same_figure(amount: Decimal, place: int) -> None:
    text = f"{amount:,f}"
    place = min(place, len(text))
    assert parse_figure(text[:place] + " " + text[place:]) == parse_figure(text)


@given(st.text(max_size=50))
def test_any_text_is_read_or_refused_without_error(text: str) -> None:
    figure = parse_figure(text)
    assert figure is None or figure.amount.is_finite()
    assert " " not in plain(text)
