#!/usr/bin/env python3
"""Makes docs/contracts/ (JSON Schemas, envelope, vocabulary, AsyncAPI) and deploy/policies/ from code. `--check` compares (CI)."""

from __future__ import annotations

import json
import sys
import typing
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import asyncapi  # noqa: E402 (the path is set above)
import kafka_acls  # noqa: E402 (the path is set above)
import s3_policies  # noqa: E402 (the path is set above)
import words_page  # noqa: E402 (the path is set above)

from services.store.domain import ledger  # noqa: E402 (the path is set above)
from shared import envelope, topics  # noqa: E402 (the path is set above)
from shared.contracts import changes, department, events, extracted, filing, normalized, notice, rejected, run, validated, vocabulary  # noqa: E402 (the path is set above)
from shared.delivery import policy  # noqa: E402 (the path is set above)
from shared.delivery.messages import Received, Verbatim  # noqa: E402 (the path is set above)
from shared.delivery.policy import Failure  # noqa: E402 (the path is set above)
from shared.delivery.records import dead_letter, deferred  # noqa: E402 (the path is set above)

CONTRACTS = ROOT / "docs" / "contracts"
DRAFT = "https://json-schema.org/draft/2020-12/schema"

MODELS: dict[str, type[msgspec.Struct]] = {
    "extracted": extracted.Extracted,
    "normalized": normalized.Normalized,
    "validated": validated.Validated,
    "rejected": rejected.Rejected,
    "run": run.RunReport,
    "changes": changes.Changes,
    "department_units": department.DepartmentUnits,
    "object_created": events.ObjectCreated,
    "tables_extracted": events.TablesExtracted,
    "facts_normalized": events.FactsNormalized,
    "reference": events.Reference,
    "document_validated": events.DocumentValidated,
    "stored": events.DocumentStored,
    "filing_changed": filing.FilingChanged,
    "filing": filing.Filing,
    "decision": events.Decision,
    "notice": notice.Notice,
}
"""File name → model. The models of events are those of shared/flows.py; a test holds the two together."""

GROWING = {
    ("Rejected", "code"),
    ("Diagnosis", "cause"),
    ("CandidateCause", "cause"),
    ("NoticeItem", "cause"),
    ("NoticeCandidate", "cause"),
    ("Table", "engine"),
    ("Decision", "kind"),
}
"""Fields whose words may grow without a new version of the schema: a reader has to expect words that it does not know."""

WORDS: dict[str, object] = {
    "FormKind": vocabulary.FormKind,
    "Measure": vocabulary.Measure,
    "Fund": vocabulary.Fund,
    "Scope": vocabulary.Scope,
    "Line": vocabulary.Line,
    "FindingCode": vocabulary.FindingCode,
    "WarningCode": vocabulary.WarningCode,
    "RejectionCode": rejected.RejectionCode,
    "Verdict": validated.Verdict,
    "Severity": validated.Severity,
    "CheckStatus": validated.Status,
    "Cause": validated.Cause,
    "DocumentKind": normalized.Kind,
    "Level": normalized.Level,
    "Part": normalized.Part,
    "Stage": events.StageName,
    "Reason": events.Reason,
    "Lane": events.Lane,
    "DecisionKind": events.DecisionKind,
    "Outcome": ledger.Outcome,
    "Step": ledger.StepKind,
    "Service": topics.ServiceName,
    "WaitsFor": ledger.WaitsFor,
    "FailureKind": policy.Kind,
    "ListKind": normalized.ListKind,
    "RowRole": normalized.RowRole,
    "CodeFrom": normalized.CodeFrom,
    "NoticeKind": notice.NoticeKind,
    "CofogConfidence": normalized.CofogConfidence,
    "Classification": normalized.Classification,
    "CodeSupport": normalized.CodeSupport,
    "ClaimKind": next(field.type for field in msgspec.structs.fields(normalized.Claim) if field.name == "kind"),
    "ClaimDirection": normalized.Direction,
    "ClaimBase": normalized.Base,
    "ClaimStage": normalized.Stage,
    "ClaimStatus": validated.ClaimStatus,
    "ClaimFormula": validated.ClaimFormula,
    "ClaimReason": validated.ClaimReason,
    "TextKind": extracted.TextKind,
    "LabelKind": extracted.LabelKind,
    "Engine": extracted.EngineName,
}


def model_schema(model: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema of what a model writes.

    msgspec describes what it reads, where a field with a default may be missing. Writers leave out nothing but UNSET, so a reader may rely on
    every field that has a default value; those are required here.
    """
    schema = msgspec.json.schema(model)
    for name, definition in schema["$defs"].items():
        if definition.get("type") != "object" or "properties" not in definition:
            continue
        required = set(definition.get("required", ()))
        definition["required"] = [field for field, value in definition["properties"].items() if field in required or "default" in value]
        for field, value in definition["properties"].items():
            value.pop("default", None)
            if (name, field) in GROWING:
                words = next(each for each in value.get("anyOf", [value]) if "enum" in each)  # anyOf: the words, or null
                words["type"] = "string"
                words["x-extensible-enum"] = words.pop("enum")
    return {"$schema": DRAFT, **schema}


def envelope_schema() -> dict[str, Any]:
    """The JSON Schema of a record's headers, read as UTF-8: CloudEvents 1.0 in Kafka's binary mode."""
    extensions = {
        "ce_specversion": {"const": "1.0"},
        "content-type": {"const": envelope.CONTENT_TYPE},
        "ce_time": {"type": "string", "format": "date-time", "description": "when the event was sent, UTC"},
        "ce_reason": {"enum": list(typing.get_args(events.Reason)), "description": "why the event was made"},
        "ce_lane": {"enum": list(typing.get_args(events.Lane)), "description": "uploads overtake bulk work"},
        "ce_force": {"const": "true", "description": "the stage computes again although an artifact is there; absent: no"},
        "ce_redrive": {"type": "string", "pattern": "^[0-9]+$", "description": "how often a person sent it again; absent: never"},
        "ce_id": {
            "type": "string",
            "description": "the same event, sent again for whatever reason, has the same id: recognise repeats by it",
        },
        "ce_subject": {"type": "string", "description": "document id; object id where the bytes were not read yet; or filing id"},
        "ce_object": {"type": "string", "description": "id of the submission in the ledger"},
        "ce_dataref": {"type": "string", "description": "where the payload lies, where it is not (wholly) in the body"},
        "ce_digest": {"type": "string", "description": "sha256 of that payload, uncompressed"},
        "ce_producer": {"type": "string", "description": "version of the stage that made the data"},
        "traceparent": {"type": "string", "description": "W3C trace context, the same as ce_traceparent"},
    }
    texts = {field: "x" for field, kind in envelope.Envelope.__annotations__.items() if kind == "str"}
    full = envelope.Envelope(**texts, force=True, redrive=1)
    bare = envelope.Envelope(id="x", source="x", type="x", subject="x")
    return {
        "$schema": DRAFT,
        "title": "Envelope",
        "description": (
            "Headers of every record but those of objects.notified. Header values are UTF-8 bytes. Further headers may be there; those of "
            "dead letters begin with dl-."
        ),
        "type": "object",
        "properties": {name: extensions.get(name, {"type": "string"}) for name, _ in envelope.to_headers(full)},
        "required": [name for name, _ in envelope.to_headers(bare)],
    }


def headers_schema(title: str, description: str, record: Verbatim) -> dict[str, Any]:
    """The JSON Schema of the headers that tieout adds to a record of another topic."""
    names = [name for name, _ in record.headers if name.startswith(("dl-", "df-"))]
    numbers = {"attempts", "partition", "offset", "bytes", "count"}
    times = {"first-at", "last-at", "at"}
    described: dict[str, dict[str, Any]] = {}
    for name in names:
        kind = name[3:]
        described[name] = (
            {"type": "string", "pattern": "^[0-9]+$"}
            if kind in numbers
            else {"type": "string", "format": "date-time"}
            if kind in times
            else {"type": "string"}
        )
    return {"$schema": DRAFT, "title": title, "description": description, "type": "object", "properties": described, "required": names}


def failure_schemas() -> dict[str, dict[str, Any]]:
    """Headers of dead letters and deferred events, as the delivery layer writes them."""
    record = Received(topics.OBJECTS_CREATED, 0, 0, 0, b"", (), b"", None)
    failure = Failure("poison", "x", "x", "x", "x")
    letter = dead_letter("extractor", record, failure, 1, "x", "x", "x")
    return {
        "dead_letter": headers_schema(
            "DeadLetter",
            "Headers beside those of the original, which is here byte for byte: key, headers, value. `dl-body: left` where the value was too "
            "large to be sent beside them: it lies at dl-topic, dl-partition, dl-offset.",
            letter,
        ),
        "deferred": headers_schema(
            "Deferred", "Headers beside those of the original, which is here byte for byte.", deferred("extractor", record, failure, "x")
        ),
    }


def words() -> dict[str, list[str]]:
    """Every enumeration: its name and its words."""
    made = {}
    for name, kind in WORDS.items():
        members = [word.value for word in kind] if isinstance(kind, type) else _literals(kind)
        made[name] = members
    return made


def _literals(kind: object) -> list[str]:
    return [word for each in typing.get_args(kind) for word in (_literals(each) if typing.get_args(each) else [each])]


def files() -> dict[Path, str]:
    """Path → content of the generated files."""
    made = {CONTRACTS / f"{name}.schema.json": _json(model_schema(model)) for name, model in MODELS.items()}
    made |= {CONTRACTS / f"{name}.schema.json": _json(schema) for name, schema in failure_schemas().items()}
    made[CONTRACTS / "envelope.schema.json"] = _json(envelope_schema())
    made[CONTRACTS / "vocabulary.json"] = _json(words())
    made[CONTRACTS / "words.md"] = words_page.text(words())
    made[CONTRACTS / "asyncapi.yaml"] = asyncapi.text({model: name for name, model in MODELS.items()})
    policies = ROOT / "deploy" / "policies"
    made[policies / "kafka-acls.sh"] = kafka_acls.text()
    made |= {policies / name: text for name, text in s3_policies.texts().items()}
    return made


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Writes or checks the files; returns the exit code."""
    made = files()
    if "--check" in sys.argv:
        stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        left_over = [
            path for path in (*CONTRACTS.glob("*.schema.json"), *CONTRACTS.parents[1].glob("deploy/policies/*")) if path not in made
        ]
        for path in (*stale, *left_over):
            print(f"stale: {path.relative_to(ROOT)}: run tools/contracts.py", file=sys.stderr)
        return 1 if stale or left_over else 0
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if path.suffix == ".sh":
            path.chmod(0o755)
    return 0


if __name__ == "__main__":
    sys.exit(main())
