"""What an object of the inbox is to the ledger: its id, its name, its department; and which objects are none of its business."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from services.store.domain.ledger import FoundObject
from shared.contracts.common import ObjectRef, Submission
from shared.ids import object_id
from shared.storage.ports import StoredObject

DEPARTMENT = "department"
"""User metadata that names the department (`tieout put --department`); without it the key's first folder does."""

UNTOLD: Final = "\ufffd"
"""What a listing writes for a character of a key that XML cannot carry (a control character; versitygw 1.7.0): which one, it does not tell."""

_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_listed_as(key: str, listed_key: str) -> bool:
    """Whether a listing may show a key like this."""
    return _NOT_IN_XML.sub(UNTOLD, key) == listed_key


def is_folder_marker(key: str, size: int) -> bool:
    """Whether an object is only a folder, as file managers make them: a key that ends in a slash, and no bytes."""
    return key.endswith("/") and size == 0


def identity_of(stored: StoredObject) -> str:
    """Key of an object version in the ledger."""
    return object_id(stored.bucket, stored.key, stored.version)


def department_of(stored: StoredObject) -> str | None:
    """Who put it there: as its metadata says, else the first folder of its key; null for a key without folders."""
    folder, slash, _ = stored.key.lstrip("/").partition("/")
    return stored.metadata.get(DEPARTMENT) or (folder if slash else None) or None


def found_object(stored: StoredObject) -> FoundObject:
    """An object with its metadata as intake notes it. The name is the last part of its key."""
    name = stored.key.rstrip("/").rpartition("/")[2] or stored.key
    return FoundObject(
        object=identity_of(stored),
        submission=Submission(
            name=name,
            department=department_of(stored),
            object=ObjectRef(bucket=stored.bucket, key=stored.key, version=stored.version, last_modified=stored.last_modified),
        ),
        size=stored.size,
        etag=stored.etag,
    )


@dataclass(frozen=True)
class Listed:
    """An object version of the inbox. `hidden`: a later delete marker lies over it, so it was deleted although it can still be read."""

    stored: StoredObject
    hidden: bool

    @property
    def object(self) -> str:
        """Its id in the ledger."""
        return identity_of(self.stored)


def listed(versions: Iterable[StoredObject]) -> Iterator[Listed]:
    """The object versions of a listing without delete markers and folder markers.

    Args: versions: by key, and within a key the latest first (S3's order of ListObjectVersions).
    """
    for _, same_key in groupby(versions, key=lambda stored: stored.key):
        hidden = False
        for stored in same_key:
            if stored.deleted:
                hidden = True
            elif not is_folder_marker(stored.key, stored.size):
                yield Listed(stored, hidden)
