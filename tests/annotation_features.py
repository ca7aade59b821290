"""Annotations and form fields as features of a page: what they print is read, what they keep to themselves is not."""

from __future__ import annotations

from random import Random

from feature_sheet import turned
from page_features import FEATURES, Feature, H, Made, Start, W, feature, media, start
from raw_pdf import latin

# Flags of annotations: PDF 32000-1, table 165.
HIDDEN, PRINT, NO_VIEW = 2, 4, 32


def _appearance(one: Start, text: str, width: float, height: float) -> int:
    """An appearance stream that prints text on the baseline of a table's cell."""
    size = one.table.size
    body = b"/Tx BMC q BT /F %.3f Tf 2 %.3f Td %s Tj ET Q EMC" % (size, height / 2 - 0.36 * size, one.font.encode(text))
    return one.pdf.form(body, one.fonts, b"[0 0 %.3f %.3f]" % (width, height))


def annotation(one: Start, kind: bytes, box: tuple[float, float, float, float], text: str, entries: bytes, appearance: bool = True) -> int:
    """An annotation whose appearance prints a text where a cell would; returns its object."""
    x0, top, x1, bottom = box
    rect = b"/Rect[%.3f %.3f %.3f %.3f]" % (x0, H - bottom, x1, H - top)
    shown = b"/AP<</N %d 0 R>>" % _appearance(one, text, x1 - x0, bottom - top) if appearance else b""
    return one.pdf.add(b"<</Type/Annot/Subtype/%s%s%s%s>>" % (kind, rect, entries, shown))


def _finished(one: Start, annotations: list[int], inherited: bool, need: bool = False) -> bytes:
    numbers = b" ".join(b"%d 0 R" % number for number in annotations)
    helvetica = latin(one.pdf).number
    one.pdf.page(one.sheet.stream(), b"" if inherited else one.fonts, media() + b"/Annots[%s]" % numbers)
    form = b"/AcroForm<</Fields[%s]/DR<</Font<</Helv %d 0 R>>>>%s>>" % (numbers, helvetica, b"/NeedAppearances true" if need else b"")
    return one.pdf.data(form, b"/Resources<<%s>>" % one.fonts if inherited else b"")


def _cells_as(kind: bytes, entries: bytes, inherited: bool) -> Feature:
    """Some cells' text stands in annotations."""

    def make(random: Random) -> Made:
        one = start(random, words=False)
        filled = [cell for cell in one.table.drawn() if cell[4]]
        apart = random.sample(filled, len(filled) // 2)
        one.sheet.words(one.table, one.font, cells=[cell[:2] for cell in filled if cell not in apart])
        annotations = [annotation(one, kind, cell[5], cell[4], entries + b"/T(f%d)" % k) for k, cell in enumerate(apart)]
        return Made(_finished(one, annotations, inherited), [one.table.drawn()])

    return make


FEATURES["free_text_annotations"] = _cells_as(b"FreeText", b"/F 4/Contents(x)", inherited=False)
FEATURES["free_text_on_a_page_of_inherited_resources"] = _cells_as(b"FreeText", b"/F 4/Contents(x)", inherited=True)
FEATURES["stamps"] = _cells_as(b"Stamp", b"/F 4", inherited=False)
FEATURES["fields_with_appearances"] = _cells_as(b"Widget", b"/F 4/FT/Tx/V(x)/DA(/Helv 9 Tf 0 g)", inherited=True)


def _fields_without(need: bool) -> Feature:
    def make(random: Random) -> Made:
        one = start(random, font=latin, words=False)
        annotations = []
        figures = [cell for cell in one.table.drawn() if cell[4] and cell[0] > 1 and cell[1]]
        one.sheet.words(one.table, one.font, cells=[cell[:2] for cell in one.table.drawn() if cell not in figures])
        for k, cell in enumerate(figures):
            entries = b"/F 4/FT/Tx/T(f%d)/V(%s)/DA(/Helv %.1f Tf 0 g)" % (k, cell[4].encode(), one.table.size)
            annotations.append(annotation(one, b"Widget", cell[5], "", entries, appearance=False))
        return Made(_finished(one, annotations, inherited=False, need=need), [one.table.drawn()])

    return make


FEATURES["fields_without_appearances"] = _fields_without(need=False)
FEATURES["fields_that_need_appearances"] = _fields_without(need=True)


@feature
def annotations_that_nobody_sees(random: Random) -> Made:
    """Hidden ones, those for paper only, comments, notes, pop-ups, marks by readers: none is the document's."""
    one = start(random)
    cells = [cell[5] for cell in one.table.drawn()]
    kinds = [(b"FreeText", HIDDEN), (b"Widget", HIDDEN), (b"Stamp", NO_VIEW), (b"FreeText", NO_VIEW | PRINT)]
    kinds += [(b"Popup", PRINT), (b"Text", PRINT), (b"Highlight", PRINT), (b"StrikeOut", PRINT), (b"Link", PRINT)]
    annotations = [
        annotation(one, kind, random.choice(cells), "abc", b"/F %d/Contents(abc)/T(x%d)" % (flags, k))
        for k, (kind, flags) in enumerate(kinds)
    ]
    return Made(_finished(one, annotations, inherited=True), [one.table.drawn()], never=["abc"])


@feature
def an_annotation_on_a_turned_page(random: Random) -> Made:
    """Stands where it is shown: its rectangle and its appearance are in the page's own space, which /Rotate turns."""
    one = start(random)
    shown = one.pdf.form(b"BT /F 9 Tf 2 3 Td " + one.font.encode("abc") + b" Tj ET", one.fonts, b"[0 0 100 12]", b"/Matrix[0 1 -1 0 12 0]")
    note = one.pdf.add(b"<</Type/Annot/Subtype/FreeText/F 4/Rect[30 300 42 400]/AP<</N %d 0 R>>>>" % shown)
    entries = media(H, W) + b"/Rotate 90/Annots[%d 0 R]" % note
    one.pdf.page(turned(one.sheet.stream(), W, H, 1), one.fonts, entries)
    return Made(one.pdf.data(), [one.table.drawn()], texts=["abc"])
