"""How bad a finding is: its severity, then the size of its difference relative to the figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.contracts.validated import Check, Evidence, Finding, Severity

SEVERITY_RANK: Final[Mapping[Severity, int]] = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Weight:
    """The check and the evidence that stand for a finding, and its relative difference in parts per million (null: no figures)."""

    check: Check | None
    evidence: Evidence | None
    relative_ppm: int | None


def weigh(finding: Finding, checks: Mapping[str, Check]) -> Weight:
    """The worst of a finding's checks and the figure accused.

    Args: checks: all checks of the document by id; ids that are not there are passed over.
    """
    own = [checks[identifier] for identifier in finding.checks if identifier in checks]
    worst = max(own, key=lambda check: -1 if (size := relative_ppm(check)) is None else size, default=None)
    accused = finding.diagnosis.fact if finding.diagnosis else None
    accused = accused or (worst.target if worst else None)
    evidence = next((each for each in finding.evidence if each.fact == accused), None) or next(iter(finding.evidence), None)
    return Weight(worst, evidence, relative_ppm(worst) if worst else None)


def relative_ppm(check: Check) -> int | None:
    """|difference| in parts per million of the larger of reported and computed; 0 where all are 0, null where not assessed."""
    if check.difference is None or check.reported is None or check.computed is None:
        return None
    base = max(abs(check.reported), abs(check.computed))
    return int((abs(check.difference) / base * 1_000_000).to_integral_value()) if base else 0


def fen(yuan: Decimal | None) -> int | None:
    """An amount in whole 分, for sorting and filtering in SQL only; null beyond 64 bits."""
    if yuan is None:
        return None
    whole = int((yuan * 100).to_integral_value())
    return whole if -(2**63) <= whole < 2**63 else None
