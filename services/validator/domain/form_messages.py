"""What people are told of forms that are missing, not read, not listed, empty or cut apart, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from services.validator.domain.messages import Places, amount_words, counted, unit_en, unit_zh
from services.validator.domain.requirements import Requirement
from services.validator.domain.sheet import Figure, bare
from shared.contracts.common import Message
from shared.contracts.normalized import FormTitle, ListedForm


def _listed_zh(entry: ListedForm) -> str:
    return f"{entry.number or ''}《{entry.title}》"


def missing_message(required: Requirement, *, explained: bool) -> Message:
    """A form that is required and that nothing of the document speaks of. Args: explained: the text says that there is nothing to print."""
    also_zh = "；文字说明称没有这类收支，仍应列出空表并说明" if explained else ""
    also_en = "; the text says that there is none, but an empty form with a note is due" if explained else ""
    return Message(
        zh=f"文件中没有《{required.zh}》，这张表应当公开（{required.source}）{also_zh}。",
        en=f"there is no form 《{required.zh}》 ({required.en}) in this document; it has to be published ({required.source}){also_en}.",
    )


def excerpt_message(found: int, missing: Sequence[Requirement]) -> Message:
    """Several of the required forms are not in this file: it may be a part of a disclosure."""
    zh, en = "、".join(f"《{one.zh}》" for one in missing), ", ".join(f"《{one.zh}》" for one in missing)
    return Message(
        zh=f"应当公开的 {found + len(missing)} 张表中，本文件有 {found} 张；没有{zh}，可能在别的文件中，或名称不同。",
        en=f"this file has {found} of the {found + len(missing)} forms that have to be published; not here, perhaps in other files or under other names: {en}.",
    )


def not_found_message(entry: ListedForm, required: Requirement | None) -> Message:
    """The list of contents names a form that is not there."""
    also_zh = f"；这张表应当公开（{required.source}）" if required else ""
    also_en = f"; it has to be published ({required.source})" if required else ""
    return Message(
        zh=f"第{entry.page}页目录列有{_listed_zh(entry)}，文件中没有找到这张表{also_zh}。",
        en=f"the list of contents on page {entry.page} names {_listed_zh(entry)}, which is not found in this document{also_en}.",
    )


def unread_form_message(required: Requirement, title: FormTitle) -> Message:
    """A required form whose title is there and whose table was not read."""
    return Message(
        zh=f"第{title.page}页有《{title.title}》的标题，但没有读到表格；《{required.zh}》中的数没有核对。",
        en=f"page {title.page} has the title 《{title.title}》, but no table was read below it; the figures of this form were not checked.",
    )


def many_not_found_message(entries: Sequence[ListedForm]) -> Message:
    """Most forms of the list of contents are not there: they are in other files, or were not read."""
    zh, en = "、".join(_listed_zh(entry) for entry in entries), ", ".join(_listed_zh(entry) for entry in entries)
    page = entries[0].page
    return Message(
        zh=f"第{page}页目录所列的表中，{len(entries)} 张在本文件中没有找到，可能在别的文件中：{zh}。",
        en=f"{len(entries)} forms that the list of contents on page {page} names are not found in this document, perhaps they are in other files: {en}.",
    )


def perhaps_unread_message(missing: Sequence[Requirement], pages: Sequence[int]) -> Message:
    """Required forms that may stand in what was not read. Args: pages: where something was not read or not recognised."""
    zh, en = "、".join(f"《{one.zh}》" for one in missing), ", ".join(f"《{one.zh}》" for one in missing)
    where = "、".join(str(page) for page in pages)
    return Message(
        zh=f"没有读到{zh}；第{where}页有未能读出或未能认出的内容，可能就是，请人工核对。",
        en=f"not read: {en}; something on page {where.replace('、', ', ')} could not be read or recognised and may be it; please check by hand.",
    )


def unlisted_message(titles: Sequence[tuple[str, int]], page: int) -> Message:
    """Forms that the list of contents does not name. Args: titles: with their pages. page: of the list."""
    zh = "、".join(f"第{where}页《{title}》" for title, where in titles)
    en = ", ".join(f"《{title}》 on page {where}" for title, where in titles)
    return Message(zh=f"第{page}页目录没有列出：{zh}。", en=f"the list of contents on page {page} does not name: {en}.")


def empty_message(titles: Sequence[tuple[str, int]]) -> Message:
    """Empty forms about the same thing that nothing explains. Args: titles: with their pages."""
    zh = "、".join(f"第{page}页《{title}》" for title, page in titles)
    en = ", ".join(f"《{title}》 on page {page}" for title, page in titles)
    return Message(
        zh=f"{zh}没有数据，也没有说明原因；没有数据的表应当列出空表并说明。",
        en=f"no figures and no word why: {en}; an empty form has to say why it is empty.",
    )


def apart_message(page: int, before: str, page_before: int, count: int) -> Message:
    """A table that may go on with the one before. Args: count: sums that were left unchecked for it."""
    return Message(
        zh=f"第{page}页的表可能接第{page_before}页《{before}》，未能确认是否为同一张表；涉及的 {count} 项合计没有核对，请人工核对。",
        en=f"the table on page {page} may go on with 《{before}》 on page {page_before}, which is not certain; {counted(count, 'sum over them was', 'sums over them were')} not checked; "
        "please check by hand.",
    )


def no_total_message(title: str, last: Figure) -> Message:
    """A form without the totals that end forms of its kind. Args: last: its last figure."""
    page, row = last.fact.page, bare(last.fact.label)
    return Message(
        zh=f"第{page}页《{title}》到“{row}”为止，没有合计（总计）行，后面可能缺页，请核对。",
        en=f"page {page}, 《{title}》 ends with “{row}” and has no total: a page may be missing after it; please check.",
    )


def cut_message(places: Places, title: str, last: Figure, target: Figure, lacks: Decimal, count: int, codes: Sequence[str]) -> Message:
    """A form whose end is missing. Args: last: its last figure. target, lacks: the sum that lacks most, in 元. count: how many lack something.

    codes: those that another form prints and that would follow.
    """
    page, row, amount = last.fact.page, bare(last.fact.label), amount_words(lacks, target)
    also_zh = f"（其他表在此之后还列有 {len(codes)} 个科目，如 {codes[0]}）" if codes else ""
    many_en = counted(len(codes), "code", "codes")
    also_en = f" (another form prints {many_en} that would follow, such as {codes[0]})" if codes else ""
    return Message(
        zh=f"第{page}页《{title}》到“{row}”为止，后面的行缺失：只有其后还应有分项的 {count} 项合计加不拢，{places.zh(target)}的各项尚缺 {amount} {unit_zh(target)}"
        f"{also_zh}，可能缺页。",
        en=f"page {page}, 《{title}》 ends with “{row}”, and rows after it are missing: of its sums only the {count} that would go on do not hold; "
        f"the parts of {places.en(target)} lack {amount} ({unit_en(target)}){also_en}: a page may be missing.",
    )


def start_message(title: str | None, first: Figure, count: int) -> Message:
    """A form whose beginning is missing. Args: title: none where it is missing too. first: its first figure. count: sums that lack parts for it."""
    page, row = first.fact.page, bare(first.fact.label)
    name_zh, name_en = (f"《{title}》", f"《{title}》") if title else ("没有标题的表", "the table without a title")
    also_zh = f"；因此有 {count} 项合计没有核对" if count else ""
    also_en = f"; {counted(count, 'sum was', 'sums were')} not checked for it" if count else ""
    return Message(
        zh=f"第{page}页{name_zh}从“{row}”开始，前面的行缺失，可能缺页{also_zh}。",
        en=f"page {page}, {name_en} begins with “{row}”, and rows before it are missing: a page may be missing{also_en}.",
    )
