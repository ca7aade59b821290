"""The report as one page of HTML that needs nothing else: no script, no font, no address; pictures lie inside. Pure: the same results, the same bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from msgspec import UNSET

from shared.check_reasons import reason_in
from shared.contracts.normalized import Fact
from shared.contracts.notice import NoticeKind
from shared.contracts.validated import Coverage
from shared.form_names import form_name
from shared.plain_text import plain
from tieout.explain_figure import untied_facts
from tieout.handover.contents import Handover, Item, accused_of, is_left_blank
from tieout.handover.html_findings import MOST_FINDINGS, finding_cards
from tieout.handover.html_style import STYLE
from tieout.handover.html_text import esc, paragraphs, row, table, tag
from tieout.handover.words import kind_word, title_line, verdict_word
from tieout.language import Language, pick, say
from tieout.summary import grouped

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_MOST_UNTIED = 60
_MOST_REASONS = 20


def page_of(contents: Handover, pictures: Mapping[int, bytes], remarks: Sequence[str], language: Language) -> str:
    """The page. Args: pictures: PNG by the number of the finding. remarks: what could not be made, in the page's language."""
    items = contents.items(language)
    title = pick(language, "勾稽核对报告：", "Reconciliation report: ") + title_line(contents, language)
    body = "".join(
        (
            _head(contents, items, remarks, language),
            _overview(items, language),
            _findings(items, pictures, language),
            _coverage(contents, language),
            _open_matters(contents, language),
            _foot(contents, language),
        )
    )
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{esc(title)}</title><style>{STYLE}</style>"
    )
    lang = pick(language, "zh-CN", "en")
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head>{head}</head>\n<body><main>\n{body}</main></body></html>\n'


def _head(contents: Handover, items: Sequence[Item], remarks: Sequence[str], language: Language) -> str:
    validated = contents.validated
    open_kinds = [item.kind for item in items if item.accepted is None]
    numbers = [(str(open_kinds.count(kind)), word) for kind, word in _wanted(language)]
    numbers.append((str(len(items) - len(open_kinds)), pick(language, "已认可", "accepted")))
    coverage = validated.coverage
    numbers.append((f"{coverage.tied}/{coverage.figures}", pick(language, "数字已勾稽", "figures tied")))
    listed = "".join(tag("li", tag("b", esc(number)) + esc(word)) for number, word in numbers)
    made = tag("h1", esc(title_line(contents, language)))
    made += tag(
        "p",
        esc(contents.name + pick(language, f" · {contents.pages} 页 · 勾稽核对报告", f" · {contents.pages} pages · reconciliation report")),
        class_="sub",
    )
    made += tag("p", esc(verdict_word(validated.verdict, language)), class_=f"verdict {validated.verdict}")
    made += tag("ul", listed, class_="numbers")
    return tag("header", made + paragraphs(remarks, class_="remark"))


def _wanted(language: Language) -> list[tuple[NoticeKind, str]]:
    return [
        ("correction", pick(language, "须更正", "to correct")),
        ("question", pick(language, "待核实", "to look into")),
        ("note", pick(language, "说明", "notes")),
    ]


def _overview(items: Sequence[Item], language: Language) -> str:
    """All findings on one sheet: what to change, and where."""
    if not items:
        return tag("p", esc(pick(language, "没有发现问题。", "Nothing was found.")))
    headings = pick(language, "号 事项 页 位置 印出 建议 状态", "no. what page place printed suggested state").split(" ")
    rows = []
    for item in items[:MOST_FINDINGS]:
        finding, diagnosis = item.finding, item.finding.diagnosis
        evidence = accused_of(finding)
        about = diagnosis.fact if diagnosis and diagnosis.fact else evidence.fact if evidence and not is_left_blank(finding) else ""
        accused = item.context.facts.get(about)
        title = item.context.titles.get(accused.table, "") if accused is not None else finding.title
        place = f"《{title}》" if title and not is_left_blank(finding) else ""
        if accused is not None and accused.table in item.context.files:
            place = f"{item.context.files[accused.table]} {place}"
        if accused is not None and accused.label:
            place += f"“{accused.label}”"
        state = pick(language, "已认可", "accepted") if item.accepted else "—" if item.kind == "note" else pick(language, "待处理", "open")
        printed = diagnosis.reported if diagnosis and diagnosis.reported else f"{finding.reported}" if finding.reported is not None else ""
        cells = [
            tag("a", str(item.number), href=f"#f{item.number}"),
            esc(kind_word(item.kind, language)),
            esc(finding.page or ""),
            esc(place or say(finding.message, language)),
            esc(grouped(printed)),
            esc(grouped(diagnosis.suggested) if diagnosis and diagnosis.suggested else ""),
            esc(state),
        ]
        rows.append(row(cells, [2, 4, 5], heading=True))
    return tag("h2", esc(pick(language, "一览", "At a glance"))) + table(headings, rows, [2, 4, 5], "glance")


def _findings(items: tuple[Item, ...], pictures: Mapping[int, bytes], language: Language) -> str:
    if not items:
        return ""
    made = tag("h2", esc(pick(language, "问题", "Findings"))) + finding_cards(items, pictures, language)
    if len(items) > MOST_FINDINGS:
        more = len(items) - MOST_FINDINGS
        made += paragraphs(
            [
                pick(
                    language,
                    f"另有 {more} 个问题未列出，见更正通知（JSON）和工作簿。",
                    f"{more} more findings are not shown; the notice (JSON) and the workbook have them.",
                )
            ],
            class_="remark",
        )
    wanted = sum(item.kind != "note" and any(spot.figure for spot in item.spots) for item in items[:MOST_FINDINGS])
    if pictures and (missing := wanted - len(pictures)) > 0:
        made += paragraphs(
            [
                pick(
                    language,
                    f"有 {missing} 个问题未附图片（图片数有上限，或该页无法绘制）。",
                    f"{missing} findings have no picture (their number is limited, or the page could not be drawn).",
                )
            ],
            class_="small",
        )
    return made


def _coverage(contents: Handover, language: Language) -> str:
    validated = contents.validated
    headings = pick(language, "表/种类/页/数字/已勾稽/未勾稽", "form/kind/pages/figures/tied/not tied").split("/")
    rows = []
    for form in validated.forms:
        kind = form_name(form.form, language) if form.form else pick(language, "种类未识别", "kind not recognised")
        pages = f"{form.pages[0]}–{form.pages[-1]}" if len(form.pages) > 1 else ", ".join(map(str, form.pages))
        cells = [esc(form.title or form.table), esc(kind), esc(pages), str(form.figures), str(form.tied), str(form.figures - form.tied)]
        rows.append(row(cells, [2, 3, 4, 5], heading=True))
    coverage, counts = validated.coverage, validated.counts
    lead = pick(
        language,
        f"全文共 {coverage.figures} 个金额，{coverage.tied} 个参与了至少一项核对，{coverage.untied} 个没有参与。核对结果：相符 {counts.exact}，尾差 {counts.rounding}，可疑 {counts.suspicious}，不符 {counts.failed}，无法判断 {counts.not_assessable}。",
        f"{coverage.figures} figures: {coverage.tied} take part in at least one check, {coverage.untied} in none. Checks: {counts.exact} exact, {counts.rounding} within rounding, {counts.suspicious} suspicious, {counts.failed} failed, {counts.not_assessable} not assessable.",
    )
    return (
        tag("h2", esc(pick(language, "核对到什么程度", "What was checked")))
        + paragraphs([lead, _claims(coverage, language)])
        + (table(headings, rows, [2, 3, 4, 5]) if rows else "")
        + _untied(contents, language)
    )


def _claims(coverage: Coverage, language: Language) -> str:
    """How far the figures of the narrative were checked; nothing in results older than that."""
    claims = coverage.claims
    if claims is UNSET:
        return ""
    return pick(
        language,
        f"文字说明中的数字：已勾稽 {claims.tied}，矛盾 {claims.contradicting}，未勾稽 {claims.untied}。",
        f"Figures of the narrative: {claims.tied} tied, {claims.contradicting} contradicting, {claims.untied} not tied.",
    )


def _untied(contents: Handover, language: Language) -> str:
    untied = untied_facts(contents.validated)
    if not untied:
        return ""
    titles = {form.table: form.title or form.table for form in contents.validated.forms}
    made = []
    for name, own in groupby(untied[:_MOST_UNTIED], key=lambda fact: fact.table):
        made.append(
            tag(
                "li",
                esc(f"{titles.get(name, name)}{pick(language, '：', ': ')}")
                + pick(language, "；", "; ").join(_figure(fact, language) for fact in own),
            )
        )
    lead = pick(
        language,
        f"没有参与任何核对的数字（{len(untied)} 个，不等于有错，须人工核对）：",
        f"Figures in no check ({len(untied)}: no error, but to be checked by a person):",
    )
    more = len(untied) - _MOST_UNTIED
    rest = (
        paragraphs(
            [pick(language, f"另有 {more} 个，见工作簿“数据”。", f"{more} more are in the workbook's sheet of facts.")], class_="small"
        )
        if more > 0
        else ""
    )
    return paragraphs([lead]) + tag("ul", "".join(made), class_="plain") + rest


def _figure(fact: Fact, language: Language) -> str:
    label = f"“{plain(fact.label)}”" if fact.label else ""
    page = pick(language, f"第 {fact.page} 页", f"p. {fact.page} ")
    return esc(f"{page}{label} {grouped(fact.text)}")


def _open_matters(contents: Handover, language: Language) -> str:
    """What was not read and what could not be judged: no silence about it."""
    lines: list[str] = []
    unread = [form for form in contents.validated.forms if form.form is None]
    if unread:
        names = pick(language, "、", ", ").join(f"《{plain(form.title or form.table)}》" for form in unread[:_MOST_REASONS])
        lines.append(pick(language, f"{len(unread)} 张表的种类未识别：{names}。", f"{len(unread)} tables of no known kind: {names}."))
    if contents.normalized.unmapped:
        number = len(contents.normalized.unmapped)
        lines.append(pick(language, f"{number} 处未能编码的行、列或数字。", f"{number} rows, columns or figures got no code."))
    reasons = Counter(plain(reason_in(check.reason, language)) for check in contents.validated.checks if check.status == "not_assessable")
    for reason, number in sorted(reasons.items(), key=lambda each: (-each[1], each[0]))[:_MOST_REASONS]:
        lines.append(
            pick(
                language,
                f"{number} 项核对无法判断：{reason or '原因未说明'}",
                f"{number} checks could not be assessed: {reason or 'no reason given'}",
            )
        )
    for warning in contents.warnings[:_MOST_REASONS]:
        where = pick(language, f"第 {warning.page} 页：", f"p. {warning.page}: ") if warning.page else ""
        lines.append(where + _half(warning.message, language))
    if len(contents.warnings) > _MOST_REASONS:
        lines.append(f"… {len(contents.warnings) - _MOST_REASONS}")
    if not lines:
        lines.append(
            pick(
                language, "没有：每张表都已识别，每项核对都能判断。", "Nothing: every table was recognised, every check could be assessed."
            )
        )
    listed = "".join(tag("li", esc(line)) for line in lines)
    return tag("h2", esc(pick(language, "未读取、未能核对的", "Not read, not checked"))) + tag("ul", listed, class_="plain")


def _half(message: str, language: Language) -> str:
    """A warning says the same in Chinese and English with a slash between."""
    zh, separator, en = message.partition(" / ")
    return message if not separator else pick(language, zh, en)


def _foot(contents: Handover, language: Language) -> str:
    producer = contents.validated.producer
    text = pick(
        language,
        "编号与标注的 PDF、更正通知一致。“更正”为印出的数字不可能成立；“核实”为疑问，不是结论；“说明”不必处理。认可一个问题：tieout accept 编号 --why 原因。",
        "Numbers are those of the marked PDF and of the notice. To correct: impossible as printed. To look into: a question, no verdict. Note: nothing to do. To accept a finding: tieout accept ID --why REASON.",
    )
    about = f"{contents.validated.document.id} · {producer.name} {producer.version} · {producer.rules}"
    return tag("footer", paragraphs([text, about]))
