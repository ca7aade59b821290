"""Amounts of a narrative against another document's tables: which of the figures of their name they are held against."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from filing_documents import changed, claim, info, member, named, reconciled
from msgspec import structs
from validator_documents import Block, Paper, by_function, item, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.reconcile import reconcile
from shared.contracts.filing import Filing, PreviousFiling
from shared.contracts.normalized import Claim, Normalized


def printed(name: str, *amounts: str, unit: str = "万元", precision: int = 2) -> Normalized:
    """A document of forms of official receptions, one for each amount."""
    papers = [
        Paper(f"t{n}", "three_public", [Block("three_public", ("金额=amount",), (item("公务接待费", text, line="three_public.reception"),))], unit=unit, precision=precision)
        for n, text in enumerate(amounts, 1)
    ]  # fmt: skip
    return named(name, *papers, part="tables")


def narrative(*claims: Claim) -> Normalized:
    return named("narrative", claims=claims, part="narrative")


def ends(filing: Filing) -> list[tuple[str, list[str], str | None]]:
    return [(check.status, [term.fact for term in check.terms], check.reason) for check in filing.checks]


CUT = "the narrative may have cut digits off"


@pytest.mark.parametrize(
    ("amount", "amounts", "ended"),
    [
        ("4.00", ("4.00",), ("exact", ["t1/0/1"], None)),
        ("4.00", ("5.00", "4.00"), ("exact", ["t2/0/1"], None)),
        ("4.00", ("4.01", "4.00"), ("exact", ["t2/0/1"], None)),  # of those that agree the nearest
        ("4.00", ("4.00", "4.01"), ("exact", ["t1/0/1"], None)),
        ("4.00", ("4.01", "5.00"), ("rounding", ["t1/0/1"], None)),
        ("4.00", ("5.00", "6.00"), ("failed", ["t2/0/1"], None)),  # of those that differ the largest
        ("4.00", ("6.00", "5.00"), ("failed", ["t1/0/1"], None)),
        ("4.00", ("0.00",), ("not_assessable", [], "the tables print no figure of this name")),
        ("4.00", ("0.00", "5.00"), ("failed", ["t2/0/1"], None)),
    ],
)
def test_an_amount_is_held_against_the_figure_that_agrees_best(
    amount: str, amounts: Sequence[str], ended: tuple[str, list[str], str | None]
) -> None:
    assert ends(reconciled([narrative(claim("公务接待费", amount)), printed("tables", *amounts)])) == [ended]


def test_digits_that_were_cut_off_are_not_assessable() -> None:
    yuan = printed("tables", "40080", unit="元", precision=0)
    assert ends(reconciled([narrative(claim("公务接待费", "4.00")), yuan])) == [("not_assessable", [], CUT)]
    assert [status for status, *_ in ends(reconciled([narrative(claim("公务接待费", "3.90")), yuan]))] == ["failed"]
    assert [status for status, *_ in ends(reconciled([narrative(claim("公务接待费", "4.01")), yuan]))] == ["rounding"]


def test_every_other_document_with_tables_is_asked() -> None:
    one, other = printed("one", "5.00"), printed("other", "4.00")
    text = narrative(claim("公务接待费", "4.00"))
    assert [status for status, *_ in ends(reconciled([text, one, other]))] == ["exact"]
    assert [status for status, *_ in ends(reconciled([text, one]))] == ["failed"]
    assert ends(reconciled([text, narrative(claim("公务接待费", "4.00"), claim("公务接待费", "5.00"))])) == []


@pytest.mark.parametrize(
    ("subject", "amount", "checks"),
    [
        ("公务接待费", "4.00", 1),
        ("公务接待费", "40", 0),  # so round that it may be meant roughly
        ("2024年公务接待费", "4.00", 0),
        ("", "4.00", 0),
        ("会议费", "4.00", 0),  # a name that may mean something else
        ("因公出国（境）费", "4.00", 1),  # a name that can mean nothing else, and is printed nowhere
        ("因公出国（境）费", "0.00", 0),
    ],
)
def test_only_amounts_of_certain_names_that_are_printed_finely_are_checks(subject: str, amount: str, checks: int) -> None:
    tables = printed("tables", "5.00")
    assert len(reconciled([narrative(claim(subject, amount)), tables]).checks) == checks


# -- the budget that final accounts speak of ----------------------------------------------------------------------------------------------


def of_the_year(claims: Sequence[Claim], *amounts: str, unit: str = "万元", precision: int = 2) -> Filing:
    """Final accounts that call amounts the budget, and the published budget."""
    budget = printed("budget", *amounts, unit=unit, precision=precision)
    final = named("accounts", by_function(total("1.00", "", ""), table="t7"), claims=claims, part="whole", kind="final_accounts")
    state = structs.replace(changed([final]), budget=PreviousFiling(filing=info(budget), members=(member(budget),)))
    return reconcile(state, [final], [], load_rules(), [budget])


def planned(subject: str, amount: str) -> Claim:
    return structs.replace(claim(subject, amount), stage="budget")


@pytest.mark.parametrize(
    ("said", "amounts", "ended"),
    [
        (planned("公务接待费", "4.00"), ("4.00",), [("exact", ["t1/0/1"])]),
        (planned("公务接待费", "4.00"), ("5.00", "4.00"), [("exact", ["t2/0/1"])]),
        (planned("公务接待费", "4.00"), ("5.00", "6.00"), [("not_assessable", ["t2/0/1"])]),
        (planned("公务接待费", "4.00"), ("0.00",), []),
        (planned("公务接待费", "4.00"), (), []),
        (planned("公务接待费", "40"), ("5.00",), []),
        (planned("因公出国（境）费", "4.00"), ("5.00",), []),
        (planned("会议费", "4.00"), ("5.00",), []),
        (claim("公务接待费", "4.00"), ("5.00",), []),
    ],
)
def test_what_a_narrative_calls_the_budget_is_held_against_the_budget_by_name(
    said: Claim, amounts: Sequence[str], ended: list[tuple[str, list[str]]]
) -> None:
    assert [(status, terms) for status, terms, _ in ends(of_the_year([said], *amounts))] == ended


def test_a_budget_whose_digits_were_cut_off_is_let_be() -> None:
    assert ends(of_the_year([planned("公务接待费", "4.00")], "40080", unit="元", precision=0)) == []


@pytest.mark.parametrize(
    ("said", "statuses"),
    [
        (("5.00", "6.00"), ["exact", "failed"]),  # as many agree as differ
        (("6.00", "5.00"), ["failed", "exact"]),
        (("6.00", "7.00", "5.00"), ["not_assessable", "not_assessable", "exact"]),
        (("6.00", "5.01", "5.00"), ["failed", "rounding", "exact"]),
        (("6.00",), ["not_assessable"]),
    ],
)
def test_where_more_amounts_differ_than_agree_another_budget_is_meant(said: Sequence[str], statuses: list[str]) -> None:
    filing = of_the_year([planned("公务接待费", amount) for amount in said], "5.00")
    assert [check.status for check in filing.checks] == statuses
    reasons = {check.reason for check in filing.checks if check.status == "not_assessable"}
    assert reasons <= {"most amounts differ: perhaps an adjusted budget is meant"}
    assert len(filing.findings) == statuses.count("failed")
