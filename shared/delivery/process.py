"""The life of a service process: start, supervision, drain."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from typing import Final

import uvicorn

from shared.delivery.clock import SystemClock
from shared.delivery.consumers import Consumers
from shared.delivery.http import make_server
from shared.delivery.policy import failure_of, growing_delays
from shared.delivery.probes import Probes
from shared.delivery.producer import Publisher
from shared.delivery.progress import Progress
from shared.delivery.runner import Runner, Terms
from shared.delivery.service import Background, ServiceApp
from shared.delivery.watchdog import EXIT_NOT_ALIVE, Watchdog
from shared.delivery.work import handler_seconds, poll_seconds
from shared.failures import TransientError
from shared.limits import Limits
from shared.telemetry import metrics
from shared.telemetry.logs import instance_name, log, secrets_of
from shared.telemetry.meter import METER, Meter
from shared.telemetry.traces import set_up_traces
from shared.versions import RELEASE

_SUPERVISE_SECONDS: Final = 1.0
_MEASURE_EVERY: Final = 5
_TROUBLE_SECONDS: Final = 15.0
"""A service that is not alive for so long ends; what is mended meanwhile (a consumer that was started again) ends nothing."""
_LAST_SECONDS: Final = 20.0
_LONGEST_HOLD: Final = 300.0
_THREADS: Final = 16
_LOOP_SECONDS: Final = 5.0


class Process:
    """One service in this process."""

    def __init__(self, app: ServiceApp, meter: Meter = METER, limits: Limits | None = None) -> None:
        settings = app.settings
        self._app = app
        self._meter = meter
        self._clock = SystemClock()
        self._stop = asyncio.Event()
        self._code = 0
        self._secrets = secrets_of(settings)
        self._traces = set_up_traces(app.name, instance_name(settings, app.name), settings)
        self._progress = Progress(self._clock, [subscription.topic for subscription in app.subscriptions])
        self._publisher = Publisher(settings, f"tieout-{app.name}", self._clock, meter)
        longest = handler_seconds(limits or Limits())
        poll = poll_seconds(longest, settings.retry_seconds, max([each.consumers for each in app.subscriptions], default=1))
        terms = Terms(settings.retry_seconds, settings.begun_limit, longest, min(_LONGEST_HOLD, poll / 2))
        self._runner = Runner(
            app.name, terms, app.attempts, self._publisher.publish, self._clock, self._progress, meter, self._traces, self._secrets
        )
        self._consumers = Consumers(app.name, settings, app.subscriptions, self._runner.handle, poll, self._clock, self._progress, meter)
        self._probes = Probes(app.probes, self._secrets)
        self._pulses = Probes(app.pulses, self._secrets)
        self._backgrounds: dict[str, asyncio.Task[None]] = {}
        self._serving: asyncio.Task[None] | None = None
        self._joined = False
        self._troubles: list[str] = []
        self.last_resort: threading.Timer | None = None

    async def run(self) -> int:
        """The whole life; returns the exit code (see `shared.delivery.service.serve`)."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="port"))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        watchdog = Watchdog(max(_LOOP_SECONDS, self._app.settings.session_seconds), self._meter)
        watchdog.start()
        self._meter.set(metrics.BUILD, 1, service=self._app.name, release=RELEASE)
        log().info("service starts", release=RELEASE, topics=[each.topic for each in self._app.subscriptions])
        server = self._serve_http()
        work = asyncio.create_task(self._work())
        stop = asyncio.create_task(self._stop.wait())
        await asyncio.wait((work, stop), return_when=asyncio.FIRST_COMPLETED)
        if work.done() and not self._stop.is_set():
            self._fail(work)
        self._exit_in_the_end()
        await self._drain(work)
        if server is not None and self._serving is not None:
            server.should_exit = True
            await asyncio.wait((self._serving,), timeout=3.0)
        watchdog.stop()
        log().info("service ended", code=self._code)
        return self._code

    def _fail(self, work: asyncio.Task[None]) -> None:
        """The work ended by itself: by a judgement of the supervision, or by an error of ours."""
        self._code = EXIT_NOT_ALIVE
        if error := work.exception():
            log().critical("service fails", exc_info=error)

    def _exit_in_the_end(self) -> None:
        """Threads that hang in a dependency would keep the interpreter from ending."""
        seconds = self._app.settings.drain_seconds + _LAST_SECONDS
        self.last_resort = threading.Timer(seconds, lambda: os._exit(self._code))
        self.last_resort.daemon = True
        self.last_resort.start()

    async def _work(self) -> None:
        """Starts everything and supervises; returns when the service is not alive any more."""
        for hook in self._app.on_start:
            await self._patiently(hook)
        # Before the consumers: the store's background makes topics that are missing.
        for background in self._app.backgrounds:
            self._backgrounds[background.name] = asyncio.create_task(self._background(background))
        joining = asyncio.create_task(self._join())
        try:
            await self._supervise()
        finally:
            joining.cancel()

    async def _join(self) -> None:
        await self._consumers.start()
        self._joined = True
        log().info("service consumes")

    async def _patiently(self, hook: Callable[[], Awaitable[None]]) -> None:
        """Runs a hook until its dependencies are there."""
        for delay in growing_delays(0.5):
            try:
                return await hook()
            except TransientError as error:
                failure = failure_of(error, self._secrets)
                log().warning("waiting for a dependency", code=failure.code, text=failure.text)
                await self._clock.sleep(delay)
        raise AssertionError("delays never end")

    async def _background(self, background: Background) -> None:
        delays = growing_delays(0.5, 30.0)
        while True:
            begun = self._clock.monotonic()
            try:
                await background.run(self._publisher.publish)
                raise RuntimeError(f"background {background.name} ended")
            except TransientError as error:
                failure = failure_of(error, self._secrets)
                log().warning("background waits for a dependency", background=background.name, code=failure.code, text=failure.text)
            except Exception:
                log().critical("background died", background=background.name, exc_info=True)
                raise
            if self._clock.monotonic() - begun > 60:
                delays = growing_delays(0.5, 30.0)
            await self._clock.sleep(next(delays))

    async def _supervise(self) -> None:
        """Looks after consumers, lag and life each second; returns when troubles have lasted too long."""
        since: float | None = None
        for turn in count():
            if self._joined:
                self._consumers.heal()
                if turn % _MEASURE_EVERY == 0:
                    await self._consumers.measure()
            if turn % _MEASURE_EVERY == 0:
                await self.readiness()
            self._troubles = await self._look()
            self._meter.set(metrics.ALIVE, 0 if self._troubles else 1)
            now = self._clock.monotonic()
            since = (since or now) if self._troubles else None
            dead = [name for name, task in self._backgrounds.items() if task.done()]
            if dead or (since is not None and now - since > _TROUBLE_SECONDS):
                log().critical("service is not alive and ends", troubles=self._troubles)
                return
            await self._clock.sleep(_SUPERVISE_SECONDS)

    async def _look(self) -> list[str]:
        """What is not alive."""
        found = [f"background {name}: {_end_of(task)}" for name, task in self._backgrounds.items() if task.done()]
        if self._serving is not None and self._serving.done():
            found.append(f"health and metrics: {_end_of(self._serving)}")
        if self._joined:
            found += [f"consumer {each}" for each in self._consumers.dead()]
        found += [f"{name}: {answer}" for name, answer in (await self._pulses.ask()).items() if answer != "ok"]
        found += [
            f"no progress on {topic} for {self._progress.idle_seconds(topic):.0f} s"
            for topic in self._progress.stuck(self._app.settings.stuck_seconds)
        ]
        return found

    async def liveness(self) -> tuple[bool, dict[str, object]]:
        """Answer of /healthz."""
        troubles = await self._look()
        topics = {
            each.topic: {
                "in_flight": self._progress.in_flight(each.topic),
                "idle_seconds": round(self._progress.idle_seconds(each.topic), 1),
            }
            for each in self._app.subscriptions
        }
        return not troubles, {"service": self._app.name, "release": RELEASE, "troubles": troubles, "topics": topics}

    async def readiness(self) -> tuple[bool, dict[str, object]]:
        """Answer of /readyz."""
        kafka, answers = await asyncio.gather(self._kafka(), self._probes.ask())
        answers = {"kafka": kafka, **answers}
        for name, answer in answers.items():
            self._meter.set(metrics.READY, 1 if answer == "ok" else 0, dependency=name)
        return all(answer == "ok" for answer in answers.values()), {"service": self._app.name, "dependencies": answers}

    async def _kafka(self) -> str:
        try:
            if not await self._publisher.answers():
                return "no answer"
        except Exception as error:
            return failure_of(error, self._secrets).text or type(error).__name__
        return "ok" if self._joined and self._consumers.joined() else "the consumers have not joined their groups yet"

    def _serve_http(self) -> uvicorn.Server | None:
        settings = self._app.settings
        if not settings.http_port:
            return None
        server = make_server(settings.http_host, settings.http_port, self.liveness, self.readiness, self._meter)
        self._serving = asyncio.create_task(_serve(server))
        return server

    async def _drain(self, work: asyncio.Task[None]) -> None:
        """Finishes what is being worked on, then ends everything. Bounded by the drain time and some seconds."""
        log().info("service drains", in_flight=sum(self._progress.in_flight(each.topic) for each in self._app.subscriptions))
        self._runner.stop()
        await _cancelled([work])
        await self._consumers.stop()
        await _cancelled(list(self._backgrounds.values()))
        await self._publisher.stop()
        for hook in self._app.on_stop:
            with suppress(Exception):
                async with asyncio.timeout(_LAST_SECONDS / 4):
                    await hook()
        self._probes.stop()
        self._pulses.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS / 4):
                await asyncio.to_thread(self._traces.stop)


async def _serve(server: uvicorn.Server) -> None:
    try:
        await server.serve()
    except SystemExit as error:  # uvicorn's answer to a port that is taken
        raise OSError(f"health and metrics cannot be served on {server.config.host}:{server.config.port}") from error


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_LAST_SECONDS / 4)


def _end_of(task: asyncio.Task[None]) -> str:
    if task.cancelled():
        return "cancelled"
    error = task.exception()
    return f"{type(error).__name__}: {failure_of(error).text}" if error else "ended"
