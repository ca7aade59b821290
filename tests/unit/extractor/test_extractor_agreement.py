"""Cells that two readers read differently are marked, the others stay as they are."""

from __future__ import annotations

import msgspec
import pytest

from services.extractor.domain.agreement import compare, same_text
from services.extractor.domain.confidence import AGREED, DIFFER
from shared.contracts.extracted import Cell, Table


def table_of(*texts: str) -> Table:
    cells = tuple(Cell(row=0, col=col, text=text, page=2, bbox=(0.0, 0.0, 1.0, 1.0), confidence=0.99) for col, text in enumerate(texts))
    return Table(
        id="t1", number=None, title=None, entity_label=None, entity=None, unit_label=None, unit=None, labels=(), pages=(2,), n_rows=1,
        n_cols=len(texts), header_rows=0, page_starts=(), cells=cells, notes=(), engine="lattice", confidence=0.99,
    )  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [("1 378.81", "1378.81"), ("（１）", "(1)"), ("信 息", "信息"), ("", " "), ("伙食费", "伙⻝费")])
def test_spaces_and_compatibility_forms_make_no_difference(one: str, other: str) -> None:
    assert same_text(one, other)


@pytest.mark.parametrize(("one", "other"), [("378.81", "378.18"), ("食", "食费")])
def test_other_digits_or_characters_are_another_text(one: str, other: str) -> None:
    assert not same_text(one, other)


def test_a_differing_figure_is_marked_with_both_readings_and_less_confidence() -> None:
    marked, warnings = compare(table_of("378.81", "合计"), ["378.18", "合计"])
    assert (marked.cells[0].text, marked.cells[0].reader_text) == ("378.81", "378.18")
    assert marked.cells[0].confidence == pytest.approx(DIFFER)
    assert marked.cells[1].confidence == pytest.approx(AGREED)
    assert marked.cells[1].reader_text is msgspec.UNSET
    assert [(warning.code, warning.page) for warning in warnings] == [("readers_differ", 2)]


def test_a_reader_that_read_nothing_does_not_disagree() -> None:
    table = table_of("378.81")
    assert compare(table, [None]) == (table, ())


def test_an_empty_reading_of_a_printed_figure_is_a_difference() -> None:
    marked, _ = compare(table_of("378.81"), [""])
    assert marked.cells[0].reader_text == ""
