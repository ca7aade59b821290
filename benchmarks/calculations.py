#!/usr/bin/env python3
"""Sums by kind: what the validator's grading says, against Arelle under Calculations 1.1 (round to nearest).

python -m venv DIR && DIR/bin/pip install arelle-release msgspec       # Arelle (Apache-2.0) is no dependency of the project
DIR/bin/python benchmarks/calculations.py [--each 2000] [--seed 1]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from arelle_calculations import available, outcomes  # noqa: E402 (the path is set above)
from calculation_kinds import ALIKE, APART, ours  # noqa: E402 (the path is set above)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if not available():
        sys.exit("Arelle is not installed in this environment: pip install arelle-release")
    print("| sums | n | same | Arelle fails, we do not | we fail, Arelle does not | Arelle stops | we: prints differ |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for kind, make in (ALIKE | APART).items():
        random = Random(f"{arguments.seed} {kind}")
        sums = [make(random) for _ in range(arguments.each)]
        with tempfile.TemporaryDirectory() as folder:
            theirs = outcomes(sums, Path(folder))
        mine = [ours(one) for one in sums]
        pairs = Counter(zip(theirs, (our.outcome for our in mine), strict=True))
        same = sum(number for (their, our), number in pairs.items() if their == our)
        stopped = sum(number for (their, our), number in pairs.items() if their == "not evaluated" != our)
        print(
            f"| {kind} | {len(sums)} | {same} | {pairs['inconsistent', 'consistent']} | {pairs['consistent', 'inconsistent']} | {stopped} |"
            f" {sum(our.conflict for our in mine)} |"
        )


if __name__ == "__main__":
    main()
