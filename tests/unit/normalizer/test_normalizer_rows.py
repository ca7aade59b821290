"""Rows get their role, code or line, depth and parent from codes, names, ordinals, indentation and place."""

from __future__ import annotations

from tests.unit.normalizer.normalizer_tables import Span, form_of, normalized, rows_of, table

FUNCTION_HEAD = [[Span("功能科目", cols=3), Span("科目编码", rows=2), Span("科目名称", rows=2), Span("合计", rows=2)], ["类", "款", "项"]]


def test_codes_in_three_columns_make_class_section_and_item() -> None:
    body = [
        ["205", "", "", "205", "教育支出", "9.00"],
        ["205", "02", "", "20502", "普通教育", "9.00"],
        ["205", "02", "01", "2050201", "学前教育", "9.00"],
    ]
    rows = rows_of(form_of([*FUNCTION_HEAD, *body], 2))
    assert [rows[name].function for name in ("教育支出", "普通教育", "学前教育")] == ["205", "20502", "2050201"]
    assert [rows[name].depth for name in ("教育支出", "普通教育", "学前教育")] == [0, 1, 2]
    assert rows["学前教育"].parent == 3


def test_a_class_printed_once_for_its_group_holds_for_the_rows_below() -> None:
    body = [["205", "02", "01", "", "学前教育", "1.00"], ["", "02", "02", "", "小学教育", "2.00"]]
    assert rows_of(form_of([*FUNCTION_HEAD, *body], 2))["小学教育"].function == "2050202"


def test_narrow_columns_that_repeat_the_whole_code_are_read_once() -> None:
    body = [["205", "20502", "2050201", "", "学前教育", "1.00"]]
    assert rows_of(form_of([*FUNCTION_HEAD, *body], 2))["学前教育"].function == "2050201"


def test_a_leading_unit_whose_code_looks_like_a_class_is_a_unit() -> None:
    body = [
        ["", "", "", "", "合计", "9.00"],
        ["", "", "", "205", "青石县教育局", "9.00"],
        ["", "", "", "205001", "青石县第一幼儿园", "9.00"],
        ["205", "", "", "205", "教育支出", "9.00"],
    ]
    rows = rows_of(form_of([*FUNCTION_HEAD, *body], 2))
    assert [rows[name].role for name in ("合计", "青石县教育局", "青石县第一幼儿园", "教育支出")] == ["total", "unit", "unit", "item"]
    assert rows["青石县教育局"].function is None
    assert rows["教育支出"].function == "205"


def test_a_leading_unit_without_narrow_columns_is_told_by_its_name() -> None:
    body = [["", "合计", "9.00"], ["205", "青石县教育局", "9.00"], ["205", "教育支出", "9.00"]]
    rows = rows_of(form_of([["科目编码", "科目名称", "合计"], *body], 1))
    assert rows["青石县教育局"].role == "unit"
    assert rows["教育支出"].role == "item"


def test_a_code_printed_before_its_name_in_one_cell_is_read() -> None:
    body = [["205教育支出", "1.00"], ["[20502]普通教育", "1.00"]]
    rows = rows_of(form_of([["功能科目名称", "合计"], *body], 1))
    assert [row.function for row in rows.values()] == ["205", "20502"]


def test_codes_of_other_charts_beside_a_project_are_read_with_it() -> None:
    rows = [["项目名称", "功能分类科目", "经济分类科目", "合计"], ["河堤加固", "2130305水利工程建设", "30299其他商品和服务支出", "3.00"]]
    (made,) = form_of(rows, 1, title="项目支出明细表").lists[0].rows
    assert (made.project, made.function, made.economic) == ("河堤加固", "2130305", "30299")


def test_department_and_government_codes_in_narrow_columns_side_by_side_are_both_read() -> None:
    head = [
        [Span("部门预算支出经济分类科目", cols=3), Span("政府预算支出经济分类科目", cols=3), Span("合计", rows=2)],
        ["类", "款", "科目名称", "类", "款", "科目名称"],
    ]
    rows = [*head, ["301", "01", "基本工资", "501", "01", "工资奖金津补贴", "9.00"]]
    (made,) = form_of(rows, 2, title="一般公共预算基本支出表").lists[0].rows
    assert (made.economic, made.gov_economic, made.label) == ("30101", "50101", "基本工资")


def test_names_without_codes_are_looked_for_below_the_class_they_stand_under() -> None:
    body = [["工资福利支出", "3.00"], ["其他工资福利支出", "3.00"], ["其他支出", "2.00"], ["其他支出", "2.00"]]
    form = form_of([["部门预算支出经济科目名称", "合计"], *body], 1)
    assert [row.economic for row in form.lists[0].rows][:2] == ["301", "30199"]


def test_a_second_name_gives_the_government_code() -> None:
    head = [["部门预算支出经济科目名称", "政府预算支出经济科目名称", "合计"]]
    body = [["工资福利支出", "", "2.00"], ["基本工资", "工资福利支出", "2.00"]]
    rows = rows_of(form_of([*head, *body], 1))
    assert (rows["基本工资"].economic, rows["基本工资"].gov_economic) == ("30101", "50501")
    assert rows["工资福利支出"].gov_economic is None
    assert rows["基本工资"].parent == rows["工资福利支出"].row


SUMMARY_HEAD = [[Span("收入", cols=2), Span("支出", cols=2)], ["项目", "预算数", "项目", "预算数"]]


def test_ordinals_indentation_and_of_which_make_the_tree_of_a_summary_list() -> None:
    body = [
        ["一、财政拨款收入", "9.00", "一、教育支出", "9.00"],
        ["1. 一般公共预算", "9.00", "二、卫生健康支出", "0.00"],
        ["其中：专项资金列入", "1.00", "", ""],
        ["2. 政府性基金", "0.00", "", ""],
        ["二、事业收入", "0.00", "", ""],
        ["本年收入合计", "9.00", "本年支出合计", "9.00"],
        ["上年结转", "1.00", "结转下年", "1.00"],
        ["收入总计", "10.00", "支出总计", "10.00"],
    ]
    form = form_of([*SUMMARY_HEAD, *body], 2)
    rows = rows_of(form)
    assert [(row.label, row.depth, row.parent) for row in form.lists[0].rows][:5] == [
        ("财政拨款收入", 0, None),
        ("一般公共预算", 1, 2),
        ("专项资金列入", 2, 3),
        ("政府性基金", 1, 2),
        ("事业收入", 0, None),
    ]
    assert rows["专项资金列入"].role == "of_which"
    assert [rows[name].role for name in ("本年收入合计", "上年结转", "收入总计")] == ["year_total", "carry_over", "grand_total"]
    assert rows_of(form, 1)["教育支出"].function == "205"
    assert rows_of(form, 1)["结转下年"].line == "carry_over_closing"


def test_an_ordinal_below_the_carry_over_is_below_it_and_not_beside_the_total() -> None:
    body = [
        ["一、一般公共预算财政拨款", "9.00", "一、教育支出", "9.00"],
        ["本年收入合计", "9.00", "本年支出合计", "9.00"],
        ["年初财政拨款结转和结余", "1.00", "年末财政拨款结转和结余", "1.00"],
        ["一、一般公共预算财政拨款", "1.00", "", ""],
        ["总计", "10.00", "总计", "10.00"],
    ]
    form = form_of([*SUMMARY_HEAD, *body], 2)
    below = form.lists[0].rows[3]
    assert (below.line, below.parent, below.depth) == ("carry_over_opening.general", 4, 1)
    assert form.lists[0].rows[4].line == "income_total"


def test_an_indented_row_is_below_the_row_above() -> None:
    body = [
        ["一、一般公共预算拨款收入", "9.00", "一、教育支出", "9.00"],
        [Span("经费拨款", indent=1.0), "5.00", "", ""],
        [Span("纳入一般公共预算管理的非税收入拨款", indent=1.0), "4.00", "", ""],
        [Span("罚没收入", indent=2.0), "4.00", "", ""],
        [Span("一般债券", indent=1.0), "0.00", "", ""],
    ]
    form = form_of([*SUMMARY_HEAD, *body], 2)
    assert [row.depth for row in form.lists[0].rows] == [0, 1, 1, 2, 1]


def test_the_last_total_is_the_grand_total_where_an_earlier_one_is_of_the_year() -> None:
    body = [
        ["一、事业收入", "9.00", "一、教育支出", "9.00"],
        ["当年收入小计", "9.00", "当年支出小计", "9.00"],
        ["上年结转资金", "1.00", "结转下年资金", "1.00"],
        ["收入合计", "10.00", "支出合计", "10.00"],
    ]
    form = form_of([*SUMMARY_HEAD, *body], 2)
    assert [row.role for row in form.lists[0].rows][1:] == ["year_total", "carry_over", "grand_total"]
    assert form.lists[1].rows[-1].line == "expenditure_total"


def test_classes_below_basic_and_project_expenditure_are_told_by_the_measure_of_their_facts() -> None:
    head = [[Span("收入", cols=2), Span("支出", cols=2)], ["项目", "预算数", "项目（按部门预算经济分类）", "预算数"]]
    body = [
        ["一、事业收入", "9.00", "一、基本支出", "5.00"],
        ["二、其他收入", "0.00", Span("商品和服务支出", indent=1.0), "5.00"],
        ["", "", "二、项目支出", "4.00"],
        ["", "", Span("商品和服务支出", indent=1.0), "4.00"],
    ]
    result = normalized(table([*head, *body], 2))
    found = [(fact.economic, fact.measure, fact.text) for fact in result.facts if fact.economic]
    assert found == [("302", "basic_expenditure", "5.00"), ("302", "project_expenditure", "4.00")]


def test_kinds_of_projects_are_subtotals_and_projects_are_below_them() -> None:
    head = [["单位编码", "单位（项目）名称", "项目金额"]]
    body = [
        ["", "合计", "9.00"],
        ["311", "青石县水利局", "9.00"],
        ["", "专用项目", "9.00"],
        ["", "履职项目", "5.00"],
        ["", "河堤加固", "5.00"],
        ["", "专项资金项目", "4.00"],
        ["", "水库除险", "4.00"],
    ]
    rows = rows_of(form_of([*head, *body], 1))
    assert [row.role for row in rows.values()] == ["total", "unit", "subtotal", "subtotal", "item", "subtotal", "item"]
    assert rows["河堤加固"].project == "河堤加固"
    assert rows["履职项目"].parent == rows["专用项目"].row
    assert rows["专项资金项目"].parent == rows["专用项目"].row
    assert rows["水库除险"].parent == rows["专项资金项目"].row


def test_groups_in_a_stub_column_of_their_own_are_headed_by_their_subtotal() -> None:
    rows = [
        [Span("项目名称", cols=2), "金额"],
        [Span("收入总计", cols=2), "9.00"],
        [Span("一般公共预算资金", rows=2), "小计", "5.00"],
        ["专项收入", "5.00"],
        [Span("其他资金", rows=2), "小计", "4.00"],
        ["事业收入", "4.00"],
    ]
    made = rows_of(form_of(rows, 1, title="收入预算总表"))
    assert made["一般公共预算资金"].line == "income.general_budget"
    assert made["专项收入"].parent == made["一般公共预算资金"].row
    assert made["事业收入"].parent == made["其他资金"].row


def test_purchases_are_below_the_column_left_of_theirs() -> None:
    rows = [
        ["采购品目大类", "专项名称", "采购物品名称", "总计"],
        ["合计", "", "", "9.00"],
        ["一、货物", "", "", "9.00"],
        ["", "办公购置", "", "9.00"],
        ["", "", "计算机", "9.00"],
    ]
    made = form_of(rows, 1, title="政府采购预算表").lists[0].rows
    assert [row.depth for row in made] == [0, 0, 1, 2]


def test_parts_of_the_vehicles_line_are_below_it() -> None:
    rows = [
        ["项目", "预算数"],
        ["因公出国（境）费", "1.00"],
        ["公务接待费", "2.00"],
        ["公务用车购置及运行费", "3.00"],
        ["①公务用车购置费", "1.00"],
        ["②公务用车运行维护费", "2.00"],
        ["合计", "6.00"],
    ]
    made = rows_of(form_of(rows, 1, title="“三公”经费支出表"))
    assert made["公务用车运行维护费"].parent == made["公务用车购置及运行费"].row
    assert made["合计"].line == "three_public.total"
    assert made["公务接待费"].line == "three_public.reception"


PROJECTS_BY_UNIT = ["序号", "项目单位", "项目名称", "合计"]


def test_a_merged_unit_beside_project_names_is_context_and_every_row_is_its_project() -> None:
    body: list[list[Span | str]] = [
        ["", Span("合计", cols=2), "9.00"],
        ["1", Span("青石县水利局", rows=3), "河堤加固", "5.00"],
        ["2", "水库除险", "3.00"],
        ["3", "灌区服务中心", "1.00"],
    ]
    rows = rows_of(form_of([PROJECTS_BY_UNIT, *body], 1, title="项目支出表"))
    assert [(row.role, row.project) for row in rows.values()] == [
        ("total", None),
        ("item", "河堤加固"),
        ("item", "水库除险"),
        ("item", "灌区服务中心"),
    ]


def test_a_row_that_names_only_its_unit_is_the_units_own() -> None:
    body = [["1", "青石县水利局", "", "9.00"], ["2", "青石县水利局", "河堤加固", "9.00"]]
    rows = rows_of(form_of([PROJECTS_BY_UNIT, *body], 1, title="项目支出表"))
    assert [(row.role, row.label) for row in rows.values()] == [("unit", "青石县水利局"), ("item", "河堤加固")]


def test_a_unit_repeated_beside_functions_is_context() -> None:
    body = [
        ["311", "青石县水利局", "2130301", "行政运行", "5.00"],
        ["311", "青石县水利局", "2130305", "水利工程建设", "4.00"],
        ["311002", "青石县水库管理所", "2130306", "水利工程运行与维护", "1.00"],
    ]
    made = form_of([["单位编码", "单位名称", "科目编码", "科目名称", "合计"], *body], 1, title="支出总表").lists[0].rows
    assert [(row.role, row.function) for row in made] == [("item", "2130301"), ("item", "2130305"), ("item", "2130306")]
