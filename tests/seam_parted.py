"""Kinds of seams at which a table ends, where another one begins on the next page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from random import Random

from hard_rules import Cell
from made_seams import Expected, Made, Way
from seam_documents import FULL, SHAPES, Draw, again, any_form, inner_title, new_paper
from seam_flow import flow
from seam_forms import BUREAUS, TITLES, Form, Row, money, pairs
from seam_paper import Paper


def in_a_row(
    change: Callable[[Random, Form], Form], shapes: tuple[str, ...] = SHAPES, unsure: tuple[int, ...] = (), full: bool = True
) -> Draw:
    """Two forms, each from the head of a page; `change` makes the second from the first. `full`: the first may fill its last page."""

    def draw(random: Random) -> Made:
        paper = new_paper(random)
        first = any_form(random, paper.width, shapes)
        second = change(random, first)
        found = [flow(paper, first, Way(1, last=FULL if full and random.random() < 0.6 else random.randint(4, 9)))]
        paper.turn_page()
        found.append(flow(paper, second, Way(1)))
        return Made(paper.finish(), found, set(unsure))

    return draw


def other_title(random: Random, first: Form) -> Form:
    """The same columns under another title."""
    return first.sibling(random, title=random.choice([title for title in TITLES if title != first.title]))


def other_unit(random: Random, first: Form) -> Form:
    """The same form of another unit."""
    first.entity, other = random.sample(BUREAUS, 2)
    return first.sibling(random, entity=other)


def other_number(random: Random, first: Form) -> Form:
    """The same form under another number."""
    first.number = "附表5-1"
    return first.sibling(random, number="附表5-2")


def other_money(random: Random, first: Form) -> Form:
    """The same form in another unit of money."""
    return first.sibling(random, unit="元")


def untitled(random: Random, first: Form) -> Form:
    """No labels, a boxhead of its own."""
    second = first.sibling(random, title="", number="", entity="", unit="")
    second.head = [(row, col, high, wide, "预" + text + "数") for row, col, high, wide, text in first.head]
    return second


def other_words(random: Random, first: Form) -> Form:
    """A table without figures, no labels, of whose boxhead a heading or two are the same."""
    second = first.sibling(random, title="", number="", entity="", unit="")
    second.head = [(0, 0, 1, 1, "序号"), (0, 1, 1, 1, "资产名称"), (0, 2, 1, 1, "用途"), (0, 3, 1, 1, random.choice(("备注", "存放地点")))]
    return second


def title_inside(random: Random, first: Form) -> Form:
    """Titles inside the grids, over all columns."""
    titles = random.sample(TITLES, 2)
    second = inner_title(first.sibling(random), titles[1])
    inner_title(first, titles[0])
    return second


def units_in_grid(random: Random, first: Form) -> Form:
    """The same form of two units that are named inside the grid."""
    units, title = random.sample(BUREAUS, 2), random.choice(TITLES)
    second = inner_title(first.sibling(random), title, f"单位名称：{units[1]}")
    inner_title(first, title, f"单位名称：{units[0]}")
    return second


def restarted(random: Random, first: Form) -> Form:
    """The same labels; the ordinals begin anew."""
    return first.sibling(random)


def same_beginning(random: Random, first: Form) -> Form:
    """The same labels, and a list that begins with the same item."""
    row, second = next(first.rows), first.sibling(random)
    row.tag = ""
    again = [(col, wide, text if col < first.stub else money(random)) for col, wide, text in row.cells]
    first.rows = chain([row], first.rows)
    second.rows = chain([Row(again, "")], second.rows)
    return second


def total_above(random: Random, first: Form) -> Form:
    """The same labels; either list begins with its total."""
    second = first.sibling(random)
    first.rows = chain([first.total(random)], first.rows)
    second.rows = chain([second.total(random)], second.rows)
    return second


def notes_between(random: Random, first: Form) -> Form:
    """The same columns without labels after the notes of the first."""
    second = first.sibling(random, title="", number="", entity="", unit="", head=[], head_rows=0)
    first.notes = ["注：本表金额四舍五入，合计数可能存在尾差。"]
    return second


def performance(titled: bool, most: int = 12) -> Draw:
    """Runs of performance forms of one title and one shape, or without titles. `most`: indicators of each, which decide how many pages it takes."""

    def draw(random: Random) -> Made:
        paper = new_paper(random, wide=False)
        found = []
        for number in range(1, random.randint(3, 5)):
            title = "项目支出绩效目标表" if titled else ""
            if number > 1:
                paper.turn_page()
            if title:
                paper.line(title, "centre", 14.0)
                paper.pair("", "单位：万元")
            widths, cells = pairs(random, paper.width, number, most)
            found.append(Expected(title, _on_pages(paper, widths, cells), sorted(cells), tags=[cells[1][4]]))
        return Made(paper.finish(), found, set())

    return draw


def _on_pages(paper: Paper, widths: list[float], cells: list[Cell]) -> list[int]:
    """Draws a form row by row, over as many pages as it takes; nothing is printed again."""
    pages, start, rows = [paper.page], 0, 1 + max(cell[0] for cell in cells)
    heights = [0.0] * rows
    for row, col, _, wide, text in cells:
        heights[row] = max(heights[row], paper.height_of(text, sum(widths[col : col + wide])))
    while start < rows:
        stop = start + 1
        while stop < rows and sum(heights[start : stop + 1]) <= paper.room:
            stop += 1
        paper.part(widths, heights[start:stop], [(row - start, *rest) for row, *rest in cells if start <= row < stop], stub=4)
        if stop < rows:
            paper.turn_page()
            pages.append(paper.page)
        start = stop
    return pages


def sideways(random: Random) -> Made:
    """A landscape page with a table of the same proportions after a portrait one."""
    paper = new_paper(random, wide=False)
    first = any_form(random, paper.width)
    second = other_title(random, first)
    found = [flow(paper, first, Way(1, last=FULL))]
    paper.turn_page(wide=True)
    second.widths = [width * paper.width / sum(first.widths) for width in first.widths]
    found.append(flow(paper, second, Way(random.choice((1, 2)))))
    return Made(paper.finish(), found, set())


def rest_and_another(random: Random) -> Made:
    """The rest of a table and another one of the same shape on one page."""
    paper = new_paper(random, wide=False)
    first = any_form(random, paper.width)
    found = [flow(paper, first, Way(2, again(random, "nothing", "head"), last=random.randint(1, 5)))]
    paper.top += 25
    found.append(
        flow(paper, other_title(random, first), Way(random.choice((1, 2)), again(random, "nothing", "head"), last=random.randint(2, 5)))
    )
    return Made(paper.finish(), found, set())


def foot(random: Random) -> Made:
    """A title at the foot of a page, its table on the next."""
    paper = new_paper(random)
    first = flow(paper, any_form(random, paper.width, title="收入总表"), Way(1, last=random.randint(3, 5)))
    paper.top = max(paper.top + 30, paper.sheet.height - random.choice((110, 130, 150)))
    second = flow(paper, any_form(random, paper.width, title="支出总表", series=500), Way(random.choice((1, 2)), title_at_foot=True))
    return Made(paper.finish(), [first, second], set())


def several(random: Random) -> Made:
    """Several tables a page, the last of which goes on."""
    paper = new_paper(random, wide=False)
    found = []
    for k, title in enumerate(random.sample(TITLES[:-1], 2)):
        found.append(flow(paper, any_form(random, paper.width, title=title, series=500 * (k + 1)), Way(1, last=random.randint(2, 5))))
        paper.top += 25
    found.append(flow(paper, any_form(random, paper.width, title=TITLES[-1]), Way(2, again(random))))
    return Made(paper.finish(), found, set())


PARTED: dict[str, Draw] = {
    "title at the foot of the page before": foot,
    "several tables a page": several,
    "same columns, another title": in_a_row(other_title),
    "same form of another unit": in_a_row(other_unit),
    "same form of another number": in_a_row(other_number),
    "same form in another unit of money": in_a_row(other_money),
    "no title, a boxhead of its own": in_a_row(untitled),
    "titles inside the grid": in_a_row(title_inside),
    "same labels, ordinals begin anew": in_a_row(restarted, ("ordinals",)),
    "same labels, list begins anew": in_a_row(same_beginning, ("codes", "names"), unsure=(2,)),
    "same labels, a total heads each list": in_a_row(total_above, ("codes", "ordinals"), unsure=(2,)),
    "same columns after notes": in_a_row(notes_between),
    "a list of words, another boxhead": in_a_row(other_words, ("words",)),
    "performance forms of one title": performance(titled=True),
    "performance forms without titles": performance(titled=False),
    "long performance forms of one title": performance(titled=True, most=60),
    "long performance forms without titles": performance(titled=False, most=60),
    "two units inside the grid": in_a_row(units_in_grid),
    "rest of a table and another one": rest_and_another,
    "landscape after portrait": sideways,
}
