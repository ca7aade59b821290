"""What a reader gets wrong in a layout may cost checks, and never makes a consistent document look wrong; parts of a form go on with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Normalized
from tests.unit.normalizer import disclosures_accounts, disclosures_budget, disclosures_counties, disclosures_provinces
from tests.unit.normalizer.layout_faults import (
    FAULTS,
    Fault,
    boxhead_too_deep,
    going_on_with_boxhead,
    going_on_without_boxhead,
    kept_apart,
    title_inside,
    two_in_one,
    unit_lost,
)
from tests.unit.normalizer.normalizer_tables import Printed, Span, document, form_of, normalized, table

DISCLOSURES: tuple[Callable[[], Extracted], ...] = (
    disclosures_budget.central_department,
    disclosures_accounts.national_final_accounts,
    disclosures_accounts.general_balance,
    disclosures_counties.expenditure_by_nature,
    disclosures_counties.two_years,
    disclosures_counties.yuan_in_one_sheet,
    disclosures_provinces.overview_forms,
    disclosures_provinces.units_by_function,
    disclosures_provinces.two_units,
    disclosures_provinces.names_only_in_thousands,
    disclosures_provinces.other_forms,
)


def misread(make: Callable[[], Extracted], fault: Fault) -> Normalized:
    extracted = make()
    tables = tuple(part for whole in extracted.tables for part in fault(whole))
    return normalize_document(replace(extracted, tables=tables), standard_catalogue())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("make", DISCLOSURES, ids=lambda make: make.__name__)
def test_a_misread_layout_accuses_nobody(make: Callable[[], Extracted], fault: Fault) -> None:
    found = validate(misread(make, fault), load_rules())
    assert [finding.message.zh for finding in found.findings if finding.severity == "error"] == []


@pytest.mark.parametrize("make", DISCLOSURES, ids=lambda make: make.__name__)
def test_without_a_unit_amounts_in_yuan_are_unknown_and_the_figures_are_facts_all_the_same(make: Callable[[], Extracted]) -> None:
    whole = normalize_document(make(), standard_catalogue())
    result = misread(make, unit_lost)
    assert len(result.facts) == len(whole.facts)
    assert {fact.yuan for fact in result.facts if fact.unit is None} <= {None}


@pytest.mark.parametrize("fault", [going_on_without_boxhead, going_on_with_boxhead], ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("make", DISCLOSURES, ids=lambda make: make.__name__)
def test_a_part_of_a_form_has_the_kind_and_unit_of_the_form_and_names_it(make: Callable[[], Extracted], fault: Fault) -> None:
    result = misread(make, fault)
    forms = {form.table: form for form in result.forms}
    # Forms of label-value pairs have no boxhead that could go on.
    parts = [form for form in result.forms if form.table.endswith("b") and form.form != "project_performance"]
    for part in parts:
        first = forms[part.table[:-1]]
        assert (part.form, part.unit, part.continues) == (first.form, first.unit, first.table)


@pytest.mark.parametrize("boxhead", [True, False])
@pytest.mark.parametrize("make", DISCLOSURES, ids=lambda make: make.__name__)
def test_parts_of_which_the_reader_cannot_tell_whether_they_are_one_form_accuse_nobody(
    make: Callable[[], Extracted], boxhead: bool
) -> None:
    extracted = make()
    for place, whole in enumerate(extracted.tables):
        for at in range(whole.header_rows + 1, whole.n_rows, 4 if boxhead else 2):
            parts, warning = kept_apart(whole, at, boxhead)
            tables = (*extracted.tables[:place], *parts, *extracted.tables[place + 1 :])
            result = normalize_document(replace(extracted, tables=tables, warnings=(warning,)), standard_catalogue())
            assert [form.continues for form in result.forms if form.table == parts[1].id] == [whole.id]
            assert [finding.message.zh for finding in validate(result, load_rules()).findings if finding.severity == "error"] == []


def test_a_part_without_boxhead_keeps_its_own_rows() -> None:
    rows: list[list[Printed]] = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["205", "教育支出", "9.00", "5.00", "4.00"]]
    more: list[list[Printed]] = [["210", "卫生健康支出", "3.00", "2.00", "1.00"]]
    result = normalized(table(rows, 1, title="支出总表"), table(more, 0, table_id="t2", unit=None))
    last = [(fact.id, fact.function, fact.measure) for fact in result.facts if fact.table == "t2"]
    assert last == [("t2/0/2", "210", "total"), ("t2/0/3", "210", "basic_expenditure"), ("t2/0/4", "210", "project_expenditure")]


def test_a_table_with_a_title_or_with_words_below_heads_of_figures_does_not_go_on() -> None:
    rows: list[list[Printed]] = [["科目编码", "科目名称", "合计"], ["205", "教育支出", "9.00"]]
    titled = table([["210", "卫生健康支出", "3.00"]], 0, table_id="t2", title="另一张表")
    words = table([["项目名称", "河堤加固", "绩效目标"], ["资金总额", "3.00", "年度"]], 0, table_id="t2")
    for other in (titled, words):
        assert normalized(table(rows, 1, title="支出总表"), other).forms[1].continues is None


def test_below_the_boxhead_of_another_form_figures_are_named_and_not_read() -> None:
    rows: list[list[Printed]] = [["科目编码", "科目名称", "合计"], ["205", "教育支出", "9.00"], ["210", "卫生健康支出", "1.00"]]
    more: list[list[Printed]] = [["收入项目", "2030年预算", "2031年预算"], ["事业收入", "3.00", "4.00"]]
    result = normalized(two_in_one(table(rows, 1, title="支出总表"), table(more, 1)))
    assert [fact.id for fact in result.facts] == ["t1/1/2", "t1/2/2"]
    assert [(entry.row, entry.col, entry.reason) for entry in result.unmapped] == [
        (4, 1, "below the boxhead of another form"),
        (4, 2, "below the boxhead of another form"),
    ]


def test_a_boxhead_printed_again_on_the_next_page_ends_nothing() -> None:
    head: list[Printed] = ["科目编码", "科目名称", "合计"]
    rows: list[list[Printed]] = [head, ["205", "教育支出", "9.00"], ["210", "卫生健康支出", "1.00"], head, ["221", "住房保障支出", "2.00"]]
    assert len(normalized(table(rows, 1, title="支出总表")).facts) == 3


def test_whole_yuan_in_the_row_of_the_total_end_the_boxhead() -> None:
    rows: list[list[Printed]] = [
        ["序号", "科目编码", "科目名称", "合计", "基本支出"],
        ["1", "", "合计", "2387208", "2387208"],
        ["2", "205", "教育支出", "2387208", "2387208"],
    ]
    made = boxhead_too_deep(table(rows, 1, unit="元"))
    assert [fact.row for fact in normalized(*made).facts] == [1, 1, 2, 2]


def test_a_form_of_pairs_with_its_title_inside_the_grid_is_read_as_pairs() -> None:
    rows: list[list[Printed]] = [
        ["项目名称", Span("河堤加固", cols=3)],
        ["资金总额", "9.00", "其中：财政拨款", "9.00"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
    ]
    result = normalized(*title_inside(table(rows, 0, title="项目支出绩效目标表")))
    assert [(fact.line, fact.project, fact.unit) for fact in result.facts] == [
        ("performance.total", "河堤加固", "万元"),
        ("performance.fiscal", "河堤加固", "万元"),
    ]


def test_a_label_broken_over_two_rows_is_one_row() -> None:
    rows: list[list[Printed]] = [
        ["科目名称", "合计"],
        ["机关事业单位基本养老", "5.00"],
        ["保险缴费支出", ""],
        ["行政事业单位医疗", ""],
        ["其他", "4.00"],
    ]
    made = form_of(rows, 1, title="支出功能分类支出表").lists[0].rows
    assert [(row.row, row.label) for row in made] == [(1, "机关事业单位基本养老保险缴费支出"), (3, "行政事业单位医疗"), (4, "其他")]


def test_scores_of_a_self_evaluation_are_no_money() -> None:
    result = normalized(*disclosures_provinces.other_forms().tables)
    assert [fact.text for fact in result.facts if fact.table == "t5"] == ["305.00", "300.00", "285.00"] * 2 + ["0.00"] * 6
    assert {entry.reason for entry in result.unmapped if entry.table == "t5" and entry.text == "9.50"} == {"no money label"}


def test_only_of_which_over_a_complete_split_is_no_part_of_the_path() -> None:
    head: list[list[Printed]] = [[Span("科目名称", rows=2), Span("小计", rows=2), Span("其中", cols=2)], ["基本支出", "项目支出"]]
    columns = form_of([*head, ["教育支出", "3.00", "2.00", "1.00"]], 2).columns
    assert [column.path for column in columns][1:] == [("小计",), ("基本支出",), ("项目支出",)]


def test_only_of_which_over_one_part_stays() -> None:
    head: list[list[Printed]] = [[Span("科目名称", rows=2), Span("小计", rows=2), Span("其中", cols=2)], ["基本支出", "人员经费"]]
    assert form_of([*head, ["教育支出", "3.00", "2.00", "1.00"]], 2).columns[2].path[0] == "其中"


def test_an_empty_document_has_no_forms() -> None:
    assert normalize_document(document(), standard_catalogue()).forms == ()
