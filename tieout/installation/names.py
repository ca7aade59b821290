"""What runs in an installation, by name: parts (kafka, s3, postgres, the services) and their processes (extractor, extractor-2)."""

from __future__ import annotations

from typing import Final

from shared.topics import SERVICES

KAFKA: Final = "kafka"
S3: Final = "s3"
POSTGRES: Final = "postgres"
SERVERS: Final = (KAFKA, S3, POSTGRES)
PARTS: Final = (*SERVERS, *SERVICES)
SUPERVISOR: Final = "supervisor"
CONTROLLER: Final = "kafka-controller"
"""Port of Kafka's controller."""

# The order of the work, which is that of their default ports; the store starts first all the same.
PIPELINE: Final = ("extractor", "normalizer", "validator", "store")


def process_name(part: str, number: int) -> str:
    """The name of a part's process: the part's for the first one, then NAME-2, NAME-3."""
    return part if number == 1 else f"{part}-{number}"


def part_of(process: str) -> str:
    """The part to which a process belongs."""
    part, _, number = process.rpartition("-")
    return part if number.isdigit() and part in PARTS else process
