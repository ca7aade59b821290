"""`accept`: a person says that a finding stands as it is. It stays among the findings, marked; verdict and exit code stay what they are."""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import sys
from collections.abc import Iterable

from rich.text import Text

from services.store.domain.views import Acceptance, FindingView
from shared.canonical import canonical_json
from shared.contracts.events import Decision
from shared.plain_text import file_name_text, plain
from tieout.data_folder import DataFolder
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE, UserError
from tieout.handover.words import acceptance_line
from tieout.language import Language, pick
from tieout.operations import decide
from tieout.summary import print_finding, short_id, summary_console
from tieout.wrapping import print_paragraph

_NEAR = 3  # ids that are named where one is unknown
_ALIKE = 0.6  # of two ids: a mistyped or left-out character or two in the ten that are shown


def accept(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout accept [FINDING --why TEXT | FINDING --undo]`."""
    if arguments.finding is None:
        if arguments.why is not None or arguments.by is not None or arguments.undo:
            arguments.parser.error(pick(language, "缺少问题编号", "no finding named"))
        return _list(arguments, language)
    why, by = (arguments.why or "").strip(), None if arguments.by is None else arguments.by.strip()
    if not why and not arguments.undo:
        arguments.parser.error(pick(language, "--why 须写明原因", "--why needs a reason"))
    if by == "":
        arguments.parser.error(pick(language, "--by 须写明姓名", "--by needs a name"))
    with DataFolder(arguments.data, writing=False) as data:
        finding, known = _meant(data, arguments.finding, arguments.undo)
    decision = decide.make("withdraw" if arguments.undo else "accept", finding=finding, why=why, by=by)
    carried = _carry(arguments, decision, language)
    if arguments.json:
        sys.stdout.buffer.write(canonical_json(decision) + b"\n")
        return NOTHING_TO_REPORT
    _say(decision, known, carried, language)
    return NOTHING_TO_REPORT


def _meant(data: DataFolder, asked: str, undo: bool) -> tuple[str, FindingView | None]:
    """The id of the finding meant, and the finding where there is a current one. Raises UserError."""
    accepted = data.accepted()
    if undo:  # also of findings that are gone: their figures were corrected since
        found = sorted(each for each in accepted if _begins(each, asked))
        if len(found) == 1:
            return found[0], data.finding_or_none(found[0])
        _refuse_unless_known(data, asked, accepted)
        raise UserError(
            USAGE, f"问题“{plain(asked)}”未被认可，无可撤回。", f"finding '{plain(asked)}' was not accepted: nothing to take back."
        )
    view = data.finding_or_none(asked)
    if view is None:
        _refuse_unless_known(data, asked, ())
        raise AssertionError(asked)
    return view.id, view


def _refuse_unless_known(data: DataFolder, asked: str, more: Iterable[str]) -> None:
    """Raises UserError with the ids that are most like it, where no finding has this id."""
    if data.finding_or_none(asked) is not None:
        return
    ids = {short_id(row.id) for row in data.findings(None, None, None, None)} | {short_id(each) for each in more}
    near = difflib.get_close_matches(asked.lower()[: len("f-") + 8], sorted(ids), _NEAR, _ALIKE)
    zh = f"是否指 {'、'.join(near)}？" if near else "用 tieout findings 可列出全部问题。"
    en = f"Perhaps {', '.join(near)}?" if near else "tieout findings lists them."
    name = file_name_text(asked)
    raise UserError(USAGE, f"没有找到问题“{name}”。{zh}", f"there is no finding '{name}'. {en}")


def _begins(identifier: str, asked: str) -> bool:
    return len(asked) >= 6 and identifier.startswith((asked, f"f-{asked.lower()}"))


def _carry(arguments: argparse.Namespace, decision: Decision, language: Language) -> str:
    """Keeps a decision: as an object of the installation, whose store carries it out, or in the folder's own database."""
    with DataFolder(arguments.data, writing=False) as data:
        target = data.installation
    if target is not None:
        return decide.outcome_line(decide.carry(target, [decision]), target, language)
    with DataFolder(arguments.data, writing=True) as data:
        data.decide(decision)
    return ""


def _say(decision: Decision, finding: FindingView | None, carried: str, language: Language) -> None:
    console = summary_console()
    done = pick(language, "已认可：", "Accepted: ") if decision.kind == "accept" else pick(language, "已撤回认可：", "No longer accepted: ")
    print_paragraph(console, Text(done + short_id(decision.finding or ""), "bold"), margin=0)
    if finding is not None:
        print_finding(console, finding.severity, finding.message, finding.id, language)
    if decision.kind == "accept":
        line = acceptance_text(Acceptance(finding=decision.finding or "", by=decision.by, at=decision.at, why=decision.why), language)
        print_paragraph(console, line)
    if carried:
        print_paragraph(console, Text(carried), margin=0)


def _list(arguments: argparse.Namespace, language: Language) -> int:
    with DataFolder(arguments.data, writing=False) as data:
        accepted = list(data.accepted().values())
        rows = {row.id: row for row in data.findings(None, None, None, None)}
    if arguments.json:
        for each in accepted:
            current = {"current": each.finding in rows}
            sys.stdout.buffer.write(canonical_json(dataclasses.asdict(each) | current) + b"\n")
        return NOTHING_TO_REPORT
    console = summary_console()
    for each in accepted:
        row = rows.get(each.finding)
        if row is not None:
            print_finding(console, row.severity, row.message, row.id, language)
        else:
            gone = pick(language, "（当前结果中已没有此问题）", " (no current result has it any more)")
            print_paragraph(console, Text(f"• {short_id(each.finding)}{gone}"), margin=0)
        print_paragraph(console, acceptance_text(each, language), margin=4)
    if not accepted:
        console.print(pick(language, "没有已认可的问题。", "No finding was accepted."))
    return NOTHING_TO_REPORT


def acceptance_text(acceptance: Acceptance, language: Language) -> Text:
    """Who accepted a finding, when, and why, in a line."""
    return Text(acceptance_line(acceptance, language), "dim")
