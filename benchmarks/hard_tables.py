"""How many generated tables come back identical: grid, spans, every text, rows of the boxhead, and no other table.

    python benchmarks/hard_tables.py [--each 200] [--mixed 5000] [--documents 500] [--seed 0] [--kind WORD] [--keep DIR]

Prints `exact of n` for each kind of drawing (`tests/hard_kinds*.py`), for tables with everything mixed (`tests/hard_mixed.py`), and for whole
documents with tables over several pages (`tests/hard_tables.py`). `--keep`: where pages that failed are put to look at.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hard_catalogue import KINDS  # noqa: E402 (the path is set above)
from hard_mixed import pages  # noqa: E402 (the path is set above)
from hard_pages import Seen  # noqa: E402 (the path is set above)
from hard_reading import difference, read  # noqa: E402 (the path is set above)
from hard_tables import document  # noqa: E402 (the path is set above)
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402 (the path is set above)

Made = tuple[bytes, list[Seen]]


class Tally:
    """Counts of one kind, printed at its end with the first failure of each sort."""

    def __init__(self, name: str, scratch: Path, keep: Path | None) -> None:
        self.name, self.scratch, self.keep = name, scratch, keep
        self.count = 0
        self.failures: Counter[str] = Counter()

    def add(self, data: bytes, told: str | None) -> None:
        """A table that was read. Args: told: how it differs."""
        self.count += 1
        if told is None:
            return
        sort = told.split(":")[0]
        self.failures[sort] += 1
        if self.keep is not None:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{self.name.replace(' ', '-')}-{self.count}.pdf").write_bytes(data)
            print(f"    {self.name} {self.count}: {told}")

    def show(self) -> tuple[int, int]:
        """Prints the line; returns exact and all."""
        exact = self.count - self.failures.total()
        print(f"{exact:7d} of {self.count:7d}  {self.name}", dict(self.failures) or "", flush=True)
        return exact, self.count


def judged(tally: Tally, made: Iterable[Made]) -> None:
    for data, seen in made:
        tally.add(data, difference(data, seen, tally.scratch))


def of_kind(name: str, each: int, base: int) -> Iterator[Made]:
    return (KINDS[name](Random(f"{base}/{name}/{k}")) for k in range(each))


def mixed(tally: Tally, count: int, base: int) -> None:
    @seed(base)
    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(made=pages())
    def each(made: Made) -> None:
        tally.add(made[0], difference(*made, tally.scratch))

    each()


def documents(tally: Tally, count: int, base: int) -> None:
    for number in range(base * count, (base + 1) * count):
        data, expected = document(1000 + number)
        found = read(data, tally.scratch)
        same = [(t.title, list(t.pages), [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in t.cells]) for t in found.tables]
        tally.add(data, None if same == [(t.title, t.pages, t.cells) for t in expected] else f"document: {number}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--mixed", type=int, default=5000)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", default="")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    totals = [0, 0]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "page.pdf"
        for name in KINDS:
            if options.kind in name:
                tally = Tally(name, scratch, options.keep)
                judged(tally, of_kind(name, options.each, options.seed))
                totals = [a + b for a, b in zip(totals, tally.show(), strict=True)]
        for name, run, count in (("everything mixed", mixed, options.mixed), ("documents", documents, options.documents)):
            if options.kind in name and count:
                tally = Tally(name, scratch, options.keep)
                run(tally, count, options.seed)
                totals = [a + b for a, b in zip(totals, tally.show(), strict=True)]
    print(f"{totals[0]:7d} of {totals[1]:7d}  in all: {totals[0] / max(totals[1], 1):.4%}")


if __name__ == "__main__":
    main()
