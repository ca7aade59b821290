"""Broken PDFs through the confined reader: that nothing hangs, nothing escapes its limits, and every outcome is one of the known ones.

    python benchmarks/fuzz.py [--cases 20000] [--first 0] [--workers 2] [--corpus DIR] [--keep DIR]

Excerpts of a few pages of every PDF of the corpus and of the samples are broken by `tests/mutated_pdfs.py` (bits, truncation, spliced
objects, numbers, references, names, opened streams), and each goes through the whole of what `tieout run` does, in a child with the limits of
production except for a shorter deadline (10 s + .2 s a page, to get through). Prints outcomes by kind, the slowest case and the largest memory;
ends with exit code 1 where an outcome is a defect of ours: `failed`, a child that the parent had to kill, memory beyond its limit. `--keep`
writes the PDFs of cases that ended their child, or failed.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

from extract import corpus_files  # noqa: E402 (the path is set above)
from mutated_pdfs import mutated  # noqa: E402 (the path is set above)
from mutation_run import Case, run_cases  # noqa: E402 (the path is set above)

from shared.limits import Limits  # noqa: E402 (the path is set above)

EXCERPT_PAGES = 4


def excerpts(files: list[Path]) -> list[bytes]:
    """A few pages of each document: its first two and two of its middle, where forms stand."""
    import pypdfium2

    made = []
    for file in files:
        try:
            whole = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:  # a sample that is broken already
            made.append(file.read_bytes())
            continue
        middle = len(whole) // 2
        part = pypdfium2.PdfDocument.new()
        part.import_pages(whole, pages=sorted({*range(min(2, len(whole))), *range(middle, min(middle + 2, len(whole)))})[:EXCERPT_PAGES])
        buffer = io.BytesIO()
        part.save(buffer)
        made.append(buffer.getvalue())
    return made


def is_defect(case: Case, limits: Limits) -> bool:
    """Whether an outcome is a fault of ours: our own failure, a child that did not end itself in time, memory over the limit."""
    return case.outcome == "failed" or case.detail == "last resort" or case.peak > limits.memory_bytes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case: other numbers are other cases")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--scans", type=int, default=200, help="pages of a document that are recognised: 0 leaves recognition out")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    sources = excerpts([*corpus_files(options.corpus), *sorted((ROOT / "samples").glob("*.pdf"))])
    limits = Limits(seconds=10.0, scans=options.scans)
    outcomes: Counter[tuple[str, str]] = Counter()
    defects: list[Case] = []
    slowest, largest = 0.0, 0
    begun = time.monotonic()
    for case in run_cases(sources, range(options.first, options.first + options.cases), options.workers, limits):
        outcomes[case.kind, case.outcome] += 1
        slowest, largest = max(slowest, case.seconds if case.outcome != "timeout" else 0.0), max(largest, case.peak)
        if is_defect(case, limits):
            defects.append(case)
        if options.keep and (is_defect(case, limits) or case.outcome in ("crashed", "timeout", "memory")):
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{case.number:06}-{case.outcome}.pdf").write_bytes(
                mutated(sources[case.number % len(sources)], case.number)[1]
            )
            print(case, file=sys.stderr)
        if (done := sum(outcomes.values())) % 1000 == 0:
            print(f"{done} cases, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    _print(outcomes, len(sources), time.monotonic() - begun, slowest, largest, defects)
    return 1 if defects else 0


def _print(outcomes: Counter[tuple[str, str]], sources: int, seconds: float, slowest: float, largest: int, defects: list[Case]) -> None:
    names = sorted({outcome for _, outcome in outcomes}, key=lambda name: -sum(n for (_, one), n in outcomes.items() if one == name))
    kinds = sorted({kind for kind, _ in outcomes})
    print(f"{sum(outcomes.values())} broken PDFs from {sources} sound ones in {seconds:.0f} s")
    print(f"| broken by | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    for kind in kinds:
        print(f"| {kind} | {' | '.join(str(outcomes[kind, name]) for name in names)} |")
    print(f"| all | {' | '.join(str(sum(outcomes[kind, name] for kind in kinds)) for name in names)} |")
    print(f"slowest that ended by itself {slowest:.1f} s, largest memory {largest / 1e6:.0f} MB, defects {len(defects)}")
    for case in defects[:20]:
        print(f"defect: case {case.number} ({case.kind}): {case.outcome}, {case.detail}, {case.seconds:.1f} s, {case.peak / 1e6:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
