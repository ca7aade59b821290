"""Where a table without vertical rules stands on a page: its lines of text, parted into boxhead and body.

Rows of several chunks with figures among them are what such a table is known by. Around them: headings of groups and wrapped names
between, the boxhead above, the rest of a wrapped name below. Titles, labels, prose and rules at head and foot end it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from services.extractor.domain.chunks import OPERATORS, Chunk, TextRow
from services.extractor.domain.openheadcosts import Rule
from services.extractor.domain.openrows import CLOSER_THAN_ROWS

# Lines of one table follow each other within this many ems (1.1 to 4 seen); a gap this much wider than usual inside it ends it.
ROW_STEP, WIDER = 4.5, 1.6
# So many lines above the first row of figures may be its boxhead and the first group's heading.
DEEPEST = 10
# A title is set larger than what stands below it by this factor at least; or its words say so.
LARGER = 1.08
# A line of this many ems without a gap is running text.
PROSE_LENGTH = 24
# A row at a table's foot stands no further off than this much of the usual distance.
SAME_STEP = 1.15
# The rest of a wrapped name follows this closely, in ems.
CLOSE_BELOW = 1.4
# Lines of a paragraph stand this close, in ems, and begin this close to each other (the first one is indented by two).
CLOSE_LINES, INDENT = 2.2, 2.5
_TITLE = re.compile(r"(?:表|目录|情况|明细|清单|一览)(?:[（(].{0,20}[）)]|[（(]?续[）)]?)?$|^(?:附?表|附件)[一二三四五六七八九十\d]")
_LABEL = re.compile(r"单位[:：]|^(?:编制|填报|公开|预算)?(?:部门|单位)(?:名称)?[:：]|^(?:备注|附注|注释?|说明|填表说明)\d?[:：]")
_SENTENCE = re.compile(r"[。；;：:，,]$|。")


@dataclass(slots=True)
class Region:
    """Lines of one table from top to bottom; `head` of them are its boxhead. `rules`: those across that concern it; `wide` ones reach over all."""

    lines: list[TextRow]
    head: int
    rules: list[Rule]
    wide: list[Rule]

    @property
    def body(self) -> list[TextRow]:
        """The lines below the boxhead."""
        return self.lines[self.head :]

    @property
    def em(self) -> float:
        """The usual size of its text in points."""
        sizes = sorted(chunk.size for line in self.lines for chunk in line.chunks)
        return sizes[len(sizes) // 2]


def find_regions(lines: list[TextRow], rules: list[Rule]) -> list[Region]:
    """Regions of a page that may be tables, from top to bottom. Args: lines: of text outside other tables; rules: across."""
    found: list[Region] = []
    free = 0
    for seeds in _groups(lines, rules):
        region, stop = _bounded(lines, seeds, rules, free)
        found.append(region)
        free = stop
    return found


def _is_seed(line: TextRow) -> bool:
    """Figures beside something else, which is not a sum written out."""
    if any(chunk.text in OPERATORS for chunk in line.chunks):
        return False
    return len(line.chunks) >= 2 and any(chunk.figure for chunk in line.chunks[1:])


def _ends_table(line: TextRow) -> bool:
    """Whether a line is none of a table: running text, a label, a title."""
    text = "".join(chunk.text.replace(" ", "") for chunk in line.chunks)
    if any(_LABEL.search(chunk.text.replace(" ", "")) for chunk in line.chunks):
        return True
    if len(line.chunks) > 1:
        return False
    chunk = line.chunks[0]
    if chunk.x1 - chunk.x0 > PROSE_LENGTH * chunk.size or (_SENTENCE.search(text) and len(text) > 8):
        return True
    return bool(_TITLE.search(text))


def _ends_prose(lines: list[TextRow], k: int) -> bool:
    """Whether a line is the last one of a paragraph: it ends a sentence, or follows a full line closely where that begins."""
    chunk = lines[k].chunks[0]
    if _SENTENCE.search(chunk.text.strip()):
        return True
    if k == 0 or len(lines[k - 1].chunks) > 1 or _step(lines, k) > CLOSE_LINES:
        return False
    above = lines[k - 1].chunks[0]
    return above.x1 - above.x0 > PROSE_LENGTH * above.size and abs(above.x0 - chunk.x0) < INDENT * chunk.size


def _step(lines: list[TextRow], k: int) -> float:
    """Distance of line k from the one above, in ems."""
    return (lines[k].base - lines[k - 1].base) / max(lines[k].chunks[0].size, lines[k - 1].chunks[0].size, 1.0)


def _groups(lines: list[TextRow], rules: list[Rule]) -> list[list[int]]:
    """Rows of figures that may be of one table: numbers of their lines."""
    groups: list[list[int]] = []
    broken = True
    for k, line in enumerate(lines):
        if k and (_step(lines, k) > ROW_STEP or _two_rules_between(lines[k - 1], line, rules)):
            broken = True
        if _is_seed(line):
            if broken or not groups:
                groups.append([])
            groups[-1].append(k)
            broken = False
        elif _ends_table(line):
            broken = True
    return [part for group in groups for part in _parted(lines, group)]


def _two_rules_between(upper: TextRow, lower: TextRow, rules: list[Rule]) -> bool:
    """The foot of one table and the head of the next."""
    x0, x1 = lower.chunks[0].x0, lower.chunks[-1].x1
    between = [
        y for y, start, end in rules if upper.base - 1 < y < lower.base - 0.3 * lower.chunks[0].size and start <= x0 + 4 and end >= x1 - 4
    ]
    return bool(between) and max(between) - min(between) > 5


def _parted(lines: list[TextRow], group: list[int]) -> list[list[int]]:
    """A group parted where a gap is much wider than usual and what follows is no row of figures: the boxhead of another table."""
    steps = sorted(_step(lines, k) for k in range(group[0] + 1, group[-1] + 1))
    if len(steps) < 3:
        return [group]
    usual = steps[int(len(steps) * 0.7)]
    parts: list[list[int]] = [[group[0]]]
    for before, k in pairwise(group):
        if any(_step(lines, j) > WIDER * usual for j in range(before + 1, k + 1)):
            parts.append([])
        parts[-1].append(k)
    return parts


def _bounded(lines: list[TextRow], seeds: list[int], rules: list[Rule], free: int) -> tuple[Region, int]:
    """A region around rows of figures; `free`: the first line that no region has yet. Returns the first line below it as well."""
    rows = [lines[k] for k in seeds]
    x0, x1 = min(row.chunks[0].x0 for row in rows), max(row.chunks[-1].x1 for row in rows)
    em = sorted(row.chunks[0].size for row in rows)[len(rows) // 2]
    wide = [rule for rule in rules if rule[1] <= x0 + em and rule[2] >= x1 - em]
    start = _upwards(lines, seeds, wide, em, free)
    stop = _downwards(lines, seeds, wide, em)
    beside = _Beside(rows)
    first = next(k for k in range(start, seeds[0] + 1) if k == seeds[0] or any(chunk.money for chunk in lines[k].chunks))
    head = max((k + 1 for k in range(start, _row_start(lines, first, em)) if beside.named_by(lines[k])), default=start)
    while start < head < first and not lines[head].figures and lines[head].base - lines[head - 1].base < CLOSER_THAN_ROWS * em:
        head += 1  # the lower line of a wrapped head over a column without figures
    top, bottom = lines[start].chunks[0].top - ROW_STEP * em, lines[stop - 1].base + ROW_STEP * em
    near = [rule for rule in rules if top < rule[0] < bottom and rule[2] > x0 and rule[1] < x1]
    return Region(lines[start:stop], head - start, near, [rule for rule in wide if top < rule[0] < bottom]), stop


class _Beside:
    """What stands beside the stub in rows of figures: a line above that says something over figures is of the boxhead."""

    def __init__(self, rows: list[TextRow]) -> None:
        figures = [chunk for row in rows for chunk in row.chunks[1:] if chunk.figure]
        self.start = min(chunk.x0 for chunk in figures)
        self.words = [chunk for row in rows for chunk in row.chunks if not chunk.figure]

    def named_by(self, line: TextRow) -> bool:
        """Whether a line says something beside the stub, and not only where names stand."""
        return any(self._over_figures(chunk) for chunk in line.chunks)

    def _over_figures(self, chunk: Chunk) -> bool:
        if chunk.figure or chunk.x1 <= self.start or chunk.middle <= self.start - 2 * chunk.size:
            return False
        return not any(min(chunk.x1, word.x1) > max(chunk.x0, word.x0) for word in self.words)


def _row_start(lines: list[TextRow], seed: int, em: float) -> int:
    """The first line of the first row of figures: lines of a cell set to the middle stand closer than rows do."""
    while seed > 0 and lines[seed].base - lines[seed - 1].base < CLOSER_THAN_ROWS * em:
        seed -= 1
    return seed


def _between(wide: list[Rule], upper: TextRow, lower: TextRow) -> list[float]:
    return [y for y, _, _ in wide if upper.base - 1 < y < lower.base - 0.3 * lower.chunks[0].size]


def _usual_step(lines: list[TextRow], seeds: list[int]) -> float:
    steps = sorted(_step(lines, k) for k in range(seeds[0] + 1, seeds[-1] + 1))
    return steps[int(len(steps) * 0.7)] if steps else 1.5


def _upwards(lines: list[TextRow], seeds: list[int], wide: list[Rule], em: float, free: int) -> int:
    """The first line of the boxhead."""
    first = seeds[0]
    limit = min(ROW_STEP, max(2.2, WIDER * _usual_step(lines, seeds)))
    beside = _Beside([lines[k] for k in seeds])
    named = False
    while first > max(free, seeds[0] - DEEPEST):
        line, below = lines[first - 1], lines[first]
        ruled = _between(wide, line, below)
        if _ends_table(line) or _step(lines, first) > (ROW_STEP if ruled else limit) or len(ruled) > 1:
            break
        if ruled and named and not (len(line.chunks) > 1 and not line.figures):
            break
        if len(line.chunks) == 1 and (line.chunks[0].size > LARGER * em or _ends_prose(lines, first - 1)):
            break
        named = named or beside.named_by(line)
        first -= 1
    return first


def _downwards(lines: list[TextRow], seeds: list[int], wide: list[Rule], em: float) -> int:
    """The line after the last one: the rest of a wrapped name follows closely; a group's heading may stand last above the closing rule."""
    stop = seeds[-1] + 1
    usual = _usual_step(lines, seeds)
    while stop < len(lines):
        line = lines[stop]
        step = (line.base - lines[stop - 1].base) / em
        ruled = bool(_between(wide, lines[stop - 1], line))
        closed = (
            not ruled
            and len(line.chunks) == 1
            and step < WIDER * usual
            and any(line.base < y < line.base + ROW_STEP * em for y, _, _ in wide)
        )
        near = closed or (step <= CLOSE_BELOW and not ruled) or _last_heading(lines, seeds, stop, usual)
        if _ends_table(line) or not near or _is_seed(line):
            break
        stop += 1
    return stop


def _last_heading(lines: list[TextRow], seeds: list[int], k: int, usual: float) -> bool:
    """Whether a line, the last one on its page but for what stands far below, heads a group as lines inside the table do."""
    if len(lines[k].chunks) > 1 or _step(lines, k) > SAME_STEP * usual or (k + 1 < len(lines) and _step(lines, k + 1) <= ROW_STEP):
        return False
    inside = [line.chunks[0] for line in lines[seeds[0] - 1 : seeds[-1]] if len(line.chunks) == 1]
    return any(abs(chunk.x0 - lines[k].chunks[0].x0) < 1.0 for chunk in inside)
