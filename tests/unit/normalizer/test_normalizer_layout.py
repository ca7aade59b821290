"""Which columns are stubs and which figures; where the boxhead ends; which lists stand side by side."""

from __future__ import annotations

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.domain.boxhead import boxhead_rows
from services.normalizer.domain.columns import is_head
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.layout import Layout, read_layout
from shared.contracts.extracted import Table
from tests.unit.normalizer.normalizer_tables import Span, table


def head_rows(made: Table) -> int:
    catalogue = standard_catalogue()
    return boxhead_rows(made, lambda text: is_head(catalogue, text))


def layout_of(made: Table) -> Layout:
    return read_layout(Grid(made, head_rows(made)), standard_catalogue())


def kinds(layout: Layout) -> list[str]:
    return [info.kind for info in layout.columns]


def test_a_boxhead_reaches_as_far_down_as_its_cells_span() -> None:
    rows = [[Span("科目名称", rows=2), Span("支出", cols=2)], ["基本支出", "项目支出"], ["教育支出", "1.00", "2.00"]]
    assert head_rows(table(rows, 1)) == 2


def test_a_boxhead_ends_before_the_first_ordinal_or_code_even_without_money() -> None:
    rows = [["项目", "预算数"], ["一、教育支出", ""], ["二、卫生健康支出", "1.00"]]
    assert head_rows(table(rows, 2)) == 1
    coded = [["科目编码", "科目名称", "合计"], ["205", "教育支出", ""], ["210", "卫生健康支出", "1.00"]]
    assert head_rows(table(coded, 2)) == 1


def test_heads_below_the_extractors_boxhead_are_taken_in() -> None:
    rows = [["项目", "预算数"], ["科目编码", "基本支出"], ["205", "1.00"]]
    assert head_rows(table(rows, 0)) == 2


def test_a_row_of_column_numbers_belongs_to_the_boxhead() -> None:
    rows = [["科目名称", "合计", "基本支出"], ["栏次", "1", "2"], ["教育支出", "1.00", "1.00"]]
    made = table(rows, 1)
    assert head_rows(made) == 2
    assert Grid(made, 2).paths[1] == ("合计",)


def test_a_form_of_pairs_has_no_boxhead_whatever_was_found() -> None:
    rows = [
        ["项目名称", "河堤加固"],
        ["主管部门", "某县水利局"],
        ["资金总额", "4.00"],
        ["一级指标", "指标值"],
        ["产出指标", "3公里"],
    ]
    assert head_rows(table(rows, 2)) == 0


def test_a_wide_form_whose_first_head_is_the_unit_is_no_form_of_pairs() -> None:
    rows = [[Span("单位名称", rows=2), Span("工资福利支出", cols=2)], ["30101基本工资", "30102津贴补贴"], ["某局", "1.00", "2.00"]]
    assert head_rows(table(rows, 2)) == 2


def test_a_cell_over_all_columns_is_a_title_and_no_head() -> None:
    rows = [[Span("支出总表", cols=3)], ["科目名称", "基本支出", "项目支出"], ["教育支出", "1.00", "2.00"]]
    grid = Grid(table(rows, 2), 2)
    assert grid.paths[1] == ("基本支出",)
    assert grid.inner_title == "支出总表"


def test_running_numbers_codes_counts_and_remarks_are_no_money() -> None:
    rows = [["序号", "科目编码", "科目名称", "数量", "金额", "备注"], ["1", "205", "教育支出", "12", "30.00", "30.00"]]
    assert kinds(layout_of(table(rows, 1))) == ["number", "code", "name", "count", "figure", "text"]


def test_whole_yuan_without_separators_are_money_by_their_head() -> None:
    rows = [["科目编码", "科目名称", "合计"], ["205", "教育支出", "2050101"]]
    assert kinds(layout_of(table(rows, 1, unit="元")))[-1] == "figure"


def test_codes_in_three_narrow_columns_are_told_by_their_digits_below_one_head() -> None:
    rows = [[Span("科目编码", cols=3), "科目名称", "合计"], ["205", "", "", "教育支出", "1.00"], ["205", "02", "01", "学前教育", "1.00"]]
    assert kinds(layout_of(table(rows, 1)))[:3] == ["class", "section", "item"]


def test_lists_side_by_side_each_have_their_stub() -> None:
    rows = [["项目", "行次", "金额", "项目", "行次", "金额"], ["一、事业收入", "1", "5.00", "一、教育支出", "2", "5.00"]]
    lists = layout_of(table(rows, 1)).lists
    assert [[info.col for info in entry.stub] for entry in lists] == [[0, 1], [3, 4]]
    assert [[info.col for info in entry.figures] for entry in lists] == [[2], [5]]


def test_words_right_of_the_figures_start_no_list() -> None:
    rows = [["单位名称", "资金总额", "一级指标", "指标值", "备注"], ["某局", "5.00", "产出指标", "3", ""]]
    layout = layout_of(table(rows, 1))
    assert len(layout.lists) == 1
    assert [info.col for info in layout.lists[0].figures] == [1]


def test_a_blank_column_of_an_unknown_head_left_of_the_figures_is_stub() -> None:
    rows = [["单位名称", "购置内容", "规格", "预算金额"], ["某局", "", "", "5.00"]]
    assert [info.col for info in layout_of(table(rows, 1)).figure_columns()] == [3]
