"""A department's rows of its units against the units' own documents."""

from __future__ import annotations

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
