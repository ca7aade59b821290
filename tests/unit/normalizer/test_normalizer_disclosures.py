"""Whole made-up disclosures of several provinces: every form is recognised, every figure is a fact with a meaning, and nobody is accused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Normalized
from tests.unit.normalizer import disclosures_accounts, disclosures_budget, disclosures_counties, disclosures_provinces

FORMS: dict[Callable[[], Extracted], list[str]] = {
    disclosures_budget.central_department: [
        "income_expenditure_summary",
        "income_summary",
        "expenditure_summary",
        "general_budget_expenditure",
        "basic_by_economic",
        "three_public",
    ],
    disclosures_accounts.national_final_accounts: [
        "income_expenditure_summary",
        "income_summary",
        "expenditure_summary",
        "fiscal_summary",
        "general_budget_expenditure",
        "basic_by_economic",
        "three_public",
        "government_fund_balance",
        "state_capital_expenditure",
    ],
    disclosures_accounts.general_balance: ["general_budget_balance"],
    disclosures_provinces.overview_forms: [
        "income_expenditure_summary",
        "income_summary",
        "expenditure_summary",
        "general_budget_expenditure",
        "basic_by_economic",
        "three_public",
        "basic_by_economic",
        "projects",
    ],
    disclosures_counties.expenditure_by_nature: ["expenditure_summary", "income_expenditure_summary", "three_public"],
    disclosures_counties.two_years: [
        "general_budget_expenditure",
        "income_summary",
        "basic_by_economic",
        "government_fund_expenditure",
    ],
    disclosures_counties.yuan_in_one_sheet: ["income_expenditure_summary", "expenditure_summary", "projects"],
    disclosures_provinces.units_by_function: ["general_budget_expenditure", "basic_by_economic", "projects", "three_public"],
    disclosures_provinces.two_units: ["expenditure_summary", "income_summary"],
    disclosures_provinces.names_only_in_thousands: ["expenditure_summary", "general_budget_expenditure"],
    disclosures_provinces.other_forms: ["transfers", "assets", "procurement", "purchased_services", "project_performance"],
}
# Lines of a form that no catalogue has: 行政经费 is a province's own.
OWN_LINES = {"行政经费"}


@pytest.fixture(params=FORMS, ids=lambda make: make.__name__)
def made(request: pytest.FixtureRequest) -> tuple[Normalized, list[str]]:
    return normalize_document(request.param(), standard_catalogue()), FORMS[request.param]


def test_every_form_is_recognised(made: tuple[Normalized, list[str]]) -> None:
    result, forms = made
    assert [form.form for form in result.forms] == forms


def test_every_figure_has_a_code_a_line_or_a_project(made: tuple[Normalized, list[str]]) -> None:
    bare = {fact.label for fact in made[0].facts if not (fact.function or fact.economic or fact.gov_economic or fact.line or fact.project)}
    assert bare <= OWN_LINES


def test_a_consistent_document_gets_neither_error_nor_warning(made: tuple[Normalized, list[str]]) -> None:
    found = validate(made[0], load_rules())
    told = [finding for finding in found.findings if finding.severity != "info" and finding.code != "form.missing"]  # some are excerpts
    assert [finding.message.zh for finding in told] == []
