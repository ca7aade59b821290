"""How fast pages become tables and text, beside pdfplumber's extract_tables on the same pages, and how much memory that takes.

    python benchmarks/extract.py [--corpus DIR] [--repeat N]      pages/s of both in one process each, and their ratio
    python benchmarks/extract.py --memory [--pages 1500] [--source PDF]
                                                                        peak RSS of the page reader alone and of a whole extraction on a PDF
                                                                  of so many pages, made by repeating one of the corpus

    python benchmarks/extract.py --peers [--help]                 accuracy and pages/s beside five other engines (benchmarks/peers.py)

DIR holds `pdf/` and `pdf-unlabelled/`; default: TIEOUT_CORPUS, else ../shared/corpus. Each engine runs in a process of its own, which
reads one document before the clock starts, so that imports are not measured. tieout's part is the whole of `read_document`: text, tables,
labels and glyph account of every page, written as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def corpus_files(corpus: Path) -> list[Path]:
    found = sorted((corpus / "pdf").glob("*.pdf")) + sorted((corpus / "pdf-unlabelled").glob("*.pdf"))
    return [path for path in found if path.read_bytes()[:5] == b"%PDF-"]


def run_tieout(files: list[Path]) -> tuple[int, float]:
    from services.extractor.reader import read_document

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        read_document(files[0], out)
        start = time.perf_counter()
        pages = sum(read_document(path, out).pages for path in files)
        return pages, time.perf_counter() - start


def run_pdfplumber(files: list[Path]) -> tuple[int, float]:
    import logging

    import pdfplumber

    logging.disable(logging.WARNING)

    def read(path: Path) -> int:
        count = 0
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_tables()
                page.close()
                count += 1
        return count

    with pdfplumber.open(files[0]) as document:
        document.pages[0].extract_tables()
    start = time.perf_counter()
    pages = sum(read(path) for path in files)
    return pages, time.perf_counter() - start


def run_reader(files: list[Path]) -> tuple[int, float]:
    from services.extractor.adapters.pdfium_reader import PdfiumReader

    start = time.perf_counter()
    document = PdfiumReader().open(files[0])
    pages = sum(1 for _ in document.contents())
    return pages, time.perf_counter() - start


ENGINES = {"tieout": run_tieout, "pdfplumber": run_pdfplumber, "reader": run_reader}


def peak_mb() -> float:
    """Peak resident memory of this process (ru_maxrss would count what the parent held at the fork)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status).group(1)) / 1024


def measured(engine: str, files: list[Path]) -> dict[str, float]:
    """Runs an engine in a process of its own."""
    command = [sys.executable, __file__, "--engine", engine, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def repeated(source: Path, pages: int, target: Path) -> None:
    """A PDF of so many pages: `source` over and over."""
    import pypdfium2

    one = pypdfium2.PdfDocument(source)
    many = pypdfium2.PdfDocument.new()
    while len(many) < pages:
        many.import_pages(one, pages=list(range(min(len(one), pages - len(many)))))
    many.save(target)


def _pages(path: Path) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(path))


def main() -> None:
    if "--peers" in sys.argv:
        import peers

        peers.main([argument for argument in sys.argv[1:] if argument != "--peers"])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--source", type=Path, help="the PDF to repeat; default: the one with the most pages")
    parser.add_argument("--engine", choices=sorted(ENGINES), help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.engine:
        pages, seconds = ENGINES[options.engine](options.files)
        peak = peak_mb()
        print(json.dumps({"pages": pages, "seconds": seconds, "peak_mb": peak}))
        return
    files = corpus_files(options.corpus)
    if not files:
        sys.exit(f"no PDFs in {options.corpus}: set TIEOUT_CORPUS or --corpus")
    if options.memory:
        with tempfile.TemporaryDirectory() as folder:
            big = Path(folder) / "big.pdf"
            repeated(options.source or max(files, key=_pages), options.pages, big)
            for engine in ("reader", "tieout"):
                one = measured(engine, [big])
                print(f"{engine}: peak {one['peak_mb']:.0f} MB, {one['pages']:.0f} pages read in {one['seconds']:.1f} s")
        return
    ratios = []
    for _ in range(options.repeat):
        ours, theirs = measured("tieout", files), measured("pdfplumber", files)
        rates = [one["pages"] / one["seconds"] for one in (ours, theirs)]
        ratios.append(rates[0] / rates[1])
        print(f"tieout {rates[0]:.1f} pages/s, pdfplumber {rates[1]:.1f} pages/s, ratio {ratios[-1]:.1f}, {ours['pages']:.0f} pages")
    print(f"ratio {sorted(ratios)[len(ratios) // 2]:.1f}")


if __name__ == "__main__":
    main()
