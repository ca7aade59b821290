"""Logs as JSON, one object a line, on standard error; no secret ever stands in them.

Lines of libraries (aiokafka, FastStream, uvicorn) take the same way. What a line is about is bound with `about`: document, object,
trace_id, event_id, topic, partition, offset; whatever is logged meanwhile carries it.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any, Final

import msgspec
import structlog
from pydantic import SecretStr
from structlog.contextvars import bound_contextvars, merge_contextvars

from shared.settings import Settings
from shared.telemetry.cleaning import clean_secrets

Line = MutableMapping[str, Any]

# The order in which a line's fields are read by people; the rest follows as it comes.
_FIRST: Final = (
    "time",
    "level",
    "event",
    "service",
    "instance",
    "document",
    "object",
    "trace_id",
    "event_id",
    "topic",
    "partition",
    "offset",
)
_ENCODER: Final = msgspec.json.Encoder(enc_hook=str, decimal_format="string")
_LONGEST: Final = 16_000
_SECRET_LINE: Final = re.compile(r"\s*aws_(secret_access_key|session_token)\s*=")

# Libraries tell about each rebalance and each commit at info; their warnings are enough.
_QUIET: Final = {
    "aiokafka": logging.WARNING,
    "faststream": logging.WARNING,
    "uvicorn": logging.WARNING,
    "asyncio": logging.WARNING,
    "urllib3": logging.ERROR,
}


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The secret values of the settings, inside the database's URL and in the file of S3 credentials: what must never be written down."""
    found = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    if settings.s3_credentials is not None:
        with suppress(OSError, UnicodeDecodeError):
            lines = settings.s3_credentials.read_text(encoding="utf-8").splitlines()
            found += [line.partition("=")[2].strip() for line in lines if _SECRET_LINE.match(line)]
    for url in list(found):
        user_info = url.partition("://")[2].rpartition("@")[0]
        found.append(user_info.partition(":")[2])
    return tuple(sorted({value for value in found if len(value) >= 3}, key=len, reverse=True))


def instance_name(settings: Settings, service: str) -> str:
    """Name of this process in logs and metrics."""
    return settings.instance or f"{service}-{os.getpid()}"


def set_up_logs(service: str, settings: Settings, stream: IO[str] | None = None) -> None:
    """Makes everything that this process logs a line of JSON. May be called again."""
    secrets = secrets_of(settings)
    fixed = {"service": service, "instance": instance_name(settings, service)}

    def name_process(_: object, __: str, line: Line) -> Line:
        for key, value in fixed.items():
            line.setdefault(key, value)
        return line

    def hide(_: object, __: str, line: Line) -> Line:
        return {key: _hidden(value, secrets) for key, value in line.items()}

    chain: list[Any] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.stdlib.ExtraAdder(allow=()),
        structlog.processors.format_exc_info,
        name_process,
        hide,
        _ordered,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *chain, _as_json],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(max(level, root.level))
    structlog.configure(
        processors=[merge_contextvars, structlog.stdlib.add_log_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


# Until logs are set up (in tests, in the embedded run) lines go to the standard library's loggers; structlog's own default would print
# tracebacks with the values of all local variables, which is slow and tells secrets.
structlog.configure(
    processors=[merge_contextvars, structlog.stdlib.render_to_log_kwargs],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=False,
)


def log() -> Any:
    """The logger: `log().info("event text", key=value)`."""
    return structlog.get_logger("tieout")


@contextmanager
def about(**fields: str | int | None) -> Iterator[None]:
    """Binds what the lines logged inside are about; fields without value are left out."""
    with bound_contextvars(**{key: value for key, value in fields.items() if value not in (None, "")}):
        yield


def _hidden(value: Any, secrets: Sequence[str]) -> Any:
    """A value with secrets replaced, at any depth."""
    if isinstance(value, str):
        return clean_secrets(value, secrets)[:_LONGEST]
    if isinstance(value, dict):
        return {str(key): _hidden(inner, secrets) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_hidden(inner, secrets) for inner in value]
    if isinstance(value, (int, float, bool)) or value is None:
        return value
    return clean_secrets(str(value), secrets)[:_LONGEST]


def _ordered(_: object, __: str, line: Line) -> Line:
    return {key: line[key] for key in _FIRST if key in line} | {key: value for key, value in line.items() if key not in _FIRST}


def _as_json(_: object, __: str, line: Line) -> str:
    return _ENCODER.encode(line).decode("utf-8", "replace")
