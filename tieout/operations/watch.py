"""`tieout watch`: how the installation is and what waits where, live, once, or as JSON."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Callable
from typing import Final

from shared.canonical import canonical_json
from tieout.exit_codes import NOT_AVAILABLE, NOTHING_TO_REPORT
from tieout.language import Language, say
from tieout.operations.lag import Backlog
from tieout.operations.snapshot import Snapshot, as_json, take
from tieout.operations.target import Target
from tieout.operations.watch_view import view
from tieout.summary import summary_console

Show = Callable[[Snapshot], None]
_LINES_BESIDE: Final = 22  # of the display beside the oldest submissions, on a busy installation


def watch(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout watch`; returns the exit code: with `--once`, 5 where a server does not answer. Ctrl-C is its normal end."""
    target = Target.of(arguments.data)
    if arguments.once:
        snapshot = asyncio.run(_once(target))
        _shower(target, arguments, language)(snapshot)
        for message in snapshot.down if arguments.json else ():
            print(f"tieout: {say(message, language)}", file=sys.stderr)
        return NOT_AVAILABLE if snapshot.down else NOTHING_TO_REPORT
    with contextlib.suppress(KeyboardInterrupt):
        if arguments.json or not sys.stdout.isatty():
            asyncio.run(_follow(target, arguments.interval, _shower(target, arguments, language)))
        else:
            _live(target, arguments, language)
    return NOTHING_TO_REPORT


async def _once(target: Target) -> Snapshot:
    async with Backlog(target.settings) as backlog:
        return await take(target, backlog)


async def _follow(target: Target, interval: float, show: Show) -> None:
    async with Backlog(target.settings) as backlog:
        while True:
            show(await take(target, backlog))
            await asyncio.sleep(interval)


def _shower(target: Target, arguments: argparse.Namespace, language: Language) -> Show:
    """Prints a snapshot: a line of JSON, or the display with an empty line behind it."""
    console = summary_console()

    def show(snapshot: Snapshot) -> None:
        if arguments.json:
            sys.stdout.buffer.write(canonical_json(as_json(snapshot)) + b"\n")
        else:
            with console.capture() as shown:
                console.print(view(snapshot, target.name, target.option, console.width, language))
            for line in shown.get().splitlines():
                print(line.rstrip())
            if not arguments.once:
                print()
        sys.stdout.flush()

    return show


def _live(target: Target, arguments: argparse.Namespace, language: Language) -> None:
    """The display in place on a terminal; the last state stays on the screen at the end."""
    from rich.live import Live

    console = summary_console()
    with Live(console=console, auto_refresh=False, vertical_overflow="crop") as live:

        def show(snapshot: Snapshot) -> None:
            # What is below the screen's edge cannot be seen: fewer submissions are listed on a low one, and the rest stays.
            oldest = max(1, min(8, (console.height - _LINES_BESIDE) // 2))
            live.update(view(snapshot, target.name, target.option, console.width, language, oldest), refresh=True)

        asyncio.run(_follow(target, arguments.interval, show))
