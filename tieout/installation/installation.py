"""An installation as other commands and tests see it: where its servers are, how to log in, and a hand on its processes.

installation = Installation.open(Path("tieout-data"))
installation.bootstrap, installation.endpoint, installation.database
installation.environment("extractor")        # TIEOUT_* of a service
installation.kill("extractor", signal.SIGKILL); installation.stop("kafka"); installation.start("kafka")
"""

from __future__ import annotations

import configparser
import hashlib
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from shared.topics import all_topics, full_name
from tieout.exit_codes import NOT_AVAILABLE, USAGE, UserError
from tieout.installation import configuration as configurations
from tieout.installation import control
from tieout.installation.configuration import Configuration
from tieout.installation.layout import Layout
from tieout.installation.names import KAFKA, PARTS, POSTGRES, S3
from tieout.installation.status import InstallationStatus, offline_status

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Installation:
    """A local installation. All of it listens on 127.0.0.1."""

    layout: Layout
    configuration: Configuration

    @classmethod
    def open(cls, data: Path) -> Installation:
        """The installation of a data folder, running or not. Raises UserError where there is none."""
        layout = Layout.of(data)
        configuration = configurations.load(layout.settings)
        if configuration is None:
            raise UserError(
                NOT_AVAILABLE,
                f"{layout.data} 中没有本地安装。请先运行 tieout up，或用 --data 指定目录。",
                f"there is no local installation in {layout.data}. Call tieout up first, or name the folder with --data.",
            )
        return cls(layout, configuration)

    @property
    def owner(self) -> str:
        """What marks this installation's processes. The place is part of it: a copy of the data folder is another installation."""
        place = os.path.realpath(self.layout.root)
        return hashlib.sha256(f"{self.configuration.id}:{place}".encode(errors="surrogateescape")).hexdigest()[:16]

    # Addresses

    def port(self, process: str) -> int:
        """The port of a process: `kafka`, `kafka-2`, `s3`, `postgres`, `extractor`, `extractor-2`."""
        return self.configuration.ports[process]

    def address(self, process: str) -> str:
        """HOST:PORT of a process."""
        return f"{HOST}:{self.port(process)}"

    @property
    def bootstrap(self) -> str:
        """Kafka's brokers, separated by commas."""
        return ",".join(self.address(name) for name in self.configuration.names(KAFKA))

    @property
    def prefix(self) -> str:
        """What stands before the names of topics."""
        return self.configuration.prefix

    def topic(self, name: str) -> str:
        """The full name of a topic."""
        return full_name(self.prefix, name)

    @property
    def topics(self) -> dict[str, str]:
        """All topics: short name → full name."""
        return {topic.name: self.topic(topic.name) for topic in all_topics()}

    @property
    def endpoint(self) -> str:
        """URL of the S3 server."""
        return f"http://{self.address(S3)}"

    @property
    def inbox(self) -> str:
        """The bucket into which PDFs are put."""
        return self.configuration.inbox

    @property
    def artifacts(self) -> str:
        """The bucket of artifacts."""
        return self.configuration.artifacts

    @property
    def s3_credentials_file(self) -> Path:
        """File with the S3 keys in the AWS format; `minio.credentials.AWSConfigProvider(filename=…)` reads it."""
        return self.layout.s3_credentials

    def s3_keys(self) -> tuple[str, str]:
        """Access key and secret key."""
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(self.layout.s3_credentials, encoding="utf-8")
        return parser["default"]["aws_access_key_id"], parser["default"]["aws_secret_access_key"]

    @property
    def database(self) -> str:
        """URL of the database. It holds no secret: the password is in the file that it names."""
        return self.database_url(self.configuration.database)

    def database_url(self, name: str, user: str = "tieout") -> str:
        """URL of one of the server's databases; the user `postgres` may do everything."""
        return f"postgresql://{user}@{self.address(POSTGRES)}/{name}?passfile={quote(str(self.layout.passwords))}"

    def service_url(self, process: str) -> str:
        """Where a service answers `/healthz`, `/readyz` and `/metrics`."""
        return f"http://{self.address(process)}"

    def environment(self, process: str) -> dict[str, str]:
        """The TIEOUT_* variables of a service's process (`extractor`, `extractor-2`), all of them text."""
        from tieout.installation.service_environment import service_environment

        return service_environment(self, process)

    # Processes

    def running(self) -> bool:
        """Whether the supervisor lives."""
        return control.answers(self.layout)

    def status(self) -> InstallationStatus:
        """How every part is now, also when nothing runs."""
        answer = control.ask(self.layout, {"do": "status"}, timeout=15)
        return offline_status(self) if answer is None else InstallationStatus.of(self, answer)

    def pids(self, name: str) -> list[int]:
        """The process ids of a part, or of one process of it."""
        return [process.pid for process in self.status().processes if name in (process.name, process.part) and process.pid]

    def kill(self, name: str, signal_number: int = signal.SIGKILL) -> list[int]:
        """Sends a signal to a part (`extractor`) or one process of it (`extractor-2`); what dies of it is started again.

        Returns: the pids that got it. Raises UserError where there is no such process, or no supervisor.
        """
        answer = self.ask({"do": "kill", "name": self._known(name), "number": int(signal_number)})
        return [int(pid) for pid in answer["pids"]]

    def stop(self, name: str, timeout: float = 90) -> None:
        """Stops a part or a process in order and waits for its end; it stays stopped until `start`."""
        self.ask({"do": "stop", "name": self._known(name)}, timeout)

    def start(self, name: str, timeout: float = 90) -> None:
        """Starts what `stop` stopped and waits until it is ready."""
        self.ask({"do": "start", "name": self._known(name)})
        self.wait_ready([name], timeout)

    def wait_ready(self, names: Iterable[str] = (), timeout: float = 90) -> None:
        """Waits until parts or processes are up; without names, all of them. Raises TimeoutError that names what is not."""
        wanted = set(names)
        deadline = time.monotonic() + timeout
        while True:
            processes = self.status().processes
            waiting = [each for each in processes if each.state != "up" and (not wanted or wanted & {each.name, each.part})]
            if not waiting and processes:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"not up after {timeout} s: {', '.join(f'{each.name} ({each.state})' for each in waiting)}")
            time.sleep(0.1)

    def _known(self, name: str) -> str:
        known = [*PARTS, *(process for part in PARTS for process in self.configuration.names(part))]
        if name not in known:
            listed = "、".join(dict.fromkeys(known))
            raise UserError(USAGE, f"没有 {name}；有 {listed}。", f"there is no {name}; there are {listed.replace('、', ', ')}.")
        return name

    def ask(self, question: dict[str, object], timeout: float = 15) -> dict[str, list[int]]:
        """The supervisor's answer to a question (`supervisor.Supervisor` lists them). Raises UserError where none runs, or it refuses."""
        answer = control.ask(self.layout, question, timeout)
        if answer is None:
            raise UserError(
                NOT_AVAILABLE,
                f"{self.layout.data} 的本地安装没有运行。请运行 tieout up。",
                f"the installation in {self.layout.data} is not running. Call tieout up.",
            )
        return answer
