"""The kinds of seams between pages: each draws a document of its kind and says what must be read from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from random import Random

from hard_rules import Cell
from made_seams import Expected, Made, Way, flow, labels
from seam_forms import BUREAUS, SENTENCES, TITLES, Form, Row, form, money, pairs
from seam_paper import MANNERS, Around, Paper

FLAT = ("codes", "names", "ordinals")
SHAPES = (*FLAT, "groups")
MARKS = ("（续）", "（续表）", "（续一）", "续表", "(续)", "（续表1）", "续表1：", "续上表：")
FULL = 10_000

Draw = Callable[[Random], Made]


def new_paper(random: Random, around: Around | None = None, wide: bool | None = None) -> Paper:
    """A document's paper in one of the manners."""
    number = random.choice(("none", "plain", "dashes", "of", "of all", "all", "english"))
    return Paper(random, random.choice(tuple(MANNERS)), around or Around(number=number), random.random() < 0.4 if wide is None else wide)


def alone(paper: Paper, found: Expected) -> Made:
    """A document of one table."""
    return Made(paper.finish(), [found], set())


def any_pages(random: Random) -> int:
    """Pages of a table: mostly a few."""
    return random.choice((2, 2, 2, 3, 3, 4, 6))


def any_form(
    random: Random, width: float, shapes: tuple[str, ...] = SHAPES, title: str = "", deep: bool | None = None, series: int = 0
) -> Form:
    """A form with or without an entity and a number; `series` keeps the names of two forms apart."""
    one = form(random, random.choice(shapes), width, title, deep, series)
    one.entity = random.choice(("", random.choice(BUREAUS)))
    one.number = random.choice(("", "", f"附表{random.randint(1, 12)}"))
    return one


def going_on(
    way: Callable[[Random], Way],
    shapes: tuple[str, ...] = SHAPES,
    deep: bool | None = None,
    unsure: tuple[int, ...] = (),
    notes: bool = False,
) -> Draw:
    """A form over several pages and nothing else."""

    def draw(random: Random) -> Made:
        paper = new_paper(random)
        one = any_form(random, paper.width, shapes, deep=deep)
        if notes:
            one.notes = ["注：1.本表反映本年度安排情况。", "2.数据因四舍五入可能存在尾差。"]
        found = flow(paper, one, way(random))
        return Made(paper.finish(), [found], set(unsure))

    return draw


def again(random: Random, *words: str) -> str:
    """One of the ways to go on that are printed most."""
    return random.choice(words or ("nothing", "head", "titled"))


def running(random: Random) -> Made:
    """A running header and footer between the parts."""
    around = Around(
        f"{random.choice(BUREAUS)}二〇二五年部门预算", random.choice(("", "联系电话：七二三一〇〇五")), random.choice(("plain", "of"))
    )
    paper = new_paper(random, around)
    found = flow(paper, any_form(random, paper.width), Way(any_pages(random), again(random)))
    return Made(paper.finish(), [found], set())


def even_pages(random: Random) -> Made:
    """Odd and even pages have headers of their own."""
    around = Around(f"{random.choice(BUREAUS)}", "二〇二五年部门预算公开材料", number=random.choice(("plain", "none")))
    paper = new_paper(random, around)
    return alone(paper, flow(paper, any_form(random, paper.width), Way(any_pages(random), again(random))))


def browser(random: Random) -> Made:
    """A browser prints date and title of the document above, its address below."""
    title = random.choice(TITLES)
    shown = random.choice((title, f"{random.choice(BUREAUS)}2025年部门预算公开表"))
    around = Around(
        f"2025/3/1 09:{random.randint(10, 59)}", middle=shown, footer="https://www.example.gov.cn/art/2025/art_1_2.html", number="plain"
    )
    paper = new_paper(random, around)
    paper.manner = "browser"
    found = flow(paper, any_form(random, paper.width, title=title), Way(any_pages(random), again(random, "nothing", "head")))
    return Made(paper.finish(), [found], set())


def numbered_columns(way: Callable[[Random], Way]) -> Draw:
    """A boxhead whose last row numbers the columns."""

    def draw(random: Random) -> Made:
        paper = new_paper(random)
        one = any_form(random, paper.width, ("codes",))
        texts = ["栏次", ""] + [str(k + 1) for k in range(len(one.widths) - 2)]
        one.head = sorted(one.head + [(one.head_rows, k, 1, 1, text) for k, text in enumerate(texts)])
        one.head_rows += 1
        return alone(paper, flow(paper, one, way(random)))

    return draw


def inner_title(one: Form, *rows: str) -> Form:
    """The form with rows over all columns above its boxhead, and no labels outside the grid."""
    head = [(row, 0, 1, len(one.widths), text) for row, text in enumerate(rows)]
    head += [(row + len(rows), col, high, wide, text) for row, col, high, wide, text in one.head]
    one.title, one.number, one.entity, one.unit = "", "", "", ""
    one.head, one.head_rows = head, one.head_rows + len(rows)
    return one


def title_in_grid(random: Random) -> Made:
    """The title is the first row of the grid, and may be printed again with the boxhead."""
    paper = new_paper(random)
    one = inner_title(any_form(random, paper.width), random.choice(TITLES))
    return alone(paper, flow(paper, one, Way(any_pages(random), again(random, "nothing", "head"))))


def units_in_grid(random: Random, first: Form) -> Form:
    """The same form of two units that are named inside the grid."""
    units, title = random.sample(BUREAUS, 2), random.choice(TITLES)
    second = inner_title(first.sibling(random), title, f"单位名称：{units[1]}")
    inner_title(first, title, f"单位名称：{units[0]}")
    return second


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


def cut_boxhead(random: Random) -> Made:
    """A page ends inside the boxhead: its lower rows stand overleaf, and the stub's headings have no rule between the parts."""
    paper = new_paper(random)
    one = any_form(random, paper.width, FLAT, deep=True)
    labels(paper, one)
    stub = frozenset(range(one.stub))
    paper.part(one.widths, [24.0], [(0, col, 1, wide, text) for row, col, _, wide, text in one.head if row == 0], head=1, open_bottom=stub)
    paper.turn_page()
    rows = [next(one.rows) for _ in range(random.randint(3, 12))]
    lower = [(0, col, 1, 1, "") for col in stub] + [(0, col, 1, 1, text) for row, col, _, _, text in one.head if row == 1]
    body = [(k + 1, col, 1, wide, text) for k, row in enumerate(rows) for col, wide, text in row.cells]
    paper.part(one.widths, [24.0] * (len(rows) + 1), lower + body, head=1, stub=one.stub, open_top=stub)
    cells = sorted(one.head + [(row + 1, *rest) for row, *rest in body])
    mended = [cell for cell in one.head if cell[2] == 2]
    return alone(paper, Expected(one.title, [1, 2], cells, mended=mended, tags=[row.tag for row in rows]))


def headless(random: Random) -> Made:
    """A list without any boxhead."""
    paper = new_paper(random)
    one = any_form(random, paper.width, FLAT)
    one.head, one.head_rows = [], 0
    found = flow(paper, one, Way(any_pages(random), "nothing"))
    return Made(paper.finish(), [found], set())


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


def blank_stub(random: Random) -> Made:
    """A new row that says something in one column only, after a row whose text does not fill its line: no rest of it."""
    paper = new_paper(random)
    one = any_form(random, paper.width, ("sentences",))
    one.rows = _with_short_rows(random, one.rows)
    found = flow(paper, one, Way(any_pages(random), again(random, "nothing", "head")))
    return Made(paper.finish(), [found], set())


def _with_short_rows(random: Random, rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        words = random.choice(SENTENCES)[:6]
        row.cells[2] = (2, 1, words)
        if random.random() < 0.5:
            row.tag = words + row.tag
            row.cells = [(0, 1, ""), (1, 1, ""), (2, 1, row.tag), (3, 1, "")]
        yield row


JOINED: dict[str, Draw] = {
    "boxhead printed again": going_on(lambda r: Way(any_pages(r))),
    "nothing printed again": going_on(lambda r: Way(any_pages(r), "nothing")),
    "labels and boxhead printed again": going_on(lambda r: Way(any_pages(r), "titled")),
    "lower rows of the boxhead printed again": going_on(lambda r: Way(any_pages(r), "lower"), FLAT, deep=True),
    "title with a mark of continuation": going_on(lambda r: Way(any_pages(r), "marked", r.choice(MARKS))),
    "title with a mark, no boxhead": going_on(lambda r: Way(any_pages(r), "marked_bare", r.choice(MARKS))),
    "a mark of continuation alone": going_on(lambda r: Way(any_pages(r), "mark", r.choice(("续表", "（续）", "（续表）", "续上表")))),
    "unit line and boxhead printed again": going_on(lambda r: Way(any_pages(r), "unit")),
    "unit line printed again, no boxhead": going_on(lambda r: Way(any_pages(r), "unit_bare")),
    "labels printed again, no boxhead": going_on(lambda r: Way(any_pages(r), "named")),
    "total alone on the last page": going_on(lambda r: Way(any_pages(r), again(r), total="alone"), ("codes", "ordinals")),
    "total at the end": going_on(lambda r: Way(any_pages(r), again(r), total="last"), ("codes", "ordinals")),
    "single row on the last page": going_on(lambda r: Way(any_pages(r), again(r), last=1), FLAT),
    "subtotals": going_on(lambda r: Way(any_pages(r), again(r), subtotals=True), ("codes", "ordinals")),
    "mark at the foot of the page": going_on(lambda r: Way(any_pages(r), again(r), foot=r.choice(("转下页", "（转下页）", "续下页", "（未完，接下页）")))),
    "merged cell printed again": going_on(lambda r: Way(any_pages(r), again(r, "nothing", "head"), merged="again"), ("groups",)),
    "merged cell blank overleaf": going_on(lambda r: Way(any_pages(r), again(r, "nothing", "head"), merged="blank"), ("groups",)),
    "merged cell without a rule": going_on(lambda r: Way(any_pages(r), again(r, "nothing", "head"), merged="open"), ("groups",)),
    "merged cell, text parted": going_on(lambda r: Way(any_pages(r), again(r, "nothing", "head"), merged="split"), ("groups",)),
    "merged cell, text clipped overleaf": going_on(lambda r: Way(any_pages(r), "nothing", merged="clipped"), ("groups",)),
    "empty row at the head of the page": going_on(lambda r: Way(any_pages(r), again(r, "nothing", "head"), empty="top"), FLAT),
    "page with nothing but an empty row": going_on(lambda r: Way(3, "nothing", empty="page"), FLAT),
    "columns shifted": going_on(lambda r: Way(any_pages(r), again(r), shift=r.choice((-3.0, -1.5, 1.0, 2.0, 3.0)))),
    "columns scaled": going_on(lambda r: Way(any_pages(r), again(r), scale=r.choice((0.99, 0.995, 1.004, 1.01)))),
    "no upper rule": going_on(lambda r: Way(any_pages(r), "nothing", upper_rule=False)),
    "pages turned": going_on(lambda r: Way(any_pages(r), again(r), turns=True)),
    "notes after the last part": going_on(lambda r: Way(any_pages(r), again(r)), notes=True),
    "row cut in mid-sentence": going_on(lambda r: Way(any_pages(r), again(r, "nothing", "head"), cut=True), ("sentences",)),
    "rows of sentences": going_on(lambda r: Way(any_pages(r), again(r)), ("sentences",)),
    "running header and footer": running,
    "header of a browser": browser,
    "no boxhead at all": headless,
    "new row with a blank stub": blank_stub,
    "many pages": going_on(lambda r: Way(r.randint(8, 40), again(r))),
    "a blank page between": going_on(lambda r: Way(any_pages(r), again(r), blank=True)),
    "upright and across by turns": going_on(lambda r: Way(any_pages(r), again(r, "head", "titled"), across=True)),
    "another scale": going_on(lambda r: Way(any_pages(r), again(r, "head", "titled"), scale=r.choice((0.85, 0.92, 0.95)))),
    "row of column numbers": numbered_columns(lambda r: Way(any_pages(r), again(r))),
    "boxhead again without column numbers": numbered_columns(lambda r: Way(any_pages(r), "upper")),
    "rest of a merged cell in a single row": going_on(
        lambda r: Way(any_pages(r), again(r, "nothing", "head"), merged=r.choice(("again", "blank")), last=1), ("groups",)
    ),
    "title inside the grid": title_in_grid,
    "boxhead cut": cut_boxhead,
    "header of its own on even pages": even_pages,
    "signatures below every part": going_on(lambda r: Way(any_pages(r), again(r), below=("单位负责人：    制表人：    联系电话：七二三一〇〇五",))),
    "notes below every part": going_on(lambda r: Way(any_pages(r), again(r, "head", "titled"), below=("注：本表金额四舍五入，合计数可能存在尾差。",))),
    "a row with a mark above the boxhead": going_on(lambda r: Way(any_pages(r), "row", r.choice(("续表", "（续）", "续上表")))),
    "page not full before the break": going_on(lambda r: Way(2, again(r), full=r.uniform(0.3, 0.7))),
}  # fmt: skip
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
KINDS: dict[str, Draw] = {**JOINED, **PARTED}


def document(kind: str, seed: int) -> Made:
    """A document of that kind."""
    return KINDS[kind](Random(f"{kind}/{seed}"))
