"""What people are told, in Chinese and English: page, form, row × column, printed figure, expected figure, difference with unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from services.validator.domain.edits import Edit
from services.validator.domain.grading import in_unit
from services.validator.domain.intervals import ZERO
from services.validator.domain.rereading import Confirmation
from services.validator.domain.sheet import Book, Figure, bare, title_of
from shared.contracts.common import Message

UNITS_EN = {"元": "yuan", "万元": "10,000 yuan", "千元": "1,000 yuan", "百万元": "million yuan", "亿元": "100 million yuan"}


def amount_of(value: Decimal, figure: Figure) -> Decimal:
    """An amount in 元 in the unit of the figure, with the decimals that its column prints."""
    return in_unit(value, figure.order, max(figure.fact.precision, 0))


def amount_text(value: Decimal, figure: Figure) -> str:
    """An amount in 元 as a figure of the same column, without separators: what a program takes over."""
    return format(amount_of(value, figure), "f")


def in_words(amount: Decimal) -> str:
    """An amount as sentences say it: with separators of thousands, since a zero too many does not show in 104400000."""
    return format(amount, ",f")


def amount_words(value: Decimal, figure: Figure) -> str:
    """An amount in 元 as sentences say it, in the unit of the figure."""
    return in_words(amount_of(value, figure))


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence speaks of, as data: amounts in `unit`, the identity, the page. Null where it does not speak of it."""

    reported: Decimal | None = None
    expected: Decimal | None = None
    difference: Decimal | None = None
    unit: str | None = None
    rule: str | None = None
    page: int | None = None


def said_of(figure: Figure, expected: Decimal, rule: str) -> Said:
    """What a sentence says of a figure that should be another one. Args: expected: in 元. rule: the id of the identity."""
    return Said(
        reported=amount_of(figure.value, figure),
        expected=amount_of(expected, figure),
        difference=amount_of(figure.value - expected, figure),
        unit=figure.fact.unit,
        rule=rule,
        page=figure.fact.page,
    )


def unit_zh(figure: Figure) -> str:
    """The unit as printed, empty where unknown."""
    return figure.fact.unit or ""


def unit_en(figure: Figure) -> str:
    """The unit in English, empty where unknown."""
    unit = unit_zh(figure)
    return UNITS_EN.get(unit, unit)


def counted(count: int, one: str, many: str) -> str:
    """A count with its words: 1 identity holds, 2 identities hold."""
    return f"{count} {one if count == 1 else many}"


class Places:
    """Names the places of figures: form, row and column as printed."""

    def __init__(self, book: Book) -> None:
        self._titles = {sheet.form.table: title_of(sheet.form) for sheet in book.sheets}
        self._columns = {(sheet.form.table, column.col): column.path for sheet in book.sheets for column in sheet.form.columns}

    def _parts(self, figure: Figure) -> tuple[str, str, str]:
        fact = figure.fact
        title = self._titles.get(fact.table, "")
        row = bare(fact.label or fact.project or fact.function or fact.economic or fact.gov_economic or f"第{fact.row + 1}行")
        return title, row, self.column(fact.table, fact.col)

    def column(self, table: str, col: int) -> str:
        """The last two heads of a column."""
        return "·".join(bare(name) for name in self._columns.get((table, col), ())[-2:])

    def zh(self, figure: Figure) -> str:
        """第 9 页《支出总表》“社会保险经办机构”×“基本支出”."""
        title, row, column = self._parts(figure)
        return f"第{figure.fact.page}页《{title}》“{row}”" + (f"×“{column}”" if column else "")

    def en(self, figure: Figure) -> str:
        """Page 9, 《支出总表》, “社会保险经办机构” × “基本支出”."""
        title, row, column = self._parts(figure)
        return f"page {figure.fact.page}, 《{title}》, “{row}”" + (f" × “{column}”" if column else "")


def failure_message(places: Places, figure: Figure, expected: Decimal, rule_zh: str, rule_en: str, confirmed: int, pinned: bool) -> Message:
    """A figure that does not tie out: printed, expected, difference."""
    printed, wanted = amount_words(figure.value, figure), amount_words(expected, figure)
    difference = amount_words(figure.value - expected, figure)
    also_zh = f"（{confirmed} 项勾稽关系指向同一数）" if confirmed > 1 else ""
    also_en = f" ({confirmed} identities point to it)" if confirmed > 1 else ""
    doubt_zh = "" if pinned else "；也可能是参与计算的其他数有误"
    doubt_en = "" if pinned else "; one of the other figures of the sum may be wrong instead"
    return Message(
        zh=f"{places.zh(figure)}印为 {printed} {unit_zh(figure)}，按“{rule_zh}”应为 {wanted} {unit_zh(figure)}，相差 {difference} {unit_zh(figure)}{also_zh}{doubt_zh}。",
        en=f"{places.en(figure)} prints {printed} ({unit_en(figure)}); since {rule_en}, it should be {wanted}: a difference of {difference}{also_en}{doubt_en}.",
    )


def misread_message(places: Places, figure: Figure, reading: str) -> Message:
    """Two readers read different figures: ours may be wrong, so nobody is accused."""
    return Message(
        zh=f"{places.zh(figure)}可能是我们读错了：第一次读作 {figure.fact.text}，第二次读作 {reading}；请对照原件。",
        en=f"{places.en(figure)} may be our misreading: one reader read {figure.fact.text}, the other {reading}; please look at the page.",
    )


def unsure_message(places: Places, figure: Figure, rule_zh: str, rule_en: str) -> Message:
    """Sums do not tie, and one of the figures was read with doubt: recognised in an image with little certainty, or badly set in the file."""
    if figure.fact.origin != "image":
        return Message(
            zh=f"{places.zh(figure)}读作 {figure.fact.text}，但文件中该数的字符或位置有疑点；按“{rule_zh}”加不拢，可能是读取有误，请对照原件。",
            en=f"{places.en(figure)} was read as {figure.fact.text} with little certainty, since its characters or its place in the file are odd; "
            f"{rule_en} does not hold, perhaps because it was misread; please look at the page.",
        )
    return Message(
        zh=f"{places.zh(figure)}在扫描图像中识别为 {figure.fact.text}，但不够清晰；按“{rule_zh}”加不拢，可能是识别有误，请对照原件。",
        en=f"{places.en(figure)} was recognised as {figure.fact.text} in the scanned image, with little certainty; {rule_en} does not hold, perhaps "
        "because it was misread; please look at the page.",
    )


def with_origin(message: Message, count: int) -> Message:
    """A message that says how many of its figures were recognised in an image. Every sentence ends with a full stop of its language."""
    return Message(
        zh=f"{message.zh.removesuffix('。')}（有 {count} 个数由扫描图像识别得出，请对照原件）。",
        en=f"{message.en.removesuffix('.')} ({count} of the figures were recognised in a scanned image; please look at the page).",
    )


def with_rereading(message: Message, confirmed: Confirmation | None, images: bool) -> Message:
    """An accusation that says how its figure was read again. Args: images: whether a reader of images is installed."""
    if confirmed is None:
        return message
    if confirmed == "image":
        zh, en = "该数已按页面图像复核，读数一致", "the image of the page shows this figure too"
    elif images:
        zh, en = (
            "该数在页面图像上未能读清，只复核了文件中的文字",
            "this figure could not be read in the page's image; only the file's text was read again",
        )
    else:
        zh, en = "未安装图像识别组件，只复核了文件中的文字", "no reader of images is installed; only the file's text was read again"
    return Message(zh=f"{message.zh.removesuffix('。')}（{zh}）。", en=f"{message.en.removesuffix('.')} ({en}).")


def unclear_message(places: Places, figure: Figure, count: int, rule_zh: str, rule_en: str) -> Message:
    """The layout of a form was not understood well enough to accuse."""
    more_zh, more_en = (f"等 {count} 处", f" and {count - 1} more") if count > 1 else ("", "")
    return Message(
        zh=f"{places.zh(figure)}{more_zh}按“{rule_zh}”加不拢，但该表的结构没有读准，请人工核对。",
        en=f"{places.en(figure)}{more_en}: sums do not tie ({rule_en}), but the layout of this form is not certain; please check by hand.",
    )


def suspicious_message(places: Places, figure: Figure, difference: Decimal, rule_zh: str, rule_en: str) -> Message:
    """Possible by rounding, but far more than rounding usually does."""
    printed, text = amount_words(figure.value, figure), amount_words(difference, figure)
    return Message(
        zh=f"{places.zh(figure)}印为 {printed} {unit_zh(figure)}，与“{rule_zh}”相差 {text} {unit_zh(figure)}，超出通常的四舍五入尾差。",
        en=f"{places.en(figure)} prints {printed}, {text} ({unit_en(figure)}) off ({rule_en}): more than rounding usually does.",
    )


def unit_message(title: str, page: int, count: int) -> Message:
    """A form without a unit: its figures are compared inside the form only."""
    return Message(
        zh=f"第{page}页《{title}》没有注明金额单位，其中 {count} 个数只能在表内核对。",
        en=f"page {page}, 《{title}》: no unit of money is given; its {counted(count, 'figure is', 'figures are')} compared inside the form only.",
    )


def unread_message(title: str, page: int, count: int) -> Message:
    """A form of no known kind: nothing in it could be checked."""
    return Message(
        zh=f"第{page}页《{title}》没有认出是哪种表，其中 {count} 个数没有核对。",
        en=f"page {page}, 《{title}》: not recognised as a form; its {counted(count, 'figure was', 'figures were')} not checked.",
    )


def repair_message(places: Places, edit: Edit, confirmed: int) -> Message:
    """A row printed twice or left out, a figure left blank or in the wrong column. Args: confirmed: how many sums hold once that is put right."""
    figure = edit.figures[0]
    then_zh = f"；更正后有 {confirmed} 项勾稽关系成立" if confirmed else ""
    then_en = f"; put right, {counted(confirmed, 'identity holds', 'identities hold')}" if confirmed else ""
    if edit.cause == "row_duplicated":
        above = f"{figure.fact.table}/{figure.fact.row - 1}/{figure.fact.col}" in edit.heirs
        same_zh, same_en = ("上一行", "the one above") if above else ("本表前面的一行", "an earlier row of the form")
        return Message(
            zh=f"{places.zh(figure)}这一行与{same_zh}相同，而合计只计了一次，可能重复列示{then_zh}。",
            en=f"{places.en(figure)}: this row repeats {same_en}, and the total counts it once: it may be printed twice{then_en}.",
        )
    if edit.blank is not None:
        wanted = amount_words(edit.blank.value, edit.blank)
        return Message(
            zh=f"{places.zh(edit.blank)}为空白，按勾稽关系应为 {wanted} {unit_zh(edit.blank)}，可能漏填{then_zh}。",
            en=f"{places.en(edit.blank)} is blank; by the sums it should be {wanted} ({unit_en(edit.blank)}): it seems to be left out{then_en}.",
        )
    if edit.column is not None:
        column = places.column(figure.fact.table, edit.column)
        return Message(
            zh=f"{places.zh(figure)}印有 {amount_words(figure.value, figure)} {unit_zh(figure)}，按各栏合计应填在“{column}”栏{then_zh}。",
            en=f"{places.en(figure)} prints {amount_words(figure.value, figure)} ({unit_en(figure)}), which by the totals belongs under “{column}”{then_en}.",
        )
    if not edit.source:
        return Message(
            zh=f"{places.zh(figure)}等 {len(edit.figures)} 栏都比各项之和多，所差各栏相互吻合：各项中可能漏列一行，或有一行各栏都少列。",
            en=f"{places.en(figure)} and {len(edit.figures) - 1} more columns: what the parts lack in them adds up across like a row of its own; a row "
            "seems to be left out, or one of them is too small in all these columns.",
        )
    source = edit.source[0]
    return Message(
        zh=f"{places.zh(figure)}的各项中缺少“{edit.label}”一行：{places.zh(source)}列有 {amount_words(source.value, source)} {unit_zh(source)}，正是此处所差{then_zh}。",
        en=f"{places.en(figure)}: “{edit.label}” is missing among its parts: {places.en(source)} prints {amount_words(source.value, source)} "
        f"({unit_en(source)}), just what is lacking here{then_en}.",
    )


def incomplete_message() -> Message:
    """So much fails that not every explanation was tried."""
    return Message(
        zh="不符之处过多，未能逐一比较各种可能的原因；部分问题可能另有更简单的解释。",
        en="so much does not tie out that not every explanation was tried; some findings may have a plainer cause.",
    )


def rounding_message(count: int) -> Message:
    """How many sums hold by rounding only."""
    return Message(
        zh=f"{count} 项勾稽关系存在四舍五入尾差，在允许范围内。",
        en=f"{counted(count, 'identity holds', 'identities hold')} within rounding.",
    )


def claim_message(page: int, subject: str, said: Said, places: Places, figure: Figure, apart: bool = False) -> Message:
    """The narrative against a form. Args: said: the amounts, in the unit of the narrative. apart: narrative and form are two documents."""
    printed, text, difference = amount_words(figure.value, figure), in_words(said.reported or ZERO), in_words(said.difference or ZERO)
    own_zh, own_en = ("说明文件", "of the narrative document") if apart else ("", "")
    form_zh, form_en = ("报表文件", "in the document with the tables, ") if apart else ("", "")
    return Message(
        zh=f"{own_zh}第{page}页文字说明“{subject}”为 {text} {said.unit}，而{form_zh}{places.zh(figure)}为 {printed} {unit_zh(figure)}，相差 {difference} {said.unit}。",
        en=f"page {page}{f' {own_en}' if own_en else ''}: the narrative gives {text} for “{subject}”, but {form_en}{places.en(figure)} prints {printed} ({unit_en(figure)}): a difference of {difference}.",
    )


def sum_message(page: int, subject: str, said: Said) -> Message:
    """A whole that the parts listed for it do not make up. Args: said: the amounts, in the unit of the narrative."""
    given, parts, difference = (in_words(amount or ZERO) for amount in (said.reported, said.expected, said.difference))
    return Message(
        zh=f"第{page}页文字说明“{subject}”为 {given} {said.unit}，而文中列出的各部分合计为 {parts} {said.unit}，相差 {difference} {said.unit}。",
        en=f"page {page}: the narrative gives {given} for “{subject}”, but the parts that it lists add up to {parts}: a difference of {difference}.",
    )


def share_message(page: int, subject: str, said: str, expected: str, *, carried_out: bool) -> Message:
    """A share that its amounts do not give. Args: carried_out: how much of the budget was, rather than a share of an amount."""
    word_zh, word_en = ("完成预算的比例", "the budget carried out") if carried_out else ("占比", "the share")
    return Message(
        zh=f"第{page}页文字说明“{subject}”{word_zh}为 {said}%，按文中和报表的金额计算应为 {expected}%。",
        en=f"page {page}: the narrative gives {said}% as {word_en} of “{subject}”, but its amounts and those of the forms give {expected}%.",
    )


def change_message(page: int, subject: str, said: str, expected: str | None) -> Message:
    """A change that does not go with the amounts beside it. Args: said, expected: with their units."""
    then_zh = f"，按文中和报表的金额计算应为 {expected}" if expected else "，与同一句的金额不能同时成立"
    then_en = (
        f", but its amounts and those of the forms give {expected}" if expected else ", which cannot go with the amounts of its sentence"
    )
    return Message(
        zh=f"第{page}页文字说明“{subject}”的增减为 {said}{then_zh}。",
        en=f"page {page}: the narrative gives {said} as the change of “{subject}”{then_en}.",
    )


def direction_message(page: int, subject: str, said: str, up: bool) -> Message:
    """A change whose word says the opposite of its figures. Args: said: the figures with their units; up: what the word says."""
    word_zh, word_en = ("增加", "rises") if up else ("减少", "falls")
    return Message(
        zh=f"第{page}页文字说明“{subject}”写作{word_zh}（{said}），与数字的方向相反或前后矛盾。",
        en=f"page {page}: the narrative says that “{subject}” {word_en} ({said}), which is the opposite of what its figures say.",
    )
