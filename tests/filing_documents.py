"""Small filings for tests: documents of one entity, apart or a year apart, from the forms of validator_documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from msgspec import structs
from validator_documents import DOCUMENT, Block, Line, Paper, document, function, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.reconcile import reconcile
from shared.canonical import canonical_json, digest
from shared.contracts.events import FilingInfo
from shared.contracts.filing import Filing, FilingChanged, Member, PreviousFiling
from shared.contracts.normalized import Claim, Kind, Normalized
from shared.filings import info_of


def named(name: str, *papers: Paper, claims: Sequence[Claim] = (), **about: Any) -> Normalized:
    """A document whose bytes are `name`. Args: about: what differs from DOCUMENT: part, year, kind."""
    made = document(*papers, claims=claims)
    identity = {"id": "sha256:" + hashlib.sha256(name.encode()).hexdigest(), **about}
    return structs.replace(made, document=structs.replace(DOCUMENT, **identity))


def claim(subject: str, amount: str, unit: str = "万元", page: int = 7) -> Claim:
    """An amount that a narrative gives."""
    value = Decimal(amount)
    decimals = max(0, -int(value.as_tuple().exponent))
    return Claim(page=page, text="…", kind="amount", subject=subject, amount=value, unit=unit, decimals=decimals)


def by_year(*lines: Line, head: str = "上年预算数=previous_year", now: str = "本年预算数=amount", **more: Any) -> Paper:
    """A form of functions × last year's figure | this year's."""
    return Paper(
        more.pop("table", "t4"), "general_budget_expenditure", [Block("function", (head, now), lines)], title="一般公共预算支出表", **more
    )


def budget_2024(name: str = "2024", **more: Any) -> Normalized:
    """Last year's budget: 90.00 in all, 60.00 for 208 and 30.00 for 221."""
    lines = (sum_of("80.00", "90.00"), function("208", "50.00", "60.00"), function("221", "30.00", "30.00"))
    return named(name, by_year(*lines), part="whole", year=2024, **more)


def sum_of(*amounts: str) -> Line:
    """The row 合计 as the normaliser reads it."""
    return total(*amounts, line="total")


def member(document: Normalized) -> Member:
    """A document as a member of its filing."""
    return Member(
        part=document.document.part,
        document=document.document.id,
        digest=digest(canonical_json(document)),
        version=document.producer.version,
    )


def info(document: Normalized) -> FilingInfo:
    """What a document's filing is about."""
    found = info_of(document.document)
    assert found is not None
    return found


def changed(members: Iterable[Normalized], previous: Iterable[Normalized] = ()) -> FilingChanged:
    """A filing of these documents."""
    now, before = list(members), list(previous)
    last = PreviousFiling(filing=info(before[0]), members=tuple(map(member, before))) if before else None
    return FilingChanged(filing=info(now[0]), members=tuple(map(member, now)), previous=last)


def reconciled(members: Sequence[Normalized], previous: Sequence[Normalized] = ()) -> Filing:
    """The filing of these documents under the real rules."""
    return reconcile(changed(members, previous), members, previous, load_rules())


def of_kind(kind: Kind, document: Normalized) -> Normalized:
    """The same document, of another kind."""
    return structs.replace(document, document=structs.replace(document.document, kind=kind))
