"""How fast pages become tables and text, beside pdfplumber's extract_tables on the same pages, and how much memory that takes.

    python benchmarks/extract.py [--corpus DIR] [--repeat N] [--native on|off|both]
                                    pages/s of both in one process each, and their ratio; with the compiled loops, without them
    python benchmarks/extract.py --memory [--pages 1635] [--source PDF]
                                    peak RSS of the page reader alone and of a whole extraction on a PDF of so many pages, made by
                                    repeating one of the corpus
    python benchmarks/extract.py --jobs [--copies 3]
                                    pages/s of confined children, one against two
    python benchmarks/extract.py --first
                                    from the call of `bin/tieout extract` on a small sample to the first byte of its result
    python benchmarks/extract.py --peers [--help]                 accuracy and pages/s beside five other engines (benchmarks/peers.py)

DIR holds `pdf/` and `pdf-unlabelled/`; default: TIEOUT_CORPUS, else ../shared/corpus. Each engine runs in a process of its own, which
reads one document before the clock starts, so that imports are not measured. tieout's part is the whole of `read_document`: text, tables,
labels and glyph account of every page, written as JSON. Engines take turns; a ratio is the median over the rounds. It is taken of processor
time, which other programs on the machine disturb less than the clock; both are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def corpus_files(corpus: Path) -> list[Path]:
    found = sorted((corpus / "pdf").glob("*.pdf")) + sorted((corpus / "pdf-unlabelled").glob("*.pdf"))
    return [path for path in found if path.read_bytes()[:5] == b"%PDF-"]


Run = tuple[int, float, float]
"""Pages, seconds by the clock, seconds of the processor."""


def timed(read: Callable[[Path], int], files: list[Path]) -> Run:
    clock, processor = time.perf_counter(), processor_seconds()
    pages = sum(map(read, files))
    return pages, time.perf_counter() - clock, processor_seconds() - processor


def run_tieout(files: list[Path]) -> Run:
    from services.extractor.reader import read_document

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        read_document(files[0], out)
        return timed(lambda path: read_document(path, out).pages, files)


def run_pdfplumber(files: list[Path]) -> Run:
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
    return timed(read, files)


def run_reader(files: list[Path]) -> Run:
    from services.extractor.adapters.pdfium_reader import PdfiumReader

    return timed(lambda path: sum(1 for _ in PdfiumReader().open(path).contents()), files)


ENGINES = {"tieout": run_tieout, "pdfplumber": run_pdfplumber, "reader": run_reader}


def peak_mb() -> float:
    """Peak resident memory of this process (ru_maxrss would count what the parent held at the fork)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status).group(1)) / 1024


def processor_seconds() -> float:
    """Of this process and the children that it waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def measured(engine: str, files: list[Path], native: str = "on") -> dict[str, float]:
    """Runs an engine in a process of its own. Args: native: whether tieout may use its compiled loops."""
    command = [sys.executable, __file__, "--engine", engine, *map(str, files)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TIEOUT_NATIVE": native}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
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


def compiled_loops() -> bool:
    """Whether set-up compiled the loops for this environment."""
    from services.extractor.adapters.native_loops import compiled

    return compiled().exists()


def compare(files: list[Path], repeat: int, natives: list[str]) -> None:
    """tieout in each way against pdfplumber."""
    ratios: dict[str, list[float]] = {native: [] for native in natives}
    for _ in range(repeat):
        theirs = measured("pdfplumber", files)
        print(_line("pdfplumber", theirs))
        for native in natives:
            ours = measured("tieout", files, native)
            ratios[native].append(theirs["processor"] / ours["processor"])
            print(f"{_line(f'tieout, compiled loops {native}', ours)}, ratio {ratios[native][-1]:.1f}")
    for native, found in ratios.items():
        print(f"ratio with compiled loops {native}: {statistics.median(found):.1f} ({min(found):.1f} to {max(found):.1f})")


def _line(name: str, run: dict[str, float]) -> str:
    return f"{name}: {run['pages'] / run['processor']:.0f} pages per processor second, {run['pages'] / run['seconds']:.0f} per second"


def memory(files: list[Path], source: Path | None, pages: int) -> None:
    """Peak memory on a long document."""
    with tempfile.TemporaryDirectory() as folder:
        big = Path(folder) / "big.pdf"
        repeated(source or max(files, key=_pages), pages, big)
        for engine in ("reader", "tieout"):
            one = measured(engine, [big])
            print(f"{engine}: peak {one['peak_mb']:.0f} MB, {one['pages']:.0f} pages read in {one['seconds']:.1f} s")


def jobs(files: list[Path], copies: int, repeat: int) -> None:
    """One confined child against two, which the command line runs with `--jobs`."""
    gains = []
    for _ in range(repeat):
        rates = [_embedded(files * copies, children) for children in (1, 2)]
        gains.append(rates[1] / rates[0])
        print(f"1 child {rates[0]:.0f} pages/s, 2 children {rates[1]:.0f} pages/s, {gains[-1]:.2f} times")
    print(f"two children: {statistics.median(gains):.2f} times one ({min(gains):.2f} to {max(gains):.2f})")


def _embedded(files: list[Path], children: int) -> float:
    from shared.limits import Limits
    from tieout.embedded import Embedded

    # Longest first: at the end of a short run one child would wait for the other's last document.
    files = sorted(files, key=_pages, reverse=True)
    with tempfile.TemporaryDirectory() as folder, Embedded("extract", children, Limits(), Path(folder)) as embedded:
        for _ in embedded.process(files[:children]):
            pass
        pages = sum(map(_pages, files))
        start = time.perf_counter()
        for _, result in embedded.process(files):
            assert result.files["extract"].stat().st_size
        return pages / (time.perf_counter() - start)


def first(repeat: int) -> None:
    """From a call to the first byte of its result; what imports cost is most of it."""
    sample = sorted((ROOT / "samples").glob("*.pdf"))[0]
    times, used = [], []
    for _ in range(repeat):
        clock, processor = time.perf_counter(), processor_seconds()
        with subprocess.Popen([ROOT / "bin" / "tieout", "extract", sample], stdout=subprocess.PIPE) as call:
            assert call.stdout is not None
            call.stdout.read(1)
            times.append(time.perf_counter() - clock)
            call.stdout.read()
        used.append(processor_seconds() - processor)
    print(
        f"first byte after {statistics.median(times):.2f} s (best {min(times):.2f}), {statistics.median(used):.2f} s of the processor until its end"
    )


def main() -> None:
    if "--peers" in sys.argv:
        import peers

        peers.main([argument for argument in sys.argv[1:] if argument != "--peers"])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--native", choices=["on", "off", "both"], default="both")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--pages", type=int, default=1635)
    parser.add_argument("--source", type=Path, help="the PDF to repeat; default: the one with the most pages")
    parser.add_argument("--jobs", action="store_true")
    parser.add_argument("--copies", type=int, default=3)
    parser.add_argument("--first", action="store_true")
    parser.add_argument("--engine", choices=sorted(ENGINES), help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.engine:
        pages, seconds, processor = ENGINES[options.engine](options.files)
        print(json.dumps({"pages": pages, "seconds": seconds, "processor": processor, "peak_mb": peak_mb()}))
        return
    if options.first:
        first(options.repeat)
        return
    files = corpus_files(options.corpus)
    if not files:
        sys.exit(f"no PDFs in {options.corpus}: set TIEOUT_CORPUS or --corpus")
    if options.memory:
        memory(files, options.source, options.pages)
    elif options.jobs:
        jobs(files, options.copies, options.repeat)
    else:
        natives = ["on", "off"] if options.native == "both" else [options.native]
        if "on" in natives and not compiled_loops():
            print("no compiled loops in this environment (bin/setup makes them where there is a C compiler): on is as off", file=sys.stderr)
        compare(files, options.repeat, natives)


if __name__ == "__main__":
    main()
