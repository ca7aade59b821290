"""Which language the command line speaks: `--lang`, else the locale, else Chinese."""

from __future__ import annotations

import os
from typing import Literal

from shared.contracts.common import Message
from shared.system_errors import reason

__all__ = ["Language", "pick", "preferred", "reason", "say"]

Language = Literal["zh", "en"]


def preferred(environment: dict[str, str] | None = None) -> Language:
    """The language that the locale asks for; Chinese where it names neither (C, POSIX, others)."""
    values = os.environ if environment is None else environment
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = values.get(variable, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def say(message: Message, language: Language) -> str:
    """The sentence in one language."""
    return message.zh if language == "zh" else message.en


def pick(language: Language, zh: str, en: str) -> str:
    """One of two wordings."""
    return zh if language == "zh" else en
