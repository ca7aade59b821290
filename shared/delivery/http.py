"""/healthz, /readyz and /metrics, served inside the service's own event loop: a loop that stands still answers nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import msgspec
import uvicorn

from shared.telemetry.meter import CONTENT_TYPE, Meter

Report = Callable[[], Awaitable[tuple[bool, Mapping[str, object]]]]
"""Whether all is well, and what to show."""

Scope = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class _Server(uvicorn.Server):
    """Leaves signals to the service."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield


def make_server(host: str, port: int, alive: Report, ready: Report, meter: Meter) -> uvicorn.Server:
    """A server to `await .serve()` in a task and end by `.should_exit = True`."""

    async def answer(scope: Scope, _: object, send: Send) -> None:
        if scope["type"] != "http":
            return
        match scope["path"]:
            case "/healthz":
                await _json(send, *await alive())
            case "/readyz":
                await _json(send, *await ready())
            case "/metrics":
                await _send(send, 200, meter.text(), CONTENT_TYPE)
            case _:
                await _send(send, 404, b"/healthz /readyz /metrics\n", "text/plain; charset=utf-8")

    config = uvicorn.Config(answer, host=host, port=port, log_config=None, access_log=False, lifespan="off", ws="none", loop="none")
    return _Server(config)


async def _json(send: Send, well: bool, report: Mapping[str, object]) -> None:
    await _send(send, 200 if well else 503, msgspec.json.encode({"ok": well, **report}) + b"\n", "application/json")


async def _send(send: Send, status: int, body: bytes, kind: str) -> None:
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
