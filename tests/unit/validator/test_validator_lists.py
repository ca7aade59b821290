"""Lists without codes: summaries with carry-over, projects with kinds, lists that end in one total."""

from __future__ import annotations

from dataclasses import replace

import pytest
from validator_documents import Block, Line, Paper, checked, document, errors, item, statuses, total, warnings

from services.validator.adapters.rules_files import load_rules
from services.validator.domain import lists
from services.validator.domain.sheet import read_book
from shared.contracts.normalized import ListKind


def year(amount: str, label: str = "本年收入合计") -> Line:
    return total(amount, label=label, role="year_total")


def grand(amount: str, label: str = "收入总计") -> Line:
    return total(amount, label=label, role="grand_total")


def carry(label: str, amount: str) -> Line:
    return item(label, amount, role="carry_over")


def summary(income: tuple[Line, ...], *expenditure: tuple[Line, ...]) -> Paper:
    blocks = [Block("income", ("金额=amount",), income), *(Block("mixed", ("金额=amount",), lines) for lines in expenditure)]
    return Paper("t1", "income_expenditure_summary", blocks)


INCOME = (
    item("拨款", "70.00"),
    item("经费", "60.00", depth=1, parent=0),
    item("补助", "10.00", depth=1, parent=0),
    item("事业", "5.00"),
    year("75.00"),
    carry("上年结转", "3.00"),
    grand("78.00"),
)
SPENT = (item("基本", "40.00"), item("项目", "30.00"), year("70.00", "本年支出合计"), carry("结转下年", "8.00"), grand("78.00", "支出总计"))


def test_a_summary_ties_with_its_carry_over() -> None:
    result = checked(summary(INCOME, SPENT))
    assert statuses(result, "total.year") == statuses(result, "total.grand") == ["exact", "exact"]
    assert statuses(result, "rollup.list") == ["exact"]
    assert statuses(result, "balance.lists") == ["exact"]
    assert result.coverage.untied == 0


def test_sides_that_end_in_different_totals_are_a_balance_mismatch() -> None:
    spent = (*SPENT[:3], carry("结转下年", "9.00"), grand("79.00", "支出总计"))
    result = checked(summary(INCOME, spent, (item("类", "70.00"), *SPENT[2:])))
    assert statuses(result, "balance.lists", "t1/4/3") == ["failed"]


def test_a_grand_total_typed_wrong_is_pinned_by_the_other_side() -> None:
    (error,) = errors(checked(summary((*INCOME[:-1], grand("87.00")), SPENT)))
    assert error.evidence[0].fact == "t1/6/1"
    assert error.diagnosis is not None
    assert (error.diagnosis.cause, error.diagnosis.suggested) == ("digits_swapped", "78.00")


def test_a_parenthesis_of_which_is_no_summand() -> None:
    income = (item("拨款", "70.00"), item("其中：专项", "9.00", depth=1, parent=0, role="of_which"), year("70.00"))
    result = checked(summary(income))
    assert not statuses(result, "rollup.list")
    assert statuses(result, "total.year") == ["exact"]


def test_lines_under_a_carry_over_line_are_its_parts_and_are_not_added_again() -> None:
    tail = (carry("上年结转", "3.00"), item("一、一般", "2.00"), item("二、基金", "1.00"), grand("78.00"))
    result = checked(summary((item("拨款", "75.00"), year("75.00"), *tail)))
    assert statuses(result, "total.grand") == ["exact"]
    assert not errors(result)


def test_a_year_total_that_opens_the_list_is_the_sum_of_what_hangs_below_it() -> None:
    income = (
        Line("一、本年收入", ("75.00",), role="year_total"),
        item("拨款", "70.00", depth=1, parent=0),
        item("事业", "5.00", depth=1, parent=0),
        carry("二、上年结转", "3.00"),
        grand("78.00"),
    )
    result = checked(summary(income))
    assert statuses(result, "total.year") == statuses(result, "total.grand") == ["exact"]


def test_a_merged_label_is_read_as_sub_total_and_parts() -> None:
    lines = (
        grand("80.00"),
        item("预算资金", "70.00"),
        item("预算资金", "70.00"),
        item("其他资金", "10.00"),
        item("其他资金", "4.00"),
        item("其他资金", "6.00"),
    )
    result = checked(Paper("t1", "income_summary", [Block("income", ("金额=amount",), (*lines, carry("上年结转", "")))]))
    assert statuses(result, "total.grand") == ["exact"]
    assert statuses(result, "rollup.list") == ["exact", "exact"]


def projects(*amounts: str) -> Paper:
    whole, duty, one, two, special, three = amounts
    lines = (
        total(whole),
        item("履职项目", duty, role="subtotal"),
        item("档案管理", one, depth=1, parent=1, project="档案管理"),
        item("宣传", two, depth=1, parent=1, project="宣传"),
        item("专项资金", special, role="subtotal"),
        item("补助甲", three, depth=1, parent=4, project="补助甲"),
        item("补助乙", "5", depth=1, parent=4, project="补助乙"),
        item("特定项目", "4", role="subtotal"),
        item("特定甲", "3", depth=1, parent=7, project="特定甲"),
        item("特定乙", "1", depth=1, parent=7, project="特定乙"),
    )
    return Paper("t1", "projects", [Block("project", ("金额=amount",), lines)], unit="元", precision=0)


def test_kinds_of_projects_are_sums_of_their_projects() -> None:
    result = checked(projects("59", "40", "10", "30", "15", "10"))
    assert statuses(result, "rollup.list") == ["exact"] * 3
    assert statuses(result, "rollup.total") == ["exact"] * 2  # over kinds, and over the projects themselves


def test_a_zero_too_many_is_found_in_the_cell_that_has_it() -> None:
    (error,) = errors(checked(projects("59", "40", "100", "30", "15", "10")))
    assert error.evidence[0].fact == "t1/2/1"
    assert "印为 100 元" in error.message.zh
    assert "应为 10 元" in error.message.zh
    assert error.diagnosis is not None
    assert error.diagnosis.cause == "zero_extra"


def test_a_head_that_looks_deeper_than_its_neighbours_is_lifted() -> None:
    lines = (
        total("30.00"),
        item("服务", "30.00"),
        item("会议", "12.00", depth=1, parent=1),
        item("住宿", "7.00", depth=2, parent=2),
        item("餐饮", "5.00", depth=2, parent=2),
        item("培训", "18.00", depth=2, parent=2),
        item("讲课", "10.00", depth=3, parent=5),
        item("资料", "8.00", depth=3, parent=5),
    )
    result = checked(Paper("t1", "procurement", [Block("procurement", ("总计=total",), lines)]))
    assert statuses(result, "rollup.list") == ["exact"] * 3
    assert not warnings(result)


def test_a_form_of_free_layout_asks_instead_of_accusing() -> None:
    lines = (total("30.00"), item("甲", "12.00"), item("乙", "17.00"), item("丙", "5.00"))
    result = checked(Paper("t1", "procurement", [Block("procurement", ("总计=total",), lines)]))
    assert not errors(result)
    assert [finding.code for finding in warnings(result)] == ["structure.unclear"]


def test_a_list_without_totals_adds_up_to_the_total_of_the_list_beside_it() -> None:
    functions = (item("一般公共服务", "50.00", function="201"), item("住房保障", "20.00", function="221"), year("", "本年支出合计"))
    result = checked(summary(INCOME, functions, SPENT))
    assert len(statuses(result, "total.year", "t1/2/5")) == 2
    assert set(statuses(result, "total.year")) == {"exact"}
    wrong = (item("一般公共服务", "86.00", function="201"), *functions[1:])
    (error,) = errors(checked(summary(INCOME, wrong, SPENT)))
    assert "t1/0/3" in {evidence.fact for evidence in error.evidence}


def test_a_list_with_hundreds_of_totals_is_bounded_and_what_is_left_out_stays_untied(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for _ in range(40) for line in (total("3.00"), item("甲", "1.00"), item("乙", "2.00"))]
    paper = Paper("t1", "projects", [Block("project", ("金额=total",), lines)])
    monkeypatch.setattr(lists, "MOST_TERMS", 1000)
    bounded = checked(paper)
    assert sum(len(check.terms) for check in bounded.checks) <= 1000
    assert bounded.coverage.untied > 0
    assert not errors(bounded)


def accused(paper: Paper) -> list[str]:
    return [error.evidence[0].fact for error in errors(checked(paper))]


@pytest.mark.parametrize("printed", ["87.00", "75.00", "81.00"])
def test_a_grand_total_counts_what_is_carried_over_once(printed: str) -> None:
    assert statuses(checked(summary((year("75.00"), carry("上年结转", "3.00"), grand(printed)))), "total.grand") == ["failed"]


def test_a_grand_total_after_carry_over_lines_alone_is_their_sum_and_the_years_whatever_else_holds() -> None:
    """Nothing else of such a list holds; its words leave no other reading."""
    lines = (year("75.00"), carry("上年结转", "3.00"), grand("87.00"))
    assert statuses(checked(summary(lines)), "total.grand") == ["failed"]
    assert accused(summary(lines)) == ["t1/2/1"]


@pytest.mark.parametrize(
    "between",
    [
        (),
        (carry("上年结转", "3.00"), item("一般", "1.00", depth=1, parent=1, role="carry_over")),
        (carry("上年结转", "3.00"), item("其他调入", "9.00")),
        (item("其他调入", "12.00"),),
        (carry("上年结转", "3.00"), item("其中：一般", "1.00", depth=1, parent=1)),
    ],
)
def test_a_grand_total_after_other_lines_is_a_question_where_nothing_vouches_for_the_reading(between: tuple[Line, ...]) -> None:
    paper = summary((year("75.00"), *between, grand("99.00")))
    assert "failed" in statuses(checked(paper), "total.grand")
    assert accused(paper) == []
    assert warnings(checked(paper))


@pytest.mark.parametrize(
    ("lines", "terms"),
    [
        # What is carried over may stand before the year's own lines, and other lines follow.
        ((carry("上年结转", "3.00"), item("拨款", "75.00"), year("75.00"), item("调入", "5.00"), grand("83.00")), {2, 0, 3}),
        ((item("拨款", "75.00"), year("75.00"), item("调入", "5.00"), carry("上年结转", "3.00"), grand("83.00")), {1, 2, 3}),
        ((item("拨款", "75.00"), year("75.00"), item("调入", "5.00"), carry("上年结转", "3.00"), grand("78.00")), {1, 3}),
        ((item("拨款", "75.00"), year("75.00"), item("结转", "3.00"), item("其一", "2.00"), item("其二", "1.00"), grand("78.00")), {1, 2}),
        ((carry("上年结转", "3.00"), item("拨款", "75.00"), year("75.00"), grand("78.00")), {2, 0}),
        ((item("拨款", "75.00"), item("调入", "5.00"), grand("80.00")), {0, 1}),
    ],
)
def test_a_grand_total_is_read_as_the_sum_that_it_is(lines: tuple[Line, ...], terms: set[int]) -> None:
    result = checked(summary((*lines, item("附：结转下年", ""), carry("结转", ""))))
    (check,) = [check for check in result.checks if check.rule == "total.grand"]
    assert check.status == "exact"
    assert {term.fact for term in check.terms} == {f"t1/{row}/1" for row in terms}
    assert set(statuses(result, "total.year")) <= {"exact"}


def sums(*lines: Line, kind: ListKind = "project", form: str = "projects", rule: str = "rollup.total") -> set[tuple[int, tuple[int, ...]]]:
    """The sums of a rule that hold in a list of one column: rows of targets and terms."""
    result = checked(Paper("t1", form, [Block(kind, ("金额=amount",), lines)]))
    row = {fact.id: fact.row for fact in result.facts}
    held = [check for check in result.checks if check.rule == rule and check.status == "exact"]
    return {(row[check.target], tuple(row[term.fact] for term in check.terms)) for check in held}


def unit(amount: str, label: str = "本级", **more: int) -> Line:
    return Line(label, (amount,), role="unit", **more)


@pytest.mark.parametrize(
    ("lines", "held"),
    [
        ((total("30.00"), item("甲", "10.00"), item("乙", "20.00")), {(0, (1, 2))}),
        ((item("甲", "10.00"), item("乙", "20.00"), total("30.00")), {(2, (0, 1))}),
        # A list without a total of its own: its first row, where that is a unit's.
        ((unit("60.00", "某局"), unit("20.00", "一所"), unit("40.00", "二所")), {(0, (1, 2))}),
        ((unit("20.00", "某局"), unit("20.00", "一所")), set()),
        ((item("某局", "60.00"), item("一所", "20.00"), item("二所", "40.00")), set()),
        ((unit("60.00"), item("甲", "20.00"), item("乙", "40.00")), {(0, (1, 2))}),
        ((total("60.00"), unit("20.00", "一所"), unit("40.00", "二所")), set()),
        # Units with their rows: each is their sum, and the total that of all rows.
        (
            (total("90.00"), unit("30.00", "一所"), item("甲", "10.00"), item("乙", "20.00"), unit("60.00", "二所"), item("丙", "25.00"), item("丁", "35.00")),
            {(0, (2, 3, 5, 6)), (1, (2, 3)), (4, (5, 6))},
        ),
        ((total("30.00"), unit("30.00"), item("甲", "10.00"), item("乙", "20.00")), {(0, (2, 3))}),  # the only unit is the total again
        # What hangs below a total, or below units below it.
        ((total("30.00"), item("甲", "10.00", parent=0), item("乙", "20.00", parent=0), item("另", "7.00")), {(0, (1, 2))}),
        ((total("30.00"), unit("30.00", parent=0), item("甲", "10.00", parent=1), item("乙", "20.00", parent=1)), {(0, (2, 3))}),
        # A sub-total that nothing hangs below is no part beside its parts.
        ((total("33.00"), item("小计", "33.00", role="subtotal"), item("甲", "10.00"), item("乙", "20.00"), item("丙", "3.00")), {(0, (2, 3, 4))}),
    ],
)  # fmt: skip
def test_the_total_of_a_plain_list_is_the_sum_that_its_rows_make_up(
    lines: tuple[Line, ...], held: set[tuple[int, tuple[int, ...]]]
) -> None:
    assert sums(*lines) == held


@pytest.mark.parametrize(
    ("after", "terms"),
    [
        ((item("拨款", "70.00"), item("事业", "5.00")), (1, 2)),
        ((item("拨款", "70.00"), item("事业", "5.00"), carry("上年结转", "3.00"), item("其一", "3.00"), grand("78.00")), (1, 2)),
        ((item("拨款", "70.00"), item("事业", "5.00"), grand("75.00"), item("附", "9.00")), (1, 2)),
    ],
)
def test_a_year_total_that_opens_a_list_counts_the_rows_up_to_what_is_carried_over(after: tuple[Line, ...], terms: tuple[int, ...]) -> None:
    lines = (year("75.00"), *after)
    assert sums(*lines, kind="income", form="income_expenditure_summary", rule="total.year") == {(0, terms)}


def test_a_year_total_in_the_middle_counts_the_rows_before_it_that_are_of_the_year() -> None:
    lines = (carry("上年结转", "3.00"), item("拨款", "70.00"), item("事业", "5.00"), year("75.00"), item("另", "9.00"))
    assert sums(*lines, kind="income", form="income_expenditure_summary", rule="total.year") == {(3, (1, 2))}


CLASSES = (item("教育", "50.00", function="205"), item("住房", "20.00", function="221"))


@pytest.mark.parametrize(
    ("classes", "income", "held"),
    [
        (Block("function", ("金额=amount",), CLASSES), INCOME, 1),
        (Block("function", ("金额=amount",), CLASSES[:1]), INCOME, 0),  # one figure is no sum
        (Block("function", ("金额=amount", "其中=other"), tuple(replace(line, amounts=("25.00", "")) for line in CLASSES)), INCOME, 0),
        (Block("function", ("金额=amount",), (*CLASSES, year("70.00", "本年支出合计"))), INCOME, 0),  # its own total says it
        (Block("function", ("金额=amount",), (*CLASSES, carry("结转下年", "8.00"))), INCOME, 0),
        (Block("function", ("金额=amount",), (*CLASSES, year("", "本年支出合计"))), INCOME, 1),
        (Block("function", ("金额=amount",), CLASSES), INCOME[:1], 0),  # nothing says that the lists end alike
        (Block("income", ("金额=amount",), CLASSES), INCOME, 0),
    ],
)
def test_a_list_of_expenditure_without_a_total_is_held_against_the_one_beside_it(
    classes: Block, income: tuple[Line, ...], held: int
) -> None:
    blocks = [Block("income", ("金额=amount",), income), classes, Block("mixed", ("金额=amount",), SPENT)]
    made = document(Paper("t1", "income_expenditure_summary", blocks))
    bundles = lists.totals_beside(read_book(made).sheets[0], load_rules())
    assert len(bundles) == held
    assert all(len(bundle.equations[0].terms) == 2 for bundle in bundles)
