"""The same fact in several forms: figures that speak of the same content (flow, part of expenditure, codes) must agree.

What a figure speaks of follows from its codes, from its column and from the view of its form (rules/views.toml). Forms speak of different
money (all funds ≥ fiscal ≥ general public budget ≥ basic), so two forms are compared line by line only where their totals agree: then they
speak of the same money.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from services.validator.domain.intervals import Amount
from services.validator.domain.outline import is_summary
from services.validator.domain.proposal import Bundle
from services.validator.domain.rules import Rules, View
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare
from shared.contracts.normalized import Column, Row


class Content(NamedTuple):
    """What a figure of expenditure speaks of: the part of it (total, basic, project, personnel, public) and the codes, None for all."""

    basis: str
    function: str | None
    economic: str | None
    gov_economic: str | None


_BASIS_OF_MEASURE = {
    "basic_expenditure": "basic", "project_expenditure": "project", "personnel": "personnel", "public": "public",
    "operating_expenditure": "other", "to_superior": "other", "to_subordinate": "other",
}  # fmt: skip
_PLAIN_MEASURES = {"total", "subtotal", "amount", "class", "fund_source", None}
_FUND_SCOPES = {
    "general_public_budget": "general", "government_fund": "government_fund", "state_capital": "state_capital",
    "fiscal_appropriation": "fiscal", "fiscal_account": "fiscal_account",
}  # fmt: skip
_FUND_WORDS = (("一般公共预算", "general"), ("政府性基金", "government_fund"), ("国有资本", "state_capital"))
_TOTAL_ROLES = {"total", "year_total"}


@dataclass(slots=True, eq=False)
class Page:
    """The contents of one list (or of one fund column of it): figures by what they speak of, all of one scope."""

    sheet: Sheet
    scope: str
    contents: dict[Content, Figure]
    number: int


def _basis_of_path(column: Column) -> str | None:
    """The part of expenditure that the header path names: 基本支出 / 项目支出 / 人员经费 / 公用经费 over the column, the narrowest one."""
    words = (
        ("人员", "personnel"),
        ("公用", "public"),
        ("基本支出", "basic"),
        ("项目支出", "project"),
        ("专项业务", "project"),
        ("经营支出", "other"),
        ("上缴上级", "other"),
        ("对附属单位", "other"),
    )
    for name in reversed(column.path):
        for word, basis in words:
            if word in bare(name):
                return basis
    return None


def _column_content(column: Column, view: View) -> tuple[str, str | None, str | None, str | None] | None:
    """(basis, economic, gov_economic, scope) of a column; None where it speaks of something else (another year, a balance)."""
    if column.code in (
        "previous_year",
        "budget",
        "opening_balance",
        "closing_balance",
        "carried_forward",
        "income",
        "income_source",
        "other",
    ):
        return None
    scope = _FUND_SCOPES.get(column.fund or "")
    coded = column.economic or column.gov_economic
    basis = _BASIS_OF_MEASURE.get(column.code or "") or _basis_of_path(column) or view.basis
    if coded and basis in ("personnel", "public"):
        basis = "basic"  # 人员经费 > 工资福利支出 is class 301 of basic expenditure
    if (
        not coded
        and column.code not in _PLAIN_MEASURES
        and column.code not in _BASIS_OF_MEASURE
        and column.code not in ("expenditure", "current_year", "final")
    ):
        return None
    if column.code == "class" and not coded:
        return None
    if basis == "other" or column.code == "current_year":
        return None
    return basis, column.economic or view.economic, column.gov_economic or view.gov_economic, scope


def _row_basis(one: SheetList, row: Row) -> str | None:
    """The part of expenditure under which a row of a summary list hangs (一、基本支出 > 工资福利支出)."""
    seen: set[int] = set()
    current: Row | None = row
    while current is not None and current.row not in seen:
        seen.add(current.row)
        label = bare(current.label)
        if "人员" in label and "公用" in label:
            return "basic"
        if "基本支出" in label and "资本" not in label:
            return "basic"
        if "项目支出" in label or "专项业务" in label or "按项目管理" in label:
            return "project"
        if "人员经费" in label:
            return "personnel"
        if "公用经费" in label:
            return "public"
        current = one.by_row.get(current.parent) if current.parent is not None else None
    return None


def _row_content(one: SheetList, row: Row, summary: bool) -> tuple[str | None, str | None, str | None, str | None] | None:
    """(basis, function, economic, gov_economic) of a row; None where it speaks of something else (a unit, a project, carry-over)."""
    if row.role in _TOTAL_ROLES or (row.role == "grand_total" and not summary):
        label = bare(row.label)
        part = "personnel" if "人员" in label else "public" if "公用" in label else None
        return part, None, None, None
    if row.role not in ("item", "subtotal", "of_which"):
        return None
    basis = _row_basis(one, row) if one.kind in ("economic", "mixed") else None
    if row.function or row.economic:
        return basis, row.function, row.economic, None
    if row.gov_economic:
        return basis, None, None, row.gov_economic
    return (basis, None, None, None) if basis and summary else None


def _add(pages: dict[str, Page], scope: str, sheet: Sheet, content: Content, figure: Figure) -> None:
    page = pages.setdefault(scope, Page(sheet, scope, {}, 0))
    page.contents.setdefault(content, figure)


def _scope(scope: str) -> str:
    """Basic expenditure of the general public budget speaks of general money: that it is basic is its basis."""
    return "general" if scope == "general_basic" else scope


def _list_pages(sheet: Sheet, one: SheetList, view: View) -> list[Page]:
    """What the figures of a list speak of."""
    pages: dict[str, Page] = {}
    summary = is_summary(one)
    ambiguous: set[str] = set()
    for row in one.rows:
        row_part = _row_content(one, row, summary)
        if row_part is None:
            continue
        for column in one.columns:
            column_part = _column_content(column, view)
            figure = sheet.at(row.row, column.col)
            if column_part is None or figure is None:
                continue
            column_basis, economic, gov, scope = column_part
            basis = row_part[0] or column_basis
            if row_part[0] and column_basis not in (view.basis, row_part[0]):
                continue
            if row_part[2] and column.economic:
                ambiguous.add("economic")
                continue
            content = Content(basis, row_part[1], row_part[2] or economic, row_part[3] or gov)
            _add(pages, _scope(scope or sheet.form.scope or view.scope), sheet, content, figure)
    return list(pages.values())


def expenditure_pages(book: Book, rules: Rules) -> list[Page]:
    """The contents of every list of expenditure of the document."""
    views = {view.form: view for view in rules.views if view.flow == "expenditure"}
    pages: list[Page] = []
    for sheet, one in book.walk():
        view = views.get(sheet.kind or "")
        if view is None or one.kind not in ("function", "economic", "gov_economic", "mixed"):
            continue
        pages += _list_pages(sheet, one, view)
    for number, page in enumerate(pages):
        page.number = number
    return pages


def _meet(one: Amount, other: Amount) -> bool:
    return one.interval.meet(other.interval) is not None


def _totals_agree(one: Page, other: Page, basis: str) -> bool:
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
                if earlier.sheet is page.sheet and earlier.contents[content] is page.contents[content]:
                    continue
                key = (earlier.number, page.number, content.basis)
                if key not in linked:
                    linked[key] = _totals_agree(earlier, page, content.basis) or (
                        earlier.scope == page.scope and _mostly_agree(earlier, page, content.basis)
                    )
                if linked[key]:
                    family = (identity.id, page.sheet.form.table, str(earlier.number), content.basis)
                    bundle = bundles.setdefault(key, Bundle(identity, "codes", family))
                    bundle.add(page.contents[content], [(earlier.contents[content], 1)])
                    break
    return list(bundles.values())
