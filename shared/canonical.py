"""Canonical JSON and content digests: the same value gives the same bytes (docs/architecture.md, "identity is content")."""

from __future__ import annotations

import hashlib

import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="string", order=None)


def canonical_json(value: object) -> bytes:
    """Canonical JSON of a contract model: keys in the order of the model's fields, UTF-8, no white space, one line.

    Plain dictionaries keep their own order: models use them only where the order is fixed by the producer.
    """
    return _ENCODER.encode(value)


def digest(data: bytes) -> str:
    """`sha256:HEX` of bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def points(value: float) -> float:
    """A coordinate in points as it travels: to .01, never `-0.0`."""
    return round(value, 2) + 0.0


def share(value: float) -> float:
    """A confidence as it travels: 0 to 1, to .01."""
    return round(min(1.0, max(0.0, value)), 2) + 0.0
