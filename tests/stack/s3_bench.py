"""A real S3 server under test."""

from __future__ import annotations

import io
import uuid

from minio import Minio
from minio.versioningconfig import VersioningConfig

from shared.settings import Settings
from shared.storage.s3 import S3Storage


class S3Bench:
    """Buckets on a server. Listings come in pages of five: what goes on over pages shows with few objects."""

    def __init__(self, settings: Settings) -> None:
        self.storage = S3Storage(settings, page=5)
        self._client = Minio(
            settings.s3_endpoint.partition("//")[2],
            settings.s3_access_key,
            settings.s3_secret_key.get_secret_value(),
            secure=False,
            region=settings.s3_region,
        )

    def bucket(self, versioned: bool = True) -> str:
        name = f"test-{uuid.uuid4().hex}"
        self._client.make_bucket(name)
        if versioned:
            self.keep_versions(name)
        return name

    def keep_versions(self, bucket: str) -> None:
        self._client.set_bucket_versioning(bucket, VersioningConfig("Enabled"))

    def purge(self, bucket: str, key: str, version: str) -> None:
        self._client.remove_object(bucket, key, version_id=version)

    def begin_upload(self, bucket: str, key: str) -> None:
        upload = self._client._create_multipart_upload(bucket, key, {})
        self._client._put_object(bucket, key, io.BytesIO(b"x" * (5 << 20)).read(), None, {"partNumber": "1", "uploadId": upload})
