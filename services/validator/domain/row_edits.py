"""Rows printed twice or left out, proposed as edits: only where something points to them, so that a document without faults costs no trial."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from msgspec import structs

from services.validator.domain.edits import Edit, children_of, code_of, figures_in
from services.validator.domain.grading import Graded
from services.validator.domain.intervals import ZERO, Amount, plausible_difference
from services.validator.domain.repeated_rows import repeated_rows
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare
from services.validator.domain.stubs import code_axis
from shared.contracts.normalized import Fact, Normalized, Row, StubList
from shared.contracts.validated import Cause

_NEW_ROW = 1_000_000
"""Rows that an edit puts in are numbered from here: no table has so many."""
# Years and brackets of a name, which all names of a form have in common; signs in a row that more than two plain words share.
_NOT_A_NAME, _COMMON = re.compile(r"[0-9年度()（）]"), 4
# Projects from which a list is one of projects rather than a project with its parts.
_SEVERAL = 3


def wrong_rows(book: Book, short: Iterable[Graded]) -> Iterator[Edit]:
    """The edits of rows that something points to, in the order of forms.

    Args: short: failing sums of rows that are read without doubt.
    """
    printed = _printed_codes(book)
    for sheet, one in book.walk():
        yield from repeated_rows(book, sheet, one)
        yield from _left_out(book, sheet, one, printed)
        yield from _left_out_project(book, sheet, one)
    yield from _nowhere_printed(book, short)


def _parent(one: SheetList, axis: str, code: str) -> Row | None:
    """The row of the longest prefix of a code."""
    rows = {code_of(row, axis): row for row in one.rows}
    return next((rows[code[:size]] for size in (5, 3) if size < len(code) and code[:size] in rows), None)


_Printed = dict[str, dict[str, dict[str, list[Figure]]]]
"""By axis, table and code: the figures that are not zero."""


def _printed_codes(book: Book) -> _Printed:
    printed: _Printed = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for sheet, one in book.walk():
        axis = code_axis(one.rows)
        if axis is None:
            continue
        for row in one.rows:
            if code := code_of(row, axis):
                printed[axis][sheet.form.table][code] += [figure for figure in figures_in(sheet, one, row).values() if figure.value]
    return printed


def _left_out(book: Book, sheet: Sheet, one: SheetList, printed: _Printed) -> Iterator[Edit]:
    """Codes that another form prints and this list does not, where what they print there is just what sums here lack."""
    axis = code_axis(one.rows)
    if axis is None:
        return
    here = printed[axis][sheet.form.table].keys()  # of all lists of the form: classes may stand side by side
    lengths = {len(code) for code in here}
    proposed = set()
    for table, codes in printed[axis].items():
        missing = {code: figures for code, figures in codes.items() if code not in here and len(code) in lengths}
        # Another list of other money prints other codes; forms that go together share most of theirs.
        if table == sheet.form.table or not missing or 2 * len(codes.keys() & here) < len(codes):
            continue
        found = _missing_rows(sheet, one, axis, missing)
        codes_found = tuple(row.code for row in found)
        if found and codes_found not in proposed:
            proposed.add(codes_found)
            yield _inserted(book, sheet, one, axis, found)


def _left_out_project(book: Book, sheet: Sheet, one: SheetList) -> Iterator[Edit]:
    """A project that another form prints and this list does not, of just the amount that the list's total has beyond its projects."""
    rows = [row for row in one.rows if row.project and row.role == "item" and row.parent is None]
    top = next((row for row in one.rows if row.role in ("total", "unit")), None)
    if top is None or len(rows) < _SEVERAL:
        return
    lacks = _lacking(sheet, one, top, rows)
    elsewhere = _projects_elsewhere(book, sheet)
    known = {row.project for row in one.rows if row.project}
    # Names differ between forms by a word: what is printed here under a name of its own may be the project that seems to be missing.
    own = [(name, figures_in(sheet, one, row)) for row in one.rows if (name := row.project) and name not in elsewhere]
    for name, figures in elsewhere.items():
        source = next((f for f in figures for lack in lacks.values() if _same_amount(f, lack)), None)
        if name in known or source is None:
            continue
        if any(_alike(name, other) or any(_equal(source, f) for f in printed.values()) for other, printed in own):
            continue
        place = _NEW_ROW
        new = structs.replace(rows[-1], row=place, label=name, project=name)
        at = one.spec.rows.index(rows[-1]) + 1
        spec = structs.replace(one.spec, rows=(*one.spec.rows[:at], new, *one.spec.rows[at:]))
        targets = [figure for col in lacks if (figure := sheet.at(top.row, col)) is not None]
        facts = [structs.replace(_fact(f, None, name, name, place, _told(lacks[f.fact.col], source, f)), project=name) for f in targets]
        yield Edit("row_missing", _with_row(book, sheet, one, spec, facts), sheet.form.table, tuple(targets), name, (source,))


def _alike(one: str, other: str) -> bool:
    """Whether two names of projects share a run of ideographs that is more than a common word."""
    first, second = (_NOT_A_NAME.sub("", name) for name in (one, other))
    size = min(_COMMON, len(first), len(second))
    return size > 0 and any(first[at : at + size] in second for at in range(len(first) - size + 1))


def _equal(one: Figure, other: Figure) -> bool:
    return abs(one.value - other.value) <= one.amount.half + other.amount.half


def _projects_elsewhere(book: Book, sheet: Sheet) -> dict[str, list[Figure]]:
    """The figures that are not zero of the projects of other tables, by name."""
    found: dict[str, list[Figure]] = defaultdict(list)
    for figure in book.figures.values():
        if figure.fact.project and figure.value and figure.fact.table != sheet.form.table:
            found[figure.fact.project].append(figure)
    return found


def _with_row(book: Book, sheet: Sheet, one: SheetList, spec: StubList, facts: list[Fact]) -> Normalized:
    """The document with another specification of a list, and more facts."""
    lists = tuple(spec if old is one.spec else old for old in sheet.form.lists)
    forms = tuple(structs.replace(form, lists=lists) if form is sheet.form else form for form in book.document.forms)
    return structs.replace(book.document, forms=forms, facts=(*book.document.facts, *facts))


@dataclass(frozen=True, slots=True, eq=False)
class _Missing:
    """A row that is missing: below which row, and what sums of each column lack (in 元), with the figure of another form that says the same."""

    code: str
    parent: Row | None
    amounts: dict[int, Amount]
    source: Figure


def _missing_rows(sheet: Sheet, one: SheetList, axis: str, missing: dict[str, list[Figure]]) -> list[_Missing]:
    """Of missing codes, those that make up what their parent lacks: one alone, by a column in which another form prints the same amount."""
    by_parent: dict[int | None, list[str]] = defaultdict(list)
    for code in sorted(missing):
        if not any(code[:size] in missing for size in (3, 5) if size < len(code)):
            parent = _parent(one, axis, code)
            by_parent[parent.row if parent else None].append(code)
    found = []
    for row, codes in by_parent.items():
        parent = one.by_row[row] if row is not None else None
        top = parent or next((r for r in one.rows if r.role in ("total", "grand_total")), None)
        if top is None or len(codes) != 1:
            continue
        amounts = _lacking(sheet, one, top, children_of(one, axis, parent))
        source = next((f for f in missing[codes[0]] for amount in amounts.values() if _same_amount(f, amount)), None)
        if source is not None:
            found.append(_Missing(codes[0], parent, amounts, source))
    return found


def _same_amount(figure: Figure, lack: Amount) -> bool:
    """Whether a figure is what is lacking, but for rounding."""
    return abs(figure.value - lack.value) <= figure.amount.half + max(figure.amount.half, lack.half)


def _told(lack: Amount, source: Figure, like: Figure) -> Decimal:
    """What a missing row prints in the column of a figure: as its source says, where that is what is lacking; else what is lacking."""
    if not _same_amount(source, lack):
        return lack.value
    return source.value.quantize(Decimal(1).scaleb((like.order or 0) - like.fact.precision), ROUND_HALF_UP)


def _lacking(sheet: Sheet, one: SheetList, top: Row, children: list[Row]) -> dict[int, Amount]:
    """What the rows below a row lack of its figure, by column, where that is more than rounding; with what rounding usually adds to it."""
    amounts = {}
    for column in one.columns:
        figure = sheet.at(top.row, column.col)
        if figure is None:
            continue
        parts = [part for row in children if (part := sheet.at(row.row, column.col)) is not None]
        rest = figure.value - sum((part.value for part in parts), ZERO)
        if abs(rest) > figure.amount.half + sum((part.amount.half for part in parts), ZERO):
            amounts[column.col] = Amount(rest, plausible_difference(figure.amount, [part.amount for part in parts]))
    return amounts


def _inserted(book: Book, sheet: Sheet, one: SheetList, axis: str, found: list[_Missing]) -> Edit:
    rows, facts, evidence = list(one.spec.rows), list(book.document.facts), []
    for number, missing in enumerate(found):
        top = missing.parent or next(row for row in one.rows if row.role in ("total", "grand_total"))
        place, label = _NEW_ROW + number, missing.source.fact.label
        depth, parent = (top.depth + 1, top.row) if missing.parent else (0, None)
        row = Row(row=place, label=label, ordinal=None, depth=depth, parent=parent, role="item", code_from="printed")
        rows.append(structs.replace(row, **{axis: missing.code}))
        for col, amount in missing.amounts.items():
            figure = sheet.at(top.row, col)
            assert figure is not None
            evidence.append(figure)
            facts.append(_fact(figure, axis, missing.code, label, place, _told(amount, missing.source, figure)))
    lists = tuple(structs.replace(spec, rows=tuple(rows)) if spec is one.spec else spec for spec in sheet.form.lists)
    forms = tuple(structs.replace(form, lists=lists) if form is sheet.form else form for form in book.document.forms)
    cause: Cause = "page_missing" if len(found) > 2 else "row_missing"
    label = "、".join(dict.fromkeys(f"{missing.code} {bare(missing.source.fact.label)}" for missing in found))
    document = structs.replace(book.document, forms=forms, facts=tuple(facts))
    return Edit(cause, document, sheet.form.table, tuple(evidence), label, tuple(missing.source for missing in found))


def _nowhere_printed(book: Book, short: Iterable[Graded]) -> Iterator[Edit]:
    """A row that is printed nowhere, where the sum of a coded row lacks something in several columns: each lacks what the row would print there.

    Where several rows of a list lack something, or a class prints items of which it consists among others (其中), not all of them are meant to be printed.
    """
    lists = {(sheet.form.table, row.row): (sheet, one, row) for sheet, one in book.walk() for row in one.rows}
    by_row: dict[tuple[str, int], dict[int, Graded]] = defaultdict(dict)
    for graded in short:
        target = graded.equation.target.fact
        if graded.difference > 0 and all(term.fact.col == target.col for term, _ in graded.equation.terms):
            by_row[target.table, target.row][target.col] = graded
    tables = Counter(table for table, _ in by_row)
    for place, lacks in by_row.items():
        if len(lacks) < 2 or place not in lists or tables[place[0]] > 1:
            continue
        sheet, one, row = lists[place]
        axis = code_axis(one.rows)
        code = _free_code(one, axis, row) if axis else None
        if axis is None or code is None or any(child.role == "of_which" for child in children_of(one, axis, row)):
            continue
        new = Row(row=_NEW_ROW, label="", ordinal=None, depth=row.depth + 1, parent=row.row, role="item", code_from="printed")
        spec = structs.replace(one.spec, rows=(*one.spec.rows, structs.replace(new, **{axis: code})))
        facts = [_fact(graded.equation.target, axis, code, "", _NEW_ROW, graded.difference) for graded in lacks.values()]
        document = _with_row(book, sheet, one, spec, facts)
        targets = tuple(graded.equation.target for graded in lacks.values())
        yield Edit("row_missing", document, sheet.form.table, targets, bare(row.label), put_in=frozenset(fact.id for fact in facts))


def _free_code(one: SheetList, axis: str, row: Row) -> str | None:
    """A code right below that of a row which the list does not print."""
    code = code_of(row, axis)
    taken = {code_of(other, axis) for other in one.rows}
    lengths = {len(code_of(child, axis)) for child in children_of(one, axis, row)} if code else set()
    return next((new for n in range(99, 0, -1) if (new := f"{code}{n:02}") not in taken), None) if lengths == {len(code) + 2} else None


def _fact(like: Figure, axis: str | None, code: str, label: str, row: int, amount: Decimal) -> Fact:
    """A fact beside another one of its column: another row, another amount (in 元)."""
    fact, value = like.fact, amount.scaleb(-(like.order or 0))
    plain = structs.replace(fact, function=None, economic=None, gov_economic=None, line=None, project=None, duplicate_of=None)
    changed = structs.replace(
        plain, id=f"{fact.table}/{row}/{fact.col}", row=row, amount=value, yuan=amount, text=f"{value:f}", label=label
    )
    return structs.replace(changed, **{axis: code}) if axis else changed
