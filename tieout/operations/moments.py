"""Times in the past as people write them on the command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_AGO: Final = re.compile(r"(\d{1,6})([mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def moment(text: str) -> datetime:
    """A time in the past: `2026-11-20`, `2026-11-20T08:00`, with or without zone (without: UTC), or `90m`, `12h`, `3d` ago.

    Raises ValueError.
    """
    now = datetime.now(UTC)
    if ago := _AGO.fullmatch(text):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    found = datetime.fromisoformat(text)
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if found > now:
        raise ValueError(text)
    return found
