"""Sentences that state figures of a ledger: amounts, shares, changes. All wording is our own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from tools.samples.ledger import Ledger, Money
from tools.samples.names import name

WAN = Money(grouped=False, zero="0.00")


def share(part: Decimal, whole: Decimal) -> str:
    """Percentage with two decimals."""
    return f"{(part / whole * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def change(now: Decimal, before: Decimal) -> str:
    """How an amount differs from last year's, in 万元 and per cent."""
    if now == before:
        return "与上年持平"
    word, direction = ("增加", "增长") if now > before else ("减少", "下降")
    return f"比上年{word}{WAN(abs(now - before))}万元，{direction}{share(abs(now - before), before)}"


def by_class(ledger: Ledger) -> str:
    """The function classes of a ledger with amounts and shares."""
    codes = [c for c in ledger.functions() if len(c) == 3]
    return "；".join(f"{name(c)}{WAN(ledger.total(c))}万元，占{share(ledger.total(c), ledger.total())}" for c in codes)


def items(ledger: Ledger, start: int = 1) -> list[str]:
    """One paragraph for every 项."""
    out = []
    for i, code in enumerate(ledger.items(), start):
        path = f"{name(code[:3])}（类）{name(code[:5])}（款）{name(code)}（项）"
        out.append(f"{i}．{path}安排{WAN(ledger.total(code))}万元。")
    return out


def basic_and_projects(ledger: Ledger) -> str:
    """Basic and project expenditure with shares."""
    whole = ledger.total()
    basic, projects = ledger.basic().total(), ledger.projects().total()
    return f"基本支出{WAN(basic)}万元，占{share(basic, whole)}；项目支出{WAN(projects)}万元，占{share(projects, whole)}"


def personnel_and_public(ledger: Ledger) -> str:
    """人员经费 and 公用经费 of basic expenditure."""
    basic = ledger.basic()
    return f"人员经费{WAN(basic.personnel().total())}万元，公用经费{WAN(basic.public().total())}万元"


def project_list(ledger: Ledger) -> str:
    """Every project with its amount."""
    return "；".join(f"“{p}”{WAN(ledger.of_project(p).total())}万元" for p in ledger.project_names())


def chapter(number: str, heading: str, paragraphs: Sequence[str]) -> list[str]:
    """A heading and its paragraphs, as Press.text takes them."""
    return [f"## {number}、{heading}", *paragraphs]
