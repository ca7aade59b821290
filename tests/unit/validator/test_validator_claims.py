"""Claims of the narrative against the tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, by_function, checked, errors, function, item, total, warnings

from services.validator.domain.claims import comparable, cut_off, most_general, of_stage
from services.validator.domain.sheet import Figure, figure_of
from shared.contracts.normalized import Claim, Fact, Stage
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


@pytest.mark.parametrize(
    ("subject", "stage", "kind", "measures"),
    [
        ("支出", None, "budget", ["amount", "budget", "adjusted_budget", "final"]),
        ("支出", None, "final_accounts", ["amount", "final"]),
        ("支出", "budget", "budget", ["amount", "budget", "adjusted_budget", "final"]),
        ("支出", "budget", "final_accounts", ["budget", "adjusted_budget"]),
        ("支出", "final", "final_accounts", ["amount", "final"]),
        ("支出", "last_year", "budget", ["previous_year"]),
        ("支出", "last_year", "final_accounts", ["previous_year"]),
        ("2024年支出", None, "budget", ["previous_year"]),
        ("2024年支出", "budget", "final_accounts", ["previous_year"]),
        ("2025年支出", None, "budget", ["amount", "budget", "adjusted_budget", "final"]),
        ("2023年支出", None, "budget", ["amount", "budget", "adjusted_budget", "final"]),
        ("2024年和2025年支出", None, "budget", ["amount", "budget", "adjusted_budget", "final"]),
    ],
)
def test_an_amount_speaks_of_the_figures_of_its_stage(subject: str, stage: Stage | None, kind: str, measures: list[str]) -> None:
    figures = [figure_of(structs.replace(YUAN, measure=name)) for name in ("amount", "previous_year", "budget", "adjusted_budget", "final")]
    said = structs.replace(claim(subject, "91.23"), stage=stage)
    assert [figure.fact.measure for figure in of_stage(said, figures, kind, 2025)] == measures


def test_a_contradiction_is_shown_with_a_total_rather_than_a_line_and_with_the_largest_of_them() -> None:
    def figure(name: str, amount: str, code: str | None = None) -> Figure:
        return figure_of(structs.replace(YUAN, id=name, amount=Decimal(amount), function=code))

    line, whole, less, again = figure("a", "99", "208"), figure("b", "90"), figure("d", "80"), figure("c", "90")
    assert most_general([line, less, whole]) is whole
    assert most_general([line]) is line
    assert most_general([whole, again]) is again
    assert most_general([again, whole]) is again


ZERO = (
    by_function(total("0.00", "", ""), function("208", "0.00", "", ""), table="t2"),
    Paper("t3", "three_public", [Block("three_public", ("金额=amount",), (item("公务接待费", "", line="three_public.reception"),))]),
)


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        (claim("公务接待费", "0.00"), ("tied", "blank", None)),
        (claim("公务接待费", "3.21"), ("untied", None, "no_figure")),
        (claim("印刷费", "0.00"), ("untied", None, "no_figure")),
        (claim("本部门支出预算", "0.00"), ("tied", "figure", None)),
        (claim("本部门支出预算", "3.21"), ("untied", None, "differs")),  # a printed zero contradicts nobody
        (claim("本部门支出预算", "3.2"), ("untied", None, "rough")),
        (claim("本部门支出预算", "3"), ("untied", None, "rough")),
    ],
)
def test_an_amount_without_a_figure_that_could_contradict_it_says_why(said: Claim, ended: tuple[str, str | None, str | None]) -> None:
    (found,) = checked(*ZERO, claims=[said]).claims
    assert (found.status, found.formula, found.reason) == ended


def test_an_amount_points_to_as_many_as_eight_figures() -> None:
    lines = [by_function(function("208", "90.00", "", ""), table=f"t{number}", form="other") for number in range(1, 12)]
    (found,) = checked(*lines, claims=[claim("科目208", "90.00")]).claims
    assert found.facts == tuple(f"t{number}/0/1" for number in range(1, 9))


def by_stage(first: str, second: str, *heads: str) -> Paper:
    blocks = [Block("three_public", heads, (item("公务接待费", first, second, line="three_public.reception"),))]
    return Paper("t3", "three_public", blocks)


@pytest.mark.parametrize(
    ("printed", "amount", "ended"),
    [
        (("7.00", "4.00"), "4.00", ("tied", None, None)),
        (("7.00", "4.00"), "7.00", ("untied", None, "differs")),  # last year's: no contradiction, but no tie
        (("7.00", "4.00"), "6.00", ("contradicting", "4.00", None)),
        (("0.00", "4.00"), "0.00", ("contradicting", "4.00", None)),  # last year's nothing says nothing of this year
        (("7.00", "0.00"), "6.00", ("contradicting", "0.00", None)),
        (("7.00", ""), "6.00", ("untied", None, "differs")),
        (("7.00", ""), "0.00", ("untied", None, "differs")),
    ],
)
def test_an_amount_that_agrees_with_another_stage_accuses_nobody(
    printed: tuple[str, str], amount: str, ended: tuple[str, str | None, str | None]
) -> None:
    form = by_stage(*printed, "上年预算数=previous_year", "本年预算数=amount")
    (found,) = checked(form, claims=[claim("公务接待费", amount)]).claims
    assert (found.status, None if found.expected is None else str(found.expected), found.reason) == ended


@pytest.mark.parametrize(
    ("amount", "ended"),
    [
        ("87.70", ("tied", None)),
        ("87.69", ("untied", "near")),
        ("87.68", ("contradicting", None)),
        ("87.6", ("untied", "near")),
        ("87.5", ("contradicting", None)),
    ],
)
def test_an_amount_with_digits_cut_off_is_near(amount: str, ended: tuple[str, str | None]) -> None:
    lines = (Line("教育支出", ("876980",), function="205"),)
    form = Paper("t2", "expenditure_summary", [Block("function", ("合计=total",), lines)], unit="元", precision=0)
    (found,) = checked(form, claims=[claim("教育支出", amount)]).claims
    assert (found.status, found.reason) == ended
