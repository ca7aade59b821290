"""Claims of the narrative against the tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs
from validator_documents import Block, Paper, by_function, checked, errors, function, item, total, warnings

from services.validator.domain.claims import comparable, cut_off
from services.validator.domain.sheet import figure_of
from shared.contracts.normalized import Claim, Fact
from shared.contracts.validated import Finding

FORMS = (
    Paper("t1", "income_expenditure_summary", [Block("income", ("金额=amount",), (item("拨款", "90.00"), total("90.00", role="grand_total", label="收入总计", line="income_total")))]),
    by_function(total("90.00", "60.00", "30.00"), function("208", "90.00", "60.00", "30.00"), table="t2"),
)  # fmt: skip


def claim(subject: str, amount: str, unit: str = "万元", kind: str = "amount") -> Claim:
    value = Decimal(amount)
    return Claim(page=7, text="…", kind=kind, subject=subject, amount=value, unit=unit, decimals=max(0, -int(value.as_tuple().exponent)))  # type: ignore[arg-type]


def told(*claims: Claim) -> list[Finding]:
    result = checked(*FORMS, claims=claims)
    assert not errors(result)
    return warnings(result)


@pytest.mark.parametrize(
    "subject", ["2025年度收入总计", "本部门收入预算", "某某局本年收入合计", "2025年项目支出预算", "基本支出", "科目208"]
)
def test_a_claim_that_no_table_prints_is_contradicted(subject: str) -> None:
    (warning,) = told(claim(subject, "91.23"))
    assert warning.code == "claim.contradiction"
    assert "91.23" in warning.message.zh
    assert "第7页" in warning.message.zh
    assert (warning.reported, warning.unit, warning.page, warning.rule) == (Decimal("91.23"), "万元", 7, None)
    assert warning.expected is not None
    assert warning.difference == Decimal("91.23") - warning.expected
    assert f"为 {warning.expected} 万元，相差 {warning.difference} 万元" in warning.message.zh


@pytest.mark.parametrize(
    ("subject", "amount", "unit"),
    [
        ("2025年度收入总计", "90.00", "万元"),
        ("本部门收入预算", "900000.00", "元"),
        ("2025年度收入总计", "90.004", "万元"),
        ("2025年项目支出预算", "30.00", "万元"),
    ],
)
def test_a_claim_that_agrees_in_its_own_unit_and_decimals_is_nothing_to_report(subject: str, amount: str, unit: str) -> None:
    assert told(claim(subject, amount, unit)) == []


@pytest.mark.parametrize("subject", ["事业收入", "政府性基金支出预算", "2024年度收入总计", "比上年收入预算增加", "印刷费", ""])
def test_a_subject_that_names_something_else_is_let_be(subject: str) -> None:
    assert told(claim(subject, "91.23")) == []


def test_a_rough_figure_or_a_change_is_let_be() -> None:
    assert told(claim("2025年度收入总计", "100"), claim("2025年度收入总计", "91.23", kind="change")) == []


def test_a_narrative_without_tables_is_not_assessable() -> None:
    result = checked(claims=[claim("2025年度收入总计", "91.23")])
    assert result.findings == ()
    assert result.verdict == "unverifiable"


@pytest.mark.parametrize("year", [2019, 2023, 2026])
def test_an_amount_of_another_year_is_let_be(year: int) -> None:
    assert told(claim(f"{year}年度收入总计", "91.23")) == []
    assert told(claim("2025年度收入总计", "91.23"))


YUAN = Fact(
    id="t1/0/1", table="t1", row=0, col=1, form=None, function=None, economic=None, gov_economic=None, line=None, measure=None, fund=None,
    project=None, amount=Decimal(0), decimals=0, precision=0, unit="元", yuan=None, text="", page=1, bbox=(0, 0, 0, 0), code_from="none",
    confidence=1.0, label="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "amount", "unit", "precision", "cut"),
    [
        ("87.70", "877080", "元", 0, True),
        ("87.70", "877099", "元", 0, True),
        ("87.70", "877100", "元", 0, False),
        ("87.70", "876901", "元", 0, True),
        ("87.70", "876900", "元", 0, False),
        ("87.70", "-877080", "元", 0, True),
        ("87.70", "87.70", "万元", 2, False),  # a figure of as many digits has none to cut off
        ("87.7", "87.78", "万元", 2, True),
        ("87.70", "88", "万元", 0, False),
    ],
)
def test_an_amount_may_be_a_finer_figure_with_digits_cut_off(said: str, amount: str, unit: str, precision: int, cut: bool) -> None:
    figure = figure_of(structs.replace(YUAN, amount=Decimal(amount), unit=unit, precision=precision))
    assert cut_off(claim("支出", said), figure) is cut


@pytest.mark.parametrize(
    ("changes", "comparable_then"),
    [
        ({}, True),
        ({"amount": Decimal("91"), "decimals": 0}, True),
        ({"amount": Decimal("90"), "decimals": 0}, False),  # so round a number may be meant roughly
        ({"amount": Decimal("90.0"), "decimals": 1}, True),
        ({"amount": Decimal("90"), "decimals": 0, "unit": "亿元"}, False),
        ({"amount": Decimal("90"), "decimals": 0, "unit": "元"}, True),
        ({"amount": Decimal("90"), "decimals": 0, "unit": "千元"}, True),
        ({"unit": None}, False),
        ({"unit": "人"}, False),
        ({"kind": "change"}, False),
        ({"stage": "last_year"}, False),
        ({"stage": "budget"}, True),
        *(({"subject": f"支出{word}数"}, False) for word in ("上年", "去年", "增", "减", "调整", "完成", "追加", "结转", "补助资金")),
        ({"subject": "2025年支出"}, True),
        ({"subject": "2024年支出"}, False),
        ({"subject": "2024年至2025年支出"}, False),
    ],
)
def test_amounts_of_this_year_that_are_printed_finely_are_compared(changes: dict[str, object], comparable_then: bool) -> None:
    made = structs.replace(
        Claim(page=7, text="", kind="amount", subject="支出", amount=Decimal("91.23"), unit="万元", decimals=2), **changes
    )
    assert bool(comparable(made, 2025)) is comparable_then


def test_where_the_year_of_a_document_is_unknown_any_year_may_be_its_own() -> None:
    assert comparable(claim("2019年支出", "91.23"), None)
