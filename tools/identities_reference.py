#!/usr/bin/env python3
"""Makes docs/identities.md from services/validator/rules/*.toml: every identity with formula, example, scope, guard. `--check` compares (CI)."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from services.validator.adapters.rules_files import RULES_DIR, load_rules  # noqa: E402 (the path is set above)
from services.validator.domain.rules import Identity  # noqa: E402 (the path is set above)
from shared.form_names import form_name  # noqa: E402 (the path is set above)

PAGE: Final = ROOT / "docs" / "identities.md"
FILES: Final = {
    "identities.toml": "Inside a form",
    "agreements.toml": "Between the forms of a document",
    "correspondences.toml": "Two classifications of the same money",
    "filings.toml": "Between documents, and with last year's filing",
}
HEAD: Final = """# The identities (勾稽关系)

Made by `tools/identities_reference.py` from `services/validator/rules/*.toml`; the validator reads the same files, and their digest is part of its
version. How to add one: [adding-a-form.md](adding-a-form.md); grades and findings: [verdicts.md](verdicts.md).

- **Guard.** *structure*: the layout of the form must mean the sum, which shows in how many of its lines hold. *same scope*: the forms must speak of
  the same money, which shows in equal totals. *conditional*: it need not hold; where it does it ties figures, where it does not nobody is accused.
- **When it fails.** An error only where its reading of the layout is vouched for and no doubt about the reading is left
  ([decision 5](decisions/0005-rival-readings-before-accusations.md)), else a question.
- **Notation.** Σ is a sum; in formulas of two classifications `gov:501` is a code of 政府预算支出经济分类, `economic:301` one of 部门预算支出经济分类,
  `line:` a line without a code, and `basic`, `project`, `personnel`, `public` the part of expenditure (none: all of it). They hold for every function
  that prints both sides; what is blank counts as nothing.
"""


def fails(identity: Identity) -> str:
    """What a person sees where it does not hold."""
    if identity.operator in ("claims_between", "previous_year"):
        return "warning"
    if identity.guard == "conditional":
        return "no finding"
    if identity.operator == "same_income":
        return "error where other sums agree, else warning"
    return "error or warning"


def scope(identity: Identity) -> str:
    """Where it holds, in words."""
    forms = "、".join(f"{form_name(form, 'zh')} (`{form}`)" for form in identity.forms)
    told = [forms] if forms else ["every form that prints both sides" if identity.operator not in _FILING else "every form of the filing"]
    if identity.kinds:
        told.append("filings: " + ", ".join(f"`{kind}`" for kind in identity.kinds))
    if identity.not_forms:
        told.append("not " + "、".join(form_name(form, "zh") for form in identity.not_forms))
    if identity.questions:
        told.append("by itself a question only in " + "、".join(form_name(form, "zh") for form in identity.questions))
    return "; ".join(told)


_FILING: Final = ("claims_between", "previous_year")


def entry(identity: Identity) -> Iterator[str]:
    """The lines of one identity."""
    yield f"### `{identity.id}`"
    yield ""
    yield f"{identity.zh} — {identity.en}"
    yield ""
    yield f"- formula: `{identity.formula}`"
    yield f"- example: {identity.example}"
    yield f"- scope: {scope(identity)}"
    yield f"- guard: {identity.guard.replace('_', ' ')}; when it fails: {fails(identity)} (`{identity.code}`)"
    yield f"- source: {identity.source}"
    yield ""


def page() -> str:
    """The page."""
    by_id = {identity.id: identity for identity in load_rules().identities}
    groups = {
        heading: [by_id[each["id"]] for each in tomllib.loads((RULES_DIR / file).read_text(encoding="utf-8")).get("identity", ())]
        for file, heading in FILES.items()
    }
    lines = [HEAD, f"{len(by_id)} identities:", "", "| identity | 中文 | meaning | guard | when it fails |", "|---|---|---|---|---|"]
    for identities in groups.values():
        for one in identities:
            lines.append(
                f"| [`{one.id}`](#{one.id.replace('.', '')}) | {one.zh} | {one.en} | {one.guard.replace('_', ' ')} | {fails(one)} |"
            )
    for heading, identities in groups.items():
        lines += ["", f"## {heading}", ""]
        for one in identities:
            lines += entry(one)
        lines.pop()
    told = {one.id for identities in groups.values() for one in identities}
    if told != set(by_id):
        raise SystemExit(f"no heading in tools/identities_reference.py for the file of {', '.join(sorted(set(by_id) - told))}")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Writes or checks the page; returns the exit code."""
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print("stale: docs/identities.md: run tools/identities_reference.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
