"""Makes samples/: disclosures of departments that do not exist, and samples/expected.json, which says what is in them.

Usage: .venv/bin/python tools/make_samples.py [--font PATH] [--out DIR]

Needs the development dependencies and a TrueType font with Chinese and Latin letters (Debian: fonts-wqy-microhei). The same font
and library versions give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.samples.consistent import forest, library  # noqa: E402 (the path is set above)
from tools.samples.drawing import use_font  # noqa: E402 (the path is set above)
from tools.samples.faulty import cdc, disabled, justice  # noqa: E402 (the path is set above)
from tools.samples.unreadable import no_pdf, scan  # noqa: E402 (the path is set above)

FONTS = (
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/usr/share/fonts/wqy-microhei/wqy-microhei.ttc"),
    Path("/usr/share/fonts/wenquanyi/wqy-microhei/wqy-microhei.ttc"),
)


def find_font() -> Path | None:
    """The font that the committed samples embed, where a distribution puts it; None where it is not installed."""
    return next((path for path in FONTS if path.is_file()), None)


def make(folder: Path, font: Path) -> None:
    """Write all samples and expected.json into a folder that exists."""
    use_font(font)
    records = [sample().write(folder) for sample in (forest, library, justice, disabled, cdc)]
    records += [scan(folder, _rasterise), no_pdf(folder)]
    text = json.dumps({"schema": "tieout.samples/1", "files": records}, ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


def _rasterise(path: Path, dpi: int) -> list[Any]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [page.render(scale=dpi / 72).to_pil() for page in document]


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line. Returns: 0, or 5 where no font was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--font", type=Path, help="TrueType font (.ttf, .ttc) with Chinese and Latin letters")
    parser.add_argument("--out", type=Path, default=ROOT / "samples", help="folder to write into (default: samples/)")
    options = parser.parse_args(arguments)
    font = options.font or find_font()
    if font is None or not font.is_file():
        looked = ", ".join(str(path) for path in FONTS)
        print(f"No font: install fonts-wqy-microhei or name one with --font PATH (looked for: {options.font or looked}).", file=sys.stderr)
        return 5
    options.out.mkdir(parents=True, exist_ok=True)
    make(options.out, font)
    return 0


if __name__ == "__main__":
    sys.exit(main())
