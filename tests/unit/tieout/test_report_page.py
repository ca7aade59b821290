"""The page of a report: everything is said and escaped, nothing is fetched, the same results give the same bytes, and size stays bounded."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from lxml import html
from unit.tieout.handover_documents import ACCEPTED, HOSTILE, contents, wrong_total

from services.store.domain.views import Acceptance
from tieout.handover.contents import Handover
from tieout.handover.html_page import page_of
from tieout.language import Language

PNG = b"\x89PNG picture"


def tree(page: str) -> html.HtmlElement:
    return html.fromstring(page.encode())


def text_of(page: str) -> str:
    return " ".join(tree(page).find("body").text_content().split())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_finding_stands_with_sentence_picture_change_sum_and_candidates(language: Language) -> None:
    page = page_of(contents(wrong_total()), {1: PNG}, [], language)
    said = text_of(page)
    for words in ("378.81", "378.79", "90%", "300.00", "78.79", "0.02", "300.02", "f-0000000000000001"):
        assert words in said
    zh = ("须更正", "印出", "建议", "相差", "也可能是", "一位数字录错", "原文第 3 页", "未勾稽")
    en = ("to correct", "printed", "suggested", "difference", "it may also be", "one digit mistyped", "page 3", "not tied")
    for words in zh if language == "zh" else en:
        assert words in said
    (picture,) = tree(page).iter("img")
    assert picture.get("src").startswith("data:image/png;base64,")
    assert "3" in picture.get("alt")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_of_the_document_stay_words(language: Language) -> None:
    message = {"zh": HOSTILE, "en": HOSTILE}
    diagnosis = {"cause": "unknown", "fact": "t1/1/1", "reported": HOSTILE, "suggested": HOSTILE, "confidence": 0.5}
    item = wrong_total(message=message, diagnosis=diagnosis, title=HOSTILE, unit=HOSTILE)
    made = contents(item, words=HOSTILE, name=HOSTILE, accepted={item.id: Acceptance(finding=item.id, by=HOSTILE, at="2026", why=HOSTILE)})
    page = page_of(made, {1: PNG}, [HOSTILE], language)
    root = tree(page)
    assert {element.tag for element in root.iter() if isinstance(element.tag, str)} <= {
        "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "h1", "h2", "h3", "h4", "p", "ul", "li", "b", "a", "table",
        "thead", "tbody", "tr", "th", "td", "article", "div", "span", "dl", "dt", "dd", "figure", "figcaption", "img",
    }  # fmt: skip
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "\x00" not in page
    assert "<script>alert(1)" in text_of(page)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    page = page_of(contents(wrong_total(), words=HOSTILE), {1: PNG}, [], "zh")
    root = tree(page)
    assert "default-src 'none'" in root.find("head/meta[@http-equiv]").get("content")
    assert list(root.iter("script", "link", "iframe", "object", "form")) == []
    addresses = [element.get(name) for element in root.iter() for name in ("src", "href") if element.get(name)]
    assert all(address.startswith(("data:", "#")) for address in addresses)
    style = root.find("head/style").text
    assert "url(" not in style
    assert "@import" not in style
    assert {address[1:] for address in addresses if address.startswith("#")} <= {element.get("id") for element in root.iter()}


def test_an_accepted_finding_is_still_there_with_who_and_why_and_is_not_open() -> None:
    item = wrong_total()
    page = page_of(contents(item, accepted={item.id: ACCEPTED}), {}, [], "zh")
    said = text_of(page)
    assert "已认可（李四，2026-03-02 08:01 UTC）：批复口径如此" in said
    assert "0 须更正" in re.sub(r"(\d)(须更正)", r"\1 \2", said)
    assert "不一致" in said
    assert tree(page).find(".//article").get("class").split()[0] == "accepted"


def test_what_was_not_read_or_checked_is_said() -> None:
    said = text_of(page_of(contents(words="缺页说明"), {}, ["没有标注的 PDF：找不到原文件。"], "zh"))
    for words in (
        "没有发现问题",
        "1 张表的种类未识别",
        "1 项核对无法判断：缺页说明",
        "第 2 页：缺页说明",
        "未能编码",
        "没有标注的 PDF",
        "5.00",
    ):
        assert words in said


def test_the_same_contents_give_the_same_bytes() -> None:
    def page() -> str:
        return page_of(contents(*(wrong_total(number) for number in range(1, 30))), {1: PNG}, [], "en")

    assert page() == page()


def test_hundreds_of_findings_are_cut_with_a_sentence_and_the_page_stays_small() -> None:
    many = contents(*(wrong_total(number) for number in range(1, 701)))
    page = page_of(many, {}, [], "zh")
    root = tree(page)
    assert len(list(root.iter("article"))) == 300
    assert "另有 400 个问题未列出" in text_of(page)
    assert len(page) < 2_000_000


def test_headings_descend_one_level_at_a_time_and_the_language_is_named() -> None:
    root = tree(page_of(contents(wrong_total()), {1: PNG}, [], "zh"))
    assert root.get("lang") == "zh-CN"
    levels = [int(element.tag[1]) for element in root.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(cell.get("scope") for cell in root.iter("th"))


def test_a_finding_without_a_place_and_without_checks_is_told_all_the_same() -> None:
    bare = wrong_total(checks=(), evidence=(), diagnosis=None, page=None, reported=None, expected=None, difference=None)
    made: Handover = contents(bare)
    page = page_of(made, {}, [], "zh")
    assert "第 1 个合计" in text_of(page)
