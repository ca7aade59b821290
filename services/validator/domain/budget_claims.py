"""年初预算 in the narrative of final accounts against the budget that was published for the year.

Which figures are meant is settled by name, as within a document. Budgets may be adjusted before the accounts are made: where more of the named
amounts differ than agree, the narrative means another budget, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.validator.domain.claim_figures import claim_fact
from services.validator.domain.claims import agrees, claim_said, comparable, cut_off, most_general, of_stage
from services.validator.domain.grading import Graded, grade_equation
from services.validator.domain.members import Between, Source
from services.validator.domain.proposal import Equation
from services.validator.domain.published_messages import budget_claim_message
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.sheet import Figure, bare, figure_of
from services.validator.domain.subjects import Dictionary
from shared.check_reasons import ADJUSTED_BUDGET
from shared.contracts.normalized import Claim

Compared = tuple[int, Claim, Graded, Source | None]


def budget_claims(sources: Sequence[Source], budget: Sequence[Source], rules: Rules, between: Between) -> None:
    """A check for each amount that a narrative calls the budget and that the budget's tables print by name; a warning for each that differs."""
    identity = next(iter(rules.all_of("budget_claims")), None)
    printed = [(source, Dictionary(source.book, rules)) for source in budget if source.book.figures]
    if identity is None or not printed:
        return
    for source in sources:
        compared = list(_compare(identity, source, printed))
        failed = [one for one in compared if one[2].status == "failed"]
        held = sum(one[2].status in ("exact", "rounding", "suspicious") for one in compared)
        if len(failed) > held:
            for _, _, graded, _ in failed:
                graded.status, graded.reason = "not_assessable", ADJUSTED_BUDGET
            failed = []
        checks = {index: between.check(graded, source, [of] if of else []) for index, _, graded, of in compared}
        for index, claim, graded, of in failed:
            if of is not None:
                _report(identity, source, claim, graded, of, checks[index], between)


def _compare(identity: Identity, source: Source, printed: Sequence[tuple[Source, Dictionary]]) -> Iterator[Compared]:
    for index, claim in enumerate(source.book.document.claims):
        if claim.stage != "budget" or not comparable(claim, source.year):
            continue
        meant: list[tuple[Source, Figure]] = []
        certain = False
        for of, dictionary in printed:
            meaning = dictionary.look_up(claim.subject)
            certain = certain or meaning.certain
            meant += [(of, figure) for figure in of_stage(claim, meaning.all, "budget", of.year) if figure.value]
        if not meant or not certain:
            continue
        fitting = [one for one in meant if agrees(claim, one[1])]
        if not fitting and any(cut_off(claim, figure) for _, figure in meant):
            continue
        shown = most_general([figure for _, figure in meant])
        of, figure = fitting[0] if fitting else next(one for one in meant if one[1] is shown)
        target = figure_of(claim_fact(claim, index))
        yield index, claim, grade_equation(Equation(identity, target, ((figure, 1),))), of


def _report(identity: Identity, source: Source, claim: Claim, graded: Graded, of: Source, check: str, between: Between) -> None:
    figure, subject = graded.equation.terms[0][0], bare(claim.subject)
    said = claim_said(claim, figure)
    message = budget_claim_message(claim.page, subject, said, of.places, figure, of.year)
    evidence = [(of, figure), (source, graded.equation.target)]
    between.find(identity, "warning", message, source, evidence, [check], said, f"{subject}|{claim.amount}")
