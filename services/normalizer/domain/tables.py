"""A table's way from cells to money: layout, form, lists, figures; and the Form that results carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.normalizer.domain.boxhead import boxhead_rows, second_boxhead
from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.columns import STAGES, element, head_sort, is_head
from services.normalizer.domain.continuation import below_boxhead, goes_on, lifted
from services.normalizer.domain.contradictions import Found, contradictions
from services.normalizer.domain.facts import Money, TableMoney, list_money
from services.normalizer.domain.figures import looks_like_money, parse_figure
from services.normalizer.domain.forms import Recognised, recognise
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.headcodes import with_codes
from services.normalizer.domain.layout import ColumnInfo, Layout, read_layout
from services.normalizer.domain.lists import FormList, RawList, form_lists, raw_lists
from services.normalizer.domain.meant import CHARTS, MeantRow, OwnNames
from services.normalizer.domain.pairs import Pair, money_pairs
from services.normalizer.domain.stub_lists import contract_columns, contract_lists, pair_list
from services.normalizer.domain.sums import weighed
from services.normalizer.domain.words import plain, split_label
from shared.canonical import share
from shared.contracts.extracted import Table, TextLine
from shared.contracts.normalized import Column, Form, StubList, Unmapped
from shared.contracts.vocabulary import FormKind, Line, Measure

_EMPTY_NOTE = re.compile(r"无数据|空表|没有|无.{0,30}(?:支出|安排|收入|收支|预算|决算|项目|经费)|不涉及|未涉及|不适用|未安排|未发生")
_NUMBER = re.compile(r"^(?:预算|部门)?(?:公开)?(?:表|附表)?\d*表?(?:[-—]\d+)?$")
# Between a heading and its table stand at most the entity and unit lines: 20 to 75 pt in documents seen.
_HEADING_REACH = 90.0
_TITLE_LENGTH = 60
_TITLE = re.compile(r"表(?:\(.{1,20}\))?$")
# The last characters of a title that was broken over two lines.
_TITLE_END = re.compile(r"^(?:算|预算|决算|支出|目标|情况|明细)?表?$")
# How sure the form of a part is that only goes on.
_GOES_ON = 0.7
PERFORMANCE = frozenset({FormKind.PROJECT_PERFORMANCE, FormKind.UNIT_PERFORMANCE})


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table with its layout, its lists before meaning, and the kind of form it is.

    `continues`: the table whose form goes on in this one, or may do so; `lift`: rows of that table's boxhead put above this one's rows.
    """

    grid: Grid
    layout: Layout
    raw: tuple[RawList, ...]
    form: Recognised
    title: str
    in_pairs: bool
    continues: str | None = None
    lift: int = 0


@dataclass(frozen=True, slots=True)
class TableResult:
    """What a table gives: money, what is unmapped, and its lists in the words of the contract (`raw`: before that), with rows that contradict themselves."""

    read: ReadTable
    money: tuple[Money, ...]
    unmapped: tuple[Unmapped, ...]
    lists: tuple[StubList, ...]
    columns: tuple[Column, ...]
    units: tuple[MeantRow, ...] = ()
    raw: tuple[FormList, ...] = ()
    contradictions: tuple[Found, ...] = ()


def heading_above(table: Table, text: Sequence[TextLine]) -> str:
    """The heading right above a table on its first page, where the table has no title of its own: documents number their forms as sections."""
    top = min((cell.bbox[1] for cell in table.cells if cell.page == table.pages[0]), default=0.0)
    lines = [
        line
        for line in text
        if line.page == table.pages[0] and 0 <= top - line.bbox[3] <= _HEADING_REACH and line.kind in ("heading", "paragraph")
    ]
    nearest = max(lines, key=lambda line: line.bbox[3], default=None)
    words = plain(nearest.text) if nearest else ""
    whole = words + plain(table.title or "") if _TITLE_END.match(plain(table.title or "")) else words
    return split_label(whole).name if len(whole) <= _TITLE_LENGTH and _TITLE.search(whole) else ""


def read_table(
    table: Table, catalogue: Catalogue, heading: str = "", before: ReadTable | None = None, part_of: str | None = None
) -> ReadTable:
    """Layout and form of a table. Its title is its own, else one inside its grid, else the heading above it.

    `before`: the table before it, whose form may go on in this one. `part_of`: its id, where the reader could not tell whether it does.
    """
    height = boxhead_rows(table, lambda text: is_head(catalogue, text))
    grid = Grid(table, height, second_boxhead(table, height, lambda text: head_sort(catalogue, text) or _source(catalogue, text)))
    if before is not None and not heading and not before.in_pairs and goes_on(grid, before.grid, before.layout, part_of is not None):
        return _read_on(grid, catalogue, before)
    title = plain(table.title or "")
    if not title or _NUMBER.match(title) or _TITLE_END.match(title):
        title = plain(grid.inner_title) or heading or title
    layout = with_codes(read_layout(grid, catalogue), catalogue, title)
    raw = raw_lists(grid, layout, catalogue)
    form = recognise(grid, layout, raw, catalogue, title)
    if form.kind == FormKind.THREE_PUBLIC:
        layout = _three_public(layout, catalogue)
        raw = raw_lists(grid, layout, catalogue)
    in_pairs = grid.header_rows == 0 and (form.kind in PERFORMANCE or not _has_lists(layout))
    return ReadTable(grid, layout, tuple(raw), form, title, in_pairs, continues=part_of)


def _source(catalogue: Catalogue, text: str) -> str:
    """Sources of income are heads of figures in forms of income, though no rule of heads names them."""
    return "figures" if catalogue.line(text, "income") is not None else ""


def _read_on(grid: Grid, catalogue: Catalogue, before: ReadTable) -> ReadTable:
    """A part of the form of the table before: its kind, title and boxhead."""
    lift = 0 if grid.header_rows else before.grid.header_rows
    grid = below_boxhead(grid, before.grid) if lift else grid
    layout = with_codes(read_layout(grid, catalogue), catalogue, before.title)
    if before.form.kind == FormKind.THREE_PUBLIC:
        layout = _three_public(layout, catalogue)
    form = replace(before.form, confidence=min(before.form.confidence, _GOES_ON))
    raw = tuple(raw_lists(grid, layout, catalogue))
    return ReadTable(grid, layout, raw, form, before.title, in_pairs=False, continues=before.grid.table.id, lift=lift)


def _three_public(layout: Layout, catalogue: Catalogue) -> Layout:
    """In a 三公 form 会议费 and 培训费 are lines, no economic codes; a total outside all groups is that of the 三公 unless another column is."""
    named = any(info.head.line == Line.THREE_PUBLIC_TOTAL for info in layout.columns)

    def lined(info: ColumnInfo) -> ColumnInfo:
        if info.kind != "figure" or info.head.line:
            return info
        if info.head.total or _stage_of_total(info, catalogue):
            return info if named else replace(info, head=replace(info.head, line=str(Line.THREE_PUBLIC_TOTAL)))
        rule = catalogue.line(info.head.name, "both")
        if rule is None:
            return info
        return replace(info, economic=None, gov_economic=None, head=replace(info.head, line=rule.id, measure=str(Measure.AMOUNT)))

    lists = tuple(replace(entry, figures=tuple(lined(info) for info in entry.figures)) for entry in layout.lists)
    return Layout(tuple(lined(info) for info in layout.columns), lists)


def _stage_of_total(info: ColumnInfo, catalogue: Catalogue) -> bool:
    """预算数 or 决算数 right below 合计."""
    above = element(catalogue, info.path[-2], True) if len(info.path) > 1 else None
    return above is not None and above.total and info.head.measure in STAGES


def _has_lists(layout: Layout) -> bool:
    """Lists of a name and figures, as a table has that lost its boxhead."""
    return any(entry.figures and entry.stub_of("name") for entry in layout.lists)


def organisations(tables: Iterable[ReadTable]) -> frozenset[str]:
    """Names of departments and units that the document prints: entity labels, and names beside unit codes where nothing else is named, names in a column of units."""
    found: set[str] = set()
    for read in tables:
        if read.grid.table.entity:
            found.add(plain(read.grid.table.entity))
        for entry in read.raw:
            for row in entry.rows:
                name = row.label.name
                blank = row.narrow_blank and row.unit_code and entry.kind in ("function", "procurement")
                if len(name) >= 4 and (blank or (entry.kind == "unit" and row.unit_code)):
                    found.add(name)
                beside = split_label(row.names.get("unit", "")).name if row.named_by != "unit" else ""
                if len(beside) >= 4:
                    found.add(beside)
    return frozenset(found)


def finish_table(read: ReadTable, catalogue: Catalogue, names: frozenset[str], own: OwnNames) -> TableResult:
    """The money of a table and its lists. Contents and lists of units hold none."""
    if read.in_pairs:
        return _pairs_result(read, catalogue)
    public = read.form.kind in (FormKind.THREE_PUBLIC, FormKind.OPERATING_COSTS)
    lists = form_lists(read.raw, catalogue, names, own, three_public=public)
    lists = [weighed(read.grid, entry, catalogue.chart(entry.kind)) if entry.kind in CHARTS else entry for entry in lists]
    found: TableMoney = list_money(read.grid, read.layout, lists, catalogue)
    money, unmapped, stubs = lifted(found.money, found.unmapped, contract_lists(lists), read.lift)
    said = tuple(one._replace(row=one.row - read.lift) for one in contradictions(read.grid, lists, catalogue))
    return TableResult(read, money, unmapped, stubs, contract_columns(read.layout), _units(lists), tuple(lists), said)


def _units(lists: Sequence[FormList]) -> tuple[MeantRow, ...]:
    """The rows of departments and units, from the top."""
    return tuple(row for entry in lists for row in entry.rows if row.role == "unit")


def _pairs_result(read: ReadTable, catalogue: Catalogue) -> TableResult:
    """A form of label-value pairs: one list for each column of figures, or one for a table of tasks."""
    pairs, other = money_pairs(read.grid, catalogue)
    table = read.grid.table.id
    tabular = sorted({pair.cell.col for pair in pairs if pair.tabular})
    single = sorted({pair.cell.col for pair in pairs if not pair.tabular})
    index = {(True, col): 0 for col in tabular} | {(False, col): number for number, col in enumerate(single, 1 if tabular else 0)}
    money = tuple(_pair_money(pair, index[pair.tabular, pair.cell.col]) for pair in pairs)
    lists = []
    if tabular:
        lists.append(pair_list(0, tuple(tabular), [pair for pair in pairs if pair.tabular]))
    for col in single:
        lists.append(pair_list(index[False, col], (col,), [pair for pair in pairs if not pair.tabular and pair.cell.col == col]))
    columns = []
    for col in sorted({*tabular, *single}):
        first = next(pair for pair in pairs if pair.cell.col == col)
        line = first.line.id if first.tabular and first.line else None
        fund = first.line.fund if first.tabular and first.line else None
        columns.append(Column(col=col, path=(), code=first.measure, list=index[first.tabular, col], line=line, fund=fund, unit=first.unit))
    unmapped = [
        Unmapped(table=table, row=cell.row, col=cell.col, text=cell.text, reason=reason)
        for cell, reason in other
        if looks_like_money(cell.text)
    ]
    unmapped += [
        Unmapped(table=table, row=pair.cell.row, col=None, text=pair.label, reason="no line for the label")
        for pair in pairs
        if pair.line is None and not pair.project
    ]
    return TableResult(read, money, tuple(unmapped), tuple(lists), tuple(columns))


def _pair_money(pair: Pair, index: int) -> Money:
    figure = parse_figure(pair.cell.text)
    assert figure is not None
    line = pair.line.id if pair.line else None
    return Money(
        cell=pair.cell,
        figure=figure,
        list=index,
        label=pair.label,
        line=line,
        measure=pair.measure,
        fund=pair.line.fund if pair.line else None,
        project=pair.project,
        unit=figure.unit or pair.unit,
        code_from="name" if line else "none",
        confidence=min(0.95, pair.cell.confidence),
    )


def to_form(result: TableResult, unit: str | None) -> Form:
    """The form as results carry it: empty where no figure other than zero is printed, with the note that says so."""
    table = result.read.grid.table
    filled = any(money.figure.amount for money in result.money)
    note = next((text for text in table.notes if _EMPTY_NOTE.search(plain(text))), None)
    return Form(
        table=table.id,
        form=result.read.form.kind,
        confidence=share(result.read.form.confidence),
        unit=unit,
        columns=result.columns,
        title=table.title if plain(table.title or "") == result.read.title else result.read.title or table.title,
        scope=result.read.form.scope,
        lists=result.lists,
        empty=not filled,
        note=note if not filled else None,
        continues=result.read.continues,
        pages=table.pages,
    )
