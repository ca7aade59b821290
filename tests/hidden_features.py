"""What is in the file and nobody sees: layers that are off, white on white, text under later areas and images; and what looks like it and is seen."""

from __future__ import annotations

import math
from random import Random

from feature_sheet import Box, Sheet
from page_features import Made, Start, feature, media, start

WORDS = "abc"


def _image(one: Start, grey: int = 200) -> bytes:
    pixel = b"/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
    return b"/XObject<</I %d 0 R>>" % one.pdf.stream(bytes([grey]), pixel)


def _image_at(box: Box, height: float) -> bytes:
    x0, top, x1, bottom = box
    return b"q %.3f 0 0 %.3f %.3f %.3f cm /I Do Q" % (x1 - x0, bottom - top, x0, height - bottom)


def _cell(one: Start) -> Box:
    return one.random.choice(one.table.drawn())[5]


@feature
def layers_that_are_off(random: Random) -> Made:
    """Text and rules on a layer that is off, by its own name, by membership, as a form; the same on a layer that is on are seen."""
    one = start(random, words=False)
    pdf = one.pdf
    name = random.choice((b"(draft)", b"<FEFF8349 7A3F>".replace(b" ", b"")))
    on, off = pdf.add(b"<</Type/OCG/Name(seen)>>"), pdf.add(b"<</Type/OCG/Name%s>>" % name)
    both = pdf.add(b"<</Type/OCMD/OCGs[%d 0 R %d 0 R]/P/AllOn>>" % (on, off))
    x0, _, x1, bottom = _cell(one)
    hidden = pdf.form(
        b"BT /F 9 Tf %.3f %.3f Td %s Tj ET 0 0 600 900 re S" % (x0 + 3, one.sheet.height - bottom + 3, one.font.encode(WORDS)),
        one.fonts,
        entries=b"/OC %d 0 R" % off,
    )
    one.sheet.raw(b"/OC /On BDC").words(one.table, one.font).raw(b"EMC")
    for layer in (b"Off", b"Both"):
        one.sheet.raw(b"/OC /%s BDC" % layer).text(x0 + 2, bottom - 2, WORDS, one.font, 9)
        one.sheet.raw(b"%.3f 0 m %.3f 842 l S EMC" % ((x0 + x1) / 2, (x0 + x1) / 2))
    one.sheet.raw(b"/X Do")
    names = b"/Properties<</On %d 0 R/Off %d 0 R/Both %d 0 R>>/XObject<</X %d 0 R>>" % (on, off, both, hidden)
    pdf.page(one.sheet.stream(), one.fonts + names, media())
    state = random.choice((b"/OFF[%d 0 R]" % off, b"/BaseState/OFF/ON[%d 0 R]" % on))
    layers = b"/OCProperties<</OCGs[%d 0 R %d 0 R]/D<<%s/Order[]>>>>" % (on, off, state)
    return Made(pdf.data(layers), [one.table.drawn()], never=[WORDS], warnings=["invisible_text"])


@feature
def layers_of_one_name(random: Random) -> Made:
    """Two layers of one name, one on and one off: the page's picture tells them apart."""
    one = start(random, words=False)
    on, off = (one.pdf.add(b"<</Type/OCG/Name(text)>>") for _ in range(2))
    x0, _, _, bottom = _cell(one)
    one.sheet.raw(b"/OC /On BDC").words(one.table, one.font).raw(b"EMC")
    one.sheet.raw(b"/OC /Off BDC").text(x0 + 2, bottom - 2, WORDS, one.font, 9).raw(b"EMC")
    names = b"/Properties<</On %d 0 R/Off %d 0 R>>" % (on, off)
    one.pdf.page(one.sheet.stream(), one.fonts + names, media())
    layers = b"/OCProperties<</OCGs[%d 0 R %d 0 R]/D<</OFF[%d 0 R]>>>>" % (on, off, off)
    return Made(one.pdf.data(layers), [one.table.drawn()], never=[WORDS], warnings=["invisible_text"])


@feature
def layers_in_a_packed_file_with_a_text_box(random: Random) -> Made:
    """A layer that is off on a page that has an annotation as well: the page is read from a copy."""
    one = start(random)
    off = one.pdf.add(b"<</Type/OCG/Name(draft)>>")
    one.sheet.raw(b"/OC /Off BDC").text(100, 60, WORDS, one.font, 9).raw(b"EMC")
    shown = one.pdf.form(b"BT /F 9 Tf 2 2 Td " + one.font.encode("def") + b" Tj ET", one.fonts, b"[0 0 100 12]")
    note = one.pdf.add(b"<</Type/Annot/Subtype/FreeText/F 4/Rect[60 790 160 802]/AP<</N %d 0 R>>>>" % shown)
    one.pdf.page(one.sheet.stream(), b"", media() + b"/Annots[%d 0 R]" % note)
    data = one.pdf.packed(
        b"/OCProperties<</OCGs[%d 0 R]/D<</OFF[%d 0 R]>>>>" % (off, off), b"/Resources<<%s/Properties<</Off %d 0 R>>>>" % (one.fonts, off)
    )
    return Made(data, [one.table.drawn()], texts=["def"], never=[WORDS], warnings=["invisible_text"])


@feature
def white_on_white(random: Random) -> Made:
    """White text on the bare page or on a white area is not seen."""
    one = start(random, words=False)
    box = _cell(one)
    if random.random() < 0.5:
        one.sheet.area(box, b"1 g")
    white = random.choice((b"1 g", b"1 1 1 rg", b"0 0 0 0 k", b".99 g"))
    one.sheet.raw(b"q").text(box[0] + 2, box[3] - 2, WORDS, one.font, 6, white).raw(b"Q").words(one.table, one.font)
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [one.table.drawn()], never=[WORDS], warnings=["invisible_text"])


@feature
def white_on_a_dark_fill(random: Random) -> Made:
    """A boxhead in white on dark is seen, whatever painted the dark."""
    one = start(random, words=False)
    table, how = one.table, random.choice(("area", "image", "stroke", "form"))
    head: Box = (table.xs[0], table.ys[0], table.xs[-1], table.ys[2])
    x0, top, x1, bottom = head
    height = one.sheet.height
    area = b"0 0 .5 rg %.3f %.3f %.3f %.3f re f" % (x0, height - bottom, x1 - x0, bottom - top)
    extra = _image(one, 40)
    form = one.pdf.form(area, b"")
    stroke = b"q 0 0 .5 RG %.3f w %.3f %.3f m %.3f %.3f l S Q" % (
        bottom - top,
        x0,
        height - (top + bottom) / 2,
        x1,
        height - (top + bottom) / 2,
    )
    dark = {"area": b"q %s Q" % area, "image": _image_at(head, height), "stroke": stroke, "form": b"/Y Do"}[how]
    rules, one.sheet.ops = one.sheet.ops, [dark]
    one.sheet.ops += rules
    heads = [(r, c) for r, c, *_ in table.cells if r < 2]
    one.sheet.words(table, one.font, b"1 g", heads).words(table, one.font, b"0 g", [(r, c) for r, c, *_ in table.cells if r > 1])
    resources = one.fonts + extra.replace(b">>", b"/Y %d 0 R>>" % form)
    one.pdf.page(one.sheet.stream(), resources, media())
    return Made(one.pdf.data(), [table.drawn()])


@feature
def seen_through_a_later_image(random: Random) -> Made:
    """A seal is pasted over text as an image whose paper is transparent, by a mask of its own, by colour, or as a stencil."""
    one = start(random, words=False)
    one.sheet.words(one.table, one.font)
    table = one.table
    one.sheet.raw(b"1 0 0 rg").raw(_image_at((table.xs[0] - 9, table.ys[0] - 9, table.xs[-1] + 9, table.ys[-1] + 9), one.sheet.height))
    ring = [b"\xff" if k in (0, 7) or j in (0, 7) else b"\x00" for k in range(8) for j in range(8)]
    size = b"/Type/XObject/Subtype/Image/Width 8/Height 8"
    grey = size + b"/BitsPerComponent 8/ColorSpace/DeviceGray"
    how = random.choice(("mask", "colour", "stencil"))
    if how == "mask":
        mask = one.pdf.stream(b"".join(ring), grey)
        image = one.pdf.stream(b"\x60" * 64, grey + b"/SMask %d 0 R" % mask)
    elif how == "colour":
        image = one.pdf.stream(b"".join(ring), grey + b"/Mask[0 10]")
    else:
        image = one.pdf.stream(b"\x00" + b"\x7e" * 6 + b"\x00", size + b"/BitsPerComponent 1/ImageMask true")
    one.pdf.page(one.sheet.stream(), one.fonts + b"/XObject<</I %d 0 R>>" % image, media())
    return Made(one.pdf.data(), [one.table.drawn()])


@feature
def covered_by_a_later_area_or_image(random: Random) -> Made:
    """Struck out with a white or black area, or an image: what was there is not seen, what is printed on it is."""
    one = start(random, words=False)
    box = _cell(one)
    inner: Box = (box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1)
    one.sheet.text(box[0] + 4, box[3] - 4, WORDS, one.font, 6)
    if random.random() < 0.5:
        one.sheet.area(inner, random.choice((b"1 g", b".9 g", b"1 1 .8 rg")))
    else:
        one.sheet.raw(_image_at(inner, one.sheet.height))
    one.sheet.words(one.table, one.font)
    one.pdf.page(one.sheet.stream(), one.fonts + _image(one), media())
    return Made(one.pdf.data(), [one.table.drawn()], never=[WORDS], warnings=["invisible_text"])


@feature
def marked_with_transparent_ink(random: Random) -> Made:
    """A highlighter's areas over the text: multiplied, half transparent, clipped away, or an outline. The text is seen."""
    one = start(random)
    box, height = _cell(one), one.sheet.height
    x0, top, x1, bottom = box
    area = b"1 1 0 rg %.3f %.3f %.3f %.3f re" % (x0 + 1, height - bottom + 1, x1 - x0 - 2, bottom - top - 2)
    ways = (b"q /M gs %s f Q" % area, b"q /A gs %s f Q" % area, b"q 0 0 5 5 re W n %s f Q" % area, b"q 1 0 0 RG .2 w %s n Q" % area)
    for way in ways:
        one.sheet.raw(way)
    states = b"/ExtGState<</M<</BM/Multiply>>/A<</ca .4>>>>"
    one.pdf.page(one.sheet.stream(), one.fonts + states, media())
    return Made(one.pdf.data(), [one.table.drawn()])


@feature
def render_modes(random: Random) -> Made:
    """Text neither filled nor stroked, or only a clip, is not seen; stroked and bold text is."""
    one = start(random, words=False)
    box = _cell(one)
    one.sheet.raw(b"q").text(box[0] + 2, box[3] - 2, WORDS, one.font, 6, b"3 Tr").raw(b"Q")
    one.sheet.raw(b"q").text(box[0] + 2, box[3] - 2, WORDS, one.font, 6, b"7 Tr").raw(b"Q")
    one.sheet.raw(b"q").words(one.table, one.font, random.choice((b"0 Tr", b"1 Tr .2 w", b"2 Tr .1 w", b"2 Tr 1 g 0 G .3 w"))).raw(b"Q")
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [one.table.drawn()], never=[WORDS])


@feature
def watermark_aslant(random: Random) -> Made:
    """Large letters across the table, at some angle: part of no cell."""
    one = start(random)
    turn = math.radians(random.choice((30, 45, 60, -45)))
    a, b = math.cos(turn), math.sin(turn)
    pale = random.choice((b".8 g", b"1 .8 .8 rg", b"0 g"))
    for x in (60, 200, 330):
        one.sheet.raw(
            b"q %s BT /F %d Tf %.4f %.4f %.4f %.4f %d 640 Tm %s Tj ET Q"
            % (pale, random.choice((10, 40)), a, b, -b, a, x, one.font.encode(WORDS))
        )
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [one.table.drawn()], never=[WORDS], warnings=["watermark"])


@feature
def watermark_level(random: Random) -> Made:
    """Large pale letters across the table, before or after its text."""
    one = start(random, words=False)
    size, pale = random.choice((36, 60)), random.choice((b".9 g", b"1 .85 .85 rg"))
    x, y = random.uniform(70, 150), one.table.ys[2] + one.table.size * 2
    stamp = Sheet(one.sheet.width, one.sheet.height).raw(b"q " + pale).text(x, y, WORDS * 2, one.font, size).raw(b"Q").ops
    rules, one.sheet.ops = one.sheet.ops, []
    one.sheet.words(one.table, one.font)
    one.sheet.ops = random.choice((stamp + rules + one.sheet.ops, rules + one.sheet.ops + stamp))
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [one.table.drawn()], never=[WORDS], warnings=["watermark"])
