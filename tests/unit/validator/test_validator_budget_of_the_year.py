"""Final accounts against the budget of the same year: 年初预算数 in forms and in the narrative."""

from __future__ import annotations

from filing_documents import changed, info, member, named
from msgspec import structs
from validator_documents import Block, Line, Paper, item

from services.normalizer.domain.claims import find_claims
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.reconcile import reconcile
from shared.canonical import canonical_json
from shared.contracts.common import NO_BOX
from shared.contracts.extracted import TextLine
from shared.contracts.filing import Filing, PreviousFiling
from shared.contracts.normalized import Claim, Normalized
from shared.filings import budget_of, needs_reconciling, state_digest


def three_public(*lines: Line, heads: tuple[str, ...] = ("金额=amount",)) -> Paper:
    return Paper("t9", "three_public", [Block("three_public", heads, lines)], title="三公经费表")


def functions(*amounts: tuple[str, str, str]) -> Paper:
    lines = tuple(Line(label, (amount,), function=code) for label, code, amount in amounts)
    return Paper("t3", "expenditure_summary", [Block("function", ("合计=total",), lines)], title="支出总表", scope="all")


BUDGET = named(
    "budget",
    three_public(
        item("三公经费合计", "9.00", line="three_public.total"),
        item("公务接待费", "4.00", line="three_public.reception"),
        item("公务用车购置及运行费", "5.00", line="three_public.vehicles"),
    ),
    functions(("教育支出", "205", "80.00"), ("普通教育", "20502", "80.00"), ("学前教育", "2050201", "80.00")),
    part="tables",
    kind="budget",
)


def said(*texts: str) -> tuple[Claim, ...]:
    return tuple(find_claims(TextLine(page=5, kind="paragraph", text=text, bbox=NO_BOX) for text in texts))


def accounts(reception: str = "4.00", *texts: str, head: str = "预算数=budget") -> Normalized:
    lines = (
        item("三公经费合计", "9.00", "7.00", line="three_public.total"),
        item("公务接待费", reception, "3.00", line="three_public.reception"),
        item("公务用车购置及运行费", "5.00", "4.00", line="three_public.vehicles"),
    )
    return named(
        "accounts",
        three_public(*lines, heads=(head, "决算数=final")),
        claims=said(*texts),
        part="whole",
        kind="final_accounts",
    )


def reconciled(document: Normalized, budget: Normalized = BUDGET) -> Filing:
    state = structs.replace(changed([document]), budget=PreviousFiling(filing=info(budget), members=(member(budget),)))
    return reconcile(state, [document], [], load_rules(), [budget])


def statuses(filing: Filing) -> list[tuple[str, str]]:
    return [(check.rule, check.status) for check in filing.checks]


def test_a_budget_column_that_is_the_published_budget_ties() -> None:
    filing = reconciled(accounts())
    assert statuses(filing) == [("filing.year_budget", "exact")] * 3
    assert filing.findings == ()
    assert filing.verdict == "consistent"
    assert filing.checks[0].terms[0].document == BUDGET.document.id


def test_another_budget_than_the_published_one_is_a_warning_with_both_places() -> None:
    (warning,) = reconciled(accounts("4.50")).findings
    assert (warning.code, warning.severity, str(warning.reported), str(warning.expected)) == ("budget.mismatch", "warning", "4.50", "4.00")
    assert {evidence.document for evidence in warning.evidence} == {BUDGET.document.id, accounts().document.id}
    assert "预算" in warning.message.zh
    assert "如为调整后的预算" in warning.message.zh


def test_an_adjusted_budget_is_compared_with_nothing() -> None:
    assert reconciled(accounts("4.50", head="全年预算数=adjusted_budget")).checks == ()
    assert reconciled(accounts("4.50", head="调整预算数=budget")).checks == ()


ITEM = "教育支出（类）普通教育（款）学前教育（项）。"


def test_the_budget_that_the_narrative_gives_is_compared_by_name() -> None:
    text = "年初预算为80.00万元，支出决算为60.00万元，完成年初预算的75.00%。"
    right = reconciled(accounts("4.00", ITEM, text))
    assert ("filing.budget_claims", "exact") in statuses(right)
    assert right.findings == ()
    more = "公务接待费支出年初预算为4.00万元，支出决算为3.00万元。"
    (warning,) = reconciled(accounts("4.00", ITEM, text.replace("80.00", "88.00"), more)).findings
    assert (warning.code, str(warning.reported), str(warning.expected)) == ("budget.mismatch", "88.00", "80.00")


def test_where_most_named_amounts_differ_the_narrative_means_another_budget() -> None:
    filing = reconciled(accounts("4.00", ITEM, "年初预算为88.00万元，支出决算为60.00万元。"))
    assert filing.findings == ()
    assert ("filing.budget_claims", "not_assessable") in statuses(filing)


def test_final_accounts_alone_need_no_reconciling_and_with_the_budget_they_do() -> None:
    alone = changed([accounts()])
    assert not needs_reconciling(alone)
    state = structs.replace(alone, budget=PreviousFiling(filing=info(BUDGET), members=(member(BUDGET),)))
    assert needs_reconciling(state)
    assert state_digest(state) == state_digest(reconciled(accounts())) != state_digest(alone)


def test_a_filing_without_a_budget_says_nothing_of_one() -> None:
    assert b"budget" not in canonical_json(changed([named("x", functions(("教育支出", "205", "1.00")), part="tables", year=2025)]).members)
    assert b'"budget":' not in canonical_json(changed([accounts()]))
    assert budget_of(info(BUDGET)) is None
    found = budget_of(info(accounts()))
    assert found is not None
    assert found.id == info(BUDGET).id
