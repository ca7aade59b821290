"""What a document is about (its filing): entity, code, region, year, kind, level, part. From titles, labels and text; never from a file's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from services.normalizer.domain.tables import TableResult
from services.normalizer.domain.words import plain
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Claim, Kind, Level, NormalizedDocument, Part

_YEAR = re.compile(r"(20\d\d)年?(?:度)?(?=[^。,，;；]{0,40}?(?:预算|决算|收支|公开|绩效|支出|收入))")
_CHINESE_YEAR = re.compile(r"二[〇○零0]([一二三四五六七八九〇○零])([一二三四五六七八九〇○零])年")
_DIGITS = {digit: index for index, digit in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}
_LABEL = re.compile(r"^(?:编制|填报|预算)?(?:部门|单位)(?:名称|全称)?(?:\(.*?\))?:(.+?)(?:单位:.*|金额单位.*)?$")
# Cover lines: "某市财政局2025年度部门预算", "2025年某市财政局部门决算公开", "某市财政局部门2025年预算".
_COVERS = (
    re.compile(
        r"^(?:附件\d*:?)?([\u4e00-\u9fff()]{4,40}?)(?:部门|单位)?(?:20\d\d|二[〇○零].{2})年?度?(?:部门|单位)?(?:综合)?(?:预算|决算)"
    ),
    re.compile(r"^(?:20\d\d|二[〇○零].{2})年度?([\u4e00-\u9fff()]{4,40}?)(?:部门|单位)?(?:综合)?(?:预算|决算)"),
    re.compile(r"^([\u4e00-\u9fff()]{4,40}?)(?:部门|单位)?(?:综合)?(?:预算|决算)公开(?:说明)?$"),
)
_BODY = re.compile(
    r"(?:局|委员会|委|中心|办公室|办公厅|处|所|院|校|站|馆|部|厅|政府|队|会|法院|检察院|学校|医院|街道|镇|乡|协会|公司|园|社)(?:\(本级\)|本级|机关)?$"
)
_REGION = re.compile(
    r"^(?:中共|中国共产党|政协|中国人民政治协商会议|共青团)?"
    r"((?:[\u4e00-\u9fff]{2,7}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,7}?(?:市(?!场|政|容|民|直)|自治州|州|盟))?(?:[\u4e00-\u9fff]{1,7}?(?:县|自治县|旗|区(?!域|划)|市(?!场|政|容|民|直)))?)"
)
_REGION_ONLY = re.compile(r"(?:省|市|区|县|州|盟|旗)$")
_PROVINCE = re.compile(r"^[\u4e00-\u9fff]{2,7}?(?:省|自治区)")
_PARTY = re.compile(r"^(?:中国共产党|中共)(?=[\u4e00-\u9fff]{1,7}?(?:省|市|区|县|州|盟|旗|镇|乡|街道)[\u4e00-\u9fff]*(?:委|党))")
# The shortest name of a body: 某县财政局 has five characters, 市科协 three; shorter ends of a name say nothing.
_SHORTEST = 4
# Budget software prints the unit's code before its name: 118_某县某局, [118001]某中心.
_CODE_BEFORE = re.compile(r"^[\[(]?(\d{3,})[\])]?[-_—]*(?=[\u4e00-\u9fff])")
_PART = re.compile(r"^(?:第[一二三四五六七八九十\d]+(?:部分|章|节)|[一二三四五六七八九十]+、|附件\d*:?)")
# A narrative says at least this many figures; fewer stand in notes and covers.
_NARRATIVE_CLAIMS = 3


def identify(extracted: Extracted, results: Sequence[TableResult], claims: Sequence[Claim]) -> NormalizedDocument:
    """The document's identity; what the evidence does not say is null (kind: `other`)."""
    headings = [plain(line.text) for line in extracted.text if line.kind in ("heading", "header") or line.page <= 2]
    titles = [plain(table.title) for table in extracted.tables if table.title]
    body = [plain(line.text) for line in extracted.text]
    cover = [plain(line.text) for line in extracted.text if line.page == 1 and line.kind != "page_number"]
    headings += [first + second for first, second in pairwise(cover)]
    printed = _entity(extracted, headings, body, results)
    on_cover = _cover_form(printed, [*cover, *headings]) if printed else None
    entity = _without_party(_without_province(on_cover or printed)) if printed else None
    kind = _kind(titles, headings, body)
    return NormalizedDocument(
        id=extracted.document.id,
        region=max((region_of(name) or "" for name in (printed, on_cover) if name), key=len, default="") or None,
        entity=entity,
        entity_code=_entity_code(entity, results, extracted),
        year=_year(titles, headings, body, results),
        kind=kind,
        level=_level(entity, titles, headings, body, results),
        part=_part(results, claims),
    )


def _weighted(titles: Iterable[str], headings: Iterable[str], body: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Texts with their weight as evidence: titles of forms and cover lines before running text."""
    yield from ((text, 3) for text in titles)
    yield from ((text, 3) for text in headings)
    yield from ((text, 1) for text in body)


def _kind(titles: Sequence[str], headings: Sequence[str], body: Sequence[str]) -> Kind:
    final = budget = 0
    for text, weight in _weighted(titles, headings, body):
        final += weight * text.count("决算")
        budget += weight * len(re.findall(r"预算(?!收入|支出|财政拨款|拨款|资金)", text))
    named = (sum("决算" in title for title in titles), sum("预算" in title for title in titles))
    if not final and not budget:
        return "budget" if named[1] else "other"
    if named[0] != named[1] and max(named) >= 2 and min(named) * 3 <= max(named):
        # Titles of final accounts name 一般公共预算 too: one title of 决算 settles it, unless the text speaks of the budget all along.
        return "final_accounts" if named[0] > named[1] or final > 2 * budget else "budget"
    return "final_accounts" if final > budget else "budget"


def _year(titles: Sequence[str], headings: Sequence[str], body: Sequence[str], results: Sequence[TableResult]) -> int | None:
    """The year that titles, cover lines and text name most in connection with the budget or the accounts."""
    counted: Counter[int] = Counter()
    for text, weight in _weighted(titles, headings, body):
        for found in _YEAR.finditer(text):
            counted[int(found.group(1))] += weight
        for chinese in _CHINESE_YEAR.finditer(text):
            counted[2000 + 10 * _DIGITS[chinese.group(1)] + _DIGITS[chinese.group(2)]] += weight
    for result in results:
        years = {info.head.year for info in result.read.layout.columns if info.head.year}
        if years:
            counted[max(years)] += 1
    if not counted:
        return None
    return max(sorted(counted, reverse=True), key=lambda year: counted[year])


def _entity(extracted: Extracted, headings: Sequence[str], body: Sequence[str], results: Sequence[TableResult]) -> str | None:
    """The name that the forms' labels print most, else that of the cover, else the only name beside unit codes."""
    labels: Counter[str] = Counter()
    for table in extracted.tables:
        texts = [table.entity or "", table.entity_label or "", *(label.text for label in table.labels if label.kind in ("entity", "other"))]
        texts += [cell.text for cell in table.cells if cell.row == 0]
        for index, text in enumerate(texts):
            name = _label_name(plain(text), bare=index == 0)
            if name:
                labels[name] += 1
                break
    if labels:
        return labels.most_common(1)[0][0]
    covers: Counter[str] = Counter()
    for weight, lines in ((3, headings), (1, body)):
        for line in lines:
            name = _cover_name(line)
            if name:
                covers[name] += weight
    if covers:
        return covers.most_common(1)[0][0]
    units = [row.stub.label.name for result in results for row in result.units]
    return Counter(units).most_common(1)[0][0] if units else None


def _cover_form(name: str, cover: Iterable[str]) -> str | None:
    """The form of a name that the cover prints: the same name with or without a region in front; None where it prints neither.

    Labels of forms come from budget software, which puts the province before every name; the cover is what the department calls itself.
    """
    for line in cover:
        other = _cover_name(line) or line
        longer, shorter = (name, other) if len(name) >= len(other) else (other, name)
        before = longer[: -len(shorter)] if longer.endswith(shorter) else None
        if len(shorter) >= _SHORTEST and before is not None and (not before or _REGION_ONLY.search(before)):
            return other
    return None


def _without_province(name: str) -> str:
    """A name without the province before its city or county: that is part of the region, and printed or not from one form to the next."""
    region = region_of(name) or ""
    found = _PROVINCE.match(region)
    return name[found.end() :] if found and found.end() < len(region) else name


def _without_party(name: str) -> str:
    """A name without 中共 before it: forms print it where the text leaves it out, and no two bodies differ in it alone."""
    return _PARTY.sub("", name)


def _label_name(label: str, *, bare: bool) -> str | None:
    """The name in a label (部门：…); a bare name counts where the extractor says that it is one."""
    found = _LABEL.match(label)
    name = found.group(1) if found else (label if bare and ":" not in label else "")
    name = _CODE_BEFORE.sub("", name)
    return name if len(name) >= _SHORTEST else None


def _cover_name(text: str) -> str | None:
    text = _PART.sub("", text)
    if len(text) > 60:
        return None
    for pattern in _COVERS:
        found = pattern.match(text)
        if found:
            name = re.sub(r"(?:部门|单位)$", "", found.group(1))
            if _BODY.search(name) and "," not in name:
                return name
    return None


def region_of(entity: str) -> str | None:
    """The administrative region that an entity's name begins with (某省某市某县); None where it begins with none."""
    found = _REGION.match(entity)
    return found.group(1) or None if found else None


def _entity_code(entity: str | None, results: Sequence[TableResult], extracted: Extracted) -> str | None:
    """The longest unit code printed beside the entity's own name."""
    codes = {
        row.stub.unit_code for result in results for row in result.units if entity and row.stub.label.name == entity and row.stub.unit_code
    }
    for table in extracted.tables:
        text = plain(table.entity or table.entity_label or "").partition(":")[2] or plain(table.entity or "")
        found = _CODE_BEFORE.match(text)
        if found and entity and text.endswith(entity):
            codes.add(found.group(1))
    return max(sorted(codes), key=len) if codes else None


def _level(
    entity: str | None, titles: Sequence[str], headings: Sequence[str], body: Sequence[str], results: Sequence[TableResult]
) -> Level | None:
    """`unit` where the forms put the entity below another department, or the text speaks of 单位预算 more than of 部门预算."""
    for result in results:
        names = [row.stub.label.name for row in result.units]
        if entity and entity in names and names[0] != entity and len(set(names)) == 2:
            return "unit"
    department = unit = 0
    for text, weight in _weighted(titles, headings, body):
        department += weight * len(re.findall(r"部门(?:综合|财务|收支)?(?:预算|决算|收入|支出)(?!支出经济|经济)", text))
        unit += weight * len(re.findall(r"单位(?:综合|财务|收支)?(?:预算|决算)", text))
    if unit > department:
        return "unit"
    return "department" if department else None


def _part(results: Sequence[TableResult], claims: Sequence[Claim]) -> Part:
    tables = any(result.money for result in results)
    narrative = len(claims) >= _NARRATIVE_CLAIMS
    if tables:
        return "whole" if narrative else "tables"
    return "narrative" if narrative else "tables" if results else "narrative"
