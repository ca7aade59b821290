"""Which installation a command is about: that of the data folder, else the one that the TIEOUT_* variables describe."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from shared.plain_text import file_name_text, plain
from tieout import extras
from tieout.exit_codes import NOT_AVAILABLE, USAGE, UserError
from tieout.installation.display import data_option
from tieout.installation.installation import Installation
from tieout.installation.layout import Layout

if TYPE_CHECKING:
    from pydantic import ValidationError

    from services.store.adapters.sql_ledger import SqlLedger
    from services.store.adapters.sql_store import SqlStore
    from shared.settings import Settings
    from shared.storage.ports import ObjectStorage

# Any of these says that an installation elsewhere is meant; others (TIEOUT_TRACEBACK) say nothing about one.
_CHATTY = ("aiokafka", "kafka", "urllib3", "minio", "psycopg")
NAMING = ("TIEOUT_KAFKA_BOOTSTRAP", "TIEOUT_S3_ENDPOINT", "TIEOUT_DATABASE")


_LONGEST: Final = 160
_REASONS: Final = (
    (r"refused|unable to bootstrap", "连接被拒绝", "connection refused"),
    (
        r"authentication failed|InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|no password",
        "凭据未被接受",
        "credentials not accepted",
    ),
    (r"name resolution|not known|getaddrinfo", "主机名无法解析", "unknown host name"),
    (r"NoSuchBucket|bucket does not exist", "没有这个桶", "no such bucket"),
    (r"timed? ?out", "超时", "timed out"),
)


@dataclass(frozen=True)
class Target:
    """An installation as operating commands reach it.

    `local`: that of the data folder; None for one elsewhere. `settings`: addresses and credentials of its servers; secrets in it print as
    asterisks.
    """

    settings: Settings
    data: Path
    local: Installation | None

    @classmethod
    def of(cls, data: Path, environment: Mapping[str, str] | None = None) -> Target:
        """The installation that a call means. Args: environment: of the process, by default.

        Raises UserError: neither the folder nor the environment names one; a setting is wrong.
        """
        environment = os.environ if environment is None else environment
        local = installation_in(data)
        if local is None and not any(environment.get(name) for name in NAMING):
            name = file_name_text(data)
            raise UserError(
                NOT_AVAILABLE,
                f"{name} 中没有本地安装，环境中也没有 TIEOUT_* 连接设置。请先运行 tieout up，或用 --data 指定目录。",
                f"there is no installation in {name} and no TIEOUT_* setting names one. Call tieout up first, or name the folder with --data.",
            )
        extras.need("services")
        for library in _CHATTY:  # what they log about a server that is away is told in one line of ours
            logging.getLogger(library).setLevel(logging.CRITICAL + 1)
        return cls(_settings(environment if local is None else local.environment("store")), data, local)

    @property
    def name(self) -> str:
        """How the installation is called in what is printed."""
        return file_name_text(self.data) if self.local else _host(self.settings.s3_endpoint)

    def storage(self) -> ObjectStorage:
        """The object storage."""
        from shared.storage.s3 import S3Storage

        return S3Storage(self.settings)

    def store(self) -> SqlStore:
        """Documents and their results. Raises StoreUnavailable."""
        from services.store.adapters.sql_store import open_store

        return open_store(self.database())

    @contextlib.contextmanager
    def ledger(self) -> Iterator[SqlLedger]:
        """Where every submission stands. Raises StoreUnavailable."""
        from services.store.adapters.engine import open_engine
        from services.store.adapters.sql_ledger import SqlLedger

        engine = open_engine(self.database())
        try:
            yield SqlLedger(engine)
        finally:
            engine.dispose()

    def database(self) -> str:
        """URL of the database; it may hold a password. Raises UserError where none is named."""
        url = self.settings.database.get_secret_value()
        if not url:
            raise UserError(
                NOT_AVAILABLE,
                "此命令需要数据库：请用 TIEOUT_DATABASE 指定其地址。",
                "this command needs the database: name its URL in TIEOUT_DATABASE.",
            )
        return url

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Turns a server that does not answer into one line that names it and says what to do."""
        from services.store.domain.errors import Ambiguous, StoreError, StoreUnavailable
        from shared.storage.ports import StorageUnavailableError

        try:
            yield
        except Ambiguous as problem:
            raise UserError(USAGE, problem.message.zh, problem.message.en) from None
        except StoreUnavailable as problem:
            raise self.down("数据库", "the database", self.database_address, problem.message.en) from problem
        except StoreError as problem:
            raise UserError(NOT_AVAILABLE, problem.message.zh, problem.message.en) from None
        except StorageUnavailableError as problem:
            raise self.down("对象存储", "the object storage", self.settings.s3_endpoint, problem.text) from problem

    @property
    def database_address(self) -> str:
        """HOST:PORT of the database."""
        return _host(self.settings.database.get_secret_value())

    def down(self, zh: str, en: str, address: str, why: str) -> UserError:
        """The error for a server that does not answer. Args: zh, en: which one. why: in its own words; said in a few of ours."""
        remedy_zh, remedy_en = self.remedy()
        why_zh, why_en = brief(why)
        return UserError(
            NOT_AVAILABLE,
            f"{zh} {address} 没有应答（{why_zh}）。{remedy_zh}",
            f"{en} at {address} does not answer ({why_en}). {remedy_en}",
        )

    def remedy(self) -> tuple[str, str]:
        """What to do about a server that does not answer, in Chinese and English."""
        if self.local is None:
            return "请检查 TIEOUT_* 中的地址和凭据，以及网络。", "Check address and credentials in TIEOUT_*, and the network."
        if self.local.running():
            return f"请查看 tieout status{self.option}。", f"See tieout status{self.option}."
        return f"本地安装没有运行：请运行 tieout up{self.option}。", f"The installation is not running: call tieout up{self.option}."

    @property
    def option(self) -> str:
        """` --data DIR` as hints have to show it; nothing for the default folder and for an installation elsewhere."""
        return data_option(self.local.layout.data) if self.local else ""


def installation_in(data: Path) -> Installation | None:
    """The installation of a data folder, running or not; None where there is none."""
    return Installation.open(data) if Layout.of(data).settings.exists() else None


def brief(why: str) -> tuple[str, str]:
    """Why a server does not answer, in Chinese and English: libraries name whole addresses, query strings and their own classes."""
    for pattern, zh, en in _REASONS:
        if re.search(pattern, why, re.IGNORECASE):
            return zh, en
    text = plain(" ".join(why.split()))[:_LONGEST]
    return text, text


def _host(url: str) -> str:
    """HOST:PORT of an address, without the user and the password that it may hold."""
    parts = urlsplit(url)
    try:
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or "?"
    except ValueError:  # a port that is no number
        return parts.hostname or "?"


def _settings(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment, and nothing else: variables of this process say nothing about a local installation."""
    from pydantic import ValidationError
    from pydantic_settings import BaseSettings
    from pydantic_settings import PydanticBaseSettingsSource as Source

    from shared.settings import Settings

    class Given(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: Source,
            env_settings: Source,
            dotenv_settings: Source,
            file_secret_settings: Source,
        ) -> tuple[Source, ...]:
            del settings_cls, env_settings, dotenv_settings, file_secret_settings
            return (init_settings,)

    names = {f"TIEOUT_{field.upper()}": field for field in Settings.model_fields}
    values: dict[str, Any] = {names[name]: value for name, value in environment.items() if name in names}
    try:
        return Given(**values)
    except ValidationError as problem:
        raise _wrong(problem) from None


def _wrong(problem: ValidationError) -> UserError:
    """A setting that cannot be read: its name and what was expected; its value may be a secret."""
    first = problem.errors(include_input=False, include_url=False)[0]
    name = "TIEOUT_" + str(first["loc"][0]).upper()
    return UserError(USAGE, f"设置 {name} 有误：{first['msg']}。", f"the setting {name} is wrong: {first['msg']}.")
