"""Whether a document has the forms that it must have and says it has, and whether its empty forms say why they are empty.

A form that is not there is a fault of the document, one that is there and was not read is ours: the first is a warning, the second makes the
document unverifiable. What a title or a list of contents means is believed as far as it is certain: forms are merged, renamed and published in
other files, and a false "missing" on each document of a province is worse than a silent one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.validator.domain.contents import alike, check_contents, title_key
from services.validator.domain.findings import Findings
from services.validator.domain.form_messages import (
    apart_message,
    empty_message,
    excerpt_message,
    missing_message,
    perhaps_unread_message,
    unread_form_message,
)
from services.validator.domain.grading import Graded
from services.validator.domain.messages import Said
from services.validator.domain.requirements import Requirement, Subject
from services.validator.domain.rules import Rules
from services.validator.domain.sheet import Book, Sheet, title_of
from shared.check_reasons import APART
from shared.contracts.normalized import FormTitle, ListedForm
from shared.contracts.vocabulary import FindingCode, FormKind

# A disclosure that lacks a form or two forgot them; one that lacks more is published in several files, or by a template of its own.
_FEW = 2
_NO_FORMS = frozenset({FormKind.CONTENTS, FormKind.UNIT_LIST})
_WHY_HERE = re.compile("本表|此表|该表|上表")


@dataclass(frozen=True, slots=True)
class Gap:
    """A required form that no table is, with what the document says of it."""

    required: Requirement
    listed: ListedForm | None
    title: FormTitle | None


def find_gaps(book: Book, rules: Rules) -> tuple[Gap, ...]:
    """The forms that the kind of document requires and that no table is; none for a narrative or a document without forms."""
    sheets = _forms(book)
    required = _required(book, rules) if sheets else ()
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
    missed = {gap.listed: gap.required for gap in gaps if gap.listed is not None}
    check_contents(book.document.contents, sheets, missed, [gap.listed for gap in unread], findings)
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
            message = apart_message(page, title_of(before.form), page_before, len(over))
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
    rest, pages = _perhaps_unread(gaps, book)
    if rest:
        message = perhaps_unread_message([gap.required for gap in rest], pages)
        figures = [min(sheet.cells.values(), key=lambda figure: figure.id) for sheet in _unknown(book)]
        said = Said(page=pages[0])
        findings.add(FindingCode.FORM_UNREAD, "warning", message, (), figures, key="perhaps", said=said, form=rest[0].required.forms[0])
    return [*titled, *rest]


def told_as_unread(gaps: Sequence[Gap], book: Book) -> frozenset[str]:
    """The tables of no known kind that are told as what may be a required form: they need no word of their own."""
    return frozenset(sheet.form.table for sheet in _unknown(book)) if _perhaps_unread(gaps, book)[0] else frozenset()


def _perhaps_unread(gaps: Sequence[Gap], book: Book) -> tuple[list[Gap], list[int]]:
    """The required forms that may stand in what was not read, and its pages; none where there is too little of it for them."""
    rest, pages = [gap for gap in gaps if gap.title is None], _unread_pages(book)
    return (rest, pages) if pages and len(rest) <= max(_FEW, len(pages)) else ([], pages)


def _unknown(book: Book) -> list[Sheet]:
    """The tables of no known kind that print figures."""
    return [sheet for sheet in book.sheets if sheet.kind is None and sheet.cells and sheet.form.pages]


def _unread_pages(book: Book) -> list[int]:
    """The pages of which something was not read, and those where a table of no known kind with figures begins."""
    return sorted({*book.document.unread_pages, *(sheet.form.pages[0] for sheet in _unknown(book))})


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


def _empty_forms(book: Book, sheets: Sequence[Sheet], rules: Rules, findings: Findings) -> None:
    """One finding for the empty forms about one thing that nothing explains."""
    for subject in rules.subjects:
        empty = [sheet for sheet in sheets if sheet.kind in subject.forms and sheet.form.empty and sheet.form.pages]
        bare = [sheet for sheet in empty if not _explained(sheet, subject, book)]
        if bare:
            titles = [(title_of(sheet.form), sheet.form.pages[0]) for sheet in bare]
            first = bare[0].form
            said = Said(page=first.pages[0])
            message = empty_message(titles)
            findings.add(FindingCode.FORM_EMPTY, "warning", message, (), [], key=subject.id, said=said, form=first.form, title=first.title)


def _explained(sheet: Sheet, subject: Subject, book: Book) -> bool:
    """By a note of its own, a sentence on its page about this form, the list of contents, or what the text says of its subject."""
    if sheet.form.note or sheet.form.table in book.continued:
        return True
    document = book.document
    if any(said.page in sheet.form.pages and _WHY_HERE.search(said.text) for said in document.nothing):
        return True
    if any(entry.empty and (sheet.kind in entry.forms or alike(entry.title, sheet.form.title or "")) for entry in document.contents):
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
