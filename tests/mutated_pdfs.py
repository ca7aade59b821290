"""PDFs broken at random, from a seed: what transport, careless programs and ill will do to bytes.

Kinds that damage bytes anywhere mostly break a compressed stream or the cross-reference table; so others open the streams first and damage
what is inside: operators and numbers of page contents, fonts, dictionaries, references.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from random import Random

_OBJECT = re.compile(rb"(\d+) 0 obj\b.*?\bendobj", re.DOTALL)
_STREAM = re.compile(rb"<<((?:(?!stream).)*?)>>\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_REFERENCE = re.compile(rb"\d+ 0 R")
_NAME = re.compile(rb"/[A-Za-z]{2,}")
_ODD_NUMBERS = (b"0", b"-1", b"1e38", b"-99999999999", b"2147483648", b"4294967296", b"0.0000001", b"nan", b"1.2.3", b"9" * 400)
_OPERATORS = (
    b"q",
    b"Q",
    b"BT",
    b"ET",
    b"re",
    b"f",
    b"S",
    b"W n",
    b"cm",
    b"Tj",
    b"TJ",
    b"Do",
    b"sh",
    b"BI",
    b"EI",
    b"BDC",
    b"EMC",
    b"d0",
    b"'",
)
_MOST = 40_000_000  # a stream is not opened beyond so many bytes: the product's own limits are tested elsewhere


def flip_bits(data: bytes, random: Random) -> bytes:
    """One to 64 bits anywhere."""
    broken = bytearray(data)
    for _ in range(2 ** random.randrange(7)):
        broken[random.randrange(len(broken))] ^= 1 << random.randrange(8)
    return bytes(broken)


def truncate(data: bytes, random: Random) -> bytes:
    """The end is missing."""
    return data[: random.randrange(len(data))]


def cut_out(data: bytes, random: Random) -> bytes:
    """A piece is missing, stands twice, or is something else."""
    start = random.randrange(len(data))
    end = min(len(data), start + 2 ** random.randrange(4, 14))
    piece = random.choice([b"", data[start:end] * 2, random.randbytes(end - start), b"\0" * (end - start)])
    return data[:start] + piece + data[end:]


def splice_objects(data: bytes, random: Random) -> bytes:
    """An object stands in the place of another."""
    found = list(_OBJECT.finditer(data))
    if len(found) < 2:
        return truncate(data, random)
    first, second = random.sample(found, 2)
    body = re.sub(rb"^\d+", first[1], second[0], count=1)
    return data[: first.start()] + body + data[first.end() :]


def odd_numbers(data: bytes, random: Random) -> bytes:
    """Some numbers outside of streams become extreme: boxes, counts, lengths, offsets, references."""
    return _outside_streams(data, random, _NUMBER, lambda _: random.choice(_ODD_NUMBERS))


def wrong_references(data: bytes, random: Random) -> bytes:
    """References lead elsewhere: to themselves, in circles, to nothing."""
    return _outside_streams(data, random, _REFERENCE, lambda _: b"%d 0 R" % random.randrange(60))


def wrong_names(data: bytes, random: Random) -> bytes:
    """Keys and types are exchanged."""
    names = list({found[0] for found in _NAME.finditer(data[:200_000])}) or [b"/Type"]
    return _outside_streams(data, random, _NAME, lambda _: random.choice(names))


def broken_contents(data: bytes, random: Random) -> bytes:
    """A stream is opened, damaged inside, and put back uncompressed with its right length."""
    return _inside_stream(data, random, lambda content: random.choice(_INSIDE)(content, random))


def _outside_streams(data: bytes, random: Random, what: re.Pattern[bytes], change: Callable[[re.Match[bytes]], bytes]) -> bytes:
    streams = [(found.start(2), found.end(2)) for found in _STREAM.finditer(data)]
    places = [found for found in what.finditer(data) if not any(start <= found.start() < end for start, end in streams)]
    if not places:
        return flip_bits(data, random)
    result = data
    for found in sorted(random.sample(places, min(len(places), 2 ** random.randrange(5))), key=lambda one: -one.start()):
        result = result[: found.start()] + change(found) + result[found.end() :]
    return result


def _inside_stream(data: bytes, random: Random, change: Callable[[bytes], bytes]) -> bytes:
    opened = [(found, content) for found in _STREAM.finditer(data) if (content := _opened(found)) is not None]
    if not opened:
        return flip_bits(data, random)
    found, content = random.choice(opened)
    inside = change(content)
    keys = re.sub(rb"/Filter\s*(\[[^\]]*\]|/\w+)|/Length\s+\d+(\s+\d+\s+R)?|/DecodeParms\s*<<.*?>>", b"", found[1])
    whole = b"<<" + keys + b"/Length %d>>\nstream\n" % len(inside) + inside + b"\nendstream"
    return data[: found.start()] + whole + data[found.end() :]


def _opened(found: re.Match[bytes]) -> bytes | None:
    if b"/FlateDecode" not in found[1] or b"/ASCII85Decode" in found[1]:
        return found[2] if b"/Filter" not in found[1] else None
    try:
        return zlib.decompressobj().decompress(found[2], _MOST)
    except zlib.error:
        return None


def _numbers_inside(content: bytes, random: Random) -> bytes:
    share = random.choice([0.001, 0.01, 0.2])
    return _NUMBER.sub(lambda one: random.choice(_ODD_NUMBERS) if random.random() < share else one[0], content)


def _operators_inside(content: bytes, random: Random) -> bytes:
    words = content.split(b" ")
    for _ in range(2 ** random.randrange(7)):
        words[random.randrange(len(words))] = random.choice(_OPERATORS)
    return b" ".join(words)


def _lines_inside(content: bytes, random: Random) -> bytes:
    lines = content.split(b"\n")
    random.shuffle(lines)
    return b"\n".join(lines)


def _deep_inside(content: bytes, random: Random) -> bytes:
    many = 10 ** random.randrange(2, 6)
    return random.choice([b"q " * many + content, b"[" * many + content, b"<<" * many, b"BT " * many + content, content * min(50, many)])


_INSIDE: tuple[Callable[[bytes, Random], bytes], ...] = (
    lambda content, random: flip_bits(content or b" ", random),
    _numbers_inside,
    _operators_inside,
    _lines_inside,
    _deep_inside,
    lambda content, random: truncate(content or b" ", random),
)

KINDS: dict[str, Callable[[bytes, Random], bytes]] = {
    "bits flipped": flip_bits,
    "truncated": truncate,
    "a piece gone": cut_out,
    "objects spliced": splice_objects,
    "odd numbers": odd_numbers,
    "wrong references": wrong_references,
    "wrong names": wrong_names,
    "contents broken": broken_contents,
}


def mutated(data: bytes, seed: int) -> tuple[str, bytes]:
    """A broken version of a PDF and how it was broken; often twice, so that kinds meet. The same seed gives the same bytes."""
    random = Random(seed)
    kinds = random.choices(list(KINDS), weights=[1, 1, 1, 2, 2, 2, 1, 4], k=random.choice([1, 1, 2]))
    for kind in kinds:
        data = KINDS[kind](data, random) or b"%PDF"
    return kinds[0], data
