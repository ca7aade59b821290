"""A fictional department's money, entry by entry in 元; every form of a sample is a view of one ledger.

Because all forms are sums over the same entries, every identity between them holds before rounding, and an error can only be
one that was planted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

GENERAL = "general"  # 一般公共预算拨款 of the year
CARRIED = "carried"  # 上年结转 of the general public budget
BUSINESS = "business"  # 事业收入
OTHER = "other"  # 其他收入
FISCAL = frozenset({GENERAL, CARRIED})
PERSONNEL = ("301", "303")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Entry:
    """One amount: what it is spent on (function, economic class), whose project it is, who pays."""

    function: str
    economic: str
    yuan: Decimal
    project: str | None = None
    source: str = GENERAL


@dataclass(frozen=True)
class Ledger:
    """Expenditure entries of one year."""

    entries: tuple[Entry, ...]

    def only(self, *sources: str) -> Ledger:
        """The entries that these sources pay."""
        return Ledger(tuple(e for e in self.entries if e.source in sources))

    def fiscal(self) -> Ledger:
        """The entries paid by fiscal appropriation, carried forward or of the year."""
        return self.only(*FISCAL)

    def basic(self) -> Ledger:
        """基本支出: the entries without a project."""
        return Ledger(tuple(e for e in self.entries if e.project is None))

    def projects(self) -> Ledger:
        """项目支出: the entries of projects."""
        return Ledger(tuple(e for e in self.entries if e.project is not None))

    def personnel(self) -> Ledger:
        """人员经费: wages, and subsidies to persons."""
        return Ledger(tuple(e for e in self.entries if e.economic.startswith(PERSONNEL)))

    def public(self) -> Ledger:
        """公用经费: everything that is not 人员经费."""
        return Ledger(tuple(e for e in self.entries if not e.economic.startswith(PERSONNEL)))

    def of_project(self, name: str) -> Ledger:
        """The entries of one project."""
        return Ledger(tuple(e for e in self.entries if e.project == name))

    def total(self, function: str = "", economic: str = "") -> Decimal:
        """Sum in 元 of the entries whose codes start with these prefixes."""
        return sum((e.yuan for e in self.entries if e.function.startswith(function) and e.economic.startswith(economic)), ZERO)

    def functions(self) -> list[str]:
        """Codes of 类, 款 and 项 in the order of a form: each 类 followed by its 款, each 款 by its 项."""
        return _tree(e.function for e in self.entries)

    def items(self) -> list[str]:
        """Codes of 项 alone."""
        return [code for code in self.functions() if len(code) == 7]

    def economics(self) -> list[str]:
        """Codes of economic classes and items, each class followed by its items."""
        return sorted({code for e in self.entries for code in (e.economic[:3], e.economic)})

    def project_names(self) -> list[str]:
        """Projects in the order in which they first appear."""
        return list(dict.fromkeys(e.project for e in self.entries if e.project is not None))


def _tree(codes: Iterable[str]) -> list[str]:
    return sorted({part for code in codes for part in (code[:3], code[:5], code)})


def wan(amount: str) -> Decimal:
    """元 of an amount given in 万元."""
    return Decimal(amount) * 10000


@dataclass(frozen=True)
class Money:
    """How a family of forms prints money: unit in 元, decimals, thousands separators, what stands for nothing.

    Round half up, each figure by itself, as spreadsheet programs do: rounded items need not add up to the rounded total.
    """

    unit: Decimal = Decimal(10000)
    decimals: int = 2
    grouped: bool = False
    zero: str = ""

    def __call__(self, yuan: Decimal) -> str:
        """The printed text of an amount in 元."""
        if yuan == 0:
            return self.zero
        value = (yuan / self.unit).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        return f"{value:,}" if self.grouped else f"{value}"
