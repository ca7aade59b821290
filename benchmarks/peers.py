"""tieout's extraction beside other table engines, in one run: accuracy and pages a second, on the corpus and on generated hard tables.

    python benchmarks/extract.py --peers [--repeat N] [--hard N] [--only ENGINE,…]     (or this file itself)

Prints the table of docs/performance.md. Each engine runs in a process and an environment of its own (benchmarks/peer_environment.py); the
clock covers opening, tables and the text of their cells, of tieout also all other text, labels, joining of continued tables and the glyph
account. Engines take turns, and the ratio to pdfplumber is the median over the rounds.

Accuracy on the corpus is that of the scorer beside it: adjacency (neighbouring cells), placed (figures under their header path and beside
their labels), exact (forms whose grid is identical), over all labelled documents. Other engines do not join tables over pages, which costs them
forms and header paths; so the page tables of the generated set are counted as well: those of one page, grid, spans and text identical.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

from extract import corpus_files  # noqa: E402 (the path is set above)
from peer_environment import PEER_ENVIRONMENT, python_with  # noqa: E402 (the path is set above)

PEERS = {
    "tablers": ("tablers==0.9.0",),
    "camelot": ("camelot-py==2.0.0",),
    "pymupdf": ("pymupdf==1.28.2",),
    "pdfplumber": ("pdfplumber==0.11.10",),
    "img2table": ("img2table==2.0.0",),
}
# Engines that take seconds a page are timed once and on fewer documents.
SLOW = ("img2table",)

Run = dict[str, Any]
Grid = tuple[tuple[str, ...], ...]


def run_ours(files: Sequence[Path]) -> Run:
    """tieout, in a process of its own."""
    command = [sys.executable, __file__, "--ours", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    return dict(json.loads(done.stdout.splitlines()[-1]))


def read_ours(files: Sequence[Path]) -> None:
    """The part of that process: the same line as benchmarks/peer_engines.py prints."""
    from services.extractor.reader import read_document

    with tempfile.TemporaryDirectory() as folder:
        outs = [Path(folder) / f"{number}.json" for number in range(len(files))]
        read_document(files[0], outs[0])
        start, cpu = time.perf_counter(), time.process_time()
        pages = [read_document(file, out).pages for file, out in zip(files, outs, strict=True)]
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        documents = {}
        for file, out, count in zip(files, outs, pages, strict=True):
            tables = json.loads(out.read_bytes())["tables"]
            documents[str(file)] = {"pages": count, "tables": [table | {"page": table["pages"][0]} for table in tables]}
    print(json.dumps({"seconds": seconds, "cpu": cpu, "documents": documents}))


def run_peer(engine: str, files: Sequence[Path]) -> Run:
    """Another engine, in its environment."""
    command = [str(python_with(*PEERS[engine])), str(Path(__file__).parent / "peer_engines.py"), engine, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=PEER_ENVIRONMENT)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def run(engine: str, files: Sequence[Path]) -> Run:
    """An engine by name."""
    return run_ours(files) if engine == "tieout" else run_peer(engine, files)


def rate(one: Run) -> float:
    """Pages a second."""
    return sum(document["pages"] for document in one["documents"].values()) / one["seconds"]


def corpus_scores(one: Run, corpus: Path) -> dict[str, float]:
    """adjacency, placed (F1 over all documents) and exact (share of all forms)."""
    sys.path.insert(0, str(corpus.parent / "tools"))
    score, truth = importlib.import_module("score"), importlib.import_module("truth")
    exact = forms = 0
    totals = {"adjacency": [0, 0, 0], "placed": [0, 0, 0]}
    for file, found in one["documents"].items():
        page = corpus / "truth" / (Path(file).name.split(".")[0] + ".html")
        if not page.exists():
            continue
        document = truth.load(page)
        want, have = list(score.tables_of_truth(document)), list(score.tables_of_pred(found))
        forms += len(want)
        exact += len(want) - len(score.missed(document, have))
        figures = score.placed(want)
        for name, first, second in (
            ("adjacency", score.adjacency(want), score.adjacency(have)),
            ("placed", figures, score.placed(have, figures)),
        ):
            for k, part in enumerate((first & second, first, second)):
                totals[name][k] += sum(part.values())
    f1 = {name: 2 * both / max(1, first + second) for name, (both, first, second) in totals.items()}
    return f1 | {"exact": exact / max(1, forms)}


def hard_documents(folder: Path, count: int) -> dict[Path, list[tuple[int, Grid]]]:
    """Generated PDFs with their tables that lie on one page: page and grid."""
    hard = importlib.import_module("hard_tables")
    made = {}
    for seed in range(count):
        data, expected = hard.document(seed)
        path = folder / f"{seed:05}.pdf"
        path.write_bytes(data)
        made[path] = [(table.pages[0], grid_of(table.cells)) for table in expected if len(table.pages) == 1]
    return made


def grid_of(cells: Sequence[tuple[int, int, int, int, str]]) -> Grid:
    """Texts by row and column, merged cells expanded, white space and compatibility forms aside."""
    rows = max((row + high for row, _, high, _, _ in cells), default=0)
    columns = max((col + wide for _, col, _, wide, _ in cells), default=0)
    texts = [[""] * columns for _ in range(rows)]
    for row, col, high, wide, text in cells:
        for r in range(row, row + high):
            for c in range(col, col + wide):
                texts[r][c] = "".join(unicodedata.normalize("NFKC", text).split())
    return tuple(map(tuple, texts))


def exact_pages(one: Run, wanted: dict[Path, list[tuple[int, Grid]]]) -> tuple[int, int]:
    """Of the generated tables on one page: how many were read identically, of how many."""
    right = total = 0
    for path, tables in wanted.items():
        found: Counter[tuple[int, Grid]] = Counter()
        for table in one["documents"][str(path)]["tables"]:
            cells = [(c["row"], c["col"], c.get("rowspan", 1), c.get("colspan", 1), c["text"]) for c in table["cells"]]
            found[table["page"], grid_of(cells)] += 1
        want = Counter(tables)
        right += sum((want & found).values())
        total += len(tables)
    return right, total


def compare(corpus: Path, repeat: int, hard: int, engines: Sequence[str]) -> None:
    """Runs all engines in turns and prints the table."""
    files = corpus_files(corpus)
    speeds: dict[str, list[float]] = {engine: [] for engine in engines}
    ratios: dict[str, list[float]] = {engine: [] for engine in engines}
    last: dict[str, Run] = {}
    for turn in range(repeat):
        for engine in engines:
            if turn and engine in SLOW:
                continue
            last[engine] = run(engine, files)
            speeds[engine].append(rate(last[engine]))
        for engine in engines:
            if len(speeds[engine]) > turn:
                ratios[engine].append(speeds[engine][turn] / speeds["pdfplumber"][turn])
        print(f"round {turn + 1}: " + ", ".join(f"{e} {speeds[e][-1]:.1f}" for e in engines) + " pages/s", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        wanted = hard_documents(Path(folder), hard)
        pages = {engine: run(engine, list(wanted)) for engine in engines}
    total = sum(document["pages"] for document in last[engines[0]]["documents"].values())
    print(f"corpus: {len(files)} documents, {total} pages; generated: {hard} documents; {repeat} rounds, medians")
    print("| engine | adjacency | placed | exact | generated, exact | pages/s | against pdfplumber |\n|---|---|---|---|---|---|---|")
    for engine in sorted(engines, key=lambda name: -statistics.median(ratios[name])):
        scores, (right, of) = corpus_scores(last[engine], corpus), exact_pages(pages[engine], wanted)
        print(
            f"| {engine} | {scores['adjacency']:.3f} | {scores['placed']:.3f} | {scores['exact']:.3f} | {right} of {of} "
            f"| {statistics.median(speeds[engine]):.0f} | {statistics.median(ratios[engine]):.1f} |"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--hard", type=int, default=150, help="generated documents")
    parser.add_argument("--only", default=",".join(PEERS), help="engines to compare with; pdfplumber is always one")
    parser.add_argument("--ours", nargs="+", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.ours:
        read_ours(options.ours)
        return
    chosen = [engine for engine in PEERS if engine in (*options.only.split(","), "pdfplumber")]
    compare(options.corpus, options.repeat, options.hard, ["tieout", *chosen])


if __name__ == "__main__":
    main()
