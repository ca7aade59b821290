"""From graded checks to findings: what a person has to look at, one finding a cause."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from msgspec import UNSET, structs

from services.validator.domain.diagnosis import diagnosis_of, question_diagnosis, repair_diagnosis
from services.validator.domain.doubts import accuses, is_text, one_unit_off, read_with_doubt
from services.validator.domain.explanations import Group, group_failures
from services.validator.domain.failures import Confirmations, Failure
from services.validator.domain.grading import Graded
from services.validator.domain.messages import (
    Places,
    Said,
    failure_message,
    incomplete_message,
    misread_message,
    repair_message,
    rounding_message,
    said_of,
    suspicious_message,
    unclear_message,
    unit_message,
    unread_message,
    unsure_message,
    with_origin,
    with_rereading,
)
from services.validator.domain.plausibility_messages import magnitude_message
from services.validator.domain.repairs import Repair, key_of
from services.validator.domain.rereading import Rereadings
from services.validator.domain.said_amounts import NOTHING_SAID, Sayings
from services.validator.domain.sheet import Book, Figure, bare, title_of
from services.validator.domain.surroundings import Surroundings
from shared.canonical import share
from shared.contracts.common import Message
from shared.contracts.validated import Diagnosis, Evidence, Finding, Severity
from shared.contracts.vocabulary import FindingCode

# What a diagnosis is worth that rests on recognised figures, against one on the file's own text.
_OF_AN_IMAGE = 0.9
_EVIDENCE_LIMIT = 60  # the longest sum of the corpus has 27 terms


@dataclass(slots=True, eq=False)
class Ledger:
    """Which check each graded equation became."""

    ids: dict[int, str]

    def of(self, graded: Iterable[Graded]) -> tuple[str, ...]:
        """The ids of checks, in order, once each."""
        return tuple(dict.fromkeys(self.ids[id(one)] for one in graded if id(one) in self.ids))


def finding_id(document: str, code: str, figure: Figure | None, key: str = "") -> str:
    """An id that stays the same over versions: document, code, and the place of the figure by kind of form, page, codes and position."""
    place: tuple[object, ...] = ()
    if figure is not None:
        fact = figure.fact
        place = (
            fact.form,
            fact.page,
            fact.function,
            fact.economic,
            fact.gov_economic,
            fact.line,
            fact.measure,
            bare(fact.label),
            fact.row,
            fact.col,
        )
    text = "|".join(str(part) for part in (document, code, *place, key))
    return "f-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def evidence_of(figures: Iterable[Figure]) -> tuple[Evidence, ...]:
    """Evidence, each figure once, in order."""
    once = {figure.id: figure for figure in figures}
    return tuple(
        Evidence(fact=f.id, table=f.fact.table, row=f.fact.row, col=f.fact.col, page=f.fact.page, bbox=f.fact.bbox, text=f.fact.text)
        for f in list(once.values())[:_EVIDENCE_LIMIT]
    )


class Findings:
    """Collects the findings of one document."""

    def __init__(self, book: Book, ledger: Ledger, readings: Rereadings) -> None:
        self._book, self._ledger, self._readings = book, ledger, readings
        self.places = Places(book)
        self.corrected: dict[str, Decimal] = {}  # what errors say that figures should be, in 元
        self._found: list[Finding] = []
        self._titles = {sheet.form.table: sheet.form.title for sheet in book.sheets}

    def result(self) -> tuple[Finding, ...]:
        """All findings, errors first, then by place."""
        order: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}
        return tuple(sorted(self._found, key=lambda finding: order[finding.severity]))

    def add(
        self,
        code: str,
        severity: Severity,
        message: Message,
        graded: Iterable[Graded],
        figures: list[Figure],
        diagnosis: Diagnosis | None = None,
        key: str = "",
        said: Said | None = None,
        form: str | None = None,
        title: str | None = None,
    ) -> None:
        """Adds a finding whose first evidence is the first figure; it says if figures were recognised in an image, and is less sure of itself then.

        Args: said: what the message speaks of; the page of that figure alone if None. form, title: of findings about a form rather than a figure.
        """
        first = figures[0] if figures else None
        said = said or Said(page=first.fact.page if first else None)
        blank = diagnosis is not None and diagnosis.fills_a_blank  # there is no figure to read again
        if severity == "error" and first is not None and is_text(first) and not blank:
            message = with_rereading(message, self._readings.confirmation(first.id, first.fact.text), self._readings.image is not None)
        recognized = sum(figure.fact.origin == "image" for figure in figures)
        if recognized:
            message = with_origin(message, recognized)
            diagnosis = diagnosis and structs.replace(diagnosis, confidence=share(_OF_AN_IMAGE * diagnosis.confidence))
        document = self._book.document.document.id
        identifier = finding_id(document, code, first, key)
        while any(finding.id == identifier for finding in self._found):  # two places that nothing tells apart: numbered in order
            key += "+"
            identifier = finding_id(document, code, first, key)
        self._found.append(
            Finding(
                id=identifier,
                code=code,
                severity=severity,
                message=message,
                checks=self._ledger.of(graded),
                evidence=evidence_of(figures),
                diagnosis=diagnosis,
                form=first.fact.form if first else form,
                title=self._titles.get(first.fact.table) if first else title,
                reported=said.reported,
                expected=said.expected,
                difference=said.difference,
                unit=said.unit,
                rule=said.rule,
                page=said.page,
                origin="image" if recognized else UNSET,
            )
        )

    def failures(self, failures: list[Failure], confirmations: Confirmations, said: Sayings = NOTHING_SAID) -> None:
        """Errors for failing checks, a warning where the layout is uncertain or where we may have misread. Args: said: by the narrative."""
        errors: list[Group] = []
        questions: dict[str, list[Group]] = defaultdict(list)
        groups, complete = group_failures(failures, confirmations, Surroundings(self._book).of, said)
        if not complete:
            self.incomplete()
        for group in groups:
            if self._misread(group, confirmations):
                continue
            if accuses(self._book, group, confirmations):
                errors.append(group)
                continue
            known = next((error for error in errors if error.figure in _figures(group)), None)
            if known is not None:  # the accused figure spoils this sum too
                known.failures += group.failures
            elif one_unit_off(group):
                self._unit(group)
            else:
                questions[group.figure.fact.table].append(group)
        for error in errors:
            self._error(error)
        for groups in questions.values():
            self._question(groups)

    def repairs(self, repairs: Iterable[Repair], graded: list[Graded]) -> None:
        """A finding for each row that is printed twice or left out, each figure left blank, and each in the wrong column.

        An error, unless a part of the table may be missing from our reading, or a figure was read with doubt.
        """
        for repair in repairs:
            edit = repair.edit
            failing = [one for one in graded if key_of(one) in repair.repaired and one.status in ("failed", "not_assessable")]
            figures = [*edit.figures, *edit.source]
            doubtful = (
                not repair.is_proven
                or bool(repair.rivals)
                or edit.table in self._book.continued
                or any((read_with_doubt(figure) and not self._shown(figure)) or self._read_otherwise(figure) for figure in figures)
            )
            message = repair_message(self.places, edit, len(repair.gained))
            diagnosis = repair_diagnosis(repair, self._ledger.of(failing))
            said = Said(page=figures[0].fact.page, unit=edit.blank.fact.unit if edit.blank else None)
            self.add(FindingCode.SUM_MISMATCH, "warning" if doubtful else "error", message, failing, figures, diagnosis, edit.label, said)

    def incomplete(self) -> None:
        """One line that says that not every explanation was tried."""
        if not any(finding.code == FindingCode.DIAGNOSIS_INCOMPLETE for finding in self._found):
            self.add(FindingCode.DIAGNOSIS_INCOMPLETE, "info", incomplete_message(), (), [])

    def _unit(self, group: Group) -> None:
        """A question about the unit of one of two forms, or of one figure, that differ by it and by nothing else."""
        graded = [failure.graded for failure in group.failures]
        figures = _figures(group)
        message = magnitude_message(self.places, figures[0], figures[1])
        said = Said(unit=figures[0].fact.unit, page=figures[0].fact.page)
        self.add(FindingCode.PLAUSIBILITY_UNIT, "warning", message, graded, figures, question_diagnosis(group), said=said)

    def _question(self, groups: list[Group]) -> None:
        graded = [failure.graded for group in groups for failure in group.failures]
        identity = graded[0].equation.identity
        message = unclear_message(self.places, groups[0].figure, len(graded), identity.zh, identity.en)
        figures = [figure for group in groups for figure in _figures(group)]
        said = Said(rule=identity.id, page=figures[0].fact.page)
        diagnosis = question_diagnosis(groups[0]) if len(groups) == 1 else None
        self.add(FindingCode.STRUCTURE_UNCLEAR, "warning", message, graded, figures, diagnosis, said=said)

    def _misread(self, group: Group, confirmations: Confirmations) -> bool:
        """Adds a question where a figure may not be what is printed: it was read with doubt, or a second reader reads another one."""
        figures = _figures(group)
        change = group.failures[0].graded.difference
        doubtful = [
            figure
            for figure in figures
            if read_with_doubt(figure) and not (is_text(figure) and (self._shown(figure) or confirmations.of(figure, change)))
        ]
        identity = group.failures[0].graded.equation.identity
        read = next((figure for figure in figures if self._read_otherwise(figure) is not None), None)
        if read is not None:
            odd, message, confidence = read, misread_message(self.places, read, self._read_otherwise(read) or ""), 0.9
        elif doubtful:
            odd, message, confidence = doubtful[0], unsure_message(self.places, doubtful[0], identity.zh, identity.en), 0.6
        else:
            return False
        diagnosis = Diagnosis(cause="misread", fact=odd.id, reported=odd.fact.text, suggested=None, confidence=confidence)
        ordered = [odd, *(other for other in figures if other is not odd)]
        self.add(identity.code, "warning", message, [failure.graded for failure in group.failures], ordered, diagnosis)
        return True

    def _shown(self, figure: Figure) -> bool:
        """Whether the page's image shows what was read."""
        return self._readings.confirmation(figure.id, figure.fact.text) == "image"

    def _read_otherwise(self, figure: Figure) -> str | None:
        """What the second reader read, where that is another figure."""
        return self._readings.otherwise(figure.id, figure.fact.text)

    def _error(self, group: Group) -> None:
        graded = [failure.graded for failure in group.failures]
        identity = graded[0].equation.identity
        message = failure_message(self.places, group.figure, group.expected, identity.zh, identity.en, len(graded), group.pinned)
        diagnosis = diagnosis_of(group, self._ledger.of(graded))
        self.corrected |= {group.figure.id: group.expected} if group.pinned else {}
        said = said_of(group.figure, group.expected, identity.id)
        self.add(identity.code, "error", message, graded, _figures(group), diagnosis, said=said)

    def suspicious(self, graded: list[Graded]) -> None:
        """A warning for each sum that rounding explains only at a stretch; repeated sums of the same target once."""
        by_target: dict[str, list[Graded]] = defaultdict(list)
        for one in graded:
            by_target[one.equation.target.id].append(one)
        for same in by_target.values():
            equation = same[0].equation
            message = suspicious_message(self.places, equation.target, same[0].difference, equation.identity.zh, equation.identity.en)
            said = said_of(equation.target, same[0].computed, equation.identity.id)
            figures = [equation.target, *(term for term, _ in equation.terms)]
            self.add(FindingCode.SUM_SUSPICIOUS, "warning", message, same, figures, said=said)

    def unread(self, tied: set[str], told: Collection[str] = ()) -> None:
        """What could not be checked, form by form: no unit of money, or no known kind and not one figure tied. Args: told: tables told otherwise."""
        for sheet in self._book.sheets:
            figures = sorted(sheet.cells.values(), key=lambda figure: (figure.fact.row, figure.fact.col))
            if not figures:
                continue
            title, page = title_of(sheet.form), figures[0].fact.page
            if all(figure.order is None for figure in figures):
                self.add(FindingCode.UNIT_MISSING, "warning", unit_message(title, page, len(figures)), (), figures[:1])
            elif sheet.kind is None and sheet.form.table not in told and not any(figure.id in tied for figure in figures):
                self.add(FindingCode.FORM_UNREAD, "warning", unread_message(title, page, len(figures)), (), figures[:1])

    def rounding(self, graded: list[Graded]) -> None:
        """One line that says how many sums hold by rounding only. It is about no figure, so it shows none; its checks tell which they are."""
        if graded:
            self.add(FindingCode.ROUNDING, "info", rounding_message(len(graded)), graded, [])


def _figures(group: Group) -> list[Figure]:
    """The accused figure, then the figures of its checks."""
    figures = [group.figure]
    for failure in group.failures:
        figures += [figure for figure, _ in failure.figures]
    return list({figure.id: figure for figure in figures}.values())
