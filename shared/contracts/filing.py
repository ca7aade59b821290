"""`tieout.filing_changed/1` and `tieout.filing/1`: what a filing consists of now, and the verdict over its documents taken together.

The bodies of `filings.changed` and `filings.validated`. Neither holds anything of a submission: the same documents in the same parts give
the same bytes, in whatever order they arrived.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from shared.contracts.common import Model
from shared.contracts.events import FilingInfo
from shared.contracts.normalized import Part
from shared.contracts.validated import Check, Counts, Coverage, Finding, RulesProducer, Verdict

SCHEMA: Final = "tieout.filing/1"
CHANGED_SCHEMA: Final = "tieout.filing_changed/1"


class Member(Model, frozen=True, kw_only=True):
    """The current document of a part, with the normalised artifact (digest, version of its producer) that is reconciled."""

    part: Part
    document: str
    digest: str
    version: str


class PreviousFiling(Model, frozen=True, kw_only=True):
    """Another filing of the same entity, region and level, with its members in order: last year's, or the year's budget."""

    filing: FilingInfo
    members: tuple[Member, ...]


class FilingChanged(Model, frozen=True, kw_only=True):
    """What a filing consists of now: members by part, then document id; `previous` is null where last year's is not stored. `budget`: of final
    accounts, the budget of the same year; left out where it is not stored.

    No members: nothing of the filing is left.
    """

    schema: Literal["tieout.filing_changed/1"] = CHANGED_SCHEMA
    filing: FilingInfo
    members: tuple[Member, ...]
    previous: PreviousFiling | None
    budget: PreviousFiling | msgspec.UnsetType = msgspec.UNSET


class Filing(Model, frozen=True, kw_only=True):
    """A filing reconciled: identities between its documents, and between them and last year's filing and, of final accounts, the year's budget.

    Checks, findings, counts and coverage are those between documents only; what holds inside a document is in its own
    `tieout.validated/1`. `coverage`: figures that such an identity speaks of, and how many of them took part in an assessed check. `verdict`:
    inconsistent (a finding of severity error) | unverifiable (a failed check that accuses nobody, or less than half of the figures tied) |
    consistent_within_rounding | consistent. In checks, terms, evidence and findings `document` says whose fact, figure or page is meant.
    """

    schema: Literal["tieout.filing/1"] = SCHEMA
    filing: FilingInfo
    members: tuple[Member, ...]
    previous: PreviousFiling | None
    verdict: Verdict
    counts: Counts
    coverage: Coverage
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    producer: RulesProducer
    budget: PreviousFiling | msgspec.UnsetType = msgspec.UNSET
