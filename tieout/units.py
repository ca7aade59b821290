"""`tieout units`: a department's rows of its units against what the units published themselves."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.text import Text

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.department import compare_units
from shared.canonical import canonical_json
from shared.contracts.department import DepartmentUnits
from shared.plain_text import plain
from tieout.data_folder import DataFolder
from tieout.exit_codes import NOTHING_TO_REPORT
from tieout.language import Language, pick, say
from tieout.summary import print_finding, summary_console
from tieout.wrapping import print_paragraph


def units(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout units DEPARTMENT`: compares with all stored documents of units that its forms name, of the same year and kind."""
    folder = DataFolder(arguments.data, writing=False)
    if folder.note is not None:
        print(f"tieout: {say(folder.note, language)}", file=sys.stderr)
    with folder as data:
        view = data.document(arguments.department)
        department = data.normalized(view)
        others = [
            data.normalized(data.document(each)) for each in data.current_documents(department.document.year, department.document.kind)
        ]
        made = compare_units(department, others, load_rules())
        names = {each: data.name_of(each) for each in (made.department, *made.units)}
    if arguments.json:
        sys.stdout.buffer.write(canonical_json(made) + b"\n")
    else:
        print_units(summary_console(), made, names, language)
    return NOTHING_TO_REPORT


def print_units(console: Console, made: DepartmentUnits, names: dict[str, str], language: Language) -> None:
    """Prints what was compared, what differs, and which units have no document here. Args: names: of documents by id."""
    comma = pick(language, "、", ", ")
    head = Text.assemble(
        (plain(names[made.department]), "cyan"), " ↔ ", (comma.join(plain(names[each]) for each in made.units) or "—", "cyan")
    )
    print_paragraph(console, head, margin=0)
    failed = sum(check.status == "failed" for check in made.checks)
    held = sum(check.status in ("exact", "rounding", "suspicious") for check in made.checks)
    line = pick(
        language,
        f"核对 {held + failed} 个数：相符 {held}，不符 {failed}",
        f"{held + failed} figures compared: {held} agree, {failed} differ",
    )
    print_paragraph(console, Text(line))
    if made.missing:
        listed = comma.join(map(plain, made.missing))
        print_paragraph(console, Text(pick(language, f"没有这些单位的文件：{listed}", f"no documents of these units: {listed}"), "dim"))
    for finding in made.findings:
        print_finding(console, finding.severity, finding.message, finding.id, language)
