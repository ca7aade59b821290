"""The envelope: CloudEvents 1.0 as Kafka headers, read leniently."""

from __future__ import annotations

import pytest

from shared.envelope import Envelope, MalformedEnvelopeError, from_headers, to_headers

FULL = Envelope(
    id="evt:1", source="tieout/extractor", type="tables.extracted", subject="sha256:1", time="2026-01-01T00:00:00.000Z", dataschema="tieout.extracted/1",
    traceparent="00-0123456789abcdef0123456789abcdef-0123456789abcdef-01", producer="0.1.0+d.1.s.2", reason="repair", lane="bulk", object="obj:1",
    force=True, redrive=2, dataref="artifacts/ab/HEX.json.gz", digest="sha256:2",
)  # fmt: skip
LEAST = Envelope(id="evt:1", source="s", type="t", subject="x")


@pytest.mark.parametrize("envelope", [FULL, LEAST])
def test_an_envelope_comes_back_from_its_headers(envelope: Envelope) -> None:
    assert from_headers(to_headers(envelope)) == envelope


def test_the_headers_are_those_of_cloudevents_in_binary_mode() -> None:
    headers = dict(to_headers(FULL))
    assert headers["content-type"] == b"application/json"
    assert headers["ce_specversion"] == b"1.0"
    assert (headers["ce_id"], headers["ce_source"], headers["ce_type"], headers["ce_subject"]) == (
        b"evt:1", b"tieout/extractor", b"tables.extracted", b"sha256:1",
    )  # fmt: skip
    assert headers["traceparent"] == headers["ce_traceparent"]


def test_attributes_without_value_are_left_out() -> None:
    assert {name for name, _ in to_headers(LEAST)} == {
        "content-type", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_reason", "ce_lane",
    }  # fmt: skip


@pytest.mark.parametrize("missing", ["ce_id", "ce_source", "ce_type", "ce_subject"])
def test_a_needed_attribute_that_is_missing_or_null_is_named(missing: str) -> None:
    headers = [(name, None if name == missing else value) for name, value in to_headers(LEAST)]
    with pytest.raises(MalformedEnvelopeError, match=f"missing: {missing}"):
        from_headers(headers)


@pytest.mark.parametrize("version", [None, b"0.3", b"\xff"])
def test_another_version_of_the_standard_is_refused(version: bytes | None) -> None:
    headers = [(name, version if name == "ce_specversion" else value) for name, value in to_headers(LEAST)]
    with pytest.raises(MalformedEnvelopeError, match="ce_specversion"):
        from_headers(headers)


def test_headers_of_strangers_are_passed_over() -> None:
    strange: list[tuple[str, bytes | None]] = [
        ("x", None),
        ("y", b"\xff\xfe"),
        ("reply_to", b"elsewhere"),
        ("ce_lane", b"\xff"),
        ("ce_redrive", b"-1"),
    ]
    assert from_headers([*to_headers(LEAST), *strange]) == LEAST


def test_names_of_headers_are_read_in_any_case() -> None:
    assert from_headers([(name.upper(), value) for name, value in to_headers(FULL)]) == FULL
