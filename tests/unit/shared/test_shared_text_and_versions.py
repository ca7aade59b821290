"""Text from outside is made plain; versions and canonical JSON depend on content alone."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from services.extractor.adapters.scan_recognizer import PAGE_SECONDS
from shared.canonical import canonical_json, digest, points, share
from shared.contracts.extracted import Cell
from shared.limits import Limits
from shared.plain_text import file_name_text, plain
from shared.versions import RELEASE, producer_version


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入\n总表", "收入 总表"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("tab\tand\x00nul\x7f", "tab andnul"),
        ("\udcff", ""),
    ],
)
def test_control_sequences_do_not_reach_a_terminal(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_name_that_is_no_utf8_can_be_encoded() -> None:
    name = file_name_text(Path(os.fsdecode(b"n\xff.pdf")))
    assert name.encode("utf-8").decode("utf-8") == "n\ufffd.pdf"


def test_the_same_data_and_settings_give_the_same_version() -> None:
    version = producer_version([b"codes"], {"verify": True, "pages": 10})
    assert version == producer_version([b"codes"], {"pages": 10, "verify": True})
    assert version.startswith(RELEASE)


@pytest.mark.parametrize(
    ("data", "settings"), [([b"other"], {"verify": True}), ([b"codes"], {"verify": False}), ([b"co", b"des"], {"verify": True})]
)
def test_other_data_or_settings_give_another_version(data: list[bytes], settings: dict[str, object]) -> None:
    assert producer_version(data, settings) != producer_version([b"codes"], {"verify": True})


def test_canonical_json_is_one_line_in_the_order_of_the_fields() -> None:
    cell = Cell(row=0, col=1, text="合计", page=3, bbox=(points(1.005), points(-0.001), 10.0, 20.5), confidence=share(1.7))
    encoded = canonical_json(cell)
    assert (
        encoded == '{"row":0,"col":1,"rowspan":1,"colspan":1,"text":"合计","page":3,"bbox":[1.0,0.0,10.0,20.5],"confidence":1.0}'.encode()
    )
    assert canonical_json(msgspec.json.decode(encoded, type=Cell)) == encoded


def test_amounts_travel_as_text() -> None:
    assert canonical_json({"amount": Decimal("1.10")}) == b'{"amount":"1.10"}'


def test_a_digest_names_its_algorithm() -> None:
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_deadline_grows_with_the_pages() -> None:
    assert Limits(seconds=60, seconds_per_page=0.2).deadline(100) == pytest.approx(80)


def test_the_deadline_grows_with_pages_that_have_to_be_recognised_and_leaves_time_for_some_that_hang() -> None:
    limits = Limits(seconds=60, seconds_per_page=0.2, seconds_per_scan=10, seconds_for_scans=180, pages=100, scans=3)
    assert limits.deadline(100, 2) == pytest.approx(80 + 180 + 20)
    assert limits.longest() == pytest.approx(80 + 180 + 30)
    assert Limits().seconds_for_scans >= 3 * PAGE_SECONDS
