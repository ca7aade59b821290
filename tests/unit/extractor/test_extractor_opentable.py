"""Tables told from their text's alignment: heads over columns, rows, seams, lattices ruled in part, a second voice."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from extractor_sheet import Sheet, advance

from services.extractor.domain.extraction import extract
from services.extractor.domain.reading import PageTable, read_page
from services.extractor.domain.secondvoice import confirmed
from shared.contracts.common import Box, Producer
from shared.contracts.extracted import DocumentInfo, Extracted


def right(sheet: Sheet, x: float, baseline: float, text: str) -> Sheet:
    return sheet.text(x - sum(map(advance, text)) * 10, baseline, text)


def centred(sheet: Sheet, x: float, baseline: float, text: str) -> Sheet:
    return sheet.text(x - sum(map(advance, text)) * 5, baseline, text)


def body(sheet: Sheet, top: float, rows: list[list[str]], edges: list[float], pitch: float = 18.0) -> Sheet:
    """Names at 100, figures that end at the edges."""
    for k, (name, *figures) in enumerate(rows):
        sheet.text(100, top + pitch * k, name)
        for edge, figure in zip(edges, figures, strict=True):
            right(sheet, edge, top + pitch * k, figure)
    return sheet


ROWS = [["工资", "1,200.50", "3.00", "7.25"], ["津贴", "80.00", "", "14.50"], ["办公费", "9.10", "12.00", "0.35"]]
EDGES = [300.0, 380.0, 460.0]


def grid(table: PageTable) -> list[list[str]]:
    rows = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for col in range(cell.col, cell.col + cell.colspan):
                rows[row][col] = cell.text
    return rows


def only(sheet: Sheet) -> list[list[str]]:
    (table,) = read_page(sheet.contents()).tables
    assert table.engine == "stream"
    return grid(table)


def headed(sheet: Sheet, names: list[str], baseline: float = 100.0) -> Sheet:
    sheet.text(100, baseline, "项目")
    for edge, name in zip(EDGES, names, strict=True):
        right(sheet, edge, baseline, name)
    return sheet


def test_a_blank_stays_in_its_column() -> None:
    assert only(body(headed(Sheet(), ["合计", "基本", "专项"]), 118, ROWS, EDGES)) == [["项目", "合计", "基本", "专项"], *ROWS]


def test_a_head_centred_over_two_columns_spans_them() -> None:
    sheet = centred(Sheet(), (362 + 460) / 2, 82, "其中")
    found = only(body(headed(sheet, ["合计", "基本", "专项"]), 118, ROWS, EDGES))
    assert found[:2] == [["项目", "合计", "其中", "其中"], ["项目", "合计", "基本", "专项"]]


def test_a_short_rule_says_which_columns_a_head_spans() -> None:
    sheet = Sheet().text(350, 82, "其中").line(262, 88, 382, 88)  # set to the middle of all three
    found = only(body(headed(sheet, ["合计", "基本", "专项"]), 118, ROWS, EDGES))
    assert found[0] == ["项目", "其中", "其中", "专项"]


def test_a_wrapped_head_is_one_head() -> None:
    sheet = right(Sheet(), EDGES[0], 89, "年初预")
    found = only(body(headed(sheet, ["算数", "基本", "专项"]), 118, ROWS, EDGES))
    assert found[0] == ["项目", "年初预算数", "基本", "专项"]


def test_a_column_without_any_figure_is_known_by_its_head() -> None:
    rows = [[name, first, "", last] for name, first, _, last in ROWS]
    found = only(body(headed(Sheet(), ["合计", "基本", "专项"]), 118, rows, EDGES))
    assert found == [["项目", "合计", "基本", "专项"], *rows]


def test_a_head_that_may_span_two_or_four_columns_makes_its_figures_doubtful() -> None:
    edges = [200.0, 260.0, 320.0, 380.0, 440.0]
    rows = [["工资", *[f"{k}1.25" for k in range(1, 6)]] for _ in range(4)]
    sheet = centred(Sheet(), (178 + 440) / 2, 82, "其中")
    sheet.text(100, 100, "项目")
    for edge in edges:
        right(sheet, edge, 100, "金额")
    (table,) = read_page(body(sheet, 118, rows, edges).contents()).tables
    assert all(cell.doubt for cell in table.cells if cell.row > 1 and cell.col in (2, 4))


def beside_their_columns(heads: list[tuple[float, str]]) -> PageTable:
    """Wide columns, whose heads are set to the middle of each and whose figures to its right."""
    sheet = Sheet()
    for x, name in heads:
        centred(sheet, x, 82, name)
    wide = [330.0, 560.0, 790.0]
    (table,) = read_page(body(sheet, 104, ROWS, wide).contents()).tables
    return table


def test_heads_beside_their_columns_are_certain_where_each_column_has_one_and_none_is_nearer_to_another() -> None:
    table = beside_their_columns([(170, "项目"), (245, "合计"), (475, "基本"), (705, "专项")])
    assert grid(table) == [["项目", "合计", "基本", "专项"], *ROWS]
    assert {cell.doubt for cell in table.cells} == {0}


def test_a_head_halfway_between_two_columns_makes_both_doubtful() -> None:
    table = beside_their_columns([(170, "项目"), (245, "合计"), (475, "基本"), (650, "专项")])
    assert {int(bool(cell.doubt)) for cell in table.cells if cell.col == 3} == {1}


def test_a_wrapped_name_is_one_row_beside_its_figures() -> None:
    sheet = headed(Sheet(), ["合计", "基本", "专项"]).text(100, 125, "机关事业单位基本养").text(100, 136, "老保险缴费")
    for edge, figure in zip(EDGES, ("4.00", "5.00", "6.00"), strict=True):
        right(sheet, edge, 130.5, figure)
    found = only(body(sheet, 155, ROWS, EDGES, 24.0))
    assert found[1] == ["机关事业单位基本养老保险缴费", "4.00", "5.00", "6.00"]
    assert found[2:] == ROWS


def test_a_heading_of_a_group_is_a_row_of_its_own() -> None:
    rows = [ROWS[0], ["一、人员经费", "", "", ""], *ROWS[1:]]
    assert only(body(headed(Sheet(), ["合计", "基本", "专项"]), 118, rows, EDGES))[2] == ["一、人员经费", "", "", ""]


def test_two_tables_of_three_lines_are_two() -> None:
    sheet = Sheet()
    for top in (100.0, 300.0):
        headed(sheet, ["合计", "基本", "专项"], top + 14)
        body(sheet, top + 34, ROWS, EDGES)
        for y in (top, top + 20, top + 80):
            sheet.line(95, y, 465, y)
    sheet.text(100, 250, "下表是另一个部门的数据，口径与上表相同，仅供参考，请勿相加。")
    assert [grid(table) for table in read_page(sheet.contents()).tables] == [[["项目", "合计", "基本", "专项"], *ROWS]] * 2


def test_columns_that_only_one_vertical_parts_are_all_read() -> None:
    sheet = body(headed(Sheet(), ["合计", "基本", "专项"]), 118, ROWS, EDGES).line(200, 86, 200, 160)
    for y in (86, 104, 122, 140, 160):
        sheet.line(95, y, 465, y)
    assert only(sheet) == [["项目", "合计", "基本", "专项"], *ROWS]


def test_a_name_halfway_between_two_lines_of_figures_stays_between_its_verticals() -> None:
    sheet = Sheet().grid([40.0, 160.0, 240.0, 320.0, 400.0], [80.0, 100.0, 140.0])
    for k, name in enumerate(["项目", "合计", "基本", "专项"]):
        centred(sheet, 120 + 80 * k, 94, name)
    sheet.text(44, 124, "档案馆")
    for k in range(3):
        right(right(sheet, 236 + 80 * k, 116, "1,234.56"), 236 + 80 * k, 132, "2.00")
    (table,) = read_page(sheet.contents()).tables
    assert [[cell.text for cell in table.cells if "档案馆" in cell.text]] == [["档案馆"]]


def test_rows_that_no_rule_parts_are_all_read() -> None:
    sheet = body(headed(Sheet(), ["合计", "基本", "专项"]), 118, ROWS, EDGES).grid([95, 200, 310, 390, 465], [86, 104, 160])
    assert only(sheet) == [["项目", "合计", "基本", "专项"], *ROWS]


def test_crowded_cells_that_cannot_be_parted_are_doubtful() -> None:
    """Two figures under each other in a ruled cell are too few to show rows."""
    sheet = Sheet().grid([95, 200, 465], [86, 104, 140]).text(100, 100, "项目").text(220, 100, "合计")
    sheet.text(100, 122, "工资和津贴").text(220, 118, "1.25").text(250, 134, "12.50")
    (table,) = read_page(sheet.contents()).tables
    assert table.engine == "lattice"
    assert [cell.text for cell in table.cells if cell.doubt] == ["1.2512.50"]


def document(pages: list[Sheet]) -> Extracted:
    for number, page in enumerate(pages, 1):
        page.number = number
    return extract(
        (page.contents() for page in pages), DocumentInfo(id="sha256:0", bytes=1, pages=len(pages)), Producer(name="x", version="0")
    )


MORE = [["水费", "7,000.00", "", "1.00"], ["电费", "8,000.00", "", "2.00"], ["合计", "15,000.00", "", "3.00"]]


def test_a_table_goes_on_overleaf_in_the_same_columns_although_their_white_differs() -> None:
    first = body(headed(Sheet(), ["合计", "基本", "专项"], 700), 718, ROWS, EDGES)
    (table,) = document([first, body(Sheet(), 60, MORE, EDGES)]).tables
    assert (table.n_rows, table.n_cols, table.pages, table.page_starts) == (7, 4, (1, 2), (4,))
    assert [cell.text for cell in table.cells if cell.row == 4] == MORE[0]


def test_other_columns_overleaf_are_another_table() -> None:
    first = body(headed(Sheet(), ["合计", "基本", "专项"], 700), 718, ROWS, EDGES)
    assert len(document([first, body(Sheet(), 60, MORE, [250.0, 340.0, 520.0])]).tables) == 2


@dataclass
class Other:
    col: int
    text: str
    bbox: Box


def test_a_second_voice_that_puts_a_figure_elsewhere_lowers_its_confidence() -> None:
    (table,) = document([body(headed(Sheet(), ["合计", "基本", "专项"]), 118, ROWS, EDGES)]).tables
    others = [Other(cell.col, cell.text, cell.bbox) for cell in table.cells if cell.text]
    assert confirmed(table, {1: others}) == table
    assert confirmed(table, {}) == table
    next(other for other in others if other.text == "12.00").col = 3
    marked = confirmed(table, {1: others})
    assert [cell.text for cell, was in zip(marked.cells, table.cells, strict=True) if cell.confidence < was.confidence] == ["12.00"]
    assert marked.confidence < table.confidence
    merged = [msgspec.structs.replace(cell) for cell in table.cells]
    joined = [Other(cell.col, cell.text + "9.9", cell.bbox) for cell in merged if cell.text]
    assert all(cell.confidence <= 0.6 for cell in confirmed(table, {1: joined}).cells if cell.text and cell.row > 0)
