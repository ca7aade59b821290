"""`tieout reprocess` and `tieout activate`: which work is done again, and which versions of the stages count."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from shared.canonical import canonical_json
from shared.contracts.events import StageName
from shared.limits import Limits
from shared.plain_text import file_name_text, plain
from tieout import stages
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE, UserError
from tieout.language import Language, pick
from tieout.operations import decide
from tieout.operations.target import Target
from tieout.operations.words import short, stage_word
from tieout.summary import summary_console
from tieout.wrapping import print_paragraph

if TYPE_CHECKING:
    from services.store.adapters.sql_versions import StageVersion

# As shared.versions.producer_version makes them: release, digest of the data, digest of the settings.
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+[0-9A-Za-z.-]*\+d\.[0-9a-f]{8}\.s\.[0-9a-f]{8}")


def reprocess(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout reprocess --from STAGE …`: the work is done again in the bulk lane, behind new uploads."""
    target = Target.of(arguments.data)
    document = _document(target, arguments.document) if arguments.document else None
    since = arguments.since.isoformat(timespec="seconds").replace("+00:00", "Z") if arguments.since else None
    carried = decide.carry(target, [decide.make("reprocess", stage=arguments.stage, document=document, since=since, why=arguments.why)])
    if document:
        what = pick(language, f"文件 {short(document)}", f"document {short(document)}")
    elif since:
        what = pick(language, f" {since} 以来到达的文件", f"documents that arrived since {since}")
    else:
        what = pick(language, "全部文件", "all documents")
    stage = stage_word(arguments.stage, language)
    console = summary_console()
    text = pick(
        language, f"从“{stage}”起重新处理{what}，排在新上传之后。", f"{what} will be processed again from '{stage}', behind new uploads."
    )
    print_paragraph(console, Text(text[:1].upper() + text[1:]), margin=0)
    print_paragraph(console, Text(decide.outcome_line(carried, target, language)), margin=0)
    return NOTHING_TO_REPORT


def _document(target: Target, asked: str) -> str:
    """The id of the document that is meant. Raises UserError where there is none, or several."""
    with target.told(), target.ledger() as ledger:
        found = list(dict.fromkeys(row.document for row in ledger.row(file_name_text(asked)) if row.document))
    if len(found) == 1:
        return found[0]
    name = plain(asked)
    if not found:
        raise UserError(USAGE, f"账簿中没有文件“{name}”。", f"the ledger holds no document '{name}'.")
    ids = ", ".join(short(each) for each in found[:5])
    raise UserError(USAGE, f"“{name}”对应 {len(found)} 份文件：{ids}。", f"'{name}' means {len(found)} documents: {ids}.")


def activate(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout activate [STAGE [VERSION]]`: makes a version count; without one the known versions are listed."""
    target = Target.of(arguments.data)
    if arguments.version is None:
        return _list(target, arguments.stage, arguments.json, language)
    stage: StageName = arguments.stage
    version = plain(arguments.version)
    if not _VERSION.fullmatch(version):
        raise UserError(
            USAGE,
            f"“{version}”不是版本号，应形如 0.1.0+d.1a2b3c4d.s.5e6f7a8b；用 tieout activate{target.option} 列出已知版本。",
            f"'{version}' is no version; one looks like 0.1.0+d.1a2b3c4d.s.5e6f7a8b. tieout activate{target.option} lists those that are known.",
        )
    carried = decide.carry(target, [decide.make("activate", stage=stage, version=version, why=arguments.why)])
    console = summary_console()
    console.print(
        Text(pick(language, f"{stage_word(stage, 'zh')}：启用 {version}", f"{stage}: {version} counts from now on")), soft_wrap=True
    )
    print_paragraph(console, Text(decide.outcome_line(carried, target, language)), margin=0)
    hint = pick(
        language,
        f"已保存的文件要有这一版本的结果：tieout reprocess --from {stage} --all{target.option}",
        f"For results of this version of what is stored: tieout reprocess --from {stage} --all{target.option}",
    )
    print_paragraph(console, Text(hint, "dim"), margin=0)
    return NOTHING_TO_REPORT


def _list(target: Target, stage: StageName | None, as_json: bool, language: Language) -> int:
    from services.store.adapters.sql_versions import stage_versions

    with target.told():
        known = stage_versions(target.database())
    ours = stages.versions(Limits(), verify=False)
    known = [*known, *_not_seen(ours, known)]
    if stage is not None:
        known = [each for each in known if each.stage == stage]
    if as_json:
        for each in known:
            line = {"stage": each.stage, "version": each.version, "documents": each.documents, "active": each.active}
            sys.stdout.buffer.write(canonical_json({**line, "this_release": ours[each.stage] == each.version}) + b"\n")
        return NOTHING_TO_REPORT
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(pick(language, "阶段", "stage"), no_wrap=True)
    table.add_column(pick(language, "版本", "version"), no_wrap=True)
    table.add_column(pick(language, "文件数", "documents"), justify="right")
    table.add_column("", no_wrap=True)
    for each in sorted(known, key=lambda each: (stages.STAGES.index(each.stage), each.version)):
        marks = [
            (each.active, pick(language, "启用", "active")),
            (ours[each.stage] == each.version, pick(language, "本程序", "of this program")),
        ]
        note = pick(language, "，", ", ").join(text for holds, text in marks if holds)
        table.add_row(each.stage, each.version, str(each.documents), Text(note, "green" if each.active else ""))
    console = summary_console()
    console.print(table)
    if not any(each.active for each in known):
        text = pick(language, "没有启用过版本：以最新的发布为准。", "No version was activated: the highest release counts.")
        print_paragraph(console, Text(text, "dim"), margin=0)
    return NOTHING_TO_REPORT


def _not_seen(ours: Mapping[StageName, str], known: Sequence[StageVersion]) -> list[StageVersion]:
    """This program's own versions that have no result yet."""
    from services.store.adapters.sql_versions import StageVersion

    seen = {(each.stage, each.version) for each in known}
    return [StageVersion(stage, version, 0, False) for stage, version in ours.items() if (stage, version) not in seen]
