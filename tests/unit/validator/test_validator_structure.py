"""Readings of a layout: which of several is kept, and how far the sums that fail under it are believed."""

from __future__ import annotations

from itertools import count

import pytest
from msgspec import structs
from validator_documents import Block, Paper, document, item

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.proposal import Basis, Bundle
from services.validator.domain.sheet import Figure, figure_of
from services.validator.domain.structure import choose_readings

(FACT,) = document(Paper("t1", "projects", [Block("mixed", ("金额=amount",), (item("某项", "1.00"),))])).facts
NUMBERS = count()
FAMILY = ("rollup", "t1", "0")


def figure(amount: str, table: str = "t1", form: str | None = "projects") -> Figure:
    """A figure of its own."""
    (fact,) = document(Paper("t1", form, [Block("mixed", ("金额=amount",), (item("某项", amount),))])).facts
    return figure_of(structs.replace(fact, id=f"{table}/{next(NUMBERS)}/1", table=table))


def reading(basis: Basis, *sums: str, family: tuple[str, ...] = FAMILY, rival: str | None = None, form: str | None = "projects") -> Bundle:
    """A reading under which the layout means some sums, each as "9=4+5"."""
    identity = load_rules().of("list_total")
    assert identity is not None
    bundle = Bundle(identity, basis, family, rival=(rival,) if rival else None)
    for one in sums:
        target, _, terms = one.partition("=")
        bundle.add(figure(target, family[1], form), [(figure(term, family[1], form), 1) for term in terms.split("+")])
    return bundle


HELD, HELD_TOO, HELD_AS_WELL, FAILED, FAILED_TOO, FAILED_AGAIN = "9=4+5", "8=4+4", "7=4+3", "9=4+4", "9=3+4", "9=2+4"
COPIED = "6=6"  # one figure that another repeats


@pytest.mark.parametrize(
    ("basis", "sums", "trust"),
    [
        ("guess", (HELD,), "unclear"),
        ("guess", (HELD, HELD), "unclear"),  # lines that print the same figures count once
        ("guess", (HELD, "0=0+0"), "unclear"),  # a sum of zeros says nothing
        ("guess", (HELD, HELD_TOO), "proven"),
        ("guess", (HELD, HELD_TOO, FAILED), "unclear"),
        ("guess", (HELD, HELD_TOO, HELD_AS_WELL, FAILED), "proven"),
        ("layout", (HELD,), "proven"),
        ("layout", (HELD, FAILED), "proven"),  # a sum of several figures holds by no accident
        ("layout", (HELD, FAILED, FAILED_TOO), "unclear"),
        ("layout", (COPIED,), "proven"),
        ("layout", (COPIED, FAILED), "unclear"),
        ("layout", (HELD, COPIED, FAILED, FAILED_TOO), "unclear"),
        ("layout", (FAILED,), "unclear"),
        ("codes", (COPIED, FAILED), "likely"),
        ("codes", (FAILED,), "likely"),
        ("codes", (FAILED, FAILED_TOO), "likely"),
        ("codes", (FAILED, FAILED_TOO, FAILED_AGAIN), "unclear"),
        ("codes", ("9=0+0", "8=0+0", "7=0+0"), "unclear"),  # zeros fail as other figures do
        ("codes", ("0=4+5", "0=3+5", "0=2+5"), "unclear"),
        ("codes", (COPIED, FAILED, FAILED_TOO), "likely"),
        ("codes", (COPIED, FAILED, FAILED_TOO, FAILED_AGAIN), "unclear"),
        ("codes", (HELD, FAILED, FAILED_TOO), "likely"),
    ],
)
def test_a_reading_is_believed_as_far_as_its_own_sums_hold(basis: Basis, sums: tuple[str, ...], trust: str) -> None:
    (judged,) = choose_readings([reading(basis, *sums)])
    assert judged.trust == trust


OTHER_LIST, OTHER_FORM, OTHER_RULE = ("rollup", "t1", "1"), ("rollup", "t2", "0"), ("column", "t1", "0")


@pytest.mark.parametrize(
    ("family", "form", "trust"),
    [
        (FAMILY, "projects", "likely"),
        (OTHER_LIST, "projects", "likely"),
        (OTHER_FORM, "projects", "likely"),
        (OTHER_FORM, "assets", "unclear"),
        (OTHER_RULE, "projects", "unclear"),
    ],
)
def test_a_layout_that_fails_is_vouched_for_by_its_kin(family: tuple[str, ...], form: str, trust: str) -> None:
    kin = reading("layout", HELD, HELD_TOO, family=family, form=form)
    failing, held = choose_readings([reading("layout", FAILED), kin])
    assert (failing.trust, held.trust) == (trust, "proven")


def test_a_form_vouches_for_its_lists_whatever_other_forms_of_its_kind_do() -> None:
    beside = reading("layout", HELD, HELD_TOO, family=OTHER_LIST)
    elsewhere = reading("layout", FAILED_TOO, FAILED_AGAIN, "9=1+4", family=OTHER_FORM)
    assert choose_readings([reading("layout", FAILED), beside, elsewhere])[0].trust == "likely"


def test_only_the_same_list_proves_what_holds_once_and_fails_once() -> None:
    for family, trust in ((FAMILY, "proven"), (OTHER_LIST, "likely")):
        assert choose_readings([reading("layout", COPIED, FAILED), reading("layout", HELD, family=family)])[0].trust == trust


def test_a_reading_that_means_no_sum_is_kept_and_proves_nothing() -> None:
    empty, failing = choose_readings([reading("layout"), reading("layout", FAILED)])
    assert (empty.holds, empty.fails, empty.trust, failing.trust) == (0, 0, "unclear", "unclear")


def test_forms_of_no_known_kind_do_not_vouch_for_one_another() -> None:
    kin = reading("layout", HELD, HELD_TOO, family=OTHER_FORM, form=None)
    assert choose_readings([reading("layout", FAILED, form=None), kin])[0].trust == "unclear"
    kin = reading("layout", HELD, HELD_TOO, family=OTHER_LIST, form=None)
    assert choose_readings([reading("layout", FAILED, form=None), kin])[0].trust == "likely"


@pytest.mark.parametrize(
    ("sums", "trust"),
    [
        ((HELD,), "unclear"),
        ((HELD, HELD_TOO), "likely"),
        ((HELD, HELD_TOO, FAILED), "unclear"),  # with the one that fails itself: two of four
        ((HELD, HELD_TOO, HELD_AS_WELL, "9=9", FAILED), "likely"),
    ],
)
def test_kin_vouches_where_at_least_two_sums_hold_and_twice_as_many_as_fail(sums: tuple[str, ...], trust: str) -> None:
    assert choose_readings([reading("layout", FAILED_TOO), reading("layout", *sums)])[0].trust == trust


@pytest.mark.parametrize(
    ("sums", "trust"), [((HELD,), "proven"), ((HELD, FAILED_TOO), "unclear"), ((HELD, HELD_TOO, HELD_AS_WELL, FAILED_TOO), "proven")]
)
def test_a_reading_that_holds_at_all_is_proven_where_its_kin_holds_twice_as_often_as_it_fails(sums: tuple[str, ...], trust: str) -> None:
    assert choose_readings([reading("layout", COPIED, FAILED), reading("layout", *sums)])[0].trust == trust


@pytest.mark.parametrize(("sums", "trust"), [((HELD,), "likely"), ((FAILED_TOO,), "unclear"), ((HELD, FAILED_TOO), "unclear")])
def test_codes_that_fail_are_believed_unless_their_kin_fails_as_a_rule(sums: tuple[str, ...], trust: str) -> None:
    assert choose_readings([reading("codes", FAILED), reading("codes", *sums)])[0].trust == trust


def kept(*bundles: Bundle) -> list[int]:
    """Which of some readings are kept, by their number."""
    return [bundles.index(judged.bundle) for judged in choose_readings(bundles)]


@pytest.mark.parametrize(
    ("readings", "kept_one"),
    [
        ([("layout", (HELD,)), ("layout", (HELD, HELD_TOO))], 1),
        ([("layout", (HELD, HELD_TOO, FAILED, FAILED_TOO)), ("layout", (HELD,))], 1),
        ([("guess", (HELD,)), ("layout", (HELD,))], 1),
        ([("layout", (HELD, HELD_TOO, FAILED)), ("layout", (HELD,))], 1),  # fewer fail where as many are left
        ([("guess", (HELD,)), ("layout", (HELD, HELD_TOO, FAILED))], 1),
        ([("layout", (HELD,)), ("layout", (HELD_TOO,))], 0),
        ([("layout", (HELD,)), ("codes", (HELD_TOO,))], 0),
    ],
)
def test_of_rival_readings_the_one_is_kept_under_which_most_sums_hold(readings: list[tuple[Basis, tuple[str, ...]]], kept_one: int) -> None:
    assert kept(*(reading(basis, *sums, rival="r") for basis, sums in readings)) == [kept_one]


def test_readings_of_different_things_are_all_kept_in_their_order() -> None:
    assert kept(reading("layout", FAILED), reading("layout", HELD)) == [0, 1]
    one, other, again = reading("layout", HELD, rival="a"), reading("layout", FAILED, rival="b"), reading("layout", FAILED, rival="a")
    assert kept(one, other, again) == [0, 1]


def test_a_guess_that_never_holds_was_never_meant() -> None:
    assert kept(reading("guess", FAILED), reading("layout", FAILED), reading("guess", COPIED, FAILED)) == [1, 2]


def agreed(*terms: str, elsewhere: str = "12", basis: Basis = "guess", more: str | None = None) -> bool:
    """Whether a guess for a total of 90 is kept. Args: terms: its parts in the form. elsewhere: what another form prints for the total."""
    bundle, other = reading(basis), reading("layout", family=OTHER_FORM)
    whole = figure("90")
    bundle.add(whole, [(figure(term), 1) for term in terms])
    if more is not None:
        bundle.add(figure(more), [(figure("1"), 1)])
    other.add(whole, [(figure(elsewhere, "t2"), 1)])
    return any(judged.bundle is bundle and judged.agreed for judged in choose_readings([bundle, other]))


def test_a_guess_that_never_holds_is_a_question_where_another_form_prints_what_it_computes() -> None:
    assert agreed("3", "4", "5")
    assert agreed("3", "4", "5", elsewhere="12.02"), "as far as rounding goes"
    assert not agreed("3", "4", "5", elsewhere="12.03")
    assert not agreed("7", "5"), "two figures may agree by accident"
    assert not agreed("7", "5", "0"), "and so may a blank beside them"
    assert not agreed("3", "4", "5", more="2"), "it fails elsewhere, too"
    assert not agreed("3", "4", "5", more="1"), "it holds elsewhere"
    assert not agreed("3", "4", "5", basis="layout")
