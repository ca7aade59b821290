"""The documents of a filing side by side: each with its figures, and one collector for what is checked and found between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from services.validator.domain.findings import evidence_of, finding_id
from services.validator.domain.grading import Graded, to_check
from services.validator.domain.messages import Places, Said
from services.validator.domain.rules import Identity
from services.validator.domain.sheet import Book, Figure, read_book
from shared.contracts.common import Message
from shared.contracts.filing import Member
from shared.contracts.normalized import Normalized
from shared.contracts.validated import Check, Evidence, Finding, Severity
from shared.filings import in_order


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A document of a filing: its part, its figures, and the names of their places. `year`: of the filing that it belongs to."""

    member: Member
    year: int
    book: Book
    places: Places

    @property
    def id(self) -> str:
        """The document's id."""
        return self.member.document

    @property
    def short(self) -> str:
        """The beginning of the document's id, for ids of checks."""
        return self.id.removeprefix("sha256:")[:8]


def sources_of(members: Sequence[Member], documents: Iterable[Normalized], year: int) -> tuple[Source, ...]:
    """The members of a filing with their normalised documents, in order. Raises ValueError: the documents are not those of the members."""
    by_id = {document.document.id: document for document in documents}
    if sorted(by_id) != sorted({member.document for member in members}):
        raise ValueError(f"the documents {sorted(by_id)} are not those of the members {sorted(member.document for member in members)}")
    sources = []
    for member in in_order(members):
        book = read_book(by_id[member.document])
        sources.append(Source(member=member, year=year, book=book, places=Places(book)))
    return tuple(sources)


@dataclass(slots=True)
class Between:
    """Collects checks and findings between documents.

    `spoken_of` and `tied`: the figures (document, fact) that an identity speaks of, and those in an assessed check.
    """

    checks: list[Check] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    spoken_of: set[tuple[str, str]] = field(default_factory=set)
    tied: set[tuple[str, str]] = field(default_factory=set)
    _taken: set[str] = field(default_factory=set)

    def check(self, graded: Graded, source: Source, terms: Sequence[Source]) -> str:
        """Adds a check whose target is a figure of `source` and whose terms are figures of `terms`, in the same order; returns its id."""
        base = f"{graded.equation.identity.id}@{source.short}/{graded.equation.target.id}"
        identifier, number = base, 2
        while identifier in self._taken:
            identifier, number = f"{base}#{number}", number + 1
        self._taken.add(identifier)
        made = to_check(graded, identifier)
        named = tuple(structs.replace(term, document=of.id) for term, of in zip(made.terms, terms, strict=True))
        self.checks.append(structs.replace(made, document=source.id, terms=named))
        target = (source.id, graded.equation.target.id)
        self.spoken_of.add(target)
        if graded.status != "not_assessable":
            self.tied.add(target)
        return identifier

    def find(
        self,
        identity: Identity,
        severity: Severity,
        message: Message,
        accused: Source,
        figures: Sequence[tuple[Source, Figure]],
        checks: Iterable[str],
        said: Said,
        key: str = "",
    ) -> None:
        """Adds a finding about `accused`. Args: figures: the evidence, the first one names form and place. key: tells findings of one place apart."""
        source, first = figures[0]
        identifier = finding_id(accused.id, identity.code, first, f"{identity.id}|{key}")
        titles = {sheet.form.table: sheet.form.title for sheet in source.book.sheets}
        self.findings.append(
            Finding(
                id=identifier,
                code=identity.code,
                severity=severity,
                message=message,
                checks=tuple(dict.fromkeys(checks)),
                evidence=_evidence(figures),
                form=first.fact.form,
                title=titles.get(first.fact.table),
                reported=said.reported,
                expected=said.expected,
                difference=said.difference,
                unit=said.unit,
                rule=identity.id,
                page=said.page,
                document=accused.id,
            )
        )


def _evidence(figures: Sequence[tuple[Source, Figure]]) -> tuple[Evidence, ...]:
    once = {(source.id, figure.id): (source, figure) for source, figure in figures}
    return tuple(structs.replace(each, document=source.id) for source, figure in once.values() for each in evidence_of([figure]))
