"""Opening a database: SQLite or PostgreSQL by URL, brought to the newest schema, its failures told in the store's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from services.store.adapters import ledger_schema  # noqa: F401 - its tables belong to the metadata
from services.store.adapters.schema import HEAD
from services.store.domain.errors import DiskFull, StoreError, StoreUnavailable
from shared.plain_text import file_name_text

_MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
_BUSY_SECONDS = 30  # a second writer waits this long for the first one's transaction
_MIGRATION_LOCK = 0x7469656F  # PostgreSQL advisory lock: "tieo"
_WRITING = "tieout_writing"
_PASSING = ("OperationalError", "InterfaceError", "DatabaseError")
# PostgreSQL says "defect" (InternalError, ProgrammingError) of a server that only reads (a fail-over, a full disk) and of rights taken away.
_REFUSED = ("25006", "42501")
# A server that vanished without a word (its machine, a cable) is noticed within half a minute, not after hours.
_POSTGRES = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}


def open_engine(url: str, connections: int = 15) -> Engine:
    """An engine on the database at `url`, migrated. Raises StoreUnavailable or DiskFull.

    Args: connections: to a PostgreSQL server at most; who needs one more waits.
    """
    place, engine = _engine(url, connections)
    try:
        with typed_errors(place):
            _migrate(engine, place)
    except BaseException:
        engine.dispose()
        raise
    return engine


def place_of(engine: Engine) -> str:
    """The database as it may be shown: without password."""
    if engine.dialect.name == "sqlite":
        return file_name_text(engine.url.database or "memory")
    return engine.url.render_as_string(hide_password=True)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: wholly there at the end, or not at all."""
    with typed_errors(place_of(engine)), engine.connect().execution_options(**{_WRITING: True}) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads: all its queries see the same state (PostgreSQL: repeatable read)."""
    with typed_errors(place_of(engine)), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def typed_errors(place: str) -> Iterator[None]:
    """Failures of the database as StoreUnavailable or DiskFull; a defect of ours (a constraint, a statement) passes unchanged."""
    try:
        yield
    except StoreError:
        raise
    except DBAPIError as problem:
        if _is_full(problem.orig):
            raise DiskFull.at(place) from problem
        if problem.connection_invalidated or type(problem).__name__ in _PASSING or getattr(problem.orig, "sqlstate", None) in _REFUSED:
            raise _unavailable(place, problem.orig) from problem
        raise
    except NoConnectionError as problem:  # all connections wait for a server that does not answer: no fault of what asked for one
        raise _unavailable(place, problem) from problem


def _is_full(problem: BaseException | None) -> bool:
    if isinstance(problem, sqlite3.Error):
        return getattr(problem, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(problem, "sqlstate", None) == "53100"


def _unavailable(place: str, problem: object) -> StoreUnavailable:
    reason = " ".join(str(problem).split())
    return StoreUnavailable(
        f"数据库无法使用：{place}（{reason}）。请检查路径、权限和数据库服务。",
        f"the database {place} cannot be used ({reason}). Check path, permissions and the database server.",
    )


def _engine(url: str, connections: int) -> tuple[str, Engine]:
    if url.startswith("sqlite:///"):
        # The rest is a path and taken as it is: names with %, ? or # are legal.
        path = url.removeprefix("sqlite:///")
        engine = create_engine(URL.create("sqlite", database=path), connect_args={"timeout": _BUSY_SECONDS})
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return file_name_text(path), engine
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() != "postgresql":
            raise StoreUnavailable(
                "数据库地址应以 sqlite:/// 或 postgresql:// 开头。", "the database's URL has to begin with sqlite:/// or postgresql://."
            )
        idle = min(connections, 5)
        engine = create_engine(parsed, pool_pre_ping=True, pool_size=idle, max_overflow=connections - idle, connect_args=_POSTGRES)
        return parsed.render_as_string(hide_password=True), engine
    except ModuleNotFoundError as problem:
        raise StoreUnavailable(
            f"缺少 PostgreSQL 驱动（{problem.name}），请安装附加组件 services。",
            f"the PostgreSQL driver ({problem.name}) is not installed: it is part of the extra `services`.",
        ) from problem
    except (ArgumentError, NoSuchModuleError) as problem:
        raise StoreUnavailable("数据库地址无法识别。", "the database's URL cannot be understood.") from problem


def _on_sqlite_connect(connection: Any, _: object) -> None:
    # The driver's own handling of transactions begins them late and commits before DDL; BEGIN is ours (_on_sqlite_begin).
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: what was acknowledged survives a power cut; one more fsync a document.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later could fail on the way.
    mode = " IMMEDIATE" if connection.get_execution_options().get(_WRITING) else ""
    connection.exec_driver_sql(f"BEGIN{mode}")


def _migrate(engine: Engine, place: str) -> None:
    with reading(engine) as connection:
        if _revision(connection) == HEAD:
            return
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        _upgrade(connection, place)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _upgrade(connection: Connection, place: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    revision = _revision(connection)
    try:
        ScriptDirectory.from_config(config).get_revision(revision or "base")
    except CommandError as problem:
        raise StoreUnavailable(
            f"数据库 {place} 由更新版本的 tieout 写成（结构 {revision}），请升级 tieout，或用 --data 另选目录。",
            f"the database {place} was written by a newer release of tieout (schema {revision}). Update tieout, or choose another --data.",
        ) from problem
    try:
        command.upgrade(config, "head")
    except SQLAlchemyError:
        raise
    except CommandError as problem:
        raise _unavailable(place, problem) from problem
