"""How many tables come back identical after a real program has printed them: the shapes of the generated tables as HTML in many styles of borders.

    python benchmarks/printed_tables.py --chromium PATH [--pages 30]      PATH: chromium or chrome-headless-shell
    python benchmarks/printed_tables.py --soffice PATH [--pages 30]       PATH: LibreOffice's soffice

One page per table, one document per style. Needs the program, and a font with Chinese characters; prints `exact of n` per style.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hard_pages import Seen  # noqa: E402 (the path is set above)
from hard_reading import read, table_difference  # noqa: E402 (the path is set above)
from hard_shapes import Shape, irregular, merged_stub, table  # noqa: E402 (the path is set above)

COLLAPSED = "table{border-collapse:collapse} td,th{border:%s}"
APART = "table{border-collapse:separate;border-spacing:%s} td,th{%s}"
STYLES = {
    "solid": COLLAPSED % "1px solid #000",
    "thin": COLLAPSED % "0.5pt solid #333",
    "grey": COLLAPSED % "1px solid #ddd",
    "light grey": COLLAPSED % "1px solid #eee",
    "transparent": COLLAPSED % "1px solid rgba(0,0,0,.2)",
    "thick": COLLAPSED % "2px solid #000",
    "dashed": COLLAPSED % "1px dashed #000",
    "dotted": COLLAPSED % "1px dotted #000",
    "thick dots": COLLAPSED % "2px dotted #000",
    "double": COLLAPSED % "3px double #000",
    "double frame": COLLAPSED % "1px solid #000" + "table{border:4px double #000}",
    "borders side by side": APART % ("0", "border:1px solid #000"),
    "boxes apart": APART % ("2px", "border:1px solid #000"),
    "the browser's own": "",
    "inset": APART % ("0", "border:1px inset #000"),
    "inner rules only": COLLAPSED % "1px solid #000"
    + "tr:first-child>*{border-top:none} tr:last-child>*{border-bottom:none} tr>:first-child{border-left:none} tr>:last-child{border-right:none}",
    "no left and right": COLLAPSED % "1px solid #000" + "tr>:first-child{border-left:none} tr>:last-child{border-right:none}",
    "striped": COLLAPSED % "1px solid #999" + "tr:nth-child(even){background:#f2f2f2} th{background:#4472c4;color:#fff}",
    "white rules": COLLAPSED % "1px solid #fff" + "td{background:#dde6f0} th{background:#345;color:#fff}",
    "thick white rules": COLLAPSED % "2px solid #fff"
    + "tr:nth-child(odd) td{background:#cfd5ea} tr:nth-child(even) td{background:#e9ebf5} th{background:#4472c4;color:#fff}",
    "fills apart": APART % ("2px", "background:#dde6f0") + "th{background:#345;color:#fff}",
    "white rules in the head": COLLAPSED % "1px solid #000" + "th{background:#4472c4;color:#fff;border:1px solid #fff}",
}
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def some_shape(random: Random) -> Shape:
    """A table in which each row begins a cell: HTML gives other rows no height."""
    kind = random.randrange(4)
    while kind == 0:
        shape = irregular(random, random.randint(2, 7), random.randint(2, 6), random.randint(0, 6))
        if len({cell[0] for cell in shape.cells}) == shape.rows:
            return shape
    shape = table(random, random.randint(3, 9), random.randint(1, 4), random.randint(1, 3), random.randint(1, 3))
    return merged_stub(random, shape) if kind == 1 and shape.stub > 1 else shape


def as_html(shape: Shape) -> str:
    """The table with its spans."""
    rows: list[list[str]] = [[] for _ in range(shape.rows)]
    for r, c, high, wide, text in shape.cells:
        tag = "th" if r < shape.head else "td"
        align = "center" if r < shape.head or wide > 1 else "left" if c < shape.stub else "right"
        rows[r].append(f"<{tag} rowspan={high} colspan={wide} style='text-align:{align}'>{text or '&nbsp;'}</{tag}>")
    even = "" if shape.head else "<colgroup>" + "<col style='width:30mm'>" * shape.columns + "</colgroup>"
    height = "" if shape.head else " style='height:9mm'"
    return f"<table border=1>{even}" + "".join(f"<tr{height}>{''.join(row)}</tr>" for row in rows) + "</table>"


def document(style: str, pages: int) -> tuple[str, list[Shape]]:
    """A page of HTML per table, and the tables."""
    random, shapes, body = Random(style), [], []
    for k in range(pages):
        shapes.append(some_shape(random))
        size, wide = random.choice((6, 7, 8, 9, 10.5)), random.choice(("", "width:100%"))
        turn = "page-break-before:always;" if k else ""
        name = f"{STEMS[k % 10]}{BRANCHES[k // 10 % 12]}部门支出明细表"
        body.append(f"<p style='{turn}text-align:center'>{name}</p><div style='font-size:{size}pt;{wide}'>{as_html(shapes[-1])}</div>")
    padding = f"td,th{{padding:{random.choice((0, 1, 3))}pt}}"
    return f"<meta charset=utf-8><style>@page{{size:A4;margin:15mm}} {padding} {STYLES[style]}</style>{''.join(body)}", shapes


def printed(options: argparse.Namespace, source: Path, target: Path) -> bytes:
    """The document as the program prints it."""
    if options.chromium:
        command = [options.chromium, "--no-sandbox", "--headless", "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()]
    else:
        command = [options.soffice, "--headless", "--convert-to", "pdf", "--outdir", str(target.parent), str(source)]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    return target.read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--chromium")
    which.add_argument("--soffice")
    parser.add_argument("--pages", type=int, default=30)
    options = parser.parse_args()
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        for style in STYLES:
            source, target = Path(folder) / "tables.html", Path(folder) / "tables.pdf"
            html, shapes = document(style, options.pages)
            source.write_text(html, encoding="utf-8")
            found = read(printed(options, source, target), Path(folder) / "read.pdf")
            exact = 0
            for page, shape in enumerate(shapes, 1):
                there = [one for one in found.tables if one.pages[0] == page]
                seen = Seen(shape.rows, shape.columns, shape.cells, shape.head or None)
                told = table_difference(there[0], seen) if len(there) == 1 else f"tables: {len(there)} for 1"
                exact += told is None
                if told:
                    print(f"    {style}, page {page}: {told}")
            total += exact
            print(f"{exact:5d} of {len(shapes):5d}  {style}", flush=True)
    print(f"{total:5d} of {options.pages * len(STYLES):5d}  in all")


if __name__ == "__main__":
    main()
