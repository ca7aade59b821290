"""What a document says of its own forms: its list of contents, titles above no table, and sentences that say that there is nothing.

A list of contents stands in the text (目录, one entry a line, several run together, with or without leaders and page numbers) or in a table of
contents with a column that says which forms are empty. Entries are read as printed; which kinds of forms a title may name is asked of the
catalogue. Page numbers are not believed: they are those of the paper, not of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from services.normalizer.domain.grid import Grid
from services.normalizer.domain.words import plain
from shared.contracts.extracted import Extracted, ReadWarning, TextLine
from shared.contracts.normalized import FormTitle, ListedForm, Statement
from shared.contracts.vocabulary import WarningCode

KindsOf = Callable[[str], tuple[str, ...]]
"""The kinds of forms that a title may name."""

_CONTENTS = re.compile(r"^(?:公开|报表|表格)?目[录次]$")
_NUMERAL = "一二三四五六七八九十"
_NUMBER = rf"(?:附?(?:表|公开表|附件)(?:\d+|[{_NUMERAL}]+)[、.:]?|(?:部门|单位|预算|决算)?公开(?:表\d+|\d+表)|\d+表|[{_NUMERAL}]+[、.]|\([{_NUMERAL}\d]+\)|\d{{1,2}}[、.]|第[{_NUMERAL}]+部分)"
_NUMBERED = re.compile(rf"^(?P<number>{_NUMBER})")
# Several entries that run together: leaders and the page's number, or the end of a form's title right before the next number.
_PAGE = r"\d{1,3}?(?=20\d\d年|\D|$)"  # a year may follow the page without a space between
_LEADER = re.compile(rf"(?:\.{{2,}}|_{{2,}}|-{{3,}})(?:-?{_PAGE}-?)?|(?<=\D\D[表)明])(?<!公开表)(?<!表表)(?<!附表){_PAGE}(?![表、.])")
_NEXT = re.compile(rf"(?<=[表)明])(?={_NUMBER})")
_FORM = re.compile(r"表(?:\(.{1,30}\))?$")
_EMPTY = re.compile(r"\((?:此表|本表)?(?:为)?(?:空表|无数据)\)")
_PARTS = re.compile(rf"^第[{_NUMERAL}]+部分")
# Documents of the corpus print their contents within two pages; a third is left for long ones.
_PAGES = 3
_LONGEST = 60
_BEGINNING = 12  # pages in which a list of contents may begin
_SENTENCE = re.compile(r"[^。;；]+[。;；]?")
_NOTHING = re.compile(
    r"空表|无数据|不涉及|未涉及|不适用|未安排|未发生|没有[^,，]{0,60}(?:支出|收入|收支|安排|预算|决算|经费|资金|项目)"
    r"|无[^,，]{0,40}(?:支出|收入|收支|安排|预算|决算|经费|资金|项目)"
)
# Pages on which something printed may not have been read.
_UNREAD = frozenset({WarningCode.PAGE_WITHOUT_TEXT, WarningCode.UNRELIABLE_TEXT, WarningCode.PICTURE_UNREAD, WarningCode.BORDERLESS_TABLE})


def listed_forms(extracted: Extracted, tables: Iterable[Grid], kinds_of: KindsOf) -> tuple[ListedForm, ...]:
    """The entries of the document's list of contents that may be forms, in order. Args: tables: those that are lists of contents."""
    found = [entry for grid in tables for entry in _of_table(grid, kinds_of)]
    return tuple(found or _of_text(contents_lines(extracted.text), kinds_of))


def contents_lines(text: Sequence[TextLine]) -> list[TextLine]:
    """The lines of the list of contents in the text: below its heading, up to a sentence, or to where the first entry comes again."""
    lines = [line for line in text if line.kind not in ("header", "footer", "page_number", "repeated_header")]
    start = _start(lines)
    if start is None:
        return []
    found: list[TextLine] = []
    first = ""
    for line in lines[start:]:
        words = plain(line.text)
        if line.page >= lines[start - 1].page + _PAGES or "。" in words[:-1] or (len(words) > _LONGEST and words.endswith("。")):
            break
        bare = _LEADER.sub("", words)
        if first and found and bare == first:
            break
        first = first or bare
        found.append(line)
    return found


def _start(lines: Sequence[TextLine]) -> int | None:
    """The index of the line after the heading 目录, which may be set as two lines."""
    for index, line in enumerate(lines):
        if line.page > _BEGINNING:
            break
        if _CONTENTS.match(plain(line.text)):
            return index + 1
        if plain(line.text) == "目" and any(plain(other.text) in ("录", "次") for other in lines[index + 1 : index + 3]):
            return index + 2
    return None


def _of_text(lines: Sequence[TextLine], kinds_of: KindsOf) -> Iterator[ListedForm]:
    for page, entry in _joined([(line.page, piece) for line in lines for piece in _pieces(plain(line.text))]):
        if _PARTS.match(entry):
            continue
        made = _entry(entry, page, kinds_of)
        if made is not None:
            yield made


def _pieces(words: str) -> Iterator[str]:
    for part in _LEADER.split(words):
        yield from (piece for piece in _NEXT.split(part) if piece)


def _joined(pieces: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Entries whose title was broken over two lines are put together: the second has no number where the others have one."""
    numbered = sum(bool(_NUMBERED.match(piece)) for _, piece in pieces) * 2 > len(pieces)
    held: tuple[int, str] | None = None
    for page, piece in pieces:
        if held is not None:
            if numbered and not _NUMBERED.match(piece) and not _complete(held[1]) and len(held[1] + piece) <= _LONGEST:
                held = (held[0], held[1] + piece)
                continue
            yield held
        held = (page, piece)
    if held is not None:
        yield held


def _complete(entry: str) -> bool:
    return bool(_FORM.search(entry)) or entry.endswith(("说明", "情况", "概况", "解释"))


def _entry(words: str, page: int, kinds_of: KindsOf, *, empty: bool = False) -> ListedForm | None:
    """An entry that ends as titles of forms do; None for chapters of the narrative."""
    marked = bool(_EMPTY.search(words))
    title, number = _EMPTY.sub("", words), None
    while found := _NUMBERED.match(title):
        number, title = number or found["number"].rstrip("、.:"), title[found.end() :]
    if not _FORM.search(title) or len(title) > _LONGEST:
        return None
    return ListedForm(page=page, title=title, number=number, forms=kinds_of(title), empty=empty or marked)


def _of_table(grid: Grid, kinds_of: KindsOf) -> Iterator[ListedForm]:
    """The rows of a table of contents: the longest text that is a title; 是 below 是否空表, or a reason beside it, says that it is empty."""
    rows: dict[int, dict[int, str]] = {}
    for cell in grid.table.cells:
        rows.setdefault(cell.row, {})[cell.col] = plain(cell.text)
    asks = {col for row in range(grid.header_rows) for col, text in rows.get(row, {}).items() if "是否空表" in text}
    page = grid.table.pages[0]
    for row in sorted(rows):
        if row < grid.header_rows:
            continue
        titles = [text for text in rows[row].values() if _FORM.search(text) and len(text) > 3]
        if not titles:
            continue
        empty = any(rows[row].get(col) == "是" for col in asks)
        numbers = [text for text in rows[row].values() if _NUMBERED.fullmatch(text) or re.fullmatch(r"表?\d{1,2}", text)]
        entry = _entry(max(titles, key=len), page, kinds_of, empty=empty)
        if entry is not None:
            yield ListedForm(
                page=entry.page, title=entry.title, number=numbers[0] if numbers else entry.number, forms=entry.forms, empty=entry.empty
            )


def loose_titles(extracted: Extracted, titles: Iterable[str], kinds_of: KindsOf) -> tuple[FormTitle, ...]:
    """Titles of forms in the text that no table has taken, outside the list of contents: a table below them may not have been read.

    Args: titles: those of the tables that were read.
    """
    taken = {plain(title) for title in titles}
    contents = {id(line) for line in contents_lines(extracted.text)}
    found: dict[str, FormTitle] = {}
    for line in extracted.text:
        if line.kind not in ("heading", "paragraph", "other") or id(line) in contents:
            continue
        words = plain(line.text)
        while number := _NUMBERED.match(words):
            words = words[number.end() :]
        if len(words) > _LONGEST or not _FORM.search(words) or words in taken or words in found or re.search("[,。:;《见]", words):
            continue
        kinds = kinds_of(words)
        if kinds:
            found[words] = FormTitle(page=line.page, title=words, forms=kinds)
    return tuple(found.values())


def statements_of_nothing(text: Iterable[TextLine]) -> tuple[Statement, ...]:
    """Sentences of the text that say that there is nothing of something (本部门没有…支出, 本表无数据), in order, as printed."""
    found = []
    for line in text:
        if line.kind in ("header", "footer", "page_number", "repeated_header"):
            continue
        for sentence in _SENTENCE.findall(plain(line.text)):
            if _NOTHING.search(sentence):
                found.append(Statement(page=line.page, text=sentence))
    return tuple(found)


def unread_pages(warnings: Iterable[ReadWarning]) -> tuple[int, ...]:
    """Pages of which something may not have been read: no text, text that is not to be relied on, a picture, a table that became text."""
    return tuple(sorted({warning.page for warning in warnings if warning.code in _UNREAD and warning.page is not None}))
