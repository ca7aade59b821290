"""Lines around a table → its labels: title, form number, unit label, entity label, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from services.extractor.domain.continuation_marks import is_mark, is_marked
from services.extractor.domain.page import PageContents
from services.extractor.domain.reading import Line, Rect
from shared.contracts.common import Box
from shared.contracts.extracted import LabelKind

UNITS = ("亿元", "百万元", "万元", "千元", "元")
_UNIT = re.compile(
    r"(?:金额|计量|货币|数额)?\s*单\s*位\s*[:：]?\s*[（(]?\s*(?:人民币)?\s*(亿元|百万元|万元|千元|元)(?![\u4e00-\u9fff])\s*[）)]?"
)
_NUMERAL = r"[0-9０-９一二三四五六七八九十]{1,3}(?:\s*[-－—]\s*[0-9０-９]{1,2})?"
_NUMBER = re.compile(
    rf"^[（(]?(?:附件?\s*)?[\u4e00-\u9fff]{{0,6}}?(?:表\s*{_NUMERAL}|{_NUMERAL}\s*表|附件?\s*{_NUMERAL})\s*[）)]?(?:[（(]续[）)])?[:：]?$"
)
_NUMBERED_TITLE = re.compile(rf"^((?:附件?)?[\u4e00-\u9fff]{{0,4}}?表\s*{_NUMERAL})\s*[:：.．、\s]\s*(\S.+)$")
_ENTITY = re.compile(
    r"^(?:(?:编制|填报|预算|公开|主管|申报|填制|公示)?(?:部门|单位)(?:\s*[（(](?:单位|部门|盖章|公章)[）)])?(?:名称)?(?:\s*[（(](?:盖章|公章)[）)])?)\s*[:：]\s*(\S.*)?$"
)
_NOTE = re.compile(r"^(?:备\s*注|附\s*注|注\s*释?|说\s*明|填表说明|填报说明)\s*[0-9０-９]{0,2}\s*(?:[:：.、]|$)")
_EMPTY_NOTE = re.compile(r"^.{0,30}(?:本表|此表|本部门|本单位|我部门|我单位|我局).{0,60}(?:无|没有|未|不涉及|为空|空表|公开空表).*")
_LIST_MARK = re.compile(r"^\s*(?:[0-9０-９]{1,2}\s*[.．、)）]|[（(][0-9０-９一二三四五六七八九十]{1,2}[）)]|[①-⑳])")
_SENTENCE_END = re.compile(r"[。；;：:，,]$")
_ORDINAL_HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十0-9]+(?:部分|章|节)|[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[）)])"
)
_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[）)])\s*")
_DATE = re.compile(r"^(?:编制|填报|填表)?(?:日期|时间)\s*[:：]|^\d{4}\s*年\s*\d{1,2}\s*月")
_TITLE_END = re.compile(r"(?:表|目\s*录|情况|明细|清单|一览|一览表|汇总|名录)\s*(?:[（(].{0,40}[）)]|[-—－]+.{0,40})*$")

# Lines above a table that may be its labels end at a gap of this many of their own heights: a title stands close to its table.
FAR = 9.0
# At most so many lines stand between a table and its title's first line.
MOST_LINES = 9
# A title has at most this many characters a line; longer ones are prose.
LONGEST_TITLE = 70


@dataclass(slots=True)
class Labelled:
    """A line that is a label, and which; `bbox` on the page as shown."""

    kind: LabelKind
    line: Line
    bbox: Box


@dataclass(slots=True)
class Labels:
    """Labels of one table. `title` may stand on several lines; `lines` are all labels in order; `marked`: one says that a table goes on."""

    number: str | None = None
    title: str | None = None
    entity_label: str | None = None
    entity: str | None = None
    unit_label: str | None = None
    unit: str | None = None
    notes: list[str] = field(default_factory=list)
    lines: list[Labelled] = field(default_factory=list)
    marked: bool = False

    def has_name(self) -> bool:
        """Whether anything says that a table begins here."""
        return self.title is not None or self.number is not None


def unit_of(text: str) -> str | None:
    """The unit of money that a text states ("金额单位：万元"), or None."""
    found = _UNIT.search(text)
    return found.group(1) if found else None


@lru_cache(maxsize=4096)  # asked of a page's lines several times
def is_label_text(text: str) -> bool:
    """Whether a line reads like a label of a form: number, unit, entity, or a form's name."""
    compact = text.replace(" ", "")
    return bool(_NUMBER.match(compact) or _ENTITY.match(compact) or unit_of(compact) or _TITLE_END.search(compact))


def labels_above(lines: list[Line], table: Rect, page: PageContents) -> tuple[Labels, list[Line]]:
    """Labels among the lines above a table (top to bottom), and the lines that are none.

    Going up from the table: unit, entity and number are told by their words; the title is the first other line that stands like one
    (centred over the table or the page, no sentence). What stands above the title is prose of its own.
    """
    labels = Labels()
    chosen: list[tuple[Line, LabelKind]] = []
    title: list[Line] = []
    upper = table[1]
    for position in range(len(lines) - 1, -1, -1):
        line = lines[position]
        if upper - line.box[3] > FAR * max(line.size, 9.0) or len(chosen) > MOST_LINES:
            break
        kind = _kind_above(line, table, page.width, title)
        if kind is None:
            break
        if kind == "title":
            title.append(line)
        chosen.append((line, kind))
        upper = min(upper, line.box[1])
    _drop_leading_others(chosen)
    rest = len(lines) - len(chosen)
    for line, kind in reversed(chosen):
        labels.lines.append(Labelled(kind, line, page.shown(line.box)))
        _take(labels, line, kind)
    _complete_entity(labels)
    return labels, lines[:rest]


def _drop_leading_others(chosen: list[tuple[Line, LabelKind]]) -> None:
    """Lines of no known kind count as labels only below a title."""
    while chosen and chosen[-1][1] == "other" and not is_mark(chosen[-1][0].text):
        chosen.pop()


def _kind_above(line: Line, table: Rect, page_width: float, title: list[Line]) -> LabelKind | None:
    text = line.text.strip()
    compact = text.replace(" ", "")
    if is_mark(compact):
        return "other"
    if _NUMBER.match(compact):
        return "number"
    if unit_of(compact) and len(compact) <= 60:
        return "unit"
    if _ENTITY.match(compact):
        return "entity"
    if _NOTE.match(compact):
        return "note" if not title else None
    if title:
        return "title" if _goes_on(line, title[-1], table, page_width) else None
    if _SENTENCE_END.search(compact) or len(compact) > LONGEST_TITLE:
        return None
    if _NUMBERED_TITLE.match(text):
        return "title"
    if _DATE.match(compact):
        return "other"
    if _ORDINAL_HEADING.match(compact) and not _TITLE_END.search(compact):
        return None
    if _centred(line, table, page_width) or _TITLE_END.search(compact):
        return "title"
    return "other"


def _centred(line: Line, table: Rect, page_width: float) -> bool:
    middle = (line.box[0] + line.box[2]) / 2
    slack = 0.06 * page_width
    return abs(middle - (table[0] + table[2]) / 2) < slack or abs(middle - page_width / 2) < slack


def _goes_on(line: Line, below: Line, table: Rect, page_width: float) -> bool:
    """A title's earlier line: same size, close, centred like it, and no end of a form's name."""
    same = abs(line.size - below.size) < 0.1 * below.size
    close = below.box[1] - line.box[3] < 1.2 * below.size
    whole = _TITLE_END.search(line.text.replace(" ", "")) or _SENTENCE_END.search(line.text) or _ORDINAL_HEADING.match(below.text)
    if not same or not close or whole:
        return False
    if _ORDINAL_HEADING.match(line.text):  # a numbered heading over two lines: the first one is full
        return line.box[2] > table[2] - 3 * line.size
    return _centred(line, table, page_width)


def _take(labels: Labels, line: Line, kind: LabelKind) -> None:
    text = line.text.strip()
    labels.marked |= is_mark(text) or (kind in ("number", "title") and is_marked(text))
    if kind == "number":
        labels.number = text.replace(" ", "").strip("（）()：:")
    elif kind == "title":
        numbered = _NUMBERED_TITLE.match(text)
        if numbered and labels.number is None and not labels.title:
            number, text = numbered.group(1).replace(" ", ""), numbered.group(2)
            labels.marked |= is_marked(number)
            labels.number = None if is_mark(number) else number
        labels.title = _ORDINAL.sub("", text) if labels.title is None else labels.title + text
    elif kind in ("unit", "entity"):
        _take_head(labels, text)
    elif kind == "note":
        labels.notes.append(text)


def _take_head(labels: Labels, text: str) -> None:
    """Entity and unit, which may stand in one line: "部门：某某局 金额单位：万元"."""
    unit = _UNIT.search(text)
    if unit:
        labels.unit, labels.unit_label = unit.group(1), text[unit.start() :].strip(" （()）")
        text = text[: unit.start()].strip()
    entity = _ENTITY.match(text)
    if entity:
        labels.entity_label = text
        labels.entity = (entity.group(1) or "").strip() or None


def _complete_entity(labels: Labels) -> None:
    """The entity's name set apart from its label ("部门：      某某局"), or going on in a second line."""
    for one in list(labels.lines):
        if one.kind != "entity" and not (one.kind == "unit" and labels.entity_label):
            continue
        for other in labels.lines:
            if other.kind != "other" or one.line.page != other.line.page:
                continue
            beside = abs(other.line.box[3] - one.line.box[3]) < 0.5 * one.line.size and other.line.box[0] > one.line.box[0]
            under = (
                0 < other.line.box[3] - one.line.box[3] < 1.9 * one.line.size
                and other.line.box[0] < one.line.box[2]
                and abs(other.line.size - one.line.size) < 0.1 * one.line.size
            )
            if (beside and not labels.entity) or (under and labels.entity):
                labels.entity = (labels.entity or "") + other.line.text.strip()
                labels.entity_label = (labels.entity_label or "") + other.line.text.strip()
                labels.lines[labels.lines.index(other)] = Labelled("entity", other.line, other.bbox)
                break


def labels_below(lines: list[Line], table: Rect) -> tuple[list[Line], list[Line]]:
    """Notes among the lines below a table (top to bottom), and the rest.

    A note begins with its word (注, 备注, 说明), or says that the form is empty; numbered lines and lines of the same size that follow closely go on.
    """
    notes: list[Line] = []
    lower = table[3]
    for line in lines:
        compact = line.text.replace(" ", "")
        close = line.box[1] - lower < 3.0 * max(line.size, 9.0)
        if not close:
            break
        begins = _NOTE.match(compact) or _EMPTY_NOTE.match(compact)
        follows = bool(notes) and abs(line.size - notes[-1].size) < 0.15 * line.size and not _TITLE_END.search(compact)
        if not (begins or (follows and (_LIST_MARK.match(compact) or line.box[1] - lower < 1.6 * line.size))):
            break
        notes.append(line)
        lower = line.box[3]
    return notes, lines[len(notes) :]


def joined_notes(lines: list[Line]) -> list[str]:
    """Notes as sentences: a line without a mark of its own goes on with the one before."""
    result: list[str] = []
    for line in lines:
        compact = line.text.replace(" ", "")
        fresh = not result or _NOTE.match(compact) or _LIST_MARK.match(compact) or _EMPTY_NOTE.match(compact)
        if fresh:
            result.append(line.text.strip())
        else:
            result[-1] += line.text.strip()
    return result
