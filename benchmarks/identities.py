#!/usr/bin/env python3
"""How often each identity was found in the seven real disclosures of the corpus, as a perfect reading gives them, and how surely they are tied.

    python benchmarks/identities.py              # a line an identity; needs the corpus (TIEOUT_CORPUS, else ../shared/corpus)

E: holds exactly, R: by rounding, S: suspicious, X: fails, open: not assessable. Figures: held by no sum, by one, by two or more different ones.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from conftest import corpus_dir  # noqa: E402 (the path is set above)
from truth_documents import truth_document  # noqa: E402 (the path is set above)

from services.normalizer.adapters.catalogue_files import standard_catalogue  # noqa: E402 (the path is set above)
from services.normalizer.handlers import normalize_document  # noqa: E402 (the path is set above)
from services.validator.adapters.rules_files import load_rules  # noqa: E402 (the path is set above)
from services.validator.handlers import validate_document  # noqa: E402 (the path is set above)
from shared.canonical import canonical_json  # noqa: E402 (the path is set above)

STATUSES = ("exact", "rounding", "suspicious", "failed", "not_assessable")


def main() -> None:
    corpus = corpus_dir()
    if corpus is None:
        sys.exit("no corpus: set TIEOUT_CORPUS")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    figures: Counter[str] = Counter()
    rules, catalogue = load_rules(), standard_catalogue()
    for path in sorted((corpus / "truth").glob("*.html")):
        result = validate_document(normalize_document(canonical_json(truth_document(path)), catalogue), rules)
        for check in result.checks:
            counts[check.rule][check.status] += 1
        cover = result.coverage
        figures.update(never=cover.untied, once=int(cover.tied_once or 0), more=int(cover.tied_more or 0), all=cover.figures)
    print("| identity | E | R | S | X | open |\n|---|--:|--:|--:|--:|--:|")
    for identity in rules.identities:
        if identity.id in counts:
            print(f"| {identity.id} | " + " | ".join(str(counts[identity.id][status]) for status in STATUSES) + " |")
    total = Counter({status: sum(one[status] for one in counts.values()) for status in STATUSES})
    print("| **all** | " + " | ".join(str(total[status]) for status in STATUSES) + " |")
    print(f"\nfigures {figures['all']}: tied never {figures['never']}, once {figures['once']}, twice or more {figures['more']}")
    unused = [identity.id for identity in rules.identities if identity.id not in counts]
    print(f"not in these documents: {', '.join(unused)}")


if __name__ == "__main__":
    main()
