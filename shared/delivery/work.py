"""Work in child processes, awaited by the event loop: how a child's end becomes a failure with a code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from shared.limits import Limits
from shared.sandbox import Sandbox

Result = TypeVar("Result")

_GRACE_SECONDS: Final = 20.0
"""What a record takes besides the child: download, artifact, publishing on a slow day."""


def last_resort(limits: Limits) -> float:
    """Seconds after which the parent ends a child, whatever it does: the deadline of the longest document and a little."""
    return limits.deadline(limits.pages) + 5.0


async def run_in_child(sandbox: Sandbox, seconds: float, last_resort: float, function: Callable[..., Result], *arguments: Any) -> Result:
    """`function(*arguments)` in a child of the sandbox; the event loop goes on meanwhile.

    Args: seconds, last_resort: as in `Sandbox.submit`.
    Raises: PoisonError: the child was ended: code `timeout`, `memory` or `crashed`. Whatever the function raised. Never CancelledError,
    unless the awaiting task itself was cancelled (then the child's task is cancelled too).
    """
    raise NotImplementedError


def sandbox_alive(sandbox: Sandbox) -> bool:
    """Whether the sandbox still takes tasks: a pulse for `ServiceApp.pulses`."""
    raise NotImplementedError
