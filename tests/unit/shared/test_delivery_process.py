"""A service process without a broker: start, background loops, judgement of its own life, end."""

from __future__ import annotations

import asyncio
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.delivery.messages import Publish
from shared.delivery.process import Process
from shared.delivery.service import Background, ServiceApp
from shared.failures import TransientError
from shared.settings import Settings
from shared.telemetry.meter import Meter
from shared.testing.attempts import MemoryAttempts


@pytest.fixture(autouse=True)
def _short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.delivery.process._TROUBLE_SECONDS", 0.05)
    monkeypatch.setattr("shared.delivery.process._SUPERVISE_SECONDS", 0.02)
    monkeypatch.setattr("shared.delivery.producer._STOP_SECONDS", 0.2)


async def run(during: Callable[[Process], Awaitable[Any]] | None = None, http_port: int = 0, **parts: Any) -> int:
    """Runs a service without subscriptions until `during` is over (then it is stopped) or until it ends by itself; its exit code."""
    settings = Settings(kafka_bootstrap="127.0.0.1:1", drain_seconds=1, http_port=http_port)
    process = Process(ServiceApp("store", settings, [], MemoryAttempts(), **parts), Meter())
    task = asyncio.create_task(process.run())
    if during is not None:
        async with asyncio.timeout(10):
            await during(process)
        process._stop.set()
    code = await asyncio.wait_for(task, 20)
    assert process.last_resort is not None
    process.last_resort.cancel()
    return code


async def until(condition: Callable[[], bool]) -> None:
    """Waits; the caller has a time limit."""
    while not condition():
        await asyncio.sleep(0.01)


async def test_a_service_that_is_asked_to_stop_ends_with_zero_and_runs_its_hooks() -> None:
    order: list[str] = []

    async def start() -> None:
        order.append("start")

    async def stop() -> None:
        order.append("stop")

    assert await run(lambda _: until(lambda: order == ["start"]), on_start=[start], on_stop=[stop]) == 0
    assert order == ["start", "stop"]


async def test_at_start_a_dependency_that_is_away_is_waited_for() -> None:
    tries = 0

    async def start() -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise TransientError("database.away", "no answer")

    assert await run(lambda _: until(lambda: tries == 3), on_start=[start]) == 0


async def test_an_error_of_ours_at_start_ends_the_service_with_four() -> None:
    async def start() -> None:
        raise ZeroDivisionError

    assert await run(on_start=[start]) == 4


@pytest.mark.parametrize("ending", ["returns", "raises"])
async def test_a_background_loop_that_ends_makes_the_service_not_alive_and_end_with_four(ending: str) -> None:
    async def background(_: Publish) -> None:
        if ending == "raises":
            raise ZeroDivisionError

    assert await run(backgrounds=[Background("relay", background)]) == 4


async def test_a_background_loop_that_meets_a_passing_failure_is_started_again() -> None:
    begun = 0

    async def background(_: Publish) -> None:
        nonlocal begun
        begun += 1
        if begun < 2:
            raise TransientError("database.away", "no answer")
        await asyncio.sleep(3600)

    assert await run(lambda _: until(lambda: begun == 2), backgrounds=[Background("relay", background)]) == 0


async def test_a_dead_worker_pool_ends_the_service_with_four() -> None:
    assert await run(pulses={"workers": lambda: False}) == 4


async def test_trouble_that_passes_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.delivery.process._TROUBLE_SECONDS", 5.0)
    answers = iter([False, False])

    async def seen(process: Process) -> None:
        await until(lambda: process._troubles != [])
        await until(lambda: process._troubles == [])

    assert await run(seen, pulses={"workers": lambda: next(answers, True)}) == 0


async def test_health_tells_what_is_wrong_and_readiness_names_each_dependency() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def get(path: str) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    async def look(process: Process) -> None:
        while True:
            try:
                status, body = await asyncio.to_thread(get, "/healthz")
                break
            except urllib.error.URLError:
                await asyncio.sleep(0.02)
        assert (status, body["ok"], body["troubles"]) == (200, True, [])
        status, body = await asyncio.to_thread(get, "/readyz")
        assert (status, body["ok"], body["dependencies"]["s3"]) == (503, False, "says no")
        assert body["dependencies"]["kafka"] != "ok"

    assert await run(look, http_port=port, probes={"s3": lambda: False}) == 0


async def test_a_port_that_is_taken_is_a_reason_to_end_and_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert await run(http_port=taken.getsockname()[1]) == 4
