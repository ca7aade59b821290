"""What a document is about is read from labels, titles, cover and forms, and left open where they do not say."""

from __future__ import annotations

import pytest

from services.normalizer.domain.identity import region_of
from shared.contracts.normalized import NormalizedDocument
from tests.unit.normalizer.normalizer_tables import Printed, Span, heading, normalized, table

HEAD: list[list[Printed]] = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["205", "教育支出", "1.00", "1.00", ""]]
NARRATIVE = "收入预算1.00万元，其中：事业收入0.40万元，其他收入0.60万元。"


def identity(*texts: str, title: str = "支出总表", entity: str | None = None) -> NormalizedDocument:
    return normalized(table(HEAD, 1, title=title, entity=entity), text=[heading(text) for text in texts]).document


def test_the_entity_is_that_of_the_forms_labels() -> None:
    found = identity("2031年部门预算公开", entity="青石县教育局")
    assert (found.entity, found.region) == ("青石县教育局", "青石县")


def test_the_covers_form_of_the_name_counts_and_the_region_is_the_longest_one_printed() -> None:
    found = identity("2031年度", "云山市林业中心", "部门预算公开", entity="东海省云山市林业中心")
    assert (found.entity, found.region) == ("云山市林业中心", "东海省云山市")


def test_a_cover_that_adds_the_region_counts() -> None:
    found = identity("云山市青石县教育局2031年部门预算", entity="青石县教育局")
    assert (found.entity, found.region) == ("云山市青石县教育局", "云山市青石县")


def test_the_province_before_a_county_is_the_regions_and_that_of_a_provincial_body_is_its_names() -> None:
    assert identity(entity="东海省青石县教育局").entity == "青石县教育局"
    assert identity(entity="东海省教育厅").entity == "东海省教育厅"


def test_a_cover_that_names_another_body_does_not_count() -> None:
    assert identity("青石县水利局2031年部门预算", entity="青石县教育局").entity == "青石县教育局"


def test_without_labels_the_cover_names_entity_year_and_kind() -> None:
    found = identity("青石县教育局2031年度部门决算", title="支出决算表")
    assert (found.entity, found.year, found.kind, found.level) == ("青石县教育局", 2031, "final_accounts", "department")


def test_a_cover_broken_over_two_lines_is_read_as_one() -> None:
    found = identity("青石县第一幼儿园2031", "年单位预算公开说明")
    assert (found.entity, found.year, found.level) == ("青石县第一幼儿园", 2031, "unit")


def test_the_year_of_the_budget_is_not_that_of_the_comparison() -> None:
    found = identity("2031年部门预算公开", "2031年部门收入预算与2030年预算相比", title="2031年支出预算总表")
    assert (found.year, found.kind) == (2031, "budget")


def test_a_year_in_chinese_numerals_counts() -> None:
    assert identity("二〇三一年部门预算").year == 2031


def test_an_entity_below_another_department_in_its_forms_is_a_unit_with_its_code() -> None:
    rows: list[list[Printed]] = [
        [Span("功能科目", cols=3), Span("科目编码", rows=2), Span("科目名称", rows=2), Span("合计", rows=2)],
        ["类", "款", "项"],
        ["", "", "", "205", "青石县教育局", "1.00"],
        ["", "", "", "205001", "青石县第一幼儿园", "1.00"],
        ["205", "", "", "205", "教育支出", "1.00"],
    ]
    found = normalized(table(rows, 2, title="支出总表", entity="青石县第一幼儿园")).document
    assert (found.entity_code, found.level) == ("205001", "unit")


def test_parts_are_told_by_what_is_there() -> None:
    made = table(HEAD, 1, title="支出总表")
    assert normalized(made, text=[NARRATIVE]).document.part == "whole"
    assert normalized(made).document.part == "tables"
    assert normalized(text=[NARRATIVE]).document.part == "narrative"


def test_what_nobody_says_is_null_and_the_kind_is_other() -> None:
    found = normalized(table(HEAD, 1)).document
    assert (found.entity, found.region, found.year, found.level, found.kind) == (None, None, None, None, "other")


@pytest.mark.parametrize(
    ("entity", "region"),
    [
        ("青石县水利局", "青石县"),
        ("云山市青石区财政局", "云山市青石区"),
        ("东海省人民检察院", "东海省"),
        ("中共东海省委办公厅", "东海省"),
        ("市场监督管理局", None),
        ("第一幼儿园", None),
    ],
)
def test_the_region_is_what_the_entitys_name_begins_with(entity: str, region: str | None) -> None:
    assert region_of(entity) == region


@pytest.mark.parametrize(
    ("printed", "entity"),
    [
        ("中共青石县委办公室", "青石县委办公室"),
        ("中国共产党青石县纪律检查委员会", "青石县纪律检查委员会"),
        ("中共党史陈列馆", "中共党史陈列馆"),
    ],
)
def test_forms_that_print_the_party_before_a_name_are_of_the_same_entity(printed: str, entity: str) -> None:
    assert normalized(table(HEAD, 1, title="支出总表", entity=printed)).document.entity == entity
