"""Marks of continuation: what is printed where a table goes on over the page (续表, （续）, 转下页), apart from titles and numbers."""

from __future__ import annotations

import re

_COUNT = r"[一二三四五六七八九十0-9０-９]{0,3}"
_AGAIN = rf"(?:续(?:前表|上表|前页|上页|表|前|上)?|接上表|接上页|承前页|上接){_COUNT}"
_ALONE = re.compile(rf"^[（(\[【]?(?:{_AGAIN}|{_COUNT}续)[）)\]】]?[:：]?$")
_AT_END = re.compile(
    rf"(?:[（(\[【](?:{_AGAIN}|{_COUNT}续)[）)\]】]|[-—－]+续(?:表)?{_COUNT}|(?<![手延连后存持])续表{_COUNT}|[（(]\d{{1,3}}[/／]\d{{1,3}}[）)]|第\d+页)$"
)
_AT_START = re.compile(rf"^(?:[（(\[【](?:{_AGAIN})[）)\]】]|(?:续前表|续上表|接上表|接上页|续表)[0-9０-９]?[:：、\s]*)(?=.)|^续(?=附?表)")
_BELOW = re.compile(
    r"^[（(\[【]?(?:未完[，,、]?)?(?:转下页|接下页|续下页|转次页|下页续|见下页|续后表|转下表|接下表|未完待续|未完)[）)\]】]?[:：]?$"
)


def compact(text: str | None) -> str:
    """Without white space."""
    return "".join((text or "").split())


def is_mark(text: str) -> bool:
    """Whether a line above a table says nothing but that it goes on: 续表, （续）, 接上页."""
    return bool(_ALONE.match(compact(text)))


def is_mark_below(text: str) -> bool:
    """Whether a line below a table says that it goes on overleaf: 转下页."""
    return bool(_BELOW.match(compact(text)))


def bare(text: str | None) -> str:
    """A title or number without white space and marks: 收支总表 of 收支总表（续） and of 续表：收支总表."""
    whole = compact(text)
    return _AT_START.sub("", _AT_END.sub("", whole)) if not is_mark(whole) else ""


def is_marked(text: str | None) -> bool:
    """Whether a title or number carries a mark, or is one."""
    return bool(text) and bare(text) != compact(text)
