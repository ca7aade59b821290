"""Which failing checks count, and which are not assessable after all: where an equation need not hold, or cannot be tested on what was read."""

from __future__ import annotations

from collections.abc import Mapping

from services.validator.domain.doubts import over_a_seam
from services.validator.domain.failures import Confirmations, Failure
from services.validator.domain.grading import Graded
from services.validator.domain.sheet import Book
from services.validator.domain.structure import Judged
from shared.check_reasons import APART, CONDITIONAL, LAYOUT


def settle(judged: list[Judged], book: Book, confirmations: Confirmations, apart: Mapping[str, str]) -> list[Failure]:
    """The failing checks that count; the others become not assessable, with the reason.

    Args: apart: tables that are not compared with others, with the reason.
    """
    failures: list[Failure] = []
    for one in judged:
        for graded in one.graded:
            if graded.status != "failed":
                continue
            reason = _reason(one, graded, book, confirmations, apart)
            if reason is None:
                failures.append(Failure(graded, one, len(failures)))
            else:
                graded.status, graded.reason = "not_assessable", reason
    return failures


def _reason(one: Judged, graded: Graded, book: Book, confirmations: Confirmations, apart: Mapping[str, str]) -> str | None:
    """Why a failing check is not assessable; None where it counts.

    Rows of the form may stand in another table; a table is compared with another whose unit is in doubt or of which a part is missing (its
    totals do not say then which money it speaks of); a conditional identity does not hold;
    so does a guess at the layout, or a layout that is not certain, where it fails again and again, or where every figure of the sum is
    confirmed by another check (then the sum was not meant).
    """
    if book.parted and over_a_seam(book, graded):
        return APART
    tables = {graded.equation.target.fact.table, *(term.fact.table for term, _ in graded.equation.terms)}
    if len(tables) > 1 and not tables.isdisjoint(apart):
        return next(reason for table, reason in apart.items() if table in tables)
    if one.bundle.identity.guard == "conditional":
        return CONDITIONAL
    unclear = one.trust == "unclear"
    unsure = unclear and ((one.bundle.basis == "guess" and not one.agreed) or (one.fails > 2 and one.fails > 2 * one.holds))
    return LAYOUT if unsure or (unclear and confirmations.all_of(graded)) else None
