"""Verdicts that were looked at once and are kept: documents as they are, and with something wrong or otherwise in them.

The documents are the samples (fictional departments) as the normaliser gives them, kept in tests/recorded_verdicts/documents, and the truth of the corpus
where it is there. What the validator says of each trial is kept beside them: of samples in words, of the corpus as codes and a digest. Whoever
changes a verdict on purpose records anew (`tools/record_verdicts.py`) and reads the difference.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from conftest import corpus_dir
from filing_documents import changed, info, member, reconciled
from msgspec import structs
from recorded_alterations import ALTERATIONS
from recorded_slips import SLIPS, with_amount
from truth_documents import truth_document

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.department import compare_units
from services.validator.domain.reconcile import reconcile
from services.validator.domain.reissue import changes_between
from services.validator.domain.validate import validate
from services.validator.handlers import validate_document
from shared.canonical import canonical_json
from shared.contracts.common import Box
from shared.contracts.filing import PreviousFiling
from shared.contracts.normalized import Fact, Normalized
from shared.filings import budget_of

FOLDER = Path(__file__).resolve().parent / "recorded_verdicts"
FIGURES_EACH = 3
"""How many figures of a document each kind of slip may be tried on."""
PLACES_EACH = 4
"""At how many places of a document each kind of alteration may be tried."""


@dataclass(frozen=True)
class Trial:
    """A document, what is otherwise in it, and what is asked of it (a key of WAYS).

    `changes` are words such as `digit@t3/7/5` (a slip at a figure) or `form_cut#2` (an alteration at its second place).
    """

    document: str
    changes: tuple[str, ...] = ()
    way: str = "alone"

    @property
    def name(self) -> str:
        """The trial in words, e.g. `1 alone digit@t3/7/5`."""
        return " ".join([self.document, self.way, *self.changes])


def trial_of(name: str) -> Trial:
    """The trial of a name."""
    document, way, *changes = name.split(" ")
    return Trial(document, tuple(changes), way)


@cache
def sample_names() -> tuple[str, ...]:
    """The recorded documents in order."""
    return tuple(sorted(path.name.removesuffix(".json.gz") for path in (FOLDER / "documents").glob("*.json.gz")))


@cache
def corpus_names() -> tuple[str, ...]:
    """The documents of the corpus that have a truth; none where the corpus is not there."""
    folder = corpus_dir()
    return () if folder is None else tuple(sorted(path.stem for path in (folder / "truth").glob("*.html")))


@cache
def document(name: str) -> Normalized:
    """A document by its name. Raises: OSError: there is no such sample, or no corpus."""
    if name in sample_names():
        return msgspec.json.decode(gzip.decompress((FOLDER / "documents" / f"{name}.json.gz").read_bytes()), type=Normalized)
    folder = corpus_dir()
    if folder is None:
        raise FileNotFoundError(f"{name}: the corpus is not there")
    return normalize_document(truth_document(folder / "truth" / f"{name}.html"), standard_catalogue())


def _drawn(source: Normalized, salt: str, number: int) -> list[Fact]:
    """Figures drawn at random, always the same ones."""
    money = [fact for fact in source.facts if fact.amount and fact.duplicate_of is None]
    return sorted(money, key=lambda fact: hashlib.sha256(f"{salt} {fact.id}".encode()).digest())[:number]


def candidates() -> Iterator[Trial]:
    """All trials that may be recorded: each change alone, some together, and each other way to ask with changes that matter to it."""
    for name in (*sample_names(), *corpus_names()):
        source = document(name)
        slips = [f"{slip}@{fact.id}" for slip in SLIPS for fact in _drawn(source, f"{name} {slip}", FIGURES_EACH)]
        altered = [f"{kind}#{number}" for kind in ALTERATIONS for number in range(PLACES_EACH)]
        yield Trial(name)
        for change in (*slips, *altered):
            yield Trial(name, (change,))
        for index, change in enumerate(altered):
            yield Trial(name, (change, slips[index * 7 % len(slips)]))
        yield Trial(name, (), "reread")
        for change in slips:
            yield Trial(name, (change,), "reread")
        about = (change for change in altered if change.startswith(("form_", "row_", "claim_", "with_last_year", "columns_")))
        for change in (*slips[::3], *about):
            for way in ("apart", "year", "budget", "units", "reissue"):
                yield Trial(name, (change,), way)


def made(trial: Trial) -> Normalized | None:
    """The document of a trial; None where a change cannot be made there."""
    source: Normalized | None = document(trial.document)
    for change in trial.changes:
        if source is None:
            return None
        slip, at, identifier = change.partition("@")
        if at:
            fact = next((one for one in source.facts if one.id == identifier), None)
            source = SLIPS[slip](source, fact) if fact is not None else None
        else:
            kind, _, number = change.partition("#")
            source = ALTERATIONS[kind](source, int(number))
    return source


# What is asked of a document


def _read_again(source: Normalized, place: tuple[int, Box], salt: str) -> str | None:
    """What a second reader says of a figure, settled by its place: mostly what is printed, else other digits, a word, the digits alone, nothing."""
    printed = next((fact.text for fact in source.facts if (fact.page, fact.bbox) == place), None)
    drawn = hashlib.sha256(f"{salt} {place}".encode()).digest()[0] % 8
    if printed is None or drawn == 0:
        return None
    other = printed[:-1] + str((int(printed[-1]) + 1) % 10) if printed[-1:].isdigit() else printed
    return {1: other, 2: "合计", 3: printed.replace(",", "").replace(".", "")}.get(drawn, printed)


@dataclass
class _SecondText:
    source: Normalized

    def read(self, page: int, box: Box) -> str | None:
        return _read_again(self.source, (page, box), "text")


@dataclass
class _SecondImage:
    source: Normalized
    version: str = "recorded"

    def read(self, places: Sequence[tuple[int, Box]]) -> Sequence[str | None]:
        return [_read_again(self.source, place, "image") for place in places]


def _renamed(source: Normalized, name: str, **about: Any) -> Normalized:
    """The document under the id that `name` gives, and with this about it."""
    identifier = "sha256:" + hashlib.sha256(name.encode()).hexdigest()
    return structs.replace(source, document=structs.replace(source.document, id=identifier, **about))


def _with_entity(source: Normalized) -> Normalized:
    """The document with an entity and a year, where it names none."""
    about = source.document
    known = structs.replace(about, entity=about.entity or "某某局", year=about.year or 2025)
    return structs.replace(source, document=known)


def _tenths(source: Normalized, tenths: int) -> tuple[Fact, ...]:
    return tuple(with_amount(fact, fact.amount * tenths / 10) for fact in source.facts)


def _apart(source: Normalized) -> Any:
    """As a filing: the narrative and the tables are two documents."""
    source = _with_entity(source)
    narrative = structs.replace(_renamed(source, "narrative", part="narrative"), forms=(), facts=(), unmapped=())
    return reconciled((narrative, structs.replace(_renamed(source, "tables", part="tables"), claims=())))


def _year(source: Normalized) -> Any:
    """Against last year's filing, which printed nine tenths of each figure of the document as it was before."""
    source = _with_entity(source)
    year = source.document.year or 2025
    before = structs.replace(_renamed(source, "before", year=year - 1), facts=_tenths(source, 9))
    return reconciled((source,), (before,))


def _budget(source: Normalized) -> Any:
    """Final accounts against the budget of the year: each figure that a document gives as the budget's; one in nine is otherwise there."""
    source = structs.replace(source, document=structs.replace(_with_entity(source).document, kind="final_accounts"))

    def planned(place: int, fact: Fact) -> Fact:
        measure = "amount" if fact.measure == "budget" else fact.measure
        return structs.replace(with_amount(fact, fact.amount + (place % 9 == 0)), measure=measure)

    kept = [fact for fact in source.facts if fact.measure != "final"]
    budget = structs.replace(_renamed(source, "budget", kind="budget"), facts=tuple(planned(*one) for one in enumerate(kept)))
    about = budget_of(info(source))
    assert about is not None
    state = structs.replace(changed((source,)), budget=PreviousFiling(filing=about, members=(member(budget),)))
    return reconcile(state, (source,), (), load_rules(), (budget,))


def _units(source: Normalized) -> Any:
    """A department against its units, each of which published the figures of its row as its totals; one in five is otherwise there."""
    source = _with_entity(source)
    names = dict.fromkeys(fact.label for fact in source.facts if fact.line == "unit" and fact.label)
    units = []
    for name in names:
        rows = [fact for fact in source.facts if fact.line == "unit" and fact.label == name]
        facts = tuple(
            structs.replace(with_amount(fact, fact.amount + (place % 5 == 4)), line="total", label="合计")
            for place, fact in enumerate(rows)
        )
        units.append(structs.replace(_renamed(source, name, entity=name, level="unit"), facts=facts))
    return compare_units(source, units, load_rules())


WAYS: dict[str, Callable[[Normalized], Any]] = {
    "alone": lambda source: validate(source, load_rules()),
    "reread": lambda source: validate_document(source, load_rules(), _SecondText(source), _SecondImage(source)),
    "apart": _apart,
    "year": _year,
    "budget": _budget,
    "units": _units,
}


def result_of(trial: Trial) -> Any | None:
    """What the validator says of a trial; None where it cannot be made or asked."""
    source = made(trial)
    if source is None:
        return None
    if trial.way == "reissue":
        return changes_between(document(trial.document), source)
    return WAYS[trial.way](source)


def outcome(result: Any, *, in_words: bool = True) -> dict[str, Any]:
    """What is kept of a result: what a person reads of it (in words or as codes), and a digest of all but the facts and the producer's version."""
    whole = json.loads(canonical_json(result))
    whole.pop("facts", None)
    for name in ("version", "rules", "catalogue"):
        whole.get("producer", {}).pop(name, None)
    kept = {key: whole[key] for key in ("verdict", "counts", "coverage", "same") if key in whole}
    if in_words:
        kept["findings"] = [
            {key: finding[key] for key in ("code", "severity", "message", "diagnosis") if key in finding}
            | {"evidence": [evidence["fact"] for evidence in finding["evidence"]], "checks": len(finding["checks"])}
            for finding in whole.get("findings", ())
        ]
    else:
        kept["findings"] = sorted(f"{finding['severity']} {finding['code']}" for finding in whole.get("findings", ()))
    return kept | {"digest": hashlib.sha256(canonical_json(whole)).hexdigest()[:16]}


def outcome_of(trial: Trial) -> dict[str, Any] | None:
    """What is kept of what the validator says of a trial; None where it cannot be made or asked."""
    result = result_of(trial)
    return None if result is None else outcome(result, in_words=trial.document in sample_names())


@cache
def recorded() -> dict[str, Any]:
    """The outcomes that are kept, trial's name → outcome."""
    lines = gzip.decompress((FOLDER / "outcomes.jsonl.gz").read_bytes()).decode().splitlines()
    return {one["trial"]: one["outcome"] for one in map(json.loads, lines)}
