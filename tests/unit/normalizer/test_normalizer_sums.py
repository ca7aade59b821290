"""A sum that holds makes codes found by name surer; one that fails makes those doubtful that rest on little."""

from __future__ import annotations

from shared.contracts.normalized import Row
from tests.unit.normalizer.normalizer_tables import form_of, rows_of

HEAD = [["部门预算支出经济分类科目名称", "合计", "人员经费", "公用经费"]]


def rows(body: list[list[str]]) -> dict[str, Row]:
    return rows_of(form_of([*HEAD, *body], 1, title="一般公共预算基本支出表"))


def test_names_whose_sum_holds_are_surer_than_names_alone() -> None:
    held = rows([["工资福利支出", "9.00", "9.00", ""], ["基本工资", "5.00", "5.00", ""], ["奖金", "4.00", "4.00", ""]])
    alone = rows([["工资福利支出", "9.00", "9.00", ""], ["基本工资", "", "", ""]])
    assert held["奖金"].economic == "30103"
    assert held["奖金"].confidence > alone["基本工资"].confidence


def test_rounding_of_the_last_digit_is_no_failure() -> None:
    held = rows([["工资福利支出", "9.01", "9.01", ""], ["基本工资", "5.00", "5.00", ""], ["奖金", "4.00", "4.00", ""]])
    assert held["奖金"].confidence == 0.98


def test_a_plain_name_keeps_its_confidence_where_the_sum_fails() -> None:
    failed = rows([["工资福利支出", "19.00", "19.00", ""], ["基本工资", "5.00", "5.00", ""], ["奖金", "4.00", "4.00", ""]])
    assert failed["奖金"].confidence == 0.95


def test_a_misspelt_name_is_doubtful_where_the_sum_fails_and_sure_where_it_holds() -> None:
    def of(total: str) -> Row:
        body = [["工资福利支出", total, total, ""], ["基本工资", "5.00", "5.00", ""], ["机关事业单位基本养老保险激费", "4.00", "4.00", ""]]
        return rows(body)["机关事业单位基本养老保险激费"]

    assert (of("9.00").economic, of("19.00").economic) == ("30108", "30108")
    assert of("9.00").confidence > of("5.00").confidence
    assert of("19.00").confidence == 0.7


def test_a_misspelt_section_whose_own_parts_add_up_is_not_doubtful() -> None:
    body = [
        ["社会保障和就业支出", "99.00", "99.00"],
        ["人力资源和社会保障管理事勿", "9.00", "9.00"],
        ["社会保险经办机构", "9.00", "9.00"],
    ]
    row = rows_of(form_of([["功能分类科目名称", "合计", "基本支出"], *body], 1, title="支出表"))["人力资源和社会保障管理事勿"]
    assert (row.function, row.confidence) == ("20801", 0.75)


def test_a_sum_does_not_tell_a_section_from_its_item_of_the_same_name() -> None:
    body = [["社会保障和就业支出", "9.00", "9.00"], ["其他社会保障和就业支出", "9.00", "9.00"]]
    row = rows_of(form_of([["功能分类科目名称", "合计", "基本支出"], *body], 1, title="支出表"))["其他社会保障和就业支出"]
    assert row.confidence == 0.85


def test_codes_never_make_a_figure_so_doubtful_that_sums_are_no_longer_trusted() -> None:
    failed = rows([["工资福利支出", "99.00", "99.00", ""], ["绩郊工资", "5.00", "5.00", ""]])
    assert all(row.confidence >= 0.65 for row in failed.values())


def test_printed_codes_are_as_sure_as_before() -> None:
    form = form_of(
        [["科目编码", "科目名称", "合计"], ["301", "工资福利支出", "9.00"], ["30101", "基本工资", "1.00"]], 1, title="基本支出表"
    )
    assert [row.confidence for row in form.lists[0].rows] == [1.0, 1.0]
