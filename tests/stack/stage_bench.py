"""The three stage services as processes on real servers, without the store: events go in, events come out."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import aiokafka

from shared.delivery.messages import Received
from shared.settings import Settings
from shared.storage.s3 import S3Storage
from tieout.installation.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("extractor", "normalizer", "validator")


def settings_of(place: Installation, service: str = "extractor") -> Settings:
    """The settings of a service in a place."""
    found = place.environment(service)
    return Settings(**{name.removeprefix("TIEOUT_").lower(): value for name, value in found.items() if name.startswith("TIEOUT_")})  # type: ignore[arg-type]


def storage_of(place: Installation) -> S3Storage:
    """The place's object storage."""
    return S3Storage(settings_of(place))


@contextlib.contextmanager
def running(place: Installation, log: Path, **changes: str) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The services, from when they are ready until they have drained. Args: log: folder. changes: of their TIEOUT_ variables."""
    processes = {}
    try:
        for service in STAGES:
            variables = {**os.environ, **place.environment(service), **changes, "TIEOUT_WORK": str(log / f"{service}-work")}
            with (log / f"{service}.log").open("ab") as out:
                processes[service] = subprocess.Popen(
                    [sys.executable, "-P", "-m", f"services.{service}"],
                    env={**variables, "PYTHONPATH": str(ROOT)},
                    stdout=out,
                    stderr=out,
                    cwd=log,
                )
        yield processes
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(30)


def is_ready(place: Installation, service: str) -> bool:
    """Whether a service says so."""
    with contextlib.suppress(OSError):
        port = place.environment(service)["TIEOUT_HTTP_PORT"]
        return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).status == 200)
    return False


async def publish(place: Installation, events: list[Received]) -> None:
    """Puts events on their topics."""
    producer = aiokafka.AIOKafkaProducer(bootstrap_servers=place.bootstrap, acks="all")
    await producer.start()
    try:
        for event in events:
            await producer.send_and_wait(place.topic(event.topic), event.body, event.key, headers=list(event.headers))
    finally:
        await producer.stop()
