"""Whether a document has the forms that it must have and says it has, and whether its empty forms say why they are empty.

A form that is not there is a fault of the document, one that is there and was not read is ours: the first is a warning, the second makes the
document unverifiable. What a title or a list of contents means is believed as far as it is certain: forms are merged, renamed and published in
other files, and a false "missing" on each document of a province is worse than a silent one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from services.validator.domain.findings import Findings
from services.validator.domain.form_messages import (
    apart_message,
    empty_message,
    excerpt_message,
    many_not_found_message,
    missing_message,
    not_found_message,
    perhaps_unread_message,
    unlisted_message,
    unread_form_message,
)
from services.validator.domain.grading import Graded
from services.validator.domain.messages import Said
from services.validator.domain.requirements import Requirement, Subject
from services.validator.domain.rules import Rules
from services.validator.domain.settling import APART
from services.validator.domain.sheet import Book, Sheet
from shared.contracts.normalized import FormTitle, ListedForm
from shared.contracts.vocabulary import FindingCode, FormKind

# Titles of one form in contents and above the table differ by a word or two (财政拨款政府性基金… , 政府性基金财政拨款…): .77 and more in
# the corpus. Titles of different forms may be as near (收入决算表, 支出决算表: .8), so nearness only ever excuses.
_ALIKE = 0.75
_SAME = 0.9  # so near that another kind is our mistake
# A disclosure that lacks a form or two forgot them; one that lacks more is published in several files, or by a template of its own.
_FEW = 2
_NO_FORMS = frozenset({FormKind.CONTENTS, FormKind.UNIT_LIST})
# Attached to the narrative rather than listed among the forms.
_ATTACHED = frozenset({FormKind.PROJECT_PERFORMANCE, FormKind.UNIT_PERFORMANCE, FormKind.MEETINGS_TRAINING, FormKind.ASSETS})
_FILLERS = re.compile(r"20\d\d年度?|部门|单位|综合|公开|情况")
_WHY_HERE = re.compile("本表|此表|该表|上表")


@lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """A title without what lists of contents leave out or add: width of characters, spaces, quotation marks, year, 部门, 单位."""
    text = re.sub(r"[\s\"'“”‘’《》]", "", unicodedata.normalize("NFKC", title))
    return _FILLERS.sub("", text)


@lru_cache(maxsize=16384)
def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0


def _alike(first: str, second: str) -> bool:
    return _ratio(title_key(first), title_key(second)) >= _ALIKE


@dataclass(frozen=True, slots=True)
class Gap:
    """A required form that no table is, with what the document says of it."""

    required: Requirement
    listed: ListedForm | None
    title: FormTitle | None


def find_gaps(book: Book, rules: Rules) -> tuple[Gap, ...]:
    """The forms that the kind of document requires and that no table is; none for a narrative or a document without forms."""
    sheets = _forms(book)
    if book.document.document.part == "narrative" or not sheets:
        return ()
    required = _required(book, rules)
    return tuple(_gap(one, book) for one in required if not any(_satisfies(sheet, one) for sheet in sheets))


def widest_missing(gaps: Sequence[Gap], cut: Collection[str], rules: Rules) -> int:
    """How wide the money is of which a form is missing or cut (`Rules.width`), -1 for none: what the text says of it finds narrower forms only.

    Many forms that nothing of the document speaks of are in other files, and so may be what the text says.
    """
    belong = [gap for gap in gaps if len(gaps) <= _FEW or gap.listed is not None or gap.title is not None]
    kinds = {*(gap.required.forms[0] for gap in belong if not gap.required.subject), *cut}
    return max((rules.width(kind) for kind in kinds), default=-1)


def _forms(book: Book) -> list[Sheet]:
    return [sheet for sheet in book.sheets if sheet.kind not in _NO_FORMS]


def _required(book: Book, rules: Rules) -> list[Requirement]:
    return [one for one in rules.required if one.applies(book.document.document)]


def check_completeness(book: Book, rules: Rules, gaps: Sequence[Gap], findings: Findings, cut: frozenset[str] = frozenset()) -> bool:
    """Adds what is said of missing, unlisted and unexplained empty forms.

    Args: gaps: the required forms that are not there (`find_gaps`). cut: the kinds of forms whose end is missing (lost_ends.py).
    Returns: whether a form that the kind of document requires is there, as far as the document says, and was not read, or not to its end.
    """
    sheets = _forms(book)
    if book.document.document.part == "narrative" or not sheets:
        return False
    _empty_forms(book, sheets, rules, findings)
    required = _required(book, rules)
    unread = _unread(gaps, book, findings)
    listed = [gap for gap in gaps if gap not in unread and gap.listed is not None]
    not_listed = [gap.required for gap in gaps if gap not in unread and gap.listed is None]
    _contents(book, sheets, gaps, unread, findings)
    _missing(not_listed, len(required) - len(gaps), book, rules, findings)
    if any(not cut.isdisjoint(one.forms) for one in required):
        return True
    return bool(unread) or any(gap.listed is not None and not gap.listed.empty for gap in listed)


def report_apart(book: Book, graded: Sequence[Graded], findings: Findings) -> None:
    """A warning for each table that may go on with another one, where sums over them did not hold and could not be assessed."""
    by_table = {sheet.form.table: sheet for sheet in book.sheets}
    told: set[int] = set()
    for sheet in book.sheets:
        before = by_table.get(sheet.form.continues or "")
        if before is None:
            continue
        seam = {sheet.form.table, before.form.table}
        over = [one for one in graded if one.reason == APART and id(one) not in told and not seam.isdisjoint(_tables(one))]
        if over:
            told |= {id(one) for one in over}
            page, page_before = (form.pages[0] if form.pages else 0 for form in (sheet.form, before.form))
            message = apart_message(page, before.form.title or before.form.table, page_before, len(over))
            figures = [one.equation.target for one in over]
            findings.add(FindingCode.FORM_APART, "warning", message, over, figures, said=Said(page=page or None))


def _tables(graded: Graded) -> set[str]:
    return {graded.equation.target.fact.table, *(term.fact.table for term, _ in graded.equation.terms)}


def _satisfies(sheet: Sheet, required: Requirement) -> bool:
    return sheet.kind in required.forms or bool(re.search(required.titles, title_key(sheet.form.title or "")))


def _gap(required: Requirement, book: Book) -> Gap:
    def names(forms: Sequence[str], title: str) -> bool:
        return bool(set(forms) & set(required.forms)) and bool(re.search(required.titles, title_key(title)))

    listed = next((entry for entry in book.document.contents if names(entry.forms, entry.title)), None)
    title = next((title for title in book.document.loose_titles if names(title.forms, title.title)), None)
    return Gap(required, listed, title)


def _unread(gaps: Sequence[Gap], book: Book, findings: Findings) -> list[Gap]:
    """The required forms that are there and were not read: their title is, or there are enough unread pages and unknown tables for them."""
    titled = [gap for gap in gaps if gap.title is not None]
    for gap in titled:
        assert gap.title is not None
        message = unread_form_message(gap.required, gap.title)
        said = Said(page=gap.title.page)
        findings.add(FindingCode.FORM_UNREAD, "warning", message, (), [], key=gap.required.id, said=said, form=gap.required.forms[0])
    rest = [gap for gap in gaps if gap.title is None]
    pages = _unread_pages(book)
    if not rest or not pages or len(rest) > max(_FEW, len(pages)):
        return titled
    message = perhaps_unread_message([gap.required for gap in rest], pages)
    findings.add(
        FindingCode.FORM_UNREAD, "warning", message, (), [], key="perhaps", said=Said(page=pages[0]), form=rest[0].required.forms[0]
    )
    return [*titled, *rest]


def _unread_pages(book: Book) -> list[int]:
    """The pages of which something was not read, and those where a table of no known kind with figures begins."""
    unknown = {sheet.form.pages[0] for sheet in book.sheets if sheet.kind is None and sheet.cells and sheet.form.pages}
    return sorted({*book.document.unread_pages, *unknown})


def _missing(missing: Sequence[Requirement], found: int, book: Book, rules: Rules, findings: Findings) -> None:
    """Required forms that nothing of the document speaks of: one finding each, or one line for many. Args: found: how many are there."""
    if len(missing) > _FEW:
        findings.add(FindingCode.FORM_MISSING, "info", excerpt_message(found, missing), (), [], key="excerpt")
        return
    subjects = {subject.id: subject for subject in rules.subjects}
    for required in missing:
        subject = subjects.get(required.subject)
        explained = subject is not None and _said(subject, book)
        severity = "info" if explained else required.severity
        message = missing_message(required, explained=explained)
        findings.add(FindingCode.FORM_MISSING, severity, message, (), [], key=required.id, form=required.forms[0])


def _contents(book: Book, sheets: Sequence[Sheet], gaps: Sequence[Gap], unread: Sequence[Gap], findings: Findings) -> None:
    """The list of contents against the forms: entries that no form is, and forms that no entry names."""
    entries = book.document.contents
    if not entries:
        return
    required = {gap.listed: gap.required for gap in gaps if gap.listed is not None}
    told = [gap.listed for gap in unread]
    sure = [entry for entry in entries if entry.forms or (entry.number or "").startswith("表")]
    lost = [entry for entry in sure if entry in required or (_any_known(sheets) and not _matched(entry, entries, sheets))]
    lost = [entry for entry in lost if entry not in told]
    if len(lost) * 2 > len(sure):
        message = many_not_found_message(lost)
        findings.add(FindingCode.FORM_NOT_FOUND, "warning", message, (), [], key="contents", said=Said(page=lost[0].page))
        return
    for entry in lost:
        message = not_found_message(entry, required.get(entry))
        form = required[entry].forms[0] if entry in required else entry.forms[0] if entry.forms else None
        said, key = Said(page=entry.page), title_key(entry.title)
        findings.add(FindingCode.FORM_NOT_FOUND, "warning", message, (), [], key=key, said=said, form=form, title=entry.title)
    unlisted = [sheet for sheet in sheets if not _listed(sheet, entries)]
    if unlisted and len(unlisted) * 2 <= len(sheets):
        titles = [(sheet.form.title or sheet.form.table, sheet.form.pages[0] if sheet.form.pages else 0) for sheet in unlisted]
        message, said = unlisted_message(titles, entries[0].page), Said(page=entries[0].page)
        findings.add(FindingCode.FORM_UNLISTED, "info", message, (), [], key="contents", said=said)


def _any_known(sheets: Iterable[Sheet]) -> bool:
    """Whether every table with figures is of a known kind: else an entry may be the unknown one."""
    return all(sheet.kind is not None or not sheet.cells for sheet in sheets)


def _matched(entry: ListedForm, entries: Sequence[ListedForm], sheets: Sequence[Sheet]) -> bool:
    """Whether a form is what an entry names: one whose title is nearest to it, or one that may be meant and is no other entry's either."""
    for sheet in sheets:
        own = _nearness(sheet, entry)
        best = max(_nearness(sheet, other) for other in entries)
        if own and (own == best or best < _ALIKE):
            return True
    return False


def _nearness(sheet: Sheet, entry: ListedForm) -> float:
    """How near a form is to an entry: by title, and above 0 by kind alone; 0 where it is something else."""
    near = _ratio(title_key(sheet.form.title or ""), title_key(entry.title))
    if sheet.kind is None or sheet.kind in entry.forms:
        return max(near, 0.01)
    return near if near >= (_SAME if entry.forms else _ALIKE) else 0.0


def _listed(sheet: Sheet, entries: Sequence[ListedForm]) -> bool:
    """Whether an entry may name a form; attachments and tables of no kind need none."""
    title = sheet.form.title or ""
    if sheet.kind is None or sheet.kind in _ATTACHED or not title or sheet.form.continues:
        return True
    return any(sheet.kind in entry.forms or _alike(title, entry.title) for entry in entries)


def _empty_forms(book: Book, sheets: Sequence[Sheet], rules: Rules, findings: Findings) -> None:
    """One finding for the empty forms about one thing that nothing explains."""
    for subject in rules.subjects:
        empty = [sheet for sheet in sheets if sheet.kind in subject.forms and sheet.form.empty and sheet.form.pages]
        bare = [sheet for sheet in empty if not _explained(sheet, subject, book)]
        if bare:
            titles = [(sheet.form.title or sheet.form.table, sheet.form.pages[0]) for sheet in bare]
            first = bare[0].form
            said = Said(page=first.pages[0])
            message = empty_message(titles)
            findings.add(FindingCode.FORM_EMPTY, "warning", message, (), [], key=subject.id, said=said, form=first.form, title=first.title)


def _explained(sheet: Sheet, subject: Subject, book: Book) -> bool:
    """By a note of its own, a sentence on its page about this form, the list of contents, or what the text says of its subject."""
    if sheet.form.note or sheet.form.continues or sheet.form.table in book.continued:
        return True
    document = book.document
    if any(said.page in sheet.form.pages and _WHY_HERE.search(said.text) for said in document.nothing):
        return True
    if any(entry.empty and (sheet.kind in entry.forms or _alike(entry.title, sheet.form.title or "")) for entry in document.contents):
        return True
    return _said(subject, book)


def _said(subject: Subject, book: Book) -> bool:
    """Whether the text says that there is nothing of a subject, in words or by a claim of zero, and gives no amount of it."""
    words = re.compile(subject.pattern)
    if any(claim.amount and claim.kind == "amount" and words.search(claim.subject) for claim in book.document.claims):
        return False
    if any(words.search(said.text) for said in book.document.nothing):
        return True
    notes = [sheet.form.note for sheet in book.sheets if sheet.form.note]
    if any(words.search(note) for note in notes):
        return True
    return any(not claim.amount and claim.kind == "amount" and words.search(claim.subject) for claim in book.document.claims)
