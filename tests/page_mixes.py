"""Features of pages mixed at random: a font, a direction, a box, things that nobody sees, annotations, marks, on one page."""

from __future__ import annotations

import math
from random import Random

from annotation_features import annotation
from feature_sheet import Drawn, Sheet, Table, made_table, sideways, turned
from page_features import FONTS, LETTERS, H, Made, Start, W, media
from raw_pdf import RawPdf, embedded

UNSEEN = "abc"


def mixed(random: Random) -> Made:
    """A page of many features; its table is known, and everything that nobody sees spells `UNSEEN`."""
    pdf = RawPdf()
    noted = random.random() < 0.3  # annotations stand in the page's own space: such a page is not turned
    width, height = (W, H) if noted else random.choice(((595.0, 842.0), (842.0, 595.0), (500.0, 700.0)))
    plain = embedded(pdf, LETTERS)
    name = random.choice([key for key in FONTS if key != "helvetica_by_name"])
    font = FONTS[name](pdf)
    table = made_table(random, width, height, size=random.choice((7.5, 9.0, 10.5)))
    sheet, warnings, layers = Sheet(width, height), set[str](), b""
    resources = b"/Font<</F %d 0 R/P %d 0 R>>" % (font.number, plain.number)
    boxes = [cell[5] for cell in table.drawn()]
    if random.random() < 0.3:
        sheet.area((table.xs[0], table.ys[0], table.xs[-1], table.ys[2]), b".85 1 .85 rg")
    sheet.rules(table)
    if random.random() < 0.3:
        x0, _, _, bottom = random.choice(boxes)
        sheet.raw(b"q").text(x0 + 2, bottom - 2, UNSEEN, plain, 6, b"3 Tr", b"P").raw(b"Q")
    if random.random() < 0.3:
        x0, top, x1, bottom = random.choice(boxes)
        sheet.text(x0 + 4, bottom - 4, UNSEEN, plain, 6, name=b"P").area((x0 + 1, top + 1, x1 - 1, bottom - 1), b".9 g")
        warnings.add("invisible_text")
    if random.random() < 0.3:
        off = pdf.add(b"<</Type/OCG/Name(draft)>>")
        layers = b"/OCProperties<</OCGs[%d 0 R]/D<</OFF[%d 0 R]>>>>" % (off, off)
        resources += b"/Properties<</L %d 0 R>>" % off
        x0, _, _, bottom = random.choice(boxes)
        sheet.raw(b"/OC/L BDC").text(x0 + 2, bottom - 2, UNSEEN, plain, 8, name=b"P").raw(b"EMC")
        warnings.add("invisible_text")
    if random.random() < 0.3:
        turn = math.radians(random.choice((30, 45)))
        place = b"%.4f %.4f %.4f %.4f 100 300 Tm" % (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn))
        sheet.raw(b"q .8 g BT /P 60 Tf %s %s Tj ET Q" % (place, plain.encode(UNSEEN)))
        warnings.add("watermark")
    filled = [cell for cell in table.drawn() if cell[4]]
    apart = random.sample(filled, len(filled) // 4) if noted else []
    sheet.words(table, font, cells=[cell[:2] for cell in filled if cell not in apart])
    one = Start(random, pdf, plain, table, sheet)
    notes = [annotation(one, random.choice((b"FreeText", b"Widget", b"Stamp")), cell[5], cell[4], b"/F 4/FT/Tx/T(f)") for cell in apart]
    content, entries, drawn = (sheet.stream(), media(), table.drawn()) if noted else _placed(random, table, sheet)
    if random.random() < 0.3:
        form = pdf.form(content, resources, entries=random.choice((b"", b"/Group<</S/Transparency>>", b"/Matrix[1 0 0 1 5 7]")))
        shift = b"1 0 0 1 -5 -7" if b"/Matrix" in pdf.body(form) else b"1 0 0 1 0 0"
        content, resources = b"q %s cm /T Do Q" % shift, resources + b"/XObject<</T %d 0 R>>" % form
    pdf.page(content, resources, entries + b"/Annots[%s]" % b" ".join(b"%d 0 R" % note for note in notes))
    return Made(pdf.data(layers), [drawn], never=[UNSEEN], warnings=sorted(warnings))


def _placed(random: Random, table: Table, sheet: Sheet) -> tuple[bytes, bytes, list[Drawn]]:
    """The sheet on a page of some direction and box: content, the page's entries, cells where they are shown."""
    quarter, rotated = random.randrange(4), random.random() < 0.6
    width, height = (sheet.width, sheet.height) if quarter % 2 == 0 else (sheet.height, sheet.width)
    x, y = random.choice(((0, 0), (-120, -300), (37, 11)))
    box = b"/MediaBox[%d %d %g %g]/CropBox[%d %d %g %g]" % (x - 50, y - 90, x + width + 70, y + height + 10, x, y, x + width, y + height)
    content = turned(sheet.stream(), sheet.width, sheet.height, quarter, (x, y))
    if rotated:
        return content, box + b"/Rotate %d" % (90 * quarter), table.drawn()
    return content, box, [(*cell[:5], sideways(cell[5], sheet.width, sheet.height, quarter)) for cell in table.drawn()]
