"""What a report is made of: a document's result, the findings between it and others, and what people decided; each finding as an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from msgspec import UNSET

from services.store.domain.views import Acceptance
from shared.contracts.common import Box
from shared.contracts.extracted import ReadWarning
from shared.contracts.normalized import Normalized
from shared.contracts.notice import NoticeKind
from shared.contracts.validated import Check, Finding, Validated
from tieout.explain import Context, context_of
from tieout.language import Language

KINDS: Mapping[str, NoticeKind] = {"error": "correction", "warning": "question", "info": "note"}
"""What a department has to do about a finding, by its severity."""


@dataclass(frozen=True)
class Between:
    """A finding between this document and others, with its checks; ids of facts are those of `context` (explain_filing.joined)."""

    finding: Finding
    checks: tuple[Check, ...]
    context: Context


@dataclass(frozen=True)
class Spot:
    """A place on a page of this document. `figure`: it is the one in question, not a part of its sums."""

    page: int
    box: Box
    figure: bool


@dataclass(frozen=True)
class Item:
    """A finding as the report shows it. `number` counts from 1. `spots`: its places in this document, the figure in question first.

    `context`: what its ids mean. `accepted`: null where it is open.
    """

    number: int
    finding: Finding
    checks: tuple[Check, ...]
    context: Context
    spots: tuple[Spot, ...]
    accepted: Acceptance | None
    between: bool

    @property
    def kind(self) -> NoticeKind:
        """What has to be done about it."""
        return KINDS[self.finding.severity]


@dataclass(frozen=True)
class Handover:
    """Everything that the parts of a report say. `name`: of the file. `unread`: what the reader warned of."""

    name: str
    pages: int
    validated: Validated
    normalized: Normalized
    warnings: tuple[ReadWarning, ...] = ()
    between: Mapping[Language, tuple[Between, ...]] = field(default_factory=dict)
    accepted: Mapping[str, Acceptance] = field(default_factory=dict)

    @cached_property
    def _contexts(self) -> dict[Language, Context]:
        return {language: context_of(self.validated, self.normalized, language) for language in ("zh", "en")}

    def context(self, language: Language) -> Context:
        """What the ids of this document's facts and rules mean."""
        return self._contexts[language]

    def items(self, language: Language) -> tuple[Item, ...]:
        """The findings: of this document in the order of its result, then those between documents."""
        made: list[Item] = []
        checks = {check.id: check for check in self.validated.checks}
        for finding in self.validated.findings:
            own = tuple(checks[each] for each in finding.checks if each in checks)
            made.append(self._item(len(made) + 1, finding, own, self.context(language), False))
        for each in self.between.get(language, ()):
            made.append(self._item(len(made) + 1, each.finding, each.checks, each.context, True))
        return tuple(made)

    def _item(self, number: int, finding: Finding, checks: tuple[Check, ...], context: Context, between: bool) -> Item:
        return Item(number, finding, checks, context, self._spots(finding), self.accepted.get(finding.id), between)

    def _spots(self, finding: Finding) -> tuple[Spot, ...]:
        """The narrative's figure where that is in question, then the evidence in this document, each place once."""
        own = [each for each in finding.evidence if each.document in (UNSET, self.validated.document.id)]
        found = [Spot(page, box, True) for page, box in self._claimed(finding)]
        found += [Spot(each.page, each.bbox, number == 0) for number, each in enumerate(own)]
        once: dict[tuple[int, Box], Spot] = {}
        for spot in found:
            if 1 <= spot.page <= self.pages and spot.box[2] > spot.box[0] and spot.box[3] > spot.box[1]:
                once.setdefault((spot.page, spot.box), spot)
        return tuple(once.values())

    def _claimed(self, finding: Finding) -> list[tuple[int, Box]]:
        """Where the narrative prints the figure of a contradiction."""
        if finding.page is None or finding.reported is None or finding.document not in (UNSET, self.validated.document.id):
            return []
        if any(each.page == finding.page for each in finding.evidence):
            return []
        claims = [
            claim for claim in self.normalized.claims if claim.page == finding.page and claim.amount == finding.reported and claim.bbox
        ]
        named = [claim for claim in claims if claim.subject and claim.subject in finding.message.zh]
        return [(claim.page, claim.bbox) for claim in (named or claims)[:1] if claim.bbox]
