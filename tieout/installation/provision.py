"""What has to be in the servers before the services start: topics, the database, buckets. Each call makes only what is missing."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.topics import all_topics, full_name
from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation.credentials import ADMINISTRATOR, OWNER, password
from tieout.installation.installation import Installation

_TOPIC_EXISTS = 36  # TOPIC_ALREADY_EXISTS in Kafka's protocol


def make_topics(installation: Installation) -> None:
    """Makes the topics that are missing, gives old ones further partitions where more are configured, and sets their retention and sizes.

    Raises UserError.
    """
    asyncio.run(_make_topics(installation))


async def _make_topics(installation: Installation) -> None:
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic
    from aiokafka.errors import KafkaError

    configuration = installation.configuration
    wanted = {full_name(installation.prefix, topic.name): topic for topic in all_topics()}
    partitions = {name: configuration.partitions if topic.spread else 1 for name, topic in wanted.items()}
    replication = min(3, configuration.brokers)
    deadline = time.monotonic() + 30
    while True:
        admin = AIOKafkaAdminClient(bootstrap_servers=installation.bootstrap, request_timeout_ms=20_000)
        try:
            await admin.start()
            there = set(await admin.list_topics())
            new = [
                NewTopic(name, partitions[name], replication, topic_configs=wanted[name].config()) for name in wanted if name not in there
            ]
            if new:
                _check(await admin.create_topics(new))
            await _adjust(admin, {name: wanted[name].config() for name in wanted if name in there}, partitions)
            # The first question makes the topic in which groups are kept; until then services would log errors for a second or two
            await admin.find_coordinator(f"{installation.prefix}warm-up")
            return
        except (KafkaError, OSError) as problem:  # of three brokers, some may not have joined yet
            if time.monotonic() > deadline:
                raise UserError(NOT_AVAILABLE, f"Kafka 的主题无法建立：{problem}", f"Kafka's topics could not be made: {problem}") from None
            await asyncio.sleep(0.5)
        finally:
            await admin.close()


async def _adjust(admin: Any, configs: Mapping[str, Mapping[str, str]], partitions: Mapping[str, int]) -> None:
    from aiokafka.admin import NewPartitions
    from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

    if not configs:
        return
    for topic in await admin.describe_topics(list(configs)):
        name = topic["topic"]
        if len(topic["partitions"]) < partitions[name]:
            await admin.create_partitions({name: NewPartitions(partitions[name])})
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs=dict(config)) for name, config in configs.items()])


def _check(response: Any) -> None:
    from aiokafka.errors import for_code

    for name, code, *message in response.topic_errors:
        if code not in (0, _TOPIC_EXISTS):
            raise for_code(code)(f"{name}: {message[0] if message else ''}")


def make_database(installation: Installation) -> None:
    """Makes the user `tieout` and its database where they are missing. Raises UserError."""
    import psycopg
    from psycopg import sql

    name = installation.configuration.database
    try:
        with psycopg.connect(installation.database_url("postgres", ADMINISTRATOR), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
                secret = password(installation.layout.passwords, OWNER).encode()
                # hashed here: a statement with a password in clear could end in the server's log
                hashed = connection.pgconn.encrypt_password(secret, OWNER.encode(), b"scram-sha-256").decode()
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(sql.Identifier(OWNER), sql.Literal(hashed)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
    except psycopg.Error as problem:
        raise UserError(NOT_AVAILABLE, f"数据库无法建立：{problem}", f"the database could not be made: {problem}") from None


def make_buckets(installation: Installation) -> None:
    """Makes the bucket of uploads, which keeps versions, and that of artifacts. Raises UserError."""
    from minio.error import MinioException
    from urllib3.exceptions import HTTPError

    from tieout import prepare

    try:
        prepare.make_buckets(s3_client(installation), installation.inbox, installation.artifacts)
    except (OSError, HTTPError, MinioException) as problem:
        raise UserError(NOT_AVAILABLE, f"存储桶无法建立：{problem}", f"the buckets could not be made: {problem}") from None


def s3_client(installation: Installation) -> Any:
    """A minio client of the installation's S3 server."""
    from minio import Minio

    access, secret = installation.s3_keys()
    host = installation.endpoint.partition("://")[2]
    return Minio(endpoint=host, access_key=access, secret_key=secret, secure=False, region="us-east-1")


def has_extended_attributes(folder: Path) -> bool:
    """Whether files in a folder can carry the attributes in which the S3 server keeps metadata (tmpfs before Linux 6.6 cannot)."""
    try:
        os.setxattr(folder, "user.tieout", b"1")
        os.removexattr(folder, "user.tieout")
    except OSError:
        return False
    return True
