"""Header paths say kind of column, measure, fund, line, year and unit."""

from __future__ import annotations

import pytest

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.domain.columns import read_head, strip_head
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.headcodes import with_codes
from services.normalizer.domain.layout import Layout, read_layout
from tests.unit.normalizer.normalizer_tables import Span, table


def head_of(*path: str) -> tuple[str | None, str | None, str | None]:
    head = read_head(standard_catalogue(), path)
    return head.measure, head.fund, head.line


@pytest.mark.parametrize(
    ("path", "measure"),
    [
        (("合计",), "total"),
        (("基本支出",), "basic_expenditure"),
        (("基本支出", "小计"), "basic_expenditure"),
        (("本年支出", "小计"), "total"),
        (("专项业务经费支出",), "project_expenditure"),
        (("基本支出", "公用经费"), "public"),
        (("2025年预算数", "项目支出"), "project_expenditure"),
        (("2025年合计",), "total"),
        (("当年预算安排",), "current_year"),
        (("上年结转安排",), "carried_forward"),
        (("年初结转和结余",), "opening_balance"),
        (("上缴上级支出",), "to_superior"),
        (("某种津补贴", "合计"), "subtotal"),
    ],
)
def test_a_path_says_its_measure(path: tuple[str, ...], measure: str) -> None:
    assert head_of(*path)[0] == measure


@pytest.mark.parametrize(
    ("path", "fund"),
    [
        (("一般公共预算财政拨款",), "general_public_budget"),
        (("政府性基金预算",), "government_fund"),
        (("国有资本经营预算",), "state_capital"),
        (("财政专户管理资金",), "fiscal_account"),
        (("单位资金",), "unit_funds"),
        (("财政拨款收入",), "fiscal_appropriation"),
    ],
)
def test_a_path_says_its_fund(path: tuple[str, ...], fund: str) -> None:
    assert head_of(*path)[1] == fund


def test_a_total_of_the_vehicles_group_is_its_line() -> None:
    assert head_of("公务用车购置及运行费", "小计")[2] == "three_public.vehicles"
    assert head_of("财政拨款三公经费", "合计", "决算数") == ("final", None, "three_public.total")


@pytest.mark.parametrize("text", ["行次", "序号", "科目编码", "数量", "增减率(%)", "备注", "指标值", "计量单位", "实施时间"])
def test_columns_that_are_no_money_say_so(text: str) -> None:
    assert read_head(standard_catalogue(), (text,)).kind is not None


def test_year_unit_and_stage_words_are_taken_off_a_head() -> None:
    assert strip_head("2025年部门预算数") == "部门"
    assert strip_head("资金金额(万元)") == "资金"
    assert read_head(standard_catalogue(), ("资金金额(万元)",)).unit == "万元"


def layout_of(*args: object, **kwargs: object) -> Layout:
    made = table(*args, **kwargs)  # type: ignore[arg-type]
    catalogue = standard_catalogue()
    return with_codes(read_layout(Grid(made, made.header_rows), catalogue), catalogue, made.title or "")


def test_the_stage_counts_only_where_two_stages_stand_side_by_side() -> None:
    alone = layout_of([["项目", "预算数"], ["教育支出", "1.00"]], 1)
    both = layout_of([["项目", "预算数", "决算数"], ["教育支出", "1.00", "1.00"]], 1)
    assert [info.head.measure for info in alone.figure_columns()] == ["amount"]
    assert [info.head.measure for info in both.figure_columns()] == ["budget", "final"]


def test_the_budget_at_the_years_beginning_is_not_the_adjusted_one() -> None:
    layout = layout_of([["项目", "年初预算数", "调整预算数", "决算数"], ["教育支出", "1.00", "2.00", "2.00"]], 1)
    assert [info.head.measure for info in layout.figure_columns()] == ["budget", "adjusted_budget", "final"]


def test_an_earlier_year_beside_a_later_one_is_the_previous_year() -> None:
    layout = layout_of([["项目", "2030年预算数", "2031年预算数"], ["教育支出", "1.00", "2.00"]], 1)
    assert [info.head.measure for info in layout.figure_columns()] == ["previous_year", "amount"]


def test_wages_beside_the_recurrent_subsidy_to_institutions_are_50501() -> None:
    head = [
        [Span("科目名称", rows=2), Span("机关工资福利支出", cols=2), Span("对事业单位经常性补助", cols=2)],
        ["合计", "住房公积金", "工资福利支出", "商品和服务支出"],
    ]
    layout = layout_of([*head, ["行政运行", "1.00", "1.00", "2.00", "3.00"]], 2)
    assert [info.gov_economic for info in layout.figure_columns()] == ["501", "50103", "50501", "50502"]


def test_the_title_chooses_the_chart_where_the_names_fit_both() -> None:
    head = [["科目名称", "对个人和家庭的补助", "对企业补助", "其他支出"], ["行政运行", "1.00", "2.00", "3.00"]]
    department = layout_of(head, 1, title="支出表（按部门预算经济分类）")
    government = layout_of(head, 1, title="支出表（按政府预算经济分类）")
    assert [info.economic for info in department.figure_columns()] == ["303", "312", "399"]
    assert [info.gov_economic for info in government.figure_columns()] == ["509", "507", "599"]


def test_classes_split_by_basic_and_project_keep_their_measure() -> None:
    head = [
        [Span("科目名称", rows=2), Span("基本支出", cols=2), Span("项目支出", cols=2)],
        ["工资福利支出", "一般商品和服务支出", "按项目管理的商品和服务支出", "资本性支出"],
    ]
    layout = layout_of([*head, ["行政运行", "1.00", "2.00", "3.00", "4.00"]], 2)
    found = [(info.economic, info.head.measure) for info in layout.figure_columns()]
    assert found == [
        ("301", "basic_expenditure"),
        ("302", "basic_expenditure"),
        ("302", "project_expenditure"),
        ("310", "project_expenditure"),
    ]


def test_sources_of_income_get_their_lines_and_carry_over_those_of_its_funds() -> None:
    head = [
        [Span("科目名称", rows=2), Span("本年收入", cols=3), Span("上年结转", cols=2)],
        ["小计", "一般公共预算", "事业收入", "小计", "政府性基金预算"],
    ]
    layout = layout_of([*head, ["教育支出", "3.00", "1.00", "2.00", "5.00", "5.00"]], 2)
    found = [(info.head.measure, info.head.line) for info in layout.figure_columns()]
    assert found == [
        ("income", None),
        ("income_source", "income.general_budget"),
        ("income_source", "income.service"),
        ("opening_balance", "carry_over_opening"),
        ("opening_balance", "carry_over_opening.government_fund"),
    ]


def test_reception_costs_in_a_wide_form_are_an_economic_code_and_no_line() -> None:
    layout = layout_of([["科目名称", "办公费", "印刷费", "差旅费", "公务接待费"], ["行政运行", "1.00", "2.00", "3.00", "4.00"]], 1)
    last = layout.figure_columns()[-1]
    assert (last.economic, last.head.line) == ("30217", None)
