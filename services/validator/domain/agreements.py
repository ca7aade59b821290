"""Identities between lists and between forms beside the same-content ones: lists that end in one total, income lines, balances, projects."""

from __future__ import annotations

import re
from collections import defaultdict

from services.validator.domain.proposal import Bundle
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare
from services.validator.domain.views import Content, Page
from shared.contracts.normalized import Row

_INCOME_FORMS_ALL = ("income_expenditure_summary", "income_summary")


def _total_column(one: SheetList) -> int | None:
    """The column that carries the list's totals: its 合计 column, else its only or first one."""
    if not one.columns:
        return None
    for column in one.columns:
        if column.code in ("total", "amount", "subtotal"):
            return column.col
    return one.columns[0].col


def _row_of(one: SheetList, role: str) -> Row | None:
    return next((row for row in reversed(one.rows) if row.role == role), None)


def _total_of(sheet: Sheet, one: SheetList, role: str) -> Figure | None:
    row, col = _row_of(one, role), _total_column(one)
    return sheet.at(row.row, col) if row is not None and col is not None else None


def lists_agree(sheet: Sheet, rules: Rules) -> list[Bundle]:
    """Grand totals of all lists of a form are equal; so are the year totals of its lists of expenditure."""
    identity = rules.of("lists_agree")
    if identity is None or not identity.applies(sheet.kind) or len(sheet.lists) < 2:
        return []
    bundles: list[Bundle] = []
    for role, lists in (("grand_total", sheet.lists), ("year_total", tuple(one for one in sheet.lists if one.kind != "income"))):
        found = [figure for one in lists if (figure := _total_of(sheet, one, role)) is not None]
        if len(found) > 1:
            bundle = Bundle(identity, "codes", (identity.id, sheet.form.table, role))
            for other in found[1:]:
                bundle.add(other, [(found[0], 1)])
            bundles.append(bundle)
    return bundles


def reprinted_cells(book: Book, rules: Rules) -> list[Bundle]:
    """A cell printed again after a page break says what it said before."""
    identity = rules.of("reprinted_cell")
    bundles = []
    for sheet in book.sheets:
        if identity is not None and sheet.reprints:
            bundle = Bundle(identity, "codes", (identity.id, sheet.form.table))
            for figure, first in sheet.reprints:
                bundle.add(figure, [(book.figures[first], 1)])
            bundles.append(bundle)
    return bundles


def fund_balances(sheet: Sheet, rules: Rules) -> list[Bundle]:
    """年初 + 本年收入 − 本年支出 = 年末, row by row, where a form prints all four."""
    identity = rules.of("fund_balance")
    if identity is None or not identity.applies(sheet.kind):
        return []
    bundles = []
    for one in sheet.lists:
        by_code = {
            code: [c for c in one.columns if c.code == code] for code in ("opening_balance", "income", "expenditure", "closing_balance")
        }
        if not by_code["closing_balance"] or not by_code["expenditure"]:
            # 本年支出 may be split into basic and project; its 小计 then carries the expenditure.
            spent = [c for c in one.columns if any("本年支出" in bare(name) for name in c.path)]
            total = [c for c in spent if c.code in ("total", "subtotal", "expenditure")]
            by_code["expenditure"] = total or spent[:1]
        if not all(by_code.values()):
            continue
        opening, income, spending, closing = (by_code[code][0] for code in ("opening_balance", "income", "expenditure", "closing_balance"))
        bundle = Bundle(identity, "codes", (identity.id, sheet.form.table))
        for row in one.rows:
            terms = [
                (figure, sign) for column, sign in ((opening, 1), (income, 1), (spending, -1)) if (figure := sheet.at(row.row, column.col))
            ]
            bundle.add(sheet.at(row.row, closing.col), terms)
        if bundle.equations:
            bundles.append(bundle)
    return bundles


def _income_figures(book: Book) -> dict[tuple[str, str], list[tuple[Sheet, Figure]]]:
    """Totals and lines of income by (scope, what): all funds from the summaries of income, fiscal ones from the fiscal summary."""
    found: dict[tuple[str, str], list[tuple[Sheet, Figure]]] = defaultdict(list)
    for sheet, one in book.walk():
        scope = "fiscal" if sheet.kind == "fiscal_summary" else "all" if sheet.kind in _INCOME_FORMS_ALL else ""
        if not scope:
            continue
        if sheet.kind == "income_summary":
            _income_form(sheet, one, found)
        elif one.kind == "income":
            for role in ("year_total", "grand_total"):
                figure = _total_of(sheet, one, role)
                if figure is not None:
                    found[scope, role].append((sheet, figure))
            col = _total_column(one)
            for row in one.rows:
                figure = sheet.at(row.row, col) if col is not None else None
                if row.line and row.role in ("item", "subtotal") and figure is not None:
                    found[scope, row.line].append((sheet, figure))
    return found


def _income_form(sheet: Sheet, one: SheetList, found: dict[tuple[str, str], list[tuple[Sheet, Figure]]]) -> None:
    """The totals of an income form: its 合计 row across the sources of income."""
    row = next((row for row in one.rows if row.role in ("total", "grand_total", "year_total")), None)
    if row is None:
        return
    for column in one.columns:
        figure = sheet.at(row.row, column.col)
        if figure is None:
            continue
        if column.line:
            found["all", column.line].append((sheet, figure))
        elif column.code in ("total", "income", "subtotal") and not found.get(("all", f"form {sheet.form.table}")):
            found["all", f"form {sheet.form.table}"].append((sheet, figure))
            found["all", "any_total"].append((sheet, figure))


def income_bundles(book: Book, rules: Rules) -> list[Bundle]:
    """Lines of income agree between the summary and the form by source; so does the total (本年合计, or 总计 where there is no carry-over)."""
    identity = rules.of("same_income")
    if identity is None:
        return []
    found = _income_figures(book)
    bundles: list[Bundle] = []
    for (scope, what), holders in sorted(found.items()):
        bundle = Bundle(identity, "codes", (identity.id, scope))
        if what == "any_total":
            for sheet, figure in holders:
                # The form may state the income of the year, or with carry-over: it must agree with one of them.
                candidates = [f for role in ("year_total", "grand_total") for _, f in found.get((scope, role), [])]
                equal = [f for f in candidates if f.amount.interval.meet(figure.amount.interval)]
                target = (equal or candidates)[:1]
                if target and target[0].fact.table != sheet.form.table:
                    bundle.add(figure, [(target[0], 1)])
        elif not what.startswith("form "):
            for sheet, figure in holders[1:]:
                if holders[0][0] is not sheet:
                    bundle.add(figure, [(holders[0][1], 1)])
        if bundle.equations:
            bundles.append(bundle)
    return bundles


def _content(text: str) -> Content:
    """`basic/-/301/-` as a content."""
    basis, function, economic, gov = (part if part != "-" else None for part in text.split("/"))
    return Content(basis or "total", function, economic, gov)


def content_sums(pages: list[Page], rules: Rules) -> list[Bundle]:
    """Sums of contents that must agree (501 + 502 + 505 = 301 + 302), for each function that prints both sides.

    Only where the totals of both sides' pages agree, i.e. they speak of the same money; `basic + project = total` joins two forms likewise.
    """
    bundles: list[Bundle] = []
    for identity in rules.all_of("content_sum"):
        by_scope: dict[str, dict[Content, Figure]] = defaultdict(dict)
        for page in pages:
            for content, figure in page.contents.items():
                by_scope[page.scope].setdefault(content, figure)
        for scope, contents in sorted(by_scope.items()):
            bundle = Bundle(identity, "guess", (identity.id, scope))
            functions = sorted({content.function or "" for content in contents})
            for function in functions:
                _content_sum(bundle, identity, contents, function or None)
            if bundle.equations:
                bundles.append(bundle)
    return bundles


def _content_sum(bundle: Bundle, identity: Identity, contents: dict[Content, Figure], function: str | None) -> None:
    def pick(texts: tuple[str, ...]) -> list[Figure]:
        wanted = (_content(text)._replace(function=function) for text in texts)
        return [contents[content] for content in wanted if content in contents]

    left, right = pick(identity.left), pick(identity.right)
    complete = identity.guard == "conditional" or (len(left) == len(identity.left) and len(right) == len(identity.right))
    if not left or not right or not complete:
        return
    target, rest = left[0], left[1:]
    if len({figure.fact.table for figure in (*left, *right)}) == 1 and len({figure.fact.row for figure in (*left, *right)}) == 1:
        return  # a sum over columns of one row: column totals have it already
    bundle.add(target, [*((figure, 1) for figure in right), *((figure, -1) for figure in rest)])


_NAME_NOISE = re.compile(r"[（(].{0,3}万?元[）)]|[\s、，,。.·“”\"'（）()：:\-—]|项目名称|^\d{4}年(度)?")


def project_key(name: str) -> str:
    """A project's name as it is compared between forms: without punctuation, brackets and the year in front."""
    return _NAME_NOISE.sub("", bare(name))


def _project_amounts(sheet: Sheet) -> dict[str, Figure]:
    """The amount of the year of each project of a form: 年度资金总额 where it is printed beside that of the whole period, else the total."""
    found: dict[str, tuple[int, Figure]] = {}
    rank = {"annual_funds": 0, "total": 1, "amount": 1, "performance_funds": 2, "subtotal": 2}
    for figure in sheet.cells.values():
        fact = figure.fact
        name = project_key(fact.project or "")
        if not name or fact.measure not in rank or fact.line not in (None, "performance.total"):
            continue
        if name not in found or (rank[fact.measure], fact.row, fact.col) < (
            found[name][0],
            found[name][1].fact.row,
            found[name][1].fact.col,
        ):
            found[name] = rank[fact.measure], figure
    return {name: figure for name, (_, figure) in found.items()}


def project_bundles(book: Book, rules: Rules) -> list[Bundle]:
    """A project's amount in the form of projects equals the one in its performance form, by name."""
    identity = rules.of("project_repeated")
    if identity is None:
        return []
    first: dict[str, Figure] = {}
    bundle = Bundle(identity, "layout", (identity.id, "all"))
    for kind in identity.forms:
        for sheet in book.sheets:
            if sheet.kind != kind:
                continue
            for name, figure in _project_amounts(sheet).items():
                if name in first:
                    bundle.add(figure, [(first[name], 1)])
                else:
                    first[name] = figure
    return [bundle] if bundle.equations else []


def project_totals(book: Book, pages: list[Page], rules: Rules) -> list[Bundle]:
    """合计 of the form of projects equals project expenditure, where both speak of the same money."""
    identity = rules.of("project_total")
    wanted = Content("project", None, None, None)
    printed = [page.contents[wanted] for page in pages if wanted in page.contents]
    if identity is None or not printed:
        return []
    bundle = Bundle(identity, "guess", (identity.id, "all"))
    for sheet, one in book.walk():
        if identity.applies(sheet.kind) and one.kind == "project":
            figure = _total_of(sheet, one, "total")
            equal = [other for other in printed if figure is not None and other.amount.interval.meet(figure.amount.interval)]
            bundle.add(figure, [((equal or printed)[0], 1)])
    return [bundle] if bundle.equations else []
