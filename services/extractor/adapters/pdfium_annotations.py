"""What annotations and form fields print on a page: read like the page's own contents.

pdfium's page objects are those of the content stream; text boxes, stamps and fields stand in appearance streams of their own. Where a page has such, a
copy of it in memory gets them painted into its contents ("flattened"), and the copy is read. Comments, pop-ups, notes and
markings by readers are nobody's disclosure; what is hidden, or not to be seen on a screen, is not seen.
"""

from __future__ import annotations

import ctypes

import pypdfium2
from pypdfium2 import raw

from services.extractor.adapters import pdfium_calls as pdfium

# Kinds of annotations that say something: text boxes, stamps, form fields, watermarks. Others are links, comments, and marks on the text.
_SPEAKING = frozenset({raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_WATERMARK})
_UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW


class PageCopy:
    """A page in a document of its own, with its annotations painted into it."""

    def __init__(self, document: int, page: int) -> None:
        self.document, self.page = document, page

    def close(self) -> None:
        """Lets go of the page and its document."""
        if self.page:
            pdfium.close_page(self.page)
        pdfium.close_document(self.document)


def with_annotations(document: pypdfium2.PdfDocument, page: int, index: int) -> PageCopy | None:
    """The page (an address; `index` from 0) with what its annotations print; None where they print nothing.

    A page of its own because flattening a page whose resources are inherited loses them, and because the page may be asked for as an image.
    """
    count = pdfium.annotation_count(page)
    if count <= 0 or not any(_speaks(page, k) for k in range(count)):
        return None
    forms = document.formenv
    if forms is not None:  # makes the appearance of fields that have none, from their values
        pdfium.form_opened(page, pdfium.address(forms.raw))
        pdfium.form_closing(page, pdfium.address(forms.raw))
    copy = pdfium.new_document()
    which = ctypes.c_int(index)
    if not pdfium.import_pages(copy, pdfium.address(document.raw), ctypes.addressof(which), 1, 0):
        pdfium.close_document(copy)
        return None
    first = pdfium.load_page(copy, 0)
    for k in reversed(range(pdfium.annotation_count(first))):
        if not _speaks(first, k):
            pdfium.remove_annotation(first, k)
    painted = pdfium.flatten(first, raw.FLAT_NORMALDISPLAY)
    pdfium.close_page(first)
    found = PageCopy(copy, pdfium.load_page(copy, 0) if painted == raw.FLATTEN_SUCCESS else 0)
    if not found.page:
        found.close()
        return None
    return found


def _speaks(page: int, number: int) -> bool:
    """Whether an annotation is of a kind that says something, and is shown on a screen."""
    annotation = pdfium.annotation(page, number)
    if not annotation:
        return False
    try:
        return pdfium.annotation_kind(annotation) in _SPEAKING and not pdfium.annotation_flags(annotation) & _UNSEEN
    finally:
        pdfium.close_annotation(annotation)
