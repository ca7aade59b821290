"""Claim check: results inside their events and behind a reference, and back to the same bytes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from services.extractor import work as extractor
from services.normalizer import work as normalizer
from services.validator import work as validator
from shared.canonical import canonical_json, digest
from shared.contracts.common import ObjectRef, Submission
from shared.contracts.events import DocumentValidated, Reference, Runs, StageName, StageRun
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Normalized
from shared.contracts.validated import Validated
from shared.failures import PoisonError
from shared.ids import filing_id
from shared.limits import Limits
from shared.storage.artifacts import ArtifactBucket, ArtifactMissingError
from shared.storage.memory import MemoryStorage
from shared.storage.payloads import body_of, payload_of, without_checks

SAMPLE = next((Path(__file__).resolve().parents[3] / "samples").glob("3-*.pdf"))
SUBMISSION = Submission(name='预算"一".pdf', department="财政局", object=ObjectRef(bucket="b", key="k", version="v"))
STAGES: tuple[StageName, ...] = ("extract", "normalize", "validate")
MUCH = 1 << 30


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[StageName, bytes]:
    """The results of a sample with findings."""
    folder = tmp_path_factory.mktemp("results")
    files = {stage: folder / f"{stage}.json" for stage in STAGES}
    extractor.extract(SAMPLE, files["extract"], Limits())
    normalizer.normalize_file(files["extract"], files["normalize"], Limits())
    assert validator.validate_file(files["normalize"], SAMPLE, files["validate"], Limits())
    return {stage: file.read_bytes() for stage, file in files.items()}


def runs_of(results: dict[StageName, bytes], upto: StageName) -> Runs:
    """The runs up to a stage."""
    stages = STAGES[: STAGES.index(upto) + 1]
    return Runs(**{stage: StageRun(version=f"1+{stage}", digest=digest(results[stage])) for stage in stages})


def body(results: dict[StageName, bytes], stage: StageName, limit: int) -> bytes:
    runs, data = runs_of(results, stage), results[stage]
    return body_of(stage, digest(b"pdf"), SUBMISSION, runs, len(data), lambda: data, limit).data


@pytest.mark.parametrize("stage", STAGES)
def test_an_inline_result_comes_back_byte_for_byte(results: dict[StageName, bytes], stage: StageName) -> None:
    payload = payload_of(body(results, stage, MUCH), stage)
    assert payload.inline == results[stage]
    assert (payload.submission, payload.runs, payload.digest) == (SUBMISSION, runs_of(results, stage), digest(results[stage]))
    assert payload.document == digest(SAMPLE.read_bytes())


def test_an_inline_body_is_the_result_with_submission_and_runs(results: dict[StageName, bytes]) -> None:
    for stage, model in (("extract", Extracted), ("normalize", Normalized)):
        made = msgspec.json.decode(body(results, stage, MUCH))
        assert made == msgspec.json.decode(results[stage]) | {  # type: ignore[index]
            "submission": msgspec.to_builtins(SUBMISSION),
            "runs": msgspec.to_builtins(runs_of(results, stage)),  # type: ignore[arg-type]
        }
        assert msgspec.json.decode(body(results, stage, MUCH), type=model).submission == SUBMISSION  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", STAGES)
def test_a_result_behind_the_reference_comes_back_byte_for_byte(results: dict[StageName, bytes], stage: StageName, tmp_path: Path) -> None:
    artifacts = ArtifactBucket(MemoryStorage("kept"), "kept")
    payload = payload_of(body(results, stage, 1024), stage)
    assert payload.inline is None
    with pytest.raises(ArtifactMissingError):
        payload.bytes_of(artifacts)
    artifacts.put(results[stage])
    assert payload.bytes_of(artifacts) == results[stage]
    payload.write_to(tmp_path / "file", artifacts)
    assert (tmp_path / "file").read_bytes() == results[stage]


@pytest.mark.parametrize("stage", ["extract", "normalize"])
def test_a_large_result_is_not_loaded_for_its_event(results: dict[StageName, bytes], stage: StageName) -> None:
    def load() -> bytes:
        raise AssertionError("loaded")

    made = body_of(stage, "sha256:1", SUBMISSION, runs_of(results, stage), len(results[stage]), load, 1024)
    reference = msgspec.json.decode(made.data, type=Reference)
    assert not made.inline
    assert (reference.digest, reference.bytes, reference.document) == (digest(results[stage]), len(results[stage]), "sha256:1")


def test_what_is_added_counts_for_the_limit(results: dict[StageName, bytes]) -> None:
    whole = len(body(results, "normalize", MUCH))
    assert whole > len(results["normalize"])
    assert b"tieout.reference/1" not in body(results, "normalize", whole)
    assert b"tieout.reference/1" in body(results, "normalize", whole - 1)


@pytest.mark.parametrize("limit", [MUCH, 1024])
def test_the_verdict_of_a_document_always_has_its_own_shape(results: dict[StageName, bytes], limit: int) -> None:
    made = body(results, "validate", limit)
    event = msgspec.json.decode(made, type=DocumentValidated)
    validated = msgspec.json.decode(results["validate"], type=Validated)
    assert canonical_json(event) == made
    assert event.filing == filing_id(validated.document)
    assert event.findings == validated.findings != ()
    assert (event.verdict, event.counts, event.coverage, event.forms) == (
        validated.verdict,
        validated.counts,
        validated.coverage,
        validated.forms,
    )
    whole = limit == MUCH
    assert event.checks == (validated.checks if whole else msgspec.UNSET)
    assert event.facts == (validated.facts if whole else msgspec.UNSET)


def test_fields_of_a_newer_producer_travel_on(results: dict[StageName, bytes]) -> None:
    newer = results["normalize"][:-1] + b',"later":{"a":[1,2]}}'
    runs = Runs(extract=None, normalize=StageRun(version="2", digest=digest(newer)))
    made = body_of("normalize", "sha256:1", SUBMISSION, runs, len(newer), lambda: newer, MUCH).data
    assert payload_of(made, "normalize").inline == newer


def changed(results: dict[StageName, bytes], stage: StageName, before: bytes, after: bytes) -> bytes:
    made = body(results, stage, MUCH)
    assert before in made
    return made.replace(before, after, 1)


@pytest.mark.parametrize("stage", STAGES)
def test_an_inline_result_that_was_changed_is_refused(results: dict[StageName, bytes], stage: StageName) -> None:
    for made in (changed(results, stage, b'"page":', b'"page": '), changed(results, stage, b'"version":"', b'"version":"x')):
        with pytest.raises(PoisonError) as problem:
            payload_of(made, stage)
        assert problem.value.code == "payload.digest_mismatch"


@pytest.mark.parametrize(
    "body_",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"schema":"tieout.normalized/1"}',
        b'{"schema":"tieout.extracted/2","document":{"id":"sha256:1"},"submission":{"name":"a"},"runs":{}}',
        b'{"schema":"tieout.extracted/1","document":{"id":"sha256:1"},"submission":{"name":"a"},"runs":{}}',
        b'{"schema":"tieout.extracted/1","document":"sha256:1","submission":{"name":"a"},"runs":{"extract":{"version":"1","digest":"x"}}}',
        b'{"schema":"tieout.reference/1","document":"sha256:1","submission":{"name":"a"},"runs":{},"digest":"sha256:1","bytes":1}',
    ],
)
def test_what_is_no_event_of_the_stage_is_refused(body_: bytes) -> None:
    with pytest.raises(PoisonError) as problem:
        payload_of(body_, "extract")
    assert problem.value.code == "payload.malformed"


def test_a_reference_to_another_run_is_refused(results: dict[StageName, bytes]) -> None:
    reference = msgspec.json.decode(body(results, "extract", 1024), type=Reference)
    other = msgspec.structs.replace(reference, digest=digest(b"another"))
    with pytest.raises(PoisonError) as problem:
        payload_of(canonical_json(other), "extract")
    assert problem.value.code == "payload.malformed"


def test_a_long_verdict_of_a_filing_leaves_its_checks_behind() -> None:
    filing = b'{"schema":"tieout.filing/1","verdict":"consistent","checks":[{"id":"c1"},{"id":"c2"}],"findings":[]}'
    assert without_checks(filing, len(filing)).data == filing
    short = without_checks(filing, len(filing) - 1)
    assert not short.inline
    assert short.data == b'{"schema":"tieout.filing/1","verdict":"consistent","checks":[],"findings":[]}'
