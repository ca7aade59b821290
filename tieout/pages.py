"""Pages named on the command line."""

from __future__ import annotations


def page_range(text: str) -> range:
    """Pages of an argument: `7` or `7-12`. Raises ValueError."""
    first, _, last = text.partition("-")
    pages = range(int(first), int(last or first) + 1)
    if not text.isascii() or not pages or pages[0] < 1:
        raise ValueError(text)
    return pages
