#!/usr/bin/env python3
"""Time per stage of the whole run, in one process, and the ratio to pdfplumber's table extraction alone on the same pages.

    PYTHONPATH=. .venv/bin/python benchmarks/pipeline.py [--corpus DIR] [--rounds 3] [--without-pdfplumber]

Reads every PDF of the corpus (pdf/ and pdf-unlabelled/), prints a table for docs/performance.md: seconds per stage, pages/s,
documents/s, ms per 1,000 figures after extraction, the ratio, and what validating costs documents in which nothing is wrong. Both sides run in turn in the same call; medians over the rounds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # before this folder, which has a services.py of its own

from shared.sandbox import collect_rarely  # noqa: E402 (the path is set above)

STAGES = ("extract", "normalize", "validate", "store")


def corpus_files(folder: Path) -> list[Path]:
    """The corpus' PDFs that can be opened."""
    return [
        *sorted((folder / "pdf").glob("*.pdf")),
        *(p for p in sorted((folder / "pdf-unlabelled").glob("*.pdf")) if p.name != "not-a-pdf.pdf"),
    ]


def run_pipeline(files: list[Path], folder: Path) -> tuple[Counter[str], int, int, Counter[str]]:
    """(seconds per stage, pages, figures, seconds of documents without findings) of reading and storing all files once, start-up apart."""
    from services.extractor.reader import read_document
    from services.normalizer.adapters.catalogue_files import standard_catalogue
    from services.normalizer.handlers import normalize_document
    from services.validator.adapters.rules_files import load_rules
    from services.validator.handlers import validate_document
    from shared.canonical import canonical_json
    from shared.second_reader import FileReader
    from tieout.data_folder import DataFolder
    from tieout.inputs import submission_of
    from tieout.run import now
    from tieout.stages import StageResult

    seconds: Counter[str] = Counter()
    quiet: Counter[str] = Counter()
    pages = figures = 0
    with DataFolder(folder / "data", writing=True) as data:
        for path in files:
            started = time.perf_counter()
            extracted = folder / "extracted.json"
            info = read_document(path, extracted)
            seconds["extract"] += (read := time.perf_counter()) - started
            normalized = normalize_document(extracted.read_bytes(), standard_catalogue())
            (folder / "normalized.json").write_bytes(canonical_json(normalized))
            seconds["normalize"] += (coded := time.perf_counter()) - read
            with FileReader(path) as second_reader:
                validated = validate_document(normalized, load_rules(), second_reader)
            (folder / "validated.json").write_bytes(canonical_json(validated))
            seconds["validate"] += (checked := time.perf_counter()) - coded
            data.store(
                submission_of(path),
                StageResult(
                    info.id, {"extract": extracted, "normalize": folder / "normalized.json", "validate": folder / "validated.json"}
                ),
                now(),
            )
            seconds["store"] += (stored := time.perf_counter()) - checked
            if all(finding.severity == "info" for finding in validated.findings):
                quiet.update({"documents": 1, "figures": validated.coverage.figures, "all": stored - started, "validate": checked - coded})
            pages += info.pages
            figures += validated.coverage.figures
    return seconds, pages, figures, quiet


PDFPLUMBER = """
import logging, sys, time, pdfplumber
logging.disable(logging.CRITICAL)
def read(path):
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_tables()
            page.close()
read(sys.argv[1])
started = time.perf_counter()
for path in sys.argv[1:]:
    read(path)
print(time.perf_counter() - started)
"""


def run_pdfplumber(files: list[Path]) -> float:
    """Seconds of pdfplumber's extract_tables on all pages, in a process of its own, after one document to warm up."""
    done = subprocess.run([sys.executable, "-c", PDFPLUMBER, *map(str, files)], check=True, capture_output=True, text=True)
    return float(done.stdout)


def start_up() -> float:
    """Seconds that the command line takes to say its version: interpreter and imports."""
    started = time.perf_counter()
    subprocess.run([str(ROOT / "bin" / "tieout"), "--version"], check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-pdfplumber", action="store_true")
    arguments = parser.parse_args()
    files = corpus_files(arguments.corpus)
    if not files:
        print(f"no PDFs in {arguments.corpus}", file=sys.stderr)
        return 2
    rounds: list[Counter[str]] = []
    ratios: list[float] = []
    plumber: list[float] = []
    pages = figures = 0
    quiet: Counter[str] = Counter()
    collect_rarely()  # as in the processes that read documents
    with tempfile.TemporaryDirectory() as warm:
        run_pipeline(files[:1], Path(warm))  # imports and caches: start-up is printed apart
    for _ in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as folder:
            seconds, pages, figures, quiet = run_pipeline(files, Path(folder))
        rounds.append(seconds)
        if not arguments.without_pdfplumber:
            plumber.append(run_pdfplumber(files))
            ratios.append(plumber[-1] / sum(seconds.values()))
    print(f"{len(files)} documents, {pages} pages, {figures} figures; median of {arguments.rounds} rounds, one process\n")
    print("| stage | seconds | share | ms a page | ms per 1,000 figures |\n|---|---|---|---|---|")
    medians = {stage: statistics.median(each[stage] for each in rounds) for stage in STAGES}
    total = sum(medians.values())
    for stage, value in medians.items():
        per_figures = "" if stage == "extract" else f"{1e6 * value / figures:.0f}"
        print(f"| {stage} | {value:.2f} | {value / total:.0%} | {1000 * value / pages:.2f} | {per_figures} |")
    after = total - medians["extract"]
    print(f"| all | {total:.2f} | 100% | {1000 * total / pages:.2f} | {1e6 * after / figures:.0f} (after extraction) |\n")
    if quiet["documents"]:
        share, each = quiet["validate"] / quiet["all"], 1e6 * quiet["validate"] / max(1.0, quiet["figures"])
        print(
            f"{quiet['documents']:g} documents without findings (last round): validating {share:.0%} of their time, {each:.0f} ms per 1,000 figures\n"
        )
    print(f"{len(files) / total:.1f} documents/s, {pages / total:.0f} pages/s; start-up {start_up():.2f} s")
    if ratios:
        print(f"pdfplumber extract_tables alone: {statistics.median(plumber):.2f} s, {pages / statistics.median(plumber):.0f} pages/s")
        print(f"ratio whole run to pdfplumber alone: {statistics.median(ratios):.1f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
