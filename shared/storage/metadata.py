"""User metadata of objects: any text, in headers that carry ASCII only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

_PREFIX: Final = "x-amz-meta-"


def to_headers(metadata: Mapping[str, str]) -> dict[str, str]:
    """Headers for metadata: values percent-encoded UTF-8, lone surrogates replaced."""
    return {_PREFIX + name.lower(): quote(value, safe="/:@._-+=,", errors="replace") for name, value in metadata.items()}


def from_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Metadata among an answer's headers.

    Values of other programs may be raw UTF-8, which HTTP libraries read as Latin-1; a percent sign that encodes nothing stays as it is.
    """
    found = {name.lower()[len(_PREFIX) :]: value for name, value in headers.items() if name.lower().startswith(_PREFIX)}
    return {name: unquote(_utf8(value)) for name, value in found.items()}


def _utf8(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
