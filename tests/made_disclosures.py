"""Small disclosures of departments that do not exist, as many as a test needs, each with bytes of its own.

A budget of two pages: a sentence of the narrative, and one form that ties out unless `wrong`. The same arguments give the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
_EDGES = (40.0, 110.0, 290.0, 380.0, 465.0, 555.0)
_HEIGHT = 22.0
_COUNTIES = ("青禾市", "望溪市", "双岔县", "石榕县", "明沙市", "云岫县")
_OFFICES = ("档案馆", "图书馆", "司法局", "林业事务中心", "统计局", "水务局", "气象服务中心", "文化馆")


@dataclass(frozen=True)
class Made:
    """A disclosure: who, for which year, and whether its total is printed wrong. `edition` tells corrected prints apart.

    `pages`: both, or one alone: `narrative` (which claims figures of the table) or `tables`.
    """

    number: int
    year: int = 2025
    wrong: bool = False
    edition: int = 1
    pages: str = "both"

    @property
    def entity(self) -> str:
        """Name of the department, the same for the same number."""
        office = _OFFICES[self.number // len(_COUNTIES) % len(_OFFICES)]
        branch = self.number // (len(_COUNTIES) * len(_OFFICES))
        return f"{_COUNTIES[self.number % len(_COUNTIES)]}{'' if not branch else f'第{branch}'}{office}"

    @property
    def name(self) -> str:
        """File name: Chinese, with a space and a plus sign, as people give them."""
        return f"{self.number:04d} {self.entity}{self.year}年部门预算+公开v{self.edition}.pdf"

    def pdf(self) -> bytes:
        """The file's bytes."""
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(595.0, 842.0), invariant=1)
        for part, draw in (("narrative", self._narrative), ("tables", self._form)):
            if self.pages in ("both", part):
                draw(canvas)
                canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    def _amounts(self) -> tuple[Decimal, Decimal]:
        """Basic and project expenditure in 万元."""
        return Decimal(10_000 + 37 * self.number + self.edition).scaleb(-2), Decimal(2_000 + 11 * self.number).scaleb(-2)

    def _narrative(self, canvas: Canvas) -> None:
        basic, project = self._amounts()
        canvas.setFont(FONT, 18)
        canvas.drawCentredString(297, 700, f"{self.entity}{self.year}年部门预算公开")
        canvas.setFont(FONT, 12)
        canvas.drawString(60, 640, f"{self.year}年支出预算总计{basic + project}万元，其中：基本支出{basic}万元，项目支出{project}万元。")

    def _form(self, canvas: Canvas) -> None:
        basic, project = self._amounts()
        total = basic + project
        rows = [
            ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
            ("", "合计", f"{total + (9 if self.wrong else 0)}", f"{basic}", f"{project}"),
            ("208", "社会保障和就业支出", f"{total}", f"{basic}", f"{project}"),
            ("20801", "人力资源和社会保障管理事务", f"{total}", f"{basic}", f"{project}"),
            ("2080101", "行政运行", f"{basic}", f"{basic}", ""),
            ("2080102", "一般行政管理事务", f"{project}", "", f"{project}"),
        ]
        canvas.setFont(FONT, 16)
        # Without the narrative nothing else says that it is a budget.
        canvas.drawCentredString(297, 780, f"{self.year}年部门{'预算' if self.pages == 'tables' else ''}支出总表")
        canvas.setFont(FONT, 10)
        canvas.drawString(40, 755, f"部门：{self.entity}")
        canvas.drawRightString(555, 755, "单位：万元")
        top = 745.0
        for index in range(len(rows) + 1):
            canvas.line(_EDGES[0], top - index * _HEIGHT, _EDGES[-1], top - index * _HEIGHT)
        for edge in _EDGES:
            canvas.line(edge, top, edge, top - len(rows) * _HEIGHT)
        for index, row in enumerate(rows):
            baseline = top - index * _HEIGHT - 15
            for column, text in enumerate(row):
                if column < 2 or index == 0:
                    canvas.drawString(_EDGES[column] + 3, baseline, text)
                else:
                    canvas.drawRightString(_EDGES[column + 1] - 3, baseline, text)


def batch(count: int) -> list[Made]:
    """Disclosures as they arrive: most tie out, every seventh does not, every fifth department has last year's as well, every
    ninth was corrected and put again."""
    made: list[Made] = []
    number = 0
    while len(made) < count:
        made.append(Made(number, wrong=number % 7 == 3))
        if number % 5 == 2:
            made.append(Made(number, year=2024))
        if number % 9 == 4:
            made.append(Made(number, edition=2))
        number += 1
    return made[:count]


def write(folder: Path, made: list[Made]) -> list[Path]:
    """The files in a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for each in made:
        path = folder / each.name
        path.write_bytes(each.pdf())
        paths.append(path)
    return paths


def waves(made: list[Made], count: int) -> list[list[Made]]:
    """The disclosures in so many waves; corrected prints come in later waves than what they correct.

    Storages note the time of a put to the second: two revisions put within one second would have no order.
    """
    first = [each for each in made if each.edition == 1]
    later = [each for each in made if each.edition > 1]
    size = -(-len(first) // max(1, count - 1))
    parts = [first[start : start + size] for start in range(0, len(first), size)]
    return [*parts, later] if later else parts
