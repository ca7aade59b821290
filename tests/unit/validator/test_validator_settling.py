"""Which failing checks count, and why others are not assessable after all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, document, item

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.failures import Confirmations
from services.validator.domain.proposal import Basis, Bundle
from services.validator.domain.rules import Guard
from services.validator.domain.settling import settle
from services.validator.domain.sheet import Book, read_book
from services.validator.domain.structure import Judged, Trust, choose_readings
from services.validator.domain.tieout_graph import graph_of
from shared.check_reasons import APART, CONDITIONAL, CUT, LAYOUT, UNIT_IN_DOUBT


def form(table: str) -> Paper:
    """A form of 0 … 9 in rows 0 … 9, twice side by side."""
    lines: list[Line] = [item(f"事项{number}", f"{number}.00", f"{number}.00") for number in range(10)]
    return Paper(table, "projects", [Block("mixed", ("金额=amount", "其中=other"), lines)])


BOOK = read_book(document(form("t1"), form("t2"), form("t3")))


def reading(*sums: str, basis: Basis = "layout", guard: Guard = "structure", book: Book = BOOK) -> Bundle:
    """A reading of sums of figures, each "t1/9=t1/4+t1/5" (9 = 4 + 5, the first column)."""
    identity = load_rules().of("list_total")
    assert identity is not None
    bundle = Bundle(structs.replace(identity, guard=guard), basis, ("rollup", "t1", "0"))
    for one in sums:
        target, _, terms = one.partition("=")
        bundle.add(book.figures[f"{target}/1"], [(book.figures[f"{term}/1"], 1) for term in terms.split("+")])
    return bundle


def judged(bundle: Bundle, trust: Trust, *, agreed: bool = False) -> Judged:
    (found,) = choose_readings([replace(bundle, basis="layout")])
    return replace(found, bundle=bundle, trust=trust, agreed=agreed)


def settled(*readings: Judged, book: Book = BOOK, apart: Mapping[str, str] | None = None) -> list[str | None]:
    """Why each failing check is not assessable; None for those that count."""
    failing = [graded for one in readings for graded in one.graded if graded.status == "failed"]
    graph = graph_of(graded for one in readings for graded in one.graded)
    failures = settle(list(readings), book, Confirmations(graph), apart or {})
    assert [failure.number for failure in failures] == list(range(len(failures)))
    assert [id(failure.graded) for failure in failures] == [id(graded) for graded in failing if graded.status == "failed"]
    return [graded.reason for graded in failing]


FAILS, HOLDS = "t1/9=t1/4+t1/4", "t1/9=t1/4+t1/5"


def test_a_failing_check_counts_and_one_that_holds_is_none() -> None:
    one = judged(reading(FAILS, HOLDS, "t1/8=t1/3+t1/4"), "likely")
    assert settled(one) == [None, None]
    assert [graded.status for graded in one.graded] == ["failed", "exact", "failed"]


def test_an_identity_that_need_not_hold_accuses_nobody() -> None:
    assert settled(judged(reading(FAILS, FAILS, guard="conditional"), "proven")) == [CONDITIONAL, CONDITIONAL]
    assert settled(judged(reading(FAILS, guard="same_scope"), "proven")) == [None]


FEW, MANY = (FAILS, "t1/8=t1/3+t1/4"), (FAILS, "t1/8=t1/3+t1/4", "t1/7=t1/3+t1/3")


@pytest.mark.parametrize(
    ("sums", "basis", "trust", "agreed", "reason"),
    [
        (FEW, "guess", "unclear", False, LAYOUT),
        (FEW, "guess", "unclear", True, None),
        (FEW, "guess", "proven", False, None),
        (FEW, "layout", "unclear", False, None),
        (MANY, "layout", "unclear", False, LAYOUT),
        (MANY, "layout", "likely", False, None),
        (MANY, "codes", "unclear", False, LAYOUT),
        ((*MANY, "t1/6=t1/2+t1/4"), "layout", "unclear", False, LAYOUT),
        ((*MANY, "t1/6=t1/2+t1/4", "t1/5=t1/2+t1/3"), "layout", "unclear", False, None),  # two hold against three
        ((*MANY, "t1/9=t1/7+t1/1", "t1/6=t1/2+t1/4", "t1/5=t1/2+t1/3"), "layout", "unclear", False, None),  # and against four
    ],
)
def test_a_layout_that_fails_again_and_again_was_not_meant(
    sums: Sequence[str], basis: Basis, trust: Trust, agreed: bool, reason: str | None
) -> None:
    assert set(settled(judged(reading(*sums, basis=basis), trust, agreed=agreed))) == {reason}


CONFIRMING = ("t1/9=t1/3+t1/6", "t1/5=t1/4+t1/1")


@pytest.mark.parametrize(
    ("trust", "others", "reason"), [("unclear", CONFIRMING, LAYOUT), ("likely", CONFIRMING, None), ("unclear", CONFIRMING[:1], None)]
)
def test_a_sum_of_which_every_figure_is_confirmed_elsewhere_was_not_meant(trust: Trust, others: Sequence[str], reason: str | None) -> None:
    assert settled(judged(reading("t1/9=t1/4+t1/4"), trust), judged(reading(*others), "proven")) == [reason]


BETWEEN = "t1/9=t2/4+t2/4"


def test_a_table_that_is_set_apart_is_compared_with_no_other() -> None:
    for table in ("t1", "t2"):
        assert settled(judged(reading(BETWEEN), "proven"), apart={table: CUT}) == [CUT]
    assert settled(judged(reading(BETWEEN), "proven"), apart={"t3": CUT}) == [None]
    assert settled(judged(reading(FAILS), "proven"), apart={"t1": CUT}) == [None], "sums inside it count"
    assert settled(judged(reading(BETWEEN), "proven"), apart={"t3": CUT, "t2": UNIT_IN_DOUBT, "t1": CUT}) == [UNIT_IN_DOUBT]
    assert settled(judged(reading(BETWEEN, guard="conditional"), "unclear"), apart={"t1": CUT}) == [CUT]


def test_sums_over_rows_of_a_table_that_may_go_on_in_another_are_not_assessable() -> None:
    parted = replace(BOOK, parted=frozenset({"t2"}))
    assert settled(judged(reading(FAILS), "proven"), book=parted) == [None]
    assert settled(judged(reading("t2/9=t2/4+t2/4"), "proven"), book=parted) == [APART]
    assert settled(judged(reading(BETWEEN), "proven"), book=parted, apart={"t1": CUT}) == [APART]
    identity = load_rules().of("column_rollup")
    assert identity is not None
    across = Bundle(identity, "layout", ("column", "t2", "0"))
    across.add(BOOK.figures["t2/9/1"], [(BOOK.figures["t2/9/2"], 1), (BOOK.figures["t2/9/2"], 1)])
    assert settled(judged(across, "proven"), book=parted) == [None], "a row stands on one page"
