"""Each of the three public expenses covers its item of basic expenditure; a figure in the neighbour's column is told by that."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from msgspec import structs

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.contracts.normalized import Claim
from shared.contracts.validated import Finding
from tests.validator_documents import Block, Line, Paper, document, economic, item, total

HEADS = ("公务接待费=amount", "公务用车运行费=amount", "因公出国费=amount")
LINES = ("three_public.reception", "three_public.vehicle_running", "three_public.abroad")
BASIC = (
    total("90.00"),
    Line("工资福利支出", ("80.00",), economic="301"),
    Line("商品和服务支出", ("10.00",), economic="302"),
    economic("30201", "4.00"),
    economic("30217", "1.50"),
    economic("30231", "4.50"),
)


def said(
    *printed: str, kind: str = "budget", code: str = "amount", basic: Sequence[Line] = BASIC, claims: Sequence[Claim] = ()
) -> list[Finding]:
    """What is said of a 三公 form that prints reception, running of vehicles and travel abroad."""
    heads = tuple(head.replace("amount", code) for head in HEADS)
    changes = {col: {"line": line} for col, line in enumerate(LINES, 1)}
    form = Paper("t2", "three_public", [Block("unit", heads, (item("某局", *printed, role="unit"),))], title="三公表", changes=changes)
    made = document(Paper("t1", "basic_by_economic", [Block("economic", ("金额=total",), basic)], title="基本支出表"), form, claims=claims)
    about = structs.replace(made.document, kind=kind)
    result = validate(structs.replace(made, document=about), load_rules())
    return [finding for finding in result.findings if finding.code == "plausibility.part"]


@pytest.mark.parametrize("printed", [("1.50", "4.50", ""), ("1.50", "6.00", "2.00"), ("3.00", "4.50", "0.00")])
def test_as_much_as_basic_expenditure_or_more_is_right(printed: Sequence[str]) -> None:
    assert said(*printed) == []


def test_a_figure_in_the_neighbours_column_is_named() -> None:
    (finding,) = said("", "4.50", "1.50")
    assert (finding.severity, finding.page) == ("warning", 2)
    assert finding.diagnosis is not None
    assert (finding.diagnosis.cause, finding.diagnosis.fact) == ("column_shift", "t2/0/3")
    assert "公务接待费为空" in finding.message.zh
    assert "可能填错栏目" in finding.message.zh


def test_less_than_basic_expenditure_is_a_question_without_a_cause() -> None:
    (finding,) = said("1.20", "4.50", "")
    assert finding.diagnosis is None
    assert "1.20" in finding.message.zh


def test_last_years_figure_and_the_budget_beside_final_accounts_are_others() -> None:
    assert said("", "", "", code="previous_year") == []
    assert said("1.00", "", "", kind="final_accounts", code="budget") == []
    assert len(said("1.00", "4.50", "", kind="final_accounts", code="final")) == 1


def test_without_the_item_of_basic_expenditure_nothing_is_known() -> None:
    assert said("", "4.50", "", basic=BASIC[:4]) == []


def test_what_the_text_contradicts_is_said_once() -> None:
    claim = Claim(page=3, text="", kind="amount", subject="公务用车运行维护费", amount=Decimal("9.99"), unit="万元", decimals=2)
    agreeing = structs.replace(claim, amount=Decimal("4.50"))
    assert len(said("1.20", "4.50", "", claims=[agreeing])) == 1
    assert said("1.20", "4.50", "", claims=[claim]) == []


def test_a_form_without_any_figure_is_another_matter_and_one_of_zeros_is_not() -> None:
    assert said("", "", "") == []
    assert len(said("0.00", "0.00", "0.00")) == 2
