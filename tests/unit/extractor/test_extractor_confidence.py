"""Each trace that damage leaves lowers the confidence of the cells it touches, and of no other."""

from __future__ import annotations

import pytest
from extractor_pages import drawn
from extractor_sheet import Sheet

from services.extractor.domain.confidence import AGREED, DIFFER, HABIT, PLAIN, RECOGNISED, agreed, confidence, differing, habits, of_table
from services.extractor.domain.evidence import Doubt
from services.extractor.domain.halfopen import crowded_cells
from services.extractor.domain.joined import begin
from services.extractor.domain.labels import Labels
from services.extractor.domain.mending import join
from services.extractor.domain.page import PageContents
from services.extractor.domain.reading import PageCell, PageTable, read_page

XS = [50.0, 150.0, 230.0, 310.0, 390.0]
YS = [100.0 + 20.0 * k for k in range(9)]
ROWS = [["项目", "合计", "基本支出", "项目支出"]] + [["其他支出", f"1,{k}11.50", f"{k}22.25", ""] for k in range(1, 8)]
EM = 10.0


def right_aligned(sheet: Sheet, row: int, col: int, text: str, **how: float) -> Sheet:
    return sheet.text(XS[col + 1] - 2 - 5.0 * len(text), base(row), text, **how)


def base(row: int) -> float:
    return YS[row] + 13.5


def table_sheet(without: tuple[int, int] | None = None, grid: bool = True) -> Sheet:
    """A table of names and figures, set to the right as figures are; a cell may be left for a test to fill."""
    sheet = Sheet()
    if grid:
        sheet.grid(XS, YS)
    for r, row in enumerate(ROWS):
        for c, text in enumerate(row):
            if (r, c) != without:
                right_aligned(sheet, r, c, text) if r and c else sheet.text(XS[c] + 2, base(r), text)
    return sheet


def doubted(sheet: Sheet) -> dict[tuple[int, int], Doubt]:
    (table,) = read_page(sheet.contents()).tables
    return {(cell.row, cell.col): Doubt(cell.doubt) for cell in table.cells if cell.doubt}


def test_nothing_speaks_against_a_clean_table() -> None:
    assert doubted(table_sheet()) == {}


def glyphs(row: int, col: int, text: str, **moved: tuple[float, float]) -> Sheet:
    """The table with one figure set character by character, some of them moved (`c3`: the fourth, by so much right and down)."""
    sheet = table_sheet((row, col))
    x = XS[col + 1] - 2 - 5.0 * len(text)
    for k, char in enumerate(text):
        dx, dy = moved.get(f"c{k}", (0.0, 0.0))
        sheet.text(x + 5.0 * k + dx, base(row) + dy, char)
    return sheet


@pytest.mark.parametrize(
    ("sheet", "kind"),
    [
        (glyphs(3, 1, "1,311.50", c5=(-9.0, 0.0)), Doubt.OVERLAP),
        (glyphs(3, 1, "1,311.50", c5=(-9.0, 0.0)), Doubt.GAP),
        (glyphs(3, 1, "1,311.50", c2=(0.0, 3.0)), Doubt.OFF_LINE),
        (glyphs(3, 1, "1,311.50", c2=(0.0, 6.0)), Doubt.LINES_CLOSE),
        (right_aligned(table_sheet((3, 1)), 3, 1, "1,31.50"), Doubt.GRAMMAR),
        (right_aligned(table_sheet((3, 1)), 3, 1, "13.11.50"), Doubt.GRAMMAR),
        (right_aligned(table_sheet((3, 1)), 3, 1, "1,311.5"), Doubt.DECIMALS),
        (right_aligned(table_sheet((3, 1)), 3, 1, "1,3\ue01211.50"), Doubt.NO_UNICODE),
        (table_sheet((3, 1)).text(XS[1] + 5, base(3), "1,311.50"), Doubt.ASIDE),
        (table_sheet((3, 1)).text(XS[1] + 22, base(3), "费1,311.50"), Doubt.GLUED),
        (table_sheet((3, 1)).text(XS[1] + 38, base(3), "1,3").text(XS[1] + 53, base(3) - 2.0, "11.50", 6.0), Doubt.SIZES),
        (right_aligned(table_sheet((3, 1)), 3, 1, "1,311.50").line(XS[1], base(3) - 3, XS[2], base(3) - 3), Doubt.OVER_RULE),
        (right_aligned(table_sheet((3, 1)), 3, 1, "1,311.50").line(XS[1] + 20, YS[3], XS[1] + 20, YS[4]), Doubt.STRAY),
    ],
)
def test_each_trace_is_seen_in_its_cell(sheet: Sheet, kind: Doubt) -> None:
    found = doubted(sheet)
    assert any(doubt & kind for doubt in found.values())
    assert {row for row, _ in found} <= {3, 4}


SQUEEZED = table_sheet((3, 0)).text(XS[0] + 2, base(3), "三、").text(XS[0] + 17, base(3), "其他").text(XS[0] + 32, base(3), "（补）")


def codes(indented: float) -> Sheet:
    """A column of codes between names and figures, set to the middle; those of the lower level begin with a narrow blank."""
    sheet = table_sheet().grid([10.0, 50.0], YS)
    for row, code in enumerate(["编码", "20101", "2010101", "2010102", "2010103", "2010150", "2010199", "2010109"]):
        sheet.text(30 - 2.5 * len(code) * (1 + (row == 0)) + (indented if len(code) == 7 else 0), base(row), code)
    return sheet


@pytest.mark.parametrize(
    "sheet",
    [
        table_sheet((3, 1)).text(XS[2] - 20, base(3), "98").text(XS[2] - 7, base(3), "%"),
        table_sheet((3, 1)).text(XS[2] - 37, base(3), "12.50元"),
        table_sheet((3, 1)).text(XS[2] - 62, base(3), "1,311.50万元"),
        SQUEEZED,
        table_sheet((3, 1)).text(XS[1] + 2, base(3), "100%"),
        codes(indented=3.0),
    ],
    ids=["a gap before %", "a unit of money", "a longer unit of money", "squeezed punctuation", "a share among sums", "codes indented"],
)
def test_what_sound_tables_show_is_no_doubt(sheet: Sheet) -> None:
    assert doubted(sheet) == {}


def test_a_digit_of_another_width_is_odd_where_many_of_its_kind_are_alike() -> None:
    page = table_sheet().contents()
    ones = [k for k, code in enumerate(page.codes.tolist()) if code == ord("1")]
    page.box[ones[-1], 2] -= 1.5
    (table,) = read_page(page).tables
    assert [cell.text for cell in table.cells if cell.doubt & Doubt.ADVANCE] == ["1,711.50"]


def test_one_damaged_figure_in_a_column_of_many_is_no_sign_of_missing_rules() -> None:
    """A digit printed twice looks like two sums that no rule parts."""
    cells = [PageCell(row, 1, 1, 1, f"1,{row}11.50", (0.0, 0.0, 1.0, 1.0)) for row in range(1, 9)]
    cells[4].text = "1,5511.50"
    assert crowded_cells(cells) == []
    assert crowded_cells([cells[4]]) == [cells[4]]


def test_texts_that_touch_a_border_from_both_sides_may_be_one() -> None:
    sheet = table_sheet((3, 1)).text(XS[1] + 40, base(3), "1,311.50")
    assert not doubted(sheet).get((3, 2), Doubt(0)) & Doubt.TOUCHING
    found = doubted(table_sheet((3, 2)).text(XS[2], base(3), "322.25").text(XS[2] - 0.2 - 5.0, base(3), "7"))
    assert found[3, 2] & Doubt.TOUCHING


def test_text_over_a_border_is_doubted_on_both_sides() -> None:
    sheet = table_sheet((3, 0)).text(XS[0] + 2, base(3), "机关事业单位养老保险")
    assert all(doubted(sheet)[3, col] & (Doubt.OVER_SIDE | Doubt.TOUCHING | Doubt.PULLED_BACK | Doubt.OVERLAP) for col in (0,))


def test_an_empty_cell_beside_text_out_of_place_is_doubted_too() -> None:
    sheet = table_sheet((3, 2)).text(XS[3] + 4, base(3), "322.25")
    found = doubted(sheet.text(XS[3] + 30, base(3), "9"))
    assert found[3, 2] & Doubt.BESIDE


def missing_rule(text: str) -> Sheet:
    """The rule between the columns of 合计 and 基本支出 is not drawn in the fourth row."""
    sheet = table_sheet((3, 1), grid=False)
    for y in YS:
        sheet.line(XS[0], y, XS[-1], y)
    for x in XS:
        sheet.line(x, YS[0], x, YS[3] if x == XS[2] else YS[-1])
    sheet.line(XS[2], YS[4], XS[2], YS[-1])
    return right_aligned(sheet, 3, 1, text) if text else sheet


def test_a_border_that_one_row_lacks_between_two_texts() -> None:
    assert doubted(missing_rule("1,311.50"))[3, 1] & Doubt.MERGED_TEXTS


def test_a_border_that_one_row_lacks_beside_a_text_that_is_not_set_for_both_cells() -> None:
    assert doubted(missing_rule(""))[3, 1] & Doubt.MERGED


def test_a_rule_drawn_in_part_is_a_near_thing() -> None:
    sheet = missing_rule("1,311.50").line(XS[2], YS[3], XS[2], YS[3] + 12.0)
    assert {place for place, doubt in doubted(sheet).items() if doubt & Doubt.HALF_RULE} >= {(3, 1), (3, 2)}


def cut(page: PageContents, box: tuple[float, float, float, float]) -> PageTable:
    import numpy as np

    (table,) = read_page(replaced(page, cut=np.array([box]))).tables
    return table


def replaced(page: PageContents, **fields: object) -> PageContents:
    from dataclasses import replace

    return replace(page, **fields)


def test_a_character_hidden_beside_visible_ones_is_missing_there() -> None:
    page = table_sheet((3, 2)).text(XS[3] - 22, base(3), "2.25").contents()
    hidden = (XS[3] - 27, base(3) - 8.8, XS[3] - 22, base(3) + 1.2)
    assert [cell.text for cell in cut(page, hidden).cells if cell.doubt & Doubt.CUT] == ["2.25"]


def test_hidden_text_makes_an_empty_cell_doubtful_and_one_elsewhere_does_not() -> None:
    page = table_sheet((3, 2)).contents()
    inside = cut(page, (XS[2] + 40, base(3) - 8.8, XS[2] + 45, base(3) + 1.2))
    assert [(cell.row, cell.col) for cell in inside.cells if cell.doubt & Doubt.CUT] == [(3, 2)]
    assert not any(cell.doubt for cell in cut(page, (XS[0], 50.0, XS[0] + 5, 60.0)).cells)


def test_text_right_beside_the_table_may_be_its_own() -> None:
    found = doubted(table_sheet().text(XS[-1] + 1, base(3), "3.5"))
    assert found == {(3, 3): Doubt.BEYOND}


def test_the_lowest_worth_counts() -> None:
    assert confidence(0, 1.0, "lattice") == pytest.approx(PLAIN)
    both = confidence(int(Doubt.GRAMMAR | Doubt.ASIDE), 1.0, "lattice")
    assert both == pytest.approx(confidence(int(Doubt.GRAMMAR), 1.0, "lattice"))
    assert both < confidence(int(Doubt.ASIDE), 1.0, "lattice") < PLAIN


def test_every_kind_of_doubt_has_a_worth() -> None:
    assert all(confidence(int(kind), 1.0, "lattice") < PLAIN for kind in Doubt)


def test_what_many_cells_of_a_table_share_is_a_habit_of_the_program() -> None:
    doubts = [int(Doubt.OVER_SIDE)] * 20 + [0] * 80
    assert confidence(doubts[0], 1.0, "lattice", habits(doubts)) == pytest.approx(HABIT)
    assert habits([int(Doubt.OVER_SIDE)] * 4 + [0] * 10) == 0
    assert habits([int(Doubt.GRAMMAR)] * 50) == 0
    assert habits([int(Doubt.CUT)] * 50) == 0


def test_recognised_characters_set_a_limit() -> None:
    assert confidence(0, 0.62, "lattice") == pytest.approx(0.62)
    assert confidence(0, 0.999, "lattice") == pytest.approx(RECOGNISED)


def test_certainty_is_that_of_the_least_certain_character() -> None:
    import numpy as np

    page = table_sheet().contents()
    certainty = np.full(len(page.codes), 0.98)
    certainty[next(k for k, code in enumerate(page.codes.tolist()) if code == ord("3"))] = 0.4
    (table,) = read_page(replaced(page, certainty=certainty, source="image")).tables
    assert sorted({cell.certainty for cell in table.cells if cell.text}) == [0.4, 0.98]


def test_a_second_reader_raises_only_what_nothing_speaks_against() -> None:
    assert agreed(PLAIN) == pytest.approx(AGREED)
    assert agreed(0.1) == pytest.approx(0.1)
    assert differing(PLAIN) == pytest.approx(DIFFER)
    assert differing(0.1) == pytest.approx(0.1)


def test_a_table_is_as_sure_as_its_cells_with_text() -> None:
    assert of_table([0.99, 0.5]) == pytest.approx(0.74)
    assert of_table([]) == pytest.approx(PLAIN)


def test_how_recognised_characters_are_set_is_no_evidence_and_what_they_say_is() -> None:
    assert confidence(Doubt.ADVANCE, 1.0, "ocr") == 0.1
    assert confidence(Doubt.ADVANCE | Doubt.GAP, 0.98, "ocr") == RECOGNISED
    assert confidence(Doubt.GRAMMAR, 0.98, "ocr") < 0.1
    assert confidence(0, 0.4, "ocr") == 0.4


def over_a_page_break(first: str, second: str) -> list[tuple[str, Doubt]]:
    """A tall cell at the foot of a page and one at the head of the next, with texts: what is read there, and what speaks against it."""
    columns = [100.0, 200.0, 300.0, 400.0]
    head = [(0, 0, 1, 1, "编码"), (0, 1, 1, 1, "项目"), (0, 2, 1, 1, "金额")]
    above = [(1, 0, 1, 1, "201"), (1, 1, 1, 1, "甲"), (2, 0, 1, 1, "202"), (2, 1, 1, 1, "乙"), (1, 2, 2, 1, first)]
    below = [(0, 0, 1, 1, "203"), (0, 1, 1, 1, "丙"), (1, 0, 1, 1, "204"), (1, 1, 1, 1, "丁"), (0, 2, 2, 1, second)]
    sheets = (drawn(1, sorted(head + above), 100, columns), drawn(2, sorted(below), 60, columns))
    upper, lower = (read_page(sheet.contents()) for sheet in sheets)
    joined = begin(upper.tables[0], upper.page, Labels())
    join(joined, lower.tables[0], lower.page, 0)
    seams = Doubt.MENDED | Doubt.AGAIN
    return [(cell.text, Doubt(cell.doubt) & seams) for cell in joined.cells if cell.col == 2 and cell.row]


def test_a_cell_put_together_from_two_pages_is_mended() -> None:
    assert over_a_page_break("某项经费", "某项经费") == [("某项经费", Doubt.MENDED)]


def test_a_tall_cell_that_says_the_same_figure_again_below_a_page_break_is_doubted() -> None:
    """It may be one cell that a spreadsheet program printed twice, or two that say the same."""
    assert over_a_page_break("5.00", "5.00") == [("5.00", Doubt.AGAIN)] * 2
    assert over_a_page_break("5.00", "6.00") == [("5.00", Doubt(0)), ("6.00", Doubt(0))]
