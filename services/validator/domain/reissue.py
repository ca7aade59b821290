"""A re-issued document against the revision before: which figures were changed, added, removed.

Two figures are the same one where they stand in forms of one kind under the same codes (or the same words, where there are none) and measure the
same; of several alike those with equal amounts are paired first, then the rest in order. So a row that moved, or a form that now begins on another
page, is no change. Amounts are compared in 元 where both units are known: 1.50 万元 and 15,000 元 are no change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from services.validator.domain.claim_figures import claim_fact
from services.validator.domain.sheet import bare
from shared.contracts.changes import Change, Changes, Printed
from shared.contracts.normalized import Fact, Normalized

Key = tuple[object, ...]
_Facts = dict[Key, list[Fact]]


class _Revision:
    """The figures of a document by what they are about, those of its narrative among them."""

    def __init__(self, document: Normalized) -> None:
        self.document = document
        self._titles: Mapping[str, str | None] = {form.table: form.title for form in document.forms}
        self._kinds: Mapping[str, str | None] = {form.table: form.form for form in document.forms}
        self._columns = {(form.table, column.col): column.path for form in document.forms for column in form.columns}
        self.facts: _Facts = defaultdict(list)
        for fact in document.facts:
            if fact.duplicate_of is None:
                self.facts[self._key(fact)].append(fact)
        for index, claim in enumerate(document.claims):
            fact = claim_fact(claim, index)
            self.facts["narrative", claim.kind, bare(claim.subject), claim.unit].append(fact)

    def _key(self, fact: Fact) -> Key:
        coded = fact.function or fact.economic or fact.gov_economic or fact.line
        words = None if coded and not fact.project else bare(fact.label)
        form = fact.form or bare(self._titles.get(fact.table) or fact.table)
        measure = (fact.measure, fact.fund) if fact.measure else tuple(map(bare, self._columns.get((fact.table, fact.col), ())))
        return (form, fact.function, fact.economic, fact.gov_economic, fact.line, fact.project, words, measure)

    def printed(self, fact: Fact) -> Printed:
        """A figure for the contract."""
        return Printed(
            fact=fact.id,
            form=fact.form,
            title=self._titles.get(fact.table),
            label=fact.label,
            column=self._columns.get((fact.table, fact.col), ()),
            text=fact.text,
            unit=fact.unit,
            page=fact.page,
            bbox=fact.bbox,
        )


def changes_between(before: Normalized, after: Normalized) -> Changes:
    """What the later of two revisions says otherwise. The same two documents give the same bytes."""
    old, new = _Revision(before), _Revision(after)
    same = 0
    changes: list[tuple[tuple[int, int, int], Change]] = []
    for key in dict.fromkeys((*new.facts, *old.facts)):
        left, right = list(old.facts.get(key, ())), list(new.facts.get(key, ()))
        same += _take_equal(left, right)
        for was, now in _pairs(left, right):
            place = now or was
            assert place is not None
            change = Change(before=old.printed(was) if was else None, after=new.printed(now) if now else None)
            changes.append(((place.page, place.row, place.col), change))
    changes.sort(key=lambda entry: entry[0])
    return Changes(before=before.document.id, after=after.document.id, same=same, changes=tuple(change for _, change in changes))


def _take_equal(left: list[Fact], right: list[Fact]) -> int:
    """Removes the pairs of equal amounts from both; returns how many there were."""
    waiting: dict[tuple[Decimal, str | None], list[Fact]] = defaultdict(list)
    for fact in left:
        waiting[_amount(fact)].append(fact)
    kept = []
    for fact in right:
        alike = waiting.get(_amount(fact))
        if alike:
            alike.pop(0)
        else:
            kept.append(fact)
    equal = len(right) - len(kept)
    right[:] = kept
    rest = {id(fact) for facts in waiting.values() for fact in facts}
    left[:] = [fact for fact in left if id(fact) in rest]
    return equal


def _amount(fact: Fact) -> tuple[Decimal, str | None]:
    return (fact.yuan.normalize(), None) if fact.yuan is not None else (fact.amount.normalize(), fact.unit)


def _pairs(left: list[Fact], right: list[Fact]) -> Iterator[tuple[Fact | None, Fact | None]]:
    for index in range(max(len(left), len(right))):
        yield left[index] if index < len(left) else None, right[index] if index < len(right) else None
