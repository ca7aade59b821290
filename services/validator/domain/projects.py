"""Identities of projects between forms: a project's amount wherever it is printed, and their total against project expenditure.

Forms print a project's name with a word more or less, or cut at the cell's edge; a name that is the beginning of just one other is taken for a
cut one, but then nobody is accused (a rule with the guard `conditional`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from services.validator.domain.agreements import total_column, total_of
from services.validator.domain.formula import Content
from services.validator.domain.proposal import Bundle
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare
from services.validator.domain.views import Page

_NAME_NOISE = re.compile(r"[（(].{0,3}万?元[）)]|[\s、，,。.·“”\"'（）()：:\-—]|项目名称|^\d{4}年(度)?")
_TOTAL = "performance.total"  # 资金总额: what other forms call the amount
# A cut name has at least so many characters: shorter ones are the beginning of too many others (工会经费, 会议费).
_CUT = 5


def project_key(name: str) -> str:
    """A project's name as it is compared between forms: without punctuation, brackets and the year in front."""
    return _NAME_NOISE.sub("", bare(name))


def _amounts(sheet: Sheet, measures: tuple[str, ...]) -> dict[tuple[str, str], Figure]:
    """The amount of the year of each project of a form by (project, line), and its sources.

    Args: measures: of columns that say it, the preferred first (年度资金总额 before that of the whole period).
    """
    ranks = {measure: rank for rank, measure in enumerate(measures)}
    found: dict[tuple[str, str], tuple[tuple[int, int, int], Figure]] = {}
    for figure in sheet.cells.values():
        fact = figure.fact
        name, line = project_key(fact.project or ""), fact.line or _TOTAL
        if not name or fact.measure not in ranks or not line.startswith("performance."):
            continue
        rank = (ranks[fact.measure], fact.row, fact.col)
        if (name, line) not in found or rank < found[name, line][0]:
            found[name, line] = rank, figure
    return {key: figure for key, (_, figure) in found.items()}


def _uncut(name: str, others: Iterable[str]) -> str | None:
    """The only other name that this one is the beginning of, or that is the beginning of this one; None where there is none, or several."""
    near = [other for other in others if min(len(name), len(other)) >= _CUT and (other.startswith(name) or name.startswith(other))]
    return near[0] if len(near) == 1 else None


def project_bundles(book: Book, rules: Rules) -> list[Bundle]:
    """A project's amount in the form of projects equals the one in its performance form: by name, else by a name that one of them cuts."""
    same = next((one for one in rules.all_of("project_repeated") if one.guard != "conditional"), None)
    cut = next((one for one in rules.all_of("project_repeated") if one.guard == "conditional"), None)
    if same is None:
        return []
    known: dict[str, dict[str, Figure]] = defaultdict(dict)
    bundle = Bundle(same, "layout", (same.id, "all"))
    unsure = Bundle(cut or same, "guess", ((cut or same).id, "all"))
    for kind in same.forms:
        for sheet in book.sheets:
            if sheet.kind == kind:
                amounts = _amounts(sheet, same.measures)
                names = dict.fromkeys(name for name, _ in amounts)
                aliases = {name: _uncut(name, known) if cut is not None and name not in known else None for name in names}
                for (name, line), figure in amounts.items():
                    alias = aliases[name]
                    first = known.get(name, {}).get(line)
                    cut_first = known[alias].get(line) if alias is not None else None
                    if first is not None:
                        bundle.add(figure, [(first, 1)])
                    elif cut_first is not None:
                        unsure.add(figure, [(cut_first, 1)])
                for (name, line), figure in amounts.items():
                    known[name].setdefault(line, figure)
    return [one for one in (bundle, unsure) if one.equations]


def _sources(sheet: Sheet) -> dict[tuple[str, str], Figure]:
    """The money of each project of a form by (project, fund): of several columns of a fund the first, which is its total where it has parts."""
    found: dict[tuple[str, str], Figure] = {}
    columns = {column.col: column.fund for column in sheet.form.columns if column.code == "fund_source"}
    for (_, col), figure in sorted(sheet.cells.items()):
        name, fund = project_key(figure.fact.project or ""), columns.get(col)
        if name and fund:
            found.setdefault((name, fund), figure)
    return found


def project_funds(book: Book, rules: Rules) -> list[Bundle]:
    """财政拨款 and 其他资金 of a project's performance form are what the form of projects prints of it by fund."""
    identity = rules.of("project_funds")
    if identity is None:
        return []
    sources: dict[tuple[str, str], Figure] = {}
    for sheet in book.sheets:
        if identity.applies(sheet.kind):
            sources = {**_sources(sheet), **sources}
    bundle = Bundle(identity, "guess", (identity.id, "all"))
    for sheet in book.sheets:
        if not identity.applies(sheet.kind):
            for (name, line), figure in _amounts(sheet, identity.measures).items():
                terms = [(sources[name, fund], 1) for fund in identity.funds.get(line, ()) if (name, fund) in sources]
                bundle.add(figure, terms, breakdown_exists=False)
    return [bundle] if bundle.equations else []


def _project_total(identity: Identity, sheet: Sheet, one: SheetList) -> Figure | None:
    """The figure that is the total of all projects of a form: in the row of 合计, else in that of the only unit."""
    if not identity.applies(sheet.kind) or one.kind != "project":
        return None
    figure, col = total_of(sheet, one, "total"), total_column(one)
    units = [row for row in one.rows if row.role == "unit"]
    return sheet.at(units[0].row, col) if figure is None and len(units) == 1 and col is not None else figure


def project_totals(book: Book, pages: list[Page], rules: Rules) -> list[Bundle]:
    """The total of the form of projects equals project expenditure, where both speak of the same money."""
    identity = rules.of("project_total")
    wanted = Content("project")
    printed = [page.contents[wanted] for page in pages if wanted in page.contents]
    if identity is None or not printed:
        return []
    bundle = Bundle(identity, "guess", (identity.id, "all"))
    for sheet, one in book.walk():
        figure = _project_total(identity, sheet, one)
        equal = [other for other in printed if figure is not None and other.amount.interval.meet(figure.amount.interval)]
        bundle.add(figure, [((equal or printed)[0], 1)])
    return [bundle] if bundle.equations else []
