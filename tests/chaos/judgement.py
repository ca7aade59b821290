"""What must hold when a disturbed installation has come to rest, and the line of figures that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ATTEMPTS_BOUND = 12
"""No document's stage may be begun more often: a kill costs one attempt, and no run kills one process more often than this in a row."""

# table → columns that identify a row. The database has keys over them; the harness counts for itself, so that a key that is missing shows.
IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "ledger": ("bucket", "key", "version"),
    "submissions": ("name", "department", "bucket", "key", "version", "last_modified", "document_id"),
    "stage_runs": ("document_id", "stage", "version", "digest"),
    "results": ("document_id",),
    "facts": ("document_id", "id"),
    "checks": ("document_id", "id"),
    "findings": ("document_id", "id"),
    "steps": ("event", "kind", "object"),
}


@dataclass(frozen=True)
class Judgement:
    """Figures of one run. `expected_objects`: put by the harness; `digest`: of the store; `undisturbed`: of a run without faults."""

    expected_objects: int
    audit: Mapping[str, Any]
    digest: str
    undisturbed: str
    duplicates: Mapping[str, int]
    attempts: int
    seconds: float
    bound: float
    faults: Mapping[str, int] = field(default_factory=dict)
    restarts_by_sweep: int = 0

    def problems(self) -> list[str]:
        """What does not hold; empty where nothing was lost, doubled or changed."""
        audit = self.audit
        found = []
        if audit["holes"]:
            found.append(f"{len(audit['holes'])} holes, the first: {audit['holes'][0]}")
        if audit["objects"] != self.expected_objects or audit["submissions"] != self.expected_objects:
            found.append(f"{self.expected_objects} objects put, {audit['objects']} in the bucket, {audit['submissions']} in the ledger")
        settled = sum(audit[name] for name in ("stored", "rejected", "dead_lettered", "gone"))
        if audit["in_flight"] or settled != self.expected_objects:
            found.append(f"{audit['in_flight']} in flight, {settled} of {self.expected_objects} settled after {self.seconds:.0f} s")
        if audit["dead_lettered"]:
            found.append(f"{audit['dead_lettered']} dead letters for documents that are sound")
        if doubled := {table: count for table, count in self.duplicates.items() if count}:
            found.append(f"rows that stand twice: {doubled}")
        if self.digest != self.undisturbed:
            found.append("the results differ from those of an undisturbed run")
        if self.attempts > ATTEMPTS_BOUND:
            found.append(f"{self.attempts} attempts at one document's stage, more than {ATTEMPTS_BOUND}")
        if self.seconds > self.bound:
            found.append(f"at rest after {self.seconds:.0f} s, bound {self.bound:.0f} s")
        return found

    def line(self) -> str:
        """One line with all figures."""
        audit = self.audit
        faults = ", ".join(f"{count} {name}" for name, count in self.faults.items() if count) or "none"
        return (
            f"chaos: {self.expected_objects} documents, faults: {faults}; stored {audit['stored']}, rejected {audit['rejected']}, "
            f"dead-lettered {audit['dead_lettered']}, gone {audit['gone']}, in flight {audit['in_flight']}; holes {len(audit['holes'])}; "
            f"duplicate rows {sum(self.duplicates.values())}; digest {'same' if self.digest == self.undisturbed else 'DIFFERENT'}; "
            f"attempts at most {self.attempts}; restarted by the sweep {self.restarts_by_sweep}; at rest after {self.seconds:.0f} s "
            f"(bound {self.bound:.0f} s)"
        )
