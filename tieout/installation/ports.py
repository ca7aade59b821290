"""Which ports are free, and who has those that are not."""

from __future__ import annotations

import contextlib
import os
import random
import socket
from collections.abc import Iterable
from pathlib import Path

from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation.configuration import BLOCK

HOST = "127.0.0.1"
_LISTEN = "0A"
# Below the ports that Linux gives to outgoing connections (32768 and up): such a connection could take a port while its server restarts.
_BLOCKS = range(20000, 32000, BLOCK)


def is_free(port: int) -> bool:
    """Whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: connections that have just ended do not count
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def first_free(candidates: Iterable[int], taken: Iterable[int]) -> int:
    """The first free port that is not among `taken`. Raises UserError where all are in use."""
    avoided = set(taken)
    for port in candidates:
        if port not in avoided and is_free(port):
            return port
    raise UserError(
        NOT_AVAILABLE,
        "没有空闲端口可供更多进程使用。请用 --ports 起始端口 换一段端口。",
        "no port is free for further processes. Choose other ports with --ports BASE.",
    )


def free_block() -> int:
    """The first of BLOCK consecutive ports that are all free now."""
    starts = list(_BLOCKS)
    random.shuffle(starts)
    for start in starts:
        if all(is_free(port) for port in range(start, start + BLOCK)):
            return start
    raise UserError(
        NOT_AVAILABLE,
        f"找不到 {BLOCK} 个连续的空闲端口。请用 --port 名称=端口 逐个指定。",
        f"there are no {BLOCK} free ports in a row. Name each with --port NAME=PORT.",
    )


def holder(port: int) -> str | None:
    """Who listens on a port, as `NAME (pid N)`; None where the system does not tell us (another user's process)."""
    inodes = set(_listening(port))
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            for link in os.scandir(f"/proc/{entry.name}/fd"):
                if str(Path(link.path).readlink()) in inodes:
                    return f"{Path(f'/proc/{entry.name}/comm').read_text().strip()} (pid {entry.name})"
    return None


def _listening(port: int) -> Iterable[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    yield f"socket:[{fields[9]}]"
