"""Pages of a PDF as a scanner would give them, made from a seed: `scan` draws the images, `as_pdf` binds them into a file without text.

"clean" is the page as rendered; "degraded" mixes what offices and their scanners do to paper; the other kinds are one such thing alone, so
that a failure has a name.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Picture = NDArray[np.uint8]
"""height×width×3, red, green, blue."""
Effect = Callable[[Picture, float, Random], Picture]
"""What happens to a page: (picture, pixels a point, source of chance) → picture."""

SEAL_RED, SEAL_GREY, SEAL_DARK = (214, 40, 48), (135, 135, 135), (60, 60, 60)


def scan(pdf: Path | bytes, dpi: float, kind: str = "clean", seed: int = 0, pages: Sequence[int] | None = None) -> list[Picture]:
    """Pages (from 1; all by default) of a PDF as scanned; the same seed gives the same pixels."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        chosen = range(1, len(document) + 1) if pages is None else pages
        return [scanned(_rendered(document, number, dpi), dpi, kind, seed * 1000 + number) for number in chosen]
    finally:
        document.close()


def scanned(picture: Picture, dpi: float, kind: str, seed: int) -> Picture:
    """A page's picture as scanned."""
    random = Random(seed)
    for effect in KINDS[kind](random):
        picture = effect(picture, dpi / 72, random)
    return np.ascontiguousarray(picture)


def as_pdf(images: Sequence[Picture], dpi: float, out: Path, quality: int | None = None) -> None:
    """Writes images as the pages of a PDF that holds nothing else. Args: quality: of JPEG; None: without loss."""
    canvas = Canvas(str(out), invariant=True)
    for image in images:
        height, width = image.shape[0] * 72 / dpi, image.shape[1] * 72 / dpi
        canvas.setPageSize((width, height))
        data = io.BytesIO()
        if quality is None:
            Image.fromarray(image).save(data, "PNG")
        else:
            Image.fromarray(image).save(data, "JPEG", quality=quality)
        data.seek(0)
        canvas.drawImage(ImageReader(data), 0, 0, width, height)
        canvas.showPage()
    canvas.save()


def _rendered(document: pypdfium2.PdfDocument, number: int, dpi: float) -> Picture:
    page = document[number - 1]
    try:
        return np.array(page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=False).to_numpy()[:, :, :3])
    finally:
        page.close()


def skew(picture: Picture, scale: float, random: Random) -> Picture:
    """Laid on the glass at an angle of up to 3°."""
    return turned(picture, random.uniform(-3, 3))


def turned(picture: Picture, degrees: float) -> Picture:
    """Turned counterclockwise about the middle, on white."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    return _picture(cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)))


def bent(picture: Picture, scale: float, random: Random) -> Picture:
    """Drawn through the feeder unevenly, or not quite flat: places shift by up to 1.5 points, smoothly, and the sheet shears a little."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    far = 1.5 * scale
    shear = random.uniform(-0.0025, 0.0025)
    dx = random.uniform(-far, far) * np.sin(y / height * math.pi * random.uniform(0.5, 1.5)) + shear * (y - height / 2)
    dy = random.uniform(-far, far) * np.sin(x / width * math.pi * random.uniform(0.5, 1.5) + random.uniform(0, 1))
    moved = cv2.remap(picture, (x + dx).astype(np.float32), (y + dy).astype(np.float32), cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    return _picture(moved)


def noise(picture: Picture, scale: float, random: Random) -> Picture:
    """Grain of the sensor."""
    grain = np.random.default_rng(random.getrandbits(32)).normal(0, random.uniform(3, 9), picture.shape[:2])
    return _picture(picture + grain[:, :, None])


def pepper(picture: Picture, scale: float, random: Random) -> Picture:
    """Black and white specks."""
    chance = np.random.default_rng(random.getrandbits(32)).random(picture.shape[:2])
    picture = picture.copy()
    share = random.uniform(0.0005, 0.002)
    picture[chance < share] = 20
    picture[chance > 1 - share] = 255
    return picture


def blur(picture: Picture, scale: float, random: Random) -> Picture:
    """Slightly out of focus: up to .2 points."""
    return _picture(cv2.GaussianBlur(picture, (0, 0), max(0.3, random.uniform(0.08, 0.2) * scale)))


def jpeg(picture: Picture, scale: float, random: Random) -> Picture:
    """Compressed with a quality of 40 to 80."""
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "JPEG", quality=random.randint(40, 80))
    return np.array(Image.open(data).convert("RGB"))


def lighting(picture: Picture, scale: float, random: Random) -> Picture:
    """Grey paper, darker to one side."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    angle, depth = random.uniform(0, 2 * math.pi), random.uniform(0.05, 0.25)
    light = random.uniform(0.85, 0.97) - depth * ((x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle) + 0.5)
    return _picture(picture * light[:, :, None])


def low_contrast(picture: Picture, scale: float, random: Random) -> Picture:
    """Worn toner: ink is grey."""
    black = random.uniform(60, 120)
    return _picture(black + picture * ((255 - black) / 255))


def show_through(picture: Picture, scale: float, random: Random) -> Picture:
    """The other side of the sheet shines through, the wrong way round."""
    back = cv2.GaussianBlur(picture[:, ::-1], (0, 0), 0.25 * scale).astype(np.float64)
    return _picture(np.minimum(picture, 255 - (255 - back) * random.uniform(0.06, 0.15)))


def faint_rules(picture: Picture, scale: float, random: Random) -> Picture:
    """Patches where the toner did not hold: rules break for some points or get faint, characters only lighter (they stay legible)."""
    dark = (picture.min(axis=2) < 200).astype(np.uint8)
    long = max(int(20 * scale), 3)
    rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, long))) | cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((long, 1)))
    rules = cv2.dilate(rules, np.ones((3, 3))) > 0
    loss = np.zeros(picture.shape[:2], dtype=np.float32)
    height, width = loss.shape
    for _ in range(random.randint(10, 30)):
        w, h = random.uniform(2, 30) * scale, random.uniform(1.5, 5) * scale
        if random.random() < 0.5:
            w, h = h, w
        x, y = random.randrange(width), random.randrange(height)
        loss[y : y + int(h) + 1, x : x + int(w) + 1] = random.choice((1.0, 0.85, 0.6))
    loss = np.where(rules, loss, np.minimum(loss, 0.4))
    return _picture(255 - (255.0 - picture) * (1 - loss[:, :, None]))


def red_seal(picture: Picture, scale: float, random: Random) -> Picture:
    """A round seal in red over the page."""
    return _sealed(picture, scale, random, SEAL_RED)


def grey_seal(picture: Picture, scale: float, random: Random) -> Picture:
    """The same seal on a copy without colour."""
    return _sealed(picture, scale, random, SEAL_GREY)


def dark_seal(picture: Picture, scale: float, random: Random) -> Picture:
    """The same seal on a copy so dark that its ink is that of the print."""
    return _sealed(picture, scale, random, SEAL_DARK)


def _sealed(picture: Picture, scale: float, random: Random, ink: tuple[int, int, int]) -> Picture:
    height, width = picture.shape[:2]
    radius = random.uniform(52, 64) * scale  # 38 to 45 mm across
    x, y = random.uniform(0.15, 0.85) * width, random.uniform(0.15, 0.85) * height
    seal = _seal_mask(int(radius), random)
    cover = np.zeros((height, width), dtype=np.float64)
    x0, y0 = int(x - radius), int(y - radius)
    part = cover[max(y0, 0) : y0 + seal.shape[0], max(x0, 0) : x0 + seal.shape[1]]
    part[...] = seal[max(-y0, 0) :, max(-x0, 0) :][: part.shape[0], : part.shape[1]]
    cover *= random.uniform(0.6, 0.95)
    # Ink over ink: a seal over black stays black.
    stamped = picture * (1 - cover[:, :, None] * (1 - np.array(ink) / 255))
    return _picture(stamped)


def _seal_mask(radius: int, random: Random) -> NDArray[np.float64]:
    """A ring, a star, and words around it (0–1)."""
    size = 2 * radius + 1
    image = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(image)
    ring = max(int(radius * 0.06), 2)
    pen.ellipse((1, 1, size - 2, size - 2), outline=255, width=ring)
    star = [
        (radius + math.sin(k * math.pi / 5) * r, radius - math.cos(k * math.pi / 5) * r)
        for k in range(10)
        for r in [radius * (0.3 if k % 2 == 0 else 0.12)]
    ]
    pen.polygon(star, fill=255)
    words = random.choice(("云溪市档案管理局", "青岚县财政所专用章", "某某市政务服务中心"))
    tall = int(radius * 0.26)
    for k, word in enumerate(words):
        letter = Image.new("L", (tall * 2, tall * 2), 0)
        _word(ImageDraw.Draw(letter), word, tall)
        angle = (k - (len(words) - 1) / 2) * 225 / len(words)
        letter = letter.rotate(-angle)
        at = (radius + math.sin(math.radians(angle)) * radius * 0.76, radius - math.cos(math.radians(angle)) * radius * 0.76)
        image.paste(255, (int(at[0]) - tall, int(at[1]) - tall), letter)
    image = image.rotate(random.uniform(-15, 15))
    grain = np.random.default_rng(random.getrandbits(32)).random((size // 3 + 1, size // 3 + 1)).astype(np.float32)
    worn = cv2.resize(grain, (size, size), interpolation=cv2.INTER_CUBIC)
    return np.asarray(image, dtype=np.float64) / 255 * np.clip(0.55 + worn, 0, 1)


def _word(pen: ImageDraw.ImageDraw, word: str, tall: int) -> None:
    """A character as strokes where no font with ideographs is at hand: a seal's words need not be read."""
    left, top, right, bottom = tall // 2, tall // 2, tall * 3 // 2, tall * 3 // 2
    width = max(tall // 8, 1)
    strokes = Random(word)
    pen.line((left, top, right, top), fill=255, width=width)
    pen.line(((left + right) // 2, top, (left + right) // 2, bottom), fill=255, width=width)
    for _ in range(3):
        y = strokes.randint(top, bottom)
        pen.line((left, y, right, strokes.randint(top, bottom)), fill=255, width=width)


def holes(picture: Picture, scale: float, random: Random) -> Picture:
    """Two or four punch holes at the left margin, dark against the lid."""
    picture = picture.copy()
    height = picture.shape[0]
    count, tone, x = random.choice((2, 4)), random.choice((10, 60, 110)), int(random.uniform(18, 30) * scale)
    for k in range(count):
        y = int(height / 2 + (k - (count - 1) / 2) * 227 * scale)
        cv2.circle(picture, (x, y), int(random.uniform(7, 9) * scale), (tone, tone, tone), -1, cv2.LINE_AA)
    return picture


def dark_edges(picture: Picture, scale: float, random: Random) -> Picture:
    """Shadows where the sheet ends before the glass does."""
    picture = picture.copy()
    height, width = picture.shape[:2]
    for side in random.sample(range(4), random.randint(1, 3)):
        deep = int(random.uniform(2, 9) * scale)
        lean = int(random.uniform(0, 6) * scale)
        near = {
            0: [(0, 0), (width, 0), (width, deep), (0, deep + lean)],
            1: [(0, height), (width, height), (width, height - deep), (0, height - deep - lean)],
            2: [(0, 0), (0, height), (deep, height), (deep + lean, 0)],
            3: [(width, 0), (width, height), (width - deep, height), (width - deep - lean, 0)],
        }[side]
        tone = random.choice((15, 50, 90))
        cv2.fillPoly(picture, [np.array(near, dtype=np.int32)], (tone, tone, tone), cv2.LINE_AA)
    return picture


def fold(picture: Picture, scale: float, random: Random) -> Picture:
    """A grey line where the sheet was folded in the middle."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    place = (y - height * random.uniform(0.45, 0.55)) if random.random() < 0.5 else (x - width * random.uniform(0.45, 0.55))
    depth = random.uniform(0.08, 0.2) * np.exp(-((place / (random.uniform(0.4, 1.2) * scale)) ** 2))
    return _picture(picture * (1 - depth)[:, :, None])


def grey(picture: Picture, scale: float, random: Random) -> Picture:
    """Without colour."""
    one = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return _picture(np.repeat(one[:, :, None], 3, axis=2))


def bilevel(picture: Picture, scale: float, random: Random) -> Picture:
    """Black and white only, as fax machines and copiers store it."""
    one = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    black = one < random.randint(140, 190)
    return np.repeat(np.where(black, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def quarter(picture: Picture, scale: float, random: Random) -> Picture:
    """Laid on the glass sideways."""
    return np.rot90(picture, random.choice((1, 3)))


def _picture(values: NDArray[np.generic]) -> Picture:
    return np.clip(np.round(values), 0, 255).astype(np.uint8) if values.dtype != np.uint8 else values


def _degraded(random: Random) -> list[Effect]:
    """What befalls one sheet, in the order in which it does: ink and paper, the glass, the sensor, the file."""
    paper: list[Effect] = [faint_rules] if random.random() < 0.4 else []
    paper += [low_contrast] if random.random() < 0.2 else []
    paper += [show_through] if random.random() < 0.25 else []
    colour = random.choice((True, False, False))
    if random.random() < 0.4:
        paper.append(red_seal if colour else grey_seal)
    paper += [holes] if random.random() < 0.25 else []
    paper += [fold] if random.random() < 0.15 else []
    glass: list[Effect] = [skew]
    glass += [bent] if random.random() < 0.4 else []
    glass += [dark_edges] if random.random() < 0.3 else []
    glass += [lighting] if random.random() < 0.6 else []
    sensor: list[Effect] = [blur, noise] + ([pepper] if random.random() < 0.2 else []) + ([] if colour else [grey])
    if not colour and lighting not in glass and low_contrast not in paper and random.random() < 0.3:
        return [*paper, *glass, blur, bilevel]
    return [*paper, *glass, *sensor, jpeg]


SINGLE: tuple[Effect, ...] = (
    skew, bent, noise, pepper, blur, jpeg, lighting, low_contrast, show_through, faint_rules, red_seal, grey_seal, holes, dark_edges, fold, bilevel, quarter,
)  # fmt: skip
KINDS: dict[str, Callable[[Random], list[Effect]]] = {
    "clean": lambda _: [],
    "degraded": _degraded,
    "dark_seal": lambda _: [dark_seal],
    **{effect.__name__: lambda _, effect=effect: [effect] for effect in SINGLE},  # type: ignore[misc]
}
