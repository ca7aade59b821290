"""How an installation is: each process, and each part summed up. `tieout status --json` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from shared.topics import SERVICES
from tieout.installation.names import SERVERS, part_of
from tieout.installation.process_table import Identity, belongs, is_stopped

if TYPE_CHECKING:
    from tieout.installation.installation import Installation

State = Literal["up", "starting", "unready", "restarting", "waiting", "paused", "unsupervised", "stopped", "down"]
"""up: ready. starting: runs, not ready yet. unready: runs, no longer ready. restarting: died, the next try comes. waiting: for what it needs.
paused: runs, but was halted by SIGSTOP. unsupervised: lives without a supervisor. stopped: on purpose. down: does not run."""

# A part is as its worst process is, but for brokers: the others go on.
_WORST: Final[tuple[State, ...]] = ("down", "stopped", "restarting", "waiting", "paused", "unready", "starting", "unsupervised", "up")


class ProcessStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One process. `started`: its start in clock ticks since the machine's, which tells it from a later process of the same pid.

    `since`: UTC of its start. `last_exit`: how and when it died last ("exit 1 2026-…", "SIGKILL 2026-…"), None where it never did.
    `detail`: why it is not up.
    """

    name: str
    state: State
    pid: int | None = None
    started: int | None = None
    restarts: int = 0
    last_exit: str | None = None
    since: str | None = None
    detail: str | None = None

    @property
    def part(self) -> str:
        """The part to which it belongs."""
        return part_of(self.name)

    @property
    def identity(self) -> Identity | None:
        """The process itself."""
        return None if self.pid is None or self.started is None else Identity(self.pid, self.started)


class SupervisorStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What the supervisor answers, and what it writes down. `boot`: the machine's, since pids and starts are of one boot."""

    pid: int | None
    processes: list[ProcessStatus]
    boot: str = ""


class PartStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A server or service with its processes."""

    name: str
    pids: list[int]
    address: str
    state: State
    restarts: int
    last_exit: str | None
    addresses: list[str]
    processes: list[ProcessStatus]


class S3Status(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach the object storage. `credentials`: a file in the AWS format."""

    endpoint: str
    bucket: str
    artifacts: str
    credentials: str


class KafkaStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach Kafka. `topics`: short name → full name."""

    bootstrap: str
    topics: dict[str, str]


class SupervisorView(msgspec.Struct, frozen=True, kw_only=True):
    """The supervisor itself."""

    pid: int | None
    state: State


class InstallationStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of it."""

    servers: list[PartStatus]
    services: list[PartStatus]
    s3: S3Status
    kafka: KafkaStatus
    database: str
    data: str
    supervisor: SupervisorView

    @property
    def parts(self) -> list[PartStatus]:
        """Servers, then services."""
        return [*self.servers, *self.services]

    @property
    def processes(self) -> list[ProcessStatus]:
        """All processes."""
        return [process for part in self.parts for process in part.processes]

    @property
    def is_up(self) -> bool:
        """Whether everything is ready and supervised."""
        return self.supervisor.state == "up" and all(part.state == "up" for part in self.parts)

    @classmethod
    def of(cls, installation: Installation, answer: Mapping[str, Any]) -> InstallationStatus:
        """From what the supervisor answered."""
        return _status(installation, msgspec.convert(answer, SupervisorStatus), "up")


def offline_status(installation: Installation) -> InstallationStatus:
    """Without a supervisor: what it wrote down last, as far as it still lives."""
    return _status(installation, SupervisorStatus(pid=None, processes=survivors(installation)), "down")


def survivors(installation: Installation) -> list[ProcessStatus]:
    """The processes that the last supervisor wrote down: those that still live are unsupervised, the others down."""
    noted = read_state(installation)
    found = []
    for each in noted.processes if noted else []:
        if each.identity is not None and belongs(each.identity, installation.owner):
            state: State = "paused" if is_stopped(each.identity) else "unsupervised"
            found.append(msgspec.structs.replace(each, state=state))
        else:
            found.append(msgspec.structs.replace(each, state="down", pid=None, started=None, since=None))
    return found


def read_state(installation: Installation) -> SupervisorStatus | None:
    """What the last supervisor of this boot wrote down; None where there is none, or it cannot be read."""
    from tieout.installation.process_table import boot_id

    try:
        noted = msgspec.json.decode(installation.layout.state.read_bytes(), type=SupervisorStatus)
    except (OSError, msgspec.MsgspecError):
        return None
    return noted if noted.boot == boot_id() else None


def _status(installation: Installation, found: SupervisorStatus, supervisor: State) -> InstallationStatus:
    configuration = installation.configuration
    return InstallationStatus(
        servers=[_part(installation, name, found.processes) for name in SERVERS],
        services=[_part(installation, name, found.processes) for name in SERVICES if configuration.count(name)],
        s3=S3Status(
            endpoint=installation.endpoint,
            bucket=installation.inbox,
            artifacts=installation.artifacts,
            credentials=str(installation.s3_credentials_file),
        ),
        kafka=KafkaStatus(bootstrap=installation.bootstrap, topics=installation.topics),
        database=installation.database,
        data=str(installation.layout.data),
        supervisor=SupervisorView(pid=found.pid, state=supervisor),
    )


def _part(installation: Installation, name: str, found: list[ProcessStatus]) -> PartStatus:
    by_name = {each.name: each for each in found}
    names = installation.configuration.names(name)
    processes = [by_name.get(each) or ProcessStatus(name=each, state="down") for each in names]
    return PartStatus(
        name=name,
        pids=[each.pid for each in processes if each.pid],
        address=installation.address(names[0]),
        state=min((each.state for each in processes), key=_WORST.index),
        restarts=sum(each.restarts for each in processes),
        last_exit=next((each.last_exit for each in processes if each.last_exit), None),
        addresses=[installation.address(each) for each in names],
        processes=processes,
    )
