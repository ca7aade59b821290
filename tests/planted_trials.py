"""Plants errors in known documents, has them read and judged, and compares what is found with what was planted.

A trial goes one of two ways. By content: the document as a perfect reading gives it is changed, normalised and validated. Through a PDF: the changed
document is set as a PDF (printed_documents.py) in a temporary folder and read by the whole pipeline, second readings included.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from planted_errors import LEFT_BLANK, Planted, amount, figures, plant
from printed_documents import printed, style
from truth_documents import truth_document

from services.extractor.reader import read_document
from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.sheet import UNIT_ORDERS
from services.validator.domain.validate import validate
from services.validator.handlers import validate_document
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Fact, Normalized
from shared.contracts.validated import Cause, Check, Finding, Validated
from shared.image_reader import ImageReader
from shared.second_reader import FileReader

SURE = 0.9
BY_CONTENT = -1
"""In place of the number of a style: no PDF is made."""


@dataclass(frozen=True)
class Trial:
    """What came of one planted error. `ties`: identities that hold the figure. `confidence`: of the diagnosis that names a cell, if any.

    `said`: what the findings about it say, for people who look into a miss.
    """

    path: Path
    planted: Planted
    ties: int
    settled: bool
    found: bool
    error: bool
    cell: bool
    value: bool
    cause_right: bool
    listed: bool
    others: int
    sure_and_wrong: bool
    confidence: float | None
    said: tuple[str, ...]

    @property
    def cause(self) -> Cause:
        """The class of the error."""
        return self.planted.cause


@dataclass(frozen=True)
class Source:
    """A document to plant errors in: its content, its facts, its figures that are read as they stand, and its verdict before."""

    document: Extracted
    normalized: Normalized
    figures: tuple[Fact, ...]
    before: Validated


@cache
def source(path: Path, number: int = BY_CONTENT) -> Source:
    """The document of a truth file, judged by content, or through a PDF of the style of this number."""
    document = truth_document(path)
    normalized = normalize_document(document, standard_catalogue())
    before = judged(document, number)
    texts = {fact.id: fact.text for fact in before.facts}
    read = tuple(fact for fact in figures(normalized) if texts.get(fact.id) == fact.text)
    return Source(document, normalized, read, before)


def judged(document: Extracted, number: int, images: bool = False) -> Validated:
    """The verdict of a document: by content, or of a PDF of this style. Args: images: accused figures are read in the pages' images too."""
    if number == BY_CONTENT:
        return validate(normalize_document(document, standard_catalogue()), load_rules())
    with tempfile.TemporaryDirectory() as folder:
        pdf, out = Path(folder) / "document.pdf", Path(folder) / "extracted.json"
        pdf.write_bytes(printed(document, style(Random(number))))
        read_document(pdf, out)
        with FileReader(pdf) as reader:
            return validate_document(
                normalize_document(out.read_bytes(), standard_catalogue()), load_rules(), reader, ImageReader(pdf) if images else None
            )


def run(job: tuple[Path, tuple[Cause, ...], int, int, bool]) -> list[Trial]:
    """Plants an error of each class and scores them; none where the document cannot have one of the first class.

    Args: job: truth file, classes, seed, number of the style of the PDF (BY_CONTENT: none), and whether images are read.
    """
    path, causes, seed, number, images = job
    known = source(path, number)
    made = _planted(known, causes, Random(seed))
    if made is None:
        return []
    document, planted = made
    after = judged(document, number, images)
    return [_score(path, one, ties, known.before, after, [other for other, _ in planted if other is not one]) for one, ties in planted]


def _figures_of(check: Check) -> set[str]:
    return {check.target, *(term.fact for term in check.terms)}


def _ties(result: Validated) -> dict[str, list[Check]]:
    ties: dict[str, list[Check]] = defaultdict(list)
    for check in result.checks:
        if check.status in ("exact", "rounding", "suspicious"):
            for fact in _figures_of(check):
                ties[fact].append(check)
    return ties


def _shows(planted: Planted, fact: Fact, checks: Iterable[Check]) -> bool:
    """Whether the change is more than rounding explains in at least one identity of the figure."""
    if planted.place is None or not planted.right:
        return True
    change = abs(amount(planted.right) - amount(planted.wrong)).scaleb(UNIT_ORDERS.get(fact.unit or "", 0))
    return any(check.plausible is not None and change > check.plausible.scaleb(UNIT_ORDERS.get(check.unit or "", 0)) for check in checks)


def _planted(known: Source, causes: Sequence[Cause], random: Random) -> tuple[Extracted, list[tuple[Planted, int]]] | None:
    """The document with an error of each cause, in different figures; None where it can have none of the first."""
    document, ties, planted, used = known.document, _ties(known.before), [], set()
    for cause in causes:
        for _ in range(60):
            fact = random.choice(known.figures)
            made = plant(document, known.normalized, fact, cause, random) if ties[fact.id] and fact.id not in used else None
            if made is not None and _shows(made[1], fact, ties[fact.id]):
                document = made[0]
                used.add(fact.id)
                planted.append((made[1], len(ties[fact.id])))
                break
    return (document, planted) if len(planted) == len(causes) else None


def _new(before: Validated, after: Validated) -> list[Finding]:
    """The findings that the document did not have before."""
    known = {(finding.code, finding.severity, finding.message.en) for finding in before.findings}
    places = {finding.evidence[0].fact for finding in before.findings if finding.severity == "error" and finding.evidence}
    return [
        finding
        for finding in after.findings
        if finding.severity != "info"
        and (finding.code, finding.severity, finding.message.en) not in known
        and not (finding.severity == "error" and finding.evidence and finding.evidence[0].fact in places)
    ]


def _speaks_of(finding: Finding, planted: Planted, checks: dict[str, Check]) -> bool:
    if planted.place is None:
        return any(evidence.table == planted.table for evidence in finding.evidence)
    cell = _id(planted)
    spoken = {evidence.fact for evidence in finding.evidence}.union(*(_figures_of(checks[one]) for one in finding.checks if one in checks))
    candidates = {candidate.fact for candidate in finding.diagnosis.candidates} if finding.diagnosis else set()
    return cell in spoken | candidates


def _id(planted: Planted) -> str:
    assert planted.place is not None
    table, row, col = planted.place
    return f"{table}/{row}/{col}"


def _score(path: Path, planted: Planted, ties: int, before: Validated, after: Validated, others: Sequence[Planted] = ()) -> Trial:
    checks = {check.id: check for check in after.checks}
    new = _new(before, after)
    about = [finding for finding in new if _speaks_of(finding, planted, checks)]
    errors = [finding for finding in about if finding.severity == "error"]
    elsewhere = [
        finding
        for finding in new
        if finding.severity == "error" and finding not in errors and not any(_speaks_of(finding, other, checks) for other in others)
    ]
    cell = _id(planted) if planted.place else None
    right = amount(planted.right) if planted.right and planted.place else Decimal(0)
    named = [f.diagnosis for f in errors if f.diagnosis and f.diagnosis.fact is not None]
    hits = [diagnosis for diagnosis in named if diagnosis.fact == cell]
    valued = [diagnosis for diagnosis in hits if diagnosis.suggested is not None and Decimal(diagnosis.suggested) == right]
    causes = {diagnosis.cause for diagnosis in hits} if cell else {f.diagnosis.cause for f in errors if f.diagnosis}
    listed = any(cell in (f.diagnosis.fact, *(one.fact for one in f.diagnosis.candidates)) for f in about if f.diagnosis)
    others_wrong = {_id(other) for other in others if other.place}
    wrong = [
        one
        for one in named
        if one.confidence >= SURE and cell and one.fact not in others_wrong and (one.fact != cell or (one.suggested and one not in valued))
    ]
    return Trial(
        path=path,
        planted=planted,
        ties=ties,
        settled=_settled(cell, before, after),
        found=bool(about),
        error=bool(errors),
        cell=bool(hits),
        value=bool(valued),
        cause_right=planted.cause in causes,
        listed=listed if cell else _named(planted, about),
        others=len(elsewhere),
        sure_and_wrong=bool(wrong),
        confidence=max((one.confidence for one in named), default=None),
        said=tuple(f"{f.severity}: {f.message.en}" for f in about),
    )


def _named(planted: Planted, about: Iterable[Finding]) -> bool:
    """Whether an error of rows is called by its cause; of a figure left blank, whether what it should be is said."""
    diagnoses = [finding.diagnosis for finding in about if finding.diagnosis]
    if planted.cause == LEFT_BLANK:
        return any(one.suggested is not None and Decimal(one.suggested) == amount(planted.right) for one in diagnoses)
    return planted.cause in {one.cause for one in diagnoses}


def _settled(cell: str | None, before: Validated, after: Validated) -> bool:
    known = {(check.rule, check.target) for check in before.checks if check.status in ("failed", "suspicious")}
    failing = [check for check in after.checks if check.status in ("failed", "suspicious") and (check.rule, check.target) not in known]
    return bool(failing) and set.intersection(*map(_figures_of, failing)) == {cell}
