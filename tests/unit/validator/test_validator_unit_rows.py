"""A department's rows of its units against the units' own documents."""

from __future__ import annotations

import pytest
from filing_documents import named
from validator_documents import Line, by_function, function, item, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.department import compare_units
from shared.contracts.department import DepartmentUnits
from shared.contracts.normalized import Normalized

RULES = load_rules()


def department(first: str = "60.00", **about: object) -> Normalized:
    lines = (
        total("100.00", "70.00", "30.00"),
        item("某某局", "100.00", "70.00", "30.00", line="unit", role="unit"),
        item("第一中心", first, "40.00", "20.00", line="unit", role="unit"),
        item("第二中心", "40.00", "30.00", "10.00", line="unit", role="unit"),
        function("205", "100.00", "70.00", "30.00"),
    )
    return named("department", by_function(*lines, scope="all"), part="tables", entity="某某局", **about)


def unit(name: str, *amounts: str, **about: object) -> Normalized:
    lines = (total(*amounts), Line("教育支出", amounts, function="205"))
    return named(name, by_function(*lines, table="t4", scope="all"), part="tables", entity=name, level="unit", **about)


FIRST, SECOND = unit("第一中心", "60.00", "40.00", "20.00"), unit("第二中心", "40.00", "30.00", "10.00")


def compared(made: Normalized, *units: Normalized) -> DepartmentUnits:
    return compare_units(made, units, RULES)


def test_rows_of_units_that_published_the_same_agree() -> None:
    made = compared(department(), FIRST, SECOND)
    assert [check.status for check in made.checks] == ["exact"] * 6
    assert (made.findings, made.missing) == ((), ())
    assert made.checks[0].terms[0].document in made.units


def test_a_row_that_differs_from_the_units_own_document_is_one_warning() -> None:
    (warning,) = compared(department("66.00"), FIRST, SECOND).findings
    assert (warning.code, warning.severity, str(warning.reported), str(warning.expected)) == ("unit.mismatch", "warning", "66.00", "60.00")
    assert [evidence.document for evidence in warning.evidence] == [department().document.id, FIRST.document.id]
    assert "第一中心" in warning.message.zh


def test_a_unit_without_a_document_is_named_and_not_assessed() -> None:
    made = compared(department(), FIRST)
    assert made.missing == ("第二中心",)
    assert len(made.checks) == 3


def test_documents_of_other_years_kinds_and_names_are_let_be() -> None:
    others = (
        unit("第一中心", "1.00", "1.00", "0.00", year=2024),
        unit("第二中心", "1.00", "1.00", "0.00", kind="final_accounts"),
        unit("第三中心", "1.00", "1.00", "0.00"),
    )
    made = compared(department(), *others)
    assert (made.checks, made.units) == ((), ())


def test_a_unit_that_prints_two_totals_is_not_assessed() -> None:
    lines = (total("60.00", "40.00", "20.00"), total("61.00", "41.00", "20.00"))
    twice = named("第一中心", by_function(*lines, table="t4", scope="all"), part="tables", entity="第一中心")
    made = compared(department(), twice)
    assert [check.status for check in made.checks] == ["exact"], "only the column whose two prints agree"


def test_a_difference_names_both_places_and_both_figures() -> None:
    (warning,) = compared(department("66.00"), FIRST).findings
    assert warning.message.zh == (
        "部门表中的单位数与单位自己公开的数不一致：第1页《某表》“第一中心”×“合计”印为 66.00 万元，而单位文件第4页《某表》“合计”×“合计”为 60.00 万元，相差 6.00 万元。"
    )
    assert warning.message.en == (
        "the department's figure of a unit is not the unit's own: page 1, 《某表》, “第一中心” × “合计” prints 66.00 (10,000 yuan), but the unit's "
        "document (page 4, 《某表》, “合计” × “合计”) prints 60.00: a difference of 6.00."
    )


def test_of_several_differences_the_largest_is_shown_and_they_are_counted() -> None:
    (warning,) = compared(department("66.00"), unit("第一中心", "60.00", "30.00", "20.00")).findings
    assert [evidence.fact for evidence in warning.evidence] == ["t1/2/2", "t4/0/2"]
    assert "（共核对 3 个数，2 个不一致）" in warning.message.zh
    assert warning.message.en.endswith(": a difference of 10.00 (2 of 3 figures differ).")
    assert len(warning.checks) == 2
    (below,) = compared(department("40.00"), unit("第一中心", "60.00", "50.00", "20.00")).findings
    assert below.evidence[0].fact == "t1/2/1", "a figure may be too small as well"


def test_each_unit_of_which_figures_differ_is_a_warning_of_its_own() -> None:
    made = compared(department("66.00"), unit("第二中心", "41.00", "30.00", "11.00"), FIRST)
    assert [warning.evidence[0].fact for warning in made.findings] == ["t1/2/1", "t1/3/1"]
    assert [warning.evidence[0].fact for warning in compared(department("66.00"), FIRST, SECOND).findings] == ["t1/2/1"]


def test_only_plain_rows_of_units_are_compared() -> None:
    for code in ({"function": "205"}, {"economic": "301"}, {"gov_economic": "501"}, {"project": "灯塔维护"}, {"line": None}):
        lines = (total("60.00", "40.00", "20.00"), Line("第一中心", ("66.00", "40.00", "20.00"), **{"line": "unit", **code}))  # type: ignore[arg-type]
        made = compared(named("department", by_function(*lines, scope="all"), part="tables", entity="某某局"), FIRST)
        assert (made.checks, made.missing) == ((), ())


def test_a_units_own_total_is_a_plain_one_of_the_same_form_scope_and_measure() -> None:
    rows = (Line("教育支出", ("60.00", "40.00", "20.00"), function="205"),)

    def published(**more: object) -> Normalized:
        paper = by_function(*(more.pop("lines", (total("60.00", "40.00", "20.00"), *rows))), table="t4", **{"scope": "all", **more})  # type: ignore[misc, arg-type]
        return named("第一中心", paper, part="tables", entity="第一中心")

    assert len(compared(department(), published()).checks) == 3
    assert compared(department(), published(scope="fiscal")).checks == ()
    assert compared(department(), published(form="fiscal_expenditure")).checks == ()
    assert compared(department(), published(unit=None)).checks == ()
    assert compared(department(), published(lines=rows)).checks == ()
    for line, told in (("expenditure_total", 3), ("year_expenditure_total", 3), ("income_total", 3), ("carry_over_opening", 0)):
        assert len(compared(department(), published(lines=(total("60.00", "40.00", "20.00", line=line),))).checks) == told


def test_a_department_is_no_unit_of_its_own_and_units_are_named_once() -> None:
    made = compared(department())
    assert made.missing == ("第一中心", "第二中心")


@pytest.mark.parametrize("code", [{"function": "205"}, {"economic": "301"}, {"gov_economic": "501"}, {"project": "灯塔维护"}])
def test_rows_of_codes_are_neither_a_units_row_nor_its_total(code: dict[str, str]) -> None:
    plain = Line("第一中心", ("60.00", "40.00", "20.00"), line="unit")
    coded = Line("第一中心", ("1.00", "1.00", "0.00"), line="unit", **code)
    own = named(
        "第一中心",
        by_function(total("60.00", "40.00", "20.00"), Line("某行", ("1.00", "1.00", "0.00"), **code), table="t4"),
        entity="第一中心",
    )
    made = compared(named("department", by_function(plain, coded), part="tables", entity="某某局"), own)
    assert [check.target for check in made.checks] == ["t1/0/1", "t1/0/2", "t1/0/3"]
    assert {check.status for check in made.checks} == {"exact"}


def test_forms_of_no_known_kind_are_compared_with_none() -> None:
    plain, whole = Line("第一中心", ("60.00", "40.00", "20.00"), line="unit"), total("60.00", "40.00", "20.00")
    for form, told in (("expenditure_summary", 3), (None, 0)):
        paper = by_function(plain)
        theirs = by_function(whole, table="t4")
        paper.form = theirs.form = form
        made = compared(named("department", paper, part="tables", entity="某某局"), named("第一中心", theirs, entity="第一中心"))
        assert len(made.checks) == told
