"""Kinds of seams over which a table goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from made_seams import Expected, Made, Way
from seam_documents import FLAT, SHAPES, Draw, again, alone, any_form, any_pages, inner_title, new_paper
from seam_flow import flow, labels
from seam_forms import BUREAUS, SENTENCES, TITLES, Form, Row
from seam_paper import Around

MARKS = ("（续）", "（续表）", "（续一）", "续表", "(续)", "（续表1）", "续表1：", "续上表：")


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


def title_in_grid(random: Random) -> Made:
    """The title is the first row of the grid, and may be printed again with the boxhead."""
    paper = new_paper(random)
    one = inner_title(any_form(random, paper.width), random.choice(TITLES))
    return alone(paper, flow(paper, one, Way(any_pages(random), again(random, "nothing", "head"))))


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


def with_figures(change: Callable[[Random, str], str]) -> Draw:
    """A form whose figures are changed: in whole 元, or left out."""

    def changed(random: Random, one: Form) -> Iterator[Row]:
        for row in one.rows:
            row.cells = [(col, wide, change(random, text) if col >= one.stub else text) for col, wide, text in row.cells]
            yield row

    def draw(random: Random) -> Made:
        paper = new_paper(random)
        one = any_form(random, paper.width, ("codes", "names"))
        laid = replace(one, rows=changed(random, one))
        return alone(paper, flow(paper, laid, Way(any_pages(random), again(random, "nothing", "head", "titled", "unit_bare"))))

    return draw


def headless(random: Random) -> Made:
    """A list without any boxhead."""
    paper = new_paper(random)
    one = any_form(random, paper.width, FLAT)
    one.head, one.head_rows = [], 0
    found = flow(paper, one, Way(any_pages(random), "nothing"))
    return Made(paper.finish(), [found], set())


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
    "figures in whole 元": with_figures(lambda _, text: text.replace(",", "").split(".")[0]),
    "few figures": with_figures(lambda r, text: text if r.random() < 0.25 else ""),
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
