"""Codes are found by number and by name, in context, with the confidence that the evidence gives."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from services.normalizer.adapters.catalogue_files import FOLDER, CatalogueFiles, standard_catalogue
from services.normalizer.domain.charts import Alias, Chart, Code
from services.normalizer.ports import CatalogueError
from shared.contracts.vocabulary import Line


def chart() -> Chart:
    codes = [
        Code("208", "社会支出", 1, None, True),
        Code("20801", "管理事务", 2, "208", True),
        Code("2080101", "行政运行", 3, "20801", True),
        Code("20802", "其他社会事务支出", 2, "208", True),
        Code("210", "卫生支出", 1, None, True),
        Code("21001", "卫生管理事务支出", 2, "210", True),
        Code("2100101", "行政运行", 3, "21001", True),
        Code("217", "旧事务支出", 1, None, False),
    ]
    return Chart.build("function", codes, [Alias("208", "社会事业支出")], (3, 5, 7), "2")


def test_a_name_under_two_codes_needs_its_context() -> None:
    assert chart().by_name("行政运行") is None
    hit = chart().by_name("行政运行", within="210")
    assert hit is not None
    assert hit.code == "2100101"


def test_a_current_name_is_surer_than_an_alias_and_an_alias_than_a_retired_code() -> None:
    current, alias, retired = (chart().by_name(name) for name in ("社会支出", "社会事业支出", "旧事务支出"))
    assert current is not None
    assert alias is not None
    assert retired is not None
    assert current.confidence > alias.confidence > retired.confidence
    assert alias.code_from == "alias"


def test_a_name_cut_at_the_edge_is_found_where_only_one_begins_so() -> None:
    hit = chart().by_name("其他社会事", within="208")
    assert hit is not None
    assert hit.code == "20802"
    assert hit.confidence < 0.9


def test_a_cut_name_that_begins_two_names_is_left_open() -> None:
    two = Chart.build("function", [Code("301", "对企业补助一", 1, None, True), Code("302", "对企业补助二", 1, None, True)], [], (3, 5), "3")
    assert two.by_name("对企业补", level=1) is None


def test_a_very_short_beginning_is_no_evidence() -> None:
    assert chart().by_name("其他", within="208") is None


def test_a_printed_code_that_the_catalogue_does_not_know_is_kept_with_less_confidence() -> None:
    hit = chart().printed("2080177", "地方自设")
    assert hit is not None
    assert hit.code == "2080177"
    assert hit.confidence < 0.9


@pytest.mark.parametrize("code", ["230005", "20", "901", "2080101001"])
def test_digits_of_another_shape_are_no_code(code: str) -> None:
    assert chart().printed(code, "") is None


def test_a_code_whose_class_nobody_knows_is_no_code() -> None:
    assert chart().printed("29901", "某单位") is None


def test_the_same_words_are_301_or_50501_by_chart() -> None:
    catalogue = standard_catalogue()
    department = catalogue.economic.by_name("工资福利支出")
    government = catalogue.gov_economic.by_name("工资福利支出", within="505")
    assert department is not None
    assert government is not None
    assert (department.code, government.code) == ("301", "50501")


def test_numbers_reused_by_an_older_classification_are_no_names_of_todays_code(tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    copytree(FOLDER, folder)
    with (folder / "aliases.csv").open("a", encoding="utf-8") as file:
        file.write("function,20805,古代养马事务,,reused: stood for another thing\n")
    assert CatalogueFiles(folder).load().function.by_name("古代养马事务") is None


def test_an_entry_with_an_unknown_word_of_the_contracts_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    copytree(FOLDER, folder)
    with (folder / "forms.toml").open("a", encoding="utf-8") as file:
        file.write('[[form]]\nkind = "no_such_form"\ntitle = "x"\n')
    with pytest.raises(CatalogueError, match="no_such_form"):
        CatalogueFiles(folder).load()


def test_every_line_of_the_vocabulary_stands_in_the_catalogue_with_its_chinese_name() -> None:
    lines = {rule.id: rule.zh for rule in standard_catalogue().lines}
    assert set(lines) == {line.value for line in Line} - {Line.UNIT.value}
    assert all(lines.values())


def test_a_carry_over_line_depends_on_the_side_it_stands_on() -> None:
    catalogue = standard_catalogue()
    income, expenditure, opening = (
        catalogue.line("总计", "income"),
        catalogue.line("总计", "expenditure"),
        catalogue.line("一般公共预算", "opening"),
    )
    assert income is not None
    assert expenditure is not None
    assert opening is not None
    assert (income.id, expenditure.id, opening.id) == ("income_total", "expenditure_total", "carry_over_opening.general")


def test_the_version_changes_with_the_data(tmp_path: Path) -> None:
    from services.normalizer.handlers import normalizer_version

    folder = tmp_path / "catalogue"
    copytree(FOLDER, folder)
    before = normalizer_version(CatalogueFiles(folder).load())
    with (folder / "aliases.csv").open("a", encoding="utf-8") as file:
        file.write("economic,30101,基础工资,,printed variant\n")
    assert normalizer_version(CatalogueFiles(folder).load()) != before
    assert normalizer_version(standard_catalogue()) == before
