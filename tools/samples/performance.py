"""项目支出绩效目标表: forms of label and value, one per project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tools.samples.drawing import cut_row
from tools.samples.forms import Form, Row, figure, head, label
from tools.samples.layout import Layout
from tools.samples.ledger import BUSINESS, OTHER, Ledger


@dataclass(frozen=True)
class Goals:
    """What a project wants to reach: its goal, and (一级, 二级, 三级 indicator, value)."""

    project: str
    goal: str
    indicators: tuple[tuple[str, str, str, str], ...]


def performance(
    layout: Layout, number: int, ledger: Ledger, goals: Goals, unit_name: str, year: int, cut_lines: int = 0, **more: Any
) -> Form:
    """One project's form. The money rows repeat the project's amount, by source.

    cut_lines: lines of the goal's text that stay above a page break; 0 leaves the row whole.
    """
    m, part = layout.money, ledger.of_project(goals.project)
    funds = (part.total(), part.fiscal().total(), part.only(BUSINESS, OTHER).total())
    texts = [m(f) or "0.00" for f in funds]
    body: list[Row] = [
        (head("项目名称", colspan=2), label(goals.project, colspan=4)),
        (head("主管部门", colspan=2), label(unit_name, colspan=2), head("实施期限"), head(f"{year}年1月至{year}年12月")),
        (head("项目资金", rowspan=3, colspan=2), label("年度资金总额", colspan=2), figure(texts[0], colspan=2)),
        (label("其中：财政拨款", colspan=2), figure(texts[1], colspan=2)),
        (label("其他资金", indent=3, colspan=2), figure(texts[2], colspan=2)),
        (head("年度目标", colspan=2), label(goals.goal, colspan=4)),
    ]
    rows = goals.indicators
    body.append((head("绩效指标", rowspan=len(rows) + 1), head("一级指标"), head("二级指标"), head("三级指标", colspan=2), head("指标值")))
    for i, (first, second, third, value) in enumerate(rows):
        lead: Row = ()
        if i == 0 or rows[i - 1][0] != first:
            lead = (head(first, rowspan=sum(1 for r in rows if r[0] == first)),)
        body.append((*lead, head(second), label(third, colspan=2), head(value)))
    form = layout.form(number, "项目支出绩效目标表", (62, 70, 82, 96, 80, 120), (), body, landscape=False, row_height=19, size=9, **more)
    return cut_row(form, 5, cut_lines) if cut_lines else form
