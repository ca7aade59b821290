"""What the services cost against the embedded run, in one go on this machine.

    python benchmarks/services.py [--workers 2] [--copies 3] [--corpus DIR] [--only throughput,latency,memory,scaling,sleeping]

throughput  documents/s, pages/s and CPU seconds a document of all services (their children included; Kafka, S3 and PostgreSQL apart)
            against `tieout run --jobs WORKERS` over the same files, every file copied so often with other bytes at its end
latency     seconds from the end of a put to documents.validated, one small document at a time on an idle installation
memory      PSS of each idle service with its children, MB
scaling     the same work with 1 and with 2 partitions and processes of each stage
sleeping    1, 2 and 4 extractors that wait half a second instead of computing: scaling without the machine's cores in the way
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# In place of this folder, whose chaos.py would hide the harness of that name.
sys.path[0:1] = [str(ROOT / "tests"), str(ROOT)]

import psutil  # noqa: E402 (the path is set above)
import psycopg  # noqa: E402 (the path is set above)
from chaos.site import Site  # noqa: E402 (the path is set above)
from made_disclosures import Made, batch  # noqa: E402 (the path is set above)

PARTS = ("throughput", "latency", "memory", "scaling", "sleeping")
SERVICES = ("store", "extractor", "normalizer", "validator")
NOTICE_SLOWLY: Mapping[str, str] = {"TIEOUT_SWEEP_SECONDS": "60"}


def main() -> int:
    """Runs the parts asked for and prints a line or a few for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--copies", type=int, default=3)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS", ROOT.parent / "shared" / "corpus")))
    parser.add_argument("--only", default=",".join(PARTS))
    options = parser.parse_args()
    wanted = options.only.split(",")
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as name:
        folder = Path(name)
        files = copies(options.corpus, options.copies, folder / "pdf")
        if "throughput" in wanted:
            throughput(files, options.workers, folder)
        if "latency" in wanted or "memory" in wanted:
            idle(folder, "latency" in wanted, "memory" in wanted)
        if "scaling" in wanted:
            scaling(files, folder)
        if "sleeping" in wanted:
            sleeping(folder)
    return 0


def copies(corpus: Path, count: int, folder: Path) -> list[Path]:
    """The readable PDFs of the corpus, `count` times each; a comment after the end makes each copy a document of its own."""
    folder.mkdir()
    made = []
    for path in sorted((corpus / "pdf").glob("*.pdf")):
        for number in range(count):
            copy = folder / f"{number}-{path.name}"
            copy.write_bytes(path.read_bytes() + f"\n% copy {number}\n".encode())
            made.append(copy)
    if not made:
        sys.exit(f"no PDFs in {corpus / 'pdf'}: name the corpus with --corpus")
    return made


def throughput(files: Sequence[Path], workers: int, folder: Path) -> None:
    """Services against the embedded run, same files, same number of worker processes."""
    command = [ROOT / "bin" / "tieout", "run", folder / "pdf", "--jobs", str(workers), "--data", folder / "embedded", "--json"]
    embedded, embedded_cpu, done = watched(command, folder)
    pages = sum(document["pages"] for document in json.loads(done)["documents"])
    site = Site.up(folder / "site", NOTICE_SLOWLY, "--workers", str(workers))
    try:
        warm(site)
        cpu, disk = {name: cpu_of(site, name) for name in (*SERVICES, "kafka", "s3", "postgres")}, disk_of(site)
        seconds = process(site, files)
        used = {name: cpu_of(site, name) - cpu[name] for name in cpu}
        grown = {name: size - disk[name] for name, size in disk_of(site).items()}
    finally:
        site.down()
    ours, servers = sum(used[name] for name in SERVICES), sum(used[name] for name in ("kafka", "s3", "postgres"))
    count = len(files)
    print(
        f"embedded, {workers} jobs: {count / embedded:.2f} documents/s, {pages / embedded:.1f} pages/s, {embedded_cpu / count:.2f} CPU s a document"
    )
    print(
        f"services, {workers} workers each: {count / seconds:.2f} documents/s, {pages / seconds:.1f} pages/s, {ours / count:.2f} CPU s a document"
    )
    print(
        f"ratio: {embedded / seconds:.2f} in throughput, {embedded_cpu / ours:.2f} in CPU; servers besides: {servers / count:.2f} CPU s a document"
    )
    print("CPU s a document: " + ", ".join(f"{name} {value / count:.2f}" for name, value in used.items()))
    print("disk, kB a document: " + ", ".join(f"{name} {size / 1000 / count:.0f}" for name, size in grown.items()))


def warm(site: Site) -> None:
    """One document through everything, so that children and connections are there."""
    site.put([Made(9_999)])
    wait_settled(site, 1)


def process(site: Site, files: Sequence[Path]) -> float:
    """Puts files and waits until all are settled; seconds from the first put to the last document stored."""
    known = site.ask("SELECT count(*) FROM ledger WHERE outcome IS NOT NULL")
    client, began = site.s3(), time.perf_counter()
    for path in files:
        client.fput_object(site.installation.inbox, f"bench/{path.name}", str(path))
    wait_settled(site, known + len(files))
    return time.perf_counter() - began


def wait_settled(site: Site, count: int, bound: float = 900) -> None:
    """Waits until so many submissions have an outcome. One connection asks: what is measured is not the asking."""
    deadline = time.monotonic() + bound
    with psycopg.connect(site.installation.database, autocommit=True) as connection:
        while (connection.execute("SELECT count(*) FROM ledger WHERE outcome IS NOT NULL").fetchone() or (0,))[0] < count:
            if time.monotonic() > deadline:
                sys.exit(f"not settled within {bound:.0f} s: {site.audit()}")
            time.sleep(0.05)


def watched(command: Sequence[str | Path], folder: Path) -> tuple[float, float, str]:
    """Runs a command; returns its seconds, the CPU seconds of it and all that it started, and its output.

    Children of a fork server are nobody's children whose time the system would add up: they are looked at while they run.
    """
    seen: dict[int, float] = {}
    began = time.perf_counter()
    with (folder / "output").open("w") as out, subprocess.Popen([str(part) for part in command], stdout=out) as process_:
        while process_.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                parent = psutil.Process(process_.pid)
                for each in [parent, *parent.children(recursive=True)]:
                    times = each.cpu_times()
                    seen[each.pid] = times.user + times.system
            time.sleep(0.03)
    return time.perf_counter() - began, sum(seen.values()), (folder / "output").read_text()


def family(site: Site, name: str) -> list[psutil.Process]:
    """The processes of a part with all their children."""
    found: list[psutil.Process] = []
    for pid in site.installation.pids(name):
        process_ = psutil.Process(pid)
        found += [process_, *process_.children(recursive=True)]
    return found


def cpu_of(site: Site, name: str) -> float:
    """CPU seconds of a part so far, children that ended included."""
    total = 0.0
    for each in family(site, name):
        times = each.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


def disk_of(site: Site) -> dict[str, int]:
    """Bytes on disk: uploads, artifacts (with runs and attempts), the database, Kafka's logs."""
    layout, installation = site.installation.layout, site.installation
    folders = {
        "uploads": layout.buckets / installation.inbox,
        "artifacts": layout.buckets / installation.artifacts,
        "kafka": layout.kafka(1),
    }
    sizes = {
        name: sum(each.stat().st_size for each in place.rglob("*.log" if name == "kafka" else "*") if each.is_file())
        for name, place in folders.items()
    }
    return {**sizes, "database": site.ask("SELECT pg_database_size(current_database())")}


def idle(folder: Path, latency: bool, memory: bool) -> None:
    """Latency of single documents, then the memory of services that had something to do and have nothing now."""
    site = Site.up(folder / "site", NOTICE_SLOWLY)
    try:
        warm(site)
        if latency:
            print(latencies(site))
        if memory:
            time.sleep(70)  # children of an idle service end after a minute
            for name in SERVICES:
                processes = family(site, name)
                print(
                    f"idle {name}: {sum(each.memory_full_info().pss for each in processes) / 1e6:.0f} MB PSS in {len(processes)} processes"
                )
    finally:
        site.down()


def latencies(site: Site, count: int = 40) -> str:
    """From the end of each put to the event that a subscriber gets, in seconds."""
    command = [str(ROOT / "bin" / "tieout"), "subscribe", "--data", str(site.data), "--from", "now"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as subscriber:
        assert subscriber.stdout is not None
        time.sleep(4)  # its consumer has to join first
        taken = []
        for made in batch(count):
            site.put([made])
            began = time.perf_counter()
            subscriber.stdout.readline()
            taken.append(time.perf_counter() - began)
            time.sleep(0.2)
        subscriber.terminate()
    taken.sort()
    return f"latency of a small document, put to documents.validated: p50 {statistics.median(taken):.2f} s, p95 {taken[int(len(taken) * 0.95) - 1]:.2f} s, n {count}"


def scaling(files: Sequence[Path], folder: Path) -> None:
    """Real work with one partition and process of each stage, then two."""
    rates = []
    for number in (1, 2):
        chosen = [item for name in SERVICES[1:] for item in ("--processes", f"{name}={number}")]
        site = Site.up(folder / f"site{number}", NOTICE_SLOWLY, "--partitions", str(number), *chosen)
        try:
            warm(site)
            rates.append(len(files) / process(site, files))
        finally:
            site.down()
    print(f"1 and 2 partitions and processes: {rates[0]:.2f} and {rates[1]:.2f} documents/s, {rates[1] / rates[0]:.2f} times")


def sleeping(folder: Path) -> None:
    """Extractors that wait: 1, 2 and 4 processes with one worker each, on 4 partitions."""
    pause = {"TIEOUT_FAULT_POINTS": "extractor:before_handler:delay=1"}
    rates = []
    for number in (1, 2, 4):
        processes = ("--workers", "1", "--partitions", "4", "--processes", f"extractor={number}")
        site = Site.up(folder / f"sleep{number}", {**NOTICE_SLOWLY, **pause}, *processes)
        try:
            site.put(batch(50 * number))
            wait_settled(site, 50 * number)
            rates.append(steady_rate(site))
        finally:
            site.down()
    doublings = ", ".join(f"{later / earlier / 2:.2f}" for earlier, later in itertools.pairwise(rates))
    print(f"waiting extractors, 1, 2 and 4: {', '.join(f'{rate:.2f}' for rate in rates)} documents/s; of a doubling: {doublings}")


def steady_rate(site: Site) -> float:
    """Documents extracted a second while the queue is full: between the first tenth and three quarters of them.

    The end is left out: which partition the last documents lie on is chance, and the others then have nothing to do.
    """
    times = [moment.timestamp() for moment in site.times("extracted")]
    first, last = len(times) // 10, len(times) * 3 // 4
    return (last - first) / (times[last] - times[first])


if __name__ == "__main__":
    sys.exit(main())
