"""Sums as XBRL facts, and what Arelle (arelle.org, Apache-2.0) says of them under Calculations 1.1, round to nearest.

One report holds all sums: a context each, the concept `Total` with the items `Plus1` … and `Minus1` … below it (weights 1 and -1). Arelle is no
dependency of the project: `available()` tells whether it is there.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Outcome = Literal["consistent", "inconsistent", "not evaluated"]

_SCHEMA = """<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:link="http://www.xbrl.org/2003/linkbase"
 xmlns:xlink="http://www.w3.org/1999/xlink" targetNamespace="http://example.org/sums" elementFormDefault="qualified">
<xs:annotation><xs:appinfo><link:linkbaseRef xlink:type="simple" xlink:href="calc.xml"
 xlink:role="http://www.xbrl.org/2003/role/calculationLinkbaseRef" xlink:arcrole="http://www.w3.org/1999/xlink/properties/linkbase"/></xs:appinfo></xs:annotation>
<xs:import namespace="http://www.xbrl.org/2003/instance" schemaLocation="http://www.xbrl.org/2003/xbrl-instance-2003-12-31.xsd"/>
{elements}</xs:schema>"""
_ELEMENT = '<xs:element name="{name}" id="{name}" type="xbrli:monetaryItemType" substitutionGroup="xbrli:item" xbrli:periodType="instant" nillable="true"/>\n'
_LINKBASE = """<?xml version="1.0" encoding="UTF-8"?>
<link:linkbase xmlns:link="http://www.xbrl.org/2003/linkbase" xmlns:xlink="http://www.w3.org/1999/xlink">
<link:calculationLink xlink:type="extended" xlink:role="http://www.xbrl.org/2003/role/link">
{links}</link:calculationLink></link:linkbase>"""
_LOCATOR = '<link:loc xlink:type="locator" xlink:href="sums.xsd#{name}" xlink:label="{name}"/>\n'
_ARC = (
    '<link:calculationArc xlink:type="arc" xlink:arcrole="http://www.xbrl.org/2003/arcrole/summation-item" xlink:from="Total" xlink:to="{name}"'
    ' weight="{weight}" order="{order}"/>\n'
)
_REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:link="http://www.xbrl.org/2003/linkbase" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:s="http://example.org/sums">
<link:schemaRef xlink:type="simple" xlink:href="sums.xsd"/>
<xbrli:unit id="u"><xbrli:measure>iso4217:CNY</xbrli:measure></xbrli:unit>
{contexts}{facts}</xbrli:xbrl>"""
_CONTEXT = (
    '<xbrli:context id="c{number}"><xbrli:entity><xbrli:identifier scheme="http://example.org">e{number}</xbrli:identifier></xbrli:entity>'
    "<xbrli:period><xbrli:instant>2025-12-31</xbrli:instant></xbrli:period></xbrli:context>\n"
)
_FACT = '<s:{name} contextRef="c{number}" unitRef="u" decimals="{decimals}">{text}</s:{name}>\n'


@dataclass(frozen=True)
class Print:
    """A figure as printed, with the digits after the point that its column prints."""

    text: str
    decimals: int


@dataclass(frozen=True)
class Item:
    """A term of a sum: its sign, and its prints (several where it is printed in several places)."""

    sign: int
    prints: tuple[Print, ...]


@dataclass(frozen=True)
class Sum:
    """A total with its prints, and its items."""

    total: tuple[Print, ...]
    items: tuple[Item, ...]


def available() -> bool:
    """Whether Arelle is installed."""
    return importlib.util.find_spec("arelle") is not None


def outcomes(sums: Sequence[Sum], folder: Path) -> list[Outcome]:
    """What Arelle says of each sum. Args: folder: an empty one, for the report."""
    from arelle import Cntlr  # type: ignore[import-not-found]
    from arelle.ValidateXbrlCalcs import ValidateCalcsMode, validate  # type: ignore[import-not-found]

    _write(sums, folder)
    controller = Cntlr.Cntlr(hasGui=False, logFileName="logToBuffer", disable_persistent_config=True)
    controller.webCache.workOffline = True
    model = controller.modelManager.load(str(folder / "report.xml"))
    found: list[Outcome] = ["consistent"] * len(sums)
    for said in validate(model, ValidateCalcsMode.ROUND_TO_NEAREST):
        stopped = any(code in str(said.codes) for code in ("excessDigits", "disallowedDuplicateFacts"))
        for context in str(said.args.get("contextIDs" if stopped else "contextID")).split(", "):
            found[int(context.removeprefix("c"))] = "not evaluated" if stopped else "inconsistent"
    for number, one in enumerate(sums):
        if not one.items:
            found[number] = "not evaluated"
    controller.modelManager.close()
    controller.close()
    return found


def _write(sums: Sequence[Sum], folder: Path) -> None:
    most = max(len(one.items) for one in sums)
    names = [(f"{word}{place}", weight) for place in range(most) for word, weight in (("Plus", 1), ("Minus", -1))]
    elements = "".join(_ELEMENT.format(name=name) for name in ("Total", *(name for name, _ in names)))
    (folder / "sums.xsd").write_text(_SCHEMA.format(elements=elements), encoding="utf-8")
    links = _LOCATOR.format(name="Total") + "".join(
        _LOCATOR.format(name=name) + _ARC.format(name=name, weight=weight, order=order)
        for order, (name, weight) in enumerate(names, start=1)
    )
    (folder / "calc.xml").write_text(_LINKBASE.format(links=links), encoding="utf-8")
    contexts = "".join(_CONTEXT.format(number=number) for number in range(len(sums)))
    facts = []
    for number, one in enumerate(sums):
        named = [("Total", print_) for print_ in one.total]
        named += [
            (f"{'Plus' if item.sign > 0 else 'Minus'}{place}", print_) for place, item in enumerate(one.items) for print_ in item.prints
        ]
        facts += [_FACT.format(name=name, number=number, decimals=print_.decimals, text=print_.text) for name, print_ in named]
    (folder / "report.xml").write_text(_REPORT.format(contexts=contexts, facts="".join(facts)), encoding="utf-8")
