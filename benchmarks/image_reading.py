#!/usr/bin/env python3
"""How often the image of a figure is read as the figure that the file's text says: what re-reading accused cells in the image rests on.

    python -P benchmarks/image_reading.py FILE.pdf …          (extra `ocr`; nothing is planted: every difference is a false one)

Every figure of every form is looked at. *Same*: the same digits for certain; *other*: as many other digits for certain, which would take a true error for our
misreading; *nothing*: not certain, of another length, or no single line of ink.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from services.extractor.reader import read_document  # noqa: E402 (the path is set above)
from services.normalizer.adapters.catalogue_files import standard_catalogue  # noqa: E402 (the path is set above)
from services.normalizer.handlers import normalize_document  # noqa: E402 (the path is set above)
from services.validator.domain.rereading import image_differs, same_digits  # noqa: E402 (the path is set above)
from shared.image_child import SIGNS, figures_at  # noqa: E402 (the path is set above)
from shared.image_reader import CERTAIN  # noqa: E402 (the path is set above)
from shared.line_model import LineModel  # noqa: E402 (the path is set above)


def main() -> None:
    """Prints a line for each file, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    model, whole = LineModel(SIGNS), Counter[str]()
    print("| file | figures | same | other | nothing | ms a figure |\n|---|--:|--:|--:|--:|--:|")
    for path in parser.parse_args().files:
        with tempfile.TemporaryDirectory() as folder:
            read_document(path, Path(folder) / "extracted.json")
            normalized = normalize_document((Path(folder) / "extracted.json").read_bytes(), standard_catalogue())
        facts = [fact for fact in normalized.facts if any(map(str.isdigit, fact.text))]
        started, counts = time.perf_counter(), Counter[str]()
        for fact, seen in zip(facts, figures_at(path, [(fact.page, fact.bbox) for fact in facts], model), strict=True):
            certain = seen is not None and seen[1] >= CERTAIN
            text = seen[0] if seen is not None else ""
            counts[
                "same" if certain and same_digits(fact.text, text) else "other" if certain and image_differs(fact.text, text) else "nothing"
            ] += 1
        each = 1000 * (time.perf_counter() - started) / max(1, len(facts))
        print(f"| {path.name} | {len(facts)} | {counts['same']} | {counts['other']} | {counts['nothing']} | {each:.0f} |", flush=True)
        whole += counts
    print(f"| all | {sum(whole.values())} | {whole['same']} | {whole['other']} | {whole['nothing']} | |")


if __name__ == "__main__":
    main()
