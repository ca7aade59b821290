"""The operating commands: put, watch, trace, subscribe, dlq, reprocess, activate, audit. They act on an installation's own servers."""
