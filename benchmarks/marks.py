"""Marks in the PDFs of the corpus, whole and broken at random: how many are marked, refused or mended, and how many bytes a mark costs.

    python benchmarks/marks.py [--broken 400] [--corpus DIR]

The last column is what pdfium's own incremental save adds for the same two boxes (it writes again what drawing the pages has loaded).
"""

from __future__ import annotations

import argparse
import ctypes
import io
import sys
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import pypdfium2  # noqa: E402 (the path is set above)
from extract import corpus_files  # noqa: E402 (the path is set above)
from mutated_pdfs import mutated  # noqa: E402 (the path is set above)
from pypdfium2 import raw  # noqa: E402 (the path is set above)

from tieout.handover.marked_pdf import marked  # noqa: E402 (the path is set above)
from tieout.handover.marks import Mark  # noqa: E402 (the path is set above)

BOX = (100.0, 100.0, 160.0, 115.0)


def marks(pages: int) -> list[Mark]:
    """Two marks: on the middle page and on the last one."""
    return [Mark(page, BOX, "correction", "1", "印为 1，应为 2", "印为 1，应为 2") for page in sorted({pages // 2 + 1, pages})]


def by_pdfium(data: bytes, wanted: list[Mark]) -> int:
    """Bytes that pdfium adds for the same boxes."""
    document = pypdfium2.PdfDocument(data)
    pages = []
    for mark in wanted:
        page = document[mark.page - 1]
        note = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_SQUARE)
        raw.FPDFAnnot_SetRect(note, ctypes.byref(raw.FS_RECTF(100, 700, 160, 685)))
        raw.FPDFPage_CloseAnnot(note)
        pages.append(page)
    out = io.BytesIO()
    document.save(out, flags=raw.FPDF_INCREMENTAL)
    return len(out.getvalue()) - len(data)


def whole(files: list[Path]) -> None:
    """The files as they are."""
    print(f"{'file':44} {'pages':>5} {'bytes':>9} {'added':>7} {'pdfium':>8}")
    for file in files:
        data = file.read_bytes()
        pages = len(pypdfium2.PdfDocument(data))
        made = marked(data, marks(pages))
        added = made.reason if made.data is None else str(len(made.data) - len(data))
        print(f"{file.name[:44]:44} {pages:5} {len(data):9} {added:>7} {by_pdfium(data, marks(pages)):8}")


def broken(files: list[Path], number: int) -> None:
    """The files broken at random: none may end in anything but a marked file behind its own bytes, or a refusal."""
    random, ends = Random(7), Counter[str]()
    for seed in range(number):
        _, data = mutated(random.choice(files).read_bytes(), seed)
        made = marked(data, marks(2))
        if made.data is not None and not made.data.startswith(data):
            raise AssertionError(f"seed {seed}: the original is not in front")
        ends["refused" if made.data is None else "marked, mended by readers" if made.repaired else "marked"] += 1
    print(f"{number} broken files:", ", ".join(f"{end} {count}" for end, count in ends.most_common()))


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--broken", type=int, default=400)
    options = parser.parse_args()
    files = corpus_files(options.corpus)
    whole(files)
    broken(files, options.broken)


if __name__ == "__main__":
    main()
