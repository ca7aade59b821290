"""What is marked in the PDF: the figures in question with a box, and a note at each with the sentence, the sum and the suggestion. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from shared.contracts.common import Box
from shared.plain_text import plain
from tieout.explain import SumLine, accused_marks, diagnosis_lines, place_text, sum_lines
from tieout.handover.contents import Handover, Item
from tieout.handover.words import acceptance_line, counts_line, kind_word, title_line, verdict_word
from tieout.language import Language, pick, say
from tieout.summary import grouped

Tone = Literal["correction", "question", "accepted"]

_MOST_LINES = 40  # of a sum in a note: the longest of the corpus has 27 terms; a hostile one could have thousands
_MOST_SUMS = 4
_MOST_MARKS = 400  # a document with more has a cause that no single mark shows; the report says how many are left out


@dataclass(frozen=True)
class Mark:
    """A place in the PDF. `box` is null where only the page is known: then there is a note and no box.

    `label`: the numbers of the findings. `short`: printed and suggested figure. `text`: what the note says, lines separated by newlines.
    """

    page: int
    box: Box | None
    tone: Tone
    label: str
    short: str
    text: str


@dataclass(frozen=True)
class Marks:
    """All marks in the order of pages, and how many findings got none because there were too many."""

    marks: tuple[Mark, ...]
    left_out: int


def marks_of(contents: Handover, language: Language) -> Marks:
    """The marks of a document: a summary on its first page, and one mark for each place that a finding is about."""
    items = [item for item in contents.items(language) if item.kind != "note"]
    places: defaultdict[tuple[int, Box | None], list[Item]] = defaultdict(list)
    left_out = 0
    for item in items:
        keys = _places_of(item, contents.pages)
        kept = [key for key in keys if key in places or len(places) < _MOST_MARKS]
        left_out += bool(keys) and not kept
        for key in kept:
            places[key].append(item)
    marks = [_mark(page, box, own, language) for (page, box), own in places.items()]
    marks.sort(key=lambda mark: (mark.page, mark.box or (0.0, 0.0, 0.0, 0.0), mark.label))
    return Marks((_summary(contents, language), *marks), left_out)


def _places_of(item: Item, pages: int) -> list[tuple[int, Box | None]]:
    """Where a finding is marked: its figures, else the page that it names; nowhere where it names none of this document."""
    figures: list[tuple[int, Box | None]] = [(spot.page, spot.box) for spot in item.spots if spot.figure]
    page = None if item.between else item.finding.page
    return figures or ([(page, None)] if page is not None and 1 <= page <= pages else [])


def _mark(page: int, box: Box | None, items: list[Item], language: Language) -> Mark:
    tone: Tone = "accepted"
    if any(item.accepted is None for item in items):
        tone = "correction" if any(item.accepted is None and item.kind == "correction" for item in items) else "question"
    return Mark(
        page=page,
        box=box,
        tone=tone,
        label=",".join(str(item.number) for item in items),
        short=pick(language, "；", "; ").join(filter(None, (_short(item, language) for item in items))),
        text="\n\n".join(note_text(item, language) for item in items),
    )


def _short(item: Item, language: Language) -> str:
    diagnosis = item.finding.diagnosis
    if diagnosis is None or not diagnosis.suggested or diagnosis.reported is None:
        return plain(say(item.finding.message, language))
    printed, suggested = plain(diagnosis.reported), plain(diagnosis.suggested)
    return pick(language, f"印为 {printed}，应为 {suggested}", f"prints {printed}, should be {suggested}")


def note_text(item: Item, language: Language) -> str:
    """A finding as the text of a note: its sentence, what is suggested, and each sum line by line."""
    return "\n".join(_lines(item, language))


def _lines(item: Item, language: Language) -> Iterator[str]:
    finding = item.finding
    yield f"[{item.number}] {kind_word(item.kind, language)} · {finding.id}"
    yield plain(say(finding.message, language))
    if item.accepted is not None:
        yield acceptance_line(item.accepted, language)
    if finding.diagnosis is not None:
        yield from (line.plain for line in diagnosis_lines(finding.diagnosis, item.context))
    if not item.checks:
        yield from _compared(item, language)
    marks = accused_marks(finding, language)
    for check in item.checks[:_MOST_SUMS]:
        yield ""
        yield item.context.rules.get(check.rule, check.rule) + pick(language, "：", ":")
        lines = sum_lines(check, item.context, marks)
        for line in _shortened(lines):
            yield f"{line.label.strip()} {line.figure} {line.unit}  {line.place}".rstrip() if line else "…"
    if len(item.checks) > _MOST_SUMS:
        more = len(item.checks) - _MOST_SUMS
        yield ""
        yield pick(language, f"另有 {more} 项核对，见报告。", f"and {more} more checks: see the report.")


def _compared(item: Item, language: Language) -> Iterator[str]:
    """The figures that a finding without a sum compares, each with its place."""
    for evidence in item.finding.evidence[:_MOST_LINES]:
        fact = item.context.facts.get(evidence.fact)
        place = place_text(fact, None, item.context) or pick(language, f"第 {evidence.page} 页", f"p. {evidence.page}")
        unit = fact.unit or "" if fact else ""
        yield f"{place}{pick(language, '：', ': ')}{grouped(evidence.text)} {unit}".rstrip()


def _shortened(lines: list[SumLine]) -> Iterable[SumLine | None]:
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[: _MOST_LINES - 3], None, *lines[-2:]]


def _summary(contents: Handover, language: Language) -> Mark:
    items = contents.items(language)
    lines = [title_line(contents, language), verdict_word(contents.validated.verdict, language), counts_line(items, language)]
    lines += [f"[{item.number}] {plain(say(item.finding.message, language))}" for item in items if item.kind != "note"][:_MOST_LINES]
    tone: Tone = "correction" if any(item.kind == "correction" and item.accepted is None for item in items) else "question"
    return Mark(1, None, tone, "i", lines[0], "\n".join(lines))
