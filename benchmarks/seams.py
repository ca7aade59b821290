"""How tables that go on over the page are read, kind by kind, on documents made from a seed.

    python benchmarks/seams.py [--seeds N] [--kind WORDS]

Joined and parted: seams (a page break with a table on either side) read rightly and wrongly; "asked": kept apart with a warning where
what is printed does not decide. Boxheads printed again that were left out; rows lost, doubled and right in every cell; cells that the page
break cut and that came back as one; characters in no cell, label or line. See `tests/seam_kinds.py` for the kinds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from seam_kinds import KINDS, document  # noqa: E402 (the path is set above)
from seam_score import read, score  # noqa: E402 (the path is set above)

HEAD = "| kind | documents | exact | seams | joined ✓ | parted ✓ | wrongly joined | wrongly parted | asked | boxheads left out | rows lost | doubled | right | cells mended | characters lost |"


def row(kind: str, counts: Counter[str]) -> str:
    """A line of the table."""
    cells = [
        kind, counts["documents"], counts["documents exact"], counts["seams"], counts["joined rightly"], counts["parted rightly"],
        counts["wrongly joined"], counts["wrongly parted"], counts["asked"], f"{counts['boxheads left out']}/{counts['boxheads']}",
        counts["rows lost"], counts["rows doubled"], f"{counts['rows right']}/{counts['rows']}",
        f"{counts['cells mended']}/{counts['cells cut']}", counts["glyphs lost"],
    ]  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> None:
    """Prints the score by kind, and of all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50, help="documents of each kind")
    parser.add_argument("--first", type=int, default=1000, help="the first seed; those of the tests are below 1000")
    parser.add_argument("--kind", default="", help="only kinds whose names hold these words")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    print(HEAD)
    print("|---" * (HEAD.count("|") - 1) + "|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seams.pdf"
        for kind in KINDS:
            if options.kind not in kind:
                continue
            counts: Counter[str] = Counter()
            for seed in range(options.first, options.first + options.seeds):
                made = document(kind, seed)
                one = score(made, read(made.data, path))
                counts.update(one)
                if not one["documents exact"]:
                    print(f"not exact: {kind}, seed {seed}", file=sys.stderr)
            print(row(kind, counts), flush=True)
            total.update(counts)
    print(row("all", total))


if __name__ == "__main__":
    main()
