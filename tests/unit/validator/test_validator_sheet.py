"""A document as the validator sees it: figures in 元, rows that are totals whatever they are called, cells, and forms that go on elsewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, document, item, total

from services.validator.domain.sheet import Book, bare, figure_of, read_book, title_of
from shared.contracts.normalized import Normalized, RowRole


def paper(*lines: Line, table: str = "t1", form: str | None = "projects", **more: Any) -> Paper:
    return Paper(table, form, [Block("mixed", ("金额=amount",), lines)], **more)


def book(*papers: Paper) -> Book:
    return read_book(document(*papers))


@pytest.mark.parametrize(
    ("label", "code", "role", "read"),
    [
        ("合计", {}, "item", "total"),
        ("合　计", {}, "item", "total"),
        ("总 计", {}, "item", "total"),
        ("金额合计", {}, "item", "total"),
        ("资金总计", {}, "item", "total"),
        ("预算合计", {}, "item", "total"),
        ("合计数", {}, "item", "item"),
        ("支出合计", {}, "item", "item"),
        ("合计", {"function": "208"}, "item", "item"),
        ("合计", {"economic": "301"}, "item", "item"),
        ("合计", {"gov_economic": "501"}, "item", "item"),
        ("合计", {"project": "灯塔维护"}, "item", "item"),
        ("合计", {}, "subtotal", "subtotal"),
        ("合计", {}, "grand_total", "grand_total"),
    ],
)
def test_a_row_that_is_called_a_total_and_carries_no_code_is_one(label: str, code: dict[str, str], role: RowRole, read: str) -> None:
    (sheet,) = book(paper(Line(label, ("9.00",), role=role, **code))).sheets
    assert [row.role for row in sheet.lists[0].rows] == [read]


def test_rows_that_are_blank_or_text_are_no_rows_of_a_list() -> None:
    lines = (item("灯塔", "9.00"), item("", "", role="blank"), item("注：略", "", role="text"), item("航标", "1.00"))
    (one,) = book(paper(*lines)).sheets[0].lists
    assert [row.label for row in one.rows] == ["灯塔", "航标"]
    assert [one.by_row[row].label for row in (0, 3)] == ["灯塔", "航标"]
    assert (len(one.by_row), one.kind) == (2, "mixed")


def test_the_columns_of_a_list_are_its_own_of_money() -> None:
    blocks = [
        Block("income", ("项目数=other", "金额=amount"), (item("甲", "3", "9.00"),)),
        Block("mixed", ("金额=amount",), (item("乙", "9.00"),)),
    ]
    (sheet,) = book(Paper("t1", "projects", blocks, changes={1: {"money": False}})).sheets
    assert [[column.col for column in one.columns] for one in sheet.lists] == [[2], [4]]
    assert sheet.kind == "projects"


@pytest.mark.parametrize(
    ("unit", "order", "value", "half"),
    [
        ("元", 0, "12.30", "0.005"),
        ("千元", 3, "12300", "5"),
        ("万元", 4, "123000", "50"),
        ("百万元", 6, "12300000", "5000"),
        ("亿元", 8, "1230000000", "500000"),
        ("美元", None, "12.30", "0.005"),
        (None, None, "12.30", "0.005"),
    ],
)
def test_a_figure_is_in_yuan_where_its_unit_is_known(unit: str | None, order: int | None, value: str, half: str) -> None:
    (fact,) = document(paper(item("灯塔", "12.30"))).facts
    figure = figure_of(structs.replace(fact, unit=unit))
    assert (figure.order, figure.value, figure.amount.half) == (order, Decimal(value), Decimal(half))
    assert figure.id == "t1/0/1"


def repeated(of: str) -> Normalized:
    """A form whose second row prints the first one again after a page break."""
    made = document(paper(item("灯塔", "9.00"), item("灯塔", "9.00"), item("航标", "")))
    return structs.replace(made, facts=tuple(structs.replace(fact, duplicate_of=of) if fact.row else fact for fact in made.facts))


def test_a_cell_printed_again_is_kept_apart_from_the_cells() -> None:
    read = read_book(repeated("t1/0/1"))
    (sheet,) = read.sheets
    assert [(figure.id, of) for figure, of in sheet.reprints] == [("t1/1/1", "t1/0/1")]
    assert list(sheet.cells) == [(0, 1)]
    assert (sheet.at(0, 1), sheet.at(1, 1), sheet.at(2, 1)) == (read.figures["t1/0/1"], None, None)
    assert [figure.id for figure in read.by_table("t1")] == ["t1/0/1", "t1/1/1"]
    assert read.by_table("t9") == []


def test_a_cell_that_repeats_no_known_one_is_a_cell() -> None:
    (sheet,) = read_book(repeated("t7/0/1")).sheets
    assert (sheet.reprints, list(sheet.cells)) == ([], [(0, 1), (1, 1)])


TOTAL, ROW = total("9.00"), item("灯塔", "9.00")


@pytest.mark.parametrize(
    ("first", "second", "continued"),
    [
        (paper(TOTAL, ROW), paper(ROW, table="t2"), True),
        (paper(ROW), paper(TOTAL, ROW, table="t2"), True),
        (paper(ROW), paper(total("9.00", role="grand_total"), table="t2"), True),
        (paper(TOTAL, ROW), paper(ROW, table="t2", form=None), True),
        (paper(TOTAL, ROW, form=None), paper(ROW, table="t2"), False),
        (paper(TOTAL, ROW), paper(ROW, table="t2", form="assets"), False),
        (paper(TOTAL, ROW), paper(TOTAL, ROW, table="t2"), False),
        (paper(ROW), paper(ROW, table="t2"), False),
        (paper(ROW), paper(total("9.00", role="year_total"), table="t2"), False),
        (paper(TOTAL, ROW), paper(item("灯塔", ""), table="t2"), False),
    ],
)
def test_neighbours_of_one_kind_of_which_one_has_a_total_may_be_one_form(first: Paper, second: Paper, continued: bool) -> None:
    assert book(first, second).continued == (frozenset({"t1", "t2"}) if continued else frozenset())


def test_a_table_without_figures_stands_between_nothing() -> None:
    assert book(paper(TOTAL, ROW), paper(item("灯塔", ""), table="t2"), paper(ROW, table="t3")).continued == {"t1", "t3"}


def test_a_table_that_says_which_one_it_may_go_on_with_is_parted_from_it() -> None:
    made = document(paper(TOTAL, ROW), paper(ROW, table="t2", form="assets"), paper(ROW, table="t3", form="assets"))
    forms = tuple(structs.replace(form, continues="t1") if form.table == "t3" else form for form in made.forms)
    read = read_book(structs.replace(made, forms=forms))
    assert read.parted == {"t1", "t3"}
    assert read.continued == {"t1", "t3"}


def test_every_list_of_every_sheet_is_walked() -> None:
    read = book(
        Paper("t1", "projects", [Block("income", ("金额=amount",), (ROW,)), Block("mixed", ("金额=amount",), (ROW,))]),
        paper(ROW, table="t2"),
    )
    assert [(sheet.form.table, one.kind) for sheet, one in read.walk()] == [("t1", "income"), ("t1", "mixed"), ("t2", "mixed")]


def test_a_form_without_a_title_is_called_so() -> None:
    forms = document(paper(ROW, title="资产表"), paper(ROW, table="t2", title="")).forms
    assert [title_of(form) for form in forms] == ["资产表", "无标题"]


def test_white_space_inside_words_is_none_of_theirs() -> None:
    assert bare(" 灯　塔 \n管理\t") == "灯塔管理"
