#!/usr/bin/env python3
"""How long a verdict takes on large documents with many errors, and how much of it diagnosis does: its work is bounded by counts, not by the clock.

    python -P benchmarks/diagnosis.py [--rounds 3]

Documents of 2,000 and 10,000 figures (forms of functions by total, basic and project) with 0, 1, 5 and 50 errors: a figure times ten, a figure changed,
a row left out, a row printed twice, in turn. Printed: seconds for reading and grading all sums, seconds for the whole verdict beyond that of
the document without errors, and what was found.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from decimal import Decimal
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from validator_documents import Line, by_function, document, function, total  # noqa: E402 (the path is set above)

from services.validator.adapters.rules_files import load_rules  # noqa: E402 (the path is set above)
from services.validator.domain.validate import validate  # noqa: E402 (the path is set above)
from shared.contracts.normalized import Normalized  # noqa: E402 (the path is set above)

ROWS = 200


def _lines(random: Random) -> list[Line]:
    """A form of functions that ties out: classes of sections of items."""
    items = {
        f"{201 + k // 12}{k // 4 % 3 + 1:02}{k % 4 + 1:02}": (
            Decimal(random.randrange(10**8)) / 100,
            Decimal(random.randrange(10**7)) / 100,
        )
        for k in range(ROWS * 2 // 3)
    }

    def row(code: str) -> Line:
        basic, project = (sum((pair[place] for item, pair in items.items() if item.startswith(code)), Decimal(0)) for place in (0, 1))
        texts = (str(basic + project), str(basic), str(project))
        return function(code, *texts) if code else total(*texts)

    return [row(code) for code in sorted({item[:size] for item in items for size in (0, 3, 5, 7)})]


def _spoil(lines: list[Line], kind: int, random: Random) -> None:
    """One error of a kind in a form."""
    place = random.randrange(1, len(lines))
    line = lines[place]
    if kind == 2:
        del lines[place]
    elif kind == 3:
        lines.insert(place, line)
    else:
        amounts, col = list(line.amounts), random.randrange(3)
        amounts[col] = str(Decimal(amounts[col]) * 10 if kind == 0 else Decimal(amounts[col]) + 300)
        lines[place] = Line(line.label, amounts, function=line.function)


def made(figures: int, errors: int) -> Normalized:
    """A document of about so many figures with so many errors."""
    random = Random(1)
    forms = [_lines(random) for _ in range(max(1, figures // (3 * ROWS)))]
    for number in range(errors):
        _spoil(random.choice(forms), number % 4, random)
    return document(*(by_function(*lines, table=f"t{number}") for number, lines in enumerate(forms, 1)))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    rules = load_rules()
    print("| figures | errors | verdict, s | beyond the document without errors, s | errors said | questions | stopped early |")
    print("|--:|--:|--:|--:|--:|--:|---|")
    for figures in (2000, 10000):
        plain = 0.0
        for errors in (0, 1, 5, 50):
            given, times = made(figures, errors), []
            for _ in range(rounds):
                started = time.process_time()
                result = validate(given, rules)
                times.append(time.process_time() - started)
            seconds = statistics.median(times)
            plain = seconds if not errors else plain
            said = [sum(finding.severity == severity for finding in result.findings) for severity in ("error", "warning")]
            early = any(finding.code == "diagnosis.incomplete" for finding in result.findings)
            beyond = f"{max(0.0, seconds - plain):.2f}" if errors else ""
            print(f"| {len(given.facts)} | {errors} | {seconds:.2f} | {beyond} | {said[0]} | {said[1]} | {'yes' if early else ''} |")


if __name__ == "__main__":
    main()
