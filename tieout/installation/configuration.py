"""What an installation remembers of how it was started: ports, numbers of processes, settings of the services."""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
import uuid
from pathlib import Path
from typing import Final

import msgspec

from shared.topics import SERVICES
from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation.names import CONTROLLER, KAFKA, PIPELINE, POSTGRES, S3, process_name
from tieout.language import reason

INBOX: Final = "tieout-inbox"
ARTIFACTS: Final = "tieout-artifacts"
DATABASE: Final = "tieout"
PREFIX: Final = "tieout."

DEFAULT_PORTS: Final = {KAFKA: 9092, CONTROLLER: 9093, S3: 9000, POSTGRES: 5432, **{name: 8101 + i for i, name in enumerate(PIPELINE)}}
# Where the ports of further processes are looked for: brokers 2 and 3 with their controllers, then further processes of services.
FURTHER_PORTS: Final = range(8111, 8200)
BLOCK: Final = 64
"""`--ports BASE` takes this many ports from BASE: those above in order, then the further ones."""


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """An installation's settings.

    `ports`: by process (`kafka`, `extractor-2`), `kafka-controller` for Kafka's second port. `processes`: how many of a service.
    `kafka_cluster`: Kafka's cluster id. `java`, `jars`, `gateway`: what Kafka and the S3 server are run with, found at each `up`.
    `environment`: further TIEOUT_* settings of services; `SERVICE:NAME` is for one of them alone. `commands`: what is run in place of
    `python -m services.NAME`. `activate`: the stages' versions of this release (TIEOUT_ACTIVATE of the store), found at each `up`.
    """

    id: str
    ports: dict[str, int]
    further_ports: tuple[int, int] = (FURTHER_PORTS.start, FURTHER_PORTS.stop)
    processes: dict[str, int] = {}
    workers: int | None = None
    brokers: int = 1
    partitions: int = 4
    prefix: str = PREFIX
    inbox: str = INBOX
    artifacts: str = ARTIFACTS
    database: str = DATABASE
    servers_only: bool = False
    sidecar: bool = False
    kafka_cluster: str = ""
    java: str = ""
    jars: str = ""
    gateway: str = ""
    activate: str = ""
    environment: dict[str, str] = {}
    commands: dict[str, list[str]] = {}

    def count(self, part: str) -> int:
        """How many processes of a part are wanted."""
        if part == KAFKA:
            return self.brokers
        if part in SERVICES:
            return 0 if self.servers_only else self.processes.get(part, 1)
        return 1

    def names(self, part: str) -> list[str]:
        """The names of a part's processes."""
        return [process_name(part, number) for number in range(1, self.count(part) + 1)]

    def ports_needed(self) -> list[str]:
        """The names of all ports that this configuration needs."""
        controllers = [process_name(CONTROLLER, node) for node in range(1, self.brokers + 1)]
        return [*self.names(KAFKA), *controllers, S3, POSTGRES, *(name for service in PIPELINE for name in self.names(service))]


def first_configuration() -> Configuration:
    """The configuration of an installation that was never started."""
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")  # 22 characters, as StorageTool makes them
    return Configuration(id=secrets.token_hex(8), ports=dict(DEFAULT_PORTS), kafka_cluster=cluster.replace("-", "_"))


def block_of_ports(base: int) -> tuple[dict[str, int], tuple[int, int]]:
    """Ports from `base` on in the order of the defaults, and the range of the further ones."""
    return {name: base + i for i, name in enumerate(DEFAULT_PORTS)}, (base + len(DEFAULT_PORTS), base + BLOCK)


def load(path: Path) -> Configuration | None:
    """The remembered configuration; None where there is none. Raises UserError where the file is damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Configuration)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as problem:
        raise UserError(
            NOT_AVAILABLE,
            f"{path} 已损坏（{problem}）。请从备份恢复；其中记着端口和进程数。",
            f"{path} is damaged ({problem}). Restore it from a backup: it holds ports and numbers of processes.",
        ) from None


def save(configuration: Configuration, path: Path) -> None:
    """Remembers a configuration."""
    write_atomically(path, msgspec.json.format(msgspec.json.encode(configuration), indent=1) + b"\n")


def write_atomically(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Writes a file so that a reader sees the old content or the new one. Raises UserError where that is impossible."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
                os.fchmod(out.fileno(), mode)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise UserError(
            NOT_AVAILABLE,
            f"无法写入 {path}（{reason(problem, 'zh')}）。",
            f"cannot write {path} ({reason(problem, 'en')}).",
        ) from None
