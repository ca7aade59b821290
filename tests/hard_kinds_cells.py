"""Kinds of cells, one at a time: how texts stand in them, and how cells are merged. See `hard_kinds`."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hard_kinds import Kind, Made, one_table, plain_look, with_boxhead
from hard_look import SONG, Look
from hard_pages import Page, paper
from hard_rules import Cell
from hard_shapes import Shape, blank_lines, columns_of, irregular, merged_stub, rows_of, table
from hard_sheet import Box, Sheet, width_of

LONG_NAMES = (
    "机关事业单位基本养老保险缴费支出",
    "城乡居民基本医疗保险基金的补助",
    "其他一般公共服务支出安排情况",
    "社会保障和就业支出（款）合计数",
)


def _level(sheet: Sheet, box: Box) -> float:
    """The baseline of a single line in the middle of a cell."""
    return (box[1] + box[3]) / 2 + 0.35 * sheet.look.size


def _overrunning(random: Random) -> Made:
    """Names run on over the border into a cell without a text."""
    look = plain_look(random)
    shape = table(random, random.randint(3, 7), random.randint(2, 3), 2)
    rows = {shape.head + 1} | {r for r in range(shape.head + 1, shape.rows) if random.random() < 0.6}
    names = {r: random.choice(LONG_NAMES) for r in rows}
    cells = [(r, c, h, w, names[r] if c == 1 and r in rows else "" if c == 2 and r in rows else text) for r, c, h, w, text in shape.cells]
    shape = replace(shape, cells=cells)

    def write(sheet: Sheet, cell: Cell, box: Box) -> bool:
        if cell[0] in rows and cell[1] == 1:
            sheet.text(box[0] + 2, _level(sheet, box), cell[4], sheet.look.size)
            return True
        return False

    def draw(page: Page) -> None:
        page.expect(shape)
        reach = max(width_of(look, name) for name in names.values())
        first = 60.0 + 6 * look.size
        border = first + reach * random.uniform(0.62, 0.95) + 2
        beyond = max(first + reach + 8, border + 4 * look.size)
        xs = [60.0, first, border, beyond, *(beyond + 7 * look.size * (k + 1) for k in range(shape.columns - 3))]
        short = replace(shape, cells=[(r, c, h, w, "" if r in rows and c == 1 else text) for r, c, h, w, text in shape.cells])
        page.draw(shape, xs, rows_of(look, short, xs, 80.0, 1.8 * look.size), write)

    return paper(look, random, draw)


def _squeezed(random: Random) -> Made:
    """Names reach one or two points over the border of a cell that has a text of its own."""
    look = plain_look(random)
    over = random.uniform(0.2, 0.28) * look.size if look.size < 8 else random.uniform(1.0, 2.0)
    shape = table(random, random.randint(3, 7), 2, 2)
    rows = {r for r in range(shape.head, shape.rows) if random.random() < 0.6}
    cells = [(r, c, h, w, LONG_NAMES[r % 4] if c == 1 and r in rows else text) for r, c, h, w, text in shape.cells]
    shape = replace(shape, cells=cells)
    widest = width_of(look, LONG_NAMES[0])

    def write(sheet: Sheet, cell: Cell, box: Box) -> bool:
        r, c, _, _, text = cell
        if r in rows and c == 1:
            sheet.text(box[2] + over - width_of(look, text), _level(sheet, box), text, look.size)
        elif c == 1:
            sheet.fit(box, text, "left" if r >= shape.head else "centre", bold=False)
        return c == 1

    def draw(page: Page) -> None:
        page.expect(shape)
        xs = [60.0, 60.0 + 6 * look.size]
        xs += [xs[1] + widest + 1]
        xs += [xs[2] + 7 * look.size, xs[2] + 14 * look.size]
        page.draw(shape, xs, rows_of(look, shape, xs, 80.0, 1.8 * look.size), write)

    return paper(look, random, draw)


def _clipped(random: Random) -> Made:
    """Names are cut off at the border of their cell: what is not seen is not read."""
    look = plain_look(random)
    shape = table(random, random.randint(3, 7), 2, 2)
    wide = random.uniform(4.6, 9.4) * look.size
    room = wide - 2
    shown = ["".join(char for k, char in enumerate(name) if (k + 0.5) * look.size < room) for name in LONG_NAMES]
    cells = [(r, c, h, w, shown[r % 4] if c == 1 and r >= shape.head else text) for r, c, h, w, text in shape.cells]
    shape = replace(shape, cells=cells)

    def write(sheet: Sheet, cell: Cell, box: Box) -> bool:
        if cell[1] != 1 or cell[0] < shape.head:
            return False
        sheet.clipped_to(box)
        sheet.text(box[0] + 2, _level(sheet, box), LONG_NAMES[cell[0] % 4], look.size)
        sheet.canvas.restoreState()
        return True

    def draw(page: Page) -> None:
        page.expect(shape)
        xs = [60.0, 60.0 + 6 * look.size, 60.0 + 6 * look.size + wide]
        xs += [xs[2] + 7 * look.size, xs[2] + 14 * look.size]
        page.draw(shape, xs, [80.0 + 1.8 * look.size * k for k in range(shape.rows + 1)], write)

    return paper(replace(look, figures=SONG), random, draw)


def _wrapped_figures(random: Random) -> Made:
    """Columns so narrow that figures wrap: 2,424. / 73."""
    look = plain_look(random, leading=random.choice((1.0, 1.15)))
    shape = table(random, random.randint(2, 6), random.randint(2, 5), 2, 1)
    shape.weights[shape.stub :] = [random.uniform(2.6, 4.0)] * (shape.columns - shape.stub)
    wide = look.size * sum(shape.weights)
    return _of_width(random, look, shape, wide)


def _wrapped_heads(random: Random) -> Made:
    """Headings wrap after every two characters."""
    look = plain_look(random, bold=random.choice(("none", "twice", "mode")))
    shape = table(random, random.randint(2, 6), random.randint(2, 5), 2, random.randint(1, 3))
    cells = [
        (
            r,
            c,
            h,
            w,
            f"{random.randint(0, 9)}.{random.randint(0, 9)}" if text[-1:].isdigit() and c >= shape.stub and r > shape.head else text,
        )
        for r, c, h, w, text in shape.cells
    ]
    shape = replace(shape, cells=cells, weights=[6.0] * (shape.stub - 1) + [11.0] + [2.9] * (shape.columns - shape.stub))
    return _of_width(random, look, shape, look.size * sum(shape.weights))


def _of_width(random: Random, look: Look, shape: Shape, width: float) -> Made:
    def draw(page: Page) -> None:
        page.expect(shape)
        page.put(shape, width=width)

    return paper(look, random, draw)


def _uneven(random: Random) -> Made:
    """Texts of a row stand at the top, in the middle and at the bottom of their cells."""
    look = plain_look(random)
    shape = table(random, random.randint(3, 7), random.randint(1, 3), 2, 1)

    def write(sheet: Sheet, cell: Cell, box: Box) -> bool:
        if cell[0] < shape.head or not cell[4]:
            return False
        place = random.choice((box[1] + look.size + 1, _level(sheet, box), box[3] - 2))
        x = box[2] - 2 - width_of(look, cell[4]) if cell[1] >= shape.stub else box[0] + 2
        sheet.text(x, place, cell[4], look.size)
        return True

    def draw(page: Page) -> None:
        page.expect(shape)
        wide = look.size * sum(shape.weights) * 1.7
        xs = columns_of(shape, 20.0, wide)
        page.draw(shape, xs, [80.0 + 3.2 * look.size * k for k in range(shape.rows + 1)], write)

    return paper(replace(look, size=min(look.size, 7.0)), random, draw) if look.size <= 7 else _uneven(random)


def _sideways_heads(random: Random) -> Made:
    """The headings of figures run upwards."""
    look = plain_look(random)
    shape = table(random, random.randint(4, 8), random.randint(2, 4), 2, 1)

    def write(sheet: Sheet, cell: Cell, box: Box) -> bool:
        r, c, _, _, text = cell
        if r >= shape.head or c < shape.stub:
            return False
        canvas = sheet.canvas
        canvas.saveState()
        canvas.translate((box[0] + box[2]) / 2 + 0.35 * look.size, sheet.height - box[3] + 3)
        canvas.rotate(90)
        sheet.text(0, sheet.height, text, look.size)
        canvas.restoreState()
        return True

    def draw(page: Page) -> None:
        page.expect(shape)
        xs = columns_of(shape, 40.0, min(500.0, look.size * sum(shape.weights)))
        ys = rows_of(look, shape, xs, 80.0 + 9 * look.size, 1.6 * look.size)
        page.draw(shape, xs, [80.0, *ys[1:]], write)

    return paper(look, random, draw)


def _slanting_head(random: Random) -> Made:
    """A line slants through the first cell and parts two headings (斜线表头); both are its text, the upper one first."""
    look = plain_look(random)
    shape = table(random, random.randint(3, 7), random.randint(2, 3), 1, random.randint(1, 2))
    cells = [(r, c, h, w, "年度项目" if (r, c) == (0, 0) else text) for r, c, h, w, text in shape.cells]
    shape = replace(shape, cells=cells)

    def write(sheet: Sheet, cell: Cell, box: Box) -> bool:
        if cell[:2] != (0, 0):
            return False
        sheet.line(*box)
        sheet.text(box[2] - 2 * look.size - 3, box[1] + look.size + 1, "年度", look.size)
        sheet.text(box[0] + 3, box[3] - 3, "项目", look.size)
        return True

    def draw(page: Page) -> None:
        page.expect(shape)
        xs = columns_of(shape, 60.0, min(475.0, look.size * sum(shape.weights)))
        page.draw(shape, xs, rows_of(look, shape, xs, 80.0, 2.6 * look.size), write)

    return paper(look, random, draw)


def _irregular(random: Random) -> Made:
    return one_table(random, plain_look(random), irregular(random, random.randint(3, 9), random.randint(3, 7), random.randint(4, 14)))


def _one_row(random: Random) -> Made:
    shape = table(random, 1, random.randint(1, 5), 1, 1)
    cells = [(0, c, 1, 1, text) for r, c, _, _, text in shape.cells if r == 1]
    return one_table(random, plain_look(random, size=7.0), Shape(1, shape.columns, 0, 1, cells, shape.weights))


def _one_column(random: Random) -> Made:
    """Names and one column of figures."""
    return one_table(random, plain_look(random), table(random, random.randint(2, 14), 1, 1, 1))


def _merged(random: Random) -> Made:
    shape = table(random, random.randint(4, 10), random.randint(2, 4), random.choice((2, 3)), random.randint(1, 3))
    return one_table(random, plain_look(random), merged_stub(random, shape))


def _deep(random: Random) -> Made:
    return one_table(
        random, plain_look(random, size=random.choice((5.0, 6.0, 7.0))), table(random, random.randint(2, 5), random.randint(5, 8), 2, 4)
    )


def _blank_lines(random: Random) -> Made:
    shape = table(random, random.randint(3, 8), random.randint(2, 4), 2, random.randint(1, 2), blank=random.choice((0.0, 0.4)))
    return one_table(random, plain_look(random), blank_lines(random, shape))


CELL_KINDS: dict[str, Kind] = {
    "names that overrun into an empty cell": _overrunning,
    "names that overrun by a point or two": _squeezed,
    "names cut off by a clip": _clipped,
    "bold printed twice": with_boxhead(bold="twice"),
    "bold filled and stroked": with_boxhead(bold="mode"),
    "a text object per character": with_boxhead(text="glyphs"),
    "names spread out": with_boxhead(text="spread"),
    "spaces behind figures": with_boxhead(text="spaces"),
    "clips around cells": with_boxhead(clip=True),
    "figures that wrap": _wrapped_figures,
    "headings that wrap every two characters": _wrapped_heads,
    "baselines of a row at different heights": _uneven,
    "headings that run upwards": _sideways_heads,
    "a slanting line in the first cell": _slanting_head,
    "merged cells anywhere": _irregular,
    "merged cells in the stub": _merged,
    "a boxhead of four levels": _deep,
    "one row": _one_row,
    "one column of figures": _one_column,
    "empty rows and columns": _blank_lines,
}
