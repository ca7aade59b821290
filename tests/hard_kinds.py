"""Kinds of drawing, one at a time: each makes a page from a `Random` and says which tables must be found on it.

Here: ways of drawing rules and fills; `hard_kinds_cells` has texts and shapes of cells, `hard_kinds_pages` several tables on a page, and
pages with what is no table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from hard_look import RULES, SONG, WHITE, Look
from hard_pages import Page, Seen, paper
from hard_shapes import Shape, fits, irregular, merged_stub, table

Made = tuple[bytes, list[Seen]]
Kind = Callable[[Random], Made]
FIGURE_FONTS = (SONG, SONG, "Helvetica", "Times-Roman", "Courier")


def plain_look(random: Random, **changes: Any) -> Look:
    """A look of no particular kind in some size and font, but for these changes."""
    size = random.choice((5.0, 6.0, 7.0, 8.0, 9.0, 10.5, 12.0))
    figures = random.choice(FIGURE_FONTS)
    return replace(Look(size=size, figures=figures, weight=random.choice((0.25, 0.5, 1.0)), rules_last=random.random() < 0.5), **changes)


def some_shape(random: Random, look: Look) -> Shape:
    """A table of some shape that has room on a page."""
    figures = random.randint(1, 2 if look.size > 10 else 4)
    kind = random.randrange(4)
    if kind == 0:
        return irregular(random, random.randint(2, 7), random.randint(2, 6), random.randint(0, 6))
    shape = table(random, random.randint(3, 9), figures, random.randint(1, 3), random.randint(1, 3))
    return merged_stub(random, shape) if kind == 1 and shape.stub > 1 else shape


def one_table(random: Random, look: Look, shape: Shape | None = None, least: float | None = None) -> Made:
    """A page with one table."""
    shape = shape or some_shape(random, look)

    def draw(page: Page) -> None:
        page.expect(shape)
        page.put(shape, least=least or look.size * random.choice((1.3, 1.6, 2.5)))

    return paper(look, random, draw)


def ruled(**changes: Any) -> Kind:
    """Pages with one table whose look has these changes."""
    return lambda random: one_table(random, plain_look(random, **changes))


def with_boxhead(**changes: Any) -> Kind:
    """The same for tables that have a boxhead."""

    def make(random: Random) -> Made:
        look = plain_look(random, **changes)
        return one_table(
            random, look, table(random, random.randint(2, 8), random.randint(1, 3), random.randint(1, 3), random.randint(1, 3))
        )

    return make


def _any_rules(random: Random) -> Made:
    """Any way of drawing rules on a page turned any way."""
    look = plain_look(
        random,
        rules=random.choice(RULES),
        turn=random.choice((0, 90, 180, 270)),
        sideways=random.random() < 0.4,
        form=random.random() < 0.3,
        origin=random.choice(((0.0, 0.0), (20.0, 40.0))),
    )
    return one_table(random, look)


def _sizes(random: Random) -> Made:
    """Letters of 5 to 16 points, figures in another font, lines set tight or wide."""
    look = plain_look(random, size=random.choice((5.0, 6.0, 7.5, 9.0, 12.0, 14.0, 16.0)), leading=random.choice((1.0, 1.15, 1.5)))
    for _ in range(20):
        shape = table(random, random.randint(2, 6), random.randint(1, 3), random.randint(1, 2), 2)
        if fits(look, shape, [475.0 / shape.columns * k for k in range(shape.columns + 1)]):
            break
    return one_table(random, look, shape)


def _low_rows(random: Random) -> Made:
    """Rows of 6 points and letters of 5, or a tall body below a low boxhead."""
    look = plain_look(random, size=5.0, leading=1.0, weight=0.25)
    shape = table(random, random.randint(3, 12), random.randint(1, 4), 2, random.randint(1, 3))
    shape = replace(shape, cells=[(r, c, h, w, text[:6]) for r, c, h, w, text in shape.cells])

    def draw(page: Page) -> None:
        page.expect(shape)
        edges = [60.0 + 475.0 * k / shape.columns for k in range(shape.columns + 1)]
        step = [6.0 if r < shape.head or random.random() < 0.5 else random.choice((6.0, 18.0, 50.0)) for r in range(shape.rows)]
        page.draw(shape, edges, [80.0 + sum(step[:k]) for k in range(shape.rows + 1)])

    return paper(look, random, draw)


def _grey(level: float) -> tuple[float, float, float]:
    return (level, level, level)


BLUE, PALE = (0.31, 0.51, 0.74), (0.83, 0.87, 0.93)

RULE_KINDS: dict[str, Kind] = {
    "long strokes": ruled(rules="long"),
    "a stroke per cell side": ruled(rules="sides"),
    "thin filled rectangles": ruled(rules="thin_long"),
    "a thin rectangle per cell side": ruled(rules="thin_sides"),
    "strokes and rectangles over each other": ruled(rules="both"),
    "a stroked box per cell": ruled(rules="boxes"),
    "a box per cell filled white and stroked": ruled(rules="painted", rules_last=False),
    "a polyline around each cell": ruled(rules="polyline"),
    "slanting ends, as browsers draw borders": ruled(rules="mitred"),
    "a ring around each cell, as browsers paint boxes": ruled(rules="frames"),
    "dashes drawn one by one": ruled(rules="dashes"),
    "dots drawn one by one": ruled(rules="squares", weight=0.75),
    "strokes with dashes": ruled(rules="dashed"),
    "strokes with dots": ruled(rules="dotted"),
    "strokes with round dots": ruled(rules="round_dots", weight=1.0),
    "double rules": ruled(rules="double", apart=1.5),
    "double rules two and a half points apart": ruled(rules="double", apart=2.5),
    "triple rules": ruled(rules="triple", apart=1.2),
    "hairlines": ruled(weight=0.0),
    "gaps of a point at the joints": ruled(rules="sides", gap=1.0),
    "rectangles that do not meet": ruled(rules="thin_sides", gap=1.2),
    "overshooting ends": ruled(rules="long", overshoot=1.5),
    "overshooting rectangles": ruled(rules="thin_long", overshoot=1.0),
    "pieces of a column border two points apart": ruled(rules="sides", shift=1.9),
    "grey .6": ruled(ink=_grey(0.6)),
    "grey .85": ruled(ink=_grey(0.85)),
    "grey .93": ruled(ink=_grey(0.93)),
    "blue rules": ruled(ink=BLUE),
    "pale blue rules": ruled(ink=PALE, rules="thin_long"),
    "no left and right border": with_boxhead(open="sides"),
    "no upper and lower border": with_boxhead(open="ends"),
    "no outer border": with_boxhead(open="all"),
    "a double frame": ruled(frame="double"),
    "a thick frame": ruled(frame="thick", rules="thin_sides"),
    "any rules on any page": _any_rules,
}

FILL_KINDS: dict[str, Kind] = {
    "white fills behind cells": ruled(behind="white", rules_last=True),
    "transparent fills": ruled(behind="clear"),
    "striped rows": with_boxhead(behind="zebra"),
    "a grey boxhead": with_boxhead(behind="head"),
    "a dark boxhead": with_boxhead(behind="dark_head"),
    "coloured cells with black rules": with_boxhead(behind="cells", rules_last=True),
    "coloured cells parted by white strokes": with_boxhead(behind="cells", ink=WHITE, weight=1.0),
    "coloured cells parted by white rectangles": with_boxhead(behind="cells", ink=WHITE, rules="thin_sides", weight=1.0),
    "coloured cells that stand apart": with_boxhead(behind="apart", rules="none"),
    "a chessboard of fills": with_boxhead(behind="chess", rules="none"),
}

SIZE_KINDS: dict[str, Kind] = {"sizes and fonts": _sizes, "rows of six points": _low_rows}

DRAWING_KINDS: dict[str, Kind] = RULE_KINDS | FILL_KINDS | SIZE_KINDS
