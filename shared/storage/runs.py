"""Which runs of a stage are finished: beside the artifacts, by stage, version and the digest of what went in."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import msgspec

from shared.canonical import canonical_json
from shared.contracts.common import Model
from shared.contracts.events import StageName
from shared.storage.artifacts import ArtifactBucket, is_digest
from shared.storage.ports import ObjectGoneError, ObjectStorage


class Run(Model, frozen=True, kw_only=True):
    """A finished run: the digest of its artifact and the number of its uncompressed bytes."""

    digest: str
    bytes: int


_DECODER: Final = msgspec.json.Decoder(Run)


class RunIndex:
    """Finished runs. Both methods raise StorageUnavailableError where the storage does not answer."""

    def __init__(self, storage: ObjectStorage, bucket: str) -> None:
        self._storage, self._bucket = storage, bucket
        self._artifacts = ArtifactBucket(storage, bucket)

    def find(self, stage: StageName, version: str, input_digest: str) -> Run | None:
        """The run of a stage's version on an input; null where there is none, its record is damaged, or its artifact is not there any more."""
        try:
            run = _DECODER.decode(self._storage.get(self._bucket, _key(stage, version, input_digest)))
        except (ObjectGoneError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return run if is_digest(run.digest) and self._artifacts.has(run.digest) else None

    def keep(self, stage: StageName, version: str, input_digest: str, run: Run) -> None:
        """Notes a finished run. Its artifact has to be there already."""
        self._storage.write(self._bucket, _key(stage, version, input_digest), canonical_json(run))


def _key(stage: StageName, version: str, input_digest: str) -> str:
    return f"runs/{stage}/{quote(version, safe='+')}/{input_digest.removeprefix('sha256:')}.json"
