"""`python -m tieout.prepare`: makes the topics and buckets that are missing, for installations whose servers `tieout up` does not start.

Takes its addresses from the settings TIEOUT_*. Changes nothing that is there, but for one thing: the inbox is told to keep versions. The
database needs nothing of this: the store makes its tables when it starts.
"""

from __future__ import annotations

import sys
import time
from typing import Any, Final

from pydantic import ValidationError

from shared.failures import TransientError
from shared.settings import Settings, load_settings
from shared.storage.credentials import provider_of
from tieout.exit_codes import NOT_AVAILABLE, NOTHING_TO_REPORT, USAGE

PATIENCE_SECONDS: Final = 60.0
"""How long servers that are still starting are waited for."""


def make_buckets(client: Any, inbox: str, artifacts: str) -> list[str]:
    """Makes both buckets where they are missing; the inbox keeps versions, so that an object that is overwritten is still read as it was.

    Args: client: a minio client. Returns: what was done, for people.
    """
    from minio.commonconfig import ENABLED
    from minio.error import S3Error
    from minio.versioningconfig import VersioningConfig

    done = []
    for bucket in (inbox, artifacts):
        if not client.bucket_exists(bucket):
            client.make_bucket(bucket)
            done.append(f"made bucket {bucket}")
    try:
        if client.get_bucket_versioning(inbox).status != ENABLED:
            client.set_bucket_versioning(inbox, VersioningConfig(ENABLED))
            done.append(f"{inbox} keeps versions now")
    except S3Error as problem:  # a server without versioning is allowed: ETag and time stand for the version then
        done.append(f"{inbox} keeps no versions: {problem.code}")
    return done


def make_topics(settings: Settings) -> list[str]:
    """Makes the topics that are missing. Raises TransientError where the broker does not answer."""
    from services.store.adapters.kafka_topics import KafkaTopics

    return [f"made topic {settings.topic_prefix}{name}" for name in KafkaTopics(settings).make_missing()]


def s3_client(settings: Settings) -> Any:
    """A minio client of the settings' endpoint."""
    import certifi
    import urllib3
    from minio import Minio

    pool = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=3, read=15),
        cert_reqs="CERT_REQUIRED",
        ca_certs=str(settings.s3_ca) if settings.s3_ca else certifi.where(),
        retries=urllib3.Retry(total=1, backoff_factor=0.2),
    )
    scheme, _, host = settings.s3_endpoint.partition("://")
    client: Any = Minio(host, secure=scheme == "https", region=settings.s3_region, credentials=provider_of(settings), http_client=pool)
    # As in shared/storage/s3.py: minio-py decides by the host's name unless it is told.
    (client.disable_virtual_style_endpoint if settings.s3_path_style else client.enable_virtual_style_endpoint)()
    return client


def prepare(settings: Settings, patience: float = PATIENCE_SECONDS) -> list[str]:
    """Topics and buckets of an installation. Returns: what was done.

    Raises: TransientError: a server did not answer within `patience` seconds, or refused.
    """
    from minio.error import MinioException
    from urllib3.exceptions import HTTPError

    deadline = time.monotonic() + patience
    while True:
        try:
            return [*make_topics(settings), *make_buckets(s3_client(settings), settings.s3_bucket, settings.s3_artifacts)]
        except (TransientError, MinioException, HTTPError, OSError) as problem:
            if time.monotonic() >= deadline:
                raise TransientError("prepare.unavailable", f"{type(problem).__name__}: {problem}") from problem
            time.sleep(1.0)


def main() -> int:
    """Prepares the installation that the environment describes; returns the exit code."""
    try:
        settings = load_settings()
    except ValidationError as problem:
        wrong = "; ".join(f"TIEOUT_{str(each['loc'][0]).upper()}: {each['msg']}" for each in problem.errors() if each["loc"])
        print(f"tieout.prepare: 设置有误 / wrong settings: {wrong}", file=sys.stderr)
        return USAGE
    try:
        for line in prepare(settings):
            print(f"tieout.prepare: {line}")
    except TransientError as problem:
        print(
            f"tieout.prepare: Kafka 或 S3 没有应答 / Kafka or S3 does not answer ({settings.kafka_bootstrap}, {settings.s3_endpoint}): "
            f"{problem.text}",
            file=sys.stderr,
        )
        return NOT_AVAILABLE
    return NOTHING_TO_REPORT


if __name__ == "__main__":
    sys.exit(main())
