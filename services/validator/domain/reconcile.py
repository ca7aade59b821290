"""The stage of filings: the documents of a filing taken together, and against last year's filing.

Each document is validated alone (domain/validate.py). Here is compared what stands in different documents: claims of a narrative with tables
that were published apart, 上年数 with what last year's filing printed, and 年初预算 of final accounts with the budget of the year. Nothing depends on the order in which documents came.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.validator.domain.budget_claims import budget_claims
from services.validator.domain.claims_between import claim_checks
from services.validator.domain.last_year import previous_checks
from services.validator.domain.members import Between, sources_of
from services.validator.domain.rules import Rules
from services.validator.domain.validate import validator_version
from shared.contracts.filing import Filing, FilingChanged
from shared.contracts.normalized import Normalized
from shared.contracts.validated import Counts, Coverage, Finding, RulesProducer, Status, Verdict
from shared.filings import budget_members, previous_of, state_of

STATUSES: tuple[Status, ...] = ("exact", "rounding", "suspicious", "failed", "not_assessable")


def reconcile(
    changed: FilingChanged, members: Iterable[Normalized], previous: Iterable[Normalized], rules: Rules, budget: Iterable[Normalized] = ()
) -> Filing:
    """Compares the documents of a filing with one another, with those of last year's filing and, of final accounts, with the year's budget.

    Args: changed: what the filing consists of. members, previous, budget: the normalised documents of its members and of theirs, in any order.
    Returns: the checks between documents, findings and verdict; the same members give the same bytes.
    Raises: ValueError: the documents are not those of `changed`.
    """
    info = changed.filing
    before, planned = previous_of(changed), budget_members(changed)
    state = state_of(info, changed.members, before, planned)
    between = Between()
    sources = sources_of(changed.members, members, info.year)
    claim_checks(sources, rules, between)
    previous_checks(sources, sources_of(before, previous, info.year - 1), rules.all_of("previous_year"), info.kind, between)
    plan = sources_of(planned, budget, info.year)
    previous_checks(sources, plan, rules.all_of("year_budget"), info.kind, between)
    budget_claims(sources, plan, rules, between)
    counts = Counts(**{status: sum(1 for check in between.checks if check.status == status) for status in STATUSES})
    tied = len(between.spoken_of & between.tied)
    coverage = Coverage(figures=len(between.spoken_of), tied=tied, untied=len(between.spoken_of) - tied)
    return Filing(
        filing=info,
        members=state.members,
        previous=state.previous,
        budget=state.budget,
        verdict=_verdict(between.findings, counts, coverage),
        counts=counts,
        coverage=coverage,
        checks=tuple(between.checks),
        findings=tuple(between.findings),
        producer=RulesProducer(name="validator", version=validator_version(rules), rules=rules.version),
    )


def _verdict(findings: Iterable[Finding], counts: Counts, coverage: Coverage) -> Verdict:
    """inconsistent: an error. unverifiable: something failed that accuses nobody, or less than half of the figures tied. Else consistent."""
    if any(finding.severity == "error" for finding in findings):
        return "inconsistent"
    if counts.failed or not coverage.figures or coverage.tied * 2 < coverage.figures:
        return "unverifiable"
    return "consistent_within_rounding" if counts.rounding or counts.suspicious else "consistent"
