"""The operating commands as a user calls them, on real servers with all services: an installation elsewhere, named by its TIEOUT_* variables."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from made_disclosures import Made
from stack.conftest import another_place, wait_until
from stack.running import Running, first_versions, running

from services.store.domain.ledger import DeadLetter
from shared.envelope import Envelope, to_headers
from shared.limits import Limits
from tieout.installation.installation import Installation
from tieout.operations.clients import Record, send
from tieout.operations.target import Target
from tieout.stages import versions

pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[2]
TIEOUT = str(ROOT / "bin" / "tieout")


@dataclass
class Desk:
    """Somebody's desk: an empty data folder, and the variables that name the installation."""

    stack: Running
    folder: Path

    def environment(self, **changes: str) -> dict[str, str]:
        variables = {**os.environ, **self.stack.place.environment("store"), "TIEOUT_STALLED_SECONDS": "60", "LC_ALL": "en_GB.UTF-8"}
        return {**variables, **changes}

    def call(self, *arguments: object, **changes: str) -> subprocess.CompletedProcess[str]:
        command = [TIEOUT, *map(str, arguments), "--data", str(self.folder / "data")]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env=self.environment(**changes), check=False)

    def lines(self, *arguments: object, **changes: str) -> list[Any]:
        """What a command prints as JSON."""
        done = self.call(*arguments, **changes)
        assert done.stdout, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def papers(self, *made: Made) -> Path:
        folder = self.folder / "papers"
        folder.mkdir(exist_ok=True)
        for each in made:
            (folder / each.name).write_bytes(each.pdf())
        return folder

    def send(self, *records: Record) -> None:
        asyncio.run(send(Target.of(self.folder / "data", self.environment()), records))

    def letters(self, service: str | None = None, event: str | None = None) -> list[DeadLetter]:
        """The dead letters about which nothing was decided, as the ledger has them: asked often, a process each time takes long."""
        with self.stack.database() as database:
            return [each for each in database.ledger.dead_letters(service) if event in (None, each.event)]


@pytest.fixture(scope="module")
def stack(servers: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(another_place(servers), tmp_path_factory.mktemp("logs"), TIEOUT_ACTIVATE=first_versions()) as made:
        made.start()
        yield made


@pytest.fixture
def desk(stack: Running, tmp_path: Path) -> Desk:
    return Desk(stack, tmp_path)


def test_what_is_put_is_waited_for_and_its_verdict_is_told(desk: Desk) -> None:
    papers = desk.papers(Made(1), Made(2, wrong=True))
    done = desk.call("put", papers, "--department", "财政局", "--wait", "--timeout", "60")
    assert done.returncode == 1, done.stderr
    assert "✓" in done.stdout
    assert "inconsistent" in done.stdout
    (traced,) = desk.lines("trace", Made(2, wrong=True).name, "--json")
    assert [step["kind"] for step in traced["steps"]][:2] == ["arrived", "dispatched"]
    assert {"extracted", "normalized", "validated", "stored"} <= {step["kind"] for step in traced["steps"]}
    assert (traced["verdict"], traced["findings"]["error"]) == ("inconsistent", 1)
    assert traced["submission"]["department"] == "财政局"
    audit = desk.call("audit", "--json")
    assert (audit.returncode, json.loads(audit.stdout)["holes"]) == (0, [])


def test_what_cannot_be_read_and_what_is_not_settled_in_time_have_codes_of_their_own(desk: Desk) -> None:
    (desk.folder / "no pdf.pdf").write_bytes(b"nothing")
    done = desk.call("put", desk.folder / "no pdf.pdf", "--wait", "--json")
    assert (done.returncode, json.loads(done.stdout.splitlines()[-1])["outcome"]) == (3, "rejected")
    desk.stack.stop("extractor")
    try:
        late = desk.call("put", desk.papers(Made(3)), "--wait", "--timeout", "3")
        assert late.returncode == 5
        assert "waits for the extractor" in late.stderr
        assert "1 files are not settled" in late.stderr
        state = desk.call("watch", "--once")
        assert "extractor: has no consumer on Kafka" in state.stdout
        assert "waits for the extractor" in state.stdout
    finally:
        desk.stack.start("extractor")
    desk.stack.wait_settled(len(desk.stack.rows()))


def test_show_explain_and_export_read_an_installation_as_they_read_a_folder(desk: Desk) -> None:
    made = Made(4, wrong=True)
    papers = desk.papers(made)
    assert desk.call("put", papers, "--wait").returncode == 1
    embedded = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"LC_ALL": "en_GB.UTF-8"}

    def alone(*arguments: object) -> str:
        command = [TIEOUT, *map(str, arguments), "--data", str(desk.folder / "embedded")]
        return subprocess.run(command, capture_output=True, text=True, env=embedded, check=False, timeout=120).stdout

    alone("run", papers, "--quiet")
    assert desk.call("show", made.name, "--json").stdout == alone("show", made.name, "--json")
    finding = next(each["id"] for each in map(json.loads, alone("findings", "--json").splitlines()) if each["severity"] == "error")
    assert desk.call("explain", finding).stdout == alone("explain", finding) != ""


def test_the_digest_is_that_of_the_embedded_run_over_the_same_documents(servers: Installation, tmp_path: Path) -> None:
    with running(another_place(servers), tmp_path / "logs", TIEOUT_ACTIVATE=first_versions()) as made:
        made.start()
        desk = Desk(made, tmp_path)
        papers = desk.papers(Made(5), Made(6, wrong=True), Made(7, pages="tables"), Made(7, pages="narrative", edition=2))
        desk.call("put", papers, "--wait")
        made.wait_settled(4)
        subprocess.run([TIEOUT, "run", papers, "--data", tmp_path / "alone", "--quiet"], check=False, capture_output=True, timeout=120)
        alone = subprocess.run([TIEOUT, "export", "--digest", "--data", tmp_path / "alone"], check=True, capture_output=True, text=True)
        # The verdict over a filing in two files comes after both documents are stored.
        wait_until(lambda: desk.call("export", "--digest").stdout == alone.stdout)


def test_a_subscriber_sees_what_was_published_and_goes_on_where_its_group_left_off(desk: Desk) -> None:
    assert desk.call("put", desk.papers(Made(8), Made(9)), "--wait").returncode == 0
    names = {Made(8).name, Made(9).name}
    everything = desk.lines("subscribe", "--from", "beginning", "--count", str(len(desk.stack.raw("documents.validated"))))
    events = [event for event in everything if event["data"]["submission"]["name"] in names]
    assert len(events) == 2
    assert {event["type"] for event in events} == {"tieout.documents.validated"}
    assert all(event["data"]["verdict"].startswith("consistent") for event in events)
    taken = [desk.lines("subscribe", "--from", "beginning", "--group", f"desk-{os.getpid()}", "--count", "1")[0]["id"] for _ in range(2)]
    assert len(set(taken)) == 2


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--count", "100000"], 130)])
def test_a_subscriber_that_is_interrupted_ends_without_a_traceback(desk: Desk, options: list[str], code: int) -> None:
    command = [TIEOUT, "subscribe", *options, "--data", str(desk.folder / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=desk.environment()) as process:
        assert process.stderr is not None
        assert "listening" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (code, "")


def example(desk: Desk, wanted: Callable[[list[str]], bool]) -> list[str]:
    """The lines of the example's output, until they are what is wanted; then it is killed."""
    place, seen = desk.stack.place, list[str]()
    command = [sys.executable, "-P", "-u", str(ROOT / "docs/examples/subscriber.py"), place.bootstrap, place.topic("documents.validated")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"]}, cwd=desk.folder) as process:
        assert process.stdout is not None
        bound = threading.Timer(60, process.kill)
        bound.start()
        try:
            for line in process.stdout:
                seen.append(line)
                if wanted(seen):
                    return seen
        finally:
            bound.cancel()
            process.kill()
    raise AssertionError(f"not what was wanted within a minute: {seen}")


def test_the_example_in_the_documents_leaves_nothing_out_though_it_is_killed(desk: Desk) -> None:
    assert desk.call("put", desk.papers(Made(10, wrong=True)), "--wait").returncode == 1
    published = {dict(record.headers)["ce_id"].decode() for record in desk.stack.raw("documents.validated")}

    def events(lines: list[str]) -> set[str]:
        return {line.split()[0] for line in lines if line.startswith("evt:")}

    first = example(desk, lambda seen: len(events(seen)) == 1)
    # In what order partitions are read is chance: the document with an error need not be the last.
    rest = example(desk, lambda seen: events(first) | events(seen) == published and any(line.startswith("  ") for line in [*first, *seen]))
    assert any(Made(10, wrong=True).name in line and "inconsistent" in line for line in [*first, *rest])
    assert any(line.strip().startswith("error ") for line in [*first, *rest])


def poison(number: int) -> Record:
    envelope = Envelope(id=f"evt:poison-{number}", source="test", type="facts.normalized", subject="sha256:" + f"{number:064d}")
    return Record("facts.normalized", envelope.subject, to_headers(envelope), b'{"schema":"tieout.normalized/1"}')


def test_a_dead_letter_is_shown_sent_again_and_discarded(desk: Desk) -> None:
    desk.send(poison(1))

    def dead() -> list[str]:
        return [each.id for each in desk.letters("validator", "evt:poison-1")]

    wait_until(lambda: len(dead()) == 1)
    (first,) = dead()
    (told,) = (each for each in desk.lines("dlq", "list", "--service", "validator", "--json") if each["id"] == first)
    assert (told["attempts"], told["topic"]) == (2, "facts.normalized")
    assert "ce_id: evt:poison-1" in desk.call("dlq", "show", first).stdout
    assert "dead letters: tieout dlq list" in desk.call("watch", "--once").stdout
    again = desk.call("dlq", "redrive", first)
    assert (again.returncode, "Carried out." in again.stdout) == (0, True), again.stdout + again.stderr
    wait_until(lambda: dead() not in ([], [first]))
    given_up = desk.call("dlq", "discard", *(each.id for each in desk.letters()), "--why", "a test")
    assert "Carried out." in given_up.stdout
    assert desk.letters() == []


def test_a_decision_made_without_kafka_is_carried_out_by_the_sweep(desk: Desk) -> None:
    desk.send(poison(2))
    wait_until(lambda: desk.letters(event="evt:poison-2"))
    mine = [each.id for each in desk.letters()]
    told = desk.call("dlq", "discard", *mine, "--why", "a test", TIEOUT_KAFKA_BOOTSTRAP="127.0.0.1:9")
    assert told.returncode == 0
    assert "carries it out with its next sweep" in told.stdout
    assert "Kafka at 127.0.0.1:9 does not answer" in told.stdout
    wait_until(lambda: not set(mine) & {each.id for each in desk.letters()})


def test_documents_are_processed_again_and_versions_are_activated(desk: Desk) -> None:
    made = Made(11)
    desk.call("put", desk.papers(made), "--wait")
    (before,) = desk.lines("trace", made.name, "--json")
    done = desk.call("reprocess", "--from", "validate", "--document", before["document"][:20], "--why", "a test")
    assert "Carried out." in done.stdout

    desk.stack.wait_settled(len(desk.stack.rows()))
    (after,) = desk.lines("trace", made.name, "--json")
    told = {step["kind"]: step for step in after["steps"]}
    assert told["reprocess_requested"]["at"] < told["stored"]["last_at"]  # the same event again
    mine = versions(Limits(), False)["validate"]
    known = desk.lines("activate", "validate", "--json")
    assert [each["version"] for each in known if each["active"] and each["this_release"]] == [mine]
    assert "Carried out." in desk.call("activate", "validate", mine).stdout


def test_a_database_that_is_away_is_one_line_and_the_decision_is_made_all_the_same(desk: Desk) -> None:
    away = {"TIEOUT_DATABASE": "postgresql://tieout:hunter2@127.0.0.1:9/none"}
    for command in (["trace", "x"], ["dlq", "list"], ["audit"], ["export", "--digest"], ["put", str(desk.papers(Made(12))), "--wait"]):
        done = desk.call(*command, **away)
        assert done.returncode == 5, (command, done.stderr)
        assert "the database at 127.0.0.1:9 does not answer" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert "hunter2" not in done.stderr
    decided = desk.call("reprocess", "--from", "validate", "--since", "1m", **away)
    assert (decided.returncode, "The decision is kept" in decided.stdout) == (0, True)
    seen = desk.lines("watch", "--once", "--json", **away)[0]
    assert (seen["submissions"], seen["lag"] is None) == (None, False)


def test_watch_names_every_group_and_ends_with_an_interrupt(desk: Desk) -> None:
    state = desk.lines("watch", "--once", "--json")[0]
    assert {each["consumers"] > 0 for each in state["lag"]} == {True}
    assert state["down"] == []
    command = [TIEOUT, "watch", "--interval", "0.3", "--data", str(desk.folder / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=desk.environment()) as process:
        assert process.stdout is not None
        for _ in range(40):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (0, "")
    assert "\x1b" not in rest
