"""Correspondences of the two classifications on random money: they hold where items are classified by the table, and never accuse anybody."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from validator_documents import Block, Line, Paper, checked, errors, function, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.formula import parse_formula

ITEMS = {
    (identity.id, parse_formula(identity.formula)[0][0][0].gov_economic or ""): [
        content.economic or "" for content, _ in parse_formula(identity.formula)[1]
    ]
    for identity in load_rules().all_of("content_sum")
    if parse_formula(identity.formula)[0][0][0].economic == "303"
}
FUNCTIONS = ("2080501", "2080802", "2210203")
CODES = [code for codes in ITEMS.values() for code in codes]
MONEY = st.dictionaries(
    st.tuples(st.sampled_from(FUNCTIONS), st.sampled_from(CODES)),
    st.integers(1000, 10**7).map(lambda value: Decimal(value) / 10000),
    min_size=3,
)


def printed(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP)) if amount else ""


def form(table: str, kind: str, axis: str, columns: dict[str, list[str]], money: dict[tuple[str, str], Decimal]) -> Paper:
    """Functions by columns; each column sums some items. Every figure is rounded by itself."""

    def line(functions: tuple[str, ...]) -> list[str]:
        cells = [sum((money.get((one, code), Decimal(0)) for one in functions for code in codes), Decimal(0)) for codes in columns.values()]
        return [printed(sum(cells, Decimal(0))), *map(printed, cells)]

    rows: list[Line] = [total(*line(FUNCTIONS)), *(function(one, *line((one,))) for one in FUNCTIONS)]
    heads = ("总计=total", *(f"{code}=class" for code in columns))
    changes = {2 + place: {axis: code} for place, code in enumerate(columns)}
    return Paper(table, kind, [Block("function", heads, rows)], scope="general_basic", changes=changes)


def both(by_gov: dict[str, list[str]], money: dict[tuple[str, str], Decimal]) -> tuple[Paper, Paper]:
    return (
        form("t1", "breakdown_subsidies_gov", "gov_economic", by_gov, money),
        form("t2", "breakdown_subsidies", "economic", {code: [code] for code in CODES}, money),
    )


@settings(max_examples=40, derandomize=True, deadline=None)
@given(MONEY)
def test_money_classified_by_the_table_holds_in_every_correspondence(money: dict[tuple[str, str], Decimal]) -> None:
    result = checked(*both({gov: codes for (_, gov), codes in ITEMS.items()}, money))
    views = [check for check in result.checks if check.rule.startswith("views.")]
    assert views
    assert {check.status for check in views} <= {"exact", "rounding", "suspicious"}
    assert not errors(result)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(MONEY, st.permutations(CODES))
def test_money_classified_otherwise_accuses_nobody(money: dict[tuple[str, str], Decimal], shuffled: list[str]) -> None:
    """The same totals, items under other government codes: both forms add up, so nobody has made a mistake."""
    sizes = [len(codes) for codes in ITEMS.values()]
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    by_gov = {gov: list(shuffled[start : start + size]) for (_, gov), start, size in zip(ITEMS, starts, sizes, strict=True)}
    assert not errors(checked(*both(by_gov, money)))
