"""The tie-out graph: every figure with the sums that hold it, and coverage counted from it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from validator_documents import by_function, checked, function, total

from services.validator.domain.tieout_graph import graph_of_checks
from shared.contracts.validated import Check, Status, Term


def made(name: str, status: Status, target: str, *terms: str) -> Check:
    """A check whose amounts do not matter."""
    zero = Decimal(0)
    return Check(
        id=name, rule="r", form=None, status=status, target=target, terms=tuple(Term(fact=term, sign=1) for term in terms),
        reported=zero, computed=zero, difference=zero, possible=zero, plausible=zero,
    )  # fmt: skip


def test_a_figure_is_confirmed_and_contradicted_by_its_own_sums_only() -> None:
    graph = graph_of_checks([made("one", "exact", "a", "b", "c"), made("two", "failed", "a", "d"), made("three", "rounding", "e", "f")])
    assert [check.id for check in graph.confirming("a").values()] == ["one"]
    assert [check.id for check in graph.contradicting("a").values()] == ["two"]
    assert [check.id for check in graph.sums("b").values()] == ["one"]
    assert graph.sums("unknown") == {}
    assert dict(graph.times()) == {"a": 2, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}


def test_checks_of_the_same_figures_are_one_sum_and_what_is_not_assessed_is_none() -> None:
    same = [made("one", "exact", "a", "b"), made("two", "exact", "b", "a"), made("three", "not_assessable", "a", "c")]
    graph = graph_of_checks(same)
    assert dict(graph.times()) == {"a": 1, "b": 1}
    assert [check.id for check in graph.checks("a")] == ["one", "two", "three"]


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["exact", "failed", "not_assessable"]), st.lists(st.sampled_from("abcdef"), min_size=2, max_size=5)))
)
def test_confirming_and_contradicting_sums_are_all_assessed_ones_and_order_does_not_matter(drawn: list[tuple[Status, list[str]]]) -> None:
    checks = [made(str(number), status, figures[0], *figures[1:]) for number, (status, figures) in enumerate(drawn)]
    graph, turned = graph_of_checks(checks), graph_of_checks(reversed(checks))
    assert dict(graph.times()) == dict(turned.times())
    for figure in "abcdef":
        assert graph.confirming(figure).keys() | graph.contradicting(figure).keys() == graph.sums(figure).keys()
        assert len(graph.sums(figure)) == dict(graph.times()).get(figure, 0)


def test_coverage_counts_figures_held_never_once_and_more_often() -> None:
    rows = (total("30.00", "20.00", "10.00"), function("208", "18.00", "12.00", "6.00"), function("221", "12.00", "8.00", "4.00"))
    result = checked(by_function(*rows), by_function(total("5.00", "", ""), table="t2", form=None))
    assert (result.coverage.figures, result.coverage.untied, result.coverage.tied_once, result.coverage.tied_more) == (10, 1, 0, 9)
    assert [(form.tied, form.tied_more) for form in result.forms] == [(9, 9), (0, 0)]


def test_a_column_without_total_is_held_once() -> None:
    rows = (total("30.00", "", ""), function("208", "18.00", "", ""), function("221", "12.00", "", ""))
    result = checked(by_function(*rows))
    assert (result.coverage.tied, result.coverage.tied_once, result.coverage.tied_more) == (3, 3, 0)
