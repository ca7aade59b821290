"""What every object storage does: one suite for the one in memory and for real servers.

A suite's class gives `bench`: the storage, and what only a test does to a bucket.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from shared.ids import unversioned_id
from shared.storage.ports import ObjectChangedError, ObjectGoneError, ObjectStorage, StorageUnavailableError, StoredObject

KEYS = ("财政局/2025 年 部门预算+附件.pdf", "a+b c.pdf", "100%25/预算%20.pdf", "问号?和#.pdf", "&<>\"'.pdf", "很长/的/路径/文件.PDF")


class Bench(Protocol):
    """A storage under test."""

    storage: ObjectStorage

    def bucket(self, versioned: bool = True) -> str:
        """A new bucket."""

    def keep_versions(self, bucket: str) -> None:
        """Versions are kept from now on."""

    def purge(self, bucket: str, key: str, version: str) -> None:
        """Removes a version for good."""

    def begin_upload(self, bucket: str, key: str) -> None:
        """Uploads a part of an object and does not finish."""


def entries(bench: Bench, bucket: str) -> list[StoredObject]:
    return list(bench.storage.versions(bucket))


class StorageContract:
    """The suite."""

    @pytest.mark.parametrize("versioned", [True, False])
    @pytest.mark.parametrize("key", KEYS)
    def test_an_object_is_found_under_its_key_whatever_characters_it_has(
        self, bench: Bench, tmp_path: Path, key: str, versioned: bool
    ) -> None:
        bucket = bench.bucket(versioned)
        put = bench.storage.put(bucket, key, b"%PDF bytes")
        assert bench.storage.get(bucket, key) == b"%PDF bytes"
        assert list(bench.storage.keys(bucket, key[:2])) == [key]
        assert [(each.key, each.version, each.etag, each.last_modified, each.size) for each in entries(bench, bucket)] == [
            (key, put.version, put.etag, put.last_modified, 10)
        ]
        assert bench.storage.stat(bucket, key, put.version) == put
        assert bench.storage.download(put, tmp_path / "file", 100) == 10
        assert (tmp_path / "file").read_bytes() == b"%PDF bytes"

    def test_versions_stay_readable_and_the_latest_comes_first(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket()
        first, second = (bench.storage.put(bucket, "预算.pdf", data) for data in (b"one", b"two"))
        assert first.pinned
        assert [(each.version, each.latest, each.deleted) for each in entries(bench, bucket)] == [
            (second.version, True, False),
            (first.version, False, False),
        ]
        bench.storage.download(first, tmp_path / "file", 10)
        assert (tmp_path / "file").read_bytes() == b"one"
        assert bench.storage.stat(bucket, "预算.pdf").version == second.version
        assert bench.storage.stat(bucket, "预算.pdf", first.version).etag == first.etag

    def test_a_version_is_read_without_knowing_its_etag(self, bench: Bench, tmp_path: Path) -> None:
        first = bench.storage.put(bench.bucket(), "预算.pdf", b"one")
        bench.storage.download(replace(first, etag=""), tmp_path / "file", 10)
        assert (tmp_path / "file").read_bytes() == b"one"

    def test_a_delete_marker_hides_an_object_but_not_its_version(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket()
        put = bench.storage.put(bucket, "预算.pdf", b"one")
        bench.storage.remove(bucket, "预算.pdf")
        marker, below = entries(bench, bucket)
        assert (marker.deleted, marker.latest, below.version, below.latest) == (True, True, put.version, False)
        with pytest.raises(ObjectGoneError):
            bench.storage.stat(bucket, "预算.pdf")
        with pytest.raises(ObjectGoneError):
            bench.storage.get(bucket, "预算.pdf")
        with pytest.raises(ObjectGoneError):
            bench.storage.stat(bucket, "预算.pdf", marker.version)
        with pytest.raises(ObjectGoneError):
            bench.storage.download(marker, tmp_path / "file", 10)
        assert bench.storage.download(put, tmp_path / "file", 10) == 3
        assert list(bench.storage.keys(bucket, "")) == []

    def test_an_object_put_again_after_its_deletion_comes_before_the_delete_marker(self, bench: Bench) -> None:
        bucket = bench.bucket()
        first = bench.storage.put(bucket, "预算.pdf", b"one")
        bench.storage.remove(bucket, "预算.pdf")
        second = bench.storage.put(bucket, "预算.pdf", b"two")
        third = bench.storage.put(bucket, "预算.pdf", b"three")
        found = entries(bench, bucket)
        assert [each.version for each in found if not each.deleted] == [third.version, second.version, first.version]
        assert [each.deleted for each in found] == [False, False, True, False]

    def test_a_purged_version_is_gone(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket()
        first, second = (bench.storage.put(bucket, "预算.pdf", data) for data in (b"one", b"two"))
        bench.purge(bucket, "预算.pdf", first.version)
        with pytest.raises(ObjectGoneError):
            bench.storage.stat(bucket, "预算.pdf", first.version)
        with pytest.raises(ObjectGoneError):
            bench.storage.download(first, tmp_path / "file", 10)
        assert [each.version for each in entries(bench, bucket)] == [second.version]

    def test_a_version_id_of_another_server_is_gone(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket()
        put = bench.storage.put(bucket, "预算.pdf", b"one")
        foreign = StoredObject(bucket, "预算.pdf", "no-id-of-this-server", True, put.etag, 3, put.last_modified)
        with pytest.raises(ObjectGoneError):
            bench.storage.stat(bucket, "预算.pdf", foreign.version)
        with pytest.raises(ObjectGoneError):
            bench.storage.download(foreign, tmp_path / "file", 10)

    def test_without_versioning_an_object_is_known_by_etag_and_time(self, bench: Bench) -> None:
        bucket = bench.bucket(versioned=False)
        put = bench.storage.put(bucket, "预算.pdf", b"one")
        assert not bench.storage.versioned(bucket)
        assert put.version == unversioned_id(put.etag, put.last_modified)
        assert not put.pinned
        assert entries(bench, bucket) == [bench.storage.stat(bucket, "预算.pdf")]

    def test_without_versioning_an_overwritten_object_is_not_read_as_the_one_before(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket(versioned=False)
        first = bench.storage.put(bucket, "预算.pdf", b"one")
        second = bench.storage.put(bucket, "预算.pdf", b"two, corrected")
        with pytest.raises(ObjectChangedError):
            bench.storage.download(first, tmp_path / "file", 100)
        with pytest.raises(ObjectGoneError):
            bench.storage.stat(bucket, "预算.pdf", first.version)
        assert bench.storage.download(second, tmp_path / "file", 100) == 14
        bench.storage.remove(bucket, "预算.pdf")
        with pytest.raises(ObjectGoneError):
            bench.storage.download(second, tmp_path / "file", 100)
        assert entries(bench, bucket) == []

    def test_an_object_from_before_versioning_was_switched_on_keeps_its_identity(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket(versioned=False)
        before = bench.storage.put(bucket, "预算.pdf", b"one")
        bench.keep_versions(bucket)
        assert bench.storage.versioned(bucket)
        assert [each.version for each in entries(bench, bucket)] == [before.version]
        after = bench.storage.put(bucket, "预算.pdf", b"two")
        assert after.pinned
        assert [each.version for each in entries(bench, bucket)] == [after.version, before.version]
        assert bench.storage.stat(bucket, "预算.pdf", before.version).version == before.version
        assert bench.storage.download(before, tmp_path / "file", 100) == 3
        assert (tmp_path / "file").read_bytes() == b"one"
        bench.storage.remove(bucket, "预算.pdf")
        assert bench.storage.stat(bucket, "预算.pdf", before.version).version == before.version
        with pytest.raises(ObjectGoneError):
            bench.storage.download(before, tmp_path / "file", 100)

    @pytest.mark.parametrize("key", ["../预算.pdf", "a/./预算.pdf", "a/../../预算.pdf"])
    def test_a_key_that_no_client_can_ask_for_is_gone(self, bench: Bench, tmp_path: Path, key: str) -> None:
        bucket = bench.bucket()
        with pytest.raises(ObjectGoneError):
            bench.storage.stat(bucket, key)
        given = replace(bench.storage.put(bucket, "预算.pdf", b"one"), key=key)
        with pytest.raises(ObjectGoneError):
            bench.storage.download(given, tmp_path / "file", 100)

    def test_metadata_of_any_text_comes_back(self, bench: Bench) -> None:
        bucket = bench.bucket()
        about = {"department": '青禾市 财政局 50%+ / "办"', "Note": " 两端有空格 ", "percent": "%41%zz", "empty": ""}
        bench.storage.put(bucket, "预算.pdf", b"one", about)
        expected = {name.lower(): value for name, value in about.items()}
        found = bench.storage.stat(bucket, "预算.pdf").metadata
        assert {name: found.get(name, "") for name in expected} == expected
        assert bench.storage.put_file(bucket, "again.pdf", Path(__file__), {"a": "部"}).metadata == {"a": "部"}

    def test_listings_go_on_over_pages_and_name_everything_once(self, bench: Bench) -> None:
        bucket = bench.bucket()
        names = [f"{folder}/文件 {number:02}+.pdf" for folder in ("a", "a.b", "预算") for number in range(5)]
        for name in names:
            bench.storage.put(bucket, name, b"1")
            bench.storage.put(bucket, name, b"22")
        for name in names[::3]:
            bench.storage.remove(bucket, name)
        found = entries(bench, bucket)
        assert len(found) == len({(each.key, each.version) for each in found}) == 2 * len(names) + len(names[::3])
        order = list(dict.fromkeys(each.key for each in found))
        assert [each.key for each in found] == [key for key in order for each in found if each.key == key], "a key's entries stand together"
        assert sum(each.latest for each in found) == len(names)
        assert set(bench.storage.keys(bucket, "")) == set(names) - set(names[::3])
        assert sorted(bench.storage.keys(bucket, "a.b/")) == sorted(set(names[5:10]) - set(names[::3]))

    def test_no_more_than_the_limit_and_a_byte_is_read(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket()
        put = bench.storage.put(bucket, "large.pdf", b"x" * 700_000)
        assert bench.storage.download(put, tmp_path / "file", 500_000) == 500_001
        assert (tmp_path / "file").stat().st_size == 500_001
        assert bench.storage.download(put, tmp_path / "file", 700_000) == 700_000

    def test_an_empty_object_is_an_object(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket()
        put = bench.storage.put(bucket, "empty.pdf", b"")
        assert put.size == 0
        assert bench.storage.download(put, tmp_path / "file", 10) == 0
        assert bench.storage.get(bucket, "empty.pdf") == b""

    def test_an_upload_in_progress_is_not_listed(self, bench: Bench) -> None:
        bucket = bench.bucket()
        bench.begin_upload(bucket, "half.pdf")
        assert entries(bench, bucket) == []
        assert list(bench.storage.keys(bucket, "")) == []
        with pytest.raises(ObjectGoneError):
            bench.storage.stat(bucket, "half.pdf")

    def test_a_large_file_is_stored_whole(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket()
        source = tmp_path / "large.pdf"
        source.write_bytes(bytes(range(256)) * (1 << 17))  # 32 MiB
        put = bench.storage.put_file(bucket, "large.pdf", source)
        assert put.size == source.stat().st_size
        assert bench.storage.download(put, tmp_path / "file", put.size) == put.size
        assert (tmp_path / "file").read_bytes() == source.read_bytes()

    def test_writing_and_removing_may_be_repeated(self, bench: Bench, tmp_path: Path) -> None:
        bucket = bench.bucket(versioned=False)
        (tmp_path / "file").write_bytes(b"from a file")
        for _ in range(2):
            bench.storage.write(bucket, "runs/a", b"bytes")
            bench.storage.write(bucket, "runs/b", tmp_path / "file")
        assert bench.storage.get(bucket, "runs/a") == b"bytes"
        assert bench.storage.get(bucket, "runs/b") == b"from a file"
        for _ in range(2):
            bench.storage.remove(bucket, "runs/a")
        assert list(bench.storage.keys(bucket, "runs/")) == ["runs/b"]

    def test_a_missing_bucket_is_a_fault_of_the_storage_and_no_missing_object(self, bench: Bench, tmp_path: Path) -> None:
        missing = StoredObject("no-such-bucket", "a.pdf", "v", True, "", 1, "2026-01-01T00:00:00Z")
        assert not bench.storage.ready("no-such-bucket")
        assert bench.storage.ready(bench.bucket())
        for call in (
            lambda: bench.storage.stat("no-such-bucket", "a.pdf"),
            lambda: bench.storage.download(missing, tmp_path / "file", 10),
            lambda: bench.storage.get("no-such-bucket", "a.pdf"),
            lambda: list(bench.storage.versions("no-such-bucket")),
            lambda: bench.storage.put("no-such-bucket", "a.pdf", b""),
        ):
            with pytest.raises(StorageUnavailableError) as problem:
                call()
            assert problem.value.code == "storage.bucket_missing"
