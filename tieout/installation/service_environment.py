"""The TIEOUT_* variables of a service's process: where Kafka, S3 and the database are, and how it is called."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tieout.exit_codes import USAGE, UserError
from tieout.installation.names import part_of

if TYPE_CHECKING:
    from tieout.installation.installation import Installation


def refuse_wrong_settings(environment: Mapping[str, str]) -> None:
    """Raises UserError for settings of `up --env` that no service knows, or whose value makes no sense: services would not start, or
    ignore them in silence.
    """
    from pydantic import ValidationError

    from shared.settings import Settings

    for key, value in environment.items():
        variable = key.rpartition(":")[2]
        name = variable.removeprefix("TIEOUT_").lower()
        if name not in Settings.model_fields:
            raise UserError(
                USAGE,
                f"--env：没有设置 {variable}；全部设置见 docs/settings.zh-CN.md。",
                f"--env: there is no setting {variable}; docs/settings.md lists all.",
            )
        values: dict[str, Any] = {name: value}
        try:
            Settings(**values)
        except ValidationError as problem:
            wrong = next((each["msg"] for each in problem.errors() if each["loc"][:1] == (name,)), None)
            if wrong:
                raise UserError(
                    USAGE, f"--env：{variable}={value} 无效（{wrong}）。", f"--env: {variable}={value} is wrong: {wrong}."
                ) from None


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
        if configuration.activate:
            variables["TIEOUT_ACTIVATE"] = configuration.activate
    for key, value in configuration.environment.items():
        service, separator, name = key.rpartition(":")
        if not separator or service == part:
            variables[name] = value
    return variables


def versions_of_today() -> str:
    """TIEOUT_ACTIVATE with the versions that the stages of this release make: at the first start of a store they are activated, so that a
    later release changes results only when a person says so. The store cannot know them: it knows no other service.
    """
    from shared.limits import Limits
    from tieout.stages import versions

    return ",".join(f"{stage}={version}" for stage, version in versions(Limits(), verify=False).items())
