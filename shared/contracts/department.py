"""`tieout.department_units/1`: a department's forms beside what its units published (`tieout units --json`)."""

from __future__ import annotations

from typing import Final, Literal

from shared.contracts.common import Model
from shared.contracts.validated import Check, Finding

SCHEMA: Final = "tieout.department_units/1"


class DepartmentUnits(Model, frozen=True, kw_only=True):
    """Each row of a unit against the unit's own totals.

    `department`, `units`: ids of the documents; `missing`: names of units in the department's forms of which no document is there. In checks, terms,
    evidence and findings `document` says whose fact is meant.
    """

    schema: Literal["tieout.department_units/1"] = SCHEMA
    department: str
    units: tuple[str, ...]
    missing: tuple[str, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
