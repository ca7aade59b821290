"""The TIEOUT_* variables of a service's process: where Kafka, S3 and the database are, and how it is called."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tieout.installation.names import part_of

if TYPE_CHECKING:
    from tieout.installation.installation import Installation


def service_environment(installation: Installation, process: str) -> dict[str, str]:
    """All variables of one process (`extractor-2`); no secret is among them, only files that hold some.

    What was chosen with `up --env` stands above the rest: `NAME=VALUE` for all services, `SERVICE:NAME=VALUE` for one.
    """
    configuration = installation.configuration
    part = part_of(process)
    variables = {
        "TIEOUT_KAFKA_BOOTSTRAP": installation.bootstrap,
        "TIEOUT_TOPIC_PREFIX": installation.prefix,
        "TIEOUT_PARTITIONS": str(configuration.partitions),
        "TIEOUT_REPLICATION": str(min(3, configuration.brokers)),
        "TIEOUT_S3_ENDPOINT": installation.endpoint,
        "TIEOUT_S3_CREDENTIALS": str(installation.s3_credentials_file),
        "TIEOUT_S3_BUCKET": installation.inbox,
        "TIEOUT_S3_ARTIFACTS": installation.artifacts,
        "TIEOUT_HTTP_PORT": str(installation.port(process)),
        "TIEOUT_INSTANCE": process,
        "TIEOUT_WORKERS": str(configuration.workers or max(1, len(os.sched_getaffinity(0)))),
        "TIEOUT_WORK": str(installation.layout.work(process)),
    }
    if part == "store":
        variables["TIEOUT_DATABASE"] = installation.database
    for key, value in configuration.environment.items():
        service, separator, name = key.rpartition(":")
        if not separator or service == part:
            variables[name] = value
    return variables
