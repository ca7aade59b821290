"""Pages that look like columns and hold no table, made from a seed: contents pages, prose in two columns, lists of names, addresses, formulas,
signatures, poems, covers, running heads."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

from made_open_tables import PROSE, SONG, Page, fonts, setting, width_of
from open_table_plans import NAMES, UNITS
from reportlab.pdfgen.canvas import Canvas

PEOPLE = ("林一舟", "高予安", "苏明远", "何若水", "罗青禾", "程远", "陆知行", "沈念", "方可", "唐小满", "葛长风", "夏初")
VERSES = ("山高月小云初散", "水落石出雁南飞", "一夜东风吹绿柳", "半窗晴日照青衣", "门前流水年年去", "案上灯花夜夜微")


def negative(seed: int, kind: str) -> bytes:
    """A page of one of `NEGATIVES`."""
    random = Random(f"{kind} {seed}")
    fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    page = Page(canvas, setting(random, "plain"))
    NEGATIVES[kind](random, page)
    page.next()
    canvas.save()
    return out.getvalue()


def contents(random: Random, page: Page) -> None:
    """Headings with page numbers, with leaders or without."""
    size, number, y = random.choice((10.5, 12.0, 14.0)), random.randint(1, 4), 120.0
    page.text(270, 80, "目　录", 18)
    leaders = random.random() < 0.4
    for _ in range(random.randint(6, 20)):
        name = random.choice(("一、", "（二）", "表三 ", "")) + random.choice(NAMES) + random.choice(("情况说明", "表", ""))
        x = 80 + random.choice((0, 20))
        page.text(x, y, name, size)
        right = 515 - width_of(str(number), size, SONG)
        if leaders:
            dots = "." * int((right - x - width_of(name, size, SONG) - 8) / width_of(".", size, page.how.figures_font))
            page.text(x + width_of(name, size, SONG) + 4, y, dots, size)
        page.text(right, y, str(number), size)
        number += random.choice((0, 1, 2, 5))
        y += size * 1.8
        if y > 760:
            break


def prose_in_columns(random: Random, page: Page) -> None:
    """Running text in two or three columns, with figures in it."""
    columns, size = random.choice((2, 3)), random.choice((9.0, 10.5))
    wide = (500 - 20 * (columns - 1)) / columns
    for c in range(columns):
        text = "".join(random.choice(PROSE) + f"全年支出{random.uniform(1, 9999):,.2f}万元，" for _ in range(12))
        per_line = int(wide / size)
        for k in range(random.randint(12, 25)):
            page.text(50 + c * (wide + 20), 90 + k * size * 1.6, text[k * per_line : (k + 1) * per_line], size)


def names(random: Random, page: Page) -> None:
    """People in columns."""
    columns, size, y = random.choice((3, 4, 6)), 12.0, 100.0
    page.text(80, 70, "出席人员名单：", 12)
    for _ in range(random.randint(3, 10)):
        for c in range(columns):
            page.text(80 + c * 440 / columns, y, random.choice(PEOPLE), size)
        y += 22


def addresses(random: Random, page: Page) -> None:
    """Blocks of sender and receiver side by side, with telephone numbers and postcodes."""
    for y0 in (100.0, 300.0):
        for c in range(2):
            lines = [
                random.choice(UNITS),
                f"联系人：{random.choice(PEOPLE)}",
                f"电话：0{random.randint(10, 99)}-{random.randint(10**7, 10**8 - 1)}",
                f"邮政编码：{random.randint(100000, 859999)}",
                f"白石县云桥路{random.randint(1, 300)}号",
            ]
            for k, line in enumerate(lines):
                page.text(70 + 250 * c, y0 + 18 * k, line, 11)


def formulas(random: Random, page: Page) -> None:
    """Sums written out."""
    y = 100.0
    for _ in range(random.randint(3, 8)):
        a, b = random.uniform(1, 999), random.uniform(1, 999)
        gap = random.choice((" ", "  ", "　"))
        page.text(random.choice((90.0, 120.0)), y, gap.join([f"{a:.2f}", "＋", f"{b:.2f}", "＝", f"{a + b:.2f}"]), 12)
        y += 26


def signatures(random: Random, page: Page) -> None:
    """Who signs, and when."""
    y = random.uniform(400, 600)
    page.text(80, y, "单位负责人：" + random.choice(PEOPLE), 11)
    page.text(250, y, "财务负责人：" + random.choice(PEOPLE), 11)
    page.text(420, y, "填表人：" + random.choice(PEOPLE), 11)
    page.text(80, y + 24, f"联系电话：{random.randint(10**7, 10**8 - 1)}", 11)
    page.text(420, y + 24, f"2025年{random.randint(1, 12)}月{random.randint(1, 28)}日", 11)
    page.text(380, y + 70, random.choice(UNITS), 12)
    page.text(400, y + 92, "二〇二五年三月十八日", 12)


def poem(random: Random, page: Page) -> None:
    """Verses in halves."""
    y, size = 160.0, random.choice((12.0, 16.0))
    for _ in range(random.randint(4, 9)):
        left, right = random.sample(VERSES, 2)
        page.text(140, y, left, size)
        page.text(140 + size * random.choice((8, 10)), y, right, size)
        y += size * 2


def cover(random: Random, page: Page) -> None:
    """A centred cover, spread letters, a year."""
    for k, (text, size) in enumerate(((random.choice(UNITS), 26), ("2025年度部门预算", 22), ("公　开　文　本", 20), ("2025 年 2 月", 14))):
        page.text((595 - width_of(text, size, SONG)) / 2, 220 + 110 * k, text, size)


def running(random: Random, page: Page) -> None:
    """A running head and foot around prose, with rules."""
    page.text(60, 40, random.choice(UNITS), 9)
    page.text(480, 40, f"第 {random.randint(1, 80)} 页", 9)
    page.rule(55, 46, 540, 46, 0.5)
    for k in range(20):
        page.text(60, 90 + 20 * k, random.choice(PROSE)[:38], 12)
    page.rule(55, 790, 540, 790, 0.5)
    page.text(60, 802, "咨询电话 0555-8123456", 9)
    page.text(450, 802, "2025-03-18", 9)


def items(random: Random, page: Page) -> None:
    """A numbered list with an amount somewhere in each item."""
    y = 100.0
    for k in range(random.randint(4, 9)):
        page.text(80, y, f"{k + 1}.　{random.choice(NAMES)}{random.uniform(1, 9999):,.2f}万元，占{random.uniform(1, 60):.2f}%；", 12)
        y += 24


NEGATIVES: dict[str, Callable[[Random, Page], None]] = {
    "contents": contents,
    "prose in columns": prose_in_columns,
    "names": names,
    "addresses": addresses,
    "formulas": formulas,
    "signatures": signatures,
    "poem": poem,
    "cover": cover,
    "running": running,
    "items": items,
}
