#!/usr/bin/env python3
"""How much of the money in documents becomes facts, and how many of the facts have a code, line or project, per document and kind of form.

    PYTHONPATH=. .venv/bin/python benchmarks/facts_table.py [--corpus DIR] [--names] [FILE…]

Reads PDFs (by default those of the corpus) through the extractor and prints markdown for docs. `figures` are the texts with a point or
separators below the boxheads, counted without the normaliser; `facts` may be more: whole numbers in columns of money are facts too.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # before this folder, which has a services.py of its own

from services.extractor.errors import DocumentRejected  # noqa: E402 (the path is set above)
from services.extractor.reader import read_document  # noqa: E402 (the path is set above)
from services.normalizer.adapters.catalogue_files import standard_catalogue  # noqa: E402 (the path is set above)
from services.normalizer.handlers import normalize_document  # noqa: E402 (the path is set above)
from shared.contracts.extracted import Extracted, Table  # noqa: E402 (the path is set above)
from shared.contracts.normalized import Fact, Normalized  # noqa: E402 (the path is set above)

MONEY = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")


def figure_texts(table: Table) -> Counter[str]:
    """Texts that print money beyond doubt, below the boxhead."""
    texts = (re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell.text)) for cell in table.cells if cell.row >= table.header_rows)
    return Counter(text.replace(",", "") for text in texts if MONEY.fullmatch(text) and ("." in text or "," in text))


def is_coded(fact: Fact) -> bool:
    """Whether a fact has a code, a line or a project."""
    return bool(fact.function or fact.economic or fact.gov_economic or fact.line or fact.project)


def rows_of(extracted: Extracted, result: Normalized) -> dict[str, list[int]]:
    """Kind of form → forms, figures, figures that are facts, facts, coded facts, unmapped."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    for fact in result.facts:
        facts[fact.table].append(fact)
    unmapped = Counter(entry.table for entry in result.unmapped)
    rows: dict[str, list[int]] = defaultdict(lambda: [0] * 6)
    for table, form in zip(extracted.tables, result.forms, strict=True):
        want = figure_texts(table)
        got = Counter(re.sub(r"[\s,]+", "", unicodedata.normalize("NFKC", fact.text)) for fact in facts[table.id])
        counts = (
            1,
            want.total(),
            (want & got).total(),
            len(facts[table.id]),
            sum(is_coded(fact) for fact in facts[table.id]),
            unmapped[table.id],
        )
        kind = form.form or "(not recognised)"
        rows[kind] = [before + more for before, more in zip(rows[kind], counts, strict=True)]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--names", action="store_true", help="print the names of the files; without it, numbers")
    options = parser.parse_args()
    files = options.files or [*sorted((options.corpus / "pdf").glob("*.pdf")), *sorted((options.corpus / "pdf-unlabelled").glob("*.pdf"))]
    print("| document | form | forms | figures | are facts | facts | coded | unmapped |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(files, 1):
            out = Path(folder) / "extracted.json"
            try:
                read_document(path, out)
            except DocumentRejected as error:
                print(f"| {path.name if options.names else number} | rejected: {error} | | | | | | |")
                continue
            extracted = msgspec.json.decode(out.read_bytes(), type=Extracted)
            result = normalize_document(extracted, standard_catalogue())
            rows = rows_of(extracted, result)
            total = [sum(row[index] for row in rows.values()) for index in range(6)]
            about = result.document
            name = path.name if options.names else f"{number}: {about.kind} {about.year}, {extracted.document.pages} pages"
            print(f"| **{name}** | all | " + " | ".join(map(str, total)) + " |")
            for kind in sorted(rows):
                print(f"| | {kind} | " + " | ".join(map(str, rows[kind])) + " |")


if __name__ == "__main__":
    main()
