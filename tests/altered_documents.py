"""What alterations of documents are made of: the thing with a number, a form in another version, other rows, other amounts (altered_forms.py, …)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from msgspec import structs
from recorded_slips import with_amount

from shared.contracts.normalized import (
    Fact,
    Form,
    Normalized,
    Row,
    StubList,
)

Alteration = Callable[[Normalized, int], Normalized | None]
"""A document that is otherwise at the place that a number stands for; None where there is no such place."""
Place = tuple[str, int, int]
_Thing = TypeVar("_Thing")


def at(things: Iterable[_Thing], number: int) -> _Thing | None:
    """The thing with this number; the numbers go round where there are fewer."""
    found = list(things)
    return found[number % len(found)] if found else None


def replaced(source: Normalized, form: Form, facts: Iterable[Fact] | None = None) -> Normalized:
    """The document with another version of a form, and of its facts."""
    forms = tuple(form if one.table == form.table else one for one in source.forms)
    if facts is None:
        return structs.replace(source, forms=forms)
    kept = list(facts)
    first = next((index for index, one in enumerate(source.facts) if one.table == form.table), len(source.facts))
    before = [one for one in source.facts[:first] if one.table != form.table]
    after = [one for one in source.facts[first:] if one.table != form.table]
    return structs.replace(source, forms=forms, facts=(*before, *kept, *after))


def facts_of(source: Normalized, form: Form) -> list[Fact]:
    return [fact for fact in source.facts if fact.table == form.table]


def with_rows(form: Form, change: Callable[[Row], Row | None]) -> Form:
    def rows(one: StubList) -> tuple[Row, ...]:
        return tuple(row for row in map(change, one.rows) if row is not None)

    return structs.replace(form, lists=tuple(structs.replace(one, rows=rows(one)) for one in form.lists))


def middle(form: Form) -> int:
    rows = sorted({row.row for one in form.lists for row in one.rows})
    return rows[len(rows) // 2] if len(rows) > 2 else 0


def only(source: Normalized, form: Form, keep: Callable[[int], bool]) -> Normalized:
    kept = with_rows(form, lambda row: row if keep(row.row) else None)
    return replaced(source, kept, [fact for fact in facts_of(source, form) if keep(fact.row)])


def amounts(source: Normalized, change: Callable[[Fact], Decimal | None]) -> Normalized:
    """The document with other amounts."""
    return structs.replace(
        source, facts=tuple(fact if (amount := change(fact)) is None else with_amount(fact, amount) for fact in source.facts)
    )
