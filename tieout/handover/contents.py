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
from shared.contracts.validated import Check, Evidence, Finding, Validated
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
        """The figure in question first, then the other evidence in this document, each place once. Where a narrative and a form differ, both are."""
        own = [each for each in finding.evidence if each.document in (UNSET, self.validated.document.id)]
        accused = accused_of(finding)
        ordered = sorted(own, key=lambda each: each is not accused)
        once: dict[tuple[int, Box], Spot] = {}
        for each in ordered:
            if 1 <= each.page <= self.pages and each.bbox[2] > each.bbox[0] and each.bbox[3] > each.bbox[1]:
                in_question = each is accused or each is own[0]
                once.setdefault((each.page, each.bbox), Spot(each.page, each.bbox, in_question))
        return tuple(once.values())


def is_left_blank(finding: Finding) -> bool:
    """Whether a finding is about a cell that prints nothing; its evidence are the figures around it."""
    return finding.diagnosis is not None and finding.diagnosis.fills_a_blank


def accused_of(finding: Finding) -> Evidence | None:
    """The figure that a finding is about: that of its page where it names one (the narrative's, where that differs from a form), else the first."""
    there = (each for each in finding.evidence if each.page == finding.page and each.document in (UNSET, finding.document))
    return next(there, finding.evidence[0] if finding.evidence else None)
