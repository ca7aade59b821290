"""Work in child processes: a child's end is a failure with a code, never a cancellation of the consumer."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from shared.delivery import faults
from shared.delivery.work import run_in_child, sandbox_alive
from shared.failures import PoisonError, TransientError
from shared.sandbox import Sandbox
from shared.settings import Settings


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(2, 1_000_000_000)
    yield made
    made.stop()


def double(number: int) -> int:
    return number * 2


def fail(text: str) -> None:
    raise ValueError(text)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def eat(size: int) -> int:
    return len(bytearray(size))


def die() -> None:
    os.abort()


async def test_a_result_comes_back_and_the_loop_goes_on_meanwhile(sandbox: Sandbox) -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.01)

    task = asyncio.create_task(turn())
    assert await run_in_child(sandbox, 10, 20, double, 21) == 42
    await run_in_child(sandbox, 10, 20, sleep, 0.2)
    task.cancel()
    assert turns > 5


async def test_what_the_function_raises_comes_through(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="no such form"):
        await run_in_child(sandbox, 10, 20, fail, "no such form")


@pytest.mark.parametrize(
    ("code", "function", "argument"), [("timeout", sleep, (30,)), ("memory", eat, (2_000_000_000,)), ("crashed", die, ())]
)
async def test_a_child_that_does_not_survive_is_poison_with_the_way_it_ended_as_code(
    sandbox: Sandbox, code: str, function: object, argument: tuple[object, ...]
) -> None:
    neighbour = asyncio.create_task(run_in_child(sandbox, 10, 20, sleep, 0.1))
    with pytest.raises(PoisonError) as error:
        await run_in_child(sandbox, 0.3, 5, function, *argument)  # type: ignore[arg-type]
    assert error.value.code == code
    await neighbour


async def test_a_pool_that_is_stopped_under_its_tasks_is_a_passing_failure_no_cancellation_and_no_waiting_for_ever() -> None:
    """A cancelled future would look like the end of the consumer's own task and stop it; one that never ends would keep it."""
    sandbox = Sandbox(1, 1_000_000_000)
    assert sandbox_alive(sandbox)
    waiting = [asyncio.create_task(run_in_child(sandbox, 30, 40, sleep, 20)) for _ in range(2)]
    await asyncio.sleep(0.5)
    await asyncio.to_thread(sandbox.stop)
    for task in waiting:
        with pytest.raises(TransientError):
            await asyncio.wait_for(task, 10)
    assert not sandbox_alive(sandbox)
    with pytest.raises(TransientError):
        await run_in_child(sandbox, 30, 40, double, 1)


async def test_a_task_that_is_cancelled_itself_takes_its_child_with_it(sandbox: Sandbox) -> None:
    task = asyncio.create_task(run_in_child(sandbox, 60, 60, sleep, 50))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(10):  # both children are free again
        assert await asyncio.gather(*(run_in_child(sandbox, 10, 20, double, n) for n in (1, 2))) == [2, 4]


async def test_a_fault_in_the_worker_kills_the_child_alone(sandbox: Sandbox) -> None:
    faults.set_up_faults("extractor", Settings(fault_points="extractor:in_worker:kill@1"))
    try:
        with pytest.raises(PoisonError):
            await run_in_child(sandbox, 10, 20, double, 1)
        assert await run_in_child(sandbox, 10, 20, double, 1) == 2
    finally:
        faults.set_up_faults("extractor", Settings())


async def test_a_pool_that_breaks_is_a_passing_failure(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """pebble's future then holds a BrokenProcessPool: nothing is wrong with the document."""

    def broken(*_: object) -> Future[int]:
        future: Future[int] = Future()
        future.set_exception(BrokenProcessPool("handle is closed"))
        return future

    monkeypatch.setattr(sandbox, "submit", broken)
    with pytest.raises(TransientError):
        await run_in_child(sandbox, 30, 40, double, 1)
