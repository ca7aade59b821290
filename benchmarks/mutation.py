"""How many wrong versions of the validator are noticed: every line of its domain is changed in small ways (mutmut), one change at a time.

    python benchmarks/mutation.py [--jobs 2]                  all mutants of services/validator/domain; some hours
    python benchmarks/mutation.py --module intervals          one module (or several)
    python benchmarks/mutation.py --every 50 --least 0.9      one in 50, always the same ones; exit code 1 below the share
    python benchmarks/mutation.py --survivors                 also prints what nobody noticed, as differences

Works on a copy in a temporary folder. A mutant that does not fit its types is noticed by the type checker (pyrefly here: all mutants at once, where the
project's own would take a quarter of an hour) and is not run. Printed for each module: mutants, those that the types showed, those that a test
killed (of these by time: a loop without an end is noticed), those that survived. Score = noticed / all; beside it the score of the tests alone over
the mutants whose types fit. Trials on the corpus are among the tests where it is there.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
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
TESTS = ("tests/unit/validator", "tests/property/test_validator_properties.py", "tests/corpus/test_validator_recorded_corpus.py")
TYPE_CHECK = ("-m", "pyrefly", "check", "--output-format=json", DOMAIN)
MUTANT = re.compile(r"__mutmut_\d+$")
CONFIGURATION = f"""
[tool.mutmut]
source_paths = ["services", "shared", "tieout", "tools"]
also_copy = ["samples"]
only_mutate = ["{DOMAIN}/*.py"]
pytest_add_cli_args = ["-q", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {list(TESTS)!r}
use_git_change_detection = false

[tool.pyrefly]
search-path = ["."]
python-interpreter-path = "{sys.executable}"

[tool.pyrefly.errors]
implicit-any-empty-container = false
implicit-any-lambda = false
"""
TYPED = "caught by type check"
KILLED = frozenset({"killed", "timeout", "segfault", "suspicious", TYPED})
SKIPPED = frozenset({"skipped", "not checked"})


def _copy(folder: Path) -> None:
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8") + CONFIGURATION, "utf-8")


def _mutmut(folder: Path, *arguments: str) -> str:
    """What mutmut prints. Raises: SystemExit: it could not run (the tests fail without any mutant)."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment.setdefault("TIEOUT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"mutmut {' '.join(arguments[:1])}: {(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def _misfits(folder: Path) -> list[tuple[Path, int, str]]:
    """What the type checker complains of in a folder: file, line from 1, words."""
    done = subprocess.run([sys.executable, *TYPE_CHECK], cwd=folder, capture_output=True, text=True, check=False)
    errors = json.loads(done.stdout)["errors"]
    return [(folder / error["path"], error["line"], error["concise_description"]) for error in errors if error["severity"] == "error"]


def _mistyped(folder: Path) -> set[str]:
    """The mutants whose types do not fit. Every mutant is a function of its own in mutmut's version of a module, and is checked there as it stands."""
    lines: dict[Path, dict[int, str]] = {}
    for path in (folder / DOMAIN).glob("*.py"):
        functions = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef))
        mutants = [node for node in functions if MUTANT.search(node.name)]
        lines[path] = {line: node.name for node in mutants for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    found = ((path, lines.get(path, {}).get(line)) for path, line, _ in _misfits(folder))
    return {f"{PREFIX}{path.stem}.{name}" for path, name in found if name is not None}


def module_of(mutant: str) -> str:
    """The module of the domain that a mutant changes: services.validator.domain.intervals.x_parse__mutmut_3 → intervals."""
    return mutant.removeprefix(PREFIX).split(".", 1)[0]


def _statuses(folder: Path) -> dict[str, str]:
    found = re.findall(r"^\s*(\S+__mutmut_\d+): (.+?)\s*$", _mutmut(folder, "results", "--all", "true"), re.MULTILINE)
    return dict(found)


def _chosen(names: Iterable[str], every: int, modules: frozenset[str]) -> list[str]:
    """About each `every`-th mutant of the modules asked for (all where none is), drawn by name: a change of one function leaves those of others."""

    def drawn(name: str) -> bool:
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % every == 0

    return sorted(name for name in names if (not modules or module_of(name) in modules) and drawn(name))


def _row(name: str, counts: Counter[str]) -> str:
    noticed, all_of_it = counts["typed"] + counts["killed"], counts["all"]
    cells = [name, all_of_it, counts["typed"], counts["killed"], counts["timeout"], counts["survived"]]
    shares = [noticed / max(1, all_of_it), counts["killed"] / max(1, all_of_it - counts["typed"])]
    return "| " + " | ".join([*map(str, cells), *(f"{share:.3f}" for share in shares)]) + " |"


def _table(statuses: dict[str, str]) -> float:
    """Prints the table of modules; returns the score over all."""
    modules: dict[str, Counter[str]] = defaultdict(Counter)
    for name, status in statuses.items():
        kind = "typed" if status == TYPED else "killed" if status in KILLED else "survived"
        modules[module_of(name)].update({"all": 1, kind: 1, "timeout": int(status == "timeout")})
    print(
        "| module | mutants | types | tests | of these by time | survived | score | score of the tests |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    for module, counts in sorted(modules.items()):
        print(_row(module, counts))
    total = sum(modules.values(), Counter[str]())
    print(_row("**all**", total))
    return (total["typed"] + total["killed"]) / max(1, total["all"])


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
        if misfits := _misfits(folder):
            raise SystemExit(f"types do not fit before any change: {misfits[:5]}")
        # One mutant (of a function that few tests reach) makes mutmut write those of all functions, so that they can be chosen by name.
        _mutmut(folder, "run", "--max-children", str(given.jobs), PREFIX + "department.x__source__mutmut_1")
        chosen = _chosen(_statuses(folder), given.every, frozenset(given.module))
        mistyped = _mistyped(folder / "mutants")
        if run := [name for name in chosen if name not in mistyped]:
            _mutmut(folder, "run", "--max-children", str(given.jobs), *run)
        statuses = _statuses(folder) | dict.fromkeys(mistyped, TYPED)
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
