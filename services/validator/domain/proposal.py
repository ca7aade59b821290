"""What operators propose: equations between figures, in bundles that stand or fall together.

A bundle holds the equations that one reading of the layout implies (for example "column 4 is the total of columns 5 and 6", one equation
a row). Whether that reading is right shows in how many of its equations hold: a reading under which most lines fail is our
misunderstanding and accuses nobody (structure.py). Rival readings of the same thing carry the same `rival` key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from services.validator.domain.rules import Identity
from services.validator.domain.sheet import Figure

Basis = Literal["codes", "layout", "guess"]
"""How far the reading is to be trusted before any arithmetic.

codes: printed national codes, or words that can mean nothing else (收入总计, 三公). layout: ordinals, indentation, header groups.
guess: one of several readings, to be believed only where it holds again and again.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """target = Σ sign · term. Without `terms` it is not assessable: `reason` says why, where it is not that the parts are blank."""

    identity: Identity
    target: Figure
    terms: tuple[tuple[Figure, int], ...]
    reason: str | None = None


@dataclass(slots=True, eq=False)
class Bundle:
    """Equations that one reading implies.

    `family`: the key under which readings of the same kind vouch for each other (the same roll-up in other rows of the form).
    `rival`: the key of the thing read, shared by other readings of it; the earlier one wins where both hold as well.
    """

    identity: Identity
    basis: Basis
    family: tuple[str, ...]
    rival: tuple[str, ...] | None = None
    equations: list[Equation] = field(default_factory=list)

    def add(self, target: Figure | None, terms: list[tuple[Figure, int]], breakdown_exists: bool = True) -> None:
        """Adds target = Σ terms; a blank target is nothing to check, blank parts are recorded as not assessable."""
        if target is None or (not terms and not breakdown_exists):
            return
        self.equations.append(Equation(self.identity, target, tuple(terms)))
