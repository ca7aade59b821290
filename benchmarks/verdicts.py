"""How well verdicts name what is wrong: errors are planted in real documents, and what is found is compared with what was planted.

    python benchmarks/verdicts.py [--corpus DIR] [--each 140] [--seed 1] [--jobs 2]     one error a document, by class
    python benchmarks/verdicts.py --pdf --each 50                                       the same through PDFs: extract, normalise, validate
    python benchmarks/verdicts.py --pdf --images --each 6                               and the images of accused figures are read
    python benchmarks/verdicts.py --several 2 --each 40                                 several errors a document
    python benchmarks/verdicts.py --noise 3000                                          rounding noise only: no error may be seen

DIR holds `truth/`; default: TIEOUT_CORPUS, else ../shared/corpus. A document is taken as a perfect reading gives it, one printed text (or row) is
changed as people get it wrong (tests/planted_errors.py), and the document is normalised and validated anew; with `--pdf` it is set as a PDF in one
of several looks (tests/printed_documents.py) in a temporary folder and read by the whole pipeline. Only figures that take part in an identity are
got wrong, by more than rounding explains. A seed gives the same trials. `--show` prints each error that was not found or not called one.

Printed for each class: found (a finding speaks of it), error (as an error, not a question). *Settled*: of all figures only the wrong one stands in
every failing check, so sums alone tell the place; there the share of right cells, values and causes. *Else*: whether the wrong cell is the one
named or among the candidates. *Others*: errors that accuse something else. *Sure and wrong*: a wrong cell or value with confidence ≥ .9.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from multiprocessing import Pool
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from planted_errors import LEFT_BLANK, OF_A_FIGURE, OF_ROWS  # noqa: E402 (the path is set above)
from planted_trials import BY_CONTENT, Trial, run  # noqa: E402 (the path is set above)
from validator_documents import Line, by_function, checked, function, total  # noqa: E402 (the path is set above)

# Looks in which each document is set as a PDF.
_STYLES = 8


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
            yield _line("left blank" if cause == LEFT_BLANK else cause, same)
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


def _missed(trials: Iterable[Trial]) -> Iterator[str]:
    """What was not found, not called an error, neither named nor listed, or wrong with confidence."""
    for trial in trials:
        kinds = [("not found", not trial.found), ("a question", trial.found and not trial.error), ("not listed", not trial.listed)]
        kinds += [("not settled rightly", trial.settled and not trial.value), ("sure and wrong", trial.sure_and_wrong)]
        kinds += [("others", bool(trial.others))]
        names = [name for name, holds in kinds if holds]
        if names:
            one = trial.planted
            place = one.place or (one.table, *one.rows[:1])
            yield f"{', '.join(names)}: {trial.path.stem} {place} {one.cause} {one.right} > {one.wrong}, held by {trial.ties}"
            yield from (f"    {said}" for said in trial.said)


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"
    parser.add_argument("--corpus", type=Path, default=default)
    parser.add_argument("--each", type=int, default=140, help="trials of each class")
    parser.add_argument("--classes", nargs="+", default=[*OF_A_FIGURE, *OF_ROWS], help="classes of errors; all by default")
    parser.add_argument("--several", type=int, default=1, help="errors a document, of classes drawn at random")
    parser.add_argument("--noise", type=int, default=0, help="documents with rounding noise only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--pdf", action="store_true", help="through PDFs")
    parser.add_argument(
        "--images", action="store_true", help="with --pdf: accused figures are read in the pages' images too (1 to 2 s each time)"
    )
    parser.add_argument("--show", action="store_true", help="print what was missed")
    args = parser.parse_args()
    with Pool(args.jobs) as pool:
        if args.noise:
            wrong = sum(pool.imap(_noise, range(args.seed, args.seed + args.noise), chunksize=20))
            print(f"{args.noise} consistent documents, every figure rounded by itself: {wrong} with an error")
            return
        paths = sorted((args.corpus / "truth").glob("*.html"))
        random = Random(args.seed)
        jobs = []
        for cause in args.classes:
            for index in range(args.each):
                more = [random.choice(OF_A_FIGURE) for _ in range(args.several - 1)]
                number = args.seed + index // len(paths) % _STYLES if args.pdf else BY_CONTENT
                # Errors of rows come last: they move what stands below them.
                causes = (*more, cause) if cause in OF_ROWS else (cause, *more)
                jobs.append((paths[index % len(paths)], causes, args.seed * 1000 + index, number, args.images))
        trials = [trial for made in pool.imap(run, jobs, chunksize=4) for trial in made]
    print(*report(trials), sep="\n")
    if args.show:
        print("", *_missed(trials), sep="\n")


if __name__ == "__main__":
    main()
