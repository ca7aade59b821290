"""A local installation: Kafka, an S3 server, PostgreSQL and the four services on one machine, supervised.

`installation.Installation` is what other commands and tests use: addresses, credentials, and a hand on single processes.
"""
