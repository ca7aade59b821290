"""The display of an installation: readable at every width, and the reason why something waits comes first."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console
from unit.tieout.operations_site import T0, Site, arrived, site, step

from services.store.domain.ledger import Outcome, Standing, StepKind, WaitsFor
from shared.contracts.common import Message
from shared.contracts.events import Lane
from tieout.cli import main
from tieout.exit_codes import NOT_AVAILABLE
from tieout.installation.configuration import first_configuration
from tieout.installation.installation import Installation
from tieout.installation.layout import Layout
from tieout.installation.status import InstallationStatus, State, SupervisorView, offline_status
from tieout.operations.columns import columns
from tieout.operations.lag import Lag, lag_of
from tieout.operations.snapshot import Snapshot, attention
from tieout.operations.watch_view import view
from tieout.operations.words import duration, lane_word, outcome_text, stage_word, state_text, step_word

__all__ = ["site"]


@pytest.fixture
def parts(tmp_path: Path) -> InstallationStatus:
    """A supervisor lives, and nothing else."""
    status = offline_status(Installation(Layout.of(tmp_path), first_configuration()))
    return msgspec.structs.replace(status, supervisor=SupervisorView(pid=1, state="up"))


def lag(topic: str, waiting: int | None, consumers: int = 1) -> Lag:
    return Lag(topic, "extractor", f"tieout.extractor.{topic}", waiting, consumers)


def snapshot(site: Site, **about: object) -> Snapshot:
    values: dict[str, object] = {
        "at": T0 + timedelta(minutes=3),
        "standing": site.ledger.standing(T0),
        "lags": [],
        "parts": None,
        "down": (),
    }
    return Snapshot(**{**values, **about})  # type: ignore[arg-type]


def shown(snapshot: Snapshot, width: int, language: str) -> list[str]:
    console = Console(width=width, force_terminal=False, highlight=False)
    with console.capture() as text:
        console.print(view(snapshot, "tieout-data", " --data 数据", width, "zh" if language == "zh" else "en"))
    return text.get().splitlines()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_screen_and_nothing_is_lost(site: Site, parts: InstallationStatus, width: int, language: str) -> None:
    names = [f"石榕县残疾人联合会/石榕县第{number}残疾人联合会2025年部门预算公开（含所属单位）.pdf" for number in range(3)]
    for name in names:
        arrived(site, name)
    lags = [lag("objects.created", 32), lag("facts.normalized", None), lag("filings.changed", 0)]
    lines = shown(snapshot(site, parts=parts, lags=lags, down=(Message(zh="对象存储没有应答。" * 9, en="away " * 40),)), width, language)
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    joined = "".join(line.strip() for line in lines)
    for name in names:
        assert name in joined
    for told in ("objects.created", "facts.normalized", "tieout.extractor.objects.created", "postgres", "validator"):
        assert told in joined


def test_a_display_in_a_pipe_has_no_control_codes(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--once", *site.data]) == NOT_AVAILABLE  # neither Kafka nor S3 is there
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_servers_that_do_not_answer_hide_nothing_of_the_others(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    arrived(site, "a.pdf")
    assert main(["watch", "--once", "--json", *site.data]) == NOT_AVAILABLE
    told = capsys.readouterr()
    state = json.loads(told.out)
    assert (state["submissions"], state["queued"], state["lag"]) == (1, {"upload": 1}, None)
    assert any("Kafka at 127.0.0.1:9 does not answer" in line for line in state["down"])
    assert "Kafka at 127.0.0.1:9" in told.err


def test_what_is_down_comes_before_what_follows_from_it(site: Site, parts: InstallationStatus) -> None:
    standing = msgspec_replace(site.ledger.standing(T0), dead_letters=2, deferred=1)
    down = Message(zh="数据库", en="the database is away")
    lines = [each.en for each in attention(snapshot(site, parts=parts, standing=standing, down=(down,)), " --data d")]
    assert lines[0] == "the database is away"
    names = ("kafka", "s3", "postgres", "store", "extractor", "normalizer", "validator")
    assert f"{', '.join(names)} down: tieout up {' '.join(names)} --data d" in lines
    assert lines[-2:] == ["2 dead letters: tieout dlq list --data d", "1 events are deferred after passing failures and are tried again"]


def msgspec_replace(standing: Standing, **about: object) -> Standing:
    import dataclasses

    return dataclasses.replace(standing, **about)  # type: ignore[arg-type]


def test_a_service_without_consumers_is_named_once(site: Site) -> None:
    lags = [lag("objects.created", 32, 0), lag("other", 1, 0)]
    lines = [each.en for each in attention(snapshot(site, lags=lags), "")]
    assert lines == ["extractor: has no consumer on Kafka (lag 33), so it does not run"]


def test_a_service_whose_process_is_down_is_named_by_its_process_alone(site: Site, parts: InstallationStatus) -> None:
    up = [msgspec.structs.replace(part, state="up") for part in parts.services if part.name != "extractor"]
    down = [part for part in parts.services if part.name == "extractor"]
    state = msgspec.structs.replace(parts, servers=[], services=[*up, *down])
    lines = [each.en for each in attention(snapshot(site, lags=[lag("objects.created", 32, 0)], parts=state), "")]
    assert [line for line in lines if "extractor" in line] == ["extractor down: tieout up extractor"]


def test_without_a_supervisor_there_is_one_thing_to_do(site: Site, parts: InstallationStatus) -> None:
    dead = msgspec.structs.replace(parts, supervisor=SupervisorView(pid=None, state="down"))
    assert [each.en for each in attention(snapshot(site, parts=dead), "")] == ["the installation does not run: tieout up"]


def test_a_part_that_dies_is_shown_with_its_last_exit(site: Site, parts: InstallationStatus) -> None:
    dying = msgspec.structs.replace(parts.services[0], state="restarting", last_exit="SIGKILL")
    found = attention(snapshot(site, parts=msgspec.structs.replace(parts, servers=[], services=[dying])), "")
    assert any(f"{dying.name} restarting (last exit: SIGKILL): tieout logs {dying.name}" == each.en for each in found)


def test_the_time_left_follows_from_what_is_under_way_and_the_rate(site: Site) -> None:
    arrived(site, "a.pdf")
    slow = msgspec_replace(site.ledger.standing(T0), rate=0.0)
    assert snapshot(site, standing=slow).seconds_left is None
    assert snapshot(site, standing=msgspec_replace(slow, rate=0.5)).seconds_left == 2.0
    assert snapshot(site, standing=msgspec_replace(slow, queued={}, rate=0.0)).seconds_left == 0.0


def test_at_the_beginning_of_a_burst_the_rate_is_that_of_the_last_half_minute(site: Site) -> None:
    for number in range(12):
        identifier = arrived(site, f"{number}.pdf")
        step(site, identifier, "stored", number)
    assert site.ledger.standing(T0 + timedelta(seconds=15)).rate == pytest.approx(12 / 30)
    assert site.ledger.standing(T0 + timedelta(seconds=100)).rate == pytest.approx(12 / 120)
    assert site.ledger.standing(T0 + timedelta(seconds=200)).rate == pytest.approx(12 / 300)


def test_a_lag_counts_from_the_commit_or_from_the_first_record_that_is_there() -> None:
    first, end = {"p0": 0, "p1": 10, "p2": 5}, {"p0": 7, "p1": 30, "p2": 5}
    assert lag_of(["p0", "p1", "p2"], first, end, {"p0": 5}) == 2 + 20  # type: ignore[list-item, arg-type]
    assert lag_of(["p1"], first, end, {"p1": 3}) == 20  # type: ignore[list-item, arg-type]  # what was committed is long deleted
    assert lag_of(["p0"], first, end, {"p0": 9}) == 0  # type: ignore[list-item, arg-type]  # a topic made again counts from 0


def test_columns_put_the_last_one_below_where_it_does_not_fit() -> None:
    rows = [["1", "第一份预算.pdf"], ["22", "b.pdf"]]
    assert [line.plain for line in columns(["n", "file"], rows, 40, right=(0,))] == [" n  file", " 1  第一份预算.pdf", "22  b.pdf"]
    assert [line.plain for line in columns(["n", "file"], rows, 17)] == ["n   file", "1", "    第一份预算.pdf", "22", "    b.pdf"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_has_a_word_in_both_languages(language: str) -> None:
    spoken = "zh" if language == "zh" else "en"
    assert all(outcome_text(each, spoken).plain for each in (*get_args(Outcome), None))
    assert all(step_word(each, spoken) for each in get_args(StepKind))
    assert all(stage_word(each, spoken) for each in get_args(WaitsFor))
    assert all(lane_word(each, spoken) for each in get_args(Lane))
    if spoken == "zh":
        assert all(state_text(each, spoken).plain != each for each in get_args(State))


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [(0, "0 秒", "0 s"), (59.6, "1 分", "1 min"), (200, "3 分 20 秒", "3 min 20 s"), (90_000, "1 天 1 小时", "1 d 1 h"), (None, "—", "—")],
)
def test_a_duration_is_its_two_largest_units(seconds: float | None, zh: str, en: str) -> None:
    assert (duration(seconds, "zh"), duration(seconds, "en")) == (zh, en)
