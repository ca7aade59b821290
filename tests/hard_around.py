"""What else stands on the pages of generated documents: running headers, lines of text, titles."""

from __future__ import annotations

from hard_sheet import Sheet


def around(sheet: Sheet) -> None:
    """A running header with a rule below it, and one at the foot."""
    if sheet.look.around == "running":
        sheet.text(60, 30, "某某市财政局部门预算公开", 9.0)
        sheet.line(50, 36, sheet.width - 50, 36)
        sheet.line(50, sheet.height - 34, sheet.width - 50, sheet.height - 34)


def prose(sheet: Sheet) -> float:
    """A few lines of text, in a box or not; returns the place below."""
    if sheet.look.around == "box":
        for x0, y0, x1, y1 in ((50, 50, 300, 50), (50, 90, 300, 90), (50, 50, 50, 90), (300, 50, 300, 90)):
            sheet.line(x0, y0, x1, y1)
        sheet.text(60, 74, "说明本年度预算编制情况", 10.0)
        return 110.0
    for k in range(3):
        sheet.text(60, 70 + 16 * k, "本单位二〇二五年收入预算为一千二百万元，比上年增加三十万元。", 10.0)
    return 125.0


def heading(sheet: Sheet, title: str, top: float) -> float:
    """A title and a unit line; returns where the table begins."""
    sheet.text((sheet.width - len(title) * 14) / 2, top + 16, title, 14.0)
    sheet.text(sheet.width - 140, top + 34, "单位：万元", 9.0)
    return top + 40
