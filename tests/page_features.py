"""Everything that a page may do, each in a file of its own with a table whose cells are known: turned pages, boxes, forms, annotations, fonts, marks.

`FEATURES` names them; each makes a file from a seed (which decides the table's shape, size and words).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from feature_sheet import CHARACTERS, Drawn, Sheet, Table, made_table, sideways, turned
from raw_pdf import Font, RawPdf, by_name, embedded, latin, simple

W, H = 595.0, 842.0
LETTERS = "".join(sorted(set(CHARACTERS) | set("abcdefghijklmnopqrstuvwxyz ①②[]*注（）△▲－−–—，．０１２３４５６７８９()'")))


@dataclass
class Made:
    """A file and what is seen of it. `texts`: what stands outside tables; `never`: what nobody sees; `warnings`: codes, in order."""

    data: bytes
    tables: list[list[Drawn]]
    texts: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    titles: list[str | None] = field(default_factory=list)


Feature = Callable[[Random], Made]
FEATURES: dict[str, Feature] = {}


def feature(make: Feature) -> Feature:
    """Registers a feature under its name."""
    FEATURES[make.__name__] = make
    return make


@dataclass
class Start:
    """A file begun: a font with all characters, a table on an upright sheet."""

    random: Random
    pdf: RawPdf
    font: Font
    table: Table
    sheet: Sheet

    @property
    def fonts(self) -> bytes:
        """Resources: the font."""
        return b"/Font<</F %d 0 R>>" % self.font.number


def start(random: Random, width: float = W, height: float = H, font: Callable[[RawPdf], Font] | None = None, words: bool = True) -> Start:
    """A file with a table drawn (`words`: its text as well), in an embedded font unless another is given."""
    pdf = RawPdf()
    chosen = font(pdf) if font else embedded(pdf, LETTERS)
    table = made_table(random, width, height, ascii_only=font is latin)
    sheet = Sheet(width, height).rules(table)
    return Start(random, pdf, chosen, table, sheet.words(table, chosen) if words else sheet)


def media(width: float = W, height: float = H) -> bytes:
    """A page's box."""
    return b"/MediaBox[0 0 %g %g]" % (width, height)


def body_cell(one: Start) -> tuple[int, int]:
    """Some figure's cell."""
    return one.random.choice([(r, c) for r, c, *_, text in one.table.cells if r > 1 and c and text[-1:].isdigit()] or [(2, 1)])


# --- pages


def _turned_page(quarter: int, inherited: bool) -> Feature:
    def make(random: Random) -> Made:
        one = start(random)
        width, height = (W, H) if quarter % 2 == 0 else (H, W)
        entries = media(width, height) + b"/Rotate %d" % (quarter * 90)
        content = turned(one.sheet.stream(), W, H, quarter)
        if inherited:
            one.pdf.page(content, b"", b"")
            return Made(one.pdf.data(pages=entries + b"/Resources<<%s>>" % one.fonts), [one.table.drawn()])
        one.pdf.page(content, one.fonts, entries)
        return Made(one.pdf.data(), [one.table.drawn()])

    return make


def _sideways_page(quarter: int) -> Feature:
    def make(random: Random) -> Made:
        one = start(random)
        width, height = (W, H) if quarter % 2 == 0 else (H, W)
        one.pdf.page(turned(one.sheet.stream(), W, H, quarter), one.fonts, media(width, height))
        return Made(one.pdf.data(), [[(*cell[:5], sideways(cell[5], W, H, quarter)) for cell in one.table.drawn()]])

    return make


for _quarter in range(4):
    FEATURES[f"rotate_{90 * _quarter}"] = _turned_page(_quarter, inherited=False)
    FEATURES[f"rotate_{90 * _quarter}_inherited"] = _turned_page(_quarter, inherited=True)
    FEATURES[f"sideways_{90 * _quarter}_without_rotate"] = _sideways_page(_quarter)


@feature
def pages_of_all_directions(random: Random) -> Made:
    """One document: upright, turned by /Rotate, sideways."""
    one = start(random)
    tables = []
    for number, quarter in enumerate(random.sample(range(4), 4)):
        heads = [(r, c) for r, c, h, w, _ in one.table.cells if r == 0 and c == 0]
        table = one.table.with_text({heads[0]: "合计年初"[number]})  # another boxhead: another table, no continuation
        sheet = Sheet(W, H).text(60, 80, "部门说明单位"[number] * 3 + "表", one.font, 14).table(table, one.font)
        width, height = (W, H) if quarter % 2 == 0 else (H, W)
        rotate = random.random() < 0.5
        one.pdf.page(
            turned(sheet.stream(), W, H, quarter), one.fonts, media(width, height) + (b"/Rotate %d" % (quarter * 90) if rotate else b"")
        )
        tables.append(table.drawn() if rotate else [(*cell[:5], sideways(cell[5], W, H, quarter)) for cell in table.drawn()])
    return Made(one.pdf.data(), tables)


def _sideways_table(lines: int) -> Feature:
    """A narrative of so many lines runs across the page, a table beside it upwards or downwards: both are read, each in its direction."""

    def make(random: Random) -> Made:
        one = start(random, 400, 300)
        table = made_table(random, 400, 300, size=8.0)
        quarter, left, below = random.choice((1, 3)), 260.0, 60.0
        inner = Sheet(400, 300).text(60, 90, "部门收入表", one.font, 12).table(table, one.font)
        matrix = b"0 1 -1 0 %g %g" % (left + 300, below) if quarter == 1 else b"0 -1 1 0 %g %g" % (left, below + 400)
        outer = Sheet(W, H)
        for k in range(lines):
            outer.text(40, 60 + 16 * k, "部门预算说明单位收入支出", one.font, 10)
        one.pdf.page(outer.stream() + b"\nq " + matrix + b" cm\n" + inner.stream() + b"\nQ", one.fonts, media())
        drawn = []
        for *cell, box in table.drawn():
            x0, top, x1, bottom = sideways(box, 400, 300, quarter)  # in a page of 300 × 400
            drawn.append((*cell, (x0 + left, top + H - below - 400, x1 + left, bottom + H - below - 400)))
        return Made(one.pdf.data(), [drawn], titles=["部门收入表"])

    return make


FEATURES["a_sideways_table_on_a_page_of_text"] = _sideways_table(lines=40)
FEATURES["a_few_lines_beside_a_sideways_table"] = _sideways_table(lines=3)


@feature
def sideways_names_in_an_upright_table(random: Random) -> Made:
    """A stub whose names run upwards stays in its table."""
    one = start(random, words=False)
    names = {cell[:2]: cell for cell in one.table.drawn() if cell[1] == 0 and cell[0] > 1}
    one.sheet.words(one.table, one.font, cells=[(r, c) for r, c, *_ in one.table.cells if (r, c) not in names])
    one.table = one.table.with_text(dict.fromkeys(names, "水费"))
    size = min(one.table.size, 7.0)
    for *_, (x0, _, x1, bottom) in names.values():
        place = b"0 1 -1 0 %.3f %.3f Tm" % ((x0 + x1) / 2 + size / 3, H - bottom + 2)
        one.sheet.raw(b"BT /F %.3f Tf %s %s Tj ET" % (size, place, one.font.encode("水费")))
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    return Made(one.pdf.data(), [one.table.drawn()])


@feature
def crop_box_inside_a_media_box_of_negative_origin(random: Random) -> Made:
    """The page is the crop box; what lies outside is not seen."""
    one = start(random)
    x, y = random.choice(((-100, -250), (30, 40), (-700, 5)))
    outside = Sheet(W, H).text(W + 20, 100, "abc", one.font, 10).text(100, -30, "abc", one.font, 10).stream()
    box = b"/MediaBox[%d %d %d %d]/CropBox[%d %d %g %g]" % (x - 200, y - 150, x + 900, y + 1200, x, y, x + W, y + H)
    one.pdf.page(turned(one.sheet.stream() + b"\n" + outside, W, H, 0, (x, y)), one.fonts, box)
    return Made(one.pdf.data(), [one.table.drawn()], never=["abc"])


@feature
def user_unit(random: Random) -> Made:
    """Boxes stay in the page's own units."""
    one = start(random)
    one.pdf.page(one.sheet.stream(), one.fonts, media() + b"/UserUnit 2.5")
    return Made(one.pdf.data(), [one.table.drawn()])


# --- forms and groups


@feature
def nested_forms_with_matrices_and_clips(random: Random) -> Made:
    """The table in a form in a form, each with a matrix of its own; a clip around the text of each."""
    one = start(random)
    group = random.choice((b"", b"/Group<</S/Transparency/I true>>"))
    inner = one.pdf.form(b"0 0 595 842 re W n\n" + one.sheet.stream(), one.fonts, entries=b"/Matrix[.5 0 0 .5 10 20]" + group)
    outer = one.pdf.form(b"q 2 0 0 2 0 0 cm /X Do Q", b"/XObject<</X %d 0 R>>" % inner, entries=b"/Matrix[0 1 -1 0 0 0]")
    one.pdf.page(b"q 0 -1 1 0 -20 -40 cm 1 0 0 1 0 0 cm /Y Do Q", b"/XObject<</Y %d 0 R>>" % outer, media())
    # inner: x → x/2 + 10; doubled: x + 20; turned to and fro: as it was; moved back by (20, 40).
    return Made(one.pdf.data(), [one.table.drawn()])


@feature
def a_form_that_clips_its_own_text(random: Random) -> Made:
    """What a form's box or clip leaves out is not seen."""
    one = start(random)
    sheet = one.sheet.text(60, H - 30, "abc", one.font, 10)
    box = b"[0 100 595 842]"
    form = one.pdf.form(sheet.stream(), one.fonts, box)
    one.pdf.page(
        b"/X Do q 0 0 50 50 re W n BT /F 10 Tf 200 300 Td " + one.font.encode("def") + b" Tj ET Q",
        one.fonts + b"/XObject<</X %d 0 R>>" % form,
        media(),
    )
    return Made(one.pdf.data(), [one.table.drawn()], never=["abc", "def"])


# --- fonts

FONTS: dict[str, Callable[[RawPdf], Font]] = {
    "helvetica_by_name": latin,
    "identity_with_to_unicode": lambda pdf: embedded(pdf, LETTERS),
    "identity_without_to_unicode": lambda pdf: embedded(pdf, LETTERS, "cmap"),
    "uni_gb_ucs2_not_embedded": by_name,
    "uni_gb_utf16_not_embedded": lambda pdf: by_name(pdf, b"UniGB-UTF16-H"),
    "gbk_euc_not_embedded": lambda pdf: by_name(pdf, b"GBK-EUC-H"),
    "gbkp_euc_not_embedded": lambda pdf: by_name(pdf, b"GBKp-EUC-H"),
    "gbk_bytes_as_name": lambda pdf: by_name(pdf, b"GBK-EUC-H", b"#CB#CE#CC#E5"),
    "gbk_bytes_as_name_embedded": lambda pdf: embedded(pdf, LETTERS, "cmap", name=b"AAAAAA+#CB#CE#CC#E5"),
    "simple_truetype_with_to_unicode": lambda pdf: simple(pdf, LETTERS),
    "simple_truetype_with_glyph_names": lambda pdf: simple(pdf, LETTERS, "names"),
    "type3_with_to_unicode": lambda pdf: simple(pdf, LETTERS, "unicode", "Type3"),
    "type3_with_glyph_names": lambda pdf: simple(pdf, LETTERS, "names", "Type3"),
}


def _font_feature(font: Callable[[RawPdf], Font]) -> Feature:
    def make(random: Random) -> Made:
        one = start(random, font=font)
        one.pdf.page(one.sheet.stream(), one.fonts, media())
        return Made(one.pdf.data(), [one.table.drawn()])

    return make


FEATURES |= {f"font_{name}": _font_feature(font) for name, font in FONTS.items()}


@feature
def figures_in_a_simple_subset_without_a_map(random: Random) -> Made:
    """Words in one font; figures in an embedded TrueType subset of WinAnsi codes and nothing else."""
    one = start(random, words=False)
    figures = simple(one.pdf, "0123456789.,-", "ascii")
    apart = [(r, c) for r, c, *_, text in one.table.cells if r > 1 and c]
    one.sheet.words(one.table, one.font, cells=[(r, c) for r, c, *_ in one.table.cells if (r, c) not in apart])
    words, one.sheet.ops = one.sheet.ops, []
    one.sheet.words(one.table, figures, cells=apart)
    content = b"\n".join(words) + b"\n" + one.sheet.stream().replace(b"/F ", b"/G ")
    one.pdf.page(content, b"/Font<</F %d 0 R/G %d 0 R>>" % (one.font.number, figures.number), media())
    return Made(one.pdf.data(), [one.table.drawn()])


@feature
def font_that_nothing_tells(random: Random) -> Made:
    """No ToUnicode map, no cmap: every character is unreadable, and said to be."""
    one = start(random, font=lambda pdf: embedded(pdf, LETTERS, "nothing"))
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    unread = one.table.with_text({(r, c): "\ufffd" * len(text) for r, c, *_, text in one.table.cells})
    return Made(one.pdf.data(), [unread.drawn()], warnings=["glyphs_without_unicode"])


@feature
def font_mapped_to_private_use(random: Random) -> Made:
    """A ToUnicode map into the private use area says nothing either."""
    one = start(random, font=lambda pdf: embedded(pdf, LETTERS, "private"))
    one.pdf.page(one.sheet.stream(), one.fonts, media())
    private = {char: chr(0xE001 + k) for k, char in enumerate(LETTERS)}
    unread = one.table.with_text({(r, c): "".join(private[char] for char in text) for r, c, *_, text in one.table.cells})
    return Made(one.pdf.data(), [unread.drawn()], warnings=["glyphs_without_unicode"])


# --- small raised and lowered characters


def _mark(mark: str, written: str, rise: float, scale: float, later: bool) -> Feature:
    def make(random: Random) -> Made:
        one = start(random, words=False)
        place = body_cell(one)
        table = one.table.with_text({place: "1,234.56"})
        one.sheet.words(table, one.font, cells=[(r, c) for r, c, *_ in table.cells if (r, c) != place])
        (x0, top, _, bottom), size = next(cell[5] for cell in table.drawn() if cell[:2] == place), table.size
        baseline = (top + bottom) / 2 + 0.36 * size
        texts = [(x0 + 2, baseline, "1,234.56", size), (x0 + 2 + 4 * size, baseline - rise * size, mark, scale * size)]
        if later:  # all marks at the end of the page, before the figure in the drawing order
            texts.reverse()
        for x, y, text, em in texts:
            one.sheet.text(x, y, text, one.font, em)
        one.pdf.page(one.sheet.stream(), one.fonts, media())
        return Made(one.pdf.data(), [table.with_text({place: "1,234.56" + written}).drawn()])

    return make


FEATURES["mark_raised_digit"] = _mark("1", "¹", 0.35, 0.6, later=False)
FEATURES["mark_raised_digits_drawn_apart"] = _mark("12", "¹²", 0.4, 0.5, later=True)
FEATURES["mark_raised_bracketed"] = _mark("[1]", "[¹]", 0.3, 0.65, later=False)
FEATURES["mark_raised_circled"] = _mark("①", "①", 0.4, 0.6, later=False)
FEATURES["mark_raised_note"] = _mark("注2", "注²", 0.45, 0.5, later=False)
FEATURES["mark_lowered_digit"] = _mark("2", "₂", -0.15, 0.6, later=False)
FEATURES["mark_full_size_circled"] = _mark("①", "①", 0.0, 1.0, later=False)
