"""ActualText: words that a tagged file gives for reading aloud in place of what it prints.

pdfium hands them out instead of the characters that are drawn, and leaves out those that the font has no glyph for. A disclosure is what is printed:
the marks are taken off the page in memory before its text is asked for.
"""

from __future__ import annotations

import ctypes

import numpy as np

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.adapters.pdfium_paths import Objects
from services.extractor.adapters.python_loops import Handles

_KEY = "ActualText"


def forget_substitutes(objects: Objects) -> None:
    """Takes marks with an ActualText off the page's text objects. Costs a call per text object where nothing is marked."""
    for group in objects.groups:
        if len(group.text):
            for handle in _odd(group.text).tolist():
                _forget(handle)


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


def _forget(handle: int) -> None:
    for k in reversed(range(pdfium.mark_counts.call(handle))):
        mark = pdfium.marks.call(handle, k)
        if any(_key(mark, n) == _KEY for n in range(pdfium.mark_parameters.call(mark))):
            pdfium.remove_mark(handle, mark)


def _key(mark: int, number: int) -> str:
    room, length = (ctypes.c_ubyte * 64)(), ctypes.c_ulong()
    pdfium.mark_key(mark, number, ctypes.addressof(room), ctypes.sizeof(room), ctypes.addressof(length))
    return bytes(room)[: max(0, length.value - 2)].decode("utf-16-le", "replace")
