"""The object storage on a real S3 server: the same suite as the one in memory, and how a server says that it will not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from contract.storage_contract import StorageContract
from stack.s3_bench import S3Bench

from services.store.domain.arrivals import is_listed_as
from shared.settings import Settings
from shared.storage.ports import ObjectGoneError, StorageUnavailableError
from shared.storage.s3 import S3Storage
from tieout.installation.installation import Installation

pytestmark = pytest.mark.stack


def settings_of(servers: Installation, **changes: object) -> Settings:
    access, secret = servers.s3_keys()
    return Settings(**{"s3_endpoint": servers.endpoint, "s3_access_key": access, "s3_secret_key": secret, **changes})  # type: ignore[arg-type]


@pytest.fixture
def bench(servers: Installation) -> S3Bench:
    return S3Bench(settings_of(servers))


class TestS3(StorageContract):
    """The suite on versitygw."""


def test_a_listing_of_more_than_a_servers_page_is_whole(bench: S3Bench, servers: Installation) -> None:
    bucket = bench.bucket()
    names = {f"文件/{number:04}" for number in range(1005)}
    for name in names:
        bench.storage.write(bucket, name, b"")
    large = S3Storage(settings_of(servers))
    assert {stored.key for stored in large.versions(bucket)} == names
    assert set(large.keys(bucket, "文件/")) == names


def test_keys_are_taken_from_a_file_and_again_when_it_changes(servers: Installation, bench: S3Bench, tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    access, secret = servers.s3_keys()
    file.write_text(f"[default]\naws_access_key_id = {access}\naws_secret_access_key = wrong%(secret)\n")
    storage = S3Storage(settings_of(servers, s3_access_key="", s3_secret_key="", s3_credentials=file))
    bucket = bench.bucket()
    for call in (lambda: storage.get(bucket, "a"), lambda: storage.stat(bucket, "a"), lambda: storage.write(bucket, "a", b"")):
        with pytest.raises(StorageUnavailableError) as problem:
            call()
        assert problem.value.code == "storage.denied"
    assert not storage.ready(bucket)
    file.write_text(f"[default]\naws_access_key_id = {access}\naws_secret_access_key = {secret}\n")
    with pytest.raises(ObjectGoneError):
        storage.stat(bucket, "a")


def test_connections_are_shared_by_threads(bench: S3Bench) -> None:
    bucket = bench.bucket()
    with ThreadPoolExecutor(32) as threads:
        list(threads.map(lambda number: bench.storage.write(bucket, f"{number}", b"%d" % number), range(200)))
        assert list(threads.map(lambda number: bench.storage.get(bucket, f"{number}"), range(200))) == [b"%d" % n for n in range(200)]


def test_a_key_that_a_listing_cannot_tell_is_recognised_by_the_one_that_a_notification_told(bench: S3Bench) -> None:
    """versitygw 1.7.0 writes its listing with Go's XML encoder, which has no control characters."""
    bucket, key = bench.bucket(), "财政局/a\x1b&\x01 b.pdf"
    put = bench.storage.put(bucket, key, b"one")
    (listed,) = bench.storage.versions(bucket)
    assert (put.key, listed.version) == (key, put.version)
    assert is_listed_as(key, listed.key)
    if listed.key != key:
        with pytest.raises(ObjectGoneError):
            bench.storage.stat(bucket, listed.key, listed.version)
