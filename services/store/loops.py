"""What the store does by itself beside its consumers: the relay, the sweep, adoption after an activation, measures. Each for ever.

A loop that meets a passing failure ends with it and is started again with growing delays by whoever runs it (shared/delivery).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from services.store.domain.errors import StoreError
from services.store.filing_reminders import FilingReminders
from services.store.measures import measure_standing, measure_sweep
from services.store.ports import Leadership, Store
from services.store.relay import BATCH, Relay, relay_round
from services.store.sweep import Sweep, SweepReport, sweep
from services.store.threads import Threads
from shared.delivery.messages import Publish
from shared.failures import TransientError
from shared.telemetry.meter import METER
from shared.telemetry.metrics import LEADER

POLL_SECONDS: Final = 0.5
"""How late the relay notices what another process put into the outbox, or what has become due. In this process `Wake` tells it at once."""
_BREATH_SECONDS: Final = 0.025
"""In a burst the relay is woken by each of a hundred records a second; rounds this far apart do the same with a quarter of the queries. A
single document does not wait: its round is the first for long."""
_FOLLOW_SECONDS: Final = 2.0  # how soon a store that does not lead looks whether it can
_MEASURE_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 60.0

_log = structlog.get_logger(__name__)


class Wake:
    """Tells the relay that something may leave. Set from the event loop."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def up(self) -> None:
        """There may be something to do."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Waits until told, `seconds` at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()


async def run_relay(relay: Relay, wake: Wake, publish: Publish) -> None:
    """Sends what may leave, round after round."""
    while True:
        begun = time.monotonic()
        if await relay_round(relay, publish) < BATCH:
            await wake.wait(POLL_SECONDS)
            await asyncio.sleep(_BREATH_SECONDS - (time.monotonic() - begun))


async def run_sweeps(needs: Sweep, lead: Leadership, threads: Threads, swept: Callable[[SweepReport], None], every: float) -> None:
    """Sweeps at once and then every `every` seconds, counted from the beginning of one to the beginning of the next.

    Args: swept: called after each sweep.
    """
    due = time.monotonic()
    while True:
        leads = await threads.run(lead.lead)
        METER.set(LEADER, leads)
        if leads:
            report = await threads.run(sweep, needs)
            measure_sweep(report, needs.now())
            tell(report)
            swept(report)
            due = max(due + every, time.monotonic())
        else:
            due = time.monotonic() + min(every, _FOLLOW_SECONDS)
        await asyncio.sleep(due - time.monotonic())


def tell(report: SweepReport) -> None:
    """A line in the log for a sweep that found something to do; one that found nothing is worth a line for the curious only."""
    found = report.new or report.gone or report.restarted or report.decisions or report.topics or report.failed
    for problem in report.problems:
        if not isinstance(problem, TransientError | StoreError):
            _log.error("sweep_defect", exc_info=problem)
    line = _log.warning if report.failed or report.topics or report.restarted else _log.info if found else _log.debug
    line(
        "swept",
        seen=report.seen, new=report.new, gone=report.gone, stalled=report.stalled, restarted=dict(report.restarted),
        decisions=report.decisions, topics=report.topics, failed=report.failed, seconds=round(report.seconds, 3),
    )  # fmt: skip


async def run_measures(needs: Sweep, lead: Leadership, threads: Threads) -> None:
    """Shows the ledger as metrics; the store that leads does, so that sums over all instances are right."""
    while True:
        if await threads.run(lead.lead):
            measure_standing(await threads.run(needs.ledger.standing, needs.now()), await threads.run(_open_letters, needs))
        await asyncio.sleep(_MEASURE_SECONDS)


def _open_letters(needs: Sweep) -> Counter[str]:
    return Counter(letter.service for letter in needs.ledger.dead_letters())


async def run_adoption(adopt: Callable[[], Awaitable[bool]], lead: Leadership, threads: Threads, wake: asyncio.Event) -> None:
    """After an activation: makes the results of the activated versions current, a batch at a time, until nothing is left.

    Begins with a look: an adoption that a killed process left is gone on with. Args: adopt: one batch; whether there is more.
    """
    while True:
        wake.clear()
        while await threads.run(lead.lead) and await adopt():
            pass
        with contextlib.suppress(TimeoutError):  # another store may have led, and died
            async with asyncio.timeout(_LOOK_SECONDS):
                await wake.wait()


async def run_reminders(
    reminders: FilingReminders, store: Store, lead: Leadership, threads: Threads, every: float, publish: Publish
) -> None:
    """Tells filings again whose verdict does not come."""
    while True:
        await asyncio.sleep(every)
        if await threads.run(lead.lead):
            events = reminders.due(await threads.run(store.unreconciled_filings), time.monotonic())
            for event in events:
                await publish(event)
            if events:
                _log.warning("filings_told_again", filings=[event.key for event in events])
