"""Tables with everything mixed at random, drawn by Hypothesis, so that a failing one shrinks to what it takes."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hard_kinds import FIGURE_FONTS, Made
from hard_look import BLACK, RULES, WHITE, Look
from hard_pages import Page, paper
from hard_shapes import Shape, blank_lines, columns_of, irregular, merged_stub, rows_of, table
from hypothesis import strategies as st

INKS = (BLACK, (0.3,) * 3, (0.6,) * 3, (0.85,) * 3, (0.31, 0.51, 0.74))
FILLS = ("nothing", "white", "clear", "zebra", "head", "dark_head", "cells")


@st.composite
def looks(draw: st.DrawFn) -> Look:
    """Ways of drawing that may go together on one page."""
    rules = draw(st.sampled_from(RULES))
    behind = draw(st.sampled_from(FILLS))
    long_ones, pieces = rules in ("long", "thin_long"), rules in ("sides", "thin_sides")
    parted = behind == "cells" and rules not in ("painted", "dotted", "dashed", "dashes") and draw(st.booleans())
    return Look(
        rules=rules,
        behind=behind,
        ink=WHITE if parted else draw(st.sampled_from(INKS)),
        weight=draw(st.sampled_from((0.5, 0.0, 0.25, 0.75, 1.0, 1.5))) if not parted else 1.0,
        size=draw(st.sampled_from((9.0, 5.0, 6.0, 7.0, 8.0, 10.5, 12.0))),
        text=draw(st.sampled_from(("runs", "glyphs", "spread", "spaces"))),
        bold=draw(st.sampled_from(("none", "twice", "mode"))),
        clip=draw(st.booleans()),
        overshoot=draw(st.sampled_from((0.0, 0.5, 1.5))) if long_ones else 0.0,
        gap=draw(st.sampled_from((0.0, 0.5, 1.0))) if pieces else 0.0,
        open=draw(st.sampled_from(("", "sides", "ends"))) if long_ones and behind != "cells" else "",
        turn=draw(st.sampled_from((0, 90, 180, 270))),
        sideways=draw(st.booleans()),
        wide=draw(st.booleans()),
        form=draw(st.booleans()),
        frame=draw(st.sampled_from(("none", "double", "thick"))),
        figures=draw(st.sampled_from(FIGURE_FONTS)),
        leading=draw(st.sampled_from((1.15, 1.0, 1.4))),
        rules_last=parted or draw(st.booleans()),
    )


@st.composite
def shapes(draw: st.DrawFn, random: Random, most: int) -> Shape:
    """Tables with merged cells anywhere, in the boxhead or in the stub; with empty lines; down to one row."""
    kind = draw(st.sampled_from(("plain", "merged", "irregular", "blank")))
    rows, figures = draw(st.integers(1, 9)), draw(st.integers(1, most))
    if kind == "irregular":
        return irregular(random, rows, figures + 1, draw(st.integers(0, 8)))
    stub = draw(st.integers(1, 3))
    shape = table(random, rows, figures, stub, draw(st.integers(1, 4)), blank=draw(st.sampled_from((0.0, 0.3))))
    if kind == "merged" and stub > 1 and rows > 1:
        return merged_stub(random, shape)
    return blank_lines(random, shape) if kind == "blank" and rows > 1 else shape


@st.composite
def pages(draw: st.DrawFn) -> Made:
    """A page with one table, and what must come back."""
    random = Random(draw(st.integers(0, 2**32)))
    look = draw(looks())
    shape = draw(shapes(random, 2 if look.size > 9 else 4))
    least = draw(st.sampled_from((1.6, 1.25, 3.0))) * look.size
    if min(shape.rows, shape.columns) < 3:  # without outer borders, one or two rows or columns would have hardly a rule
        look = replace(look, open="")
    margin = draw(st.sampled_from((50.0, 30.0, 80.0)))

    def put(page: Page) -> None:
        page.expect(shape)
        xs = columns_of(shape, margin, page.sheet.width - 2 * margin)
        page.draw(shape, xs, rows_of(look, shape, xs, 70.0, least))

    return paper(look, random, put)
