"""What stands around a figure in its column: what it may have been copied from, and which sums its own sum may have counted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, document, economic, function, item, total

from services.validator.domain.sheet import read_book
from services.validator.domain.slips import ALONE
from services.validator.domain.surroundings import Surroundings


def around(fact: str, *lines: Line, heads: Sequence[str] = ("合计=total",)) -> tuple[list[str], list[str]]:
    """The other amounts of the column of a figure, and the sub-totals among them."""
    book = read_book(
        document(
            Paper("t1", "expenditure_summary", [Block("function", heads, lines)]), Paper("t2", "projects", [Block("mixed", heads, lines)])
        )
    )
    column = Surroundings(book).of(book.figures[fact])
    return [str(amount) for amount in column.others], [str(amount) for amount in column.subtotals]


CODES = (total("9.00"), function("205", "8.00"), function("20501", "7.00"), function("2050101", "6.00"), function("206", "5.00"))


@pytest.mark.parametrize(
    ("fact", "others", "subtotals"),
    [
        ("t1/0/1", "8.00 7.00 6.00 5.00", "8.00 7.00"),
        ("t1/1/1", "9.00 7.00 6.00 5.00", "7.00"),
        ("t1/2/1", "9.00 8.00 6.00 5.00", "8.00"),
        ("t1/3/1", "9.00 8.00 7.00 5.00", ""),
        ("t1/4/1", "9.00 8.00 7.00 6.00", ""),
    ],
)
def test_sub_totals_are_what_a_sum_of_codes_may_have_counted(fact: str, others: str, subtotals: str) -> None:
    assert around(fact, *CODES) == (others.split(), subtotals.split())


def test_rows_with_rows_below_them_are_sub_totals_too() -> None:
    lines = (total("9.00"), item("甲", "8.00"), item("乙", "7.00", parent=1), item("丙", "6.00"))
    assert around("t1/0/1", *lines) == (["8.00", "7.00", "6.00"], ["8.00"])
    assert around("t1/1/1", *lines) == (["9.00", "7.00", "6.00"], [])
    assert around("t1/2/1", *lines) == (["9.00", "8.00", "6.00"], [])


def test_codes_of_each_axis_tell() -> None:
    lines = (
        total("9.00", role="grand_total"),
        economic("301", "8.00"),
        economic("30101", "7.00"),
        Line("某", ("6.00",), gov_economic="501"),
    )
    assert around("t1/0/1", *lines, Line("某", ("5.00",), gov_economic="50101"))[1] == ["8.00", "6.00"]


def test_other_columns_blanks_and_zeros_stand_around_nothing() -> None:
    lines = (total("9.00", "1.00"), function("205", "8.00", "2.00"), function("206", "0.00", "3.00"), function("207", "", "4.00"))
    assert around("t1/0/1", *lines, heads=("合计=total", "其中=other")) == (["8.00"], [])


def test_a_figure_of_no_list_stands_alone() -> None:
    made = document(Paper("t1", "projects", [Block("mixed", ("金额=amount",), (item("甲", "1.00"),))]))
    book = read_book(structs.replace(made, forms=tuple(structs.replace(form, lists=()) for form in made.forms)))
    assert Surroundings(book).of(book.figures["t1/0/1"]) is ALONE
