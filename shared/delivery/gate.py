"""Ordinary work goes side by side; a second try of what failed goes alone, so that it cannot harm its neighbours nor they it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Many may be inside together, or one alone. Whoever wants to be alone goes before those that come later."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._inside = 0
        self._alone = False
        self._want_alone = 0

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Inside with others, while nobody is or wants to be alone."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._alone and not self._want_alone)
            self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
            await self._tell()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Inside with nobody else."""
        async with self._changed:
            self._want_alone += 1
            try:
                await self._changed.wait_for(lambda: not self._alone and not self._inside)
                self._alone = True
            finally:
                self._want_alone -= 1
                self._changed.notify_all()
        try:
            yield
        finally:
            self._alone = False
            await self._tell()

    async def _tell(self) -> None:
        # Shielded: a task that is cancelled on its way out must still wake the others.
        await asyncio.shield(self._notify())

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()
