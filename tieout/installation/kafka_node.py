"""Kafka's nodes: their settings, the command that runs one, and formatting its folder before the first start."""

from __future__ import annotations

import os
import string
import subprocess
from pathlib import Path
from typing import Final

from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation.configuration import Configuration, write_atomically
from tieout.installation.layout import Layout
from tieout.installation.names import CONTROLLER, KAFKA, process_name

TEMPLATE: Final = Path(__file__).resolve().parents[2] / "deploy" / "local" / "kafka" / "server.properties"
# Java takes the encoding of file names from the locale; with C it cannot open a path with Chinese characters.
ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8"}
_LOG = "-Dorg.slf4j.simpleLogger."
_OPTIONS: Final = (
    "-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true",
    f"{_LOG}defaultLogLevel=warn", f"{_LOG}log.kafka.server.KafkaRaftServer=info",
    f"{_LOG}showDateTime=true", f"{_LOG}dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)  # fmt: skip


def number(process: str) -> int:
    """The number of a node: 1 of `kafka`, 2 of `kafka-2`."""
    tail = process.rpartition("-")[2]
    return int(tail) if tail.isdigit() else 1


def command(configuration: Configuration) -> tuple[str, ...]:
    """The command that runs a node; it is called in the node's folder."""
    return (configuration.java, *_OPTIONS, "-cp", f"{configuration.jars}/*", "kafka.Kafka", "server.properties")


def properties(configuration: Configuration, node: int) -> str:
    """The settings of a node. With three nodes or more everything has three replicas, and two must hold a record before it is acknowledged."""
    ports, nodes = configuration.ports, range(1, configuration.brokers + 1)
    replication = min(3, configuration.brokers)
    return string.Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        node=node,
        voters=",".join(f"{each}@127.0.0.1:{ports[process_name(CONTROLLER, each)]}" for each in nodes),
        port=ports[process_name(KAFKA, node)],
        controller_port=ports[process_name(CONTROLLER, node)],
        replication=replication,
        in_sync=max(1, replication - 1),
    )


def prepare(layout: Layout, configuration: Configuration) -> None:
    """Writes the settings of all nodes and formats the folders that are new. Raises UserError where that fails."""
    for node in range(1, configuration.brokers + 1):
        folder = layout.kafka(node)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(folder / "server.properties", properties(configuration, node).encode())
        if not (folder / "data" / "meta.properties").exists():
            _format(folder, configuration)


def _format(folder: Path, configuration: Configuration) -> None:
    tool = ("-cp", f"{configuration.jars}/*", "kafka.tools.StorageTool", "format", "--ignore-formatted")
    done = subprocess.run(
        [configuration.java, "-Xmx128m", "-XX:TieredStopAtLevel=1", *tool, "-t", configuration.kafka_cluster, "-c", "server.properties"],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:])
        raise UserError(NOT_AVAILABLE, f"Kafka 的目录 {folder} 无法建立：\n{tail}", f"Kafka's folder {folder} could not be made:\n{tail}")
