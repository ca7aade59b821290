"""Printed codes against printed names: a row that prints a code beside the name of another one.

The normaliser says which rows do (it knows the classification, and leaves out what aliases, cut names, units and editions explain); here a person is
told of them. No sum is wrong for that, so it is a warning: either the code or the name has to be corrected.
"""

from __future__ import annotations

from msgspec import UNSET

from services.validator.domain.findings import Findings
from services.validator.domain.messages import Said
from services.validator.domain.sheet import Book, Sheet, title_of
from shared.contracts.common import Message
from shared.contracts.normalized import CodeContradiction, Row
from shared.contracts.vocabulary import FindingCode

_CHARTS = {
    "function": ("功能科目", "function"),
    "economic": ("部门经济科目", "department economic class"),
    "gov_economic": ("政府经济科目", "government economic class"),
}


def code_name_findings(book: Book, findings: Findings) -> None:
    """A warning for each row that prints another code's name, with the first figure of the row as evidence."""
    for sheet, one in book.walk():
        for row in one.rows:
            if row.contradiction is UNSET:
                continue
            figures = [figure for column in one.columns if (figure := sheet.at(row.row, column.col)) is not None][:1]
            page = figures[0].fact.page if figures else next(iter(sheet.form.pages), None)
            message = _message(sheet, row, row.contradiction, page)
            key = f"{sheet.form.table}/{row.row}/{row.contradiction.code}"
            findings.add(FindingCode.CODE_NAME_MISMATCH, "warning", message, (), figures, key=key, said=Said(page=page))


def _message(sheet: Sheet, row: Row, said: CodeContradiction, page: int | None) -> Message:
    title = title_of(sheet.form)
    zh, en = _CHARTS[said.chart]
    place_zh = f"第{page}页《{title}》" if page is not None else f"《{title}》"
    place_en = f"page {page}, 《{title}》" if page is not None else f"《{title}》"
    codes_zh = "、".join(f"{candidate.code} {candidate.name}" for candidate in said.meant)
    codes_en = ", ".join(f"{candidate.code} {candidate.name}" for candidate in said.meant)
    why_zh, why_en = _SUPPORT[said.supports if said.supports is not UNSET else ""]
    return Message(
        zh=f"{place_zh}第 {row.row + 1} 行的{zh}编码 {said.code} 与名称“{said.printed}”不一致：{said.code} 是“{said.name}”，“{said.printed}”是 {codes_zh}"
        f"{why_zh}，请核对。",
        en=f"{place_en}, row {row.row + 1}: the {en} code {said.code} stands beside the name “{said.printed}”: {said.code} is “{said.name}”, "
        f"“{said.printed}” is {codes_en}{why_en}; please check.",
    )


_SUPPORT = {
    "": ("", ""),
    "code": ("；按表内合计，编码与金额相符", "; by the sums of the form, the code fits the figures"),
    "name": ("；按表内合计，名称与金额相符", "; by the sums of the form, the name fits the figures"),
}
