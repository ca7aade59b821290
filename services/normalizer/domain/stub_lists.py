"""Columns and lists of a form in the words of the contract."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from services.normalizer.domain.layout import Layout
from services.normalizer.domain.lists import FormList
from services.normalizer.domain.pairs import Pair
from services.normalizer.domain.words import plain
from shared.canonical import share
from shared.contracts.normalized import Column, Row, StubList
from shared.contracts.vocabulary import Line


def contract_columns(layout: Layout) -> tuple[Column, ...]:
    """The columns with what their heads say."""
    belongs = {info.col: entry.index for entry in layout.lists for info in (*entry.stub, *entry.figures)}
    columns = []
    for info in layout.columns:
        money = info.kind == "figure"
        columns.append(
            Column(
                col=info.col,
                path=info.path,
                code=info.head.measure if money else None,
                money=money,
                list=belongs.get(info.col, 0),
                economic=info.economic,
                gov_economic=info.gov_economic,
                fund=info.head.fund if money else None,
                line=info.head.line if money else None,
                unit=info.head.unit if money else None,
            )
        )
    return tuple(columns)


def contract_lists(lists: Sequence[FormList]) -> tuple[StubList, ...]:
    """The lists with their rows."""
    result = []
    for entry in lists:
        rows = []
        for meant, place in zip(entry.rows, entry.places, strict=True):
            label = meant.stub.label
            rows.append(
                Row(
                    row=meant.stub.row,
                    label=label.name,
                    ordinal=label.ordinal,
                    depth=place.depth,
                    parent=entry.rows[place.parent].stub.row if place.parent is not None else None,
                    role=meant.role,
                    function=meant.function,
                    economic=meant.economic,
                    gov_economic=meant.gov_economic,
                    line=meant.line,
                    project=meant.project,
                    code_from=meant.code_from,
                    confidence=share(meant.confidence),
                    read_as=meant.read_as or UNSET,
                )
            )
        cols = entry.columns
        result.append(
            StubList(
                index=cols.index,
                kind=entry.kind,
                stub_cols=tuple(info.col for info in cols.stub),
                cols=tuple(info.col for info in cols.figures),
                rows=tuple(rows),
            )
        )
    return tuple(result)


def pair_list(index: int, cols: tuple[int, ...], pairs: Sequence[Pair]) -> StubList:
    """A list of label-value pairs."""
    rows: list[Row] = []
    total: int | None = None
    for pair in pairs:
        if rows and rows[-1].row == pair.cell.row:
            continue
        rule = pair.row_line if pair.tabular else pair.line
        is_total = rule is not None and rule.id == Line.PERFORMANCE_TOTAL
        if is_total:
            total = pair.cell.row
        parent = None if is_total or pair.tabular else total
        rows.append(
            Row(
                row=pair.cell.row,
                label=plain(pair.label),
                ordinal=None,
                depth=0 if parent is None else 1,
                parent=parent,
                role="total" if is_total else "item",
                line=rule.id if rule else None,
                project=pair.project,
                code_from="name" if rule else "none",
            )
        )
    return StubList(index=index, kind="performance", stub_cols=(), cols=cols, rows=tuple(rows))
