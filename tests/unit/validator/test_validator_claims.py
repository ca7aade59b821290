"""Claims of the narrative against the tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from validator_documents import Block, Paper, by_function, checked, errors, function, item, total, warnings

from shared.contracts.normalized import Claim
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
