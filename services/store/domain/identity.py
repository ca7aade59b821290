"""Keys of what the store holds, made from content alone: the same thing has the same key wherever and whenever it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from shared.contracts.common import Submission
from shared.ids import hashed

Stage = Literal["extract", "normalize", "validate"]
STAGES: Final[tuple[Stage, ...]] = ("extract", "normalize", "validate")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """The text as every database can hold it: a byte that is no UTF-8 becomes `\\xNN`, NUL becomes U+FFFD.

    PostgreSQL refuses NUL in text; neither database takes lone surrogates, which stand for such bytes in file names.
    """
    if text.isascii():
        return text if "\0" not in text else text.replace("\0", "\ufffd")
    return _LONE_SURROGATE.sub(_escaped, text).replace("\0", "\ufffd")


def all_storable(texts: Iterable[str | None]) -> bool:
    """Whether `storable` would leave all of these texts as they are; one scan for many rows."""
    joined = "".join(filter(None, texts))
    return "\0" not in joined and (joined.isascii() or not _LONE_SURROGATE.search(joined))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else "\ufffd"


def submission_id(submission: Submission, document_id: str | None) -> str:
    """Key of one arrival: name, department, object, and the bytes that arrived. A file changed and put back is a new arrival."""
    place = submission.object
    parts: list[str | int | None] = [submission.name, submission.department, document_id]
    parts += [place.bucket, place.key, place.version, place.last_modified] if place else [None] * 4
    return "sub:" + hashed(parts)


def version_order(version: str) -> tuple[tuple[int, ...], str]:
    """Order of producer versions, for use only where none was activated: by release number, then by text."""
    release = version.partition("+")[0]
    return tuple(int(number) for number in re.findall(r"\d+", release)), version
