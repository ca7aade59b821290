"""Printed words in one form: what typing, layout and ordinals add to a name is taken off, so that names can be compared.

Rules of the catalogue of names: ordinals before a name (一、 （一） 1、), （类）（款）（项） after it, ( ) for （ ）, curly quotation marks,
spaces and line breaks inside a name are the form's, not the name's.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_CIRCLED = {ord("①") + i: f"({i + 1})" for i in range(20)}
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴-⁹]+")
_QUOTES = str.maketrans(dict.fromkeys("\"'“”‘’「」『』《》〝〞＂", ""))
_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")", "﹙": "(", "﹚": ")"})
_SPACE = re.compile(r"[\s\u200b\ufeff\u3000]+")
_NUMERAL = "一二三四五六七八九十百"
_ORDINAL = re.compile(
    rf"^(?:(?P<cjk>[{_NUMERAL}]+)[、.,:]|\((?P<cjk2>[{_NUMERAL}]+)\)[、.]?|(?P<num>\d{{1,2}})(?:[、]|[.](?!\d))|\((?P<num2>\d{{1,2}})\)[、.]?|第(?P<cjk3>[{_NUMERAL}]+)[部类])"
)
_OF_WHICH = re.compile(r"^(?:其中|其)[:,、]?")
_LEVEL_MARK = re.compile(r"\((?:类|款|项|目)\)$")
_TAIL = re.compile(r"[:;,、。.…*#]+$")


class Label(NamedTuple):
    """A stub's text taken apart: `ordinal` as printed, its `style` (which outline level it is of), `of_which` for 其中, and the `name`."""

    ordinal: str | None
    style: str
    of_which: bool
    name: str


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Text without spaces, in NFKC (half-width brackets and digits), circled numbers as `(n)`, quotation marks and superscript note marks dropped."""
    text = _SUPERSCRIPTS.sub("", text)  # NFKC would make a digit of them
    text = unicodedata.normalize("NFKC", text.translate(_CIRCLED))
    return _SPACE.sub("", text.translate(_QUOTES).translate(_BRACKETS))


@lru_cache(maxsize=65536)
def split_label(text: str) -> Label:
    """Takes ordinal and 其中 off a stub's text.

    Styles: `一` (一、), `(一)`, `1` (1、 1.), `(1)`, or empty where there is no ordinal. Several ordinals in a row: the last one counts.
    """
    rest = plain(text)
    ordinal, style, of_which = None, "", False
    while True:
        if not of_which and (found := _OF_WHICH.match(rest)) and len(rest) > found.end() and found.end() > 1:
            of_which, rest = True, rest[found.end() :]
            continue
        found = _ORDINAL.match(rest)
        if not found or found.end() == len(rest):
            break
        ordinal = found.group()
        style = {"cjk": "一", "cjk2": "(一)", "num": "1", "num2": "(1)", "cjk3": "一"}[str(found.lastgroup)]
        rest = rest[found.end() :]
    return Label(ordinal, style, of_which, rest)


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """The key under which names are compared: without ordinal, 其中, level marks in brackets and trailing punctuation."""
    return _TAIL.sub("", _LEVEL_MARK.sub("", split_label(text).name))
