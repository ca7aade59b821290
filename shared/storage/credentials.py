"""Credentials of the object storage: given, or in a file of AWS format that may change while the service runs."""

from __future__ import annotations

import configparser
from pathlib import Path

from minio.credentials.credentials import Credentials
from minio.credentials.providers import Provider, StaticProvider

from shared.settings import Settings
from shared.storage.ports import StorageUnavailableError


def provider_of(settings: Settings) -> Provider | None:
    """Where the keys come from: the settings, else the file; null (anonymous) where neither is set."""
    if settings.s3_access_key:
        return StaticProvider(settings.s3_access_key, settings.s3_secret_key.get_secret_value())
    return CredentialsFile(settings.s3_credentials) if settings.s3_credentials is not None else None


class CredentialsFile(Provider):
    """Section `[default]` of a file, read again when it changes. minio-py's own reader takes `%` in a secret for a reference to a variable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[tuple[int, int], Credentials] | None = None

    def retrieve(self) -> Credentials:
        """The keys as the file says now. Raises StorageUnavailableError (code storage.credentials), which names the file, never its content."""
        try:
            status = self._path.stat()
            state = (status.st_mtime_ns, status.st_size)
            if self._read is None or self._read[0] != state:
                self._read = (state, self._parsed())
        except (OSError, configparser.Error, KeyError, ValueError) as problem:
            raise StorageUnavailableError(
                "storage.credentials",
                f"{self._path}: {type(problem).__name__}; expected aws_access_key_id and aws_secret_access_key in section [default]",
            ) from None
        return self._read[1]

    def _parsed(self) -> Credentials:
        parser = configparser.ConfigParser(interpolation=None)
        parser.read_string(self._path.read_text(encoding="utf-8"))
        section = parser["default"]
        return Credentials(section["aws_access_key_id"], section["aws_secret_access_key"], section.get("aws_session_token"))
