"""The gate: many together, or one alone; nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest

from shared.delivery.gate import Gate


async def test_many_are_inside_together() -> None:
    gate = Gate()
    async with gate.together(), asyncio.timeout(1), gate.together():
        pass


async def test_whoever_is_alone_waits_for_the_others_and_they_for_him() -> None:
    gate, order = Gate(), list[str]()
    first_out = asyncio.Event()

    async def alone() -> None:
        async with gate.alone():
            order.append("alone in")
            await asyncio.sleep(0.01)
            order.append("alone out")

    async def later() -> None:
        async with gate.together():
            order.append("later")

    async def first() -> None:
        async with gate.together():
            await first_out.wait()
            order.append("first out")

    tasks = [asyncio.create_task(first())]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(alone()))
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(later()))
    await asyncio.sleep(0.01)
    assert order == []
    first_out.set()
    await asyncio.gather(*tasks)
    assert order == ["first out", "alone in", "alone out", "later"]


@pytest.mark.parametrize("inside", [True, False])
async def test_a_cancelled_one_does_not_leave_the_gate_shut(inside: bool) -> None:
    gate = Gate()
    async with gate.together():
        waiting = asyncio.create_task(_alone_for_ever(gate))
        await asyncio.sleep(0.01)
        if not inside:
            waiting.cancel()
            await asyncio.wait((waiting,))
    if inside:
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait((waiting,))
    async with asyncio.timeout(1), gate.together():
        pass
    async with asyncio.timeout(1), gate.alone():
        pass


async def _alone_for_ever(gate: Gate) -> None:
    async with gate.alone():
        await asyncio.sleep(3600)


async def test_two_that_want_to_be_alone_go_one_after_the_other() -> None:
    gate, inside = Gate(), 0

    async def alone() -> None:
        nonlocal inside
        async with gate.alone():
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(alone() for _ in range(5)))
