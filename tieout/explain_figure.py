"""The sums that hold a figure, written out: what a reviewer asks of a figure before believing it, or before doubting it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from services.validator.domain.tieout_graph import TieoutGraph, graph_of_checks
from shared.contracts.normalized import Fact
from shared.contracts.validated import Check, Validated
from shared.plain_text import plain
from tieout.exit_codes import USAGE, UserError
from tieout.explain import Context, place_text, print_sum
from tieout.language import Language, pick
from tieout.summary import grouped, kind_text
from tieout.wrapping import print_paragraph

_MOST_SHOWN = 20  # figures of one amount; a zero may stand in hundreds of cells


def figures_named(validated: Validated, wanted: str) -> list[Fact]:
    """The figures that a person means: the fact of this id (`t3/7/5`), else all that print this amount.

    Raises: UserError: the document has neither.
    """
    found = [fact for fact in validated.facts if fact.id == wanted]
    found = found or [fact for fact in validated.facts if _bare(fact.text) == _bare(wanted)]
    if not found:
        shown = plain(wanted)
        raise UserError(
            USAGE,
            f"该文件中没有数字 {shown}。请给出编号（如 t3/7/5）或与印刷一致的金额。",
            f"the document has no figure {shown}. Give an id (such as t3/7/5), or the amount as it is printed.",
        )
    return found


def _bare(text: str) -> str:
    return text.replace(",", "").replace("，", "").strip()


def untied_facts(validated: Validated) -> list[Fact]:
    """The figures that take part in no assessed check, in the order of the document; what is printed twice counts once."""
    tied = dict(graph_of_checks(validated.checks).times())
    return [fact for fact in validated.facts if fact.duplicate_of is None and fact.id not in tied]


def checks_of(validated: Validated, figure: str) -> tuple[Check, ...]:
    """The checks that speak of a figure: those that fail, those that hold (each different sum once), those that were not assessed."""
    graph = graph_of_checks(validated.checks)
    contradicting, confirming = graph.contradicting(figure), graph.confirming(figure)
    open_ones = (check for check in graph.checks(figure) if check.status == "not_assessable")
    return (*contradicting.values(), *confirming.values(), *open_ones)


def print_figure(console: Console, validated: Validated, fact: Fact, context: Context) -> None:
    """Prints a figure with every sum that holds it."""
    language = context.language
    about = validated.document
    heading = f"  {about.year or '—'} {kind_text(about.kind, language)}  "
    console.print(Text.assemble((plain(about.entity or "—"), "bold"), heading, (fact.id, "dim")))
    figure = Text.assemble((grouped(fact.text), "bold"), f" {fact.unit or ''}".rstrip(), "  ", place_text(fact, None, context))
    print_paragraph(console, figure, margin=0)
    graph = graph_of_checks(validated.checks)
    print_paragraph(console, Text(_held(graph, fact.id, language)), margin=0)
    shown = checks_of(validated, fact.id)
    mark = {fact.id: pick(language, " ← 此数", " ← this figure")}
    for number, check in enumerate(shown, start=1):
        console.print()
        print_sum(console, check, context, mark, f"{number}/{len(shown)}")


def print_choice(console: Console, validated: Validated, facts: Iterable[Fact], context: Context) -> None:
    """Lists the figures that print one amount, with their ids, and how many sums hold each."""
    language = context.language
    graph = graph_of_checks(validated.checks)
    listed = list(facts)
    print_paragraph(console, Text(pick(language, "有几处印此金额，请给出编号：", "several cells print this amount; give an id:")), margin=0)
    for fact in listed[:_MOST_SHOWN]:
        print_paragraph(console, Text(f"{fact.id}  {place_text(fact, None, context)}  {_held(graph, fact.id, language)}"), margin=2)
    if len(listed) > _MOST_SHOWN:
        print_paragraph(console, Text(f"… {len(listed) - _MOST_SHOWN}", "dim"), margin=2)


def _held(graph: TieoutGraph[Check], figure: str, language: Language) -> str:
    """How many different sums hold a figure, and how they ended."""
    holds, fails = len(graph.confirming(figure)), len(graph.contradicting(figure))
    waiting = sum(check.status == "not_assessable" for check in graph.checks(figure))
    if not holds and not fails:
        text = pick(language, "没有参与任何核对（不等于有错）", "in no check (which is no error)")
    else:
        text = pick(language, f"参与 {holds + fails} 项核对", f"held by {holds + fails} sum{'s' if holds + fails > 1 else ''}")
        text += pick(language, f"：相符 {holds}", f": {holds} hold{'s' if holds == 1 else ''}")
        text += pick(language, f"，不符 {fails}", f", {fails} fail{'s' if fails == 1 else ''}") if fails else ""
    return text + (pick(language, f"；另有 {waiting} 项无法判断", f"; {waiting} not assessable") if waiting else "")
