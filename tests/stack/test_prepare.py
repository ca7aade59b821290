"""`python -m tieout.prepare` makes topics and buckets on servers that were there before; again it finds nothing to do."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from shared.failures import TransientError
from shared.settings import Settings
from shared.topics import all_topics
from tieout.installation.installation import Installation
from tieout.prepare import prepare, s3_client

ROOT = Path(__file__).resolve().parents[2]


def environment(servers: Installation, name: str) -> dict[str, str]:
    return {
        "TIEOUT_KAFKA_BOOTSTRAP": servers.bootstrap,
        "TIEOUT_TOPIC_PREFIX": f"{name}.",
        "TIEOUT_PARTITIONS": "3",
        "TIEOUT_S3_ENDPOINT": servers.endpoint,
        "TIEOUT_S3_CREDENTIALS": str(servers.s3_credentials_file),
        "TIEOUT_S3_BUCKET": f"{name}-inbox",
        "TIEOUT_S3_ARTIFACTS": f"{name}-artifacts",
    }


def called(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("TIEOUT_")}
    command = [sys.executable, "-P", "-m", "tieout.prepare"]
    return subprocess.run(command, env={**inherited, **variables, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)


async def partitions(bootstrap: str, prefix: str) -> dict[str, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        names = [name for name in await admin.list_topics() if name.startswith(prefix)]
        return {topic["topic"].removeprefix(prefix): len(topic["partitions"]) for topic in await admin.describe_topics(names)}
    finally:
        await admin.close()


@pytest.mark.stack
def test_topics_and_buckets_are_made_once(servers: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = environment(servers, f"prepared-{os.getpid()}")
    first = called(variables)
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("made topic") == len(all_topics())
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    client = s3_client(settings)
    assert client.bucket_exists(settings.s3_artifacts)
    assert client.get_bucket_versioning(settings.s3_bucket).status == "Enabled"
    made = asyncio.run(partitions(servers.bootstrap, settings.topic_prefix))
    assert made == {spec.name: 3 if spec.spread else 1 for spec in all_topics()}
    second = called(variables)
    assert (second.returncode, second.stdout) == (0, "")


def test_servers_that_do_not_answer_are_named_and_nothing_is_waited_for_for_ever() -> None:
    settings = Settings(kafka_bootstrap="127.0.0.1:1", s3_endpoint="http://127.0.0.1:1")
    with pytest.raises(TransientError, match=r"127\.0\.0\.1"):
        prepare(settings, patience=0)


def test_a_wrong_setting_is_one_line_that_names_it() -> None:
    done = called({"TIEOUT_PARTITIONS": "many"})
    assert done.returncode == 2
    assert "TIEOUT_PARTITIONS" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
