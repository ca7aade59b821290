"""The AsyncAPI 3.0 document of tieout's events, from shared/topics.py and shared/flows.py. tools/contracts.py writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
import yaml

from shared.flows import FLOWS, Flow, receives, sends
from shared.settings import Settings
from shared.topics import EVENTS_DEFERRED, OBJECTS_NOTIFIED, SERVICES, TOPICS, ServiceName, TopicSpec, full_name
from shared.versions import RELEASE

KAFKA_BINDING: Final = "0.5.0"
JSON_SCHEMA: Final = "application/schema+json;version=draft-2020-12"
DEFAULTS: Final = Settings.model_construct()
"""Without what the environment says."""
HEAD: Final = "# Made by tools/contracts.py from shared/topics.py and shared/flows.py.\n"

DESCRIPTION: Final = """Events of a tieout installation. CloudEvents 1.0 in Kafka's binary mode: attributes are headers (envelope.schema.json), the body is the data.
Delivery is at least once: the same event may come several times, always with the same ce_id. Outside consumers subscribe to
documents.validated, filings.validated, documents.stored and documents.rejected; the other topics are between the services. Topic names begin
with the installation's prefix (here the default). New fields may be added to a body without notice; a field is removed or changes its
meaning only under a new schema number."""

Names = Mapping[type[msgspec.Struct], str]
"""Model → name of its schema file without `.schema.json`."""


def text(names: Names) -> str:
    """The document as YAML."""
    return HEAD + yaml.safe_dump(document(names), sort_keys=False, allow_unicode=True, width=140)


def document(names: Names) -> dict[str, Any]:
    """The document. Args: names: which file holds the schema of a model."""
    specs = {spec.name: spec for spec in TOPICS}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "tieout",
            "version": RELEASE,
            "description": " ".join(DESCRIPTION.split()),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"local": {"host": DEFAULTS.kafka_bootstrap, "protocol": "kafka", "description": "As `tieout up` starts it."}},
        "channels": {flow.topic: _channel(flow, specs[flow.topic], names) for flow in FLOWS},
        "operations": {key: value for service in SERVICES for key, value in _operations(service)},
        "components": {"messages": {key: value for flow in FLOWS for key, value in _messages(flow, specs[flow.topic], names)}},
    }


def _channel(flow: Flow, spec: TopicSpec, names: Names) -> dict[str, Any]:
    configuration = {name: _number(value) for name, value in spec.config().items() if name in ("retention.ms", "max.message.bytes")}
    return {
        "address": full_name(DEFAULTS.topic_prefix, spec.name),
        "summary": spec.summary,
        "messages": {key: {"$ref": f"#/components/messages/{key}"} for key, _ in _messages(flow, spec, names)},
        "bindings": {
            "kafka": {
                "partitions": DEFAULTS.partitions if spec.spread else 1,
                "replicas": DEFAULTS.replication,
                "topicConfiguration": configuration,
                "bindingVersion": KAFKA_BINDING,
            }
        },
        "x-senders": list(flow.senders),
        "x-receivers": list(flow.receivers),
        "x-open": flow.open,
    }


def _number(value: str) -> int | str:
    return int(value) if value.isdigit() else value


def _messages(flow: Flow, spec: TopicSpec, names: Names) -> list[tuple[str, dict[str, Any]]]:
    """The messages of a topic: one for each body, or one without a schema of ours."""
    key = {"kafka": {"key": {"type": "string", "description": spec.key}, "bindingVersion": KAFKA_BINDING}}
    if not flow.bodies:
        message: dict[str, Any] = {"name": spec.name, "contentType": "application/json", "summary": spec.summary}
        if flow.topic != OBJECTS_NOTIFIED:
            message["description"] = (
                "The record of another topic, byte for byte, with its headers and further ones that say why it is here."
            )
            message["headers"] = _schema("deferred" if flow.topic == EVENTS_DEFERRED else "dead_letter")
        return [(spec.name, {**message, "bindings": key})]
    made = []
    for body in flow.bodies:
        name = names[body]
        made.append(
            (
                f"{spec.name}.{name}",
                {
                    "name": f"{spec.name}.{name}",
                    "contentType": "application/json",
                    "summary": (body.__doc__ or "").strip().split("\n", 1)[0],
                    "headers": _schema("envelope"),
                    "payload": _schema(name),
                    "bindings": key,
                },
            )
        )
    return made


def _schema(name: str) -> dict[str, Any]:
    return {"schemaFormat": JSON_SCHEMA, "schema": {"$ref": f"./{name}.schema.json"}}


def _operations(service: ServiceName) -> list[tuple[str, dict[str, Any]]]:
    prefix = DEFAULTS.topic_prefix
    made: list[tuple[str, dict[str, Any]]] = []
    for topic in receives(service):
        group = {"type": "string", "enum": [full_name(prefix, f"{service}.{topic}")]}
        made.append((f"{service}.receives.{topic}", _operation("receive", service, topic, {"groupId": group})))
    for topic in sends(service):
        made.append((f"{service}.sends.{topic}", _operation("send", service, topic, {})))
    return made


def _operation(action: str, service: ServiceName, topic: str, binding: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"action": action, "channel": {"$ref": f"#/channels/{topic}"}, "x-service": service}
    if binding:
        made["bindings"] = {"kafka": {**binding, "bindingVersion": KAFKA_BINDING}}
    return made
