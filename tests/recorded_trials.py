"""Verdicts that were looked at once and are kept: made documents as they are, and with one or two things wrong in them.

The documents are the samples (fictional departments) as the normaliser gives them, kept in tests/recorded_verdicts/documents; what the validator
says of each trial is kept beside them. Whoever changes a verdict on purpose records anew (`tools/record_verdicts.py`) and reads the difference.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from filing_documents import reconciled
from msgspec import structs

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.canonical import canonical_json
from shared.contracts.filing import Filing
from shared.contracts.normalized import Fact, Form, Normalized, StubList
from shared.contracts.validated import Validated
from shared.filings import info_of

FOLDER = Path(__file__).resolve().parent / "recorded_verdicts"
FIGURES_EACH = 2
"""How many figures of a document each kind of slip is tried on."""

Slip = Callable[[Normalized, Fact], Normalized | None]


@dataclass(frozen=True)
class Trial:
    """A document, and what is made wrong in it: slips with the figures that they change (none: the document as it is)."""

    document: str
    slips: tuple[tuple[str, str], ...] = ()
    apart: bool = False
    """As a filing: its narrative and its tables are two documents, and the slips are in the tables."""

    @property
    def name(self) -> str:
        """The trial in words, e.g. `1 digit t3/7/5`."""
        if self.apart:
            return " ".join([self.document, "apart", *dict.fromkeys(slip for slip, _ in self.slips)])
        return " ".join([self.document, *(f"{slip} {fact}" for slip, fact in self.slips)])


@cache
def document(name: str) -> Normalized:
    """A recorded document."""
    return msgspec.json.decode(gzip.decompress((FOLDER / "documents" / f"{name}.json.gz").read_bytes()), type=Normalized)


def names() -> tuple[str, ...]:
    """The recorded documents in order."""
    return tuple(sorted(path.name.removesuffix(".json.gz") for path in (FOLDER / "documents").glob("*.json.gz")))


def _with_amount(source: Normalized, fact: Fact, amount: Decimal) -> Normalized:
    scale = Decimal(10) ** fact.decimals
    amount = (amount * scale).to_integral_value() / scale
    factor = fact.yuan / fact.amount if fact.yuan is not None and fact.amount else None
    text = f"{amount:,.{fact.decimals}f}" if "," in fact.text else f"{amount:.{fact.decimals}f}"
    changed = structs.replace(fact, amount=amount, text=text, yuan=None if factor is None else amount * factor)
    return structs.replace(source, facts=tuple(changed if one.id == fact.id else one for one in source.facts))


def _digit(source: Normalized, fact: Fact) -> Normalized | None:
    """The first digit is one more or less."""
    lead = Decimal(10) ** fact.amount.adjusted()
    return _with_amount(source, fact, fact.amount + (lead if abs(fact.amount) < 5 * lead else -lead))


def _last_digit(source: Normalized, fact: Fact) -> Normalized | None:
    """Three units of the last digit too much."""
    return _with_amount(source, fact, fact.amount + 3 * Decimal(1).scaleb(-fact.decimals))


def _swapped(source: Normalized, fact: Fact) -> Normalized | None:
    """The first two digits changed places."""
    digits = f"{fact.amount:f}"
    if len(digits) < 2 or not digits[:2].isdigit() or digits[0] == digits[1] or digits[1] == "0":
        return None
    return _with_amount(source, fact, Decimal(digits[1] + digits[0] + digits[2:]))


def _dropped(source: Normalized, fact: Fact) -> Normalized | None:
    """The second digit is missing."""
    digits = f"{fact.amount:f}"
    return _with_amount(source, fact, Decimal(digits[0] + digits[2:])) if digits[:2].isdigit() else None


def _scaled(power: int) -> Slip:
    return lambda source, fact: _with_amount(source, fact, fact.amount.scaleb(power))


def _negative(source: Normalized, fact: Fact) -> Normalized | None:
    return _with_amount(source, fact, -fact.amount)


def _copied(source: Normalized, fact: Fact) -> Normalized | None:
    """The figure of another row of the column stands here."""
    others = [one for one in source.facts if (one.table, one.col) == (fact.table, fact.col) and one.amount not in (fact.amount, 0)]
    return _with_amount(source, fact, others[0].amount) if others else None


def _blank(source: Normalized, fact: Fact) -> Normalized | None:
    """The cell is empty."""
    return structs.replace(source, facts=tuple(one for one in source.facts if one.id != fact.id))


def _moved(source: Normalized, fact: Fact) -> Normalized | None:
    """The figure stands in a neighbouring column, whose own cell was blank or zero."""
    taken = {one.col: one for one in source.facts if (one.table, one.row, one.list) == (fact.table, fact.row, fact.list)}
    form = next(form for form in source.forms if form.table == fact.table)
    free = [
        column
        for column in form.columns
        if column.money and column.list == fact.list and (column.col not in taken or not taken[column.col].amount)
    ]
    if not free:
        return None
    column = min(free, key=lambda one: (abs(one.col - fact.col), one.col))
    moved = structs.replace(
        fact, id=f"{fact.table}/{fact.row}/{column.col}", col=column.col, measure=column.code, economic=column.economic or fact.economic
    )
    kept = [one for one in source.facts if one.id not in (fact.id, moved.id)]
    return structs.replace(source, facts=tuple(sorted([*kept, moved], key=lambda one: (int(one.table[1:]), one.row, one.col))))


def _with_rows(source: Normalized, fact: Fact, change: Callable[[StubList], StubList]) -> tuple[Form, ...]:
    def lists(form: Form) -> tuple[StubList, ...]:
        return tuple(change(one) if one.index == fact.list else one for one in form.lists)

    return tuple(structs.replace(form, lists=lists(form)) if form.table == fact.table else form for form in source.forms)


def _row_missing(source: Normalized, fact: Fact) -> Normalized | None:
    forms = _with_rows(source, fact, lambda one: structs.replace(one, rows=tuple(row for row in one.rows if row.row != fact.row)))
    gone = (fact.table, fact.row, fact.list)
    return structs.replace(source, forms=forms, facts=tuple(one for one in source.facts if (one.table, one.row, one.list) != gone))


def _row_twice(source: Normalized, fact: Fact) -> Normalized | None:
    """The row is printed once more as the last one of its table."""
    form = next(form for form in source.forms if form.table == fact.table)
    last = max(row.row for one in form.lists for row in one.rows) + 1
    own = next((row for one in form.lists if one.index == fact.list for row in one.rows if row.row == fact.row), None)
    if own is None:
        return None
    forms = _with_rows(source, fact, lambda one: structs.replace(one, rows=(*one.rows, structs.replace(own, row=last))))
    again = [
        structs.replace(one, id=f"{one.table}/{last}/{one.col}", row=last)
        for one in source.facts
        if (one.table, one.row, one.list) == (fact.table, fact.row, fact.list)
    ]
    end = max(index for index, one in enumerate(source.facts) if one.table == fact.table) + 1
    return structs.replace(source, forms=forms, facts=(*source.facts[:end], *again, *source.facts[end:]))


SLIPS: dict[str, Slip] = {
    "digit": _digit,
    "last_digit": _last_digit,
    "swapped": _swapped,
    "dropped": _dropped,
    "tenfold": _scaled(1),
    "tenth": _scaled(-1),
    "unit": _scaled(4),
    "negative": _negative,
    "copied": _copied,
    "blank": _blank,
    "moved": _moved,
    "row_missing": _row_missing,
    "row_twice": _row_twice,
}


def _drawn(source: Normalized, salt: str, number: int) -> list[Fact]:
    """Figures drawn at random, always the same ones."""
    money = [fact for fact in source.facts if fact.amount and fact.duplicate_of is None]
    return sorted(money, key=lambda fact: hashlib.sha256(f"{salt} {fact.id}".encode()).digest())[:number]


def trials(each: int = FIGURES_EACH) -> Iterator[Trial]:
    """All trials: each document as it is, with each slip in `each` figures, with two slips, and as a filing of two documents."""
    for name in names():
        source = document(name)
        yield Trial(name)
        for slip in SLIPS:
            for fact in _drawn(source, f"{name} {slip}", each):
                yield Trial(name, ((slip, fact.id),))
        pairs = _drawn(source, f"{name} two", 2 * each)
        kinds = sorted(SLIPS)
        for index, (one, other) in enumerate(zip(pairs[::2], pairs[1::2], strict=True)):
            yield Trial(name, ((kinds[index % len(kinds)], one.id), ("digit", other.id)))
        if info_of(source.document) is None:
            continue
        yield Trial(name, apart=True)
        for slip in ("digit", "last_digit", "unit", "blank"):
            yield Trial(name, tuple((slip, fact.id) for fact in _totals(source)), apart=True)


def _totals(source: Normalized) -> list[Fact]:
    """The totals of forms: what narratives speak of."""
    return [fact for fact in source.facts if fact.line in ("total", "income_total", "expenditure_total") and fact.amount]


def made(trial: Trial) -> Normalized | None:
    """The document of a trial; None where a slip cannot be made there."""
    source: Normalized | None = document(trial.document)
    for slip, identifier in trial.slips:
        fact = next((one for one in source.facts if one.id == identifier), None) if source else None
        if source is None or fact is None:
            return None
        source = SLIPS[slip](source, fact)
    return source


def outcome(result: Validated | Filing) -> dict[str, Any]:
    """What is kept of a result: what a person reads of it, and a digest of all but the producer's version."""
    whole = json.loads(canonical_json(structs.replace(result, producer=structs.replace(result.producer, version="", rules=""))))
    findings = [
        {key: finding[key] for key in ("code", "severity", "message", "diagnosis")}
        | {"evidence": [evidence["fact"] for evidence in finding["evidence"]], "checks": len(finding["checks"])}
        for finding in whole["findings"]
    ]
    kept = {key: whole[key] for key in ("verdict", "counts", "coverage")}
    return kept | {"findings": findings, "digest": hashlib.sha256(canonical_json(whole)).hexdigest()[:16]}


def _apart(source: Normalized) -> tuple[Normalized, Normalized]:
    """A document in two: its narrative and its tables."""
    about = source.document
    narrative = structs.replace(about, id="sha256:" + hashlib.sha256(b"narrative").hexdigest(), part="narrative")
    return (
        structs.replace(source, document=narrative, forms=(), facts=(), unmapped=()),
        structs.replace(source, document=structs.replace(about, part="tables"), claims=()),
    )


def outcome_of(trial: Trial) -> dict[str, Any] | None:
    """What the validator says of a trial; None where it cannot be made."""
    source = made(trial)
    if source is None:
        return None
    return outcome(reconciled(_apart(source)) if trial.apart else validate(source, load_rules()))


def recorded() -> dict[str, Any]:
    """The outcomes that are kept, trial's name → outcome."""
    lines = gzip.decompress((FOLDER / "outcomes.jsonl.gz").read_bytes()).decode().splitlines()
    return {one["trial"]: one["outcome"] for one in map(json.loads, lines)}
