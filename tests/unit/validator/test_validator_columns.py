"""Totals over columns follow the header tree."""

from __future__ import annotations

from validator_documents import Block, Paper, checked, errors, item, statuses, total

RULE = "column.sum"


def wide(*rows: tuple[str, ...], heads: tuple[str, ...], form: str = "income_summary") -> Paper:
    lines = [total(*rows[0]), *(item(f"单位{n}", *row) for n, row in enumerate(rows[1:]))]
    return Paper("t1", form, [Block("unit", heads, lines)])


NESTED = (
    "合计=total",
    "本年/小计=subtotal",
    "本年/拨款=income_source",
    "本年/事业收入=income_source",
    "上年结转/小计=subtotal",
    "上年结转/拨款=income_source",
)


def test_a_group_inside_counts_once_by_its_own_total() -> None:
    result = checked(wide(("9.00", "6.00", "4.00", "2.00", "3.00", "3.00"), heads=NESTED))
    assert statuses(result, RULE) == ["exact"] * 3


def test_a_group_whose_total_is_blank_counts_by_its_parts() -> None:
    result = checked(wide(("9.00", "", "4.00", "2.00", "3.00", "3.00"), heads=NESTED))
    assert statuses(result, RULE, "t1/0/1") == ["exact"]


def test_a_total_whose_parts_are_all_blank_is_not_assessable() -> None:
    result = checked(wide(("9.00", "9.00", "", "", "", ""), heads=NESTED))
    assert statuses(result, RULE, "t1/0/2") == ["not_assessable"]
    assert not errors(result)


def test_a_difference_of_one_last_digit_is_rounding() -> None:
    result = checked(wide(("6.01", "3.00", "3.00"), heads=("合计=total", "甲=fund_source", "乙=fund_source")))
    assert statuses(result, RULE) == ["rounding"]


def test_a_column_named_of_which_is_part_of_another_and_no_summand() -> None:
    heads = ("合计=total", "拨款=fund_source", "其中：专项=fund_source", "其他=fund_source")
    assert statuses(checked(wide(("6.00", "4.00", "3.00", "2.00"), heads=heads)), RULE) == ["exact"]


def test_two_groups_that_split_the_same_total_are_never_added() -> None:
    heads = (
        "申请/资金总额=total",
        "申请/按收入性质分/一般=fund_source",
        "申请/按收入性质分/基金=fund_source",
        "申请/按支出性质分/基本=basic_expenditure",
        "申请/按支出性质分/项目=project_expenditure",
    )
    result = checked(wide(("10.00", "7.00", "3.00", "4.00", "6.00"), heads=heads))
    assert statuses(result, RULE) == ["exact", "exact"]


def test_budget_and_final_figures_in_turn_are_summed_apart() -> None:
    heads = tuple(
        f"三公/{name}/{what}={code}" for name in ("合计", "接待费", "出国费") for what, code in (("预算数", "budget"), ("决算数", "final"))
    )
    result = checked(wide(("5.00", "3.00", "4.00", "2.00", "1.00", "1.00"), heads=heads))
    assert statuses(result, RULE) == ["exact", "exact"]


def test_side_by_side_budget_and_final_groups_have_their_own_totals() -> None:
    heads = tuple(f"{what}/{name}={code}" for what, code in (("预算数", "budget"), ("决算数", "final")) for name in ("合计", "接待费"))
    assert statuses(checked(wide(("5.00", "5.00", "3.00", "3.00"), heads=heads)), RULE) == ["exact", "exact"]


def test_a_slip_in_one_row_is_an_error_because_the_other_rows_hold() -> None:
    heads = ("合计=total", "甲=fund_source", "乙=fund_source")
    rows = (("33.00", "12.00", "21.00"), ("11.00", "4.00", "7.00"), ("29.00", "8.00", "14.00"))
    (error,) = errors(checked(wide(*rows, heads=heads)))
    assert error.evidence[0].fact == "t1/2/1"
    assert "22.00" in error.message.zh


def test_a_reading_that_fails_in_every_row_accuses_nobody() -> None:
    heads = ("合计=total", "甲=fund_source", "乙=fund_source")
    rows = (("33.00", "12.00", "3.00"), ("11.00", "4.00", "2.00"), ("22.00", "8.00", "1.00"))
    result = checked(wide(*rows, heads=heads))
    assert set(statuses(result, RULE)) == {"not_assessable"}
    assert not errors(result)


def test_a_figure_of_last_year_or_a_change_stands_beside_the_sum_and_carry_over_stands_in_it() -> None:
    heads = ("合计=total", "拨款=fund_source", "上年结转=fund_source", "上年预算数=previous_year", "增减额=other")
    assert statuses(checked(wide(("6.00", "4.00", "2.00", "5.00", "1.00"), heads=heads)), RULE) == ["exact"]
