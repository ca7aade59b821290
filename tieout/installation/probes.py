"""Whether a server or service is ready: asked over its own port, in its own language."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable

HOST = "127.0.0.1"
Probe = Callable[[], Awaitable[str | None]]
"""Returns None where it is ready, else what is not."""


def answers_tcp(port: int) -> Probe:
    """Ready when the port is open: Kafka opens it last of all."""

    async def probe() -> str | None:
        async with _connection(port):
            return None

    return probe


def answers_http(port: int, path: str) -> Probe:
    """Ready when GET PATH is answered with 200."""

    async def probe() -> str | None:
        async with _connection(port) as (reader, writer):
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode())
            head, _, body = (await reader.read(65536)).partition(b"\r\n\r\n")
        status = head.split(b" ", 2)[1:2]
        if status == [b"200"]:
            return None
        return f"{path} {b''.join(status).decode('ascii', 'replace')} {' '.join(body.decode('utf-8', 'replace').split())}"[:300].strip()

    return probe


def answers_postgres(port: int, user: str, database: str) -> Probe:
    """Ready when a log-in is answered with the question for a password; while it starts, recovers or stops, the answer is an error."""

    async def probe() -> str | None:
        parameters = b"".join(part.encode() + b"\0" for part in ("user", user, "database", database)) + b"\0"
        async with _connection(port) as (reader, writer):
            writer.write(struct.pack("!ii", 8 + len(parameters), 3 << 16) + parameters)  # StartupMessage, protocol 3.0
            kind = await reader.readexactly(1)
            if kind == b"R":  # Authentication…
                return None
            fields = await reader.read(4096)
        message = next((field[1:] for field in fields[4:].split(b"\0") if field[:1] == b"M"), b"not ready")
        return message.decode("utf-8", "replace")

    return probe


async def ask(probe: Probe, seconds: float) -> str | None:
    """What a probe says within so many seconds; failures to connect are said as such."""
    try:
        async with asyncio.timeout(seconds):
            return await probe()
    except TimeoutError:
        return "no answer"
    except (OSError, asyncio.IncompleteReadError) as problem:
        return "port closed" if isinstance(problem, ConnectionRefusedError) else "connection broken"


@contextlib.asynccontextmanager
async def _connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
