"""Text from PDFs and file names is data: made safe for terminals, logs and messages."""

from __future__ import annotations

import os
import re
import unicodedata

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# Marks that turn the writing direction or hide: they let a name look like another one.
_INVISIBLE = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def plain(text: str) -> str:
    """The text in one line without terminal control sequences, control characters and invisible direction marks."""
    text = _ESCAPES.sub("", text)
    kept = (" " if character in "\n\r\t" else character for character in text if character not in _INVISIBLE)
    return "".join(character for character in kept if unicodedata.category(character) not in ("Cc", "Cs"))


def file_name_text(path: str | os.PathLike[str]) -> str:
    """A path as text that can be encoded: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")
