#!/usr/bin/env python3
"""Makes docs/images/run.zh.png and run.en.png: what a terminal shows of a real run over the samples.

PYTHONPATH=. .venv/bin/python tools/picture.py --font PATH   (a monospaced CJK TrueType font, e.g. WenQuanYi Micro Hei Mono)
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
COLUMNS, SIZE, MARGIN, LINE = 118, 20, 24, 30
BACKGROUND, FOREGROUND = (30, 32, 38), (222, 224, 228)
COLOURS = {1: (255, 107, 104), 2: (126, 200, 120), 3: (235, 190, 90), 6: (110, 195, 220)}  # by ANSI number
NOT_IN_FONT = str.maketrans("✗", "×")
DIM = (140, 144, 152)


def terminal_output(command: list[str]) -> str:
    """What a command prints on a terminal of `COLUMNS` columns."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    process = subprocess.Popen(command, cwd=ROOT, stdout=terminal, stderr=subprocess.DEVNULL, env=environment)
    os.close(terminal)
    pieces = []
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
    process.wait()
    return b"".join(pieces).decode().replace("\r\n", "\n")


def draw(text: str, font_path: str, index: int) -> Image.Image:
    """A picture of terminal output with its colours."""
    font = ImageFont.truetype(font_path, SIZE, index=index)
    width = font.getlength("0")
    wide = ImageFont.truetype(font_path, int(2 * width), index=index)  # an ideograph fills two cells
    lines = Text.from_ansi(text).split("\n", allow_blank=False)
    image = Image.new("RGB", (int(2 * MARGIN + COLUMNS * width), 2 * MARGIN + LINE * len(lines)), BACKGROUND)
    pen = ImageDraw.Draw(image)
    console = Console(width=COLUMNS)
    for row, line in enumerate(lines):
        column = 0
        for segment in line.render(console):
            style = segment.style
            number = style.color.number if style and style.color else None
            colour = COLOURS.get(number or 0, DIM if style and style.dim else FOREGROUND)
            for character in segment.text.rstrip("\n").translate(NOT_IN_FONT):
                place = (MARGIN + column * width, MARGIN + row * LINE)
                cells = cell_len(character)
                for shift in (0.0, 0.6) if style and style.bold else (0.0,):
                    at = (place[0] + shift, place[1] - (2 if cells == 2 else 0))
                    pen.text(at, character, font=wide if cells == 2 else font, fill=colour)
                column += cells
    return image


def main() -> int:
    """Writes both pictures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--font", default="/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
    parser.add_argument("--index", type=int, default=1, help="face in a font collection (1: the monospaced one)")
    arguments = parser.parse_args()
    for language in ("zh", "en"):
        with tempfile.TemporaryDirectory() as folder:
            command = [str(ROOT / "bin" / "tieout"), "run", "samples/", "--lang", language, "--data", folder]
            output = terminal_output(command).replace(folder, "tieout-data").replace(" --data tieout-data", "")
        draw(
            "$ bin/tieout run samples/" + (" --lang en" if language == "en" else "") + "\n" + output, arguments.font, arguments.index
        ).save(ROOT / "docs" / "images" / f"run.{language}.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
