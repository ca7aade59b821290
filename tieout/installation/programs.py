"""The programs of an installation: what is run, with which environment, how one sees that it is ready and how it is stopped."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.topics import OBJECTS_NOTIFIED, SERVICES
from tieout.installation import kafka_node, postgres_cluster, probes
from tieout.installation.credentials import ADMINISTRATOR
from tieout.installation.installation import HOST, Installation
from tieout.installation.names import KAFKA, POSTGRES, S3, part_of

ROOT: Final = Path(__file__).resolve().parents[2]
# A path that no bucket can have: bucket names begin with a letter or digit.
_S3_HEALTH: Final = "/-/health"
# Servers get these variables only: the S3 server, for one, reads LOGFILE and WEBHOOK.
_PASSED_ON: Final = ("PATH", "HOME", "USER", "TMPDIR", "TZ", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Program:
    """One process to supervise. `own`: variables that it gets besides what it inherits. `needs`: processes that have to be ready before it
    is started. `stop_seconds`: then it is killed.
    """

    name: str
    command: tuple[str, ...]
    inherited: Mapping[str, str]
    own: Mapping[str, str]
    folder: Path
    probe: probes.Probe
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20
    needs: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Tells this program from the same one with other settings."""
        return hashlib.sha256(json.dumps([self.command, sorted(self.own.items())]).encode()).hexdigest()[:16]


def programs(installation: Installation) -> list[Program]:
    """Everything that an installation runs, in the order of starting."""
    configuration = installation.configuration
    return [
        *(_kafka(installation, name) for name in configuration.names(KAFKA)),
        _postgres(installation),
        _s3(installation),
        *(_service(installation, name) for service in SERVICES for name in configuration.names(service)),
    ]


def _passed_on() -> dict[str, str]:
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def _kafka(installation: Installation, name: str) -> Program:
    configuration = installation.configuration
    return Program(
        name=name,
        command=kafka_node.command(configuration),
        inherited=_passed_on(),
        own=kafka_node.ENVIRONMENT,
        folder=installation.layout.kafka(kafka_node.number(name)),
        probe=probes.answers_tcp(installation.port(name)),
        stop_seconds=30,
    )


def _s3(installation: Installation) -> Program:
    layout, configuration = installation.layout, installation.configuration
    access, secret = installation.s3_keys()
    # One broker only: the server takes no list. It does not start without Kafka (1.7.0: exit 1), hence `needs`.
    events = ("--event-kafka-url", installation.address(KAFKA), "--event-kafka-topic", installation.topic(OBJECTS_NOTIFIED))
    storage = ["--versioning-dir", str(layout.versions), *(["--sidecar", str(layout.sidecar)] if configuration.sidecar else [])]
    return Program(
        name=S3,
        command=(
            configuration.gateway, "--port", installation.address(S3), "--health", _S3_HEALTH, "--quiet", "--keep-alive",
            *events, "--event-kafka-key", "s3", "posix", *storage, "--dir-perms", "0700", str(layout.buckets),
        ),
        inherited=_passed_on(),
        own={"ROOT_ACCESS_KEY": access, "ROOT_SECRET_KEY": secret},
        folder=layout.buckets,
        probe=probes.answers_http(installation.port(S3), _S3_HEALTH),
        stop_seconds=10,
        needs=(KAFKA,),
    )  # fmt: skip


def _postgres(installation: Installation) -> Program:
    return Program(
        name=POSTGRES,
        command=postgres_cluster.command(installation.layout.cluster, HOST, installation.port(POSTGRES)),
        inherited=_passed_on(),
        own={},
        folder=installation.layout.cluster,
        probe=probes.answers_postgres(installation.port(POSTGRES), ADMINISTRATOR, "postgres"),
        stop_signal=signal.SIGINT,  # "fast": ends the sessions, then a checkpoint
        stop_seconds=30,
    )


def _service(installation: Installation, name: str) -> Program:
    part = part_of(name)
    command = installation.configuration.commands.get(part) or [sys.executable, "-P", "-m", f"services.{part}"]
    # Settings of the caller's shell do not leak in, so that the installation is the same whoever starts it; `up --env` sets them.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("TIEOUT_")}
    own = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **installation.environment(name)}
    drain = float(own.get("TIEOUT_DRAIN_SECONDS", "60"))
    return Program(
        name=name,
        command=tuple(command),
        inherited=inherited,
        own=own,
        folder=installation.layout.work(name),
        probe=probes.answers_http(installation.port(name), "/readyz"),
        stop_seconds=drain + 10,
    )
