"""Identifiers made of content: the same thing has the same id wherever, whenever and however often it is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from shared.contracts.normalized import NormalizedDocument


def hashed(parts: Sequence[str | int | None]) -> str:
    """40 hexadecimal digits over a list of values. Names with lone surrogates (bytes that are no UTF-8) have one as well."""
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=True).encode()).hexdigest()[:40]


def object_id(bucket: str, key: str, version: str) -> str:
    """Key of an object version in the ledger.

    Args: version: the bucket's version id; without versioning `unversioned_id` makes one of ETag and last-modified.
    """
    return "obj:" + hashed([bucket, key, version])


UNVERSIONED = "etag:"
"""How the stand-in for a version begins, in a bucket without versioning."""


def unversioned_id(etag: str, last_modified: str) -> str:
    """Stands for the version of an object in a bucket without versioning. Args: etag: without quotes. last_modified: ISO 8601, UTC."""
    return f"{UNVERSIONED}{etag}@{last_modified}"


def is_unversioned(version: str) -> bool:
    """Whether a version is such a stand-in."""
    return version.startswith("etag:")


def filing_id(document: NormalizedDocument) -> str | None:
    """Key of the filing that a document belongs to; null where the document does not say enough.

    Without entity or year, or for kinds other than budget and final accounts, unrelated documents would meet in one filing and supersede
    each other; such a document stands alone until a person assigns it.
    """
    if not document.entity or document.year is None or document.kind == "other":
        return None
    return "filing:" + hashed([document.region, document.entity, document.year, document.kind, document.level])


def event_id(type_: str, subject: str, *inputs: str) -> str:
    """Id of an event: the same event, sent again for whatever reason, has the same id.

    Args: type_: the event's type. subject: what it is about. inputs: what else decides its content: versions, digests, submission.
    """
    return "evt:" + hashed([type_, subject, *inputs])


def stage_event_id(topic: str, document: str, object_identifier: str, version: str, digest: str) -> str:
    """Id of the event that tells a stage's result: by the stage when it is made, by the store when it sends it again.

    Args: topic: its short name. version, digest: of the stage's own run. The same result for another submission is another event.
    """
    return event_id(f"tieout.{topic}", document, object_identifier, version, digest)


def trace_parent(object_identifier: str) -> str:
    """W3C `traceparent` of all that happens to an object: its trace is known from its id, also after a repair."""
    digest = hashlib.sha256(object_identifier.encode()).hexdigest()
    return f"00-{digest[:32]}-{digest[32:48]}-01"
