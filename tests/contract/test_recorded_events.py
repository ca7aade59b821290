"""Events of earlier versions are read by today's models, and what today's code sends fits the schemas published earlier.

`recorded/` holds an event of each type and the schemas under which it was published. They change only with a new schema number; then
`tools/record_events.py` records the new one beside the old one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import jsonschema
import msgspec
import pytest
from contract_instances import instances
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.canonical import canonical_json
from shared.contracts.common import Model
from shared.contracts.events import DocumentValidated, FactsNormalized, ObjectCreated, TablesExtracted
from shared.envelope import Envelope, from_headers, to_headers
from shared.flows import FLOWS

RECORDED = Path(__file__).parent / "recorded"
EVENTS = sorted(RECORDED.glob("*.json"))
BODIES = {body for flow in FLOWS for body in flow.bodies}
# Bodies that extend a result go under the result's schema number, so they have names of their own.
NAMES = {TablesExtracted: "tables_extracted.1", FactsNormalized: "facts_normalized.1", DocumentValidated: "document_validated.1"}


def recorded(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def version(model: type[Model]) -> str:
    """The name under which today's model is recorded: `stored.1`."""
    words: str = NAMES.get(model) or model.__struct_defaults__[model.__struct_fields__.index("schema") - len(model.__struct_fields__)]
    return words.removeprefix("tieout.").replace("/", ".")


def schema_of(model: type[Model]) -> dict[str, Any]:
    return recorded(RECORDED / "schemas" / f"{version(model)}.json")


def readers(event: dict[str, Any], models: Iterable[type[Model]]) -> Iterator[Model]:
    """What today's models of a topic make of a recorded body."""
    for model in models:
        try:
            yield msgspec.convert(event["body"], model, strict=True)
        except msgspec.ValidationError:
            continue


def misfits(model: type[Model], schema: dict[str, Any]) -> list[str]:
    """What a reader who knows a recorded schema would stumble over in what a model writes; at most one instance is looked for."""
    validator = jsonschema.Draft202012Validator(schema)
    found: list[str] = []

    @settings(
        max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(instances(model))
    def look(instance: Model) -> None:
        if not found:
            found.extend(error.message for error in validator.iter_errors(json.loads(canonical_json(instance))))

    look()
    return found


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_a_recorded_event_is_read_by_todays_models(path: Path) -> None:
    event = recorded(path)
    (flow,) = (flow for flow in FLOWS if flow.topic == event["topic"])
    read = list(readers(event, flow.bodies))
    assert len(read) == 1
    assert read[0].schema == event["body"]["schema"]


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_a_recorded_envelope_is_read_as_it_was_meant(path: Path) -> None:
    headers = recorded(path)["headers"]
    envelope = from_headers((name, value.encode()) for name, value in headers.items())
    assert {name: value.decode() for name, value in to_headers(envelope)} == headers


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_a_recorded_event_read_and_written_again_says_the_same(path: Path) -> None:
    event = recorded(path)
    (flow,) = (flow for flow in FLOWS if flow.topic == event["topic"])
    (read,) = readers(event, flow.bodies)
    written = json.loads(canonical_json(read))
    assert said_less(event["body"], written) == []


def said_less(before: Any, after: Any, place: str = "") -> list[str]:
    """Places where `after` lacks or changes what `before` says; more fields are no loss."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [loss for key, value in before.items() for loss in said_less(value, after.get(key, "(nothing)"), f"{place}.{key}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [loss for index, (old, new) in pairs for loss in said_less(old, new, f"{place}[{index}]")]
    return [] if before == after else [f"{place}: {before!r} became {after!r}"]


@pytest.mark.parametrize("model", sorted(BODIES, key=version), ids=version)
def test_what_todays_code_sends_fits_the_schema_that_was_published_under_its_number(model: type[Model]) -> None:
    assert misfits(model, schema_of(model)) == []


@pytest.mark.parametrize("model", sorted(BODIES, key=version), ids=version)
def test_every_body_has_a_recorded_event(model: type[Model]) -> None:
    assert recorded(RECORDED / f"{version(model)}.json")["topic"] in {flow.topic for flow in FLOWS if model in flow.bodies}


@settings(max_examples=50, deadline=None)
@given(instances(Envelope), st.booleans())
def test_todays_envelopes_fit_the_recorded_schema(envelope: Envelope, forced: bool) -> None:
    full = msgspec.structs.replace(
        envelope, force=forced, redrive=abs(envelope.redrive), id="e", source="s", type="t", subject="d", time=""
    )
    headers = {name: value.decode() for name, value in to_headers(full)}
    jsonschema.validate(headers, recorded(RECORDED / "schemas" / "envelope.1.json"))


class TestOfTheTests:
    """Changes that would break a reader are seen."""

    def changed(self, drop: str = "", **added: Any) -> type[Model]:
        fields = [(field.name, field.type, field.default) for field in msgspec.structs.fields(ObjectCreated) if field.name != drop]
        told = [(name, kind) if default is msgspec.NODEFAULT else (name, kind, default) for name, kind, default in fields]
        return msgspec.defstruct("ObjectCreated", [*told, *added.items()], bases=(Model,), frozen=True, kw_only=True)

    def test_the_model_as_it_is_passes(self) -> None:
        assert misfits(self.changed(), schema_of(ObjectCreated)) == []

    def test_a_field_that_was_removed_is_seen(self) -> None:
        assert misfits(self.changed(drop="etag"), schema_of(ObjectCreated)) == ["'etag' is a required property"]

    def test_a_field_of_another_type_is_seen(self) -> None:
        assert "is not of type 'integer'" in misfits(self.changed(drop="bytes", bytes=str), schema_of(ObjectCreated))[0]

    def test_a_new_word_of_a_closed_enumeration_is_seen(self) -> None:
        schema = Literal["tieout.object_created/1", "tieout.object_created/2"]
        assert "tieout.object_created/2" in misfits(self.changed(drop="schema", schema=schema), schema_of(ObjectCreated))[0]

    def test_a_new_field_that_old_events_lack_is_seen(self) -> None:
        event = recorded(RECORDED / "object_created.1.json")
        assert list(readers(event, [self.changed(sender=str)])) == []

    def test_a_new_field_with_a_default_is_no_breach(self) -> None:
        fields = [("sender", str, "")]
        extended = msgspec.defstruct("ObjectCreated", fields, bases=(ObjectCreated,), frozen=True, kw_only=True)
        assert misfits(extended, schema_of(ObjectCreated)) == []
        assert len(list(readers(recorded(RECORDED / "object_created.1.json"), [extended]))) == 1

    def test_a_changed_value_is_seen(self) -> None:
        assert said_less({"a": [{"b": 1}]}, {"a": [{"b": 2}]}) == [".a[0].b: 1 became 2"]
        assert said_less({"a": 1}, {}) == [".a: 1 became '(nothing)'"]
        assert said_less({"a": 1}, {"a": 1, "b": 2}) == []
