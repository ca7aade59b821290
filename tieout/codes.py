"""`codes search`, `codes show`: the national codes that figures are given, with their names, where they come from, and their place in COFOG."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.charts import Chart, Code
from services.normalizer.domain.lookup import Found, code_of, cofog_of, name_in, near_codes, other_names
from services.normalizer.domain.lookup import search as search_codes
from shared.canonical import canonical_json
from shared.plain_text import plain
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE, UserError
from tieout.language import Language, pick
from tieout.summary import summary_console
from tieout.wrapping import print_paragraph

KINDS = ("function", "economic", "gov_economic", "income")
_KINDS = {
    "function": ("功能", "function"),
    "economic": ("部门经济", "economic"),
    "gov_economic": ("政府经济", "government economic"),
    "income": ("收入", "income"),
}
_LEVELS = (("", ""), ("类", "class"), ("款", "section"), ("项", "item"))
_CONFIDENCE = {
    "exact": ("准确", "exact"),
    "broad": ("大致", "broad"),
    "ambiguous": ("不唯一", "ambiguous"),
}
_SEPARATOR = " › "


def search(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout codes search TEXT`: the codes that a number, a name, or a part of one may mean."""
    catalogue = standard_catalogue()
    text = " ".join(arguments.text)
    found = search_codes(catalogue, text, frozenset({arguments.kind} if arguments.kind else ()))
    if arguments.json:
        _print_json({"schema": "tieout.codes/1", "edition": catalogue.edition, "query": text, "codes": [_found(hit) for hit in found]})
        return NOTHING_TO_REPORT
    console = summary_console()
    shown = found if arguments.all else found[:_MOST]
    for hit in shown:
        print_paragraph(console, _line(hit.chart, hit.code, language, hit), margin=0)
    if not found:
        print_paragraph(console, Text(pick(language, f"没有与“{plain(text)}”相符的科目。", f"no code fits “{plain(text)}”.")), margin=0)
    elif len(found) > len(shown):
        more = len(found) - len(shown)
        print_paragraph(console, Text(pick(language, f"… 另有 {more} 个，见 --all", f"… and {more} more: --all"), "dim"), margin=0)
    return NOTHING_TO_REPORT


_MOST = 30  # lines of a search that fit a screen


def show(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout codes show CODE`: all that the catalogue knows of a code. Raises UserError naming what is near where there is no such code."""
    catalogue = standard_catalogue()
    known = code_of(catalogue, arguments.code)
    if known is None:
        raise _unknown(catalogue, arguments.code)
    chart, code = known
    if arguments.json:
        _print_json(_described(catalogue, chart, code, arguments.year))
    else:
        _print_code(summary_console(), catalogue, chart, code, arguments.year, language)
    return NOTHING_TO_REPORT


def _unknown(catalogue: Catalogue, text: str) -> UserError:
    near = [f"{code.code} {code.name}" for _, code in near_codes(catalogue, text)]
    said = plain(text)
    zh = f"没有科目 {said}" + (f"；相近的有：{'、'.join(near)}" if near else "") + f"。按名称查找：tieout codes search {said}"
    en = f"no code {said}" + (f"; near it: {', '.join(near)}" if near else "") + f". To look for a name: tieout codes search {said}"
    return UserError(USAGE, zh, en)


def _print_code(console: Console, catalogue: Catalogue, chart: Chart, code: Code, year: int | None, language: Language) -> None:
    def say(label: str, words: str) -> None:
        if words:
            print_paragraph(console, Text(words), Text(label + pick(language, "：", ": "), "dim"))

    kind, level = pick(language, *_KINDS[chart.kind]), pick(language, *_LEVELS[min(code.level, 3)])
    status = "" if code.current else pick(language, "  已停用", "  no longer in use")
    console.print(
        Text.assemble((code.code, "bold"), " ", (code.name, "bold"), f"  {kind}{pick(language, '', ' ')}{level}", (status, "yellow"))
    )
    if year is not None:
        then = name_in(chart, code, year)
        doubt = "" if then.attested else pick(language, "（推断）", " (inferred)")
        say(pick(language, f"{year} 年名称", f"name in {year}"), then.name + doubt)
    say(pick(language, "上级", "above"), _SEPARATOR.join(_named(each) for each in chart.path(code.code)))
    say(
        pick(language, "下级", "below"), pick(language, "、", ", ").join(_named(each) for each in chart.children(code.code) if each.current)
    )
    retired = [_named(each) for each in chart.children(code.code) if not each.current]
    say(pick(language, "已停用的下级", "below, no longer in use"), pick(language, "、", ", ").join(retired))
    names = other_names(chart, code)
    semicolon = pick(language, "；", "; ")
    say(pick(language, "原名", "former names"), semicolon.join(_dated(a.name, a.years) for a in names if a.former and not a.reused))
    say(pick(language, "又作", "also written"), semicolon.join(_dated(a.name, a.years) for a in names if not a.former and not a.reused))
    say(pick(language, "此号旧指", "number once meant"), semicolon.join(_dated(a.name, a.years) for a in names if a.reused))
    link = cofog_of(catalogue, chart, code)
    if link is not None:
        label = "COFOG 1999"
        rivals = ", ".join(f"{each} {catalogue.cofog.names[each]}" for each in link.rivals)
        sure = pick(language, *_CONFIDENCE[link.confidence])
        inherited = pick(language, f"，按上级 {link.of}", f", by {link.of} above it") if link.of != code.code else ""
        say(label, f"{link.cofog} {catalogue.cofog.names[link.cofog]}{pick(language, f'（{sure}{inherited}）', f' ({sure}{inherited})')}")
        say(pick(language, "也可能是", "it may also be"), rivals)
    say(pick(language, "见于年份", "seen in"), code.years.replace(";", pick(language, "、", ", ")))
    say(pick(language, "依据", "sources"), _trust(code, language))


def _line(chart: Chart, code: Code, language: Language, hit: Found) -> Text:
    """A code in one line: number, name, chart, what is above it, the name that was found, years, trust."""
    parts = [pick(language, *_KINDS[chart.kind])]
    above = _SEPARATOR.join(_named(each) for each in chart.path(code.code))
    parts += [above] if above else []
    if hit.how in ("alias", "near") or (hit.how in ("begins", "part") and hit.matched not in (code.name, code.code)):
        word = {"near": ("相近", "near")}.get(hit.how, ("又名", "also"))
        parts.append(pick(language, *word) + pick(language, "“", " “") + plain(hit.matched) + "”")
    parts.append(_attestation(code, language))
    parts += [] if code.current else [pick(language, "已停用", "no longer in use")]
    return Text.assemble((f"{code.code} ", "bold"), code.name, ("  " + pick(language, "｜", " | ").join(parts), "dim"))


def _attestation(code: Code, language: Language) -> str:
    """When a code was seen and in how many public sources: the short form of `_trust`."""
    if not code.attested:
        return _trust(code, language)
    public = sum(source != "knowledge" for source in code.sources)
    years = code.years.replace(";", pick(language, "、", ", "))
    seen = pick(language, f"见于 {years}", f"seen in {years}") + pick(language, "，", ", ") if years else ""
    return seen + pick(language, f"依据 {public} 处公开来源", f"{public} public {'source' if public == 1 else 'sources'}")


def _trust(code: Code, language: Language) -> str:
    """Where a row of the catalogue comes from; what rests on general knowledge alone is said to."""
    if not code.attested:
        return pick(language, "仅据一般知识，未见公开来源", "general knowledge only, no public source")
    known = standard_catalogue().sources
    return pick(language, "；", "; ").join(pick(language, *known[source]) for source in code.sources)


def _named(code: Code) -> str:
    return f"{code.code} {code.name}"


def _dated(name: str, years: str) -> str:
    return f"{name} ({years.replace(';', ', ')})" if years else name


def _found(hit: Found) -> dict[str, Any]:
    return {**_row(hit.chart, hit.code), "path": _rows(hit.chart.path(hit.code.code)), "how": hit.how, "matched": hit.matched}


def _row(chart: Chart, code: Code) -> dict[str, Any]:
    return {
        "kind": chart.kind,
        "code": code.code,
        "name": code.name,
        "level": code.level,
        "current": code.current,
        "years": code.years,
        "sources": list(code.sources),
        "trust": "attested" if code.attested else "knowledge",
    }


def _rows(codes: Iterable[Code]) -> list[dict[str, Any]]:
    return [{"code": code.code, "name": code.name, "current": code.current} for code in codes]


def _described(catalogue: Catalogue, chart: Chart, code: Code, year: int | None) -> dict[str, Any]:
    names = other_names(chart, code)
    result: dict[str, Any] = {"schema": "tieout.code/1", "edition": catalogue.edition, **_row(chart, code)}
    if year is not None:
        then = name_in(chart, code, year)
        result["in_year"] = {"year": year, "name": then.name, "attested": then.attested}
    result |= {
        "path": _rows(chart.path(code.code)),
        "below": _rows(chart.children(code.code)),
        "names": [{"name": a.name, "years": a.years, "former": a.former, "evidence": a.evidence} for a in names if not a.reused],
        "once_meant": [{"name": a.name, "years": a.years, "evidence": a.evidence} for a in names if a.reused],
    }
    link = cofog_of(catalogue, chart, code)
    if link is not None:
        cofog = {"code": link.cofog, "name": catalogue.cofog.names[link.cofog], "confidence": link.confidence, "of": link.of}
        rivals = [{"code": each, "name": catalogue.cofog.names[each]} for each in link.rivals]
        result["cofog"] = {**cofog, "rivals": rivals, "reason": link.reason}
    return result


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(canonical_json(value) + b"\n")
    sys.stdout.flush()
