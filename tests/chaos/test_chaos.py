"""Nothing is lost, doubled or changed under kills, freezes, outages, lost topics, repeats, garbage and a restored database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from chaos.site import QUICK, Site, undisturbed
from chaos.storm import STAGE_TOPICS, storm
from made_disclosures import Made, batch, waves, write

pytestmark = [pytest.mark.chaos, pytest.mark.stack]

DOCUMENTS = 48
KILLED_AT = (
    "extractor:in_worker:kill!",
    "extractor:after_artifact:kill!",
    "extractor:before_publish:kill!",
    "extractor:after_publish:kill!",
    "normalizer:before_publish:kill!",
    "normalizer:after_publish:kill!",
    "validator:before_publish:kill!",
    "validator:before_commit:kill!",
    "store:before_dispatch:kill!",
    "store:before_database_commit:kill!",
    "store:after_database_commit:kill!",
    "store:before_commit:kill!",
)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return batch(DOCUMENTS)


@pytest.fixture(scope="module")
def digest(made: list[Made], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("made")
    return undisturbed_digest(folder, made)


def undisturbed_digest(folder: Path, made: list[Made]) -> str:
    write(folder / "pdf", [each for each in made if each.edition == 1])
    time.sleep(1.1)  # corrected prints are later than what they correct
    write(folder / "pdf", [each for each in made if each.edition > 1])
    return undisturbed(folder / "pdf", folder / "data")


@pytest.fixture
def faults(tmp_path: Path) -> Path:
    """The file of faults that the services of a test read; empty at first."""
    path = tmp_path / "faults"
    path.write_text("")
    return path


@pytest.fixture
def site(tmp_path: Path, faults: Path) -> Iterator[Site]:
    site = Site.up(tmp_path / "数据 chaos", {**QUICK, "TIEOUT_FAULT_POINTS": f"file:{faults}"})
    yield site
    site.down()


def test_nothing_is_lost_doubled_or_changed_whatever_fails(
    site: Site, faults: Path, made: list[Made], digest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third, fourth, *rest = waves(made, 6)
    faults.write_text("\n".join(KILLED_AT))
    site.put(first)
    fired = fired_faults(faults, len(KILLED_AT))
    site.faults["SIGKILL at named points"] = fired
    site.back_up_database()
    site.send_garbage(STAGE_TOPICS)
    site.put(second)
    site.freeze("extractor", 5)  # the session lasts 3 s
    site.outage("s3", 2)
    site.outage("postgres", 2)
    site.installation.stop("kafka")
    site.count("outage of kafka")
    site.put(third)  # their notifications are lost
    site.installation.start("kafka")
    site.delete_topic("tables.extracted")
    site.put(fourth)
    site.repeat_everything(STAGE_TOPICS)
    site.restore_database()
    for wave in rest:
        storm(site, [wave], kills=4, seed=2)
    judgement = site.judge(digest, bound=120)
    with capsys.disabled():
        print(f"\n{judgement.line()}")
    assert fired == len(KILLED_AT)
    assert judgement.problems() == []


def fired_faults(faults: Path, wanted: int, seconds: float = 60) -> int:
    """Waits until so many faults of the file came to pass; how many did."""
    log = faults.with_name(faults.name + ".fired")
    deadline = time.monotonic() + seconds
    while True:
        fired = len(log.read_text().splitlines()) if log.exists() else 0
        if fired >= wanted or time.monotonic() > deadline:
            return fired
        time.sleep(0.2)


def test_with_three_brokers_the_end_of_a_leader_loses_nothing(tmp_path: Path) -> None:
    made = batch(16)
    digest = undisturbed_digest(tmp_path / "made", made)
    site = Site.up(tmp_path / "site", QUICK, "--brokers", "3")
    try:
        first, second, *rest = waves(made, 4)
        site.put(first)
        stopped = site.leader("tables.extracted")
        site.installation.stop(stopped)
        site.count("leader stopped")
        site.put(second)
        site.installation.start(stopped)
        for wave in rest:
            site.installation.wait_ready()  # two of three brokers have to be there
            name = site.leader("documents.validated")
            site.put(wave)
            site.kill(name)
        assert site.judge(digest, bound=90).problems() == []
    finally:
        site.down()
