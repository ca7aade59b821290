"""How bad a finding is: its severity, then the size of its difference relative to the figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.contracts.validated import Check, Evidence, Finding, Severity
from shared.contracts.vocabulary import FindingCode

SEVERITY_RANK: Final[Mapping[Severity, int]] = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Weight:
    """What stands for a finding: its figure's place and amounts, its rule, and the relative difference in parts per million (null: no figures).

    `evidence` is null where the finding is about no figure of a table: a remark on the whole document, or a figure of the narrative.
    """

    evidence: Evidence | None
    page: int | None
    text: str | None
    reported: Decimal | None = None
    computed: Decimal | None = None
    difference: Decimal | None = None
    unit: str | None = None
    rule: str | None = None
    relative_ppm: int | None = None


def weigh(finding: Finding, checks: Mapping[str, Check]) -> Weight:
    """The amounts and the place that the finding's own sentence names, so that no column contradicts it.

    A finding without them (older results) takes those of the check whose target is the figure accused, else of its worst check.
    Args: checks: all checks of the document by id; ids that are not there are passed over.
    """
    if finding.code == FindingCode.CLAIM_CONTRADICTION and finding.reported is not None:
        # The figure in question stands in the narrative; the evidence is the one of the form that contradicts it.
        return _as_said(finding, None, f"{finding.reported:f}")
    if finding.page is not None or finding.severity == "info":
        evidence = next(iter(finding.evidence), None)
        return _as_said(finding, evidence, evidence.text if evidence else None)
    own = [checks[identifier] for identifier in finding.checks if identifier in checks]
    first = finding.evidence[0].fact if finding.evidence else None
    accused = (finding.diagnosis.fact if finding.diagnosis else None) or first
    about = [check for check in own if check.target == accused] or own
    worst = max(about, key=lambda check: -1 if (size := relative_ppm(check)) is None else size, default=None)
    evidence = next((each for each in finding.evidence if each.fact == accused), None) or next(iter(finding.evidence), None)
    page, text = (evidence.page, evidence.text) if evidence else (None, None)
    if worst is None:
        return Weight(evidence, page, text)
    amounts = (worst.reported, worst.computed, worst.difference)
    return Weight(evidence, page, text, *amounts, worst.unit, worst.rule, relative_ppm(worst))


def _as_said(finding: Finding, evidence: Evidence | None, text: str | None) -> Weight:
    size = _ppm(finding.difference, finding.reported, finding.expected)
    amounts = (finding.reported, finding.expected, finding.difference)
    return Weight(evidence, finding.page, text, *amounts, finding.unit, finding.rule, size)


def relative_ppm(check: Check) -> int | None:
    """|difference| in parts per million of the larger of reported and computed; 0 where all are 0, null where not assessed."""
    return _ppm(check.difference, check.reported, check.computed)


def _ppm(difference: Decimal | None, reported: Decimal | None, computed: Decimal | None) -> int | None:
    if difference is None or reported is None or computed is None:
        return None
    base = max(abs(reported), abs(computed))
    return int((abs(difference) / base * 1_000_000).to_integral_value()) if base else 0


def fen(yuan: Decimal | None) -> int | None:
    """An amount in whole 分, for sorting and filtering in SQL only; null beyond 64 bits."""
    if yuan is None:
        return None
    whole = int((yuan * 100).to_integral_value())
    return whole if -(2**63) <= whole < 2**63 else None
