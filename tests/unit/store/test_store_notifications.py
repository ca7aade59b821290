"""Reading S3 notifications, and what an object is to the ledger."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.store.domain.arrivals import department_of, found_object, is_folder_marker, listed
from services.store.domain.notifications import Hint, Notification, read_notification
from shared.ids import object_id
from shared.storage.ports import StoredObject


def record(key: str, version: str | None = None, event: str = "s3:ObjectCreated:Put", bucket: str = "inbox") -> dict[str, Any]:
    """A record as S3 servers send it."""
    return {"eventName": event, "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": 3, "eTag": "e", "versionId": version}}}


def notification(*records: Any) -> bytes:
    """A notification with these records."""
    return json.dumps({"EventName": "s3:ObjectCreated:Put", "Records": list(records)}).encode()


def stored(key: str, **changes: Any) -> StoredObject:
    """An object in the bucket."""
    values: dict[str, Any] = {
        "bucket": "inbox", "key": key, "version": "v1", "pinned": True, "etag": "e", "size": 10, "last_modified": "2026-01-02T03:04:05Z",
    }  # fmt: skip
    return StoredObject(**{**values, **changes})


def test_a_key_that_may_be_escaped_is_tried_both_ways_the_given_one_first() -> None:
    escaped = "%E6%9E%97%E4%B8%9A%E5%B1%80/2025+%E9%A2%84%E7%AE%97.pdf"
    assert read_notification(notification(record(escaped))).hints == (Hint("inbox", (escaped, "林业局/2025 预算.pdf"), None),)


def test_a_plain_key_is_tried_once() -> None:
    assert read_notification(notification(record("林业局/预算.pdf"))).hints == (Hint("inbox", ("林业局/预算.pdf",), None),)


def test_a_version_is_kept_and_a_null_one_is_none() -> None:
    hints = read_notification(
        notification(record("a.pdf", "v7"), record("b.pdf", None), record("c.pdf", ""), record("d.pdf", "null"))
    ).hints
    assert [hint.version for hint in hints] == ["v7", None, None, None]


@pytest.mark.parametrize("event", ["s3:ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated"])
def test_a_removal_is_counted_and_hints_at_nothing(event: str) -> None:
    assert read_notification(notification(record("a.pdf", event=event))) == Notification(removed=1)


@pytest.mark.parametrize("event", ["s3:TestEvent", "TestEvent"])
def test_a_test_event_says_nothing(event: str) -> None:
    assert read_notification(json.dumps({"Service": "Amazon S3", "Event": event, "Bucket": "inbox"}).encode()) == Notification()


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"{", b"7", b"null", b'"text"', b"[]", b"{}", b'{"Records": 5}', b"[" * 100_000],
    ids=["empty", "not UTF-8", "cut off", "number", "null", "text", "list", "nothing in it", "no list", "deep"],
)
def test_a_body_of_no_meaning_is_told_and_not_raised(body: bytes) -> None:
    assert read_notification(body) == Notification(unreadable=1)


@pytest.mark.parametrize(
    "damaged",
    [None, 7, {}, {"s3": None}, {"s3": {"bucket": {"name": 3}, "object": {"key": "a"}}}, record(""), record("a", bucket="")],
    ids=["null", "number", "empty", "no s3", "bucket is a number", "no key", "no bucket"],
)
def test_a_damaged_record_does_not_hide_the_one_beside_it(damaged: Any) -> None:
    found = read_notification(notification(damaged, record("a.pdf")))
    assert found == Notification((Hint("inbox", ("a.pdf",), None),), unreadable=1)


def test_the_department_is_the_metadatas_else_the_first_folders() -> None:
    assert department_of(stored("林业局/2025/a.pdf")) == "林业局"
    assert department_of(stored("林业局/a.pdf", metadata={"department": "档案馆"})) == "档案馆"
    assert department_of(stored("a.pdf")) is None
    assert department_of(stored("/a.pdf")) is None


def test_an_object_is_noted_under_its_version_with_the_last_part_of_its_key_as_name() -> None:
    found = found_object(stored("林业局/2025 预算+说明.pdf"))
    assert found.object == object_id("inbox", "林业局/2025 预算+说明.pdf", "v1")
    assert found.submission.name == "2025 预算+说明.pdf"
    assert found.submission.object is not None
    assert found.submission.object.last_modified == "2026-01-02T03:04:05Z"
    assert found_object(stored("folder/")).submission.name == "folder"
    assert found_object(stored("//")).submission.name == "//"


def test_only_an_empty_object_whose_key_ends_in_a_slash_is_a_folder() -> None:
    assert is_folder_marker("a/", 0)
    assert not is_folder_marker("a/", 5)
    assert not is_folder_marker("a", 0)


def test_versions_under_a_delete_marker_are_hidden_those_above_it_are_not() -> None:
    versions = [
        stored("a.pdf", version="3"), stored("a.pdf", version="2", deleted=True), stored("a.pdf", version="1"),
        stored("b.pdf", version="1"), stored("folder/", size=0),
    ]  # fmt: skip
    assert [(each.stored.key, each.stored.version, each.hidden) for each in listed(versions)] == [
        ("a.pdf", "3", False), ("a.pdf", "1", True), ("b.pdf", "1", False),
    ]  # fmt: skip
