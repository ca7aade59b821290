"""A re-issued document against the revision before it."""

from __future__ import annotations

from typing import Any

import pytest
from filing_documents import claim, named
from msgspec import structs
from validator_documents import Block, Line, Paper, by_function, function, item, total

from services.validator.domain.reissue import changes_between
from shared.contracts.changes import Change, Changes
from shared.contracts.normalized import ListKind, Normalized

LINES = (total("100.00", "60.00", "40.00"), function("205", "80.00", "50.00", "30.00"), function("206", "20.00", "10.00", "10.00"))


def issued(name: str, *lines: Line, table: str = "t2", reception: str = "4.00", income: str = "100.00") -> Normalized:
    three = Paper(
        "t9", "three_public", [Block("three_public", ("金额=amount",), (item("公务接待费", reception, line="three_public.reception"),))]
    )
    return named(name, by_function(*lines, table=table), three, claims=[claim("2025年度收入总计", income)], part="whole")


def told(changes: Changes) -> list[tuple[str | None, str | None]]:
    return [_texts(change) for change in changes.changes]


def _texts(change: Change) -> tuple[str | None, str | None]:
    return (change.before.text if change.before else None, change.after.text if change.after else None)


FIRST = issued("first", *LINES)


def test_the_same_figures_on_other_pages_are_no_change() -> None:
    moved = (LINES[0], LINES[2], LINES[1])
    made = changes_between(FIRST, issued("moved", *moved, table="t5"))
    assert (made.changes, made.same) == ((), 11)


def test_a_changed_figure_shows_both_prints_with_their_places() -> None:
    second = issued("second", LINES[0], function("205", "81.00", "50.00", "31.00"), LINES[2], table="t5")
    made = changes_between(FIRST, second)
    assert told(made) == [("80.00", "81.00"), ("30.00", "31.00")]
    first = made.changes[0]
    assert first.before is not None
    assert first.after is not None
    assert (first.before.page, first.after.page, first.after.column) == (2, 5, ("合计",))
    assert (made.before, made.after) == (FIRST.document.id, second.document.id)


def test_rows_that_came_and_went() -> None:
    second = issued("second", LINES[0], LINES[1], function("207", "20.00", "10.00", "10.00"))
    assert told(changes_between(FIRST, second)) == [
        (None, "20.00"),
        ("20.00", None),
        (None, "10.00"),
        ("10.00", None),
        (None, "10.00"),
        ("10.00", None),
    ]


def test_a_figure_of_the_narrative_and_of_a_line_change_too() -> None:
    made = changes_between(FIRST, issued("second", *LINES, reception="4.50", income="101.00"))
    assert told(made) == [("100.00", "101.00"), ("4.00", "4.50")]
    narrative = made.changes[0].after
    assert narrative is not None
    assert (narrative.fact, narrative.label, narrative.page) == ("claim/0", "2025年度收入总计", 7)


def test_another_unit_for_the_same_amount_is_no_change() -> None:
    yuan = named("yuan", _one("15000", "元", 0), part="tables")
    wan = named("wan", _one("1.50", "万元", 2), part="tables")
    assert changes_between(wan, yuan).changes == ()


def _one(amount: str, unit: str, precision: int) -> Paper:
    return Paper(
        "t1", "expenditure_summary", [Block("function", ("合计=total",), (function("205", amount),))], unit=unit, precision=precision
    )


def test_of_several_alike_only_the_one_that_differs_is_changed() -> None:
    rows = [item("印刷费", amount) for amount in ("1.00", "2.00", "3.00")]
    paper = Paper("t1", "projects", [Block("project", ("金额=amount",), rows)])
    other = Paper("t1", "projects", [Block("project", ("金额=amount",), [rows[2], item("印刷费", "2.50"), rows[0]])])
    assert told(changes_between(named("a", paper), named("b", other))) == [("2.00", "2.50")]


def revision(name: str, *lines: Line, kind: ListKind = "mixed", head: str = "金额=amount", **more: Any) -> Normalized:
    """A document of one form of one column."""
    changes = more.pop("changes", {})
    paper = Paper(more.pop("table", "t1"), more.pop("form", "projects"), [Block(kind, (head,), lines)], changes=changes, **more)
    return named(name, paper, part="tables")


def count(before: Normalized, after: Normalized) -> tuple[int, int]:
    """How many figures stayed, and how many changed, came or went."""
    made = changes_between(before, after)
    return made.same, len(made.changes)


GOODS = item("纸张", "5.00")


@pytest.mark.parametrize(
    ("after", "same"),
    [
        (revision("b", item("纸 张", "5.00")), True),
        (revision("b", GOODS, table="t7"), True),
        (revision("b", GOODS, title="另一表"), True),  # the kind of form is known
        (revision("b", item("5", "5.00")), False),
        (revision("b", GOODS, form="assets"), False),
        (revision("b", GOODS, head="金额=total"), False),
        (revision("b", GOODS, head="数额=amount"), True),
        (revision("b", GOODS, changes={1: {"fund": "government_fund"}}), False),
        (revision("b", Line("纸张", ("5.00",), project="纸张")), False),
        (revision("b", Line("纸张", ("5.00",), function="205")), False),
        (revision("b", Line("纸张", ("5.00",), economic="301")), False),
        (revision("b", Line("纸张", ("5.00",), gov_economic="501")), False),
        (revision("b", Line("纸张", ("5.00",), line="unit")), False),
        (revision("b", GOODS, unit="元"), False),
        (revision("b", item("纸张", "5.000"), precision=3), True),
    ],
)
def test_a_figure_is_the_same_by_form_row_and_measure(after: Normalized, same: bool) -> None:
    """Its name counts where it has no code."""
    assert count(revision("a", GOODS), after) == ((1, 0) if same else (0, 1 if after.facts[0].unit == "元" else 2))


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (Line("教育", ("5.00",), function="205"), Line("教育支出", ("5.00",), function="205"), True),
        (Line("工资", ("5.00",), economic="301"), Line("工资福利支出", ("5.00",), economic="301"), True),
        (Line("工资", ("5.00",), gov_economic="501"), Line("机关工资福利支出", ("5.00",), gov_economic="501"), True),
        (Line("甲", ("5.00",), function="205", project="灯塔"), Line("乙", ("5.00",), function="205", project="灯塔"), False),
        (Line("甲", ("5.00",), line="income_total"), Line("收入总计", ("5.00",), line="income_total"), True),
    ],
)
def test_a_row_with_a_code_may_be_called_otherwise_and_a_project_may_not(before: Line, after: Line, same: bool) -> None:
    assert count(revision("a", before), revision("b", after)) == ((1, 0) if same else (0, 2))


def test_a_form_of_no_known_kind_is_known_by_its_title_and_its_heads() -> None:
    first = revision("a", GOODS, form=None, head="金 额", title="甲 表")
    assert count(first, revision("b", GOODS, form=None, head="金额", title="甲表", table="t3")) == (1, 0)
    assert count(first, revision("b", GOODS, form=None, head="数额", title="甲表")) == (0, 2)
    assert count(first, revision("b", GOODS, form=None, head="金额", title="乙表")) == (0, 2)
    untitled = revision("a", GOODS, form=None, title="")
    assert count(untitled, revision("b", GOODS, form=None, title="")) == (1, 0)
    assert count(untitled, revision("b", GOODS, form=None, title="", table="t3")) == (0, 2)


def test_figures_of_unknown_unit_are_the_same_as_printed() -> None:
    first = revision("a", GOODS, unit="斤")
    assert count(first, revision("b", item("纸张", "5.0"), unit="斤", precision=1)) == (1, 0)
    assert count(first, revision("b", GOODS, unit="两")) == (0, 1)
    assert count(first, revision("b", item("纸张", "6.00"), unit="斤")) == (0, 1)


def test_of_figures_alike_equal_ones_go_together_and_the_rest_in_order() -> None:
    before = revision("a", *(item("纸张", text) for text in ("1.00", "2.00", "2.00", "3.00")))
    after = revision("b", *(item("纸张", text) for text in ("2.00", "4.00", "1.00", "5.00", "6.00")))
    made = changes_between(before, after)
    assert (made.same, told(made)) == (2, [("2.00", "4.00"), ("3.00", "5.00"), (None, "6.00")])
    fewer = changes_between(after, before)
    assert (fewer.same, told(fewer)) == (2, [("4.00", "2.00"), ("5.00", "3.00"), ("6.00", None)])


def test_changes_stand_in_the_order_of_the_later_document_and_a_figure_printed_again_is_none() -> None:
    before = revision("a", item("甲", "1.00"), item("乙", "2.00"), item("丙", "3.00"))
    after = revision("b", item("丙", "3.10"), item("甲", "1.10"), item("乙", "2.10"))
    assert told(changes_between(before, after)) == [("3.00", "3.10"), ("1.00", "1.10"), ("2.00", "2.10")]
    facts = tuple(structs.replace(fact, duplicate_of="t1/1/1") if fact.row == 2 else fact for fact in after.facts)
    assert told(changes_between(before, structs.replace(after, facts=facts))) == [("3.00", "3.10"), ("1.00", "1.10"), ("2.00", None)]


def test_a_change_says_where_both_figures_stand() -> None:
    before = revision("a", item("甲", "1.00"), head="预算/金额=amount", table="t3", title="旧表")
    (change,) = changes_between(before, revision("b", item("甲", "15000"), table="t4", unit="元", precision=0)).changes
    assert change.before is not None
    assert change.after is not None
    was, now = change.before, change.after
    assert (was.fact, was.form, was.title, was.label, was.column, was.text, was.unit, was.page) == (
        "t3/0/1", "projects", "旧表", "甲", ("预算", "金额"), "1.00", "万元", 3,
    )  # fmt: skip
    assert (now.fact, now.title, now.column, now.unit, now.page, now.bbox) == ("t4/0/1", "某表", ("金额",), "元", 4, (10.0, 0.0, 19.0, 9.0))


def test_claims_are_the_same_by_their_subject_and_unit() -> None:
    first = named("a", claims=[claim("收入 总计", "5.00")], part="narrative")
    assert count(first, named("b", claims=[claim("收入总计", "5.00")], part="narrative")) == (1, 0)
    assert count(first, named("b", claims=[claim("收入总计", "5.10")], part="narrative")) == (0, 1)
    assert count(first, named("b", claims=[claim("支出总计", "5.00")], part="narrative")) == (0, 2)
    assert count(first, named("b", claims=[claim("收入总计", "50000", unit="元")], part="narrative")) == (0, 2)
    share = structs.replace(claim("收入总计", "5.00"), kind="share")
    assert count(first, named("b", claims=[share], part="narrative")) == (0, 2)
