"""Why the operating system refused something, in Chinese and English."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from typing import Final, Literal

# What a user may cause or mend; the system names the others in English.
_REASONS: Final[Mapping[int, str]] = {
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


def reason(problem: OSError | int, language: Literal["zh", "en"]) -> str:
    """Why the system refused (an OSError or its number), in one language. An OSError of no number says it in its own words."""
    number = problem if isinstance(problem, int) else problem.errno or 0
    text = None if isinstance(problem, int) else problem.strerror or (None if number else str(problem) or None)
    text = text or os.strerror(number)
    return _REASONS.get(number, text) if language == "zh" else text
