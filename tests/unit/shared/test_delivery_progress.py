"""When a service judges itself stuck, and probes that hang."""

from __future__ import annotations

import asyncio
import threading
import time

from shared.delivery.probes import Probes
from shared.delivery.progress import Progress
from shared.delivery.watchdog import Watchdog
from shared.telemetry import metrics
from shared.telemetry.meter import Meter
from shared.testing.clock import FakeClock


def progress() -> tuple[Progress, FakeClock]:
    clock = FakeClock()
    return Progress(clock, ["a", "b"]), clock


def test_waiting_records_and_nothing_finished_for_long_is_stuck() -> None:
    it, clock = progress()
    it.measured("a", 3)
    clock.advance(60)
    it.measured("a", 4)
    assert it.stuck(59) == ["a"]
    assert it.stuck(61) == []


def test_another_topics_progress_does_not_hide_a_stuck_one() -> None:
    it, clock = progress()
    it.measured("a", 1)
    it.begin("b", 0)
    clock.advance(60)
    it.end("b", 0)
    assert it.stuck(30) == ["a"]


def test_an_idle_service_is_not_stuck_however_long_it_idles() -> None:
    it, clock = progress()
    clock.advance(100_000)
    it.measured("a", 0)
    assert it.stuck(1) == []
    it.measured("a", 1)  # the first record after a long rest
    assert it.stuck(1) == []


def test_a_try_that_ended_counts_as_progress_so_a_long_second_one_is_not_stuck() -> None:
    it, clock = progress()
    it.measured("a", 1)
    clock.advance(600)
    it.step("a")
    clock.advance(600)
    assert it.stuck(900) == []


def test_with_the_broker_away_a_service_waits_and_is_not_stuck() -> None:
    it, clock = progress()
    it.measured("a", 5)
    clock.advance(100)
    it.unmeasured("a")
    clock.advance(10_000)
    assert it.stuck(900) == []


async def test_a_probe_that_hangs_says_no_in_time_and_keeps_one_thread() -> None:
    go_on, calls = threading.Event(), 0

    def hangs() -> bool:
        nonlocal calls
        calls += 1
        return go_on.wait(10)

    probes = Probes({"s3": hangs, "database": lambda: True, "broken": lambda: bool(1 / 0), "no": lambda: False}, seconds=0.05)
    try:
        for _ in range(3):
            answers = await probes.ask()
            assert answers == {"s3": "no answer within 0.05 s", "database": "ok", "broken": "division by zero", "no": "says no"}
        assert calls == 1
        go_on.set()
        await asyncio.sleep(0.05)
        assert (await probes.ask())["s3"] == "ok"
    finally:
        go_on.set()
        probes.stop()


async def test_the_watchdog_ends_a_process_whose_loop_stands_still() -> None:
    ended, meter = threading.Event(), Meter()
    watchdog = Watchdog(1.0, meter, ended.set)
    watchdog.start()
    await asyncio.sleep(0.5)
    assert not ended.is_set()
    deadline = time.monotonic() + 10
    while not ended.is_set() and time.monotonic() < deadline:
        time.sleep(0.05)  # blocks the loop on purpose
    watchdog.stop()
    assert ended.is_set()
    assert meter.value(metrics.LOOP_BLOCKED) == 1
