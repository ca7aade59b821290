"""A re-issued document against the revision before it."""

from __future__ import annotations

from filing_documents import claim, named
from validator_documents import Block, Line, Paper, by_function, function, item, total

from services.validator.domain.reissue import changes_between
from shared.contracts.changes import Change, Changes
from shared.contracts.normalized import Normalized

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
