"""Documents of clean tables in which a few cells are damaged the way PDFs are in life, with what was meant in every cell.

A reader can read some of the damage rightly all the same. What counts is whether it knows which cells it may have read wrongly:
`document(seed)` gives the bytes, what was meant, and where damage of which kind was done; `wrong_cells` compares.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from damaged_kinds import KINDS, Draft, Glyph, Kind, Rect, register_fonts
from hard_around import heading
from hard_look import BLACK, look
from hard_rules import behind, draw_rules, frame, ink_of_head
from hard_sheet import Sheet
from hard_tables import body_cells, heights, plan
from hard_words import TITLES
from reportlab.pdfgen.canvas import Canvas

from shared.contracts.extracted import Cell as ReadCell

# Share of cells that are damaged.
RATE = 0.003
# Borders of a cell are read within this many points of where they were drawn: rules snap, and frames are double.
SAME_BORDER = 3.5


@dataclass(frozen=True)
class Meant:
    """A cell as meant: page, box (points from the top left of the page as shown), text."""

    page: int
    box: Rect
    text: str


@dataclass(frozen=True)
class Damage:
    """What was done, and the box of the cells that it touches."""

    kind: str
    page: int
    box: Rect


def document(seed: int, rate: float = RATE, kinds: dict[str, Kind] | None = None) -> tuple[bytes, list[Meant], list[Damage]]:
    """The bytes of a PDF of two to four pages with a table each, what was meant in its cells, and what was damaged."""
    random = Random(seed)
    kinds = KINDS if kinds is None else kinds
    register_fonts()
    out = io.BytesIO()
    one = replace(look(random), sideways=False)
    canvas = Canvas(out, invariant=1, pageCompression=0)
    sheet = Sheet(canvas, one, random)
    meant: list[Meant] = []
    done: list[Damage] = []
    for page, title in enumerate(random.sample(TITLES, random.randint(2, 4)), 1):
        sheet.begin()
        top = heading(sheet, title, 60.0)
        draft = _draft(sheet, title, top, random)
        for _ in range(sum(random.random() < rate for _ in draft.cells)):
            done += _damaged(draft, page, kinds, random)
        _draw(sheet, draft)
        meant += [Meant(page, draft.box(k), cell[4]) for k, cell in enumerate(draft.cells)]
        sheet.end()
    canvas.save()
    return out.getvalue(), meant, done


def _draft(sheet: Sheet, title: str, top: float, random: Random) -> Draft:
    made = plan(random, title, sheet.width - random.choice((60.0, 90.0, 140.0)), random.choice((8, 15, 30, 40)), sheet.look)
    least = max(random.choice((12.0, 16.0, 22.0)), sheet.look.size + 2)
    head, body = heights(sheet, made, least)
    rows = len(body)
    while rows > 1 and top + sum(head) + sum(body[:rows]) > sheet.height - 50:
        rows -= 1
    while rows < len(body) and rows > 1 and made.merged_down and rows not in made.merged_down:
        rows -= 1
    xs, ys = [(sheet.width - sum(made.widths)) / 2], [top]
    for width in made.widths:
        xs.append(xs[-1] + width)
    for high in head + body[:rows]:
        ys.append(ys[-1] + high)
    return Draft(xs, ys, made.head_rows, made.stub, sheet.look, list(made.head) + body_cells(made, range(rows), made.head_rows))


def _damaged(draft: Draft, page: int, kinds: dict[str, Kind], random: Random) -> list[Damage]:
    """Damages one cell, of a kind that can be done to one of the table."""
    for name in random.sample(sorted(kinds), len(kinds)):
        for k in random.sample(range(len(draft.cells)), min(30, len(draft.cells))):
            touched = kinds[name](draft, k, random)
            if touched:
                boxes = [draft.box(cell) for cell in touched]
                boxes += [(g.x, boxes[0][1], g.x + g.size, boxes[0][3]) for g in draft.glyphs.get(k, ())]
                lows = [min(box[side] for box in boxes) for side in (0, 1)]
                highs = [max(box[side] for box in boxes) for side in (2, 3)]
                return [Damage(name, page, (lows[0], lows[1], highs[0], highs[1]))]
    return []


def _draw(sheet: Sheet, draft: Draft) -> None:
    frame(sheet, draft.xs, draft.ys)
    behind(sheet, draft.xs, draft.ys, draft.base, draft.cells)
    away = set(draft.merged.values())
    ruled = []
    for k, cell in enumerate(draft.cells):
        other = draft.cells[draft.merged.get(k, k)]
        if k in draft.merged:
            ruled.append((cell[0], cell[1], other[0] - cell[0] + 1, other[1] - cell[1] + 1, ""))
        elif k not in away:
            ruled.append(cell)
    draw_rules(sheet, draft.xs, draft.ys, ruled)
    for stroke in draft.strokes:
        sheet.line(*stroke)
    for k, cell in enumerate(draft.cells):
        head = cell[0] < draft.base
        if k in draft.glyphs:
            _draw_glyphs(sheet, draft.glyphs[k], draft.clips.get(k))
        else:
            sheet.fit(draft.box(k), cell[4], draft.align(k), head, ink_of_head(sheet.look) if head else BLACK)


def _draw_glyphs(sheet: Sheet, glyphs: Sequence[Glyph], clip: Rect | None) -> None:
    canvas = sheet.canvas
    canvas.saveState()
    if clip is not None:
        path = canvas.beginPath()
        path.rect(clip[0], sheet.height - clip[3], clip[2] - clip[0], clip[3] - clip[1])
        canvas.clipPath(path, stroke=0, fill=0)
    canvas.setFillGray(0)
    for glyph in glyphs:
        text = canvas.beginText(glyph.x, sheet.height - glyph.baseline)
        text.setFont(glyph.font, glyph.size)
        text.setHorizScale(glyph.stretch)
        text.textOut(glyph.char)
        text.setHorizScale(100)
        canvas.drawText(text)
    canvas.restoreState()


def wrong_cells(found: Sequence[ReadCell], meant: Sequence[Meant]) -> list[ReadCell]:
    """Cells whose box or text is no meant cell's (white space at the ends aside)."""
    by_page: dict[int, list[Meant]] = {}
    for one in meant:
        by_page.setdefault(one.page, []).append(one)
    return [cell for cell in found if not any(_same(cell, one) for one in by_page.get(cell.page, ()))]


def kind_at(cell: ReadCell, done: Sequence[Damage]) -> str:
    """The kind of damage that touches a cell, "" where there is none."""
    x0, y0, x1, y1 = cell.bbox
    for one in done:
        a0, b0, a1, b1 = one.box
        if one.page == cell.page and min(x1, a1) - max(x0, a0) > SAME_BORDER and min(y1, b1) - max(y0, b0) > SAME_BORDER:
            return one.kind
    return ""


def _same(cell: ReadCell, one: Meant) -> bool:
    return cell.text == one.text and all(abs(a - b) <= SAME_BORDER for a, b in zip(cell.bbox, one.box, strict=True))
