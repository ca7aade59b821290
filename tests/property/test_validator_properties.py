"""Laws of intervals and of roll-ups that hold for every tree of figures."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from validator_documents import Block, Line, Paper, checked, errors, function, statuses, total

from services.validator.domain.intervals import Amount, Interval, grade, half_width, plausible_difference, possible_difference
from shared.contracts.validated import Validated

MILLS = st.integers(min_value=0, max_value=10**9).map(lambda n: Decimal(n).scaleb(-4))  # 万元 to the yuan
CENTS = st.integers(min_value=-(10**9), max_value=10**9).map(lambda n: Decimal(n).scaleb(-2))
RULES = ("rollup.function.class", "rollup.function.section", "rollup.function.total", "column.sum")


def printed(value: Decimal, step: str = "0.01") -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(CENTS), draw(CENTS)))
    return Interval(low, high)


@given(intervals(), intervals(), intervals())
def test_addition_of_intervals_is_commutative_and_associative(one: Interval, other: Interval, third: Interval) -> None:
    assert one + other == other + one
    assert (one + other) + third == one + (other + third)


@given(intervals(), intervals(), intervals())
def test_what_meets_still_meets_when_both_are_shifted(one: Interval, other: Interval, shift: Interval) -> None:
    if one.meet(other) is not None:
        assert (one + shift).meet(other + shift) is not None
    assert one.meet(other) == other.meet(one)
    assert one.meet(one) == one


@given(MILLS)
def test_a_true_value_lies_in_the_interval_of_its_print(value: Decimal) -> None:
    found = Amount(printed(value), half_width(printed(value), 2)).interval
    assert found.low <= value <= found.high


@given(st.lists(MILLS, min_size=1, max_size=30))
def test_rounding_alone_never_makes_a_sum_impossible(parts: list[Decimal]) -> None:
    half = Decimal("0.005")
    target, terms = Amount(printed(sum(parts, Decimal(0))), half), [Amount(printed(part), half) for part in parts]
    difference = target.value - sum((term.value for term in terms), Decimal(0))
    assert grade(difference, possible_difference([target, *terms]), plausible_difference(target, terms)) != "failed"


Tree = list[list[list[tuple[Decimal, Decimal]]]]
TREES = st.lists(st.lists(st.lists(st.tuples(MILLS, MILLS), min_size=1, max_size=3), min_size=1, max_size=3), min_size=1, max_size=3)


def lines_of(tree: Tree, scale: int = 0) -> list[Line]:
    """A form of functions with true sums, each figure rounded by itself; `scale` shifts all figures by a power of ten."""

    def texts(pairs: list[tuple[Decimal, Decimal]]) -> list[str]:
        basic, project = (sum((pair[place] for pair in pairs), Decimal(0)) for place in (0, 1))
        return [str(printed(value).scaleb(scale)) for value in (basic + project, basic, project)]

    everything = [pair for sections in tree for items in sections for pair in items]
    lines = [total(*texts(everything))]
    for number, sections in enumerate(tree):
        code = str(201 + number)
        lines.append(function(code, *texts([pair for items in sections for pair in items])))
        for place, items in enumerate(sections):
            lines.append(function(f"{code}{place + 1:02}", *texts(items)))
            lines += [function(f"{code}{place + 1:02}{index + 1:02}", *texts([pair])) for index, pair in enumerate(items)]
    return lines


def run(lines: list[Line], precision: int = 2) -> Validated:
    heads = ("合计=total", "基本支出=basic_expenditure", "项目支出=project_expenditure")
    return checked(Paper("t1", "expenditure_summary", [Block("function", heads, lines)], precision=precision))


def grades(result: Validated) -> dict[str, list[str]]:
    return {rule: sorted(statuses(result, rule)) for rule in RULES}


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_a_consistent_tree_never_fails(tree: Tree) -> None:
    result = run(lines_of(tree))
    assert result.counts.failed == result.counts.not_assessable == 0
    assert not errors(result)


@settings(max_examples=30, deadline=None)
@given(TREES, st.integers(min_value=-2, max_value=2))
def test_scaling_by_a_power_of_ten_keeps_every_grade(tree: Tree, power: int) -> None:
    assert grades(run(lines_of(tree))) == grades(run(lines_of(tree, power), precision=2 - power))


@settings(max_examples=30, deadline=None)
@given(TREES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(tree: Tree, random: object) -> None:
    lines = lines_of(tree)
    shuffled = lines[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert grades(run(lines)) == grades(run(shuffled))


@settings(max_examples=30, deadline=None)
@given(TREES)
def test_a_row_of_zeros_changes_no_grade_but_the_band_of_the_total(tree: Tree) -> None:
    before, after = run(lines_of(tree)), run([*lines_of(tree), function("234", "0.00", "0.00", "0.00")])
    assert statuses(after, "rollup.function.total") == statuses(before, "rollup.function.total")
    assert statuses(after, "rollup.function.section") == statuses(before, "rollup.function.section")


@settings(max_examples=60, deadline=None)
@given(TREES, st.data())
def test_a_figure_changed_by_more_than_is_possible_never_passes(tree: Tree, data: st.DataObject) -> None:
    lines = lines_of(tree)
    row = data.draw(st.integers(min_value=0, max_value=len(lines) - 1))
    col = data.draw(st.integers(min_value=0, max_value=2))
    change = data.draw(st.integers(min_value=20, max_value=10**6).map(lambda n: Decimal(n).scaleb(-2)))
    amounts = list(lines[row].amounts)
    assume(Decimal(amounts[col]) != 0)
    amounts[col] = str(Decimal(amounts[col]) + change)
    lines[row] = Line(lines[row].label, amounts, role=lines[row].role, function=lines[row].function)
    heads = ("合计=total", "基本支出=basic_expenditure", "项目支出=project_expenditure")
    result = checked(Paper("t1", "expenditure_summary", [Block("function", heads, lines)]))
    broken = [check for check in result.checks if f"t1/{row}/{col + 1}" in (check.target, *(term.fact for term in check.terms))]
    assert broken
    assert not any(check.status in ("exact", "rounding") for check in broken)
