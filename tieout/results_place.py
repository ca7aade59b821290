"""Where the results of a data folder are: in the folder itself, in a database named by the environment, or with an installation."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from services.store.adapters.artifact_folder import ArtifactFolder
from services.store.domain.errors import ArtifactMissing, ArtifactUnavailable
from services.store.ports import Artifacts
from shared.contracts.common import Message
from shared.plain_text import file_name_text
from shared.storage.artifacts import ArtifactBucket, ArtifactMissingError
from shared.storage.ports import StorageUnavailableError
from tieout.exit_codes import USAGE, UserError

if TYPE_CHECKING:
    from tieout.operations.target import Target

DATABASE_VARIABLE = "TIEOUT_DATABASE"
"""Environment variable: URL of a PostgreSQL database for the results, in place of the folder's SQLite file."""
STORAGE_VARIABLE = "TIEOUT_S3_ENDPOINT"
"""Environment variable: S3 endpoint of an installation elsewhere; with it, artifacts are read from its bucket."""


class ResultsPlace:
    """Where rows and artifacts are.

    Args: folder: the data folder. writing: for an embedded run, which writes into the folder (rows: where `TIEOUT_DATABASE` says). An
    installation in the folder comes before both: its results are the services' own, and no run writes there.
    `note`: what to tell whoever reads here, or None.
    Raises UserError: a run would write into an installation's folder.
    """

    def __init__(self, folder: Path, writing: bool) -> None:
        from tieout.operations.target import Target, installation_in

        self._folder = folder
        self.sqlite = folder / "store.sqlite"
        self._target: Target | None = None
        self.database = os.environ.get(DATABASE_VARIABLE, "")
        local = installation_in(folder)
        if local is not None and writing:
            raise _belongs_to_services(folder)
        if local is not None or (not writing and self.database and os.environ.get(STORAGE_VARIABLE)):
            self._target = Target.of(folder)
            self.database = self._target.settings.database.get_secret_value()
        self.note = _other_store(self.sqlite) if local is not None and self.sqlite.exists() else None

    def artifacts(self) -> Artifacts:
        """The artifacts by digest."""
        if self._target is None:
            return ArtifactFolder(self._folder / "artifacts")
        return _ReadBucket(ArtifactBucket(self._target.storage(), self._target.settings.s3_artifacts))

    @property
    def installation(self) -> Target | None:
        """The installation whose results these are; None for a folder's own."""
        return self._target

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Names the server of an installation that does not answer, with the remedy."""
        with self._target.told() if self._target else contextlib.nullcontext():
            yield


class _ReadBucket:
    """An installation's artifacts, to be read: the services make them."""

    def __init__(self, bucket: ArtifactBucket) -> None:
        self._bucket = bucket

    def get(self, digest: str) -> bytes:
        """The bytes of an artifact, verified."""
        try:
            return self._bucket.get(digest)
        except ArtifactMissingError as problem:
            raise ArtifactMissing(f"桶中没有产物 {digest}，请重新处理该文件。", f"{problem.text}; process the document again.") from problem
        except StorageUnavailableError as problem:
            raise ArtifactUnavailable(
                f"对象存储没有应答（{problem.text}）。", f"the object storage does not answer ({problem.text})."
            ) from problem

    def put(self, data: bytes) -> str:
        """Stores bytes; returns their digest."""
        return self._bucket.put(data)

    def put_file(self, path: Path) -> str:
        """The same for a file."""
        return self._bucket.put_file(path)


def _belongs_to_services(folder: Path) -> UserError:
    name = file_name_text(folder)
    return UserError(
        USAGE,
        f"{name} 中是本地安装，结果由各服务写入。请用 tieout put 上传文件，或用 --data 为 run 另选目录。",
        f"{name} holds an installation, whose results are written by its services. Upload files with tieout put, or choose another folder "
        "for this run with --data.",
    )


def _other_store(sqlite: Path) -> Message:
    """What to say of an embedded run's results beside an installation, so that nobody takes one for the other."""
    name = file_name_text(sqlite)
    return Message(
        zh=f"显示的是本地安装的结果；{name} 是 tieout run 的结果，要查看请把它和 artifacts 移到单独的目录。",
        en=f"these are the installation's results; {name} holds those of tieout run: move it with artifacts to a folder of its own to see them.",
    )
