"""Records anew what the validator says of the trials of tests/recorded_trials.py, after a verdict was changed on purpose.

python tools/record_verdicts.py                 the outcomes; prints each trial whose outcome differs, before and now
python tools/record_verdicts.py --documents     first the documents too, from samples/ (after the contract or the normaliser changed)
python tools/record_verdicts.py --choose        first chooses the trials anew (after the validator gained branches; about ten minutes)

Trials on documents of the corpus are recorded where the corpus is there, and kept as they are where not.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

import coverage

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from recorded_trials import (  # noqa: E402 (the path is set above)
    FOLDER,
    Trial,
    candidates,
    corpus_names,
    outcome_of,
    recorded,
    result_of,
    sample_names,
    trial_of,
)

from shared.canonical import canonical_json  # noqa: E402 (the path is set above)

DOMAIN = ROOT / "services" / "validator" / "domain"
TIMES = 4
"""A trial is chosen where it goes a way through the validator, or gives a kind of finding, that fewer chosen ones did."""
MOST_TRIED = 9000


def _packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def record_documents() -> None:
    """The samples as the normaliser gives them, without the submission (which is no part of a result)."""
    samples = sorted((ROOT / "samples").glob("*.pdf"))
    command = [sys.executable, "-m", "tieout", "normalize", *map(str, samples)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    (FOLDER / "documents").mkdir(parents=True, exist_ok=True)
    for sample, line in zip(samples, done.stdout.splitlines(), strict=True):
        document = json.loads(line)
        if document["schema"].startswith("tieout.normalized/"):
            del document["submission"]
            (FOLDER / "documents" / f"{sample.name.partition('-')[0]}.json.gz").write_bytes(_packed(canonical_json(document)))


def _kinds_of(result: Any) -> set[Hashable]:
    """The kinds of findings of a result."""
    return {(one.code, one.severity, one.diagnosis.cause if one.diagnosis else None) for one in getattr(result, "findings", ())}


def choose() -> list[Trial]:
    """Of many trials those that are worth keeping: together they go each way through the domain (from line to line) `TIMES` times, if they can."""
    order = sorted(candidates(), key=lambda trial: (bool(trial.changes), hashlib.sha256(trial.name.encode()).digest()))
    seen: Counter[Hashable] = Counter()
    chosen = []
    lines = coverage.Coverage(branch=True, data_file=None, include=[str(DOMAIN / "*")], config_file=False)
    for trial in order[:MOST_TRIED]:
        lines.erase()
        lines.start()
        try:
            result = result_of(trial)
        finally:
            lines.stop()
        if result is None:
            continue
        data = lines.get_data()
        ways = {(file, arc) for file in data.measured_files() for arc in data.arcs(file) or ()} | _kinds_of(result)
        if any(seen[way] < TIMES for way in ways):
            chosen.append(trial)
            seen.update(ways)
    return chosen


def _said(outcome: object) -> str:
    """An outcome in a few lines."""
    if not isinstance(outcome, dict):
        return "  (nothing recorded)"
    findings = [
        f"    {one}" if isinstance(one, str) else f"    {one['severity']} {one['code']}: {one['message']['zh']}"
        for one in outcome["findings"]
    ]
    return "\n".join([f"  {outcome.get('verdict')} {outcome.get('counts')} {outcome['digest']}", *findings])


def record_outcomes(chosen: Iterable[Trial] | None) -> int:
    """Writes the outcomes of these trials (None: of those recorded); returns how many differ from those recorded before."""
    before = recorded() if (FOLDER / "outcomes.jsonl.gz").exists() else {}
    trials = sorted(map(trial_of, before) if chosen is None else chosen, key=lambda trial: trial.name)
    there = {*sample_names(), *corpus_names()}
    now = {trial.name: outcome_of(trial) if trial.document in there else before[trial.name] for trial in trials}
    lines = [canonical_json({"trial": name, "outcome": outcome}) for name, outcome in now.items() if outcome is not None]
    (FOLDER / "outcomes.jsonl.gz").write_bytes(_packed(b"\n".join(lines) + b"\n"))
    differing = [name for name in now if before.get(name) != now[name]]
    for name in differing:
        print(f"{name}\n{_said(before.get(name))}\n{_said(now[name])}")
    print(f"{len(now)} outcomes, {len(differing)} differ from those before, {len(before.keys() - now.keys())} are no more")
    return len(differing)


def main() -> int:
    """Records as asked."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", action="store_true")
    options.add_argument("--choose", action="store_true")
    given = options.parse_args()
    if given.documents:
        record_documents()
    record_outcomes(choose() if given.choose else None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
