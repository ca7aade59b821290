"""Disclosures of one department in several files: narrative and tables apart, last year's budget, each drawn as a small PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
ENTITY = "云岫县气象服务中心"
_LEFT, _RIGHT, _HEIGHT = 40.0, 555.0, 22.0

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Drawn:
    """A disclosure on paper: a cover line, paragraphs of one line each, forms (title, rows; the first row is the boxhead)."""

    file: str
    cover: str
    lines: tuple[str, ...] = ()
    forms: tuple[tuple[str, Rows], ...] = ()

    def write(self, folder: Path) -> Path:
        """Draws the file; the same bytes for the same content."""
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(595.0, 842.0), invariant=1)
        canvas.setFont(FONT, 18)
        canvas.drawCentredString(297, 700, self.cover)
        canvas.setFont(FONT, 12)
        for index, line in enumerate(self.lines):
            canvas.drawString(60, 640 - 24 * index, line)
        canvas.showPage()
        for title, rows in self.forms:
            _draw(canvas, title, rows)
            canvas.showPage()
        canvas.save()
        path = folder / self.file
        path.write_bytes(buffer.getvalue())
        return path


def _draw(canvas: Canvas, title: str, rows: Rows) -> None:
    canvas.setFont(FONT, 16)
    canvas.drawCentredString(297, 780, title)
    canvas.setFont(FONT, 10)
    canvas.drawString(_LEFT, 755, f"部门：{ENTITY}")
    canvas.drawRightString(_RIGHT, 755, "单位：万元")
    n, top = len(rows[0]), 745.0
    widths = [70.0, 175.0, *[270.0 / (n - 2)] * (n - 2)]
    edges = [_LEFT + sum(widths[:index]) for index in range(n + 1)]
    for index in range(len(rows) + 1):
        canvas.line(_LEFT, top - index * _HEIGHT, _RIGHT, top - index * _HEIGHT)
    for edge in edges:
        canvas.line(edge, top, edge, top - len(rows) * _HEIGHT)
    for index, row in enumerate(rows):
        baseline = top - index * _HEIGHT - 15
        for column, text in enumerate(row):
            if column < 2 or index == 0:
                canvas.drawString(edges[column] + 3, baseline, text)
            else:
                canvas.drawRightString(edges[column + 1] - 3, baseline, text)


def narrative(total: str = "220.00", file: str = "说明.pdf") -> Drawn:
    """The narrative of 2025, which gives `total` as the expenditure."""
    lines = (
        f"2025年部门预算支出总计{total}万元，比上年增加20.00万元。",
        "2025年基本支出预算150.00万元，主要用于保障机构运转。",
        "2025年项目支出预算70.00万元，用于气象服务。",
        "2025年公务接待费预算0.50万元。",
    )
    return Drawn(file, f"{ENTITY}2025年部门预算公开", lines)


def tables(last_year: str = "200.00", file: str = "报表.pdf") -> Drawn:
    """The tables of 2025: 220.00 in all, `last_year` printed as last year's total."""
    by_kind = (
        ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
        ("", "合计", "220.00", "150.00", "70.00"),
        ("220", "自然资源海洋气象等支出", "220.00", "150.00", "70.00"),
        ("22005", "气象事务", "220.00", "150.00", "70.00"),
        ("2200504", "气象事业机构", "150.00", "150.00", ""),
        ("2200509", "气象服务", "70.00", "", "70.00"),
    )
    by_year = (
        ("科目编码", "科目名称", "上年预算数", "本年预算数"),
        ("", "合计", last_year, "220.00"),
        ("220", "自然资源海洋气象等支出", "200.00", "220.00"),
        ("22005", "气象事务", "200.00", "220.00"),
        ("2200504", "气象事业机构", "145.00", "150.00"),
        ("2200509", "气象服务", "55.00", "70.00"),
    )
    forms = (("2025年部门支出总表", by_kind), ("2025年一般公共预算支出表", by_year))
    return Drawn(file, f"{ENTITY}2025年部门预算公开", forms=forms)


def last_year(file: str = "上年.pdf") -> Drawn:
    """The whole budget of 2024: 200.00 in all."""
    rows = (
        ("科目编码", "科目名称", "上年预算数", "本年预算数"),
        ("", "合计", "190.00", "200.00"),
        ("220", "自然资源海洋气象等支出", "190.00", "200.00"),
        ("22005", "气象事务", "190.00", "200.00"),
        ("2200504", "气象事业机构", "140.00", "145.00"),
        ("2200509", "气象服务", "50.00", "55.00"),
    )
    return Drawn(file, f"{ENTITY}2024年部门预算公开", forms=(("2024年一般公共预算支出表", rows),))
