"""Looking codes up: by number, by name, by a former name, by a part of a name, and in spite of a slip of the pen."""

from __future__ import annotations

import pytest

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.domain.charts import Alias, Chart, Code
from services.normalizer.domain.lookup import code_of, cofog_of, holds_year, last_year, name_in, near_codes, search

CATALOGUE = standard_catalogue()


def numbers(text: str, *kinds: str) -> list[str]:
    return [hit.code.code for hit in search(CATALOGUE, text, frozenset(kinds))]


def test_the_code_of_a_name_comes_before_codes_whose_name_holds_it() -> None:
    found = search(CATALOGUE, "社会福利")
    assert (found[0].code.code, found[0].how) == ("20810", "name")
    assert {hit.how for hit in found[1:]} <= {"alias", "begins", "part"}


def test_a_former_name_finds_the_code_of_today() -> None:
    found = search(CATALOGUE, "环境保护")
    assert ("211", "alias") in [(hit.code.code, hit.how) for hit in found]


def test_a_number_that_meant_another_thing_once_is_not_found_by_it() -> None:
    assert "30701" not in numbers("国库券付息")


def test_digits_find_the_code_and_all_below_it() -> None:
    found = numbers("20801")
    assert found[0] == "20801"
    assert "2080109" in found
    assert all(number.startswith("20801") for number in found)


def test_a_slip_of_the_pen_is_forgiven_where_nothing_else_fits() -> None:
    found = search(CATALOGUE, "社会保险经办机够")
    assert [(hit.code.code, hit.how) for hit in found] == [("2080109", "near")]


def test_brackets_and_spaces_do_not_matter() -> None:
    assert numbers("政府办公厅(室) 及相关机构事务")[0] == "20103"


def test_the_kind_of_classification_narrows_a_search() -> None:
    assert numbers("工资福利支出", "economic")[0] == "301"
    assert all(number.startswith("5") for number in numbers("工资福利支出", "gov_economic"))


@pytest.mark.parametrize("text", ["", "（）", "没有这样的名称啊"])
def test_what_is_no_name_finds_nothing(text: str) -> None:
    assert search(CATALOGUE, text) == []


def test_digits_that_are_no_code_lead_to_the_code_above_and_to_codes_of_nearly_the_same_digits() -> None:
    near = [code.code for _, code in near_codes(CATALOGUE, "2081999")]
    assert near[0] == "20819"
    assert "2080999" in near
    assert code_of(CATALOGUE, "2081999") is None


def test_a_function_has_a_place_in_cofog_and_an_economic_class_has_none() -> None:
    function, economic = code_of(CATALOGUE, "2080109"), code_of(CATALOGUE, "30101")
    assert function is not None
    assert economic is not None
    link = cofog_of(CATALOGUE, *function)
    assert link is not None
    assert link.cofog.startswith("10")
    assert cofog_of(CATALOGUE, *economic) is None


def test_a_code_without_a_link_takes_that_of_the_code_above_it() -> None:
    link = CATALOGUE.cofog.of("2080109")
    assert link is not None
    assert link.of in ("208", "20801", "2080109")
    assert CATALOGUE.cofog.of("2080177") == CATALOGUE.cofog.of("20801")


@pytest.mark.parametrize(
    ("years", "year", "holds", "last"),
    [
        ("2009", 2009, True, 2009),
        ("2009;2010-2017", 2013, True, 2017),
        ("-2020", 1999, True, 2020),
        ("2018-", 2025, True, None),
        ("", 2020, False, None),
    ],
)
def test_years_are_single_ones_and_spans(years: str, year: int, holds: bool, last: int | None) -> None:
    assert holds_year(years, year) is holds
    assert last_year(years) == last


def renamed() -> Chart:
    codes = [Code("210", "新名支出", 1, None, True, "2019;2024", ("corpus",))]
    aliases = [
        Alias("210", "旧名支出", "2010-2016", "earlier name"),
        Alias("210", "更旧名", "2009", "earlier name"),
        Alias("210", "别指", "2009", "reused: x"),
    ]
    return Chart.build("function", codes, aliases, (3, 5, 7), "2")


@pytest.mark.parametrize(
    ("year", "name", "attested"),
    [
        (2024, "新名支出", True),
        (2012, "旧名支出", True),
        (2009, "更旧名", True),
        (2005, "更旧名", False),
        (2022, "新名支出", False),
        (2017, "新名支出", False),
    ],
)
def test_the_name_in_a_year_is_the_attested_one_or_inferred(year: int, name: str, attested: bool) -> None:
    chart = renamed()
    assert name_in(chart, chart.codes["210"], year) == (name, attested)
