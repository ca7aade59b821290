#!/usr/bin/env python3
"""Makes docs/contracts/: the JSON Schema of every contract model and the list of its words. `--check` compares instead (CI)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from shared.contracts import extracted, filing, normalized, rejected, run, validated, vocabulary  # noqa: E402 (the path is set above)

FOLDER = ROOT / "docs" / "contracts"
MODELS = {
    "extracted": extracted.Extracted,
    "normalized": normalized.Normalized,
    "validated": validated.Validated,
    "filing": filing.Filing,
    "filing_changed": filing.FilingChanged,
    "rejected": rejected.Rejected,
    "run": run.RunReport,
}


def files() -> dict[str, str]:
    """File name → content of the generated files."""
    made = {}
    for name, model in MODELS.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(model)}
        made[f"{name}.schema.json"] = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
    words = {
        kind.__name__: [member.value for member in kind]
        for kind in (
            vocabulary.FormKind,
            vocabulary.Measure,
            vocabulary.Fund,
            vocabulary.Scope,
            vocabulary.FindingCode,
            vocabulary.WarningCode,
        )
    }
    made["vocabulary.json"] = json.dumps(words, ensure_ascii=False, indent=1) + "\n"
    return made


def main() -> int:
    """Writes or checks the files; returns the exit code."""
    made = files()
    if "--check" in sys.argv:
        stale = [name for name, text in made.items() if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text]
        if stale:
            print(f"stale in docs/contracts: {', '.join(stale)}: run tools/contracts.py", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
