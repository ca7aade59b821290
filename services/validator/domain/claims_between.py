"""Claims of one document of a filing against the tables of the others: narrative and tables are often published apart.

A claim for which its own document prints figures was compared there (domain/claims.py). Any other whose subject names a total or a class is
compared here with the figures of that name of all other documents, by the same rules: one that agrees with any of them stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from services.validator.domain.claim_figures import claim_fact
from services.validator.domain.claims import claim_said, comparable, cut_off, most_general, of_stage
from services.validator.domain.grading import Graded, grade_equation
from services.validator.domain.members import Between, Source
from services.validator.domain.messages import claim_message
from services.validator.domain.proposal import Equation
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.sheet import Figure, bare, figure_of
from services.validator.domain.subjects import Dictionary
from shared.check_reasons import CUT_OFF
from shared.contracts.normalized import Claim


def claim_checks(sources: Sequence[Source], rules: Rules, between: Between) -> None:
    """A check for each claim whose subject names something that the tables of another document may print; a warning where none agrees."""
    identity = next(iter(rules.all_of("claims_between")), None)
    if identity is None:
        return
    dictionaries = {source.id: Dictionary(source.book, rules) for source in sources}
    for source in sources:
        others = [other for other in sources if other is not source and other.book.figures]
        if not others:
            continue
        contradicted: dict[tuple[str, object], list[tuple[Claim, Graded, Source, str]]] = defaultdict(list)
        for claim, target in _open_claims(source, dictionaries[source.id]):
            subject = bare(claim.subject)
            meant = [(other, figure) for other in others for figure in _meant(claim, dictionaries[other.id], other)]
            if not meant and not (claim.amount and dictionaries[source.id].names_total(subject)):
                continue
            graded, of = _compare(identity, claim, target, meant)
            check = between.check(graded, source, [of] if of else [])
            if graded.status == "failed" and of is not None:
                contradicted[subject, claim.amount].append((claim, graded, of, check))
        for (subject, amount), same in contradicted.items():
            _report(identity, source, f"{subject}|{amount}", same, between)


def _open_claims(source: Source, own: Dictionary) -> Iterator[tuple[Claim, Figure]]:
    """The claims that can be compared and of which the document's own tables print nothing, each as a figure."""
    for index, claim in enumerate(source.book.document.claims):
        subject = bare(claim.subject)
        if subject and comparable(claim, source.year) and not own.look_up(subject).all:
            yield claim, figure_of(claim_fact(claim, index))


def _meant(claim: Claim, dictionary: Dictionary, other: Source) -> list[Figure]:
    """The figures that another document's tables print under the claim's name, where nothing else can be meant."""
    meaning = dictionary.look_up(claim.subject)
    if not any(figure.value for figure in meaning.figures):
        return []
    found = of_stage(claim, meaning.all, other.book.document.document.kind, other.year)
    return [figure for figure in found if figure.value] if meaning.certain else []


def _compare(identity: Identity, claim: Claim, target: Figure, meant: Sequence[tuple[Source, Figure]]) -> tuple[Graded, Source | None]:
    """The claim against the figure that agrees best with it; against the most general one where none agrees."""
    if not meant:
        return grade_equation(Equation(identity, target, (), "the tables print no figure of this name")), None
    graded = [(grade_equation(Equation(identity, target, ((figure, 1),))), source) for source, figure in meant]
    agreeing = [one for one in graded if one[0].status != "failed"]
    if agreeing:
        return min(agreeing, key=lambda one: abs(one[0].difference))
    if any(cut_off(claim, figure) for _, figure in meant):
        return grade_equation(Equation(identity, target, (), CUT_OFF)), None
    shown = most_general([figure for _, figure in meant])
    return next(one for one in graded if one[0].equation.terms[0][0] is shown)


def _report(identity: Identity, source: Source, key: str, same: list[tuple[Claim, Graded, Source, str]], between: Between) -> None:
    claim, graded, of, _ = same[0]
    figure = graded.equation.terms[0][0]
    said = claim_said(claim, figure)
    message = claim_message(claim.page, bare(claim.subject), said, of.places, figure, apart=True)
    evidence = [(of, figure), *((source, one.equation.target) for _, one, _, _ in same)]
    between.find(identity, "warning", message, source, evidence, [check for _, _, _, check in same], said, key)
