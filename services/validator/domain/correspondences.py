"""Sums of contents that must agree: views of the same money by two classifications, lines of 三公 with economic items, parts with their whole.

Which contents is data: formulas in rules/correspondences.toml (notation: formula.py). An equation is proposed where both sides are printed in
pages of one scope, i.e. speak of the same money; lines without a code have no scope and are compared with whatever form prints the other side.
"""

from __future__ import annotations

from collections import defaultdict

from services.validator.domain.formula import Content, Side, parse_formula
from services.validator.domain.proposal import Bundle
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList
from services.validator.domain.views import Page, pages_beside, totals_agree
from shared.contracts.normalized import Column, Row

_ANY = "any scope"


def _lines_wanted(identities: tuple[Identity, ...]) -> frozenset[str]:
    sides = (side for identity in identities for side in parse_formula(identity.formula))
    return frozenset(content.line for side in sides for content, _ in side if content.line)


def _line_figures(book: Book, wanted: frozenset[str], apart: frozenset[str]) -> dict[Content, Figure]:
    """The figures of lines without a code: columns of the row of the whole, or rows; the first print of each counts.

    Args: apart: measures that speak of another year, or of a budget beside its final figure.
    """
    found: dict[Content, Figure] = {}
    for sheet, one in book.walk():
        columns = [column for column in one.columns if (column.code or "") not in apart]
        whole = [row for row in one.rows if row.role == "total"] or (list(one.rows) if len(one.rows) == 1 else [])
        places: list[tuple[str | None, Row, Column]] = [(column.line, row, column) for row in whole[:1] for column in columns]
        places += [(row.line, row, column) for row in one.rows for column in columns[:1]]
        for line, row, column in places:
            figure = sheet.at(row.row, column.col)
            if line in wanted and figure is not None:
                found.setdefault(Content("total", line=line), figure)
    return found


_Printed = dict[Content, dict[str, Figure]]
"""The first print of each content by the content without its function, and the function ("" for all)."""


def _printed(pages: list[Page]) -> dict[str, _Printed]:
    """What the pages print, by scope."""
    by_scope: dict[str, _Printed] = defaultdict(lambda: defaultdict(dict))
    plain: dict[Content, Content] = {}
    for page in pages:
        printed = by_scope[page.scope]
        for content, figure in page.contents.items():
            key = plain.get(content)
            if key is None:
                key = plain[content] = content._replace(function=None)
            printed[key].setdefault(content.function or "", figure)
    return by_scope


def content_sums(book: Book, pages: list[Page], rules: Rules) -> list[Bundle]:
    """Formulas over contents (501 + 502 + 505 = 301 + 302), for each function that prints both sides."""
    identities = rules.all_of("content_sum")
    by_scope = _printed(pages)
    everywhere: _Printed = {
        content: {"": figure} for content, figure in _line_figures(book, _lines_wanted(identities), frozenset(rules.meaning.apart)).items()
    }
    for _, printed in sorted(by_scope.items()):
        for content, figures in printed.items():
            if "" in figures:
                everywhere.setdefault(content, {"": figures[""]})
    bundles: list[Bundle] = []
    for identity in identities:
        left, right = parse_formula(identity.formula)
        with_lines = any(content.line for content, _ in (*left, *right))
        for scope, printed in ((_ANY, everywhere),) if with_lines else sorted(by_scope.items()):
            bundles.append(_sums_of(identity, scope, left, right, printed))
    return bundles


def _sums_of(identity: Identity, scope: str, left: Side, right: Side, printed: _Printed) -> Bundle:
    """A formula for every function that prints something of both sides; an identity that must hold wants all of it."""
    bundle = Bundle(identity, "guess", (identity.id, scope))
    one, other = ([(printed[content], sign) for content, sign in side if content in printed] for side in (left, right))
    whole = identity.guard == "conditional" or (len(one) == len(left) and len(other) == len(right))
    if not one or not other or not whole:
        return bundle
    functions = set().union(*(figures for figures, _ in one)) & set().union(*(figures for figures, _ in other))
    for function in sorted(functions):
        totals, parts = ([(figures[function], sign) for figures, sign in side if function in figures] for side in (one, other))
        complete = identity.guard == "conditional" or (len(totals) == len(left) and len(parts) == len(right))
        # A sum over columns of one row: column totals have it already.
        places = {(figure.fact.table, figure.fact.row) for figure, _ in (*totals, *parts)}
        if complete and len(places) > 1:
            # The first figure of the left side that says something stands for it: equations for a zero prove nothing (structure.py).
            first = next((number for number, (figure, sign) in enumerate(totals) if figure.value and sign > 0), 0)
            rest = totals[:first] + totals[first + 1 :]
            bundle.add(totals[first][0], [*parts, *((figure, -sign) for figure, sign in rest)])
    return bundle


def items_beside(book: Book, pages: list[Page], rules: Rules) -> list[Bundle]:
    """Economic items of forms that need not print all of them (机关运行经费) equal those of basic expenditure, item by item."""
    identity = rules.of("same_items")
    if identity is None:
        return []
    bundle = Bundle(identity, "guess", (identity.id, "all"))
    for beside in pages_beside(book, rules):
        for content, figure in beside.contents.items():
            printed = next((page.contents[content] for page in pages if content in page.contents), None) if content.economic else None
            if printed is not None:
                bundle.add(figure, [(printed, 1)])
    return [bundle]


def _gov_sums(sheet: Sheet, one: SheetList, page: Page) -> dict[Content, list[Figure]]:
    """What rows that carry an economic and a government code add up to by government code; nothing where a row lacks the second one."""
    items = [row for row in one.rows if row.role == "item" and row.economic and len(row.economic) > 3]
    if not items or any(not row.gov_economic for row in items):
        return {}
    figures = {(figure.fact.row, figure.fact.col): content for content, figure in page.contents.items()}
    sums: dict[Content, list[Figure]] = defaultdict(list)
    for row in items:
        for column in one.columns:
            content, figure = figures.get((row.row, column.col)), sheet.at(row.row, column.col)
            if content is None or figure is None:
                continue
            for size in (3, 5):
                sums[Content(content.basis, content.function, None, (row.gov_economic or "")[:size])].append(figure)
    return sums


def gov_rows(pages: list[Page], rules: Rules) -> list[Bundle]:
    """Rows of economic items that name their government code add up to what another form prints of that code, where the totals agree."""
    identity = rules.of("gov_rows")
    if identity is None:
        return []
    bundles: list[Bundle] = []
    for page in pages:
        for one in page.sheet.lists:
            for content, figures in _gov_sums(page.sheet, one, page).items():
                for other in pages:
                    printed = other.contents.get(content)
                    if printed is not None and other.sheet is not page.sheet and totals_agree(other, page, content.basis):
                        bundle = Bundle(identity, "layout", (identity.id, other.sheet.form.table, page.sheet.form.table))
                        bundle.add(printed, [(figure, 1) for figure in figures])
                        bundles.append(bundle)
    return bundles
