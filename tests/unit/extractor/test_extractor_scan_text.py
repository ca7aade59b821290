"""Recognised lines become glyphs: figures are checked against their ink, dashes told by their form, white between words kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from services.extractor.adapters.scan_image import CleanScan
from services.extractor.adapters.scan_lines import Grey, InkLine, find_lines, ink_of, usual_height, with_pale_ends
from services.extractor.adapters.scan_text import Pieces, pieces, read_lines, scanned_page, settled
from services.extractor.domain.figuretext import is_nearly_figure, is_sound, plain_figure
from services.extractor.domain.page import PageContents, no_floats
from shared.line_model import LineReading

SCALE = 200 / 72


def reading(text: str, sure: float = 0.99, figure: str | None = None, figure_sure: float = 0.9) -> LineReading:
    def of(said: str, how: float) -> LineReading:
        return LineReading(said, tuple((k + 0.5) / max(len(said), 1) for k in range(len(said))), (how,) * len(said))

    whole = of(text, sure)
    return LineReading(whole.text, whole.at, whole.sure, of(figure if figure is not None else text, figure_sure))


@pytest.mark.parametrize("text", ["1,234.56", "0", "0.00", "-12.5", "(3.20)", "85.3%", "2080109", "12,345,678.90", "1234.5"])
def test_well_formed_figures_are_sound(text: str) -> None:
    assert is_sound(text)


@pytest.mark.parametrize("text", ["1,23.45", "12,34", "1.234.56", "1,,234", ".5", "5.", "(3.20", "", "1 2", "O.00"])
def test_figures_that_nobody_prints_are_not_sound(text: str) -> None:
    assert not is_sound(text)


def test_full_width_signs_are_the_same_figure_and_no_digit_changes() -> None:
    assert plain_figure("１，２３４．５６％") == "1,234.56%"
    assert plain_figure("O0lI") == "O0lI"


def test_texts_with_some_digits_are_no_figures() -> None:
    assert is_nearly_figure("1,234.5O")
    assert not any(map(is_nearly_figure, ("合计", "12楼", "A4纸", "—", "一、", "2025年")))


def test_a_letter_in_a_figure_is_read_again_as_a_digit_and_stays_as_doubtful_as_that_is() -> None:
    text, _, sure = settled(reading("1,2O4.56", figure="1,204.56", figure_sure=0.3), Pieces(6, 2))
    assert text == "1,204.56"
    assert max(sure) == 0.3


def test_a_figure_whose_grouping_is_broken_keeps_its_digits_and_loses_its_certainty() -> None:
    text, _, sure = settled(reading("1,2345.60", figure="1,2345.60"), Pieces(7, 2))
    assert text == "1,2345.60"
    assert max(sure) < 0.6


@pytest.mark.parametrize(
    ("text", "printed"), [("123456", Pieces(6, 1)), ("1,234.56", Pieces(6, 1)), ("600.85", Pieces(6, 1)), ("12", Pieces(3, 0))]
)
def test_a_figure_with_another_number_of_signs_than_its_ink_has_is_doubted(text: str, printed: Pieces) -> None:
    said, _, sure = settled(reading(text), printed)
    assert said == text
    assert max(sure) < 0.6


def test_a_figure_that_agrees_with_its_ink_is_as_certain_as_it_was_read() -> None:
    assert settled(reading("600.85"), Pieces(5, 1))[2] == (0.99,) * 6


def paper() -> Grey:
    return np.full((400, 600), 255, dtype=np.uint8)


def block(page: Grey, x: int, y: int, wide: int, high: int) -> None:
    page[y : y + high, x : x + wide] = 0


def test_pieces_of_a_line_are_told_by_height_and_place() -> None:
    page = paper()
    for x in (10, 30, 50):
        block(page, x, 100, 12, 20)  # digits
    block(page, 44, 117, 3, 3)  # a point at their foot
    block(page, 64, 109, 8, 2)  # a hyphen halfway up
    assert pieces(ink_of(page, SCALE), (10, 100, 72, 120)) == Pieces(tall=3, low=1)


def test_lines_of_a_cell_are_parted_and_strokes_of_one_sign_are_not() -> None:
    page = paper()
    for x in range(20, 180, 28):
        block(page, x, 40, 24, 24)
        block(page, x, 80, 24, 24)
    for y in (132, 150):  # 二: two strokes of one sign
        block(page, 20, y, 24, 4)
    lines = find_lines(ink_of(page, SCALE), [(10, 30, 200, 180)], SCALE)
    assert [(line.owner, line.box[1], line.box[3]) for line in lines] == [(0, 40, 64), (0, 80, 104), (0, 132, 154)]


def test_text_outside_of_cells_falls_into_pieces_at_wide_white_and_cells_stay_out_of_it() -> None:
    page = paper()
    for x in (20, 48, 76, 400, 428):
        block(page, x, 40, 24, 24)
    block(page, 100, 200, 24, 24)
    lines = find_lines(ink_of(page, SCALE), [(50, 150, 300, 300)], SCALE)
    assert [(line.owner, line.box) for line in lines] == [(0, (100, 200, 124, 224)), (-1, (20, 40, 100, 64)), (-1, (400, 40, 452, 64))]


def test_a_page_full_of_dashes_has_lines_of_the_usual_height() -> None:
    assert usual_height([3] * 50 + [24] * 4, SCALE) == 24


def test_dust_is_no_ink() -> None:
    page = paper()
    block(page, 100, 100, 1, 2)
    block(page, 200, 100, 3, 3)
    assert ink_of(page, SCALE).sum() == 9


class Said:
    """Says the same of every line, and remembers how often it was asked."""

    def __init__(self, *readings: LineReading) -> None:
        self._readings, self.asked = readings, 0

    def read(self, crops: Sequence[Grey]) -> list[LineReading]:
        answers = self._readings[self.asked : self.asked + len(crops)]
        self.asked += len(crops)
        return list(answers)


def test_flat_strokes_are_dashes_by_their_form_and_points_alone_are_nothing() -> None:
    page = paper()
    boxes = [(20, 40, 44, 64), (100, 50, 124, 53), (200, 50, 208, 53), (300, 50, 304, 54)]
    for x0, top, x1, bottom in boxes:
        block(page, x0, top, x1 - x0, bottom - top)
    model = Said(reading("合"))
    found = read_lines(page, ink_of(page, SCALE), [InkLine(0, box) for box in boxes], 24.0, model)
    assert [chr(code) for line in found for code in line.codes] == ["合", "—", "-"]
    assert model.asked == 1


def test_a_sign_alone_that_the_model_is_not_sure_of_is_read_several_times_side_by_side() -> None:
    page = paper()
    block(page, 20, 40, 24, 24)
    ink = ink_of(page, SCALE)
    lines = [InkLine(0, (20, 40, 44, 64))]
    (sure,) = read_lines(page, ink, lines, 24.0, Said(reading("M", 0.4), reading("≥≥≥", 0.8)))
    assert ([chr(code) for code in sure.codes], sure.sure) == (["≥"], [0.8])
    (unsure,) = read_lines(page, ink, lines, 24.0, Said(reading("M", 0.4), reading("≥M≥", 0.8)))
    assert ([chr(code) for code in unsure.codes], unsure.sure) == (["M"], [0.2])


def test_a_sign_alone_that_is_taken_for_a_letter_is_the_likeliest_sign_of_goals_and_stays_doubtful() -> None:
    page = paper()
    block(page, 20, 40, 24, 24)
    ink, lines = ink_of(page, SCALE), [InkLine(0, (20, 40, 44, 64))]
    letter = LineReading("N", (0.5,), (0.7,), lone=("≥", 0.1))
    (sign,) = read_lines(page, ink, lines, 24.0, Said(letter, reading("NNN", 0.7)))
    assert ([chr(code) for code in sign.codes], sign.sure) == (["≥"], [0.1])
    letter = LineReading("N", (0.5,), (0.7,), lone=("≥", 0.01))
    (sign,) = read_lines(page, ink, lines, 24.0, Said(letter, reading("NNN", 0.7)))
    assert ([chr(code) for code in sign.codes], sign.sure) == (["N"], [0.7])
    (sign,) = read_lines(page, ink, lines, 24.0, Said(LineReading("", (), (), lone=("<", 0.2)), reading("V<", 0.7)))
    assert ([chr(code) for code in sign.codes], sign.sure) == (["<"], [0.2])


def test_ink_in_a_cell_in_which_nothing_was_read_is_said_and_dust_outside_is_not() -> None:
    page = paper()
    block(page, 20, 40, 60, 24)
    ink, box = ink_of(page, SCALE), (20, 40, 80, 64)
    (unread,) = read_lines(page, ink, [InkLine(0, box)], 24.0, Said(LineReading("", (), ())))
    assert unread.codes == [0xFFFD]
    assert unread.sure[0] < 0.1
    assert read_lines(page, ink, [InkLine(-1, box)], 24.0, Said(LineReading("", (), ()))) == []


def test_a_stroke_before_a_comma_of_lists_that_the_model_left_out_is_a_one() -> None:
    page = paper()
    block(page, 20, 52, 22, 3)
    block(page, 48, 58, 5, 6)
    block(page, 70, 40, 24, 24)
    ink, box = ink_of(page, SCALE), (20, 40, 94, 64)
    part = LineReading("、款", (0.45, 0.8), (0.99, 0.99), reading("款"))
    (line,) = read_lines(page, ink, [InkLine(0, box)], 24.0, Said(part))
    assert "".join(map(chr, line.codes)) == "一、款"
    assert line.sure[0] <= 0.9
    block(page, 20, 42, 22, 20)
    (line,) = read_lines(page, ink_of(page, SCALE), [InkLine(0, box)], 24.0, Said(part))
    assert "".join(map(chr, line.codes)) == "、款"
    assert line.sure[0] < 0.6


def test_a_line_whose_ink_goes_on_before_its_first_sign_is_doubted_there() -> None:
    page = paper()
    for x in (20, 50, 80):
        block(page, x, 40, 24, 24)
    ink, lines = ink_of(page, SCALE), [InkLine(0, (20, 40, 104, 64))]
    (whole,) = read_lines(page, ink, lines, 24.0, Said(reading("办公费")))
    assert whole.sure == [0.99] * 3
    part = LineReading("公费", (0.5, 0.83), (0.99, 0.99), reading("公费"))
    (cut,) = read_lines(page, ink, lines, 24.0, Said(part))
    assert [chr(code) for code in cut.codes] == ["公", "费"]
    assert cut.sure[0] < 0.6 < cut.sure[1]


def test_signs_touch_but_for_white_that_is_a_space() -> None:
    page = paper()
    for x in (20, 40, 60, 140, 160):
        block(page, x, 40, 14, 24)
    (line,) = read_lines(page, ink_of(page, SCALE), [InkLine(-1, (20, 40, 174, 64))], 24.0, Said(reading("ABC DE")))
    assert "".join(map(chr, line.codes)) == "ABCDE"
    gaps = [round(left - right) for right, left in zip(line.right, line.left[1:], strict=False)]
    assert gaps[0] == gaps[1] == gaps[3] == 0
    assert gaps[2] > 40


def test_a_pale_stroke_at_the_beginning_of_a_line_belongs_to_it_and_one_beyond_the_cell_does_not() -> None:
    page = paper()
    block(page, 40, 40, 24, 24)
    page[52, 20:40] = 190
    page[52, 4:12] = 190
    ink, cell = ink_of(page, SCALE), (16, 30, 100, 80)
    lines = find_lines(ink, [cell], SCALE)
    assert [line.box[0] for line in lines] == [40]
    assert [line.box for line in with_pale_ends(page, lines, [cell])] == [(20, 40, 64, 64)]
    page[52, 12:20] = 190
    assert [line.box[0] for line in with_pale_ends(page, lines, [cell])] == [16]


def test_a_line_in_which_two_cells_may_be_read_as_one_is_doubted() -> None:
    page = paper()
    block(page, 20, 40, 24, 24)
    block(page, 80, 40, 24, 24)
    ink, box = ink_of(page, SCALE), (20, 40, 104, 64)
    for torn, sure in ((False, 0.99), (True, 0.495)):
        (line,) = read_lines(page, ink, [InkLine(0, box, torn)], 24.0, Said(LineReading("甲乙", (0.2, 0.8), (0.99, 0.99))))
        assert line.sure == pytest.approx([sure, sure])


def test_a_stroke_in_line_with_a_rule_above_it_is_no_certain_figure() -> None:
    page = paper()
    block(page, 20, 40, 4, 20)
    blank = PageContents(1, 100, 50, 0, np.zeros(0, dtype=np.int32), no_floats(4), no_floats(2), np.zeros(0), np.zeros(0, dtype=np.int32))
    for x, sure in ((22, 0.495), (60, 0.99)):
        marks = np.array([[x / SCALE, 0.0, x / SCALE, 13.0]])
        scan = CleanScan(page, marks, np.array([0.5]), SCALE, 0.0, 0, page.shape[1] / SCALE, page.shape[0] / SCALE)
        read = scanned_page(scan, blank, Said(reading("1")))
        assert read.certainty.tolist() == pytest.approx([sure])
