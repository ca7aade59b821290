"""Totals over columns follow the header tree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
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


def sums(heads: tuple[str, ...], *rows: tuple[str, ...], **more: Any) -> dict[int, set[tuple[int, ...]]]:
    """The sums over columns that hold in the first row: column of the total → columns of its parts."""
    lines = [total(*rows[0]), *(item(f"单位{n}", *row) for n, row in enumerate(rows[1:]))]
    found: dict[int, set[tuple[int, ...]]] = {}
    result = checked(Paper("t1", "income_summary", [Block("unit", heads, lines)], **more))
    for check in result.checks:
        if check.rule == RULE and check.status == "exact" and check.target.startswith("t1/0/"):
            terms = tuple(int(term.fact.rpartition("/")[2]) for term in check.terms)
            found.setdefault(int(check.target.rpartition("/")[2]), set()).add(terms)
    return found


@pytest.mark.parametrize(
    ("heads", "row", "held"),
    [
        # A column over whose name others begin is the total of them, in either order.
        (("财政", "财政/一般", "财政/基金"), ("9.00", "6.00", "3.00"), {1: {(2, 3)}}),
        (("财政/一般", "财政/基金", "财政"), ("6.00", "3.00", "9.00"), {3: {(1, 2)}}),
        (("合计", "财政", "财政/一般", "财政/基金", "其他"), ("11.00", "9.00", "6.00", "3.00", "2.00"), {1: {(2, 5)}, 2: {(3, 4)}}),
        (("合计", "财政/一般", "财政/基金", "财政", "其他"), ("11.00", "6.00", "3.00", "9.00", "2.00"), {1: {(4, 5)}, 4: {(2, 3)}}),
        # A second column of a group's name, which has its total, is a part of its own.
        (("合计", "财政/小计", "财政/一般", "财政/基金", "财政"), ("11.00", "9.00", "6.00", "3.00", "2.00"), {1: {(2, 5)}, 2: {(3, 4)}}),
        # White space in heads is none.
        (("合 计", "财 政/小计", "财政/一般", "财政/ 基金"), ("9.00", "9.00", "6.00", "3.00"), {2: {(3, 4)}, 1: {(2,)}}),
        (("总 额（万元）", "一般", "基金"), ("9.00", "6.00", "3.00"), {1: {(2, 3)}}),
        (("一般", "基金", "其他"), ("9.00", "6.00", "3.00"), {}),
        (("合计",), ("9.00",), {}),
        # What is printed once under a group with no total counts by its parts.
        (("合计", "财政/一般", "财政/基金", "其他"), ("11.00", "6.00", "3.00", "2.00"), {1: {(2, 3, 4)}}),
        (("合计", "财政/一般/甲", "财政/一般/乙", "财政/基金"), ("9.00", "4.00", "2.00", "3.00"), {1: {(2, 3, 4)}}),
        (("合计", "其他", "财政/一般", "财政/基金"), ("11.00", "2.00", "6.00", "3.00"), {1: {(2, 3, 4)}}),
        (("合计", "补助", "补助"), ("9.00", "6.00", "3.00"), {1: {(2, 3)}}),  # two columns of one name
        (("合计", "按来源分/一般", "按来源分/基金", "其他"), ("11.00", "6.00", "3.00", "2.00"), {1: {(2, 3, 4)}}),  # one group splits nothing
        # Columns beside: of which, last year, changes.
        (("合计", "一般", "其中：新增", "基金"), ("9.00", "6.00", "4.00", "3.00"), {1: {(2, 4)}}),
        (("合计", "财政/一般", "财政/其中：新增", "基金"), ("9.00", "6.00", "4.00", "3.00"), {1: {(2, 4)}}),
        *((("合计", "一般", "基金", word), ("9.00", "6.00", "3.00", "5.00"), {1: {(2, 3)}}) for word in ("上年数", "上年预算数", "去年", "增减", "比上年", "占比", "增长率")),
    ],
)  # fmt: skip
def test_a_total_over_columns_is_the_sum_that_its_headers_say(
    heads: tuple[str, ...], row: tuple[str, ...], held: dict[int, set[tuple[int, ...]]]
) -> None:
    named = tuple(f"{head}={'total' if head.replace(' ', '') == '合计' else 'fund_source'}" for head in heads)
    assert sums(named, row) == held


TWICE = (("10.00", "7.00", "3.00", "4.00", "6.00"), ("7.00", "5.00", "2.00", "1.00", "6.00"), ("3.00", "2.00", "1.00", "3.00", "0.00"))


def test_groups_that_each_make_up_the_total_again_and_again_are_splits_of_it_by_other_words_too() -> None:
    heads = ("合计=total", "资金来源/一般=fund_source", "资金来源/基金=fund_source", "支出类别/基本=class", "支出类别/项目=class")
    assert sums(heads, *TWICE) == {1: {(2, 3)}}
    by_words = tuple(head.replace("资金来源", "按资金来源分").replace("支出类别", "支付方式") for head in heads)
    assert sums(by_words, *TWICE) == {1: {(2, 3), (4, 5)}}
    added = tuple((str(Decimal(row[0]) * 2), *row[1:]) for row in TWICE)
    assert sums(heads, *added) == {1: {(2, 3, 4, 5)}}
    one = tuple(head.replace("资金来源", "按资金来源分") for head in heads)
    assert sums(one, *added) == {1: {(2, 3, 4, 5)}}, "one group's words alone say no split"


def test_of_two_totals_one_may_be_that_of_the_parts_and_the_other_that_of_both() -> None:
    heads = ("合计=total", "小计=subtotal", "一般=fund_source", "基金=fund_source")
    assert sums(heads, ("9.00", "9.00", "6.00", "3.00"), ("7.00", "7.00", "5.00", "2.00")) == {1: {(3, 4)}, 2: {(3, 4)}}
    assert sums(heads, ("18.00", "9.00", "6.00", "3.00"), ("14.00", "7.00", "5.00", "2.00")) == {2: {(3, 4)}, 1: {(2, 3, 4)}}


def test_a_sum_of_the_three_public_expenses_leaves_no_other_reading_even_in_one_line() -> None:
    heads = ("合计=amount", "出国=amount", "接待=amount")

    def accused(*lines: str) -> list[str]:
        changes = {col: {"line": line} for col, line in enumerate(lines, 1)}
        form = Paper("t1", "three_public", [Block("unit", heads, (total("9.87", "6.00", "3.00"),))], changes=changes)
        return [finding.severity for finding in checked(form).findings if finding.checks]

    assert accused("three_public.total", "three_public.abroad", "three_public.reception") == ["error"]
    assert accused("three_public.total", "three_public.abroad", "meetings") == ["warning"]
    assert accused("three_public.total", "three_public.abroad") == ["warning"]
    assert accused() == ["warning"]


@pytest.mark.parametrize(
    ("codes", "held"),
    [
        (("budget", "final"), {1: {(3, 5)}, 2: {(4, 6)}}),
        (("previous_year", "final"), {1: {(3, 5)}, 2: {(4, 6)}}),
        (("previous_year", "budget"), {1: {(3, 5)}, 2: {(4, 6)}}),
    ],
)
def test_columns_that_print_two_stages_in_turn_are_summed_apart(codes: tuple[str, str], held: dict[int, set[tuple[int, ...]]]) -> None:
    heads = tuple(f"{name}/{what}={code}" for name in ("合计", "接待", "出国") for what, code in zip(("甲数", "乙数"), codes, strict=True))
    assert sums(heads, ("5.00", "3.00", "4.00", "2.00", "1.00", "1.00")) == held
    other = tuple(head.replace(codes[0], "amount") for head in heads)
    assert sums(other, ("5.00", "3.00", "4.00", "2.00", "1.00", "1.00")) == {}


def test_stages_are_summed_in_the_order_in_which_they_are_printed() -> None:
    for first, second in (("budget", "final"), ("final", "budget")):
        heads = tuple(f"{name}/{what}={what}" for name in ("合计", "接待", "出国") for what in (first, second))
        found = checked(wide(("5.00", "3.00", "4.00", "2.00", "1.00", "1.00"), heads=heads))
        assert [check.target for check in found.checks if check.rule == RULE] == ["t1/0/1", "t1/0/2"]


def test_two_columns_of_two_stages_are_no_stages_in_turn() -> None:
    assert sums(("合计=budget", "接待=final"), ("9.00", "9.00")) == {1: {(2,)}}
