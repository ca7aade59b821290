"""Shares and changes of a narrative: what each is measured against, and what that says of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs
from validator_documents import Block, Paper, document, function, item, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.claim_groups import changes_of, listed_shares
from services.validator.domain.validate import validate
from shared.contracts.normalized import Claim, Kind
from shared.contracts.validated import ClaimCheck

BESIDE = Paper(
    "t1",
    "three_public",
    [
        Block(
            "three_public",
            ("上年预算数=previous_year", "本年预算数=amount"),
            (item("公务接待费", "7.00", "4.00", line="three_public.reception"),),
        )
    ],
)


def accounts(*heads: str, amounts: Sequence[str]) -> Paper:
    """A form of final accounts of official receptions."""
    return Paper("t1", "three_public", [Block("three_public", heads, (item("公务接待费", *amounts, line="three_public.reception"),))])


def amount(text: str, subject: str = "培训费", **more: Any) -> Claim:
    made: dict[str, Any] = {"unit": "万元", "sentence": 1, **more}
    return Claim(page=7, text="", kind="amount", subject=subject, amount=Decimal(text), decimals=_decimals(text), **made)


def share(text: str, about: int | None, **more: Any) -> Claim:
    made: dict[str, Any] = {"of": "", "sentence": 1, **more}
    return Claim(page=7, text="", kind="share", subject="", amount=Decimal(text), unit="%", decimals=_decimals(text), about=about, **made)


def change(text: str, about: int | None, unit: str = "万元", **more: Any) -> Claim:
    way = {"direction": "down" if text.startswith("-") else "up", "sentence": 1, "base": "last_year", **more}
    return Claim(page=7, text="", kind="change", subject="", amount=Decimal(text), unit=unit, decimals=_decimals(text), about=about, **way)


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def judged(*claims: Claim, forms: Sequence[Paper] = (), kind: Kind = "budget") -> tuple[ClaimCheck, ...]:
    made = document(*forms, claims=claims)
    return validate(structs.replace(made, document=structs.replace(made.document, kind=kind)), load_rules()).claims


def last(*claims: Claim, forms: Sequence[Paper] = (), kind: Kind = "budget") -> ClaimCheck:
    return judged(*claims, forms=forms, kind=kind)[-1]


# -- what is more than the amount itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rise", "ended"),
    [
        (change("90.00", 0, base="last_year"), ("contradicting", "difference", None)),
        (change("90.00", 0, base="last_year_budget"), ("contradicting", "difference", None)),
        (change("90.00", 0, base="last_year_final"), ("contradicting", "difference", None)),
        (change("90.00", 0, base="budget"), ("untied", None, "no_base")),
        (change("90.00", 0, base=None), ("untied", None, "no_base")),
        (change("90.00", 0, direction=None), ("untied", None, "no_base")),
        (change("-90.00", 0), ("untied", None, "no_base")),
        (change("90.00", 0, unit="%"), ("untied", None, "no_base")),
        (change("90.00", None), ("untied", None, "no_amount")),
        (change("0.00", 0), ("tied", "growth", None)),
    ],
)
def test_only_a_rise_over_last_year_may_not_be_more_than_the_amount(rise: Claim, ended: tuple[str, str | None, str | None]) -> None:
    found = last(amount("50.00"), rise)
    assert (found.status, found.formula, found.reason) == ended


# -- what a change is measured against ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "said", "ended"),
    [
        ("last_year", "-3.00", ("tied", "difference")),
        ("last_year_budget", "-3.00", ("tied", "difference")),
        ("last_year_budget", "-2.00", ("contradicting", "difference")),
        ("last_year_final", "-3.00", ("untied", None)),  # a column of the budget says nothing of it
        ("budget", "-3.00", ("untied", None)),
    ],
)
def test_last_years_budget_stands_beside_an_amount_that_the_tables_print(base: str, said: str, ended: tuple[str, str | None]) -> None:
    found = last(amount("4.00", "公务接待费"), change(said, 0, base=base), forms=[BESIDE])
    assert (found.status, found.formula) == ended
    assert found.facts == (("t1/0/1", "t1/0/2") if found.formula else ()) or set(found.facts) == {"t1/0/1", "t1/0/2"}


@pytest.mark.parametrize(("base", "said", "status"), [("budget", "-3.00", "tied"), ("budget", "-1.00", "contradicting"), ("last_year", "-3.00", "untied")])  # fmt: skip
def test_the_budget_stands_beside_an_amount_of_final_accounts(base: str, said: str, status: str) -> None:
    form = accounts("预算数=budget", "决算数=final", amounts=("7.00", "4.00"))
    assert last(amount("4.00", "公务接待费"), change(said, 0, base=base), forms=[form], kind="final_accounts").status == status


def test_an_amount_is_not_its_own_base() -> None:
    found = last(amount("8.00", stage="budget"), change("-2.00", 0, base="budget"))
    assert (found.status, found.reason) == ("untied", "no_base")


# -- pairs of a change in money and its percentage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("money", "rate", "statuses"),
    [
        (change("10.00", 0), change("25.00", 0, unit="%"), ["tied", "tied"]),
        (change("10.00", 0), change("25.03", 0, unit="%"), ["untied", "untied"]),
        (change("10.00", 0), change("26.00", 0, unit="%"), ["contradicting", "contradicting"]),
        (change("10.00", 0), change("-25.00", 0, unit="%"), ["contradicting", "contradicting"]),
        (change("10.00", 0), change("25.00", 0, unit="%", direction=None), ["tied", "tied"]),
        (change("10.00", 0, direction=None), change("-25.00", 0, unit="%"), ["contradicting", "contradicting"]),
        (change("0.00", 0), change("0.00", 0, unit="%", direction="down"), ["tied", "tied"]),
        (change("0.00", 0), change("-0.02", 0, unit="%"), ["untied", "untied"]),
        (change("-0.01", 0), change("0.00", 0, unit="%"), ["untied", "untied"]),
    ],
)
def test_a_percentage_is_that_of_its_money(money: Claim, rate: Claim, statuses: list[str]) -> None:
    assert [found.status for found in judged(amount("50.00"), money, rate)[1:]] == statuses


def test_a_pair_that_holds_names_both_and_the_amount() -> None:
    money, rate = judged(amount("50.00"), change("10.00", 0), change("25.00", 0, unit="%"))[1:]
    assert (money.formula, money.claims) == ("growth", (0, 1, 2))
    assert (rate.formula, rate.claims) == ("growth", (0, 1))
    zero, none = judged(amount("50.00"), change("0.00", 0), change("0.00", 0, unit="%"))[1:]
    assert (zero.claims, none.claims) == ((0,), (0,))


def test_a_pair_that_does_not_hold_names_what_the_percentage_would_be() -> None:
    _, near = judged(amount("50.00"), change("10.00", 0), change("25.03", 0, unit="%"))[1:]
    assert (near.reason, str(near.expected)) == ("near", "25.00")
    _, wrong = judged(amount("50.00"), change("10.00", 0), change("26.00", 0, unit="%"))[1:]
    assert (wrong.claims, str(wrong.expected)) == ((0, 1), "25.00")


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        # 10.00 more is 11.11 % of what makes 100.00, 25.00 % of what makes 50.00.
        ((amount("100.00"), amount("50.00", whole=0, sentence=2)), 3, "tied"),  # the amount that it is part of
        ((amount("100.00"), amount("50.00", sentence=1)), 3, "tied"),  # another one of the sentence of what it speaks of
        ((amount("100.00", sentence=3), amount("50.00", sentence=1)), 3, "tied"),  # another one of its own sentence
        ((amount("100.00"), amount("50.00", sentence=2)), 3, "contradicting"),  # one of neither
        ((amount("100.00", stage="last_year"), amount("50.00", sentence=1)), 3, "contradicting"),  # last year's
        ((amount("100.00", stage="budget"), amount("50.00", sentence=1)), 3, "tied"),
    ],
)
def test_a_change_may_be_of_another_amount_nearby(before: tuple[Claim, ...], now: int, status: str) -> None:
    money, rate = change("10.00", 1, sentence=now), change("11.11", 1, unit="%", sentence=now)
    assert last(*before, money, rate).status == status


# -- shares -------------------------------------------------------------------------------------------------------------------------------


def test_a_share_without_an_amount_or_of_something_else_is_compared_with_nothing() -> None:
    assert (last(share("95", None)).status, last(share("95", None)).reason) == ("untied", "no_amount")
    other = last(amount("50.00"), share("95", 0, of=None))
    assert (other.status, other.reason) == ("untied", "no_base")
    alone = last(amount("50.00"), share("100.00", 0))
    assert (alone.status, alone.reason) == ("untied", "no_base")


@pytest.mark.parametrize(
    ("part", "said", "ended"),
    [
        ("0.00", "0.00", ("tied", (1,))),
        ("0.00", "5.00", ("contradicting", (1, 0))),
        ("5.00", "0.00", ("contradicting", (1, 0))),
        ("5.00", "5.00", ("tied", (1, 0))),
        ("5.00", "5.02", ("untied", (1, 0))),
    ],
)
def test_a_share_of_the_amount_that_it_is_part_of(part: str, said: str, ended: tuple[str, tuple[int, ...]]) -> None:
    found = last(amount("100.00", "支出"), amount(part, whole=0), share(said, 1, whole=0))
    assert (found.status, found.claims, found.formula) == (*ended, "share")
    assert found.reason == ("near" if found.status == "untied" else None)
    assert (found.expected is None) is (found.status == "tied")


def test_nothing_is_all_of_a_share_of_nothing() -> None:
    assert last(amount("0.00"), share("0.00", 0)).status == "tied"


@pytest.mark.parametrize(("said", "status"), [("66.00", "tied"), ("60.00", "tied"), ("63.00", "contradicting")])
def test_a_share_of_an_amount_that_the_tables_contradict_may_be_of_either(said: str, status: str) -> None:
    heads = ("合计=total", "基本支出=basic_expenditure", "项目支出=project_expenditure")
    form = Paper("t1", "expenditure_summary", [Block("function", heads, (total("100.00", "60.00", "40.00", line="expenditure_total"), function("208", "100.00", "60.00", "40.00")))])  # fmt: skip
    claims = judged(amount("100.00", "本年支出合计"), amount("66.00", "基本支出", whole=0), share(said, 1, whole=0), forms=[form])
    assert [claim.status for claim in claims] == ["tied", "contradicting", status]


@pytest.mark.parametrize("unit", [None, "美元"])
def test_an_amount_of_no_known_unit_is_no_part_and_no_whole(unit: str | None) -> None:
    assert last(amount("100.00", unit=unit), amount("50.00", whole=0), share("50.00", 1, whole=0)).status == "untied"
    assert last(amount("100.00"), amount("50.00", whole=0, unit=unit), share("50.00", 1, whole=0)).status == "untied"


@pytest.mark.parametrize(
    ("between", "status"),
    [
        ([], "tied"),
        ([amount("1.00", "差旅费")] * 37, "tied"),
        ([amount("1.00", "差旅费")] * 38, "untied"),  # too long ago
        ([change("20.00", 0, unit="人")], "tied"),
        ([structs.replace(amount("20.00", "印刷费"), kind="change")], "tied"),
        ([amount("40.00", "印刷费")], "contradicting"),  # the last one of the name counts
    ],
)
def test_a_share_of_what_it_names_is_one_of_the_amount_that_was_given_shortly_before(between: list[Claim], status: str) -> None:
    claims = [amount("100.00", "印刷费"), *between, amount("50.00", "会议费")]
    assert last(*claims, share("50.00", len(claims) - 1, of="印刷费")).status == status


def test_a_share_that_holds_of_a_rounded_amount_accuses_nobody() -> None:
    """The table prints 4.00 of 9.00; what the text rounds to 4 may be 4.04."""
    lines = (item("三公经费合计", "9.00", line="three_public.total"), item("公务接待费", "4.00", line="three_public.reception"))
    form = Paper("t1", "three_public", [Block("three_public", ("本年预算数=amount",), lines)])
    for said, status, reason in (("44.4", "tied", None), ("44.9", "untied", "near"), ("54.9", "contradicting", None)):
        found = last(amount("4", "公务接待费"), share(said, 0, of="三公经费"), forms=[form])
        assert (found.status, found.reason, found.formula) == (status, reason, "share")
        assert found.expected == (None if status == "tied" else Decimal("44.4"))


# -- how much of a budget was carried out -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "status"), [("75.00", "tied"), ("100.00", "contradicting"), ("60.00", "contradicting")])
def test_a_budget_stands_before_what_was_carried_out_of_it(said: str, status: str) -> None:
    """Neither the amount itself nor a later one is its budget."""
    claims = (amount("8.00", stage="budget"), amount("6.00", stage="budget"), amount("10.00", stage="budget"))
    found = last(*claims, share(said, 1, of=None, base="budget"))
    assert (found.status, found.formula, found.claims) == (status, "completion", (1, 0))


@pytest.mark.parametrize(
    ("heads", "amounts", "stage", "ended"),
    [
        (("预算数=budget", "决算数=final"), ("8.00", "6.00"), None, ("tied", "completion")),
        (("预算数=budget", "决算数=final"), ("9.00", "6.00"), None, ("contradicting", "completion")),
        (("年初预算=budget", "调整预算=budget", "决算数=final"), ("8.00", "9.00", "6.00"), None, ("untied", None)),  # which of them is open
        (("预算数=budget", "决算数=final"), ("6.00", "8.00"), "budget", ("untied", None)),  # it is the budget itself
    ],
)
def test_a_budget_printed_beside_an_amount_is_the_one_that_was_carried_out(
    heads: tuple[str, ...], amounts: tuple[str, ...], stage: str | None, ended: tuple[str, str | None]
) -> None:
    form = accounts(*heads, amounts=amounts)
    claims = (amount("6.00", "公务接待费", stage=stage), share("75.00", 0, of=None, base="budget"))
    found = last(*claims, forms=[form], kind="final_accounts")
    assert (found.status, found.formula) == ended


# -- shares of all that is listed ---------------------------------------------------------------------------------------------------------


def listed(count: int, said: str, **more: Any) -> list[str]:
    """The statuses of shares of so many equal amounts."""
    claims: list[Claim] = []
    for _ in range(count):
        claims += [amount("1.00"), share(said, len(claims), **more)]
    return [found.status for found in judged(*claims) if found.kind == "share"]


def test_shares_of_a_list_may_be_of_the_sum_of_what_is_listed() -> None:
    assert listed(2, "50.00") == ["tied", "tied"]
    assert listed(4, "25.00") == ["tied"] * 4
    assert listed(2, "51.00") == ["untied", "untied"], "nobody is accused by it"
    assert listed(2, "50.00", of="没有给出的支出") == ["tied", "tied"]
    assert listed(1, "100.00") == ["untied"], "one amount is no list"
    assert listed(2, "50.00", of=None, base="budget") == ["untied", "untied"], "a budget is not the sum of what was spent"


def test_a_list_of_shares_is_looked_at_up_to_a_bound() -> None:
    assert set(listed(60, "1.67")) == {"tied"}
    assert set(listed(61, "1.64")) == {"untied"}


# -- claims that belong together ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "groups"),
    [
        ([], []),
        ([amount("1.00")], []),
        ([share("40", None), share("60", None)], [[0, 1]]),
        ([share("40", None), amount("1.00"), share("60", None)], [[0, 2]]),
        ([share("40", None), share("60", None, of="支出")], [[0], [1]]),
        ([share("40", None), share("60", None, whole=0)], [[0], [1]]),
        ([share("40", None), share("60", None, base="budget")], [[0], [1]]),
        ([share("40", None), share("60", None, sentence=2)], [[0, 1]]),
        ([share("40", None), share("60", None, sentence=3)], [[0], [1]]),
        ([share("40", None), share("30", None, sentence=2), share("30", None, sentence=3)], [[0, 1, 2]]),
        ([share("40", None), share("60", None, of="支出"), share("60", None)], [[0], [1], [2]]),
    ],
)
def test_shares_of_one_list_have_the_same_words_whole_and_base_sentence_after_sentence(
    claims: list[Claim], groups: list[list[int]]
) -> None:
    assert list(listed_shares(claims)) == groups


MONEY, RATE = change("10.00", 0), change("25.00", 0, unit="%")


@pytest.mark.parametrize(
    ("claims", "groups"),
    [
        ([], []),
        ([MONEY], [[0]]),
        ([RATE], [[0]]),
        ([MONEY, RATE], [[0, 1]]),
        ([RATE, MONEY], [[0], [1]]),
        ([MONEY, amount("1.00"), share("3", 0), RATE], [[0, 3]]),
        ([MONEY, MONEY, RATE], [[0], [1, 2]]),
        ([MONEY, RATE, RATE], [[0, 1], [2]]),
        ([MONEY, RATE, MONEY], [[0, 1], [2]]),
        ([MONEY, structs.replace(RATE, sentence=2)], [[1], [0]]),
        ([MONEY, structs.replace(RATE, about=7), RATE], [[1], [0, 2]]),
        ([change("3", 0, unit="人"), RATE], [[1]]),
        ([MONEY, change("3", 0, unit="个百分点"), change("3", 0, unit="辆"), RATE], [[0, 3]]),
        ([change("10", 0, unit="亿元"), RATE, change("10", 0, unit="元")], [[0, 1], [2]]),
    ],
)
def test_a_change_in_money_goes_with_the_percentage_that_follows_it_in_its_sentence(claims: list[Claim], groups: list[list[int]]) -> None:
    assert list(changes_of(claims)) == groups
