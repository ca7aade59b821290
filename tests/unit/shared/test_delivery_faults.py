"""Fault points: refused in production, nothing when unset, exact when set."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.delivery.faults import (
    BUGS,
    POINTS,
    FaultPointsError,
    InjectedError,
    bug_in,
    fault_due,
    fault_point,
    fault_point_async,
    parse_faults,
    set_up_faults,
    strike,
)
from shared.failures import TransientError
from shared.settings import Settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    set_up_faults("extractor", Settings())


def arm(faults: str, service: str = "extractor") -> None:
    set_up_faults(service, Settings(fault_points=faults))


def test_nothing_happens_where_nothing_is_set() -> None:
    arm("")
    for name in POINTS:
        fault_point(name)
        assert fault_due(name) is None
    assert not bug_in("ack_first")


@pytest.mark.parametrize("faults", ["extractor:after_publish:kill@3", "file:/nowhere", "extractor:ack_first:bug"])
def test_production_refuses_every_fault_and_every_bug(faults: str) -> None:
    with pytest.raises(FaultPointsError, match="TIEOUT_PRODUCTION forbids it"):
        set_up_faults("extractor", Settings(fault_points=faults, production=True))
    assert not bug_in("ack_first")


def test_a_service_does_not_start_in_production_with_fault_points() -> None:
    code = "import sys; from shared.delivery.service import launch; sys.exit(launch('extractor', lambda settings: 1/0))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TIEOUT_PRODUCTION": "true", "TIEOUT_FAULT_POINTS": "*:after_publish:kill"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "extractor: TIEOUT_FAULT_POINTS is set, and TIEOUT_PRODUCTION forbids it: take one of them away\n"


def test_a_wrong_setting_is_named_without_its_value() -> None:
    code = "import sys; from shared.delivery.service import launch; sys.exit(launch('extractor', lambda settings: 1/0))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TIEOUT_PARTITIONS": "hunter2"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "TIEOUT_PARTITIONS" in done.stderr
    assert "hunter2" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_comes_to_pass_at_its_time_in_its_service_only() -> None:
    arm("extractor:before_publish:raise@3, normalizer:after_publish:raise")
    fault_point("after_publish")
    fault_point("before_publish")
    fault_point("before_publish")
    with pytest.raises(InjectedError):
        fault_point("before_publish")
    fault_point("before_publish")


async def test_a_fault_of_all_services_comes_to_pass_each_time_also_in_the_loop() -> None:
    arm("*:before_publish:transient")
    for _ in range(2):
        with pytest.raises(TransientError):
            await fault_point_async("before_publish")


@pytest.mark.parametrize("text", ["extractor:nowhere:kill", "extractor:after_publish:explode", "after_publish", "a:b"])
def test_a_fault_that_cannot_be_understood_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(FaultPointsError, match=r"expected SERVICE:POINT:ACTION.*before_commit.*kill"):
        parse_faults(text)


def test_kill_is_a_real_sigkill() -> None:
    code = (
        "from shared.delivery.faults import *; from shared.settings import Settings;"
        "set_up_faults('store', Settings(fault_points='store:before_commit:kill@2'));"
        "fault_point('before_commit'); print('once', flush=True); fault_point('before_commit'); print('twice')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "once\n")


def test_a_file_of_faults_may_change_while_the_service_runs_and_tells_what_fired(tmp_path: Path) -> None:
    faults = tmp_path / "faults"
    arm(f"file:{faults}")
    fault_point("before_publish")  # no file yet
    faults.write_text("extractor:before_publish:raise\n")
    with pytest.raises(InjectedError):
        fault_point("before_publish")
    faults.write_text("")
    fault_point("before_publish")
    (line,) = (tmp_path / "faults.fired").read_text().splitlines()
    assert line.startswith(f"extractor:before_publish:raise extractor {os.getpid()} ")


def test_a_fault_with_an_exclamation_mark_fires_once_for_all_processes(tmp_path: Path) -> None:
    faults = tmp_path / "faults"
    faults.write_text("extractor:before_publish:raise!\n")
    arm(f"file:{faults}")
    with pytest.raises(InjectedError):
        fault_point("before_publish")
    fault_point("before_publish")
    arm(f"file:{faults}")  # as if another process had started
    fault_point("before_publish")


def test_a_fault_for_a_child_is_carried_out_where_it_is_struck() -> None:
    arm("extractor:in_worker:raise")
    fault = fault_due("in_worker")
    assert fault is not None
    with pytest.raises(InjectedError):
        strike(fault)


def test_a_bug_is_asked_for_by_name() -> None:
    arm("store:ack_first:bug", "store")
    assert bug_in("ack_first")
    assert not bug_in("ack_before_publish")


@pytest.mark.parametrize("bug", BUGS)
def test_every_bug_that_may_be_asked_for_is_somewhere_in_the_code(bug: str) -> None:
    assert any(f'bug_in("{bug}")' in path.read_text() for path in (ROOT / "shared" / "delivery").glob("*.py"))
