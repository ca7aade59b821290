"""The records of failures: dead letters and deferred events. Each is the original record, byte for byte, with headers of ours besides.

`dl-*` headers make a dead letter, `df-*` headers a deferred event; headers of the same names on the original are replaced by them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final

from shared.delivery.messages import RawHeaders, Received, Verbatim
from shared.delivery.policy import Failure, deferral_seconds
from shared.envelope import Envelope, MalformedEnvelopeError, from_headers
from shared.ids import hashed
from shared.topics import EVENTS_DEFERRED, ServiceName, dead_letters

_DEAD: Final = "dl-"
_LATER: Final = "df-"
_COUNT: Final = "df-count"
_FIRST: Final = "df-first-at"


class NoSuchRecordError(Exception):
    """A record on a dead-letter or deferral topic that is none of ours; the text says which header is missing or wrong."""


@dataclass(frozen=True)
class Origin:
    """The record that failed, as it lay on its topic (short name). `body` is null where it did not fit beside the headers of a dead letter:
    then it lies on its topic only, for as long as that keeps it, and `size` says how many bytes it has.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: RawHeaders
    body: bytes | None
    size: int

    @property
    def envelope(self) -> Envelope | None:
        """Its envelope; null where it has none that can be read."""
        try:
            return from_headers(self.headers)
        except MalformedEnvelopeError:
            return None

    def again(self, *headers: tuple[str, bytes]) -> Verbatim:
        """The record to send once more, with these headers in place of any of the same name. Raises ValueError where the body is gone."""
        if self.body is None:
            raise ValueError(f"the body of {self.topic}/{self.partition}@{self.offset} is not in the dead letter")
        names = {name.lower() for name, _ in headers}
        kept = tuple((name, value) for name, value in self.headers if name.lower() not in names)
        return Verbatim(self.topic, self.key, (*kept, *headers), self.body)


@dataclass(frozen=True)
class DeadLetter:
    """A record on which a service gave up. `id` is the same however often the same dead letter is sent; times are ISO 8601, UTC."""

    id: str
    service: str
    origin: Origin
    code: str
    error_class: str
    text: str
    stack: str
    attempts: int
    first_at: str
    last_at: str
    release: str

    def redriven(self) -> Verbatim:
        """The original with `ce_redrive` one higher: its attempts count anew, its event id stays."""
        envelope = self.origin.envelope
        again = self.origin.again(("ce_redrive", str((envelope.redrive if envelope else 0) + 1).encode()))
        if self.origin.topic == EVENTS_DEFERRED:
            return again
        return replace(again, headers=_without(_LATER, again.headers))


@dataclass(frozen=True)
class Deferred:
    """An event that waits for a passing failure to pass. `count`: how often it was deferred by now; `seconds`: how long it waits this time;
    `first_at`, `at`: when it was deferred first and now.
    """

    service: str
    origin: Origin
    code: str
    text: str
    count: int
    first_at: str
    at: str
    seconds: float

    def again(self) -> Verbatim:
        """The original, to be sent when the time has come; it carries how often it was deferred."""
        return self.origin.again((_COUNT, str(self.count).encode()), (_FIRST, self.first_at.encode()))


def dead_letter(service: ServiceName, record: Received, failure: Failure, attempts: int, first_at: str, now: str, release: str) -> Verbatim:
    """The dead letter of a record."""
    told = {
        "dl-id": _dead_letter_id(service, record),
        "dl-service": service,
        "dl-code": failure.code,
        "dl-class": failure.error_class,
        "dl-text": failure.text,
        "dl-stack": failure.stack,
        "dl-attempts": str(attempts),
        "dl-first-at": first_at,
        "dl-last-at": now,
        "dl-release": release,
        **_place(_DEAD, record),
    }
    return Verbatim(dead_letters(service), record.key, _with(_DEAD, record, told), record.body)


def without_body(letter: Verbatim) -> Verbatim:
    """A dead letter too large for its topic: the body stays where it is, on the topic that it came from (`dl-bytes` tells its size).

    Headers of the original stay, unless they are what does not fit: then only those of ours do.
    """
    headers = letter.headers if _size(letter.headers) <= 64 * 1024 else tuple(h for h in letter.headers if h[0].startswith("dl-"))
    return Verbatim(letter.topic, letter.key if len(letter.key or b"") <= 4096 else None, (*headers, ("dl-body", b"left")), b"")


def deferred(service: ServiceName, record: Received, failure: Failure, now: str) -> Verbatim:
    """The record on `events.deferred` of an event whose work failed for a passing reason."""
    count = deferrals(record) + 1
    told = {
        "df-service": service,
        "df-code": failure.code,
        "df-text": failure.text,
        _COUNT: str(count),
        _FIRST: _texts(record.headers).get(_FIRST) or now,
        "df-at": now,
        "df-seconds": f"{deferral_seconds(count):g}",
        **_place(_LATER, record),
    }
    return Verbatim(EVENTS_DEFERRED, record.key, _with(_LATER, record, told), record.body)


def deferrals(record: Received) -> int:
    """How often this event was deferred before it came again."""
    return _number(_texts(record.headers).get(_COUNT, "0")) or 0


def read_dead_letter(record: Received) -> DeadLetter:
    """A dead letter from its topic. Raises NoSuchRecordError."""
    told = _texts(record.headers)
    return DeadLetter(
        id=_needed(told, "dl-id"),
        service=_needed(told, "dl-service"),
        origin=_origin(_DEAD, record, told),
        code=_needed(told, "dl-code"),
        error_class=told.get("dl-class", ""),
        text=told.get("dl-text", ""),
        stack=told.get("dl-stack", ""),
        attempts=_number(told.get("dl-attempts", "")) or 0,
        first_at=told.get("dl-first-at", ""),
        last_at=told.get("dl-last-at", ""),
        release=told.get("dl-release", ""),
    )


def read_deferred(record: Received) -> Deferred:
    """A deferred event from `events.deferred`. Raises NoSuchRecordError."""
    told = _texts(record.headers)
    count = _number(told.get(_COUNT, "")) or 1
    return Deferred(
        service=_needed(told, "df-service"),
        origin=_origin(_LATER, record, told),
        code=_needed(told, "df-code"),
        text=told.get("df-text", ""),
        count=count,
        first_at=told.get(_FIRST, ""),
        at=told.get("df-at", ""),
        seconds=deferral_seconds(count),
    )


def _dead_letter_id(service: str, record: Received) -> str:
    """By event where there is one, else by place and bytes: offsets begin anew where a topic was made again."""
    if record.envelope is not None:
        return "dead:" + hashed([service, record.envelope.id, record.envelope.redrive])
    return "dead:" + hashed([service, record.topic, record.partition, record.offset, hashlib.sha256(record.body).hexdigest()])


def _place(prefix: str, record: Received) -> dict[str, str]:
    return {
        f"{prefix}topic": record.topic,
        f"{prefix}partition": str(record.partition),
        f"{prefix}offset": str(record.offset),
        f"{prefix}bytes": str(len(record.body)),
    }


def _with(prefix: str, record: Received, told: dict[str, str]) -> RawHeaders:
    return (*_without(prefix, record.headers), *((name, value.encode("utf-8", "replace")) for name, value in told.items()))


def _without(prefix: str, headers: RawHeaders) -> RawHeaders:
    return tuple((name, value) for name, value in headers if not name.startswith(prefix))


def _texts(headers: RawHeaders) -> dict[str, str]:
    return {name: value.decode("utf-8", "replace") for name, value in headers if value is not None}


def _origin(prefix: str, record: Received, told: dict[str, str]) -> Origin:
    left = told.get("dl-body") == "left"
    return Origin(
        topic=_needed(told, f"{prefix}topic"),
        partition=_needed_number(told, f"{prefix}partition"),
        offset=_needed_number(told, f"{prefix}offset"),
        key=record.key,
        headers=_without(prefix, record.headers),
        body=None if left else record.body,
        size=_number(told.get(f"{prefix}bytes", "")) or len(record.body),
    )


def _needed(told: dict[str, str], name: str) -> str:
    if not (value := told.get(name)):
        raise NoSuchRecordError(f"header {name} is missing")
    return value


def _needed_number(told: dict[str, str], name: str) -> int:
    value = _number(_needed(told, name))
    if value is None:
        raise NoSuchRecordError(f"header {name} is no number: {told[name]!r}")
    return value


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _size(headers: RawHeaders) -> int:
    return sum(len(name) + len(value or b"") for name, value in headers)
