"""The document's own list of contents against its forms: what is listed and not there, and what is there and not listed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from services.validator.domain.findings import Findings
from services.validator.domain.form_messages import many_not_found_message, not_found_message, unlisted_message
from services.validator.domain.messages import Said
from services.validator.domain.requirements import Requirement
from services.validator.domain.sheet import Sheet, title_of
from shared.contracts.normalized import ListedForm
from shared.contracts.vocabulary import FindingCode, FormKind

# Titles of one form in contents and above the table differ by a word or two (财政拨款政府性基金… , 政府性基金财政拨款…): .77 and more in
# the corpus. Titles of different forms may be as near (收入决算表, 支出决算表: .8), so nearness only ever excuses.
_ALIKE = 0.75
_SAME = 0.9  # so near that another kind is our mistake
# Attached to the narrative rather than listed among the forms.
_ATTACHED = frozenset({FormKind.PROJECT_PERFORMANCE, FormKind.UNIT_PERFORMANCE, FormKind.MEETINGS_TRAINING, FormKind.ASSETS})
_FILLERS = re.compile(r"20\d\d年度?|部门|单位|综合|公开|情况")


@lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """A title without what lists of contents leave out or add: width of characters, spaces, quotation marks, year, 部门, 单位."""
    text = re.sub(r"[\s\"'“”‘’《》]", "", unicodedata.normalize("NFKC", title))
    return _FILLERS.sub("", text)


@lru_cache(maxsize=16384)
def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0


def alike(first: str, second: str) -> bool:
    """Whether two titles may be those of one form."""
    return _ratio(title_key(first), title_key(second)) >= _ALIKE


def check_contents(
    entries: Sequence[ListedForm],
    sheets: Sequence[Sheet],
    required: Mapping[ListedForm, Requirement],
    told: Collection[ListedForm | None],
    findings: Findings,
) -> None:
    """Adds what is said of entries that no form is, and of forms that no entry names.

    Args: required: the entries of required forms that are not there. told: entries that were already spoken of.
    """
    if not entries:
        return
    found = list({(sheet.kind, title_key(sheet.form.title or "")): sheet for sheet in sheets}.values())  # one of many alike
    best = [(sheet, max(_nearness(sheet, entry) for entry in entries)) for sheet in found]
    sure = [entry for entry in entries if entry.forms or (entry.number or "").startswith("表")]
    lost = [entry for entry in sure if entry in required or (_any_known(sheets) and not _matched(entry, best))]
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
        titles = [(title_of(sheet.form), sheet.form.pages[0] if sheet.form.pages else 0) for sheet in unlisted]
        message, said = unlisted_message(titles, entries[0].page), Said(page=entries[0].page)
        findings.add(FindingCode.FORM_UNLISTED, "info", message, (), [], key="contents", said=said)


def _any_known(sheets: Iterable[Sheet]) -> bool:
    """Whether every table with figures is of a known kind: else an entry may be the unknown one."""
    return all(sheet.kind is not None or not sheet.cells for sheet in sheets)


def _matched(entry: ListedForm, best: Iterable[tuple[Sheet, float]]) -> bool:
    """Whether a form is what an entry names: one whose title is nearest to it, or one that may be meant and is no other entry's either.

    Args: best: the forms, each with how near its nearest entry is.
    """
    return any(own and (own == nearest or nearest < _ALIKE) for sheet, nearest in best if (own := _nearness(sheet, entry)))


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
    return any(sheet.kind in entry.forms or alike(title, entry.title) for entry in entries)
