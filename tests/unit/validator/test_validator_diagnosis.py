"""Diagnoses: which figure is named, with which value and how surely; what stays open; and which failing checks accuse nobody."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs
from validator_documents import by_function, document, function, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.diagnosis import diagnosis_of, question_diagnosis, repair_diagnosis
from services.validator.domain.doubts import accuses, one_unit_off, over_a_seam
from services.validator.domain.edits import Edit
from services.validator.domain.explanations import Candidate, Group
from services.validator.domain.failures import Confirmations, Failure
from services.validator.domain.grading import Graded, grade_equation, to_check
from services.validator.domain.intervals import Amount
from services.validator.domain.proposal import Bundle, Equation
from services.validator.domain.repairs import Key, Repair
from services.validator.domain.rules import Operator
from services.validator.domain.sheet import Book, Figure, read_book
from services.validator.domain.slips import Slip
from services.validator.domain.structure import Judged, Trust
from services.validator.domain.tieout_graph import graph_of
from shared.contracts.validated import Cause


def book(*more: str) -> Book:
    """Forms of one total and one row: t1, and those named."""
    lines = (total("9.00", "9.00", ""), function("208", "7.00", "7.00", ""))
    return read_book(document(*(by_function(*lines, table=table) for table in ("t1", *more))))


FIGURES = book("t2").figures


def graded(target: str, *terms: str, operator: Operator = "code_rollup") -> Graded:
    identity = load_rules().of(operator)
    assert identity is not None
    return grade_equation(Equation(identity, FIGURES[target], tuple((FIGURES[term], 1) for term in terms)))


def failure(target: str, *terms: str, operator: Operator = "code_rollup") -> Failure:
    one = graded(target, *terms, operator=operator)
    return Failure(one, Judged(Bundle(one.equation.identity, "codes", ("x",)), [one]), 0)


def candidate(figure: Figure, expected: str, share: float, cause: Cause = "digits_swapped", sure: float = 1.0) -> Candidate:
    slip = Slip(cause=cause, weight=1.0, meant=Decimal(expected), sure=sure)
    return Candidate(figure, Decimal(expected) * 10_000, slip, share)


def group(*candidates: Candidate, pinned: bool = True, independent: int = 1, claims: tuple[int, ...] = (), share: float = 1.0) -> Group:
    first = candidates[0]
    return Group(
        figure=first.figure, expected=first.expected, failures=[], pinned=pinned, share=share, cause=first.slip.cause,
        independent=independent, claims=claims, candidates=list(candidates),
    )  # fmt: skip


HERE, THERE = FIGURES["t1/1/1"], FIGURES["t1/0/1"]


@pytest.mark.parametrize(
    ("independent", "claims", "confidence", "confirmed"),
    [
        (1, (), 0.9, ()),
        (2, (), 0.98, ("a", "b")),
        (1, (3,), 0.98, ("a", "b", "claim/3")),
        (3, (3, 5), 0.98, ("a", "b", "claim/3", "claim/5")),
    ],
)
def test_a_figure_is_named_the_more_surely_the_more_its_correction_mends(
    independent: int, claims: tuple[int, ...], confidence: float, confirmed: Sequence[str]
) -> None:
    found = diagnosis_of(group(candidate(HERE, "9.00", 1.0), independent=independent, claims=claims), ("a", "b"))
    assert (found.fact, found.reported, found.suggested, found.cause) == ("t1/1/1", "7.00", "9.00", "digits_swapped")
    assert float(found.confidence) == pytest.approx(confidence)
    assert found.confirmed_by == tuple(confirmed)
    assert found.candidates == ()


@pytest.mark.parametrize(("share", "sure", "suggested"), [(1.0, 1.0, "9.00"), (0.5, 1.0, "9.00"), (0.49, 1.0, None), (1.0, 0.5, "9.00"), (1.0, 0.49, None)])  # fmt: skip
def test_a_value_is_suggested_from_half_of_the_probability_on(share: float, sure: float, suggested: str | None) -> None:
    found = diagnosis_of(group(candidate(HERE, "9.00", share, sure=sure), share=0.9), ())
    assert (found.fact, found.suggested) == ("t1/1/1", suggested)
    assert float(found.confidence) == pytest.approx(0.9 * (share * sure if suggested else 0.9))


def test_every_other_explanation_is_a_candidate() -> None:
    others = (candidate(HERE, "8.00", 0.03), candidate(THERE, "7.00", 0.02, cause="digit_dropped"))
    found = diagnosis_of(group(candidate(HERE, "9.00", 0.95), *others), ())
    assert [(one.fact, one.suggested, one.cause) for one in found.candidates] == [
        ("t1/1/1", "8.00", "digits_swapped"),
        ("t1/0/1", "7.00", "digit_dropped"),
    ]
    assert [float(one.confidence) for one in found.candidates] == pytest.approx([0.03, 0.02])


def test_where_no_figure_stands_out_all_are_candidates_and_a_question_is_half_as_sure() -> None:
    some = (candidate(HERE, "9.00", 0.6), candidate(THERE, "7.00", 0.4))
    for found, limit in ((diagnosis_of(group(*some, pinned=False), ("a",)), 1.0), (question_diagnosis(group(*some)), 0.5)):
        assert (found.cause, found.fact, found.reported, found.suggested, found.confirmed_by) == ("unknown", None, None, None, ())
        assert float(found.confidence) == pytest.approx(0.6 * limit)
        assert [(one.fact, float(one.confidence)) for one in found.candidates] == [
            ("t1/1/1", pytest.approx(0.6 * limit)),
            ("t1/0/1", pytest.approx(0.4 * limit)),
        ]


@pytest.mark.parametrize(
    ("operator", "cause", "off"),
    [
        ("same_content", "unit_slip", True),
        ("same_income", "unit_slip", True),
        ("project_repeated", "unit_slip", True),
        ("project_total", "unit_slip", True),
        ("code_rollup", "unit_slip", False),
        ("same_content", "zero_extra", False),
    ],
)
def test_only_figures_of_two_forms_may_differ_by_the_unit_alone(operator: Operator, cause: Cause, off: bool) -> None:
    one = group(candidate(HERE, "9.00", 1.0, cause=cause))
    one.failures = [failure("t1/1/1", "t2/0/1", operator=operator)]
    assert one_unit_off(one) is off
    one.failures.append(failure("t1/1/1", "t2/0/1", operator="column_rollup"))
    assert not one_unit_off(one), "a sum of the form itself is no matter of its unit"


def test_a_sum_over_rows_of_a_part_needs_the_other_part_and_one_across_a_row_does_not() -> None:
    made = book("t2")
    made.parted = frozenset({"t1"})
    assert over_a_seam(made, graded("t1/0/1", "t1/1/1"))
    assert over_a_seam(made, graded("t1/0/1", "t2/0/1"))
    assert over_a_seam(made, graded("t2/0/1", "t1/0/1"))
    assert not over_a_seam(made, graded("t1/0/1", "t1/0/2"))
    assert not over_a_seam(made, graded("t2/0/1", "t2/1/1"))


def test_a_check_says_what_was_computed_and_what_rounding_explains() -> None:
    exact, failed, blank = graded("t1/0/1", "t2/0/1"), graded("t1/0/1", "t1/1/1"), graded("t1/0/1")
    made = to_check(exact, "id")
    assert (made.id, made.status, made.target, made.unit) == ("id", "exact", "t1/0/1", "万元")
    assert [str(one) for one in (made.reported, made.computed, made.difference, made.possible)] == ["9.00", "9.00", "0.00", "0.01"]
    assert str(made.plausible) == "0.012"  # three deviations of two figures of two digits
    made = to_check(failed, "id")
    assert [str(one) for one in (made.reported, made.computed, made.difference, made.plausible)] == ["9.00", "7.00", "2.00", "0.012"]
    made = to_check(blank, "id")
    assert (made.status, made.reason) == ("not_assessable", blank.reason)
    assert [made.reported, made.computed, made.difference, made.possible, made.plausible] == [None] * 5


@pytest.mark.parametrize(("signs", "difference"), [((1, -1), "0"), ((1, 1), "-140000"), ((-1, -1), "180000"), ((-1, 1), "40000")])
def test_a_term_that_is_taken_off_counts_against_the_others(signs: tuple[int, int], difference: str) -> None:
    identity = load_rules().of("fund_balance")
    assert identity is not None
    nine, seven = FIGURES["t1/0/1"], FIGURES["t1/1/1"]
    two = Figure(structs.replace(seven.fact, amount=Decimal("2.00")), Amount(Decimal(20_000), seven.amount.half), seven.order)
    found = grade_equation(Equation(identity, two, ((nine, signs[0]), (seven, signs[1]))))
    assert found.difference == Decimal(difference)


def told(
    *rows: tuple[str, str],
    sums: Sequence[tuple[Operator, str, Sequence[str]]],
    trust: Trust = "likely",
    continued: bool = False,
    **about: Any,
) -> bool:
    """Whether failing sums of a form of 合计 and further rows accuse somebody; each is an operator, a target and terms."""
    head, *others = rows
    made = read_book(document(by_function(total(*head, ""), *(function(f"20{n}", *row, "") for n, row in enumerate(others, 1)))))
    made.continued = frozenset({"t1"} if continued else ())
    failures = []
    for operator, target, terms in sums:
        identity = load_rules().of(operator)
        assert identity is not None
        one = grade_equation(Equation(identity, made.figures[target], tuple((made.figures[term], 1) for term in terms)))
        failures.append(Failure(one, Judged(Bundle(identity, "codes", ("x",)), [one], trust), 0))
    target_of = failures[0].graded.equation.target
    accused = Group(target_of, target_of.value, failures, **{"pinned": False, **about})
    graph = graph_of(failure.graded for failure in failures)
    return accuses(made, accused, Confirmations(graph))


DOWN: tuple[Operator, str, Sequence[str]] = ("code_rollup", "t1/0/1", ("t1/1/1",))
ACROSS: tuple[Operator, str, Sequence[str]] = ("column_rollup", "t1/0/1", ("t1/0/2",))
WIDE = (("9.00", "7.00"), ("7.00", "6.00"))


def test_a_sum_that_fails_accuses_where_its_reading_is_believed() -> None:
    assert told(*WIDE, sums=[DOWN])
    assert not told(*WIDE, sums=[DOWN], trust="unclear")
    assert not told(*WIDE, sums=[DOWN], continued=True), "its rows may go on in another table"
    assert told(*WIDE, sums=[ACROSS], continued=True)
    assert told(*WIDE, sums=[DOWN, ACROSS], continued=True)


@pytest.mark.parametrize(
    ("third", "sums", "accused"),
    [
        (("2.00", "5.00"), [DOWN], False),  # the difference is a row of the same column
        (("-2.00", "5.00"), [DOWN], False),
        (("2.02", "5.00"), [DOWN], False),
        (("1.98", "5.00"), [DOWN], False),
        (("2.03", "5.00"), [DOWN], True),
        (("5.00", "2.00"), [DOWN], True),  # of another column
        (("2.00", "5.00"), [ACROSS], True),
        (("2.00", "5.00"), [DOWN, ACROSS], True),  # two ways of reading say so
        (("2.00", "5.00"), [DOWN, ("list_total", "t1/0/1", ("t1/1/1",))], False),  # two readings of the same rows
    ],
)
def test_a_difference_that_is_a_figure_of_the_same_line_may_be_our_miscounting(
    third: tuple[str, str], sums: Sequence[tuple[Operator, str, Sequence[str]]], accused: bool
) -> None:
    assert told(*WIDE, third, sums=sums) is accused


def test_a_difference_across_a_row_that_another_column_prints() -> None:
    assert told(("9.00", "7.00"), ("2.00", "6.00"), sums=[ACROSS])
    assert not told(("9.00", "4.50"), ("2.00", "6.00"), sums=[ACROSS]), "counted twice"


@pytest.mark.parametrize(
    ("about", "trust", "accused"),
    [
        ({"pinned": True}, "unclear", True),
        ({"pinned": False}, "unclear", False),
        ({"pinned": True, "contradicted": True}, "unclear", False),
        ({"pinned": True, "contradicted": True}, "likely", True),
    ],
)
def test_two_readings_that_point_to_one_figure_accuse_it_though_neither_is_believed(
    about: dict[str, bool], trust: Trust, accused: bool
) -> None:
    assert told(*WIDE, sums=[DOWN, ACROSS], trust=trust, **about) is accused


@pytest.mark.parametrize(("pinned", "accused"), [(True, True), (False, False)])
def test_income_of_two_forms_that_differs_accuses_only_a_figure_that_stands_out(pinned: bool, accused: bool) -> None:
    assert told(*WIDE, sums=[("same_income", "t1/0/1", ("t1/1/1",))], pinned=pinned) is accused


def repair(gained: int = 0, rivals: int = 0, **about: Any) -> Repair:
    """A row or column at fault that makes so many sums hold, beside rival edits."""
    edit = Edit("row_duplicated", book().document, "t1", (HERE, THERE), "科目208", **about)
    held: list[Key] = [(str(number), "down") for number in range(gained)]
    return Repair(edit, frozenset(), frozenset(held), rivals=(edit,) * rivals)


@pytest.mark.parametrize(
    ("found", "confidence"),
    [
        (repair(), 0.5),
        (repair(certain=True), 0.8),
        (repair(put_in=frozenset({"x"})), 0.8),
        (repair(1), 0.9),
        (repair(2), 0.95),
        (repair(7), 0.95),
        (repair(1, certain=True), 0.9),
        (repair(2, rivals=1), 0.47),
        (repair(1, rivals=2), 0.3),
    ],
)
def test_a_row_at_fault_is_the_surer_the_more_sums_hold_without_it_and_the_fewer_others_explain_them(
    found: Repair, confidence: float
) -> None:
    told_of = repair_diagnosis(found, ("a", "b"))
    assert float(told_of.confidence) == pytest.approx(confidence)
    assert (told_of.cause, told_of.suggested, told_of.confirmed_by) == ("row_duplicated", None, ("a", "b"))
    assert [(one.fact, float(one.confidence)) for one in told_of.candidates] == [("t1/1/1", pytest.approx(confidence))] * len(found.rivals)


@pytest.mark.parametrize(("about", "named"), [({}, True), ({"source": (THERE,)}, False), ({"put_in": frozenset({"x"})}, False), ({"certain": True}, True)])  # fmt: skip
def test_what_is_missing_has_no_figure_to_name(about: dict[str, Any], named: bool) -> None:
    told_of = repair_diagnosis(repair(1, **about), ())
    assert (told_of.fact, told_of.reported) == (("t1/1/1", "7.00") if named else (None, None))
