"""What several contract models share: the base class, boxes, producer, submission, messages in two languages."""

from __future__ import annotations

import msgspec

Box = tuple[float, float, float, float]
"""(x0, top, x1, bottom), PDF points from the top left corner of the page as shown, to .01."""

NO_BOX: Box = (0.0, 0.0, 0.0, 0.0)


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all contract models: immutable, unknown fields ignored when read (newer producers may add fields)."""


class Message(Model, frozen=True, kw_only=True):
    """A sentence for people in Chinese and English."""

    zh: str
    en: str


class Producer(Model, frozen=True, kw_only=True):
    """Which stage made a result, in which version: release, digest of its data, digest of the settings that change results."""

    name: str
    version: str


class ObjectRef(Model, frozen=True, kw_only=True):
    """The object in a bucket (or the file in a folder: bucket `file`, key = path) that a submission came from."""

    bucket: str
    key: str
    version: str | None = None
    last_modified: str | None = None


class Submission(Model, frozen=True, kw_only=True):
    """One arrival of a document. No part of a result, of its digest or of its key: the shell adds it."""

    name: str
    department: str | None = None
    object: ObjectRef | None = None
