"""Tries out edits of a document: what each repairs and what it breaks, by reading and grading the edited document anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from services.validator.domain.blank_edits import left_blank
from services.validator.domain.column_edits import wrong_columns
from services.validator.domain.doubts import is_text
from services.validator.domain.edits import Edit
from services.validator.domain.grading import Graded
from services.validator.domain.row_edits import wrong_rows
from services.validator.domain.sheet import Book, read_book
from services.validator.domain.structure import Judge, Judged
from services.validator.domain.tieout_graph import figures_of

# Edits that are tried in one document, and figures that are graded anew for them: each trial takes as long as grading the document once, 20 ms
# for 1,000 figures (benchmarks/diagnosis.py).
_TRIALS, _FIGURES = 12, 20_000

Direction = Literal["across", "down", "between"]
Key = tuple[str, Direction]
"""The fact that is the target of a sum, and where its terms stand: in its row, in its column, or in other forms."""


def key_of(graded: Graded) -> Key:
    """What is checked, the same in an edited document, under whatever identity."""
    target = graded.equation.target.fact
    direction: Direction = "across" if graded.equation.terms else "down"
    for term, _ in graded.equation.terms:
        if term.fact.table != target.table:
            return target.id, "between"
        if term.fact.row != target.row:
            direction = "down"
    return target.id, direction


@dataclass(frozen=True, slots=True, eq=False)
class Repair:
    """An edit that explains failing checks: those that fail no more, and those that hold now, also sums that could not even be read before.

    Nothing need be gained where a code or project is printed twice: then the second may have been read as a part of the first. `rivals`: other edits that
    do as well.
    """

    edit: Edit
    repaired: frozenset[Key]
    gained: frozenset[Key]
    rivals: tuple[Edit, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether sums speak for it that hold anew, or that it was not made from.

        Of a blank cell: where no sum fails nothing that is printed is impossible, and a reader of images may have overlooked a figure.
        """
        edit = self.edit
        if edit.blank is not None:
            return bool(self.repaired and (edit.certain or edit.source)) and is_text(edit.blank)
        return bool(self.gained or edit.certain or edit.put_in)


@dataclass(frozen=True, slots=True)
class _Tally:
    """Targets of the checks that fail and of those that hold; `upheld`: all figures of those that hold; `counted`: what sums down a column add up."""

    fails: frozenset[Key]
    holds: frozenset[Key]
    upheld: frozenset[Key]
    counted: frozenset[str]


def _tally(judged: Iterable[Judged]) -> _Tally:
    graded = [one for reading in judged for one in reading.graded]
    holding = [(one, key_of(one)) for one in graded if one.status in ("exact", "rounding") and one.equation.target.value]
    return _Tally(
        fails=frozenset(key_of(one) for one in graded if one.status == "failed"),
        holds=frozenset(key for _, key in holding),
        upheld=frozenset((figure, key[1]) for one, key in holding for figure in figures_of(one)),
        counted=frozenset(term.id for one, key in holding if key[1] == "down" for term, _ in one.equation.terms if term.value),
    )


def find_repairs(book: Book, judged: list[Judged], judge: Judge) -> tuple[list[Repair], bool]:
    """The edits that repair something and break nothing, each the best of those that are left.

    Args: judged: the readings of the document as it is. judge: reads and grades a document.
    Returns: the repairs, and whether every edit was tried.
    """
    repairs: list[Repair] = []
    printed = book.figures.keys()
    trials = trials_for(len(book.figures))
    while trials > 0:
        proposed = (_of_the_paper(edit, printed) for edit in _proposed(book, judged, judge))
        edits = list(islice((edit for edit in proposed if edit is not None), trials))
        trials -= len(edits)
        tried = []
        before = _tally(judged if edits else ())
        for edit in edits:
            edited = read_book(edit.document)
            then = judge(edited)
            repair = _compared(edit, before, _tally(then), book.figures.keys())
            if repair:
                tried.append((repair, edited, then))
        if not tried:
            return repairs, trials > 0 or not edits
        best, after, judged_after = max(tried, key=lambda found: _worth(found[0]))
        rivals = tuple(one.edit for one, _, _ in tried if one is not best and _worth(one) == _worth(best) and _touch(one.edit, best.edit))
        repairs.append(replace(best, rivals=rivals))
        book, judged = after, judged_after
    return repairs, False


def trials_for(figures: int) -> int:
    """How many edits are tried in a document of so many figures: the bound is counted, so that the same document gives the same bytes."""
    return min(_TRIALS, max(1, _FIGURES // max(figures, 1)))


def _proposed(book: Book, judged: list[Judged], judge: Judge) -> Iterator[Edit]:
    """The edits that something in the document points to."""
    failing = [(one, reading) for reading in judged for one in reading.graded if one.status == "failed"]
    holds: Counter[tuple[str, ...]] = Counter()
    for reading in judged:
        holds[reading.bundle.family] += reading.holds
    # Roll-ups of which others of the same list hold: a list that prints some items of a class only is our misunderstanding.
    sound = [one for one, reading in failing if reading.trust != "unclear" and holds[reading.bundle.family] > reading.holds]
    yield from wrong_rows(book, sound)
    yield from left_blank(book, (one for reading in judged for one in reading.graded), judge)
    once: set[tuple[str, str | None]] = set()
    for edit in wrong_columns(book, [one for one, _ in failing]):
        if (edit.figures[0].id, edit.moved) not in once:
            once.add((edit.figures[0].id, edit.moved))
            yield edit


def _of_the_paper(edit: Edit, printed: Collection[str]) -> Edit | None:
    """An edit with only the figures that the document prints, not those that an edit before it put in or moved; None where its place is such a one."""
    if edit.figures[0].id not in printed or any(figure.id not in printed for figure in edit.source):
        return None
    return replace(edit, figures=tuple(figure for figure in edit.figures if figure.id in printed))


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits are about one thing: the same table and cause."""
    return one.table == other.table and one.cause == other.cause and not {f.id for f in one.source} ^ {f.id for f in other.source}


def _worth(repair: Repair) -> tuple[int, int]:
    return len(repair.repaired), len(repair.gained)


def _compared(edit: Edit, before: _Tally, after: _Tally, known: Collection[str]) -> Repair | None:
    """What an edit repairs; None where it breaks something. Args: known: the facts of the document before it: what it put in proves nothing."""
    here = {fact.id for fact in edit.document.facts}
    repaired = before.fails - after.fails
    gained = {key for key in after.holds - before.holds if key[0] in known or key[0] in (edit.moved, edit.blank and edit.blank.id)}
    broken = {key for key in after.fails - before.fails if key[0] in known}
    lost = {key for key in before.holds - after.upheld if key[0] in here and key[0] not in edit.heirs}
    if edit.put_in:  # what it was made from holds by itself
        gained -= repaired
    says_something = _fits(edit, repaired, after) if edit.put_in else gained or edit.named
    if broken or lost or not says_something:
        return None
    if edit.blank is None and not edit.heirs & after.counted:  # of two rows alike no total tells whether one is too many
        edit = replace(edit, certain=False)
    return Repair(edit, frozenset(repaired), frozenset(gained))


def _fits(edit: Edit, repaired: Collection[Key], after: _Tally) -> bool:
    """Whether a row that is printed nowhere mends every sum that it was made from, and adds up across its columns like any other row."""
    mended = {key[0] for key in repaired}
    across = any(key[0] in edit.put_in for key in after.holds) and not any(key[0] in edit.put_in for key in after.fails)
    return across and all(figure.id in mended for figure in edit.figures)
