"""The access lists of Kafka: what each service may read and write, from shared/flows.py. tools/contracts.py writes them."""

from __future__ import annotations

from typing import Final

from shared.flows import FLOWS, SENDS_AGAIN, receives, sends
from shared.topics import SERVICES

HEAD: Final = """\
#!/bin/sh
# Made by tools/contracts.py from shared/flows.py. Grants each service what it needs on Kafka and nothing more.
#   BOOTSTRAP=kafka:9093 CONFIG=admin.properties PREFIX=tieout. ./kafka-acls.sh
# Principals are User:PREFIX + service name, e.g. User:tieout.store; with TLS certificates set PRINCIPAL_BEFORE and PRINCIPAL_AFTER.
set -eu
: "${BOOTSTRAP:?HOST:PORT of a broker}" "${CONFIG:?file with the properties of an administrator}"
PREFIX=${PREFIX-tieout.}
before=${PRINCIPAL_BEFORE-User:$PREFIX} after=${PRINCIPAL_AFTER-}
add() { # add SERVICE WHAT…
  service=$1; shift
  "${KAFKA_ACLS:-kafka-acls.sh}" --bootstrap-server "$BOOTSTRAP" --command-config "$CONFIG" --add --allow-principal "$before$service$after" "$@"
}
"""


def text() -> str:
    """The script."""
    lines = [HEAD.rstrip("\n")]
    for service in SERVICES:
        lines.append(f"\n# {service}")
        for topic in receives(service):
            lines.append(f'add {service} --operation Read --operation Describe --topic "${{PREFIX}}{topic}"')
        lines.append(
            f'add {service} --operation Read --operation Describe --group "${{PREFIX}}{service}." --resource-pattern-type prefixed'
        )
        if service == SENDS_AGAIN:
            lines.append("# It sends records of every topic again, makes missing topics, and reads how far the others are.")
            operations = "--operation Write --operation Describe --operation DescribeConfigs --operation Create"
            lines.append(f'add {service} {operations} --topic "$PREFIX" --resource-pattern-type prefixed')
            lines.append(f'add {service} --operation Describe --group "$PREFIX" --resource-pattern-type prefixed')
            continue
        for topic in sends(service):
            lines.append(f'add {service} --operation Write --operation Describe --topic "${{PREFIX}}{topic}"')
    lines.append("\n# operator: the command line (watch, subscribe, dlq, reprocess, activate)")
    for topic in sends("operator"):
        lines.append(f'add operator --operation Write --operation Describe --topic "${{PREFIX}}{topic}"')
    lines.append('add operator --operation Read --operation Describe --topic "$PREFIX" --resource-pattern-type prefixed')
    lines.append('add operator --operation Read --operation Describe --group "$PREFIX" --resource-pattern-type prefixed')
    lines.append("\n# storage: the object storage's notifications")
    for topic in sends("storage"):
        lines.append(f'add storage --operation Write --operation Describe --topic "${{PREFIX}}{topic}"')
    lines.append("\n# consumer: an outside consumer; give each its own principal and its own prefix of groups")
    for flow in FLOWS:
        if flow.open:
            lines.append(f'add consumer --operation Read --operation Describe --topic "${{PREFIX}}{flow.topic}"')
    lines.append('add consumer --operation Read --group "consumer." --resource-pattern-type prefixed')
    return "\n".join(lines) + "\n"
