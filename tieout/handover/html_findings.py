"""The findings in the report's page: each with the picture of its place, what is printed and suggested, and its sums line by line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.contracts.validated import Check
from shared.plain_text import plain
from tieout.explain import CAUSE_WORDS, STATUS_WORDS, accused_marks, diagnosis_lines, place_text, sum_lines
from tieout.handover.contents import Item
from tieout.handover.html_text import esc, image, paragraphs, row, tag
from tieout.handover.words import acceptance_line, kind_word
from tieout.language import Language, pick, say
from tieout.summary import grouped

MOST_FINDINGS = 300  # a document with more is wrong as a whole; the notice and the workbook have all of them
_MOST_SUMS = 6
_MOST_SUMS_OF_A_NOTE = 2  # rounding alone: an example says how it looks
_MOST_LINES = 60
_MOST_SENTENCES = 3
_SHORT_CARD = 14  # lines of sums of a card that stays on one sheet of paper


def finding_cards(items: tuple[Item, ...], pictures: Mapping[int, bytes], language: Language) -> str:
    """The findings as cards. Args: pictures: PNG by the item's number."""
    return "".join(_card(item, pictures.get(item.number, b""), language) for item in items[:MOST_FINDINGS])


def _card(item: Item, picture: bytes, language: Language) -> str:
    finding = item.finding
    word = kind_word(item.kind, language)
    if item.accepted is not None:
        word += pick(language, "（已认可）", " (accepted)")
    head = tag("span", str(item.number), class_="no") + tag("span", esc(word), class_="tag") + tag("span", esc(finding.id), class_="id")
    lines = sum(min(len(check.terms) + 3, _MOST_LINES) for check in item.checks[:_MOST_SUMS])
    classes = " ".join(filter(None, ("accepted" if item.accepted else item.kind, "short" if lines <= _SHORT_CARD else "")))
    inner = [tag("div", head, class_="head"), tag("h3", esc(say(finding.message, language)))]
    if item.accepted is not None:
        inner.append(tag("p", esc(acceptance_line(item.accepted, language)), class_="remark"))
    inner += [_change(item, language), _figure(item, picture, language), _advice(item, language)]
    inner += _sums(item, language)
    return tag("article", "".join(inner), id=f"f{item.number}", class_=classes)


def _change(item: Item, language: Language) -> str:
    """What is printed, what should stand there, and how sure that is."""
    finding, diagnosis = item.finding, item.finding.diagnosis
    unit = f" {finding.unit}" if finding.unit else ""
    pairs: list[tuple[str, str, str]] = []
    if diagnosis is not None and diagnosis.suggested and diagnosis.reported is not None:
        known = item.context.facts.get(diagnosis.fact or "")
        own = f" {known.unit}" if known and known.unit else unit
        pairs.append((pick(language, "印出", "printed"), grouped(diagnosis.reported) + own, "old"))
        pairs.append((pick(language, "建议", "suggested"), grouped(diagnosis.suggested) + own, "new"))
        pairs.append((pick(language, "把握", "confidence"), f"{diagnosis.confidence:.0%}", ""))
        if diagnosis.cause != "unknown":
            pairs.append((pick(language, "可能原因", "likely cause"), pick(language, *CAUSE_WORDS[diagnosis.cause]), ""))
    elif finding.reported is not None and finding.expected is not None:
        pairs.append((pick(language, "此处", "here"), f"{finding.reported:,}{unit}", "old"))
        pairs.append((pick(language, "他处或计算", "elsewhere or computed"), f"{finding.expected:,}{unit}", ""))
    if finding.difference is not None:
        pairs.append((pick(language, "相差", "difference"), f"{finding.difference:,}{unit}", ""))
    if not pairs:
        return ""
    made = "".join(
        tag("div", tag("dt", esc(name)) + tag("dd", esc(text), **({"class_": kind} if kind else {}))) for name, text, kind in pairs
    )
    return tag("dl", made, class_="change")


def _figure(item: Item, picture: bytes, language: Language) -> str:
    spot = next((spot for spot in item.spots if spot.figure), None)
    if not picture or spot is None:
        return ""
    where = pick(language, f"原文第 {spot.page} 页", f"page {spot.page} of the document")
    caption = where + pick(language, "，方框内为所指的数字", ": the figure in question in the box")
    if any(other.page == spot.page and other.box != spot.box for other in item.spots):
        caption += pick(language, "，蓝框为算式中的其他数字", ", other figures of its sums in blue")
    return tag("figure", image(picture, f"{where}：{say(item.finding.message, language)}") + tag("figcaption", esc(caption)))


def _advice(item: Item, language: Language) -> str:
    """The likely cause, what confirms it, and which other figures could be meant."""
    diagnosis = item.finding.diagnosis
    if diagnosis is None:
        return ""
    lines = [line.plain.strip() for line in diagnosis_lines(diagnosis, item.context)]
    made = paragraphs(lines[1:] if diagnosis.suggested else lines)  # the first one says what stands above already
    held = [check for check in item.checks if check.id in diagnosis.confirmed_by]
    names = dict.fromkeys(item.context.rules.get(check.rule, check.rule) for check in held)
    if names:
        listed = pick(language, "、", "; ").join(names)
        made += paragraphs([pick(language, f"改后相符的核对：{listed}。", f"Checks that would then hold: {listed}.")], class_="small")
    return made


def _sums(item: Item, language: Language) -> Iterator[str]:
    marks = accused_marks(item.finding, language)
    most = _MOST_SUMS_OF_A_NOTE if item.kind == "note" else _MOST_SUMS
    for number, check in enumerate(item.checks[:most], start=1):
        yield _sum(check, item, marks, f"{number}/{len(item.checks)}", language)
    if len(item.checks) > most:
        more = len(item.checks) - most
        yield paragraphs(
            [pick(language, f"另有 {more} 项核对，见工作簿“算式”。", f"{more} more checks are in the workbook's sheet of sums.")],
            class_="small",
        )
    if not item.checks and item.finding.evidence:
        lines = []
        for evidence in item.finding.evidence[:_MOST_LINES]:
            fact = item.context.facts.get(evidence.fact)
            place = place_text(fact, None, item.context) or pick(language, f"第 {evidence.page} 页", f"p. {evidence.page}")
            lines.append(
                row(
                    [
                        esc(pick(language, "印出", "printed")),
                        esc(grouped(evidence.text)),
                        esc((fact.unit or "") if fact else ""),
                        esc(place),
                    ],
                    [1],
                )
            )
        yield tag("table", tag("tbody", "".join(lines)), class_="sum")
    said = dict.fromkeys(item.context.sentences[each.fact] for each in item.finding.evidence if each.fact in item.context.sentences)
    for sentence in list(said)[:_MOST_SENTENCES]:
        yield paragraphs([pick(language, "原文：", "text: ") + plain(sentence)], class_="small")


def _sum(check: Check, item: Item, marks: Mapping[str, str], number: str, language: Language) -> str:
    zh, en, _ = STATUS_WORDS[check.status]
    name = item.context.rules.get(check.rule, check.rule)
    head = esc(pick(language, f"核对 {number}：", f"Check {number}: ") + name) + " "
    head += tag("span", esc(pick(language, zh, en)), class_=f"status {check.status}")
    lines = sum_lines(check, item.context, marks)
    left_out = max(0, len(lines) - _MOST_LINES)
    shown = [*lines[: _MOST_LINES - 2], *lines[-2:]] if left_out else lines
    rows = []
    for index, line in enumerate(shown):
        if left_out and index == _MOST_LINES - 2:
            rows.append(row(["", "…", "", esc(pick(language, f"略去 {left_out} 行", f"{left_out} lines left out"))], [1]))
        kind = "bad" if line.style == "bold red" else "bold" if line.style == "bold" else ""
        cells = [esc(line.label), esc(line.figure), esc(line.unit), esc(line.place)]
        rows.append(row(cells, [1], kind=kind or ("hit" if "←" in line.place else "")))
    return tag("h4", head) + tag("table", tag("tbody", "".join(rows)), class_="sum")
