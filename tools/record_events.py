#!/usr/bin/env python3
"""Records an event of each type and the schemas in force, for tests/contract/test_recorded_events.py.

What is recorded under a version stays as it is: this adds what is missing and never writes over a file. The bodies are made from a sample
(fictional data) by the stages themselves, cut down to a few tables, facts and checks.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from contracts import envelope_schema, model_schema  # noqa: E402 (the path is set above)

from services.validator.adapters.rules_files import load_rules  # noqa: E402 (the path is set above)
from services.validator.domain.reconcile import reconcile  # noqa: E402 (the path is set above)
from shared import topics  # noqa: E402 (the path is set above)
from shared.canonical import canonical_json, digest  # noqa: E402 (the path is set above)
from shared.contracts.common import Message, Model, ObjectRef, Submission  # noqa: E402 (the path is set above)
from shared.contracts.events import (  # noqa: E402 (the path is set above)
    Decision,
    DocumentStored,
    DocumentValidated,
    FactsNormalized,
    FilingInfo,
    ObjectCreated,
    Reference,
    Runs,
    StageRun,
    Superseded,
    TablesExtracted,
)
from shared.contracts.extracted import Extracted  # noqa: E402 (the path is set above)
from shared.contracts.filing import FilingChanged, Member  # noqa: E402 (the path is set above)
from shared.contracts.normalized import Normalized  # noqa: E402 (the path is set above)
from shared.contracts.rejected import Rejected  # noqa: E402 (the path is set above)
from shared.contracts.validated import Validated  # noqa: E402 (the path is set above)
from shared.envelope import Envelope, to_headers  # noqa: E402 (the path is set above)
from shared.ids import event_id, filing_id, object_id, trace_parent  # noqa: E402 (the path is set above)
from shared.limits import Limits  # noqa: E402 (the path is set above)
from tieout.stages import run_stages  # noqa: E402 (the path is set above)

RECORDED = ROOT / "tests" / "contract" / "recorded"
SAMPLE = next((ROOT / "samples").glob("4-*.pdf"))
AT = "2026-03-02T08:15:30.250Z"
FEW = 3
EXTENDED = {TablesExtracted: "tables_extracted", FactsNormalized: "facts_normalized", DocumentValidated: "document_validated"}


def results() -> tuple[Extracted, Normalized, Validated]:
    """What the stages make of the sample."""
    with tempfile.TemporaryDirectory() as folder:
        done = run_stages(SAMPLE, Path(folder), "validate", Limits(), True)
        kinds = {"extract": Extracted, "normalize": Normalized, "validate": Validated}
        return tuple(msgspec.json.decode(done.files[stage].read_bytes(), type=kind) for stage, kind in kinds.items())  # type: ignore[return-value, index]


def few(value: Any) -> Any:
    """A result with the first few elements of every list."""
    if isinstance(value, msgspec.Struct):
        fields = {name: few(getattr(value, name)) for name in value.__struct_fields__}
        return type(value)(**fields)
    if isinstance(value, tuple) and not all(isinstance(each, float) for each in value):
        return tuple(few(each) for each in value[:FEW])
    return value


def inline(kind: type[Model], result: Model, submission: Submission, runs: Runs) -> Model:
    """The body of an event that carries a result."""
    fields = {name: getattr(result, name) for name in result.__struct_fields__}
    return kind(**{**fields, "submission": submission, "runs": runs})


def name_of(body: Model) -> str:
    """The name under which a body is recorded. Bodies that extend a result go under the result's schema number, so they have names of their own."""
    number = body.schema.rpartition("/")[2]  # type: ignore[attr-defined]
    schema: str = body.schema.removeprefix("tieout.").replace("/", ".")  # type: ignore[attr-defined]
    return f"{EXTENDED[type(body)]}.{number}" if type(body) in EXTENDED else schema


def events() -> list[tuple[str, str, Model, Envelope]]:
    """Topic, key, body and envelope of an event of each type."""
    extracted, normalized, validated = results()
    document = normalized.document
    source = ObjectRef(
        bucket="tieout-inbox", key=f"石榕县残联/{SAMPLE.name}", version="01JNMZ0000EXAMPLE", last_modified="2026-03-02T08:15:29Z"
    )
    submission = Submission(name=SAMPLE.name, department="石榕县残联", object=source)
    object_ = object_id(source.bucket, source.key, str(source.version))
    parts = (extracted, normalized, validated)
    runs = [StageRun(version=part.producer.version, digest=digest(canonical_json(part))) for part in parts]
    upto = [
        Runs(),
        Runs(extract=runs[0]),
        Runs(extract=runs[0], normalize=runs[1]),
        Runs(extract=runs[0], normalize=runs[1], validate=runs[2]),
    ]
    filing = filing_id(document)
    assert filing is not None
    assert document.entity is not None
    assert document.year is not None
    about = FilingInfo(
        id=filing, region=document.region, entity=document.entity, year=document.year, kind=document.kind, level=document.level
    )
    members = (Member(part=document.part, document=document.id, digest=runs[1].digest, version=runs[1].version),)
    changed = FilingChanged(filing=about, members=members, previous=None)
    reconciled = reconcile(changed, [normalized], [], load_rules())
    short = few(validated)
    event = DocumentValidated(
        document=document, filing=filing, verdict=validated.verdict, counts=validated.counts, coverage=validated.coverage, forms=short.forms,
        findings=short.findings, producer=validated.producer, submission=submission, runs=upto[3], checks=short.checks, facts=short.facts,
    )  # fmt: skip
    superseded = Superseded(
        document=digest(b"an earlier one"), revision=1, verdict="inconsistent", findings_added=(), findings_gone=(validated.findings[0].id,)
    )
    stored = DocumentStored(
        document=document, submission=submission, filing=filing, part=document.part, revision=2, current=True, supersedes=superseded,
        verdict=validated.verdict, runs=upto[3],
    )  # fmt: skip
    message = Message(zh="这是扫描件，没有文字层。", en="This is a scan without a text layer.")
    rejected = Rejected(submission=submission, code="scan_without_text", page=1, message=message)
    decision = Decision(
        id="decision:1", kind="reprocess", by="li", at=AT, why="new catalogue", stage="normalize", since="2026-01-01T00:00:00Z"
    )
    reference = Reference(
        document=document.id, submission=submission, runs=upto[2], digest=runs[1].digest, bytes=len(canonical_json(normalized))
    )
    key = f"{source.bucket}/{source.key}"
    bodies: list[tuple[str, str, Model, str]] = [
        (topics.OBJECTS_CREATED, key, ObjectCreated(object=object_, submission=submission, bytes=extracted.document.bytes, etag="9a0364b9"), object_),
        (topics.TABLES_EXTRACTED, document.id, inline(TablesExtracted, few(extracted), submission, upto[1]), document.id),
        (topics.FACTS_NORMALIZED, document.id, inline(FactsNormalized, few(normalized), submission, upto[2]), document.id),
        (topics.FACTS_NORMALIZED, document.id, reference, document.id),
        (topics.DOCUMENTS_VALIDATED, document.id, event, document.id),
        (topics.DOCUMENTS_STORED, document.id, stored, document.id),
        (topics.DOCUMENTS_REJECTED, key, rejected, object_),
        (topics.FILINGS_CHANGED, filing, changed, filing),
        (topics.FILINGS_VALIDATED, filing, few(reconciled), filing),
        (topics.DECISIONS_MADE, decision.id, decision, decision.id),
    ]  # fmt: skip
    return [(topic, key, body, envelope_of(topic, body, subject, object_)) for topic, key, body, subject in bodies]


def envelope_of(topic: str, body: Model, subject: str, object_: str) -> Envelope:
    """The envelope of a recorded event."""
    schema: str = body.schema  # type: ignore[attr-defined]
    return Envelope(
        id=event_id(topic, subject, schema),
        source="tieout/recorded",
        type=f"tieout.{topic}",
        subject=subject,
        time=AT,
        dataschema=schema,
        traceparent=trace_parent(object_),
        object=object_,
    )


def main() -> int:
    """Writes what is missing; says what it wrote."""
    schemas = RECORDED / "schemas"
    schemas.mkdir(parents=True, exist_ok=True)
    wanted = {schemas / "envelope.1.json": envelope_schema()}
    for topic, key, body, envelope in events():
        name = name_of(body)
        wanted[schemas / f"{name}.json"] = model_schema(type(body))
        headers = {header: value.decode() for header, value in to_headers(envelope)}
        record = {"topic": topic, "key": key, "headers": headers, "body": msgspec.json.decode(canonical_json(body))}
        wanted[RECORDED / f"{name}.json"] = record
    for path, value in wanted.items():
        if not path.exists():
            path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
