"""How many wrong versions of the validator its tests notice: every line of its domain is changed in small ways (mutmut), one change at a time.

    python benchmarks/mutation.py [--jobs 2]                  all mutants of services/validator/domain; about a quarter of an hour
    python benchmarks/mutation.py --module intervals          one module (or several)
    python benchmarks/mutation.py --every 50 --least 0.9      each 50th mutant, always the same ones; exit code 1 below the share
    python benchmarks/mutation.py --survivors                 also prints what nobody noticed, as differences

Works on a copy in a temporary folder. Printed for each module: mutants, those that a test killed, those that survived, those that ran out of time
(killed too: a loop without an end is noticed). Score = killed / all.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = "services/validator/domain"
PREFIX = DOMAIN.replace("/", ".") + "."
COPIED = ("services", "shared", "tieout", "tools", "tests", "samples")
TESTS = ("tests/unit/validator", "tests/property/test_validator_properties.py")
CONFIGURATION = f"""
[tool.mutmut]
source_paths = ["services", "shared", "tieout", "tools"]
also_copy = ["samples"]
only_mutate = ["{DOMAIN}/*.py"]
pytest_add_cli_args = ["-q", "-p", "no:cacheprovider", "-m", "not corpus"]
pytest_add_cli_args_test_selection = {list(TESTS)!r}
use_git_change_detection = false
"""
KILLED = frozenset({"killed", "timeout", "segfault", "suspicious", "caught by type check"})
SKIPPED = frozenset({"skipped", "not checked"})


def _copy(folder: Path) -> None:
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8") + CONFIGURATION, "utf-8")


def _mutmut(folder: Path, *arguments: str) -> str:
    """What mutmut prints. Raises: SystemExit: it could not run (the tests fail without any mutant)."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"mutmut {' '.join(arguments[:1])}: {(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def module_of(mutant: str) -> str:
    """The module of the domain that a mutant changes: services.validator.domain.intervals.x_parse__mutmut_3 → intervals."""
    return mutant.removeprefix(PREFIX).split(".", 1)[0]


def _statuses(folder: Path) -> dict[str, str]:
    found = re.findall(r"^\s*(\S+__mutmut_\d+): (.+?)\s*$", _mutmut(folder, "results", "--all", "true"), re.MULTILINE)
    return dict(found)


def _chosen(names: Iterable[str], every: int, modules: frozenset[str]) -> list[str]:
    """Each `every`-th mutant in the order of their names, of the modules asked for (all where none is)."""
    kept = sorted(name for name in names if not modules or module_of(name) in modules)
    return kept[every // 2 :: every]


def _table(statuses: dict[str, str]) -> float:
    """Prints the table of modules; returns the score over all."""
    modules: dict[str, Counter[str]] = defaultdict(Counter)
    for name, status in statuses.items():
        modules[module_of(name)]["killed" if status in KILLED else "survived"] += 1
        modules[module_of(name)]["timeout"] += status == "timeout"
    print("| module | mutants | killed | of these by time | survived | score |\n|---|--:|--:|--:|--:|--:|")
    total: Counter[str] = Counter()
    for module, counts in [*sorted(modules.items()), ("**all**", total)]:
        if counts is not total:
            total += counts
        number = counts["killed"] + counts["survived"]
        score = counts["killed"] / max(1, number)
        print(f"| {module} | {number} | {counts['killed']} | {counts['timeout']} | {counts['survived']} | {score:.3f} |")
    return total["killed"] / max(1, total["killed"] + total["survived"])


def main() -> int:
    """Runs the mutants and prints the table. Returns: 1 where the score is below `--least`."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--module", nargs="*", default=())
    options.add_argument("--least", type=float, default=0.0)
    options.add_argument("--survivors", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="tieout-mutation-") as temporary:
        folder = Path(temporary)
        _copy(folder)
        everyone = not given.module and given.every == 1
        if everyone:
            _mutmut(folder, "run", "--max-children", str(given.jobs))
            chosen = list(_statuses(folder))
        else:
            # The mutants of one function make mutmut write those of all, so that they can be chosen by name.
            _mutmut(folder, "run", "--max-children", str(given.jobs), PREFIX + "coverage.x_verdict_of__*")
            chosen = _chosen(_statuses(folder), given.every, frozenset(given.module))
            _mutmut(folder, "run", "--max-children", str(given.jobs), *chosen)
        statuses = _statuses(folder)
        kept = {name: statuses[name] for name in chosen if statuses[name] not in SKIPPED}
        score = _table(kept)
        if given.survivors:
            for name, status in sorted(kept.items()):
                if status not in KILLED:
                    print(f"\n== {name}: {status}\n{_mutmut(folder, 'show', name)}")
    if score < given.least:
        print(f"score {score:.3f}: at least {given.least} was wanted", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
