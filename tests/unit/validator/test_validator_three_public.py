"""Each of the three public expenses covers its item of basic expenditure; a figure in the neighbour's column is told by that."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.contracts.normalized import Claim
from shared.contracts.validated import Finding
from tests.validator_documents import Block, Line, Paper, checked, document, economic, errors, item, total

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


def parts(findings: Sequence[Finding]) -> list[tuple[str, ...]]:
    """The figures that a question shows, for each."""
    return [tuple(evidence.fact for evidence in finding.evidence) for finding in findings if finding.code == "plausibility.part"]


@pytest.mark.parametrize(("printed", "told"), [("1.49", 0), ("1.48", 1), ("", 1)])
def test_a_last_digit_beside_basic_expenditure_is_rounding(printed: str, told: int) -> None:
    assert len(said(printed, "4.50", "")) == told


def test_each_of_the_three_is_compared_with_its_own_item() -> None:
    basic = (*BASIC, economic("30212", "2.00"))
    assert parts(said("1.50", "4.50", "1.00", basic=basic)) == [("t2/0/3", "t1/6/1")]
    assert parts(said("1.00", "4.00", "1.00", basic=basic)) == [("t2/0/3", "t1/6/1"), ("t2/0/1", "t1/4/1"), ("t2/0/2", "t1/5/1")]
    (finding,) = said("1.50", "4.50", "1.00", basic=basic)
    assert "因公出国（境）费印为 1.00 万元" in finding.message.zh
    assert "《三公表》: travel abroad is 1.00" in finding.message.en
    texts = [finding.message.zh for finding in said("1.00", "4.00", "", basic=basic[:-1])]
    assert ["公务接待费印为" in text for text in texts] == [True, False]
    assert ["公务用车运行维护费印为" in text for text in texts] == [False, True]


def test_what_is_known_of_a_figure_in_the_neighbours_column() -> None:
    (finding,) = said("1.20", "1.50", "4.50", basic=BASIC[:5])
    assert finding.diagnosis is not None
    assert (finding.diagnosis.fact, finding.diagnosis.reported, finding.diagnosis.suggested) == ("t2/0/2", "1.50", None)
    assert finding.diagnosis.confidence == 0.7
    assert parts([finding]) == [("t2/0/2", "t2/0/1", "t1/4/1")]
    assert said("1.20", "1.52", "4.50", basic=BASIC[:5])[0].diagnosis is None
    (near,) = said("1.20", "1.51", "4.50", basic=BASIC[:5])
    assert near.diagnosis is not None, "but for the last digit"


def three(*rows: Line, table: str = "t2", line: str = "", **more: Any) -> Paper:
    """A 三公 form of units by total, reception and running of vehicles."""
    lines = (line or "three_public.total", "three_public.reception", "three_public.vehicle_running")
    heads = ("合计=amount", "公务接待费=amount", "公务用车运行费=amount")
    changes = {col: {"line": one} for col, one in enumerate(lines, 1)}
    return Paper(table, "three_public", [Block("unit", heads, rows)], title="三公表", changes=changes, **more)


def by_economic(
    reception: str = "5.00", other: str = "5.00", whole: str = "10.00", heads: Sequence[str] = ("金额=total",), **more: Any
) -> Paper:
    rest = [""] * (len(heads) - 1)
    rows = (total(whole, *rest), economic("302", whole, *rest), economic("30201", other, *rest), economic("30217", reception, *rest))
    return Paper("t1", "basic_by_economic", [Block("economic", heads, rows)], title="基本支出表", **more)


def units(reception: str = "1.50") -> tuple[Line, ...]:
    second = item("乙局", "6.00", reception, "4.50", role="unit")
    return (
        total("20.00", "4.50", "15.50"),
        item("甲局", "8.00", "2.00", "6.00", role="unit"),
        second,
        item("丙局", "6.00", "1.00", "5.00", role="unit"),
    )


def test_the_largest_figure_of_a_form_counts_as_that_of_the_whole() -> None:
    (finding,) = checked(by_economic(), three(*units())).findings[:1]
    assert parts([finding]) == [("t2/3/3", "t2/0/2", "t1/3/1")]
    assert parts(checked(by_economic("4.50", "5.50"), three(*units())).findings) == []


def test_a_form_with_an_accused_figure_or_without_a_unit_is_not_compared() -> None:
    accused = checked(by_economic(), three(*units("1.20")))
    assert [error.evidence[0].fact for error in errors(accused)] == ["t2/2/2"]
    assert parts(accused.findings) == []
    assert parts(checked(by_economic(), three(*units(), unit=None)).findings) == []


def test_this_years_column_counts_wherever_it_stands() -> None:
    heads = ("公务接待费/上年预算数=previous_year", "公务接待费/本年预算数=amount", "公务接待费/比上年增减=other")
    changes = {col: {"line": "three_public.reception"} for col in (1, 2, 3)}
    form = Paper("t2", "three_public", [Block("unit", heads, (total("9.00", "4.50", "9.00"),))], title="三公表", changes=changes)
    assert parts(checked(by_economic(), form).findings) == [("t2/0/2", "t1/3/1")]


def test_an_accused_item_of_basic_expenditure_says_nothing() -> None:
    paper = Paper("t1", "basic_by_economic", [Block("economic", ("合计=total", "人员=personnel", "公用=public"), (
        total("10.00", "", "10.00"), economic("302", "10.00", "", "10.00"), economic("30201", "5.00", "", "5.00"), economic("30217", "5.00", "", "50.00"),
    ))], title="基本支出表")  # fmt: skip
    result = checked(paper, three(total("20.00", "6.00", "14.00")))
    assert [error.evidence[0].fact for error in errors(result)] == ["t1/3/3"]
    assert parts(result.findings) == []


def test_only_this_years_figures_of_basic_expenditure_count() -> None:
    for head, told in (("上年=previous_year", 0), ("项目=project_expenditure", 0), ("公用=public", 1)):
        lines = (economic("302", "3.00", "10.00"), economic("30217", "3.00", "10.00"))
        paper = Paper("t1", "basic_by_economic", [Block("economic", ("金额=total", head), lines)], title="基本支出表")
        assert len(parts(checked(paper, three(total("20.00", "4.50", "15.50"))).findings)) == told


def test_each_of_several_forms_is_compared() -> None:
    other = Paper("t2", "projects", three(*units()).blocks, title="项目表", changes=three().changes)
    result = checked(by_economic(), other, three(*units(), table="t3", unit=None), three(*units(), table="t4"))
    assert parts(result.findings) == [("t4/3/3", "t4/0/2", "t1/3/1")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("three_public.abroad", True),
        ("three_public.vehicles", True),
        ("three_public.vehicle_purchase", True),
        ("three_public.total", False),
    ],
)
def test_a_figure_of_another_of_the_three_may_be_the_one_in_the_wrong_column(line: str, told: bool) -> None:
    (finding,) = (
        one for one in checked(by_economic(), three(item("某局", "5.00", "4.50", "15.50", role="unit"), line=line)).findings if parts([one])
    )
    assert (finding.diagnosis is not None) is told


def test_a_blank_cell_is_told_with_the_page_of_its_form() -> None:
    made = document(by_economic(), three(total("15.50", "", "15.50")))
    forms = tuple(structs.replace(form, pages=(7, 8)) if form.table == "t2" else form for form in made.forms)
    (finding,) = (one for one in validate(structs.replace(made, forms=forms), load_rules()).findings if parts([one]))
    assert (finding.page, parts([finding])) == (7, [("t1/3/1",)])
    assert finding.diagnosis is None


def test_a_question_keeps_its_id_when_the_one_beside_it_goes() -> None:
    basic = (*BASIC[:3], economic("30201", "7.00"), economic("30212", "1.50"), economic("30217", "1.50"))
    both = said("", "1.50", "", basic=basic)
    assert [finding.evidence[0].fact for finding in both] == ["t2/0/2", "t2/0/2"]
    (left,) = said("", "1.50", "1.50", basic=basic)
    assert left.id == both[1].id
