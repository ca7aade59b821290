"""Which language the command line speaks: `--lang`, else the locale, else Chinese."""

from __future__ import annotations

import errno
import os
from typing import Literal

from shared.contracts.common import Message

Language = Literal["zh", "en"]

# What a user may cause or mend; the system names the others in English.
_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "路径不存在",
    errno.EEXIST: "已有同名文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.EROFS: "文件系统只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EIO: "磁盘读写出错",
    errno.ENAMETOOLONG: "名称过长",
    errno.ELOOP: "符号链接成环",
    errno.EMFILE: "打开的文件过多",
}


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


def reason(problem: OSError | int, language: Language) -> str:
    """Why the system refused (an OSError or its number), in one language."""
    number = problem if isinstance(problem, int) else problem.errno or 0
    text = (None if isinstance(problem, int) else problem.strerror) or os.strerror(number)
    return _REASONS.get(number, text) if language == "zh" else text
