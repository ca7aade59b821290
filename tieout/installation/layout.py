"""Where everything of a local installation lies: `DIR/installation/` of a data folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The paths of an installation. Args: data: the data folder, absolute."""

    data: Path

    @classmethod
    def of(cls, data: Path) -> Layout:
        """The layout of a data folder, wherever the caller stands."""
        return cls(Path(os.path.abspath(data)))  # noqa: PTH100 - resolve() would follow links, and a folder may be moved behind one

    @property
    def root(self) -> Path:
        """The folder of everything else here; mode 0700."""
        return self.data / "installation"

    @property
    def settings(self) -> Path:
        """What was chosen at the first start: ports, numbers of processes."""
        return self.root / "settings.json"

    @property
    def state(self) -> Path:
        """What the supervisor runs, for the time when it does not answer."""
        return self.root / "state.json"

    @property
    def lock(self) -> Path:
        """Held by `up` and `down`: one at a time."""
        return self.root / "lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor while it lives."""
        return self.root / "supervisor.lock"

    @property
    def control(self) -> Path:
        """The supervisor's Unix socket."""
        return self.root / "control"

    @property
    def s3_credentials(self) -> Path:
        """The S3 keys, in the AWS format."""
        return self.root / "s3-credentials"

    @property
    def passwords(self) -> Path:
        """The passwords of PostgreSQL, in the format of pgpass."""
        return self.root / "pgpass"

    @property
    def buckets(self) -> Path:
        """The folder whose subfolders are buckets."""
        return self.root / "s3"

    @property
    def versions(self) -> Path:
        """Older versions of objects."""
        return self.root / "versions"

    @property
    def sidecar(self) -> Path:
        """Metadata of objects, on file systems without extended attributes. Its name must not begin with that of `buckets`: the S3 server
        (1.7.0) compares beginnings and takes it for a folder inside.
        """
        return self.root / "metadata"

    @property
    def cluster(self) -> Path:
        """The database cluster of PostgreSQL."""
        return self.root / "postgres"

    def kafka(self, node: int) -> Path:
        """The folder of a Kafka node, counted from 1."""
        return self.root / "kafka" / str(node)

    def work(self, process: str) -> Path:
        """The scratch folder of a process of a service."""
        return self.root / "work" / process

    def log(self, process: str) -> Path:
        """The log of a process."""
        return self.root / "logs" / f"{process}.log"
