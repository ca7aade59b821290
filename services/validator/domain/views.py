"""The same fact in several forms: figures that speak of the same content (flow, part of expenditure, codes) must agree.

What a figure speaks of follows from its codes, from its column and from the view of its form (rules/views.toml). Forms speak of different
money (all funds ≥ fiscal ≥ general public budget ≥ basic), so two forms are compared line by line only where their totals agree: then they
speak of the same money.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from services.validator.domain.formula import Content
from services.validator.domain.intervals import Amount
from services.validator.domain.outline import is_summary
from services.validator.domain.proposal import Bundle
from services.validator.domain.rules import Meaning, Rules, View
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare
from shared.contracts.normalized import Column, Row

_TOTAL_ROLES = {"total", "year_total"}
_CODED_LISTS = ("function", "economic", "gov_economic", "mixed")


@dataclass(slots=True, eq=False)
class Page:
    """The contents of one list (or of one fund column of it): figures by what they speak of, all of one scope."""

    sheet: Sheet
    scope: str
    contents: dict[Content, Figure]
    number: int


class _Meanings:
    """The rules' words for parts of expenditure, ready to be looked for."""

    def __init__(self, meaning: Meaning) -> None:
        self.of = meaning
        self.apart = re.compile(meaning.apart_heads)
        self._heads, self._rows, self._totals = (
            tuple((re.compile(words.pattern), words.basis) for words in listed) for listed in (meaning.heads, meaning.rows, meaning.totals)
        )

    def of_path(self, column: Column) -> str | None:
        """The part of expenditure that the header path names, the narrowest one."""
        found = (_named(self._heads, name) for name in reversed(column.path))
        return next((basis for basis in found if basis), None)

    def of_row(self, one: SheetList, row: Row) -> str | None:
        """The part of expenditure under which a row of a summary list hangs (一、基本支出 > 工资福利支出)."""
        seen: set[int] = set()
        current: Row | None = row
        while current is not None and current.row not in seen:
            seen.add(current.row)
            basis = _named(self._rows, current.label)
            if basis:
                return basis
            current = one.by_row.get(current.parent) if current.parent is not None else None
        return None

    def of_total(self, row: Row) -> str | None:
        """The part that the label of a total names: 人员经费合计."""
        return _named(self._totals, row.label)


def _named(words: tuple[tuple[re.Pattern[str], str], ...], text: str) -> str | None:
    label = bare(text)
    return next((basis for pattern, basis in words if pattern.search(label)), None)


def _column_content(column: Column, view: View, means: _Meanings) -> tuple[str, str | None, str | None, str | None] | None:
    """(basis, economic, gov_economic, scope) of a column; None where it speaks of something else (another year, a balance)."""
    meaning, measure = means.of, column.code or ""
    if measure in meaning.apart or any(means.apart.search(bare(name)) for name in column.path):
        return None
    coded = column.economic or column.gov_economic
    named = view.measures.get(measure) or meaning.measures.get(measure)
    if not coded and not named and measure not in meaning.plain:
        return None
    basis = named or means.of_path(column) or view.basis
    if coded and basis in ("personnel", "public"):
        basis = "basic"  # 人员经费 > 工资福利支出 is class 301 of basic expenditure
    if basis == "other":
        return None
    return basis, column.economic or view.economic, column.gov_economic or view.gov_economic, meaning.funds.get(column.fund or "")


def _row_content(one: SheetList, row: Row, summary: bool, means: _Meanings) -> tuple[str | None, str | None, str | None, str | None] | None:
    """(basis, function, economic, gov_economic) of a row; None where it speaks of something else (a unit, a project, carry-over)."""
    if row.role in _TOTAL_ROLES or (row.role == "grand_total" and not summary):
        return means.of_total(row), None, None, None
    if row.role not in ("item", "subtotal", "of_which"):
        return None
    basis = means.of_row(one, row) if one.kind in ("economic", "mixed") else None
    if row.function or row.economic:
        return basis, row.function, row.economic, None
    if row.gov_economic:
        return basis, None, None, row.gov_economic
    return (basis, None, None, None) if basis and (summary or row.line in means.of.measures) else None


def _add(pages: dict[str, Page], scope: str, sheet: Sheet, content: Content, figure: Figure) -> None:
    page = pages.setdefault(scope, Page(sheet, scope, {}, 0))
    page.contents.setdefault(content, figure)


def _scope(scope: str) -> str:
    """Basic expenditure of the general public budget speaks of general money: that it is basic is its basis."""
    return "general" if scope == "general_basic" else scope


def _whole(one: SheetList) -> list[Row]:
    """The row of a list of units that speaks of the whole: their total, else the only one."""
    totals = [row for row in one.rows if row.role == "total"]
    units = [row for row in one.rows if row.role == "unit"]
    return totals[:1] or (units if len(units) == 1 else [])


def _list_pages(sheet: Sheet, one: SheetList, view: View, means: _Meanings) -> list[Page]:
    """What the figures of a list speak of."""
    pages: dict[str, Page] = {}
    summary = is_summary(one)
    parts = {column.col: part for column in one.columns if (part := _column_content(column, view, means)) is not None}
    # A list of one part only (人员经费 | 公用经费 side by side): what it says of a class is all that there is of it.
    alone = one.kind == "economic" and {basis for basis, *_ in parts.values()} <= {"personnel", "public"} and len(parts) == 1
    for row in _whole(one) if view.units else one.rows:
        row_part = (None, None, None, None) if view.units else _row_content(one, row, summary, means)
        if row_part is None:
            continue
        for column in one.columns:
            column_part = parts.get(column.col)
            figure = sheet.at(row.row, column.col)
            if column_part is None or figure is None:
                continue
            column_basis, economic, gov, scope = column_part
            basis = row_part[0] or ("basic" if alone and row_part[2] else column_basis)
            if row_part[0] and column_basis not in (view.basis, row_part[0]):
                continue
            if row_part[2] and column.economic:
                continue  # a class in the row and another in the column: nobody else prints it
            content = Content(basis, row_part[1], row_part[2] or economic, row_part[3] or gov)
            _add(pages, _scope(scope or sheet.form.scope or view.scope), sheet, content, figure)
    return list(pages.values())


def expenditure_pages(book: Book, rules: Rules) -> list[Page]:
    """The contents of every list of expenditure of the document that prints the whole of what it names."""
    return _pages(book, rules, need_not=False)


def pages_beside(book: Book, rules: Rules) -> list[Page]:
    """The contents of the lists that need not print the whole of what they name (机关运行经费 by economic item)."""
    return _pages(book, rules, need_not=True)


def _pages(book: Book, rules: Rules, need_not: bool) -> list[Page]:
    views = {view.form: view for view in rules.views if view.flow == "expenditure" and view.need_not == need_not}
    means = _Meanings(rules.meaning)
    pages: list[Page] = []
    for sheet, one in book.walk():
        view = views.get(sheet.kind or "")
        if view is not None and (one.kind == "unit" if view.units else one.kind in _CODED_LISTS):
            pages += _list_pages(sheet, one, view, means)
    for number, page in enumerate(pages):
        page.number = number
    return pages


def _meet(one: Amount, other: Amount) -> bool:
    return abs(one.value - other.value) <= one.half + other.half


def totals_agree(one: Page, other: Page, basis: str) -> bool:
    """Whether two pages speak of the same money: they print the same total of a part of expenditure, and it is not zero."""
    shared = [content for content in one.contents if content in other.contents and content.basis == basis]
    shared.sort(key=lambda content: sum(1 for code in content[1:] if code))
    if not shared:
        return False
    top = shared[0]
    if sum(1 for code in top[1:] if code) > 1:
        return False
    mine, theirs = one.contents[top], other.contents[top]
    return bool(mine.value) and _meet(mine.amount, theirs.amount)


def _mostly_agree(one: Page, other: Page, basis: str) -> bool:
    """Whether pages of one declared scope agree in most lines, at least three: then a total that differs is a slip, not another scope."""
    shared = [c for c in one.contents if c in other.contents and c.basis == basis and (one.contents[c].value or other.contents[c].value)]
    same = sum(1 for content in shared if _meet(one.contents[content].amount, other.contents[content].amount))
    return same >= 3 and same >= 0.7 * len(shared)


def content_bundles(pages: list[Page], rules: Rules) -> list[Bundle]:
    """Same fact, several forms: every further print of a content equals the first one of the same scope."""
    identity = rules.of("same_content")
    if identity is None:
        return []
    bundles: dict[tuple[int, int, str], Bundle] = {}
    linked: dict[tuple[int, int, str], bool] = {}
    by_content: dict[Content, list[Page]] = defaultdict(list)
    for page in pages:
        for content in page.contents:
            by_content[content].append(page)
    for content, holders in by_content.items():
        for position, page in enumerate(holders[1:], start=1):
            for earlier in holders[:position]:
                key = (earlier.number, page.number, content.basis)
                if key not in linked:
                    linked[key] = totals_agree(earlier, page, content.basis) or (
                        earlier.scope == page.scope and _mostly_agree(earlier, page, content.basis)
                    )
                if linked[key]:
                    family = (identity.id, page.sheet.form.table, str(earlier.number), content.basis)
                    bundle = bundles.setdefault(key, Bundle(identity, "codes", family))
                    bundle.add(page.contents[content], [(earlier.contents[content], 1)])
                    break
    return list(bundles.values())
