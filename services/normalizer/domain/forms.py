"""Which kind of form a table is: by its boxhead and stub, its title as further evidence. The kinds are data (`forms.toml`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.normalizer.domain.catalogue import Catalogue, FormRule
from services.normalizer.domain.features import features_of
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.layout import Layout
from services.normalizer.domain.lists import RawList
from shared.contracts.vocabulary import Scope

# Least evidence for a kind: a title that fits, or the structure that the kind needs.
_ENOUGH = 2.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """A kind of form with its scope and how sure; kind None where nothing fits."""

    kind: str | None
    scope: str | None
    confidence: float


def recognise(grid: Grid, layout: Layout, lists: Sequence[RawList], catalogue: Catalogue, title: str) -> Recognised:
    """The kind of form that the evidence supports best. Structure with a fitting title 1.0, structure alone .8, title alone .6."""
    features = features_of(grid, layout, lists, title)
    header = " ".join("/".join(info.path) for info in layout.columns)
    stub = " ".join(row.label.name for entry in lists for row in entry.rows)
    best, best_score, best_confidence = None, 0.0, 0.0
    for rule in catalogue.forms:
        score, confidence = _score(rule, features, header, stub, title)
        if score > best_score:
            best, best_score, best_confidence = rule, score, confidence
    if best is None or best_score < _ENOUGH:
        return Recognised(None, _scope(None, features, titled=False), 0.0)
    return Recognised(best.kind, _scope(best, features, titled=_titled(best, title)), best_confidence)


def kinds_of_title(catalogue: Catalogue, title: str) -> tuple[str, ...]:
    """All kinds that a title may name, in the order of the catalogue: words alone do not tell every kind from every other.

    Kinds that only opening balances tell apart have titles that say no more than their fund; they count where no other kind fits.
    """
    rules = [rule for rule in catalogue.forms if _titled(rule, title)]
    plainer = [rule for rule in rules if "m:opening_balance" not in rule.needs]
    return tuple(dict.fromkeys(str(rule.kind) for rule in plainer or rules))


def _titled(rule: FormRule, title: str) -> bool:
    """Whether a title is one of the kind's."""
    return bool(title and rule.title and rule.title.search(title) and not (rule.title_not and rule.title_not.search(title)))


def _score(rule: FormRule, features: frozenset[str], header: str, stub: str, title: str) -> tuple[float, float]:
    if rule.never & features:
        return 0.0, 0.0
    structural = bool(rule.needs or rule.any_of)
    structure = structural and rule.needs <= features and (not rule.any_of or bool(rule.any_of & features))
    titled = _titled(rule, title)
    if title and rule.title_not and rule.title_not.search(title):
        return 0.0, 0.0
    if structural and not structure and not (titled and "no_money" in features):
        return (1.0, 0.0) if titled else (0.0, 0.0)
    words = sum(bool(pattern and pattern.search(text)) for pattern, text in ((rule.header, header), (rule.stub, stub)))
    score = 2.0 * structure + 3.0 * titled + 1.0 * words + rule.weight + 0.1 * len(rule.needs)
    if not structure and not titled and not words:
        return 0.0, 0.0
    confidence = 1.0 if titled and (structure or words) else 0.8 if structure and (words or not title) else 0.6
    return score, confidence


def _scope(rule: FormRule | None, features: frozenset[str], *, titled: bool) -> str | None:
    """The kind's own scope; else what the title says. An expenditure form of unknown funds has none."""
    if rule is not None and rule.scope:
        return rule.scope if titled or not rule.scope_needs or rule.scope_needs & features else None
    if "titlefund:general_public_budget" in features:
        return Scope.GENERAL_BASIC if "titlebasic" in features else Scope.GENERAL
    for fund, scope in (
        ("government_fund", Scope.GOVERNMENT_FUND),
        ("state_capital", Scope.STATE_CAPITAL),
        ("fiscal_account", Scope.FISCAL_ACCOUNT),
        ("fiscal_appropriation", Scope.FISCAL),
    ):
        if f"titlefund:{fund}" in features:
            return scope
    return None
