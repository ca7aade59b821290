"""A form laid over pages in one of the ways that programs have of doing it, and what must be read of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from hard_rules import Cell
from made_seams import Expected, Way
from seam_forms import Form, Row
from seam_paper import LEADING, Paper


@dataclass
class _Laid:
    """A row on paper; `lines`: the part of each cell's text that stands on this page, where the row is cut."""

    row: Row
    height: float
    texts: dict[int, str]


def labels(paper: Paper, one: Form, mark: str = "", title: bool = True, head_of_mark: bool = False) -> None:
    """Number, title, entity and unit above a table."""
    if one.number and title:
        paper.line(one.number)
    if title and one.title:
        paper.line(f"{mark}{one.title}" if head_of_mark else f"{one.title}{mark}", "centre", 14.0)
    paper.pair(f"单位名称：{one.entity}" if one.entity else "", f"金额单位：{one.unit}" if one.unit else "")


def flow(paper: Paper, one: Form, way: Way) -> Expected:
    """Lays a form over pages, beginning at the paper's place; returns what must be read."""
    return _Flow(paper, one, way).run()


class _Flow:
    def __init__(self, paper: Paper, one: Form, way: Way) -> None:
        self.paper, self.form, self.way = paper, one, way
        self.random = paper.random
        self.least = self.random.choice((paper.size + 5, 18.0, 22.0, 28.0))
        self.starts = [sum(one.widths[:k]) for k in range(len(one.widths) + 1)]
        self.found = Expected(one.title)
        self.rows: list[Row] = []
        self.breaks: list[int] = []
        self.held: _Laid | None = None
        self.ahead: deque[Row] = deque()
        self.cut: list[tuple[Row, int]] = []
        self.since_subtotal = 0

    # --- rows

    def _take(self) -> Row:
        return self.ahead.popleft() if self.ahead else next(self.form.rows)

    def _lines(self, row: Row) -> dict[int, list[str]]:
        cells = row.cells if row.group is None else [(0, 1, row.group_text), *row.cells]
        return {col: self.paper.lines_in(text, self.starts[col + wide] - self.starts[col]) for col, wide, text in cells}

    def _height(self, lines: dict[int, list[str]]) -> float:
        most = max((len(one) for one in lines.values()), default=1)
        return max(self.least, most * self.paper.size * LEADING + 5.0)

    def _laid(self, row: Row) -> _Laid:
        return _Laid(row, self._height(self._lines(row)), {col: text for col, _, text in row.cells})

    # --- pages

    def run(self) -> Expected:
        way, paper = self.way, self.paper
        labels(paper, self.form)
        if way.title_at_foot:
            paper.turn_page()
        for part in range(way.pages):
            if part:
                self._next_page(part)
            self._page(part)
        self._truth()
        self._below()
        for note in self.form.notes:
            paper.top += 3
            paper.line(note)
        self.found.notes = list(self.form.notes)
        return self.found

    def _below(self) -> None:
        for text in self.way.below:
            self.paper.top += 3
            self.paper.line(text)

    def _next_page(self, part: int) -> None:
        self._below()
        way, paper = self.way, self.paper
        if way.foot:
            paper.top += 3
            paper.line(way.foot, "right")
        paper.shift, paper.scale = (way.shift, way.scale) if part % 2 else (0.0, 1.0)
        if way.blank:
            paper.turn_page()
        paper.turn_page(turn=self.random.choice((0, 90, 180, 270)) if way.turns else None, wide=bool(part % 2) if way.across else None)
        if way.across:
            paper.scale = paper.width / sum(self.form.widths)
        if way.again in ("titled", "named"):
            labels(paper, self.form)
        elif way.again in ("marked", "marked_bare"):
            labels(paper, self.form, way.mark, head_of_mark=way.mark.startswith("续"))
        elif way.again == "mark":
            paper.line(way.mark.strip("（）") if self.random.random() < 0.5 else way.mark, self.random.choice(("left", "right", "centre")))
        elif way.again in ("unit", "unit_bare"):
            labels(paper, self.form, title=False)

    def _head(self, part: int) -> tuple[list[Cell], int]:
        one, again = self.form, self.way.again
        if part == 0 or again in ("head", "titled", "marked", "unit"):
            return list(one.head), one.head_rows
        if again == "row":
            shifted = [(row + 1, col, high, wide, text) for row, col, high, wide, text in one.head]
            return [(0, 0, 1, len(one.widths), self.way.mark), *shifted], one.head_rows + 1
        if again == "upper":
            return [cell for cell in one.head if cell[0] < one.head_rows - 1], one.head_rows - 1
        if again == "lower":
            texts = {col: text for _, col, _, wide, text in one.head if wide == 1}
            return [(0, col, 1, 1, texts[col]) for col in range(len(one.widths))], 1
        return [], 0

    def _head_heights(self, cells: list[Cell], rows: int) -> list[float]:
        heights = [self.least] * rows
        for row, col, high, wide, text in cells:
            need = len(self.paper.lines_in(text, self.starts[col + wide] - self.starts[col])) * self.paper.size * LEADING + 5.0
            heights[row + high - 1] = max(heights[row + high - 1], need - self.least * (high - 1))
        return heights

    def _page(self, part: int) -> None:
        way, paper = self.way, self.paper
        self.found.pages.append(paper.page)
        head, depth = self._head(part)
        heights = self._head_heights(head, depth)
        last_page = part == way.pages - 1
        room = (paper.room - sum(heights)) * (1.0 if last_page else way.full)
        laid = self._rows_of_page(part, room, last_page)
        if part:
            self.breaks.append(len(self.rows))
            if depth:
                self.found.heads[paper.page] = _row_texts(head, depth, len(self.form.widths))
        self._draw(part, head, depth, heights, laid)

    def _rows_of_page(self, part: int, room: float, last_page: bool) -> list[_Laid]:
        way = self.way
        laid: list[_Laid] = []
        used = 0.0
        if self.held is not None:
            laid.append(self.held)
            used, self.held = self.held.height, None
        if part and way.empty:
            laid.append(_Laid(Row([(col, 1, "") for col in range(len(self.form.widths))], ""), self.least, {}))
            used += self.least
            if way.empty == "page" and not last_page:
                return laid
        wanted = way.last if last_page and way.last is not None else self.random.randint(3, 12) if last_page else 10_000
        spare = self.least * 2 if last_page and way.total else 0.0
        while len(laid) < wanted:
            if last_page and way.total == "alone":
                break
            row = self._take()
            if way.subtotals and self.since_subtotal >= 5 and self.random.random() < 0.4:
                self.ahead.appendleft(row)
                row = self.form.total(self.random, "小计")
                row.tag, self.since_subtotal = "", -1
            self.since_subtotal += 1
            one = self._laid(row)
            if used + one.height > room - spare:
                if way.cut and not last_page and self._cut(one, room - used, laid):
                    break
                self.ahead.appendleft(row)
                break
            laid.append(one)
            used += one.height
        if last_page and way.total:
            laid.append(self._laid(self.form.total(self.random, self.random.choice(("合计", "总计")))))
        self._leave_no_single(laid, last_page)
        return laid

    def _leave_no_single(self, laid: list[_Laid], last_page: bool) -> None:
        """A merged cell's rest is two rows and more (printed again: or there are two above): a single row does not tell a cut cell from another one."""
        if last_page or not laid or laid[-1].row.group is None:
            return
        # The rest of the group is not known yet: take rows of it until it is.
        group = laid[-1].row.group
        ahead = [self._take()]
        while ahead[-1].group == group:
            ahead.append(self._take())
        self.ahead.extendleft(reversed(ahead))
        alone = len(laid) < 2 or laid[-2].row.group != group
        if len(ahead) == 2 and (alone or self.way.merged != "again"):
            self.ahead.appendleft(laid.pop().row)

    def _cut(self, one: _Laid, room: float, laid: list[_Laid]) -> bool:
        """Cuts a row where its sentence goes on; False where too little room is left."""
        lines = self._lines(one.row)
        fitting = int((room - 5.0) / (self.paper.size * LEADING))
        long = {col: texts for col, texts in lines.items() if len(texts) > fitting}
        if fitting < 1 or not long or any(len(texts) > 1 for col, texts in lines.items() if col not in long):
            return False
        upper = {col: "".join(texts[:fitting]) for col, texts in lines.items()}
        lower = {col: "".join(texts[fitting:]) for col, texts in lines.items()}
        laid.append(_Laid(one.row, room - 0.5, upper))
        self.cut += [(one.row, col) for col in long]
        self.held = _Laid(one.row, self._height({col: lines[col][fitting:] for col in lines}), lower)
        return True

    # --- drawing

    def _draw(self, part: int, head: list[Cell], depth: int, heights: list[float], laid: list[_Laid]) -> None:
        way, paper = self.way, self.paper
        cells = list(head)
        carried = bool(self.rows) and bool(laid) and laid[0].row.group is not None and laid[0].row.group == self.rows[-1].group
        for k, one in enumerate(laid):
            cells += [(depth + k, col, 1, wide, one.texts.get(col, "")) for col, wide, _ in one.row.cells]
        goes_on = part < way.pages - 1 and bool(laid) and laid[-1].row.group is not None and self._peek() == laid[-1].row.group
        cells += self._groups(laid, depth, carried, goes_on)
        is_open = way.merged in ("open", "split")
        columns = frozenset(range(len(self.form.widths)))
        paper.part(
            self.form.widths,
            heights + [one.height for one in laid],
            cells,
            head=depth,
            stub=self.form.stub,
            open_top=columns if part and not way.upper_rule else frozenset({0}) if carried and is_open and not depth else frozenset(),
            open_bottom=frozenset({0}) if goes_on and is_open else frozenset(),
            beyond=(laid[0].row.group_text,) if carried and way.merged == "clipped" and not depth else (),
        )
        if self.rows and laid and laid[0].row is self.rows[-1]:
            laid = laid[1:]
        self.rows += [one.row for one in laid]

    def _peek(self) -> int | None:
        self.ahead.appendleft(self._take())
        return self.ahead[0].group

    def _groups(self, laid: list[_Laid], depth: int, carried: bool, goes_on: bool) -> list[Cell]:
        cells: list[Cell] = []
        start = 0
        for k in range(len(laid) + 1):
            if k < len(laid) and k > start and laid[k].row.group == laid[start].row.group:
                continue
            if k > start and laid[start].row.group is not None:
                cells.append(
                    (depth + start, 0, k - start, 1, self._group_text(laid[start].row, start == 0 and carried, k == len(laid) and goes_on))
                )
            start = k
        return cells

    def _group_text(self, row: Row, carried: bool, goes_on: bool) -> str:
        text, half = row.group_text, len(row.group_text) // 2
        if self.way.merged == "split":
            return text[half:] if carried else text[:half] if goes_on else text
        return text if self.way.merged == "again" or not carried else ""

    # --- truth

    def _truth(self) -> None:
        base, cells = self.form.head_rows, list(self.form.head)
        first_of: dict[int, int] = {}
        for k, row in enumerate(self.rows):
            cells += [(base + k, col, 1, wide, text) for col, wide, text in row.cells]
            if row.group is not None:
                first_of.setdefault(row.group, k)
        for group, k in first_of.items():
            high = sum(row.group == group for row in self.rows)
            cell = (base + k, 0, high, 1, self.rows[k].group_text)
            cells.append(cell)
            if any(k < start < k + high for start in self.breaks):
                self.found.mended.append(cell)
        for row, col in self.cut:
            self.found.mended += [cell for cell in cells if cell[0] == base + self.rows.index(row) and cell[1] == col]
        self.found.cells = sorted(cells)
        self.found.tags = [row.tag for row in self.rows if row.tag]


def _row_texts(cells: list[Cell], rows: int, columns: int) -> list[str]:
    """What each row of a boxhead says, cells from left to right."""
    return ["".join(text for row, _, _, _, text in sorted(cells) if row == k) for k in range(rows)]
