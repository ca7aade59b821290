"""Calls into pdfium: one at a time, and many at a time as loops.

A ctypes call through the generated bindings costs about a microsecond, most of it for wrapping arguments. The prototypes here keep the
interpreter's lock (nothing else runs in the reader's process) and take addresses as integers. What is asked of every object or character
runs in a loop (python_loops.py), in C where set-up could compile it (native_loops.py).
pdfium is not thread-safe, not even over several documents: one process, one thread.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
from pypdfium2 import raw

from services.extractor.adapters.native_loops import best_loops
from services.extractor.adapters.python_loops import Function

_P = ctypes.c_void_p
_I = ctypes.c_int
_H = ctypes.c_size_t  # an address that is returned: 0 where there is none


def address(handle: object) -> int:
    """The address of one of pypdfium2's raw handles."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0  # type: ignore[arg-type]  # pypdfium2 has no types for raw handles


def _address(name: str) -> int:
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    assert address is not None
    return address


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The library's function with plain argument types."""
    return ctypes.PYFUNCTYPE(result, *arguments)(_address(name))


def _asked(name: str, result: Any, *arguments: Any) -> Function:
    """A function for loops, that returns what it says."""
    return Function(_bind(name, result, *arguments), _address(name))


def _writing(name: str, *before: Any, width: int = 1, dtype: Any = np.float32, pointers: int = 1, refused: Any = None) -> Function:
    """A function for loops, that writes what it says. `before`: its arguments before the addresses."""
    return Function(_bind(name, _I, *before, *[_P] * pointers), _address(name), pointers, width, dtype, refused)


load_page = _bind("FPDF_LoadPage", _P, _P, _I)
close_page = _bind("FPDF_ClosePage", None, _P)
load_text = _bind("FPDFText_LoadPage", _P, _P)
close_text = _bind("FPDFText_ClosePage", None, _P)
page_box = _bind("FPDF_GetPageBoundingBox", _I, _P, _P)
page_rotation = _bind("FPDFPage_GetRotation", _I, _P)
page_text = _bind("FPDFText_GetText", _I, _P, _I, _I, _P)
count_chars = _bind("FPDFText_CountChars", _I, _P)
count_objects = _bind("FPDFPage_CountObjects", _I, _P)
form_count = _bind("FPDFFormObj_CountObjects", _I, _P)
form_object = _bind("FPDFFormObj_GetObject", _H, _P, ctypes.c_ulong)

annotation_count = _bind("FPDFPage_GetAnnotCount", _I, _P)
annotation = _bind("FPDFPage_GetAnnot", _H, _P, _I)
close_annotation = _bind("FPDFPage_CloseAnnot", None, _P)
remove_annotation = _bind("FPDFPage_RemoveAnnot", _I, _P, _I)
annotation_kind = _bind("FPDFAnnot_GetSubtype", _I, _P)
annotation_flags = _bind("FPDFAnnot_GetFlags", _I, _P)
flatten = _bind("FPDFPage_Flatten", _I, _P, _I)
form_opened = _bind("FORM_OnAfterLoadPage", None, _P, _P)
form_closing = _bind("FORM_OnBeforeClosePage", None, _P, _P)
new_document = _bind("FPDF_CreateNewDocument", _H)
close_document = _bind("FPDF_CloseDocument", None, _P)
import_pages = _bind("FPDF_ImportPagesByIndex", _I, _P, _P, _P, ctypes.c_ulong, _I)
text_font = _bind("FPDFTextObj_GetFont", _H, _P)
font_name = _bind("FPDFFont_GetBaseFontName", ctypes.c_size_t, _P, _P, ctypes.c_size_t)
font_embedded = _bind("FPDFFont_GetIsEmbedded", _I, _P)
mark_value = _bind("FPDFPageObjMark_GetParamValueType", _I, _P, ctypes.c_char_p)
remove_mark = _bind("FPDFPageObj_RemoveMark", _I, _P, _P)
mark_name = _bind("FPDFPageObjMark_GetName", _I, _P, _P, ctypes.c_ulong, _P)
mark_bytes = _bind("FPDFPageObjMark_GetParamBlobValue", _I, _P, ctypes.c_char_p, _P, ctypes.c_ulong, _P)
set_active = _bind("FPDFPageObj_SetIsActive", _I, _P, _I)

image_picture = _bind("FPDFImageObj_GetRenderedBitmap", _H, _P, _P, _P)
picture_width = _bind("FPDFBitmap_GetWidth", _I, _P)
picture_height = _bind("FPDFBitmap_GetHeight", _I, _P)
picture_stride = _bind("FPDFBitmap_GetStride", _I, _P)
picture_bytes = _bind("FPDFBitmap_GetBuffer", _H, _P)
picture_format = _bind("FPDFBitmap_GetFormat", _I, _P)
free_picture = _bind("FPDFBitmap_Destroy", None, _P)

char_unicode = _asked("FPDFText_GetUnicode", ctypes.c_uint, _P, _I)
char_unmapped = _asked("FPDFText_HasUnicodeMapError", _I, _P, _I)
char_object = _asked("FPDFText_GetTextObject", _H, _P, _I)
char_size = _asked("FPDFText_GetFontSize", ctypes.c_double, _P, _I)
char_origin = _writing("FPDFText_GetCharOrigin", _P, _I, width=2, dtype=np.float64, pointers=2)
char_loose_box = _writing("FPDFText_GetLooseCharBox", _P, _I, width=4)  # FS_RECTF: left, top, right, bottom
char_box = _writing("FPDFText_GetCharBox", _P, _I, width=4, dtype=np.float64, pointers=4)  # left, right, bottom, top
char_matrix = _writing("FPDFText_GetMatrix", _P, _I, width=6)

mark_counts = _asked("FPDFPageObj_CountMarks", _I, _P)
marks = _asked("FPDFPageObj_GetMark", _H, _P, ctypes.c_ulong)
mark_parameters = _asked("FPDFPageObjMark_CountParams", _I, _P)
marked_content = _asked("FPDFPageObj_GetMarkedContentID", _I, _P)
page_object = _asked("FPDFPage_GetObject", _H, _P, _I)
object_type = _asked("FPDFPageObj_GetType", _I, _P)
object_bounds = _writing("FPDFPageObj_GetBounds", _P, width=4, pointers=4)  # left, bottom, right, top
object_matrix = _writing("FPDFPageObj_GetMatrix", _P, width=6)
# Where pdfium knows no colour (patterns) opaque black stands.
_BLACK = (0, 0, 0, 255)
fill_colour = _writing("FPDFPageObj_GetFillColor", _P, width=4, dtype=np.uint32, pointers=4, refused=_BLACK)
known_fill_colour = _writing("FPDFPageObj_GetFillColor", _P, width=4, dtype=np.uint32, pointers=4)  # zeros for patterns
has_transparency = _asked("FPDFPageObj_HasTransparency", _I, _P)
stroke_colour = _writing("FPDFPageObj_GetStrokeColor", _P, width=4, dtype=np.uint32, pointers=4, refused=_BLACK)
stroke_width = _writing("FPDFPageObj_GetStrokeWidth", _P)
text_mode = _asked("FPDFTextObj_GetTextRenderMode", _I, _P)
draw_mode = _writing("FPDFPath_GetDrawMode", _P, width=2, dtype=np.int32, pointers=2)  # fill, stroke
count_segments = _asked("FPDFPath_CountSegments", _I, _P)
path_segment = _asked("FPDFPath_GetPathSegment", _H, _P, _I)
segment_point = _writing("FPDFPathSegment_GetPoint", _P, width=2, pointers=2)
segment_type = _asked("FPDFPathSegment_GetType", _I, _P)
segment_close = _asked("FPDFPathSegment_GetClose", _I, _P)
clip_path = _asked("FPDFPageObj_GetClipPath", _H, _P)
clip_count = _asked("FPDFClipPath_CountPaths", _I, _P)
clip_segments = _asked("FPDFClipPath_CountPathSegments", _I, _P, _I)
clip_segment = _asked("FPDFClipPath_GetPathSegment", _H, _P, _I, _I)

OBJECT_TEXT, OBJECT_PATH, OBJECT_IMAGE, OBJECT_SHADING, OBJECT_FORM = 1, 2, 3, 4, 5

loops = best_loops()
