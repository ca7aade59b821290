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

# store
add store --operation Read --operation Describe --topic "${PREFIX}objects.notified"
add store --operation Read --operation Describe --topic "${PREFIX}tables.extracted"
add store --operation Read --operation Describe --topic "${PREFIX}facts.normalized"
add store --operation Read --operation Describe --topic "${PREFIX}documents.validated"
add store --operation Read --operation Describe --topic "${PREFIX}documents.rejected"
add store --operation Read --operation Describe --topic "${PREFIX}filings.validated"
add store --operation Read --operation Describe --topic "${PREFIX}events.deferred"
add store --operation Read --operation Describe --topic "${PREFIX}decisions.made"
add store --operation Read --operation Describe --topic "${PREFIX}store.dead-letters"
add store --operation Read --operation Describe --topic "${PREFIX}extractor.dead-letters"
add store --operation Read --operation Describe --topic "${PREFIX}normalizer.dead-letters"
add store --operation Read --operation Describe --topic "${PREFIX}validator.dead-letters"
add store --operation Read --operation Describe --group "${PREFIX}store." --resource-pattern-type prefixed
# It sends records of every topic again, makes missing topics, and reads how far the others are.
add store --operation Write --operation Describe --operation DescribeConfigs --operation Create --topic "$PREFIX" --resource-pattern-type prefixed
add store --operation Describe --group "$PREFIX" --resource-pattern-type prefixed

# extractor
add extractor --operation Read --operation Describe --topic "${PREFIX}objects.created"
add extractor --operation Read --operation Describe --group "${PREFIX}extractor." --resource-pattern-type prefixed
add extractor --operation Write --operation Describe --topic "${PREFIX}tables.extracted"
add extractor --operation Write --operation Describe --topic "${PREFIX}documents.rejected"
add extractor --operation Write --operation Describe --topic "${PREFIX}events.deferred"
add extractor --operation Write --operation Describe --topic "${PREFIX}extractor.dead-letters"

# normalizer
add normalizer --operation Read --operation Describe --topic "${PREFIX}tables.extracted"
add normalizer --operation Read --operation Describe --group "${PREFIX}normalizer." --resource-pattern-type prefixed
add normalizer --operation Write --operation Describe --topic "${PREFIX}facts.normalized"
add normalizer --operation Write --operation Describe --topic "${PREFIX}documents.rejected"
add normalizer --operation Write --operation Describe --topic "${PREFIX}events.deferred"
add normalizer --operation Write --operation Describe --topic "${PREFIX}normalizer.dead-letters"

# validator
add validator --operation Read --operation Describe --topic "${PREFIX}facts.normalized"
add validator --operation Read --operation Describe --topic "${PREFIX}filings.changed"
add validator --operation Read --operation Describe --group "${PREFIX}validator." --resource-pattern-type prefixed
add validator --operation Write --operation Describe --topic "${PREFIX}documents.validated"
add validator --operation Write --operation Describe --topic "${PREFIX}documents.rejected"
add validator --operation Write --operation Describe --topic "${PREFIX}filings.validated"
add validator --operation Write --operation Describe --topic "${PREFIX}events.deferred"
add validator --operation Write --operation Describe --topic "${PREFIX}validator.dead-letters"

# operator: the command line (watch, subscribe, dlq, reprocess, activate)
add operator --operation Write --operation Describe --topic "${PREFIX}decisions.made"
add operator --operation Read --operation Describe --topic "$PREFIX" --resource-pattern-type prefixed
add operator --operation Read --operation Describe --group "$PREFIX" --resource-pattern-type prefixed

# storage: the object storage's notifications
add storage --operation Write --operation Describe --topic "${PREFIX}objects.notified"

# consumer: an outside consumer; give each its own principal and its own prefix of groups
add consumer --operation Read --operation Describe --topic "${PREFIX}documents.validated"
add consumer --operation Read --operation Describe --topic "${PREFIX}documents.stored"
add consumer --operation Read --operation Describe --topic "${PREFIX}documents.rejected"
add consumer --operation Read --operation Describe --topic "${PREFIX}filings.validated"
add consumer --operation Read --group "consumer." --resource-pattern-type prefixed
