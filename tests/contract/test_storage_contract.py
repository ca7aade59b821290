"""The storage in memory behaves as a server's."""

from __future__ import annotations

import itertools

import pytest
from contract.storage_contract import StorageContract

from shared.storage.memory import MemoryStorage

_numbers = itertools.count()


class MemoryBench:
    """The fake."""

    def __init__(self) -> None:
        self.storage = MemoryStorage()

    def bucket(self, versioned: bool = True) -> str:
        name = f"bucket-{next(_numbers)}"
        self.storage.make_bucket(name, versioned)
        return name

    def keep_versions(self, bucket: str) -> None:
        self.storage.make_bucket(bucket, versioned=True)

    def purge(self, bucket: str, key: str, version: str) -> None:
        self.storage.purge(bucket, key, version)

    def begin_upload(self, bucket: str, key: str) -> None:
        """Nothing of an unfinished upload is there."""


class TestMemory(StorageContract):
    """The suite on the fake."""

    @pytest.fixture
    def bench(self) -> MemoryBench:
        return MemoryBench()
