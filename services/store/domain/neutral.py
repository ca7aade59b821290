"""Text from PDFs and file names in spreadsheets: data, never a formula, a link or a control sequence.

A spreadsheet program takes a cell that begins with one of a few characters for a formula (OWASP, "CSV Injection"), in some locales also
with their full-width forms.
"""

from __future__ import annotations

import re

# What XML 1.0 and terminals cannot carry; tab and line breaks are handled apart. Lone surrogates have no encoding.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def without_controls(text: str) -> str:
    """The text without control characters; tabs and line breaks stay."""
    return _CONTROL.sub("", text)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program might run the text; leading spaces do not stop it."""
    return text.startswith(_FORMULA) or text.lstrip(" ").startswith(_FORMULA)


def for_csv(text: str) -> str:
    """The text for a text column of a CSV file: a leading apostrophe keeps it text."""
    clean = without_controls(text)
    return f"'{clean}" if looks_like_formula(clean) else clean
