"""Glyphs to text: duplicates, lines, spaces, overrun."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from extractor_sheet import Sheet

from services.extractor.domain.reading import read_page

XS, YS = [100.0, 200.0, 300.0], [100.0, 130.0, 160.0]


def texts(sheet: Sheet) -> list[str]:
    return [cell.text for cell in read_page(sheet.contents()).tables[0].cells]


def test_fake_bold_is_read_once():
    sheet = Sheet().table(XS, YS, [["合计", "11.50"], ["", ""]])
    for char, x, y, size, angle in list(sheet.glyphs):
        sheet.glyphs.append((char, x + 0.4, y + 0.2, size, angle))
    reading = read_page(sheet.contents())
    assert [cell.text for cell in reading.tables[0].cells][:2] == ["合计", "11.50"]
    assert reading.total == len("合计11.50")


def test_twin_letters_are_no_fake_bold():
    assert texts(Sheet().table(XS, YS, [["1100", "88"], ["", ""]]))[:2] == ["1100", "88"]


def test_wrapped_figures_are_joined_without_a_space():
    sheet = Sheet().grid(XS, YS).text(105, 110, "2,424.").text(105, 122, "73")
    assert texts(sheet)[0] == "2,424.73"


def test_wrapped_latin_words_keep_a_space():
    sheet = Sheet().grid(XS, YS).text(105, 110, "basic").text(105, 122, "pay")
    assert texts(sheet)[0] == "basic pay"


def test_spread_cjk_characters_are_one_word():
    """Justification by positioning: 信 息 网 络."""
    assert texts(Sheet().grid(XS, YS).text(105, 115, "信息网络", spread=8.0))[0] == "信息网络"


def test_words_apart_get_a_space():
    assert texts(Sheet().grid(XS, YS).text(105, 115, "tax").text(125, 115, "rate"))[0] == "tax rate"


def test_baselines_a_little_apart_are_one_line():
    sheet = Sheet().grid(XS, YS).text(105, 115, "1,2").text(121, 116.8, "34")
    assert texts(sheet)[0] == "1,234"


def test_text_that_overruns_into_an_empty_cell_goes_back():
    sheet = Sheet().grid(XS, YS).text(102, 115, "社会保障和就业支出预算表")
    assert texts(sheet)[:2] == ["社会保障和就业支出预算表", ""]


def test_a_figure_that_overruns_to_the_left_goes_back():
    sheet = Sheet().grid([100.0, 160.0, 200.0, 300.0], YS).text(148, 115, "1,234,567.8")
    assert texts(sheet)[1] == "1,234,567.8"


def test_a_figure_that_almost_touches_the_next_name_stays_apart():
    """Two lists side by side: the figure ends .5 pt before the border, the name begins .5 pt behind it."""
    sheet = Sheet().grid(XS, YS).text(169.5, 115, "600.85").text(200.5, 115, "一、支出")
    assert texts(sheet)[:2] == ["600.85", "一、支出"]


def test_full_text_that_runs_into_the_next_columns_figure_leaves_the_figure():
    sheet = Sheet().grid(XS, YS).text(101, 115, "用于保障机构正常运转").text(201.1, 115, "3.00")
    assert texts(sheet)[:2] == ["用于保障机构正常运转", "3.00"]


def test_overrunning_text_beside_a_full_cell_is_parted_at_the_border():
    sheet = Sheet().grid(XS, YS).text(102, 110, "一二三四五六七八九十一").text(210, 122, "满")
    assert texts(sheet)[1].endswith("满")


def test_sideways_text_in_a_cell_is_read_upwards():
    sheet = Sheet().grid(XS, YS)
    page = sheet.text(105, 115, "甲").contents()
    n = 3
    box = np.array([[110, 147 - 8 * k, 120, 155 - 8 * k] for k in range(n)], dtype=float)
    page = replace(
        page,
        codes=np.array([ord(char) for char in "abc"] + [0x7532], dtype=np.int32),
        box=np.concatenate([box, page.box]),
        origin=np.concatenate([np.array([[119.0, 155 - 8 * k] for k in range(n)]), page.origin]),
        size=np.full(n + 1, 10.0),
        angle=np.array([1, 1, 1, 0], dtype=np.int32),
    )
    assert next(cell.text for cell in read_page(page).tables[0].cells if cell.row == 1) == "abc"


def test_lines_are_parted_at_wide_gaps():
    reading = read_page(Sheet().text(50, 50, "部门：某局").text(500, 50, "单位：万元").contents())
    assert [line.text for line in reading.lines] == ["部门：某局", "单位：万元"]


def test_every_glyph_is_placed():
    sheet = Sheet().table(XS, YS, [["甲", "1.00"], ["乙", "2.00"]]).text(50, 50, "标题").text(50, 700, "正文")
    reading = read_page(sheet.contents())
    assert reading.unplaced == 0
    assert reading.total == len("甲1.00乙2.00标题正文")
