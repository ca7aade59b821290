"""Logs: one object a line, what it is about, and no secret however it gets there."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from shared.delivery.policy import failure_of
from shared.settings import Settings
from shared.telemetry.logs import about, instance_name, log, secrets_of, set_up_logs

SECRETS = ("hunter2-kafka", "hunter2-s3", "hunter2-database", "hunter2-file", "hunter2-token")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    credentials = tmp_path / "credentials"
    credentials.write_text("[default]\naws_access_key_id = key\naws_secret_access_key = hunter2-file\n")
    return Settings(
        kafka_user="tieout",
        kafka_password="hunter2-kafka",  # type: ignore[arg-type]
        s3_secret_key="hunter2-s3",  # type: ignore[arg-type]
        s3_credentials=credentials,
        database="postgresql://tieout:hunter2-database@127.0.0.1/tieout",  # type: ignore[arg-type]
        instance="store-1",
    )


@pytest.fixture
def stream(settings: Settings) -> Iterator[io.StringIO]:
    kept, level, configuration = logging.getLogger().handlers[:], logging.getLogger().level, structlog.get_config()
    levels = {name: logging.getLogger(name).level for name in ("aiokafka", "faststream", "uvicorn", "asyncio", "urllib3")}
    out = io.StringIO()
    set_up_logs("store", settings, out)
    yield out
    logging.getLogger().handlers[:] = kept
    logging.getLogger().setLevel(level)
    structlog.configure(**configuration)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_object_with_time_in_utc_level_event_service_and_instance(stream: io.StringIO) -> None:
    log().info("document stored", revision=3)
    (line,) = lines(stream)
    assert line["time"].endswith("Z")
    assert list(line)[:5] == ["time", "level", "event", "service", "instance"]
    assert (line["level"], line["event"], line["service"], line["instance"], line["revision"]) == (
        "info",
        "document stored",
        "store",
        "store-1",
        3,
    )


def test_what_a_line_is_about_is_bound_and_ends_with_its_block(stream: io.StringIO) -> None:
    with about(document="sha256:1", object="obj:1", trace_id="abc", event_id="evt:1", topic="t", partition=0, offset=7, subject=None):
        log().info("inside")
    log().info("outside")
    inside, outside = lines(stream)
    assert [inside[name] for name in ("document", "object", "trace_id", "event_id", "topic", "partition", "offset")] == [
        "sha256:1", "obj:1", "abc", "evt:1", "t", 0, 7,
    ]  # fmt: skip
    assert "subject" not in inside
    assert "document" not in outside


def test_lines_of_libraries_take_the_same_way(stream: io.StringIO) -> None:
    logging.getLogger("aiokafka.consumer").warning("lost %s", "partition 3")
    logging.getLogger("aiokafka.consumer").info("a rebalance, of no interest")
    logging.getLogger("urllib3.connectionpool").warning("retrying")
    (line,) = lines(stream)
    assert (line["event"], line["level"], line["service"]) == ("lost partition 3", "warning", "store")


def test_an_error_over_several_lines_stays_one_line_of_output(stream: io.StringIO) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        log().exception("failed")
    (line,) = lines(stream)
    assert "ValueError: first\nsecond" in line["exception"]


def test_no_secret_of_the_settings_is_written_whatever_logs_it(stream: io.StringIO, settings: Settings) -> None:
    log().info("settings", settings=settings, values=dict(settings), text=settings.database.get_secret_value())
    log().info(f"password {settings.kafka_password.get_secret_value()}")
    log().warning("nested", deep={"list": [("x", settings.s3_secret_key.get_secret_value())]}, body=b"hunter2-s3")
    logging.getLogger("a.library").error("signature with %s", "hunter2-file")
    logging.getLogger("any").error("curl -H 'Authorization: Bearer hunter2-token'")
    try:
        raise ConnectionError(f"could not connect to {settings.database.get_secret_value()} password=hunter2-token")
    except ConnectionError:
        log().exception("database away")
        logging.getLogger("another.library").exception("database away")
    assert len(lines(stream)) == 7
    for secret in SECRETS:
        assert secret not in stream.getvalue()


def test_no_secret_is_written_into_what_is_kept_of_a_failure(settings: Settings) -> None:
    error = ConnectionError(f"no route to {settings.database.get_secret_value()}, {SECRETS[0]}, {SECRETS[3]}")
    kept = repr(failure_of(error, secrets_of(settings)))
    assert not [secret for secret in SECRETS if secret in kept]


def test_settings_themselves_show_asterisks(settings: Settings) -> None:
    assert not [secret for secret in SECRETS if secret in repr(settings) + str(settings)]


def test_short_or_empty_secrets_do_not_blot_out_ordinary_text() -> None:
    assert secrets_of(Settings(database="sqlite:///x", kafka_password="ab")) == ("sqlite:///x",)  # type: ignore[arg-type]


def test_before_logs_are_set_up_nothing_prints_local_variables(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    secret_in_a_local = SECRETS[0]
    try:
        raise ValueError("x")
    except ValueError:
        log().exception("failed")
    assert secret_in_a_local not in capsys.readouterr().out + capsys.readouterr().err + caplog.text


def test_a_process_without_a_name_is_called_by_service_and_pid(settings: Settings) -> None:
    assert instance_name(settings, "store") == "store-1"
    assert instance_name(Settings(), "store").startswith("store-")
