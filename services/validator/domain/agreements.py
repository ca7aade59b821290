"""Identities between lists and between forms beside the same-content ones: lists that end in one total, income lines, balances, reprints."""

from __future__ import annotations

import re
from collections import defaultdict

from services.validator.domain.proposal import Bundle
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare
from shared.contracts.normalized import Column, Row


def total_column(one: SheetList) -> int | None:
    """The column that carries the list's totals: its 合计 column, else its only or first one."""
    if not one.columns:
        return None
    for column in one.columns:
        if column.code in ("total", "amount", "subtotal"):
            return column.col
    return one.columns[0].col


def _row_of(one: SheetList, role: str) -> Row | None:
    return next((row for row in reversed(one.rows) if row.role == role), None)


def total_of(sheet: Sheet, one: SheetList, role: str) -> Figure | None:
    """The figure of the last row of a role in the column of totals."""
    row, col = _row_of(one, role), total_column(one)
    return sheet.at(row.row, col) if row is not None and col is not None else None


def lists_agree(sheet: Sheet, rules: Rules) -> list[Bundle]:
    """Grand totals of all lists of a form are equal; so are the year totals and the carry-over lines of its lists of expenditure."""
    identity = rules.of("lists_agree")
    if identity is None or not identity.applies(sheet.kind) or len(sheet.lists) < 2:
        return []
    bundles: list[Bundle] = []
    for role, lists in (("grand_total", sheet.lists), ("year_total", tuple(one for one in sheet.lists if one.kind != "income"))):
        found = [figure for one in lists if (figure := total_of(sheet, one, role)) is not None]
        if len(found) > 1:
            bundle = Bundle(identity, "codes", (identity.id, sheet.form.table, role))
            for other in found[1:]:
                bundle.add(other, [(found[0], 1)])
            bundles.append(bundle)
    return bundles + _carry_over_agrees(identity, sheet)


def _carry_over_agrees(identity: Identity, sheet: Sheet) -> list[Bundle]:
    """A carry-over line (结转下年) that several lists of expenditure print is the same money in each."""
    found: dict[str, list[Figure]] = defaultdict(list)
    for one in sheet.lists:
        col = total_column(one)
        if one.kind == "income" or col is None:
            continue
        for row in one.rows:
            figure = sheet.at(row.row, col)
            if row.role == "carry_over" and row.line and figure is not None:
                found[row.line].append(figure)
    bundles: list[Bundle] = []
    for line, figures in found.items():
        if len(figures) > 1 and len({figure.fact.col for figure in figures}) == len(figures):
            bundle = Bundle(identity, "layout", (identity.id, sheet.form.table, line))
            for other in figures[1:]:
                bundle.add(other, [(figures[0], 1)])
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


_BALANCE = (("opening_balance", "年初"), ("income", "本年收入"), ("expenditure", "本年支出"), ("closing_balance", "年末"))
"""The columns of a balance: measure, and the word of the header group that may split it."""


def _balance_column(one: SheetList, measure: str, word: str, total: re.Pattern[str]) -> Column | None:
    """The column that carries a term of a balance: the only one of its group, else the only total of it; None where that is not clear."""
    group = [column for column in one.columns if column.code == measure or any(word in bare(name) for name in column.path)]
    if len(group) > 1:
        group = [column for column in group if len(column.path) > 1 and total.search(bare(column.path[-1]))]
    return group[0] if len(group) == 1 else None


def fund_balances(sheet: Sheet, rules: Rules) -> list[Bundle]:
    """年初 + 本年收入 − 本年支出 = 年末, row by row, where a form prints all four."""
    identity = rules.of("fund_balance")
    if identity is None or not identity.applies(sheet.kind):
        return []
    total = re.compile(rules.words.total)
    bundles = []
    for one in sheet.lists:
        opening, income, spending, closing = (_balance_column(one, measure, word, total) for measure, word in _BALANCE)
        if opening is None or income is None or spending is None or closing is None:
            continue
        bundle = Bundle(identity, "codes", (identity.id, sheet.form.table))
        for row in one.rows:
            terms = [
                (figure, sign) for column, sign in ((opening, 1), (income, 1), (spending, -1)) if (figure := sheet.at(row.row, column.col))
            ]
            bundle.add(sheet.at(row.row, closing.col), terms)
        if bundle.equations:
            bundles.append(bundle)
    return bundles


def _income_figures(book: Book, rules: Rules) -> dict[tuple[str, str], list[tuple[Sheet, Figure]]]:
    """Totals and lines of income by (scope, what), as the views of the forms that print income say."""
    found: dict[tuple[str, str], list[tuple[Sheet, Figure]]] = defaultdict(list)
    scopes = {view.form: view.scope for view in rules.views if view.flow == "income"}
    for sheet, one in book.walk():
        scope = scopes.get(sheet.kind or "")
        if scope is None:
            continue
        if sheet.kind == "income_summary" and one.kind != "income":
            _income_form(sheet, one, found)
        elif one.kind == "income":
            for role in ("year_total", "grand_total"):
                figure = total_of(sheet, one, role)
                if figure is not None:
                    found[scope, role].append((sheet, figure))
            col = total_column(one)
            for row in one.rows:
                figure = sheet.at(row.row, col) if col is not None else None
                above = one.by_row.get(row.parent) if row.parent is not None else None
                if above is not None and above.line == row.line:
                    continue  # a part that is called like the whole
                if row.line and row.role in ("item", "subtotal") and figure is not None:
                    found[scope, row.line].append((sheet, figure))
    return found


def _over_scopes(
    found: dict[tuple[str, str], list[tuple[Sheet, Figure]]], fund_lines: tuple[str, ...]
) -> dict[tuple[str, str], list[tuple[Sheet, Figure]]]:
    """The same by (scope, what), with the lines that mean the same money in every scope under one key.

    A form that prints such a line twice with different amounts (of this year, and carried over) says by its words which is which, not by the
    line: it is left out. Of prints of one amount (a part called like the whole) the first counts.
    """
    merged: dict[tuple[str, str], list[tuple[Sheet, Figure]]] = defaultdict(list)
    for (scope, what), holders in found.items():
        whole = any(what == line or what.startswith(f"{line}.") for line in fund_lines)
        if "." not in what:  # totals, not lines
            merged[scope, what] += holders
            continue
        printed: dict[int, list[tuple[Sheet, Figure]]] = defaultdict(list)
        for holder in holders:
            printed[id(holder[0])].append(holder)
        merged["every" if whole else scope, what] += [
            same[0] for same in printed.values() if len({figure.value for _, figure in same}) == 1
        ]
    return merged


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


def _only_fiscal(found: dict[tuple[str, str], list[tuple[Sheet, Figure]]], rules: Rules) -> list[Bundle]:
    """Totals of income of the fiscal form are those of all funds, where a department has no other income."""
    identity = rules.of("only_fiscal")
    if identity is None:
        return []
    bundle = Bundle(identity, "guess", (identity.id, "all"))
    for role in ("year_total", "grand_total"):
        for _, figure in found.get(("fiscal", role), [])[:1]:
            bundle.add(figure, [(whole, 1) for _, whole in found.get(("all", role), [])[:1]], breakdown_exists=False)
    return [bundle]


def _carried_over(book: Book, rules: Rules) -> list[Bundle]:
    """What is carried over from last year (上年结转, and its part of each fund) wherever an income list or form prints it."""
    identity = rules.of("carry_over_repeated")
    if identity is None:
        return []
    found: dict[str, list[tuple[Sheet, Figure]]] = defaultdict(list)
    scopes = {view.form for view in rules.views if view.flow == "income"}
    for sheet, one in book.walk():
        if sheet.kind not in scopes:
            continue
        col = total_column(one)
        whole = next((row for row in one.rows if row.role in ("total", "grand_total")), None)
        places = [(row.line, row.row, col) for row in one.rows if one.kind == "income" and col is not None]
        places += [(column.line, whole.row, column.col) for column in one.columns if one.kind != "income" and whole is not None]
        for line, row_number, column_number in places:
            figure = sheet.at(row_number, column_number)
            if figure is not None and (line or "").startswith("carry_over_opening"):
                found[line or ""].append((sheet, figure))
    bundle = Bundle(identity, "guess", (identity.id, "all"))
    for holders in found.values():
        for sheet, figure in holders[1:]:
            if sheet is not holders[0][0]:
                bundle.add(figure, [(holders[0][1], 1)])
    return [bundle]


def income_bundles(book: Book, rules: Rules) -> list[Bundle]:
    """Lines of income agree between the summary and the form by source; so does the total (本年合计, or 总计 where there is no carry-over)."""
    identity = rules.of("same_income")
    if identity is None:
        return []
    found = _over_scopes(_income_figures(book, rules), identity.fund_lines)
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
    return bundles + _only_fiscal(found, rules) + _carried_over(book, rules)
