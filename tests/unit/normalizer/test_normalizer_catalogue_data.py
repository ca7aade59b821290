"""The data of the catalogue is sound: its trees are whole, its names mean one code each in their place, its other names point to codes."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path
from shutil import copytree

import pytest

from services.normalizer.adapters.catalogue_files import FOLDER, CatalogueFiles, standard_catalogue
from services.normalizer.domain.charts import Chart
from services.normalizer.domain.words import name_key
from services.normalizer.ports import CatalogueError

CHARTS = standard_catalogue().charts()
charts = pytest.mark.parametrize("chart", CHARTS, ids=[chart.kind for chart in CHARTS])


def numbers(chart: Chart) -> list[str]:
    """Codes that are numbers; lines of disclosure forms (`form.…`) stand in the chart of income without one."""
    return [code for code in chart.codes if not code.startswith("form.")]


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@charts
def test_every_parent_exists_and_is_the_beginning_of_its_child(chart: Chart) -> None:
    for number in numbers(chart):
        code = chart.codes[number]
        assert code.parent == (number[: chart.widths[code.level - 2]] if code.level > 1 else None), number
        assert code.parent is None or code.parent in chart.codes, number


@charts
def test_a_code_s_level_is_that_of_its_length_and_its_digits_are_of_its_chart(chart: Chart) -> None:
    for number in numbers(chart):
        assert chart.shaped(number), number
        assert chart.codes[number].level == chart.level(number), number


@charts
def test_a_current_code_stands_below_a_current_one(chart: Chart) -> None:
    below = [n for n in numbers(chart) if chart.codes[n].current and (p := chart.codes[n].parent) and not chart.codes[p].current]
    assert below == []


@charts
def test_no_name_means_two_current_codes_under_one_parent(chart: Chart) -> None:
    names: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for code in chart.codes.values():
        if code.current:
            names[code.parent, name_key(code.name)].append(code.code)
    assert [same for same in names.values() if len(same) > 1] == []


@charts
def test_no_other_name_of_a_code_is_the_name_of_a_current_code_beside_it(chart: Chart) -> None:
    for number, aliases in chart.aliases.items():
        beside = {
            name_key(code.name): code.code for code in chart.codes.values() if code.current and code.parent == chart.codes[number].parent
        }
        for alias in aliases:
            if not alias.reused and chart.codes[number].current:
                assert beside.get(name_key(alias.name), number) == number, (number, alias.name)


@charts
def test_other_names_point_to_codes_and_differ_from_the_code_s_own(chart: Chart) -> None:
    for number, aliases in chart.aliases.items():
        assert number in chart.codes, number
        for alias in aliases:
            assert alias.name != chart.codes[number].name, number


@charts
def test_every_row_says_where_it_comes_from(chart: Chart) -> None:
    for code in chart.codes.values():
        assert code.sources, code.code
        assert set(code.sources) <= set(standard_catalogue().sources), code.code


@pytest.mark.parametrize(
    "name", ["function.csv", "economic.csv", "gov_economic.csv", "income.csv", "aliases.csv", "cofog.csv", "cofog_codes.csv"]
)
def test_no_row_stands_twice_and_all_are_in_order(name: str) -> None:
    keys = [tuple(row[key] for key in ("kind", "code", "function_code", "alias") if key in row) for row in rows(name)]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert keys == sorted(keys) or name == "aliases.csv"


def test_the_crosswalk_speaks_of_codes_that_exist_and_leads_to_codes_of_cofog() -> None:
    catalogue = standard_catalogue()
    for number, link in catalogue.cofog.links.items():
        assert number in catalogue.function.codes, number
        assert link.cofog in catalogue.cofog.names, number
        assert link.cofog not in link.rivals, number


def test_every_current_function_has_a_place_in_cofog() -> None:
    catalogue = standard_catalogue()
    without = [code for code in catalogue.function.codes.values() if code.current and code.level == 1 and not catalogue.cofog.of(code.code)]
    assert without == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("cofog.csv", "2089998,99.9,exact,,no such code\n"),
        ("cofog.csv", "2089998,01.1,ambiguous,,no rivals\n"),
        ("cofog.csv", "2089998,01.1,sure,,\n"),
    ],
)
def test_a_crosswalk_that_leads_nowhere_is_refused(tmp_path: Path, file: str, line: str) -> None:
    folder = tmp_path / "catalogue"
    copytree(FOLDER, folder)
    with (folder / file).open("a", encoding="utf-8") as out:
        out.write(line)
    with pytest.raises(CatalogueError, match="2089998"):
        CatalogueFiles(folder).load()
