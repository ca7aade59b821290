"""The harness would notice: each known way of losing or doubling work, put in on purpose, makes its judgement fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from chaos.judgement import Judgement
from chaos.site import QUICK, Site, undisturbed
from made_disclosures import batch, write

from shared.topics import DOCUMENTS_VALIDATED, OBJECTS_CREATED

pytestmark = [pytest.mark.chaos, pytest.mark.stack]

# The sweep mends what a bug loses. These runs are without it (it lists the bucket at its start only), so that the loss shows.
NO_SWEEP = {**QUICK, "TIEOUT_SWEEP_SECONDS": "3600", "TIEOUT_STALLED_SECONDS": "3600"}
MADE = batch(6)


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("made")
    write(folder / "pdf", MADE)
    return undisturbed(folder / "pdf", folder / "data")


@pytest.fixture
def faults(tmp_path: Path) -> Path:
    path = tmp_path / "faults"
    path.write_text("")
    return path


@pytest.fixture
def site(tmp_path: Path, faults: Path) -> Iterator[Site]:
    site = Site.up(tmp_path / "site", {**NO_SWEEP, "TIEOUT_FAULT_POINTS": f"file:{faults}"}, "--workers", "1")
    yield site
    site.down()


def restarted_with(site: Site, faults: Path, lines: str) -> None:
    """The extractor with these faults from its start on."""
    faults.write_text(lines)
    site.installation.stop("extractor")
    site.installation.start("extractor")


def killed_at_work(site: Site, faults: Path, digest: str, bug: str = "") -> Judgement:
    """Puts documents, kills the extractor while it works on them (with a bug: once an offset is committed), and judges."""
    restarted_with(site, faults, f"extractor:before_handler:delay=60\n{bug}")
    site.put(MADE)
    fired = faults.with_name(faults.name + ".fired")
    until((lambda: site.committed("extractor", OBJECTS_CREATED) > 0) if bug else fired.exists)
    faults.write_text(bug)
    site.kill("extractor")
    return site.judge(digest, bound=15 if bug else 120)


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Waits for a state; each test names the one that its kill needs, so that nothing rests on how fast the machine is."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not seen within {seconds:g} s"
        time.sleep(0.05)


def test_offsets_committed_before_the_work_lose_what_a_killed_service_worked_on(site: Site, faults: Path, digest: str) -> None:
    assert any("in flight" in problem for problem in killed_at_work(site, faults, digest, "extractor:ack_first:bug").problems())


def test_the_same_kill_without_the_bug_loses_nothing(site: Site, faults: Path, digest: str) -> None:
    assert killed_at_work(site, faults, digest).problems() == []


def test_offsets_committed_before_the_result_is_published_lose_it(site: Site, faults: Path, digest: str) -> None:
    restarted_with(site, faults, "extractor:ack_before_publish:bug")
    site.put(MADE)
    until(lambda: site.committed("extractor", OBJECTS_CREATED) > 0)
    faults.write_text("")
    site.kill("extractor")
    assert any("in flight" in problem for problem in site.judge(digest, bound=15).problems())


def test_without_the_sweep_a_lost_notification_is_a_hole(site: Site, digest: str) -> None:
    site.delete_topic("objects.notified")
    site.put(MADE)
    assert any("holes" in problem for problem in site.judge(digest, bound=10).problems())


def test_without_a_unique_key_an_event_delivered_twice_stands_twice(site: Site, digest: str) -> None:
    with psycopg.connect(site.installation.database) as connection:
        connection.execute("ALTER TABLE stage_runs DROP CONSTRAINT pk_stage_runs")
    site.put(MADE)
    site.rest(bound=120)
    repeated = site.repeat_everything((DOCUMENTS_VALIDATED,))
    until(lambda: site.committed("store", DOCUMENTS_VALIDATED) == 2 * repeated)
    assert any("stand twice" in problem for problem in site.judge(digest, bound=15).problems())
