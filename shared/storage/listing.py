"""What S3 answers to ListObjectVersions and ListObjectsV2, as values.

minio-py has parsers of its own; they fail on the delete markers of versitygw 1.7.0 (times with nine digits of a second) and give delete
markers after all versions of a page, so that it cannot be told which versions of a key lie under one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote_plus
from xml.etree import ElementTree

from shared.ids import unversioned_id
from shared.storage.ports import StoredObject

NULL_VERSION: Final = "null"
"""The id of a version that a bucket without versioning keeps: it can be overwritten."""

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ULID: Final = re.compile(rf"[{_CROCKFORD}]{{26}}")


@dataclass(frozen=True)
class Page:
    """A page of a listing. `after`: query parameters that ask for the next one; none where this is the last."""

    objects: tuple[StoredObject, ...]
    after: dict[str, str]


def whole_seconds(moment: datetime) -> str:
    """A time as tieout knows an object's: ISO 8601, UTC, whole seconds, because HEAD says no more and must agree with listings."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_pinned(version: str | None) -> bool:
    """Whether a version id stands for one state of an object for good."""
    return bool(version) and version != NULL_VERSION


def identified(version: str | None, etag: str, last_modified: str) -> tuple[str, bool]:
    """(version, pinned) of an object: the bucket's version id, else the stand-in made of ETag and time."""
    if version and is_pinned(version):
        return version, True
    return unversioned_id(etag, last_modified), False


def versions_page(bucket: str, body: bytes, after: Mapping[str, str]) -> Page:
    """A page of ListObjectVersions: the entries of a key stand together, the latest first.

    Args: after: what the page was asked for with. The marker's key comes first, as it may continue the page before; the marker itself is
    left out: versitygw 1.7.0 gives it again where it is the live object.
    """
    key_marker, version_marker = after.get("key-marker", ""), after.get("version-id-marker", "")
    root = ElementTree.fromstring(body)
    decode = _decoder(root)
    next_key, next_version = decode(_text(root, "NextKeyMarker")), _text(root, "NextVersionIdMarker")
    found = [_entry(bucket, element, decode) for element in root if _name(element) in ("Version", "DeleteMarker")]
    found = [each for each in found if not (each.pinned and (each.key, each.version) == (key_marker, version_marker))]
    # versitygw lists markers and versions apart and gives a marker the time at which it was superseded: its version ids (ULIDs) tell the
    # order. Elsewhere the order of the listing is right already, and sorting by the same order changes nothing.
    found.sort(key=_age, reverse=True)
    found.sort(key=lambda each: (each.key != key_marker, each.key == next_key, each.key, not each.latest))
    if _text(root, "IsTruncated") != "true":
        return Page(tuple(found), {})
    return Page(tuple(found), {"key-marker": next_key, **({"version-id-marker": next_version} if next_version else {})})


def keys_page(body: bytes) -> tuple[tuple[str, ...], dict[str, str]]:
    """Keys of a page of ListObjectsV2, and the query parameters that ask for the next page (none: it is the last)."""
    root = ElementTree.fromstring(body)
    decode = _decoder(root)
    keys = tuple(decode(_text(element, "Key")) for element in root if _name(element) == "Contents")
    token = _text(root, "NextContinuationToken")
    return keys, {"continuation-token": token} if _text(root, "IsTruncated") == "true" and token else {}


def _entry(bucket: str, element: ElementTree.Element, decode: Callable[[str], str]) -> StoredObject:
    etag = _text(element, "ETag").strip('"')
    last_modified = whole_seconds(_moment(_text(element, "LastModified")))
    version, pinned = identified(_text(element, "VersionId"), etag, last_modified)
    return StoredObject(
        bucket=bucket,
        key=decode(_text(element, "Key")),
        version=version,
        pinned=pinned,
        etag=etag,
        size=int(_text(element, "Size") or 0),
        last_modified=last_modified,
        latest=_text(element, "IsLatest") != "false",
        deleted=_name(element) == "DeleteMarker",
    )


def _age(stored: StoredObject) -> tuple[float, str]:
    if stored.pinned and _ULID.fullmatch(stored.version):
        return _ulid_seconds(stored.version), stored.version
    return datetime.fromisoformat(stored.last_modified).timestamp(), ""


def _ulid_seconds(ulid: str) -> float:
    milliseconds = 0
    for digit in ulid[:10]:
        milliseconds = milliseconds * 32 + _CROCKFORD.index(digit)
    return milliseconds / 1000


def _moment(text: str) -> datetime:
    """Args: text: ISO 8601 with any number of digits of a second, or none."""
    return datetime.fromisoformat(re.sub(r"\.\d+", "", text))


def _decoder(root: ElementTree.Element) -> Callable[[str], str]:
    """How keys are written in an answer: encoded only where it says so."""
    return unquote_plus if _text(root, "EncodingType") == "url" else str


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if _name(child) == name)


def _text(element: ElementTree.Element, name: str) -> str:
    return next((child.text or "" for child in _children(element, name)), "")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
