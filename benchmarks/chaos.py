"""Kills an installation's processes at random while documents are put, and says whether anything was lost, doubled or changed.

    python benchmarks/chaos.py [--kills 200] [--documents 200] [--seed 1] [--bound 600]

Starts an installation of its own in a temporary folder (Kafka, S3, PostgreSQL, the four services), and ends with one line of figures.
Exit code 1 where something does not hold.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# In place of this folder, whose chaos.py would hide the harness of that name.
sys.path[0:1] = [str(ROOT / "tests"), str(ROOT)]

from chaos.site import Site, undisturbed  # noqa: E402 (the path is set above)
from chaos.storm import STAGE_TOPICS, storm  # noqa: E402 (the path is set above)
from made_disclosures import batch, waves, write  # noqa: E402 (the path is set above)


def main() -> int:
    """Runs the storm; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bound", type=float, default=600)
    arguments = parser.parse_args()
    made = batch(arguments.documents)
    with tempfile.TemporaryDirectory(prefix="tieout-chaos-") as folder:
        write(Path(folder) / "pdf", made)
        digest = undisturbed(Path(folder) / "pdf", Path(folder) / "embedded")
        site = Site.up(Path(folder) / "site")
        try:
            storm(site, waves(made, 10), arguments.kills, arguments.seed, lambda text: print(text, file=sys.stderr))
            site.repeat_everything(STAGE_TOPICS)
            judgement = site.judge(digest, arguments.bound)
        finally:
            site.down()
    print(judgement.line())
    for problem in judgement.problems():
        print(f"does not hold: {problem}")
    return 1 if judgement.problems() else 0


if __name__ == "__main__":
    sys.exit(main())
