"""Dead letters and deferred events: the original comes back byte for byte."""

from __future__ import annotations

import pytest

from shared.delivery.messages import Received, Verbatim
from shared.delivery.policy import Failure
from shared.delivery.records import (
    NoSuchRecordError,
    dead_letter,
    deferrals,
    deferred,
    read_dead_letter,
    read_deferred,
    without_body,
)
from shared.envelope import Envelope, from_headers, to_headers
from shared.topics import EVENTS_DEFERRED, OBJECTS_CREATED

ENVELOPE = Envelope(id="evt:1", source="s", type="objects.created", subject="obj:1", object="obj:1")
STRANGE = (("x-null", None), ("x-bytes", b"\xff\xfe"), ("x-twice", b"1"), ("x-twice", b"2"))
FAILURE = Failure("poison", "timeout", "shared.failures.PoisonError", "SIGALRM", "0123456789abcdef")


def record(
    headers: tuple[tuple[str, bytes | None], ...] = (), envelope: Envelope | None = ENVELOPE, body: bytes = b"\x00\xffbody"
) -> Received:
    own = to_headers(envelope) if envelope else ()
    return Received(OBJECTS_CREATED, 3, 17, 0, b"bucket/\xffkey", (*own, *headers), body, envelope)


def arrived(sent: Verbatim) -> Received:
    return Received(sent.topic, 0, 0, 0, sent.key, sent.headers, sent.body, None)


def test_a_dead_letter_tells_everything_and_gives_the_original_back() -> None:
    original = record(STRANGE)
    letter = read_dead_letter(
        arrived(dead_letter("extractor", original, FAILURE, 2, "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z", "0.1.0"))
    )
    assert (letter.service, letter.code, letter.error_class, letter.text) == ("extractor", "timeout", FAILURE.error_class, "SIGALRM")
    assert (letter.stack, letter.attempts, letter.first_at, letter.last_at) == (
        FAILURE.stack,
        2,
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:01:00Z",
    )
    origin = letter.origin
    assert (origin.topic, origin.partition, origin.offset) == (OBJECTS_CREATED, 3, 17)
    assert (origin.key, origin.headers, origin.body) == (original.key, original.headers, original.body)
    assert origin.envelope == ENVELOPE


def test_a_redriven_original_differs_in_its_redrive_count_alone() -> None:
    original = record((*STRANGE, ("df-count", b"4"), ("df-first-at", b"x")))
    letter = read_dead_letter(arrived(dead_letter("extractor", original, FAILURE, 2, "", "", "")))
    again = letter.redriven()
    assert (again.topic, again.key, again.body) == (original.topic, original.key, original.body)
    assert from_headers(again.headers).redrive == 1
    assert set(again.headers) - {("ce_redrive", b"1")} == {header for header in original.headers if not header[0].startswith("df-")}
    twice = read_dead_letter(arrived(dead_letter("extractor", arrived(again), FAILURE, 2, "", "", ""))).redriven()
    assert from_headers(twice.headers).redrive == 2


def test_the_same_dead_letter_has_the_same_id_and_a_redriven_one_another() -> None:
    def id_of(original: Received, service: str = "extractor") -> str:
        return read_dead_letter(arrived(dead_letter(service, original, FAILURE, 2, "a", "b", "c"))).id  # type: ignore[arg-type]

    moved = Received(OBJECTS_CREATED, 0, 99, 5, None, to_headers(ENVELOPE), b"", ENVELOPE)
    assert id_of(record()) == id_of(moved)
    assert id_of(record()) != id_of(record(), "normalizer")
    assert id_of(record()) != id_of(record(envelope=Envelope(id="evt:1", source="s", type="t", subject="x", redrive=1)))
    assert id_of(record(envelope=None)) == id_of(record(envelope=None))
    assert id_of(record(envelope=None)) != id_of(record(envelope=None, body=b"other"))


def test_a_dead_letter_that_does_not_fit_leaves_the_body_on_its_topic_and_says_so() -> None:
    original = record(STRANGE, body=b"x" * 5000)
    small = without_body(dead_letter("extractor", original, FAILURE, 2, "", "", ""))
    assert len(small.body) == 0
    letter = read_dead_letter(arrived(small))
    assert (letter.origin.body, letter.origin.size, letter.origin.offset) == (None, 5000, 17)
    assert letter.origin.envelope == ENVELOPE
    with pytest.raises(ValueError, match=r"objects\.created/3@17"):
        letter.redriven()


def test_headers_that_alone_do_not_fit_are_left_out_too() -> None:
    original = record((("huge", b"x" * 9_000_000),))
    small = without_body(dead_letter("extractor", original, FAILURE, 2, "", "", ""))
    assert sum(len(value or b"") for _, value in small.headers) < 10_000
    assert read_dead_letter(arrived(small)).code == "timeout"


def test_a_deferred_event_gives_the_original_back_and_counts_on() -> None:
    original = record(STRANGE)
    first = read_deferred(arrived(deferred("extractor", original, FAILURE, "2026-01-01T00:00:00Z")))
    assert (first.service, first.code, first.count, first.seconds) == ("extractor", "timeout", 1, 10)
    assert (first.first_at, first.at) == ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    assert (first.origin.headers, first.origin.body) == (original.headers, original.body)
    again = arrived(first.again())
    assert again.topic == OBJECTS_CREATED
    assert deferrals(again) == 1
    second = read_deferred(arrived(deferred("extractor", again, FAILURE, "2026-01-01T00:05:00Z")))
    assert (second.count, second.seconds, second.first_at, second.at) == (2, 30, "2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z")
    assert second.origin.headers == original.headers


@pytest.mark.parametrize("read", [read_dead_letter, read_deferred])
def test_a_record_of_others_on_these_topics_is_told_not_guessed(read: object) -> None:
    with pytest.raises(NoSuchRecordError, match=r"header d[lf]-"):
        read(Received(EVENTS_DEFERRED, 0, 0, 0, None, (("dl-id", None), ("x", b"y")), b"", None))  # type: ignore[operator]


def test_a_dead_letter_with_a_place_that_is_no_number_is_told() -> None:
    sent = dead_letter("extractor", record(), FAILURE, 2, "", "", "")
    bad = tuple((name, b"many" if name == "dl-offset" else value) for name, value in sent.headers)
    with pytest.raises(NoSuchRecordError, match="dl-offset is no number: 'many'"):
        read_dead_letter(Received(sent.topic, 0, 0, 0, None, bad, b"", None))


def test_what_the_store_buries_of_the_deferred_can_be_deferred_again() -> None:
    waiting = arrived(deferred("extractor", record(), FAILURE, "2026-01-01T00:00:00Z"))
    letter = read_dead_letter(arrived(dead_letter("store", waiting, FAILURE, 2, "", "", "")))
    again = arrived(letter.redriven())
    assert again.topic == EVENTS_DEFERRED
    assert read_deferred(again).origin.topic == OBJECTS_CREATED
