"""ActualText and radicals: what a file says in place of the characters that it prints, and characters that only look like those printed.

pdfium hands out a tagged file's ActualText instead of the characters that are drawn, and leaves out those that the font has no glyph for. A disclosure
is what is printed: the marks are taken off the page in memory before its text is asked for, and fill in where the font does not
tell. Browsers print ideographs whose glyph is also that of a radical as that radical (⽀ for 支): they look alike and are the ideograph.
"""

from __future__ import annotations

import ctypes
import unicodedata

import numpy as np

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.adapters.pdfium_objects import Objects
from services.extractor.adapters.python_loops import Handles
from services.extractor.domain.page import Bools, Ints

_KEY = b"ActualText"
_NO_VALUE = 0  # FPDF_OBJECT_UNKNOWN: there is no parameter of that name


_LONGEST = 4096
# Kangxi radicals by their compatibility decomposition; of the supplement those that are whole ideographs (Unicode's EquivalentUnifiedIdeograph.txt).
_SUPPLEMENT = "⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
_RADICALS = {code: ord(unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6)}
_RADICALS |= {ord(radical): ord(whole) for radical, whole in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)}
FIRST_RADICAL, LAST_RADICAL = 0x2E80, 0x2FD5


def without_radicals(codes: Ints) -> None:
    """Replaces radicals by the ideographs that they look like."""
    for k in ((codes >= FIRST_RADICAL) & (codes <= LAST_RADICAL)).nonzero()[0].tolist():
        codes[k] = _RADICALS.get(int(codes[k]), codes[k])


def forget_substitutes(objects: Objects) -> dict[int, str]:
    """Takes marks with an ActualText off the page's text objects. Costs a call per text object where nothing is marked.

    Returns: what they said, by object.
    """
    found: dict[int, str] = {}
    known: dict[int, bool] = {}  # objects of one run share its mark
    for group in objects.groups:
        if len(group.text):
            found |= {handle: said for handle in _odd(group.text).tolist() if (said := _forget(handle, known))}
    return found


def fill_in(codes: Ints, lost: Bools, owners: Handles, said: dict[int, str]) -> None:
    """Puts what was said of an object in place of its characters that cannot be told (`lost`), where it says as many as are printed."""
    for owner in set(owners[lost].tolist()) & said.keys():
        own = (owners == owner) & (codes > 0x20)
        if len(said[owner]) == own.sum():
            codes[own & lost] = np.array([ord(char) for char in said[owner]], dtype=np.int32)[lost[own]]


def _odd(texts: Handles) -> Handles:
    """Objects whose marks are more than a number of the structure tree (MCID) or an artifact's, which most objects of tagged files have."""
    counts = pdfium.loops.numbers(pdfium.mark_counts, texts)
    marked = texts[counts > 0]
    if not len(marked):
        return marked
    parameters = pdfium.loops.numbers(pdfium.mark_parameters, pdfium.loops.addresses_at(pdfium.marks, marked, 0))
    numbered = pdfium.loops.numbers(pdfium.marked_content, marked) >= 0
    plain = (counts[counts > 0] == 1) & ((parameters == 0) | ((parameters == 1) & numbered))
    return np.asarray(marked[~plain])


def _forget(handle: int, known: dict[int, bool]) -> str:
    said = ""
    for k in reversed(range(pdfium.mark_counts.call(handle))):
        mark = pdfium.marks.call(handle, k)
        if mark not in known:
            known[mark] = pdfium.mark_value(mark, _KEY) != _NO_VALUE
        if known[mark]:
            said = _text(mark)
            pdfium.remove_mark(handle, mark)
    return said


def _text(mark: int) -> str:
    """The ActualText (pdfium's own text of it loses all but Latin characters)."""
    room, length = (ctypes.c_ubyte * _LONGEST)(), ctypes.c_ulong()
    if not pdfium.mark_bytes(mark, _KEY, ctypes.addressof(room), ctypes.sizeof(room), ctypes.addressof(length)):
        return ""
    found = bytes(room)[: length.value]
    return found[2:].decode("utf-16-be", "replace") if found[:2] == b"\xfe\xff" else found.decode("latin-1")
