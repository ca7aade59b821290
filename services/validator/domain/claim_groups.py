"""Claims that belong together: the shares of one list, a change in money and its percentage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.validator.domain.sheet import UNIT_ORDERS
from shared.contracts.normalized import Claim


def listed_shares(claims: Sequence[Claim]) -> Iterator[list[int]]:
    """Shares that one list gives: of the same words and the same whole, sentence after sentence."""
    group: list[int] = []
    for index, claim in enumerate(claims):
        if claim.kind != "share":
            continue
        last = claims[group[-1]] if group else None
        if (
            last is not None
            and (last.of, last.whole, last.base) == (claim.of, claim.whole, claim.base)
            and claim.sentence - last.sentence <= 1
        ):
            group.append(index)
            continue
        if group:
            yield group
        group = [index]
    if group:
        yield group


def changes_of(claims: Sequence[Claim]) -> Iterator[list[int]]:
    """Each change in money with the percentage that follows it in its sentence; any other change alone."""
    open_money: int | None = None
    for index, claim in enumerate(claims):
        if claim.kind != "change" or (claim.unit not in UNIT_ORDERS and claim.unit != "%"):
            continue
        if claim.unit == "%":
            money = claims[open_money] if open_money is not None else None
            if open_money is not None and money is not None and (money.sentence, money.about) == (claim.sentence, claim.about):
                yield [open_money, index]
                open_money = None
                continue
            yield [index]
        else:
            if open_money is not None:
                yield [open_money]
            open_money = index
    if open_money is not None:
        yield [open_money]
