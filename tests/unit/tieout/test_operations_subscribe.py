"""Events as `subscribe` prints them, and times as people write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from unit.tieout.operations_site import Site, site

from shared.canonical import canonical_json
from shared.envelope import Envelope, to_headers
from tieout.cli import main
from tieout.exit_codes import NOT_AVAILABLE, USAGE
from tieout.operations.moments import moment
from tieout.operations.subscribe import cloud_event

__all__ = ["site"]

HEADERS = to_headers(Envelope(id="evt:1", source="tieout/validator", type="tieout.documents.validated", subject="sha256:ab", time="2026"))


def line(headers: object, value: bytes | None) -> str:
    return canonical_json(cloud_event(headers, value)).decode()  # type: ignore[arg-type]


def test_an_event_is_a_cloudevent_in_json() -> None:
    event = json.loads(line(HEADERS, '{"verdict":"consistent","名称":"教育局"}'.encode()))
    assert (event["specversion"], event["id"], event["type"], event["datacontenttype"]) == (
        "1.0",
        "evt:1",
        "tieout.documents.validated",
        "application/json",
    )
    assert event["data"] == {"verdict": "consistent", "名称": "教育局"}


def test_the_data_is_printed_as_it_came() -> None:
    assert '"data":{"a":1.10,"b":12345678901234567890123}' in line(HEADERS, b'{"a":1.10,"b":12345678901234567890123}')


@pytest.mark.parametrize("value", [b'{\n"a": 1\n}', b"no json", b"\xff", b"", None])
def test_whatever_a_record_holds_it_is_one_line(value: bytes | None) -> None:
    assert len(line((("x", None), ("ce_id", b"\xff")), value).splitlines()) == 1


def test_an_unknown_topic_is_told_with_the_topics_there_are(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["subscribe", "--topic", "nix", *site.data]) == USAGE
    assert "documents.validated" in capsys.readouterr().err


def test_a_broker_that_does_not_answer_is_one_line(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["subscribe", *site.data]) == NOT_AVAILABLE
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "Kafka at 127.0.0.1:9 does not answer" in told


def test_times_are_read_in_utc_unless_they_say_otherwise() -> None:
    assert moment("2026-01-02") == datetime(2026, 1, 2, tzinfo=UTC)
    assert moment("2026-01-02T03:04+08:00") == datetime(2026, 1, 1, 19, 4, tzinfo=UTC)
    assert abs(datetime.now(UTC) - timedelta(hours=12) - moment("12h")) < timedelta(minutes=1)
    with pytest.raises(ValueError, match="2999"):
        moment("2999-01-01")


def test_the_example_is_short_and_needs_nothing_of_ours() -> None:
    source = (Path(__file__).resolve().parents[3] / "docs" / "examples" / "subscriber.py").read_text(encoding="utf-8")
    body = source.partition("import asyncio")[2]
    imported = {each.split()[1] for each in source.splitlines() if each.startswith(("import", "from"))}
    assert imported == {"asyncio", "json", "sys", "aiokafka"}
    assert len([each for each in body.splitlines() if each.strip()]) <= 20
