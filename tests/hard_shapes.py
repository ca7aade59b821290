"""Tables as a reader sees them, before they are drawn: cells with spans and texts, boxheads of several levels, merged cells anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from hard_look import Look
from hard_rules import Cell
from hard_sheet import width_of, wrapped
from hard_words import HEADS, WORDS, money

STUBS = {1: ["项目"], 2: ["科目编码", "科目名称"], 3: ["类", "款", "科目名称"]}
# Free room around a text in its cell, in points: left and right together, and above and below together.
MARGIN = 4.0


@dataclass
class Shape:
    """A table: its cells in reading order, rows of its boxhead, columns of its stub; `weights`: how wide columns are to each other."""

    rows: int
    columns: int
    head: int
    stub: int
    cells: list[Cell]
    weights: list[float] = field(default_factory=list)

    def said(self) -> dict[tuple[int, int], str]:
        """Texts by place."""
        return {(r, c): text for r, c, _, _, text in self.cells}

    def sort(self) -> Shape:
        """Puts the cells into reading order."""
        self.cells.sort()
        return self


def table(random: Random, rows: int = 5, figures: int = 3, stub: int = 2, depth: int = 1, blank: float = 0.0) -> Shape:
    """A table of names and figures under a boxhead of so many levels; `blank`: share of cells without a text."""
    head, deep = boxhead(random, figures, depth)
    cells: list[Cell] = [(r, c + stub, h, w, text) for r, c, h, w, text in head]
    cells += [(0, k, deep, 1, text) for k, text in enumerate(STUBS[stub])]
    for k in range(rows):
        code = f"{random.randint(201, 230)}{random.randint(1, 20):02d}"
        names = {1: [], 2: [code], 3: [code[:3], code[3:]]}[stub] + [random.choice(WORDS)]
        figures_of_row = [money(random) for _ in range(figures)]
        if k == 0:
            figures_of_row[0] = "1,234.50"  # the boxhead ends at the first row with money
        for c, text in enumerate(names + figures_of_row):
            drop = random.random() < blank and not (k == 0 and c == stub)
            cells.append((deep + k, c, 1, 1, "" if drop else text))
    weights = [6.0] * (stub - 1) + [11.0] + [random.uniform(6.0, 9.0) for _ in range(figures)]
    return Shape(deep + rows, stub + figures, deep, stub, cells, weights).sort()


def boxhead(random: Random, figures: int, depth: int) -> tuple[list[Cell], int]:
    """Headings over so many columns; groups are divided level by level. Returns cells and levels in use."""
    names = [random.choice(HEADS) + ("" if k < 2 else str(k)) for k in range(3 * figures + 9)]
    cells: list[Cell] = []

    def divide(low: int, high: int, row: int) -> None:
        while low < high:
            last = row == depth - 1
            wide = 1 if last or (row == 0 and high - low == 1) else random.randint(1, high - low)
            if row and not last and wide == high - low > 1:
                wide = random.randint(1, high - low - 1)
            if wide == 1:
                cells.append((row, low, depth - row, 1, names.pop()))
            else:
                cells.append((row, low, 1, wide, names.pop()))
                divide(low, low + wide, row + 1)
            low += wide

    divide(0, figures, 0)
    deep = max(row for row, *_ in cells) + 1
    return [(r, c, min(h, deep - r), w, text) for r, c, h, w, text in cells], deep


def irregular(random: Random, rows: int, columns: int, merges: int) -> Shape:
    """Names in a plain grid with merged cells anywhere: L-shaped neighbours, spans in both directions. Rows and columns that no border
    divides are left out, as nobody sees them."""
    owner = [[(r, c) for c in range(columns)] for r in range(rows)]
    spans = {(r, c): (1, 1) for r in range(rows) for c in range(columns)}
    for _ in range(merges):
        high, wide = random.choice(((1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3)))
        if high > rows or wide > columns:
            continue
        r, c = random.randint(0, rows - high), random.randint(0, columns - wide)
        area = [(i, j) for i in range(r, r + high) for j in range(c, c + wide)]
        if all(spans.get(owner[i][j]) == (1, 1) for i, j in area):
            for i, j in area:
                del spans[i, j]
                owner[i][j] = (r, c)
            spans[r, c] = (high, wide)
    ys = sorted({r for r, _ in spans} | {r + h for (r, _), (h, _) in spans.items()})
    xs = sorted({c for _, c in spans} | {c + w for (_, c), (_, w) in spans.items()})
    cells: list[Cell] = []
    for (r, c), (h, w) in sorted(spans.items()):
        text = random.choice(("", money(random), random.choice(WORDS), random.choice(WORDS)))
        cells.append((ys.index(r), xs.index(c), ys.index(r + h) - ys.index(r), xs.index(c + w) - xs.index(c), text))
    if len(xs) < 3 or not any(cell[4] for cell in cells):
        return irregular(random, rows, columns, merges)
    return Shape(len(ys) - 1, len(xs) - 1, 0, 1, cells, [1.0] * (len(xs) - 1)).sort()


def merged_stub(random: Random, shape: Shape) -> Shape:
    """Cells of the first column merged downwards in runs, and one row of total merged over the stub."""
    body = [cell for cell in shape.cells if cell[0] >= shape.head]
    kept = [cell for cell in shape.cells if cell[0] < shape.head]
    row, last = shape.head, shape.rows - 1
    high: dict[int, int] = {}
    while row < last:
        high[row] = min(random.choice((1, 2, 3)), last - row)
        row += high[row]
    for r, c, h, w, text in body:
        if r == last and c < shape.stub:
            if c == 0:
                kept.append((r, 0, 1, shape.stub, "合计"))
        elif c == 0 and r < last:
            if r in high:
                kept.append((r, 0, high[r], 1, text))
        else:
            kept.append((r, c, h, w, text))
    return Shape(shape.rows, shape.columns, shape.head, shape.stub, kept, shape.weights).sort()


def blank_lines(random: Random, shape: Shape) -> Shape:
    """One row and one column of the body without any text."""
    row, col = random.randrange(shape.head + 1, shape.rows), random.randrange(shape.stub, shape.columns)
    money_kept = (shape.head, shape.stub)
    cells = [
        (r, c, h, w, "" if (r == row or (c == col and r >= shape.head)) and (r, c) != money_kept else text)
        for r, c, h, w, text in shape.cells
    ]
    return Shape(shape.rows, shape.columns, shape.head, shape.stub, cells, shape.weights)


def columns_of(shape: Shape, left: float, width: float) -> list[float]:
    """Borders of columns in a width."""
    total, xs = sum(shape.weights), [left]
    for weight in shape.weights:
        xs.append(xs[-1] + width * weight / total)
    return xs


def rows_of(one: Look, shape: Shape, xs: list[float], top: float, least: float) -> list[float]:
    """Borders of rows, each high enough for its texts and at least so high."""
    step = one.size * max(one.leading, 1.0)
    tall = [least] * shape.rows
    for r, c, high, wide, text in sorted(shape.cells, key=lambda cell: cell[2]):
        room = xs[c + wide] - xs[c] - MARGIN
        missing = len(wrapped(one, text, room)) * step + MARGIN - sum(tall[r : r + high])
        if text and missing > 0:
            tall[r + high - 1] += missing
    ys = [top]
    for height in tall:
        ys.append(ys[-1] + height)
    return ys


def fits(one: Look, shape: Shape, xs: list[float]) -> bool:
    """Whether every glyph is narrower than its column."""
    return all(max((width_of(one, char) for char in text), default=0.0) < xs[c + w] - xs[c] - MARGIN for _, c, _, w, text in shape.cells)
