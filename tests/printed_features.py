"""Figures in every printed form, words set downwards, substitutes for reading aloud: the extractor keeps what is printed."""

from __future__ import annotations

from random import Random

from feature_sheet import Sheet, Table
from page_features import FEATURES, LETTERS, Feature, H, Made, body_cell, feature, media, start
from raw_pdf import RawPdf, by_name, embedded

_PRINTED = {
    "hyphen": "-1,234.56",
    "full_width_minus": "－1,234.56",
    "minus": "−1,234.56",
    "en_dash": "–1,234.56",
    "triangle": "△1,234.56",
    "filled_triangle": "▲1,234.56",
    "brackets": "(1,234.56)",
    "full_width_brackets": "（1,234.56）",
    "full_width": "１，２３４．５６",
    "apostrophe": "1'234.56",
    "spaces": "1 234.56",
    "em_dash": "—",
    "zero": "0",
    "zero_with_decimals": "0.00",
    "note_mark": "1,234.56*",
}


def _printed(text: str) -> Feature:
    def make(random: Random) -> Made:
        one = start(random, words=False)
        table = one.table.with_text({body_cell(one): text, (2, 1): "", (2, 2): "0"})
        one.sheet.words(table, one.font)
        one.pdf.page(one.sheet.stream(), one.fonts, media())
        return Made(one.pdf.data(), [table.drawn()])

    return make


FEATURES |= {f"printed_{name}": _printed(text) for name, text in _PRINTED.items()}


def _downwards(stacked: bool) -> Feature:
    """A stub of merged names set downwards, beside figures."""

    def make(random: Random) -> Made:
        pdf = RawPdf()
        plain = embedded(pdf, LETTERS)
        font = plain if stacked else by_name(pdf, b"UniGB-UCS2-V")
        size = random.choice((8.0, 10.0, 12.0))
        names = random.sample(("部门预算", "科目名称", "年初合计", "水费"), 2)
        ys = [100.0 + 6 * size * k for k in range(3)]
        cells = [(r, c, 1, 1, names[r] if c == 0 else "1,234.56") for r in range(2) for c in range(3)]
        table = Table([60, 60 + 2.2 * size, 200, 330], ys, cells, size)
        sheet = Sheet().rules(table).words(table, plain, cells=[(r, c) for r in range(2) for c in (1, 2)])
        for r, name in enumerate(names):
            if stacked:
                for k, char in enumerate(name):
                    sheet.text(60 + 0.6 * size, ys[r] + (1.3 + 1.15 * k) * size, char, font, size)
            else:
                sheet.text(60 + 1.1 * size, ys[r] + 0.6 * size, name, font, size, name=b"V")
        pdf.page(sheet.stream(), b"/Font<</F %d 0 R/V %d 0 R>>" % (plain.number, font.number), media())
        return Made(pdf.data(), [table.drawn()])

    return make


FEATURES["names_stacked_downwards"] = _downwards(stacked=True)
FEATURES["names_of_a_vertical_cmap"] = _downwards(stacked=False)


@feature
def substitutes_for_reading_aloud(random: Random) -> Made:
    """ActualText says something else than the page prints, or the same, or nothing."""
    one = start(random, words=False)
    place = body_cell(one)
    table = one.table.with_text({place: "-1,234.56"})
    words = random.choice((b"(9,999.99)", b"()", b"<FEFF00AD>", b"(abc)", b"(-1,234.56)"))
    tag = random.choice((b"/Span<</ActualText%s>>BDC", b"/Span<</MCID 0/ActualText%s>>BDC")) % words
    one.sheet.words(table, one.font, cells=[(r, c) for r, c, *_ in table.cells if (r, c) != place])
    one.sheet.raw(tag).words(table, one.font, cells=[place]).raw(b"EMC")
    one.pdf.page(b"/P<</MCID 1>>BDC\n" + one.sheet.stream() + b"\nEMC", one.fonts, media())
    return Made(one.pdf.data(b"/MarkInfo<</Marked true>>"), [table.drawn()])


@feature
def characters_that_only_the_substitute_tells(random: Random) -> Made:
    """Private use in the font's map, the words beside it: as browsers and layout programs write glyphs of their own."""
    private = {char: chr(0xE000 + k) for k, char in enumerate("项目科编码名称合计小年初数本收入支出")}
    one = start(random, font=lambda pdf: embedded(pdf, LETTERS, also=private), words=False)
    for r, c, *_, text, _box in one.table.drawn():
        said = text.encode("utf-16-be").hex().encode()
        one.sheet.raw(b"/Span<</ActualText<FEFF%s>>>BDC" % said).words(one.table, one.font, cells=[(r, c)]).raw(b"EMC")
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [one.table.drawn()])


@feature
def ideographs_mapped_to_radicals(random: Random) -> Made:
    """⽀ for 支, ⻓ for 长: the glyph is the ideograph's."""
    radicals = {"支": "⽀", "入": "⼊", "目": "⽬", "小": "⼩", "用": "⽤", "水": "⽔", "长": "⻓"}
    one = start(random, font=lambda pdf: embedded(pdf, LETTERS + "长", also=radicals))
    one.sheet.text(60, H - 40, "长", one.font, 10)
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [one.table.drawn()], texts=["长"])


@feature
def hyphen_mapped_to_a_soft_hyphen(random: Random) -> Made:
    """One glyph for both, and the map names the wrong one: it prints a hyphen."""
    one = start(random, font=lambda pdf: embedded(pdf, LETTERS, also={"-": "\u00ad"}), words=False)
    table = one.table.with_text({body_cell(one): "-1,234.56"})
    one.sheet.words(table, one.font)
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [table.drawn()])


@feature
def ligature_mapped_to_its_letters(random: Random) -> Made:
    """One glyph whose map gives two characters."""
    one = start(random, font=lambda pdf: embedded(pdf, LETTERS + "ﬁ", also={"ﬁ": "fi"}))
    one.sheet.text(60, H - 40, "ﬁ", one.font, 10)
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [one.table.drawn()], texts=["fi"])


@feature
def red_without_a_sign(random: Random) -> Made:
    """Red may mean negative: the figure is kept as printed, and warned of. Red with a sign, red words and marks are not."""
    one = start(random, words=False)
    place = body_cell(one)
    red = random.choice((b"1 0 0 rg", b".75 0 0 rg", b"0 1 1 0 k"))
    table = one.table.with_text({place: "1,234.56"})
    one.sheet.words(table, one.font, cells=[(r, c) for r, c, *_ in table.cells if (r, c) != place])
    one.sheet.raw(b"q").words(table, one.font, red, cells=[place])
    one.sheet.text(60, H - 40, "-9,999.99", one.font, 10, red).text(60, H - 60, "（9,999.99）", one.font, 10, red)
    one.sheet.text(60, H - 80, "部门12", one.font, 10, red).raw(b"Q")
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [table.drawn()], warnings=["red_figures"])


@feature
def red_words(random: Random) -> Made:
    """Red heads and stubs, and black figures, say nothing of signs."""
    one = start(random, words=False)
    words = [(r, c) for r, c, *_ in one.table.cells if r < 2 or c == 0]
    one.sheet.raw(b"q").words(one.table, one.font, b"1 0 0 rg", cells=words).raw(b"Q")
    one.sheet.words(one.table, one.font, cells=[(r, c) for r, c, *_ in one.table.cells if (r, c) not in words])
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [one.table.drawn()])
