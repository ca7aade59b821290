"""Claims as figures, so that they stand in evidence and in checks beside figures of the tables."""

from __future__ import annotations

from shared.contracts.common import NO_BOX
from shared.contracts.normalized import Claim, Fact

CLAIMS_TABLE = "claim"


def claim_fact(claim: Claim, index: int) -> Fact:
    """A claim as a figure of its own kind: `claim/INDEX` (from 0), its label the subject, its text the amount as the narrative gives it."""
    return Fact(
        id=f"{CLAIMS_TABLE}/{index}",
        table=CLAIMS_TABLE,
        row=index,
        col=0,
        form=None,
        function=None,
        economic=None,
        gov_economic=None,
        line=None,
        measure=None,
        fund=None,
        project=None,
        amount=claim.amount,
        decimals=claim.decimals,
        precision=claim.decimals,
        unit=claim.unit,
        yuan=None,
        text=format(claim.amount, "f"),
        page=claim.page,
        bbox=claim.bbox or NO_BOX,
        code_from="none",
        confidence=1.0,
        label=claim.subject,
    )
