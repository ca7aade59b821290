"""How many rows are the boxhead."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.extractor.domain.boxhead import header_rows


@dataclass
class Cell:
    row: int
    col: int
    rowspan: int
    colspan: int
    text: str


def plain(*rows: list[str]) -> tuple[list[Cell], int, int]:
    return [Cell(r, c, 1, 1, text) for r, row in enumerate(rows) for c, text in enumerate(row)], len(rows), len(rows[0])


def test_one_row_of_heads():
    assert header_rows(*plain(["科目", "名称", "金额"], ["201", "甲", "1.00"])) == 1


def test_heads_over_several_columns_take_the_rows_that_divide_them():
    cells = [
        Cell(0, 0, 2, 1, "科目"),
        Cell(0, 1, 1, 2, "支出"),
        Cell(1, 1, 1, 1, "基本"),
        Cell(1, 2, 1, 1, "项目"),
        Cell(2, 0, 1, 1, "201"),
        Cell(2, 1, 1, 1, "1.00"),
        Cell(2, 2, 1, 1, "2.00"),
    ]
    assert header_rows(cells, 3, 3) == 2


def test_two_lists_side_by_side():
    cells = [Cell(0, 0, 1, 2, "收入"), Cell(0, 2, 1, 2, "支出")]
    cells += [Cell(1, c, 1, 1, text) for c, text in enumerate(["项目", "预算数", "项目", "预算数"])]
    cells += [Cell(2, c, 1, 1, text) for c, text in enumerate(["一、拨款", "1.00", "一、服务", "1.00"])]
    assert header_rows(cells, 3, 4) == 2


@pytest.mark.parametrize("numbers", [["栏次", "1", "2"], ["类款项", "1", "2=1+3"], ["A", "B", "C"]])
def test_a_row_of_column_numbers_belongs_to_the_head(numbers):
    assert header_rows(*plain(["科目", "合计", "基本"], numbers, ["甲", "1.00", "1.00"])) == 2


def test_a_row_of_small_counts_is_no_row_of_column_numbers():
    assert header_rows(*plain(["单位", "人数", "车辆"], ["某某局", "12", "3"])) == 1


def test_the_head_ends_at_the_first_money():
    cells = [Cell(0, 0, 3, 1, "科目"), Cell(0, 1, 1, 1, "金额"), Cell(1, 1, 1, 1, "1.00"), Cell(2, 1, 1, 1, "2.00")]
    assert header_rows(cells, 3, 2) == 1


def test_label_value_forms_have_none():
    cells = [Cell(0, 0, 1, 1, "项目名称"), Cell(0, 1, 1, 3, "某某经费"), Cell(1, 0, 1, 1, "主管部门"), Cell(1, 1, 1, 3, "某某局")]
    assert header_rows(cells, 2, 4) == 0


def test_a_table_whose_head_is_lost_has_none():
    assert header_rows(*plain(["201", "甲", "1.00"], ["202", "乙", "2.00"])) == 0


@pytest.mark.parametrize("sum_", ["(1,234.56)", "（2.00）", "△3.10", "-4.00", "－5.00", "– 6.00", "￥7.00", "1 234.56"])
def test_sums_below_zero_however_they_are_printed_are_no_heads(sum_: str):
    assert header_rows(*plain(["201", "甲", sum_], ["202", "乙", sum_])) == 0


@pytest.mark.parametrize("heading", ["(1)", "（2）", "2025年", "增长1.5倍", "其中：1.1"])
def test_numbers_of_columns_and_words_with_digits_are_heads(heading: str):
    assert header_rows(*plain(["项目", "名称", heading], ["202", "乙", "1.00"])) == 1


def test_an_empty_form_keeps_its_head():
    cells = [Cell(0, 0, 2, 1, "科目"), Cell(0, 1, 1, 2, "支出"), Cell(1, 1, 1, 1, "基本"), Cell(1, 2, 1, 1, "项目")]
    cells += [Cell(2, c, 1, 1, "") for c in range(3)]
    assert header_rows(cells, 3, 3) == 2
