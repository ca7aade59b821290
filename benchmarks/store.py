"""What storing a document costs, for the first documents and when thousands are stored.

    python benchmarks/store.py [--documents 2000] [--facts 800] [--url postgresql://…] [--exports]

Prints ms/document (one transaction with fsync each: submission and result) for the first 50 and for each following window of 50 around
1/4, 1/2, 3/4 and the end, then the size of the database and what a question costs.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from services.store.adapters.exports import FORMATS, export
from services.store.adapters.sql_store import SqlStore, open_store
from tests.unit.store.store_documents import T0, Result, check, fact, finding, result, submission, with_findings

WINDOW = 50


def main() -> None:
    """Stores documents and prints what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--facts", type=int, default=800)
    parser.add_argument("--url")
    parser.add_argument("--exports", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store.sqlite"
        started = time.perf_counter()
        with open_store(arguments.url or f"sqlite:///{file}") as store:
            print(f"open an empty database: {(time.perf_counter() - started) * 1000:.0f} ms")
            _insert(store, arguments.documents, arguments.facts)
            if file.exists():
                print(f"database: {sum(each.stat().st_size for each in Path(folder).iterdir()) / 1e6:.0f} MB")
            _questions(store)
            if arguments.exports:
                for form in FORMATS:
                    _timed(f"export {form}", lambda form=form: export(store, form, Path(folder) / "export"))


def _insert(store: SqlStore, documents: int, facts: int) -> None:
    template = [fact(f"t{row // 100}/{row}/1", f"{row}.{row % 100:02}") for row in range(facts)]
    checks = [check(f"c{index}", template[index].id, (template[0].id, template[1].id), "2.01", "2.00") for index in range(facts // 3)]
    took: list[float] = []
    for number in range(documents):
        document = _document(number, tuple(template), tuple(checks))
        started = time.perf_counter()
        store.submit(submission(f"{number}.pdf"), document.id, 1000, T0)
        document.store_in(store)
        took.append((time.perf_counter() - started) * 1000)
    for at in sorted({0, documents // 4, documents // 2, 3 * documents // 4, documents - WINDOW}):
        window = took[at : at + WINDOW]
        print(
            f"documents {at + 1}–{at + len(window)}: median {statistics.median(window):.1f} ms/document, mean {statistics.mean(window):.1f}"
        )
    print(f"all {documents}: {sum(took) / documents:.1f} ms/document, {facts} facts and {len(checks)} checks each")


def _document(number: int, facts: tuple, checks: tuple) -> Result:  # type: ignore[type-arg]  # any facts and checks
    base = result(f"document {number}", facts=facts, entity=f"单位{number // 3}", year=2023 + number % 3)
    return with_findings(base, checks, (finding(f"f-{number:08}", checks[0]),)) if checks else base


def _questions(store: SqlStore) -> None:
    _timed("known", lambda: store.known(result("document 7").id, {"extract": "1", "normalize": "1", "validate": "1"}))
    _timed("document by name", lambda: store.document("7.pdf"))
    _timed("finding by beginning of its id", lambda: store.finding("f-0000000"[:8]))
    _timed("all documents", store.documents)
    _timed("all findings", store.findings)
    _timed("digest", store.digest)


def _timed(what: str, question: Callable[[], object]) -> None:
    started = time.perf_counter()
    try:
        question()
    except Exception as problem:
        what = f"{what} ({type(problem).__name__})"
    print(f"{what}: {(time.perf_counter() - started) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
