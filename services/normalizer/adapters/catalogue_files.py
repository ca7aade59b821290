"""Reads the catalogue from the files beside the service: CSV for codes and names, TOML for lines, heads and forms."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, cast, get_args

from services.normalizer.domain.catalogue import Catalogue, FormRule, HeadRule, LineRule
from services.normalizer.domain.charts import Alias, Chart, Code
from services.normalizer.domain.crosswalk import Crosswalk, Link
from services.normalizer.domain.words import name_key
from services.normalizer.ports import CatalogueError
from shared.contracts.normalized import CofogConfidence
from shared.contracts.vocabulary import FormKind, Fund, Line, Measure, Scope

CONFIDENCES = get_args(CofogConfidence)
FOLDER = Path(__file__).resolve().parents[1] / "catalogue"
# Widths of the codes of each chart (类, 款, 项), and the digit that they begin with.
_CHARTS = {"function": ((3, 5, 7), "2"), "economic": ((3, 5), "3"), "gov_economic": ((3, 5), "5"), "income": ((3, 5, 7), "1")}
_FILES = (
    "edition.toml",
    *(f"{kind}.csv" for kind in _CHARTS),
    *("aliases.csv", "cofog.csv", "cofog_codes.csv", "lines.toml", "heads.toml", "forms.toml"),
)


class CatalogueFiles:
    """The catalogue of a folder (by default the one that comes with the service)."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def load(self) -> Catalogue:
        """Reads all files and makes the look-up tables. Raises CatalogueError where an entry names an unknown word of the contracts."""
        data = {name: (self._folder / name).read_bytes() for name in _FILES}
        aliases = _aliases(data["aliases.csv"])
        charts = {
            kind: Chart.build(kind, _codes(data[f"{kind}.csv"]), aliases.get(kind, []), widths, first)
            for kind, (widths, first) in _CHARTS.items()
        }
        edition = tomllib.loads(data["edition.toml"].decode("utf-8"))
        return Catalogue(
            edition=str(edition["edition"]),
            sources={key: (words["zh"], words["en"]) for key, words in edition["source"].items()},
            cofog=_crosswalk(data["cofog.csv"], data["cofog_codes.csv"]),
            lines=tuple(_lines(data["lines.toml"])),
            heads=tuple(_heads(data["heads.toml"])),
            forms=tuple(_forms(data["forms.toml"])),
            digest_data=tuple(data[name] for name in sorted(data)),
            **charts,
        )


@lru_cache(maxsize=1)
def standard_catalogue() -> Catalogue:
    """The catalogue that comes with the service, read once a process."""
    return CatalogueFiles().load()


def _rows(data: bytes) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(data.decode("utf-8")))


def _codes(data: bytes) -> Iterator[Code]:
    for row in _rows(data):
        sources = tuple(row["sources"].split(";"))
        yield Code(row["code"], row["name"], int(row["level"]), row["parent"] or None, row["status"] == "current", row["years"], sources)


def _aliases(data: bytes) -> dict[str, list[Alias]]:
    """The other names of codes by chart."""
    found: dict[str, list[Alias]] = {}
    for row in _rows(data):
        found.setdefault(row["kind"], []).append(Alias(row["code"], row["alias"], row["years"], row["evidence"]))
    return found


def _crosswalk(links: bytes, codes: bytes) -> Crosswalk:
    """The crosswalk to COFOG. Raises CatalogueError where it leads to no code of COFOG or says too little of itself."""
    names = {row["code"]: row["name_en"] for row in _rows(codes)}
    found: dict[str, Link] = {}
    for row in _rows(links):
        rivals = tuple(row["rivals"].split(";")) if row["rivals"] else ()
        wrong = [code for code in (row["cofog"], *rivals) if code not in names]
        if wrong or row["confidence"] not in CONFIDENCES or (row["confidence"] == "ambiguous") != bool(rivals):
            raise CatalogueError(
                f"cofog.csv: {row['function_code']}: {', '.join(wrong) or row['confidence']!r} with rivals {row['rivals']!r}"
            )
        found[row["function_code"]] = Link(
            row["function_code"], row["cofog"], cast(CofogConfidence, row["confidence"]), rivals, row["reason"]
        )
    return Crosswalk(names, found)


def _entries(data: bytes, key: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(data.decode("utf-8"))[key]
    return entries


def _known(words: type[FormKind] | type[Fund] | type[Line] | type[Measure] | type[Scope], value: str | None, where: str) -> str | None:
    if value is not None and value not in {member.value for member in words}:
        raise CatalogueError(f"{where}: {value!r} is no {words.__name__}")
    return value


def _pattern(entry: dict[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(entry[key]) if entry.get(key) else None


def _lines(data: bytes) -> Iterator[LineRule]:
    for entry in _entries(data, "line"):
        where = f"lines.toml: {entry['id']}"
        yield LineRule(
            id=str(_known(Line, entry["id"], where)),
            zh=entry["zh"],
            role=entry["role"],
            side=entry["side"],
            names=frozenset(name_key(name) for name in entry.get("names", [])),
            under=_known(Line, entry.get("under"), where),
            fund=_known(Fund, entry.get("fund"), where),
        )


def _heads(data: bytes) -> Iterator[HeadRule]:
    for entry in _entries(data, "head"):
        where = f"heads.toml: {entry['pattern']}"
        yield HeadRule(
            pattern=re.compile(entry["pattern"]),
            kind=entry.get("kind"),
            measure=_known(Measure, entry.get("measure"), where),
            fund=_known(Fund, entry.get("fund"), where),
            line=_known(Line, entry.get("line"), where),
            total=entry.get("total", False),
            group=entry.get("group"),
            only_leaf=entry.get("only_leaf", False),
            raw=entry.get("raw", False),
        )


def _forms(data: bytes) -> Iterator[FormRule]:
    for entry in _entries(data, "form"):
        where = f"forms.toml: {entry['kind']}"
        yield FormRule(
            kind=str(_known(FormKind, entry["kind"], where)),
            scope=_known(Scope, entry.get("scope"), where),
            scope_needs=frozenset(entry.get("scope_needs", [])),
            title=_pattern(entry, "title"),
            title_not=_pattern(entry, "title_not"),
            header=_pattern(entry, "header"),
            stub=_pattern(entry, "stub"),
            needs=frozenset(entry.get("needs", [])),
            any_of=frozenset(entry.get("any", [])),
            never=frozenset(entry.get("never", [])),
            weight=float(entry.get("weight", 0)),
        )
