"""Takes secrets out of text before it is written down. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_LONGEST_TEXT: Final = 1000
# user:password@ of a URL, and values behind words that announce a secret.
_IN_URL: Final = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_ANNOUNCED: Final = re.compile(
    r"(?i)\b([\w-]*(?:password|passwd|pwd|secret|token|access_?key|credential|signature|authorization)[\w-]*)(['\"]?\s*[=:]\s*)"
    r"(?:(?:bearer|basic)\s+)?('[^']*'|\"[^\"]*\"|[^\s,;&)}\]]+)"
)
_ADDRESS: Final = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


def clean_text(text: str, secrets: Sequence[str] = ()) -> str:
    """Text fit for metrics and dead letters: one line, bounded, without secrets and memory addresses."""
    text = _ADDRESS.sub("0x…", clean_secrets(text, secrets))
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def clean_secrets(text: str, secrets: Sequence[str] = ()) -> str:
    """Text without secrets: these values, passwords in URLs, and whatever stands behind a word such as `password=`."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return _ANNOUNCED.sub(r"\1\2***", _IN_URL.sub("***", text))
