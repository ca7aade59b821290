"""How the command line speaks to the supervisor: one line of JSON there and one back, over a Unix socket in the installation's folder."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator, Mapping
from typing import Any

from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation.layout import Layout

LONGEST = 1 << 20


@contextlib.contextmanager
def socket_address(layout: Layout) -> Iterator[str]:
    """The socket's address. Addresses of Unix sockets hold 107 bytes, data folders more: so it goes by the open folder's number."""
    folder = os.open(layout.root, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{layout.control.name}"
    finally:
        os.close(folder)


def ask(layout: Layout, question: Mapping[str, object], timeout: float = 15) -> dict[str, Any] | None:
    """The supervisor's answer; None where none lives. Raises UserError where it refuses, or does not answer in `timeout` seconds."""
    try:
        with socket_address(layout) as address, socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            connection.connect(address)
            connection.sendall(json.dumps(question).encode() + b"\n")
            line = connection.makefile("rb").readline(LONGEST)
    except TimeoutError:
        raise UserError(
            NOT_AVAILABLE,
            f"监管进程在 {timeout:g} 秒内没有完成“{question['do']}”。请查看 tieout logs supervisor。",
            f"the supervisor did not finish '{question['do']}' within {timeout:g} s. See tieout logs supervisor.",
        ) from None
    except OSError:  # no socket, or nobody behind it
        return None
    if not line:
        return None
    answer: dict[str, Any] = json.loads(line)
    if "error" in answer:
        raise UserError(NOT_AVAILABLE, answer["error"], answer["error"])
    return answer


def answers(layout: Layout) -> bool:
    """Whether a supervisor lives."""
    return ask(layout, {"do": "hello"}, timeout=10) is not None
