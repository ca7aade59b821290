"""`tieout changes`: what a re-issued document says otherwise than the revision before it."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.text import Text

from services.store.domain.views import DocumentView
from services.validator.domain.claim_figures import CLAIMS_TABLE
from services.validator.domain.reissue import changes_between
from shared.canonical import canonical_json
from shared.contracts.changes import Change, Changes, Printed
from shared.plain_text import plain
from tieout.data_folder import DataFolder
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE, UserError
from tieout.language import Language, pick, say
from tieout.summary import grouped, summary_console
from tieout.wrapping import print_paragraph


def changes(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout changes DOCUMENT [EARLIER]`: figures changed, added and removed since the revision before, or since another document."""
    folder = DataFolder(arguments.data, writing=False)
    if folder.note is not None:
        print(f"tieout: {say(folder.note, language)}", file=sys.stderr)
    with folder as data:
        now = data.document(arguments.document)
        earlier = data.document(arguments.earlier) if arguments.earlier else _revision_before(data, now)
        made = changes_between(data.normalized(earlier), data.normalized(now))
        names = data.name_of(earlier.id), data.name_of(now.id)
    if arguments.json:
        sys.stdout.buffer.write(canonical_json(made) + b"\n")
    else:
        print_changes(summary_console(), made, names, language)
    return NOTHING_TO_REPORT


def _revision_before(data: DataFolder, view: DocumentView) -> DocumentView:
    """The document that was current before this one in its part of a filing. Raises UserError where there is none."""
    before = data.revision_before(view.id)
    if before is None:
        name = plain(data.name_of(view.id))
        raise UserError(
            USAGE,
            f"{name} 没有更早的版本；请再给出与之比较的文件。",
            f"there is no earlier revision of {name}; give the document to compare it with as well.",
        )
    return data.document(before)


def print_changes(console: Console, made: Changes, names: tuple[str, str], language: Language) -> None:
    """Prints what was changed, added and removed. Args: names: of the earlier and the later document."""
    earlier, later = map(plain, names)
    print_paragraph(console, Text.assemble((earlier, "cyan"), " → ", (later, "cyan")), margin=0)
    kinds = {
        "changed": [change for change in made.changes if change.before and change.after],
        "added": [change for change in made.changes if change.before is None],
        "removed": [change for change in made.changes if change.after is None],
    }
    counts = tuple(len(kinds[kind]) for kind in ("changed", "added", "removed"))
    print_paragraph(
        console,
        Text(
            pick(
                language,
                f"相同 {made.same} 个数，改动 {counts[0]} 个，新增 {counts[1]} 个，删除 {counts[2]} 个",
                f"{made.same} figures the same, {counts[0]} changed, {counts[1]} added, {counts[2]} removed",
            )
        ),
    )
    words = {"changed": ("改动", "changed"), "added": ("新增", "added"), "removed": ("删除", "removed")}
    for kind, found in kinds.items():
        for change in found:
            print_paragraph(console, _line(change, pick(language, *words[kind]), language))


def _line(change: Change, word: str, language: Language) -> Text:
    shown = change.after or change.before
    assert shown is not None
    text = Text.assemble((f"{word} ", "bold"), _place(shown, language), pick(language, "：", ": "))
    if change.before is not None and change.after is not None:
        text.append(f"{_figure(change.before)} → ")
    text.append(_figure(shown), "bold")
    if change.before is not None and change.after is not None and change.before.page != change.after.page:
        text.append(pick(language, f"（原在第 {change.before.page} 页）", f" (was on p. {change.before.page})"), "dim")
    return text


def _figure(printed: Printed) -> str:
    return f"{grouped(printed.text)} {printed.unit or ''}".rstrip()


def _place(printed: Printed, language: Language) -> str:
    title = plain(printed.title or "")
    if printed.fact.startswith(f"{CLAIMS_TABLE}/"):
        title = pick(language, "文字说明", "narrative")
    label, column = plain(printed.label), "·".join(plain(name) for name in printed.column[-2:])
    return (
        pick(language, f"第 {printed.page} 页", f"p. {printed.page} ")
        + f"《{title}》"
        + "×".join(f"“{name}”" for name in (label, column) if name)
    )
