"""How figures are written: what makes a text a figure at all, and whether its separators stand where they must.

Boxheads, seams and mended rows ask whether a text is a sum. Recognition needs it twice: a cell that is almost a figure is decoded again with the
signs of figures only, and one whose grouping is broken is doubted. Nothing here changes a digit.
"""

from __future__ import annotations

import re

SIGNS = "0123456789,.-()%"
"""Every sign of a printed figure in its half-width form."""
# Signs that recognition takes for one another in a figure, or writes full width: what they are where only figures can stand.
_LOOK_ALIKE = str.maketrans(
    {
        "，": ",", "、": ",", "．": ".", "。": ".", "·": ".", "•": ".", "（": "(", "）": ")", "％": "%", "－": "-", "−": "-", "–": "-", "‐": "-",
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    }
)  # fmt: skip
# Letters and signs that are no part of a figure but look like one: a text of these and of figure signs is doubted, not translated.
_MISTAKABLE = "OoDQlI|iSsBZzgqbT':;_~一—"
_FIGURE = re.compile(r"-?\(?-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?\)?%?")
# A sum of money: separators or a point, whatever says that it is below zero. Bare integers are codes, counts, column numbers or money in whole 元.
_SIGN = "[-−－–△▲]?"
_MONEY = re.compile(rf"{_SIGN}[（(]?{_SIGN}[¥￥]?(?:\d{{1,3}}(?:[,，]\d{{3}})+(?:\.\d+)?|\d+\.\d+)[)）]?%?")
_WHOLE = re.compile(rf"{_SIGN}[¥￥]?[\d,，]+%?")
# Half of a text's signs have to be digits before anything else in it is taken for a misread one ("A4", "12楼" stay texts).
_MOSTLY = 0.5


def plain_figure(text: str) -> str:
    """A text with the full-width and look-alike separators of figures in their half-width form. Digits are never changed."""
    return text.translate(_LOOK_ALIKE)


def is_money(text: str) -> bool:
    """Whether a text, blanks left out, is a sum that no code, ordinal or number of a column is: it has separators of thousands or a point."""
    return _MONEY.fullmatch("".join(text.split())) is not None


def is_figure(text: str) -> bool:
    """Whether a text, blanks left out, is a sum or a whole number. In brackets whole numbers are ordinals."""
    plain = "".join(text.split())
    return _WHOLE.fullmatch(plain) is not None or _MONEY.fullmatch(plain) is not None


def is_sound(text: str) -> bool:
    """Whether a text is a well-formed figure: thousands in threes or not grouped at all, one point, its brackets closed."""
    return _FIGURE.fullmatch(text) is not None and text.count("(") == text.count(")")


def is_nearly_figure(text: str) -> bool:
    """Whether a text consists of the signs of figures and what is mistaken for them, most of it digits."""
    plain = plain_figure(text)
    digits = sum(map(str.isdigit, plain))
    return digits > 0 and all(sign in SIGNS or sign in _MISTAKABLE for sign in plain) and digits >= _MOSTLY * len(plain)
