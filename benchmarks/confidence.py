"""How many cells of each confidence are right, and whether the least certain ones hold those that were read wrongly.

    python benchmarks/confidence.py [--corpus DIR] [--documents N]     both tables: the corpus, generated tables, tables damaged at .3 % of cells
    python benchmarks/confidence.py --doubts [--documents N]           what each kind of doubt was worth on all of them together
    python benchmarks/confidence.py --second [--documents N]           doubted cells that a second reader read alike, and otherwise

DIR holds `pdf/` and `truth/`; default: TIEOUT_CORPUS, else ../shared/corpus. A cell is right if its text and its extent are those meant.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from damaged_kinds import UNSEEN  # noqa: E402 (the path is set above)
from damaged_tables import document, wrong_cells  # noqa: E402 (the path is set above)
from hard_reading import read  # noqa: E402 (the path is set above)
from judged_cells import Judged, caught, cells_of, damaged, generated, labelled, lower_bound  # noqa: E402 (the path is set above)
from truth_documents import load_truth  # noqa: E402 (the path is set above)

from services.extractor.domain import finish  # noqa: E402 (the path is set above)
from services.extractor.domain.agreement import same_text  # noqa: E402 (the path is set above)
from services.extractor.domain.evidence import Doubt  # noqa: E402 (the path is set above)
from shared.second_reader import FileReader  # noqa: E402 (the path is set above)

STEPS = (1.0, 0.99, 0.95, 0.9, 0.8, 0.5, 0.2, 0.0)
LEAST = 0.01


def real(corpus: Path, path: Path) -> list[Judged]:
    result = []
    for pdf in sorted((corpus / "pdf").glob("*.pdf")):
        truth = corpus / "truth" / f"{pdf.name.split('.')[0]}.html"
        if truth.exists():
            result += labelled(pdf, load_truth(truth), path)
    return result


def print_reliability(name: str, cells: Sequence[Judged]) -> None:
    print(f"\n{name}: {len(cells)} cells, {sum(not one.right for one in cells)} wrong")
    print("confidence  cells     right    share   at least (95 %)")
    for step in STEPS:
        some = [one for one in cells if one.confidence >= step]
        if some:
            right = sum(one.right for one in some)
            print(f">= {step:.2f}    {len(some):7} {right:9}   {right / len(some):.4f}  {lower_bound(right, len(some)):.4f}")


def print_caught(cells: Sequence[Judged]) -> None:
    ranked = sorted(cells, key=lambda one: one.confidence)
    edge = ranked[int(LEAST * len(ranked)) - 1].confidence
    wrong = [one for one in cells if not one.right]
    print(
        f"\nOf {len(wrong)} wrong cells, {caught(cells):.3f} are among the least certain {LEAST:.0%} of {len(cells)} (confidence <= {edge:.2f})"
    )
    print("kind of damage    wrong   below .99   right all the same")
    for kind in sorted({one.kind for one in cells}):
        some = [one for one in wrong if one.kind == kind]
        held = sum(one.confidence < 0.99 for one in some)
        print(
            f"{kind or '(none)':16} {len(some):6} {held / max(1, len(some)):10.2f} {sum(one.right and one.kind == kind for one in cells):12}"
        )


def print_doubts(cells: Sequence[Judged]) -> None:
    """Doubts travel in the place of the confidence here."""
    for kind in Doubt:
        right = [one.right for one in cells if int(one.confidence) & kind]
        print(
            f"{kind.name:14} {len(right):6} cells, right {sum(right) / max(1, len(right)):.2f}, with ten more {(sum(right) + 10) / (len(right) + 10):.2f}"
        )


def print_second(path: Path, documents: int) -> None:
    count: Counter[tuple[str, str, bool]] = Counter()
    for seed in range(documents):
        data, meant, _ = document(seed)
        cells = cells_of(read(data, path))
        wrong = {id(cell) for cell in wrong_cells(cells, meant)}
        with FileReader(path) as second:
            for cell in cells:
                if cell.confidence < 0.99 and any(map(str.isdigit, cell.text)):
                    again = second.read(cell.page, cell.bbox)
                    alike = "not read" if again is None else "alike" if same_text(cell.text, again) else "otherwise"
                    count["doubted figures", alike, id(cell) not in wrong] += 1
    for what, alike, right in sorted(count):
        print(f"{what}, second reader {alike}, {'right' if right else 'wrong'}: {count[what, alike, right]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--first", type=int, default=100_000, help="first seed; the tests use those from 0")
    parser.add_argument("--doubts", action="store_true")
    parser.add_argument("--second", action="store_true")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.documents)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.pdf"
        if options.second:
            print_second(path, options.documents)
            return
        if options.doubts:
            finish.confidence = lambda doubt, *_: doubt
        sets = {
            "corpus": real(options.corpus, path),
            "generated": generated(range(options.documents // 5), path),
            "damaged": damaged(seeds, path),
        }
        if options.doubts:
            print_doubts([one for cells in sets.values() for one in cells])
            return
        for name, cells in sets.items():
            print_reliability(name, cells)
        print_caught(sets["damaged"])
        unseen = damaged(range(options.first, options.first + options.documents // 10), path, kinds=UNSEEN)
        wrong = [one for one in unseen if not one.right]
        held = sum(one.confidence < 0.99 for one in wrong)
        print(f"\nThat nothing on the page tells of ({', '.join(UNSEEN)}): {len(wrong)} wrong, {held} below .99")


if __name__ == "__main__":
    main()
