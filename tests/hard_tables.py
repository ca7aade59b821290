"""Documents with tables drawn the way many programs draw them, made from a seed, with what must be read from them.

Word processors, spreadsheets and browsers differ in how a rule gets on paper (strokes, thin filled rectangles, mitred polygons, both,
dashes, a piece per cell side), in what lies behind cells (white and zebra fills, clips), in how text is set (an object per glyph,
spread out, wrapped in narrow cells, printed twice as bold) and in how tables go over pages. `document(seed)` mixes these at random.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from random import Random

from hard_around import around, heading, prose
from hard_look import BLACK, Look, look
from hard_rules import Cell, behind, draw_rules, frame, ink_of_head
from hard_sheet import Sheet, width_of, wrapped
from hard_words import HEADS, TITLES, WORDS, money
from reportlab.pdfgen.canvas import Canvas


@dataclass
class Expected:
    """A table as it must come back: its title, pages and cells in reading order."""

    title: str
    pages: list[int] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Plan:
    """A table before it is drawn: column widths, boxhead, body, whose rows have text per column or are merged downwards in column 0."""

    title: str
    widths: list[float]
    head: list[Cell]
    head_rows: int
    body: list[list[str]]
    merged_down: dict[int, int]
    totals: set[int]
    stub: int


def plan(random: Random, title: str, width: float, rows: int, one_look: Look) -> Plan:
    """A table that fills so many points across."""
    stub = random.choice((1, 2, 2, 4))
    figures = random.randint(2, max(2, min(7, int(width / (7 * one_look.size)) - stub)))
    widths = {1: [14.0], 2: [7.0, 12.0], 4: [3.6, 3.6, 3.6, 12.0]}[stub] + [random.uniform(one_look.narrow, 8.0) for _ in range(figures)]
    scale = width / sum(widths)
    widths = [round(w * scale, random.choice((0, 1, 2))) for w in widths]
    head, depth = boxhead(random, stub, figures)
    body = [row(random, stub, figures, blank=random.random() < 0.05) for _ in range(rows)]
    empty = random.randrange(figures + 1) if random.random() < 0.4 else figures
    for one in body:
        if empty < figures:
            one[stub + empty] = ""
    merged: dict[int, int] = {}
    if stub == 2 and random.random() < 0.4:
        at = 0
        while at < rows:
            high = min(rows - at, random.choice((1, 2, 3)))
            merged[at] = high
            for k in range(at, at + high):
                body[k][0] = WORDS[k % len(WORDS)] + str(k // len(WORDS) or "") if k == at else ""
            at += high
    totals = set() if merged or stub == 1 else {k for k in (0, rows - 1) if random.random() < 0.5}
    for k in totals:
        body[k] = ["合计"] + [""] * (stub - 1) + [money(random) for _ in range(figures)]
    return Plan(title, widths, head, depth, body, merged, totals, stub)


def boxhead(random: Random, stub: int, figures: int) -> tuple[list[Cell], int]:
    """Headings in one to three rows; groups span their parts."""
    depth = random.choice((1, 2, 2, 3)) if figures >= 3 else 1
    start = random.randint(0, max(figures - 2, 0))
    end = random.randint(min(start + depth, figures), figures)
    depth = min(depth, end - start)
    names = random.sample(HEADS, figures)
    stubs = {1: ["项目"], 2: ["科目编码", "科目名称"], 4: ["类", "款", "项", "科目名称"]}[stub]
    if depth == 1:
        return [(0, k, 1, 1, text) for k, text in enumerate(stubs + names)], 1
    cells: list[Cell] = []
    if stub == 4:
        cells += [(0, 0, depth - 1, 3, "科目编码")] + [(depth - 1, k, 1, 1, stubs[k]) for k in range(3)] + [(0, 3, depth, 1, stubs[3])]
    else:
        cells += [(0, k, depth, 1, text) for k, text in enumerate(stubs)]
    for k in range(figures):
        if not start <= k < end:
            cells.append((0, stub + k, depth, 1, names[k]))
    cells.append((0, stub + start, 1, end - start, "本年支出"))
    if depth == 3:
        cells.append((1, stub + start, 2, 1, names[start]))
        cells.append((1, stub + start + 1, 1, end - start - 1, "其中"))
        cells += [(2, stub + k, 1, 1, names[k]) for k in range(start + 1, end)]
    else:
        cells += [(1, stub + k, depth - 1, 1, names[k]) for k in range(start, end)]
    return sorted(cells), depth


def row(random: Random, stub: int, figures: int, blank: bool) -> list[str]:
    """A row of the body; blank ones stay on paper too."""
    if blank:
        return [""] * (stub + figures)
    code = f"{random.randint(201, 230)}{random.randint(1, 20):02d}{random.randint(1, 99):02d}"
    name = random.choice(WORDS)
    labels = {1: [name], 2: [code, name], 4: [code[:3], code[3:5], code[5:], name]}[stub]
    return labels + [money(random) for _ in range(figures)]


def body_cells(one: Plan, rows: range, base: int) -> list[Cell]:
    """Cells of some body rows; `base`: the row number of the first on its page."""
    cells: list[Cell] = []
    for k in rows:
        at = base + k - rows.start
        for col, text in enumerate(one.body[k]):
            if k in one.totals and col < one.stub:
                if col == 0:
                    cells.append((at, 0, 1, one.stub, text))
            elif col == 0 and one.merged_down:
                if k in one.merged_down:
                    cells.append((at, 0, one.merged_down[k], 1, text))
            else:
                cells.append((at, col, 1, 1, text))
    return cells


def heights(sheet: Sheet, one: Plan, least: float) -> tuple[list[float], list[float]]:
    """Heights of head and body rows that hold their text."""
    size = sheet.look.size
    starts = [sum(one.widths[:k]) for k in range(len(one.widths) + 1)]

    def need(col: int, wide: int, text: str) -> float:
        return len(wrapped(sheet.look, text, starts[col + wide] - starts[col] - 4)) * size * max(sheet.look.leading, 1.0) + 4

    head = [max(least, *(need(c, w, t) for r, c, _, w, t in one.head if r == row), 0.0) for row in range(one.head_rows)]
    for r, c, high, wide, text in one.head:
        missing = need(c, wide, text) - sum(head[r : r + high])
        if missing > 0:
            head[r + high - 1] += missing
    body = []
    for k, texts in enumerate(one.body):
        wide = [one.stub if k in one.totals and col == 0 else 1 for col in range(len(texts))]
        body.append(max(least, *(need(col, wide[col], text) for col, text in enumerate(texts))))
    return head, body


def draw_part(sheet: Sheet, one: Plan, top: float, rows: range, head: bool, tall: tuple[list[float], list[float]]) -> float:
    """Draws a boxhead and some rows; returns the lower border."""
    heads, body = tall
    left = (sheet.width - sum(one.widths)) / 2 + (sheet.look.drift if sheet.number % 2 == 0 else 0.0)
    xs, ys = [left], [top]
    for w in one.widths:
        xs.append(xs[-1] + w)
    for h in (heads if head else []) + [body[k] for k in rows]:
        ys.append(ys[-1] + h)
    base = one.head_rows if head else 0
    frame(sheet, xs, ys)
    cells = (list(one.head) if head else []) + body_cells(one, rows, base)
    behind(sheet, xs, ys, base, cells)
    if sheet.look.rules_last:
        write(sheet, one, xs, ys, cells, base)
        draw_rules(sheet, xs, ys, cells)
    else:
        draw_rules(sheet, xs, ys, cells)
        write(sheet, one, xs, ys, cells, base)
    return ys[-1]


def write(sheet: Sheet, one: Plan, xs: list[float], ys: list[float], cells: list[Cell], base: int) -> None:
    """The texts of cells; a name too long for its column runs on into an empty neighbour, where the look says so."""
    said = {(r, c): text for r, c, _, _, text in cells}
    for r, c, high, wide, text in cells:
        align = "centre" if r < base or wide > 1 else "left" if c < one.stub else "right"
        beside = said.get((r, c + 1))
        if (
            sheet.look.overrun
            and not sheet.look.clip
            and (high, wide) == (1, 1)
            and r >= base
            and c == one.stub - 1
            and beside == ""
            and text
        ):
            size = sheet.look.size
            room = xs[c + 2] - xs[c] - 4
            if xs[c + 1] - xs[c] - 4 < width_of(sheet.look, text) < room:
                sheet.text(xs[c] + 2, (ys[r] + ys[r + 1]) / 2 + 0.35 * size, text, size)
                continue
        sheet.fit((xs[c], ys[r], xs[c + wide], ys[r + high]), text, align, r < base, ink_of_head(sheet.look) if r < base else BLACK)


def break_before(one: Plan, row: int) -> bool:
    """Whether a page may end above this row (no merged cell is cut)."""
    return not one.merged_down or row in one.merged_down


def document(seed: int) -> tuple[bytes, list[Expected]]:
    """The bytes of a PDF, and its tables."""
    random = Random(seed)
    out = io.BytesIO()
    one = look(random)
    canvas = Canvas(out, invariant=1, pageCompression=0)
    sheet = Sheet(canvas, one, random)
    least = random.choice((9.0, 12.0, 16.0, 22.0, 30.0, 40.0))
    least = max(least, one.size + 2)
    width = sheet.width - random.choice((60.0, 90.0, 140.0))
    expected: list[Expected] = []
    page, top = 1, 60.0
    again = random.random() < 0.5
    number_foot = random.random() < 0.6
    sheet.begin()
    around(sheet)
    if one.around in ("prose", "box"):
        top = prose(sheet)
    for title in random.sample(TITLES, random.randint(1, 3)):
        made = plan(random, title, width, random.choice((1, 3, 8, 15, 40)), one)
        tall = heights(sheet, made, least)
        bottom = sheet.height - 50
        if top + 45 + sum(tall[0]) + tall[1][0] * 3 > bottom and top > 61:
            page, top = _next_page(sheet, page, number_foot)
        top = heading(sheet, title, top)
        found = Expected(title, [], list(made.head) + body_cells(made, range(len(made.body)), made.head_rows))
        start, head = 0, True
        while start < len(made.body):
            space = bottom - top - (sum(tall[0]) if head else 0.0) - (40 if again and one.titles_again else 0)
            stop = start
            while stop < len(made.body) and sum(tall[1][start : stop + 1]) <= space:
                stop += 1
            while stop < len(made.body) and stop > start and not break_before(made, stop):
                stop -= 1
            stop = max(stop, start + 1)
            while stop < len(made.body) and not break_before(made, stop):
                stop += 1
            found.pages.append(page)
            top = draw_part(sheet, made, top, range(start, stop), head, tall) + 40
            start, head = stop, again
            if start < len(made.body):
                page, top = _next_page(sheet, page, number_foot)
                if again and one.titles_again:
                    top = heading(sheet, title, top)
        found.cells.sort()
        expected.append(found)
    sheet.end()
    canvas.save()
    return out.getvalue(), expected


def _next_page(sheet: Sheet, page: int, number_foot: bool) -> tuple[int, float]:
    if number_foot:
        sheet.text(sheet.width / 2 - 5, sheet.height - 22, str(page), 9.0)
    sheet.end()
    sheet.begin()
    around(sheet)
    return page + 1, 60.0
