"""Printed figures to Decimal: thousands separators, full-width digits, wrapped digits, the ways to print a minus."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from services.normalizer.domain.words import plain

UNITS: dict[str, Decimal] = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_FIGURE = re.compile(
    rf"^(?:(?P<sign>[-+△▲])?[¥$]?(?P<bare>{_NUMBER})|[¥$](?P<sign2>-)(?P<bare2>{_NUMBER})|\((?P<bracketed>{_NUMBER})\))(?P<unit>元|千元|万元|百万元|亿元)?$"
)
_DASHES = re.compile(r"[‐‑‒–—―−－﹣]")
# A note mark behind a figure: superscript digits (as small raised digits are written), circled or bracketed numbers, asterisks, daggers.
# Round brackets are none: (1) behind a figure may be a second figure.
_NOTE_MARK = re.compile(r"(?<=[\d)）％%元])\s*(?:[\[［〔【]?[⁰¹²³⁴-⁹]+[\]］〕】]?|[①-⑳]+|[\[［〔【]\d{1,2}[\]］〕】]|[*＊※†‡]{1,3})$")
_CIRCLED = re.compile(r"[①-⑳]")
_NOTHING = re.compile(r"^[-/*…]*$")
_INTEGER = re.compile(r"^\d+$")


class Figure(NamedTuple):
    """A printed figure: its value in its own unit, digits after the point, and the unit printed beside it (null mostly)."""

    amount: Decimal
    decimals: int
    unit: str | None


@lru_cache(maxsize=65536)
def parse_figure(text: str) -> Figure | None:
    """The figure that a cell prints, or None where it prints none (blank, dashes, words, percentages).

    `△`, `▲`, a minus or brackets around the whole figure make it negative. A dash alone says that there is nothing: it is not 0.
    Thousands separators count only where every group after the first has three digits. A note mark behind the figure (1,234.56¹) is
    no part of it.
    """
    if not text or len(text) > 40:
        return None
    text = _NOTE_MARK.sub("", text.rstrip())
    if _CIRCLED.search(text):
        return None  # ① is a number of an item; in brackets it would be −1
    found = _FIGURE.match(_DASHES.sub("-", plain(text)))
    if not found:
        return None
    digits = (found["bare"] or found["bare2"] or found["bracketed"]).replace(",", "")
    negative = bool(found["bracketed"] or found["sign2"]) or found["sign"] in ("-", "△", "▲")
    amount = Decimal(digits)
    _, _, fraction = digits.partition(".")
    return Figure(-amount if negative else amount, len(fraction), found["unit"])


@lru_cache(maxsize=65536)
def is_nothing(text: str) -> bool:
    """Blank, or only dashes: printed to say that there is no figure."""
    return bool(_NOTHING.match(_DASHES.sub("-", plain(text))))


def is_integer(text: str) -> bool:
    """Digits only: a running number, a count, a code, or whole yuan."""
    return bool(_INTEGER.match(plain(text)))


def looks_like_money(text: str) -> bool:
    """A figure printed with a point or separators: money wherever it stands, unless its column says otherwise."""
    return ("." in text or "," in text or "，" in text or "．" in text) and parse_figure(text) is not None
