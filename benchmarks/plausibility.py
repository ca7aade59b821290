"""How well slips of whole units are told: the unit of a form, or of all forms, of a real document is changed, and what is said is looked at.

    python benchmarks/plausibility.py [--corpus DIR]

DIR holds `truth/`; default: TIEOUT_CORPUS, else ../shared/corpus. A document is taken as a perfect reading gives it. *form*: one form with figures says
元 for 万元 or the other way round; *document*: all forms do, the narrative stays as it is. Printed: how many are told as such (`plausibility.unit`, the form named),
how many raise an error or another warning instead or besides, and how many of the documents as they are raise one: there must be none.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from msgspec import structs  # noqa: E402 (the path is set above)
from truth_documents import truth_document  # noqa: E402 (the path is set above)

from services.normalizer.adapters.catalogue_files import standard_catalogue  # noqa: E402 (the path is set above)
from services.normalizer.handlers import normalize_document  # noqa: E402 (the path is set above)
from services.validator.adapters.rules_files import load_rules  # noqa: E402 (the path is set above)
from services.validator.domain.validate import validate  # noqa: E402 (the path is set above)
from shared.contracts.extracted import Extracted  # noqa: E402 (the path is set above)
from shared.contracts.validated import Finding, Validated  # noqa: E402 (the path is set above)

_OTHER = {"元": "万元", "万元": "元"}


def _swapped(document: Extracted, tables: set[str]) -> Extracted:
    """The document with another unit printed above some tables."""
    return structs.replace(
        document,
        tables=tuple(
            structs.replace(table, unit=_OTHER[table.unit], unit_label=f"单位：{_OTHER[table.unit]}", labels=())
            if table.id in tables and table.unit in _OTHER
            else table
            for table in document.tables
        ),
    )


def _run(document: Extracted) -> Validated:
    return validate(normalize_document(document, standard_catalogue()), load_rules())


def _new(before: Validated, after: Validated) -> list[Finding]:
    known = {finding.id for finding in before.findings}
    return [finding for finding in after.findings if finding.severity != "info" and finding.id not in known]


def trials(path: Path) -> Iterator[tuple[str, str, list[Finding], str | None]]:
    """(what, which form, new findings, table) of each slip planted in a document."""
    document = truth_document(path)
    before = _run(document)
    figures = Counter(fact.table for fact in before.facts if fact.amount)
    for table in document.tables:
        if table.unit in _OTHER and figures[table.id]:
            yield "form", f"{path.stem} {table.title} ({figures[table.id]})", _new(before, _run(_swapped(document, {table.id}))), table.id
    yield "document", path.stem, _new(before, _run(_swapped(document, {table.id for table in document.tables}))), None


def main() -> None:
    """Prints each slip and the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus")
    args = parser.parse_args()
    told: Counter[str] = Counter()
    for path in sorted((args.corpus / "truth").glob("*.html")):
        plain = [finding for finding in _run(truth_document(path)).findings if str(finding.code).startswith("plausibility")]
        told["false"] += len(plain)
        for what, name, found, table in trials(path):
            units = [finding for finding in found if finding.code == "plausibility.unit"]
            hit = any(table is None or any(evidence.table == table for evidence in finding.evidence) for finding in units)
            others = [f"{finding.severity} {finding.code}" for finding in found if finding not in units]
            told[f"{what} planted"] += 1
            told[f"{what} told"] += hit
            told[f"{what} with errors"] += any(other.startswith("error") for other in others)
            told[f"{what} with other warnings"] += bool(others)
            print("told " if hit else "–    ", what, name, len(units), Counter(others) or "")
    print(*(f"{name}: {count}" for name, count in sorted(told.items())), sep="\n")


if __name__ == "__main__":
    main()
