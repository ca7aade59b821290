"""Real servers for the stack tests: the installation of `tieout up --servers-only`, one for all workers of a test run.

`servers` is the installation. `place` is the same one with topics, buckets and a database of the test's own; all of `Installation` works
with them (`environment("store")`, `topic(...)`, `database`). `notifying` is a place whose S3 server sends its notifications to the place's
own topic: the common one sends all to one topic.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from filelock import FileLock

from shared.topics import SERVICES
from tieout.installation import provision, starting
from tieout.installation.installation import Installation
from tieout.installation.layout import Layout
from tieout.installation.names import S3
from tieout.installation.ports import is_free
from tieout.installation.programs import programs
from tieout.installation.wishes import Wishes


def _quiet(_zh: str, _en: str) -> None:
    pass


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Kafka, S3 and PostgreSQL on free ports. They end with the test run, also when it is killed."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if worker else base) / "servers"
    shared.mkdir(exist_ok=True)
    users = shared / "users"
    wishes = Wishes(base=0, servers_only=True, while_alive=os.getppid() if worker else os.getpid())
    with FileLock(shared / "lock"):
        count = int(users.read_text()) if users.exists() else 0
        layout = Layout.of(shared / "data")
        installation = Installation.open(layout.data) if count else starting.start(layout, wishes, _quiet)
        users.write_text(str(count + 1))
    yield installation
    with FileLock(shared / "lock"):
        count = int(users.read_text()) - 1
        users.write_text(str(count))
        if not count:
            starting.stop(installation, _quiet)


def another_place(servers: Installation) -> Installation:
    """Topics, buckets and a database that nothing else uses, on running servers."""
    # Not counted: this module may be imported under two names, and then there are two counters.
    name = f"{os.environ.get('PYTEST_XDIST_WORKER', 'run')}-{os.getpid()}-{secrets.token_hex(3)}"
    configuration = msgspec.structs.replace(
        servers.configuration,
        prefix=f"{name}.",
        inbox=f"inbox-{name}",
        artifacts=f"artifacts-{name}",
        database=f"tieout-{name}",
        servers_only=False,
        ports={**servers.configuration.ports, **dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))},
    )
    made = Installation(servers.layout, configuration)
    provision.make_topics(made)
    provision.make_database(made)
    provision.make_buckets(made)
    return made


@pytest.fixture
def place(servers: Installation) -> Installation:
    """Topics, buckets and a database of the test's own."""
    return another_place(servers)


@pytest.fixture
def notifying(servers: Installation) -> Iterator[Installation]:
    """A place with an S3 server of its own on the common files: its notifications go to `place.topic("objects.notified")`."""
    made = another_place(servers)
    ports = {**made.configuration.ports, S3: free_ports(1)[0]}
    made = Installation(made.layout, msgspec.structs.replace(made.configuration, ports=ports))
    with gateway(made):
        yield made


@contextlib.contextmanager
def gateway(place: Installation) -> Iterator[subprocess.Popen[bytes]]:
    """A further S3 server of a place, on its S3 port."""
    program = next(program for program in programs(place) if program.name == S3)
    process = subprocess.Popen(program.command, env={**program.inherited, **program.own}, cwd=program.folder, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: urllib.request.urlopen(f"{place.endpoint}/-/health", timeout=1).status == 200)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def wait_until(condition: object, seconds: float = 30) -> None:
    """Waits until a condition (a function) holds; an OSError of it counts as no. Fails the test when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if condition():  # type: ignore[operator]
                return
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.05)


_handed_out = itertools.count(32000 - (os.getpid() % 50) * 40, -1)


def free_ports(count: int) -> list[int]:
    """Free ports below those of outgoing connections."""
    found: list[int] = []
    while len(found) < count:
        port = next(_handed_out)
        if is_free(port):
            found.append(port)
    return found


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parents[2]
