"""The page that says what the words of the contracts mean. tools/contracts.py writes it.

Meanings come from where people already read them: Chinese words of codes, names of forms, and the comments beside the words in the code.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from shared.code_words import CODE_WORDS
from shared.form_names import FORM_NAMES

CONTRACTS: Final = Path(__file__).resolve().parents[1] / "shared" / "contracts"

# Enumeration → field of CODE_WORDS whose Chinese words are those of its words.
_CHINESE: Final = {
    "Verdict": "verdict",
    "Severity": "severity",
    "CheckStatus": "status",
    "Cause": "cause",
    "NoticeKind": "notice_kind",
    "DocumentKind": "kind",
    "Level": "level",
    "Part": "part",
}
_WHERE: Final = {
    "FormKind": "`form` of forms, facts and findings: kinds of forms",
    "Measure": "`measure` of facts, `code` of columns: what a column of figures measures",
    "Fund": "`fund` of facts",
    "Scope": "`scope` of forms: which money a form speaks of",
    "Line": "`line` of facts: lines that are no code of a classification",
    "FindingCode": "`code` of findings",
    "WarningCode": "`code` of the extractor's warnings",
    "RejectionCode": "`code` of documents.rejected",
    "Verdict": "`verdict` of documents and filings",
    "Severity": "`severity` of findings",
    "CheckStatus": "`status` of checks",
    "Cause": "`cause` of diagnoses",
    "NoticeKind": "`kind` of the items of a notice",
    "DocumentKind": "`kind` of documents",
    "Level": "`level` of documents",
    "Part": "`part` of documents",
    "Stage": "`stage` of decisions, names in `runs`",
    "Reason": "header `ce_reason`",
    "Lane": "header `ce_lane`",
    "DecisionKind": "`kind` of decisions",
    "Outcome": "what became of a submission (`trace`, `audit`)",
    "Step": "steps of a submission (`trace`)",
    "WaitsFor": "what a submission waits for (`watch`, `trace`)",
    "FailureKind": "metrics, label `kind` of failures",
    "Service": "header `dl-service`, metrics",
    "ListKind": "`kind` of lists in forms",
    "RowRole": "`role` of rows",
    "CodeFrom": "`code_from` of facts and rows: where a code was found",
    "CofogConfidence": "`confidence` of links to COFOG",
    "Classification": "`chart` of contradictions of code and name",
    "CodeSupport": "`supports` of contradictions of code and name: which of the two the sums support",
    "ClaimKind": "`kind` of claims",
    "ClaimDirection": "`direction` of claims: what the words before a change say",
    "ClaimBase": "`base` of claims: what a change or a share of completion compares with",
    "ClaimStage": "`stage` of claims: which stage of the budget an amount is of",
    "ClaimStatus": "`status` of the narrative's figures in `claims` of a validated document",
    "ClaimFormula": "`formula` of the same: how a figure follows from what it points to",
    "ClaimReason": "`reason` of the same: why it is untied",
    "TextKind": "`kind` of text outside tables",
    "LabelKind": "`kind` of labels of tables",
    "Engine": "`engine` of tables: what found them",
}

HEAD: Final = """# Words of the contracts

Made by `tools/contracts.py` from the code; [vocabulary.json](vocabulary.json) has the same words for programs. Fields marked `x-extensible-enum` in the schemas may get
new words without a new schema number.
"""


def text(words: Mapping[str, Sequence[str]]) -> str:
    """The page. Args: words: enumeration → its words."""
    comments = _comments()
    parts = [HEAD]
    for name, members in words.items():
        meanings = {word: _meaning(name, word, comments) for word in members}
        rows = ["| word | meaning |", "|---|---|", *(f"| `{word}` | {meaning} |" for word, meaning in meanings.items())]
        listed = rows if any(meanings.values()) else [" · ".join(f"`{word}`" for word in members)]
        parts.append("\n".join([f"## {name}", "", f"In {_WHERE[name]}.", "", *listed]) + "\n")
    return "\n".join(parts)


def _meaning(name: str, word: str, comments: Mapping[tuple[str, str], str]) -> str:
    if name == "FormKind":
        return " · ".join(FORM_NAMES[word]) if word in FORM_NAMES else ""
    if name in _CHINESE:
        return CODE_WORDS[_CHINESE[name]].get(word, "")
    return comments.get((name, word), "").replace("|", "\\|")


def _comments() -> dict[tuple[str, str], str]:
    """(Enumeration, word) → the comment at the end of the word's line, in classes and Literals of the contracts."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(CONTRACTS.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        by_line = {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}
        for node in ast.parse(source).body:
            name = node.name if isinstance(node, ast.ClassDef) else _assigned(node)
            for each in ast.walk(node) if name else ():
                if (
                    isinstance(each, ast.Constant)
                    and isinstance(each.value, str)
                    and each.lineno == each.end_lineno
                    and each.lineno in by_line
                ):
                    found[str(name), each.value] = by_line[each.lineno]
    return found


def _assigned(node: ast.stmt) -> str | None:
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else None
