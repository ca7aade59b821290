"""How well verdicts name what is wrong: errors are planted in real documents, and what is found is compared with what was planted.

    python benchmarks/verdicts.py [--corpus DIR] [--each 140] [--seed 1] [--jobs 2]     one error a document, by class
    python benchmarks/verdicts.py --several 2 --each 40                                 several errors a document
    python benchmarks/verdicts.py --noise 3000                                          rounding noise only: no error may be seen

DIR holds `truth/`; default: TIEOUT_CORPUS, else ../shared/corpus. A document is taken as a perfect reading gives it, one printed text (or row) is
changed as people get it wrong (tests/planted_errors.py), and the document is normalised and validated anew. Only figures that take part in an
identity are got wrong, by more than rounding explains. A seed gives the same trials.

Printed for each class: found (a finding speaks of it), error (as an error, not a question). *Settled*: of all figures only the wrong one stands in
every failing check, so sums alone tell the place; there the share of right cells, values and causes. *Else*: whether the wrong cell is the one
named or among the candidates. *Others*: errors that accuse something else. *Sure and wrong*: a wrong cell or value with confidence ≥ .9.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from planted_errors import OF_A_FIGURE, OF_ROWS, Planted, amount, figures, plant  # noqa: E402 (the path is set above)
from truth_documents import truth_document  # noqa: E402 (the path is set above)
from validator_documents import Line, by_function, checked, function, total  # noqa: E402 (the path is set above)

from services.normalizer.adapters.catalogue_files import standard_catalogue  # noqa: E402 (the path is set above)
from services.normalizer.handlers import normalize_document  # noqa: E402 (the path is set above)
from services.validator.adapters.rules_files import load_rules  # noqa: E402 (the path is set above)
from services.validator.domain.sheet import UNIT_ORDERS  # noqa: E402 (the path is set above)
from services.validator.domain.validate import validate  # noqa: E402 (the path is set above)
from shared.contracts.extracted import Extracted  # noqa: E402 (the path is set above)
from shared.contracts.normalized import Fact, Normalized  # noqa: E402 (the path is set above)
from shared.contracts.validated import Cause, Check, Finding, Validated  # noqa: E402 (the path is set above)

_SURE = 0.9


@dataclass(frozen=True)
class Trial:
    """What came of one planted error. `ties`: identities that hold the figure. `confidence`: of the diagnosis that names a cell, if any."""

    cause: Cause
    ties: int
    settled: bool
    found: bool
    error: bool
    cell: bool
    value: bool
    cause_right: bool
    listed: bool
    others: int
    sure_and_wrong: bool
    confidence: float | None


@cache
def _source(path: Path) -> tuple[Extracted, Normalized, Validated]:
    document = truth_document(path)
    normalized = normalize_document(document, standard_catalogue())
    return document, normalized, validate(normalized, load_rules())


def _figures_of(check: Check) -> set[str]:
    return {check.target, *(term.fact for term in check.terms)}


def _ties(result: Validated) -> dict[str, list[Check]]:
    ties: dict[str, list[Check]] = defaultdict(list)
    for check in result.checks:
        if check.status in ("exact", "rounding", "suspicious"):
            for fact in _figures_of(check):
                ties[fact].append(check)
    return ties


def _shows(planted: Planted, fact: Fact, checks: Iterable[Check]) -> bool:
    """Whether the change is more than rounding explains in at least one identity of the figure."""
    if planted.place is None or not planted.right:
        return True
    change = abs(amount(planted.right) - amount(planted.wrong)).scaleb(UNIT_ORDERS.get(fact.unit or "", 0))
    return any(check.plausible is not None and change > check.plausible.scaleb(UNIT_ORDERS.get(check.unit or "", 0)) for check in checks)


def _planted(path: Path, causes: Sequence[Cause], random: Random) -> tuple[Extracted, list[tuple[Planted, int]]] | None:
    """The document with an error of each cause, in different figures; None where it can have none of the first."""
    document, normalized, before = _source(path)
    ties, planted, used = _ties(before), [], set()
    for cause in causes:
        for _ in range(60):
            fact = random.choice(figures(normalized))
            made = plant(document, normalized, fact, cause, random) if ties[fact.id] and fact.id not in used else None
            if made is not None and _shows(made[1], fact, ties[fact.id]):
                document = made[0]
                used.add(fact.id)
                planted.append((made[1], len(ties[fact.id])))
                break
    return (document, planted) if len(planted) == len(causes) else None


def _new(before: Validated, after: Validated) -> list[Finding]:
    """The findings that the document did not have before."""
    known = {finding.id for finding in before.findings}
    places = {finding.evidence[0].fact for finding in before.findings if finding.severity == "error" and finding.evidence}
    return [
        finding
        for finding in after.findings
        if finding.severity != "info"
        and finding.id not in known
        and not (finding.severity == "error" and finding.evidence and finding.evidence[0].fact in places)
    ]


def _speaks_of(finding: Finding, planted: Planted, checks: dict[str, Check]) -> bool:
    if planted.place is None:
        return any(evidence.table == planted.table for evidence in finding.evidence)
    cell = _id(planted)
    spoken = {evidence.fact for evidence in finding.evidence}.union(*(_figures_of(checks[one]) for one in finding.checks if one in checks))
    candidates = {candidate.fact for candidate in finding.diagnosis.candidates} if finding.diagnosis else set()
    return cell in spoken | candidates


def _id(planted: Planted) -> str:
    assert planted.place is not None
    table, row, col = planted.place
    return f"{table}/{row}/{col}"


def _score(planted: Planted, ties: int, before: Validated, after: Validated, others: Sequence[Planted] = ()) -> Trial:
    checks = {check.id: check for check in after.checks}
    new = _new(before, after)
    about = [finding for finding in new if _speaks_of(finding, planted, checks)]
    errors = [finding for finding in about if finding.severity == "error"]
    elsewhere = [
        finding
        for finding in new
        if finding.severity == "error" and finding not in errors and not any(_speaks_of(finding, other, checks) for other in others)
    ]
    cell = _id(planted) if planted.place else None
    right = amount(planted.right) if planted.right and planted.place else Decimal(0)
    named = [f.diagnosis for f in errors if f.diagnosis and f.diagnosis.fact is not None]
    hits = [diagnosis for diagnosis in named if diagnosis.fact == cell]
    valued = [diagnosis for diagnosis in hits if diagnosis.suggested is not None and Decimal(diagnosis.suggested) == right]
    causes = {diagnosis.cause for diagnosis in hits} if cell else {f.diagnosis.cause for f in errors if f.diagnosis}
    listed = bool(hits) or any(cell == one.fact for f in about if f.diagnosis for one in f.diagnosis.candidates)
    others_wrong = {_id(other) for other in others if other.place}
    wrong = [
        one
        for one in named
        if one.confidence >= _SURE and cell and one.fact not in others_wrong and (one.fact != cell or (one.suggested and one not in valued))
    ]
    return Trial(
        cause=planted.cause,
        ties=ties,
        settled=_settled(cell, before, after),
        found=bool(about),
        error=bool(errors),
        cell=bool(hits),
        value=bool(valued),
        cause_right=planted.cause in causes,
        listed=listed if cell else planted.cause in {f.diagnosis.cause for f in about if f.diagnosis},
        others=len(elsewhere),
        sure_and_wrong=bool(wrong),
        confidence=max((one.confidence for one in named), default=None),
    )


def _settled(cell: str | None, before: Validated, after: Validated) -> bool:
    known = {(check.rule, check.target) for check in before.checks if check.status in ("failed", "suspicious")}
    failing = [check for check in after.checks if check.status in ("failed", "suspicious") and (check.rule, check.target) not in known]
    return bool(failing) and set.intersection(*map(_figures_of, failing)) == {cell}


def _run(job: tuple[Path, tuple[Cause, ...], int]) -> list[Trial]:
    path, causes, seed = job
    made = _planted(path, causes, Random(seed))
    if made is None:
        return []
    document, planted = made
    _, _, before = _source(path)
    after = validate(normalize_document(document, standard_catalogue()), load_rules())
    return [_score(one, ties, before, after, [other for other, _ in planted if other is not one]) for one, ties in planted]


def _noise(seed: int) -> bool:
    """Whether a consistent document whose figures are each rounded by themselves shows an error."""
    random = Random(seed)
    lines: list[Line] = []

    def row(code: str | None, items: list[tuple[Decimal, Decimal]]) -> Line:
        sums = [sum((pair[place] for pair in items), Decimal(0)) for place in (0, 1)]
        texts = [str(value.quantize(Decimal("0.01"), ROUND_HALF_UP)) for value in (sum(sums), *sums)]
        return function(code, *texts) if code else total(*texts)

    everything: list[tuple[Decimal, Decimal]] = []
    for number in range(random.randint(1, 5)):
        classes: list[tuple[Decimal, Decimal]] = []
        below: list[Line] = []
        for place in range(random.randint(1, 4)):
            items = [
                (Decimal(random.randrange(10**9)).scaleb(-4), Decimal(random.randrange(10**8)).scaleb(-4))
                for _ in range(random.randint(1, 6))
            ]
            code = f"{201 + number}{place + 1:02}"
            below += [row(code, items), *(row(f"{code}{index + 1:02}", [item]) for index, item in enumerate(items))]
            classes += items
        lines += [row(str(201 + number), classes), *below]
        everything += classes
    result = checked(by_function(row(None, everything), *lines))
    return any(finding.severity == "error" for finding in result.findings)


def at_least(right: int, n: int) -> float:
    """The least share that 95 % probability leaves (Clopper-Pearson where all are right, else Wilson)."""
    if not n:
        return 0.0
    if right == n:
        return 0.05 ** (1 / n)
    z, share = 1.645, right / n
    return (share + z * z / (2 * n) - z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))) / (1 + z * z / n)


def _share(trials: Sequence[Trial], name: str) -> str:
    return f"{sum(bool(getattr(trial, name)) for trial in trials) / len(trials):.3f}" if trials else "–"


def _line(name: str, trials: Sequence[Trial]) -> str:
    settled = [trial for trial in trials if trial.settled]
    rest = [trial for trial in trials if not trial.settled]
    parts = [name, str(len(trials)), _share(trials, "found"), _share(trials, "error"), str(len(settled))]
    parts += [_share(settled, key) for key in ("cell", "value", "cause_right")]
    parts += [_share(rest, "listed"), str(sum(trial.others for trial in trials)), str(sum(trial.sure_and_wrong for trial in trials))]
    return "| " + " | ".join(parts) + " |"


def report(trials: Sequence[Trial]) -> Iterator[str]:
    """The tables, line by line."""
    yield "| | n | found | error | settled | right cell | value | cause | else: named or listed | others | sure and wrong |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for cause in (*OF_A_FIGURE, *OF_ROWS):
        if same := [trial for trial in trials if trial.cause == cause]:
            yield _line(cause, same)
    of_figures = [trial for trial in trials if trial.cause in OF_A_FIGURE]
    yield _line("**figures**", of_figures)
    for ties in (1, 2, 3, 4):
        yield _line(f"held by {ties}", [trial for trial in of_figures if trial.ties == ties])
    yield _line("held by 5 and more", [trial for trial in of_figures if trial.ties > 4])
    settled = [trial for trial in of_figures if trial.settled]
    found, cells, values = (
        at_least(sum(getattr(one, key) for one in group), len(group))
        for key, group in (("found", of_figures), ("cell", settled), ("value", settled))
    )
    yield f"\n95 % bounds: found ≥ {found:.3f}; settled: cell ≥ {cells:.3f}, value ≥ {values:.3f}"
    yield "\n| confidence | diagnoses that name a figure | right cell | |\n|---|--:|--:|--:|"
    for low, high in ((0.95, 1.01), (0.9, 0.95), (0.7, 0.9), (0.0, 0.7)):
        named = [trial for trial in of_figures if trial.confidence is not None and low <= trial.confidence < high]
        right = sum(trial.cell for trial in named)
        yield f"| {low:.2f} to {min(high, 1):.2f} | {len(named)} | {right} | ≥ {at_least(right, len(named)):.3f} |"


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"
    parser.add_argument("--corpus", type=Path, default=default)
    parser.add_argument("--each", type=int, default=140, help="trials of each class")
    parser.add_argument("--several", type=int, default=1, help="errors a document, of classes drawn at random")
    parser.add_argument("--noise", type=int, default=0, help="documents with rounding noise only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    with Pool(args.jobs) as pool:
        if args.noise:
            wrong = sum(pool.imap(_noise, range(args.seed, args.seed + args.noise), chunksize=20))
            print(f"{args.noise} consistent documents, every figure rounded by itself: {wrong} with an error")
            return
        paths = sorted((args.corpus / "truth").glob("*.html"))
        random = Random(args.seed)
        jobs = []
        for cause in (*OF_A_FIGURE, *OF_ROWS):
            for index in range(args.each):
                more = [random.choice(OF_A_FIGURE) for _ in range(args.several - 1)]
                jobs.append((paths[index % len(paths)], (cause, *more), args.seed * 1000 + index))
        trials = [trial for made in pool.imap(_run, jobs, chunksize=4) for trial in made]
    print(*report(trials), sep="\n")


if __name__ == "__main__":
    main()
