"""Records anew what the validator says of the made documents of tests/recorded_trials.py, after a verdict was changed on purpose.

python tools/record_verdicts.py                 the outcomes; prints each trial whose outcome differs, before and now
python tools/record_verdicts.py --documents     first the documents too, from samples/ (after the contract or the normaliser changed)
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from recorded_trials import FOLDER, outcome_of, recorded, trials  # noqa: E402 (the path is set above)

from shared.canonical import canonical_json  # noqa: E402 (the path is set above)


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


def _said(outcome: object) -> str:
    """An outcome in a few lines."""
    if not isinstance(outcome, dict):
        return "  (nothing recorded)"
    findings = [f"    {one['severity']} {one['code']}: {one['message']['zh']}" for one in outcome["findings"]]
    return "\n".join([f"  {outcome['verdict']} {outcome['counts']} {outcome['digest']}", *findings])


def record_outcomes() -> int:
    """Writes the outcomes; returns how many differ from those recorded before."""
    before = recorded() if (FOLDER / "outcomes.jsonl.gz").exists() else {}
    now = {trial.name: outcome for trial in trials() if (outcome := outcome_of(trial)) is not None}
    lines = [canonical_json({"trial": name, "outcome": outcome}) for name, outcome in now.items()]
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
    if options.parse_args().documents:
        record_documents()
    record_outcomes()
    return 0


if __name__ == "__main__":
    sys.exit(main())
