"""Laws of filings: the order of documents is irrelevant, and rounding alone never makes two documents contradict each other."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from filing_documents import budget_2024, by_year, changed, claim, named, reconciled, sum_of
from hypothesis import given, settings
from hypothesis import strategies as st
from validator_documents import Block, Paper, function, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.reconcile import reconcile
from shared.canonical import canonical_json
from shared.contracts.normalized import Normalized
from shared.filings import state_digest

YUAN = st.integers(min_value=1, max_value=10**10).map(lambda cents: Decimal(cents).scaleb(-2))
PRINTS = st.sampled_from([("元", 0), ("元", 2), ("万元", 2), ("万元", 4)])

NARRATIVE = named("narrative", claims=[claim("2025年度收入总计", "91.23"), claim("2025年度收入总计", "90.00")], part="narrative")
INCOME = Paper("t1", "income_expenditure_summary", [Block("income", ("金额=amount",), (total("90.00", line="income_total"),))])
TABLES = named("tables", INCOME, by_year(sum_of("90.00", "95.00"), function("208", "62.00", "65.00")), part="tables")
WHOLE = named("whole", by_year(sum_of("91.00", "95.00")), claims=[claim("基本支出预算", "1.00")], part="whole")
MEMBERS = (NARRATIVE, TABLES, WHOLE)
PREVIOUS = (budget_2024(), named("old tables", by_year(sum_of("80.00", "90.00")), part="tables", year=2024))
EXPECTED = reconciled(MEMBERS, PREVIOUS)


def printed(yuan: Decimal, unit: str, decimals: int) -> str:
    """A true amount as a form prints it: rounded half up."""
    value = yuan.scaleb(-4) if unit == "万元" else yuan
    return format(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), "f")


@given(st.permutations(MEMBERS), st.permutations(PREVIOUS), st.permutations(MEMBERS), st.permutations(PREVIOUS))
@settings(max_examples=30, deadline=None)
def test_no_order_of_documents_changes_a_byte(
    told: list[Normalized], told_before: list[Normalized], given_: list[Normalized], given_before: list[Normalized]
) -> None:
    state = changed(told, told_before)
    assert state_digest(state) == state_digest(EXPECTED)
    assert canonical_json(reconcile(state, given_, given_before, load_rules())) == canonical_json(EXPECTED)


@given(YUAN, PRINTS, PRINTS)
@settings(max_examples=150, deadline=None)
def test_two_prints_of_one_amount_never_differ_from_year_to_year(yuan: Decimal, now: tuple[str, int], then: tuple[str, int]) -> None:
    this_year = named("now", by_year(sum_of(printed(yuan, *now), "1"), unit=now[0], precision=now[1]), part="whole")
    before = named("then", by_year(sum_of("1", printed(yuan, *then)), unit=then[0], precision=then[1]), part="whole", year=2024)
    filing = reconciled([this_year], [before])
    assert filing.findings == ()
    assert not filing.counts.failed


@given(YUAN, PRINTS, PRINTS)
@settings(max_examples=150, deadline=None)
def test_a_claim_never_contradicts_another_print_of_its_amount(yuan: Decimal, words: tuple[str, int], form: tuple[str, int]) -> None:
    text = printed(yuan, *words)
    narrative = named("n", claims=[claim("2025年度收入总计", text, unit=words[0])], part="narrative")
    block = Block("income", ("金额=amount",), (total(printed(yuan, *form), line="income_total"),))
    filing = reconciled([narrative, named("t", Paper("t1", INCOME.form, [block], unit=form[0], precision=form[1]), part="tables")])
    assert filing.findings == ()
    assert not filing.counts.failed


@given(YUAN, st.integers(min_value=2, max_value=10**6))
@settings(max_examples=100, deadline=None)
def test_a_difference_of_two_last_digits_is_always_seen(yuan: Decimal, digits: int) -> None:
    value = Decimal(printed(yuan, "万元", 2))
    this_year = named("now", by_year(sum_of(str(value), "1")), part="whole")
    before = named("then", by_year(sum_of("1", str(value + Decimal(digits).scaleb(-2)))), part="whole", year=2024)
    assert len(reconciled([this_year], [before]).findings) == 1
