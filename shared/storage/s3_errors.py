"""What minio-py and urllib3 raise, as failures of the port: gone, changed, or not available for now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from xml.etree.ElementTree import ParseError

import urllib3
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError

from shared.storage.ports import ObjectChangedError, ObjectGoneError, StorageUnavailableError

# 405: the version asked for is a delete marker. A version id that the server calls malformed is none of its own (a bucket that was moved).
_GONE: Final = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchUpload", "MethodNotAllowed", "InvalidVersionId"})
_BUSY: Final = frozenset({"SlowDown", "ServiceUnavailable", "RequestTimeout", "TooManyRequests"})


class FolderRaceError(StorageUnavailableError):
    """A server on files met a folder where the key has to lie; that passes where the folder is being removed."""


@contextmanager
def typed(bucket: str, key: str = "", version: str | None = None) -> Iterator[None]:
    """Errors of the client inside become ObjectGoneError, ObjectChangedError or StorageUnavailableError, which name bucket and key."""
    place = f"{bucket}/{key}" if key else bucket
    try:
        yield
    except S3Error as problem:
        raise _of_answer(problem, place, version) from problem
    except ServerError as problem:
        raise StorageUnavailableError(_of_status(problem.status_code), f"{place}: {problem}") from problem
    except InvalidResponseError as problem:
        # Not XML: a proxy in between, or the server itself in distress. Its text may be long.
        raise StorageUnavailableError(_of_status(problem._code), f"{place}: {str(problem)[:200]}") from problem
    except urllib3.exceptions.TimeoutError as problem:
        raise StorageUnavailableError("storage.timeout", f"{place}: {problem}") from problem
    except urllib3.exceptions.HTTPError as problem:
        raise StorageUnavailableError(_of_transport(problem), f"{place}: {problem}") from problem
    except (MinioException, ParseError) as problem:
        raise StorageUnavailableError("storage.failed", f"{place}: {problem}") from problem


def _of_answer(problem: S3Error, place: str, version: str | None) -> Exception:
    code, status = problem.code or "", problem.response.status
    text = f"{place}: {code}: {problem.message}"
    if code == "NoSuchBucket":
        return StorageUnavailableError("storage.bucket_missing", text)
    if code in _GONE or (version is not None and status == 400 and "version" in (problem.message or "").lower()):
        return ObjectGoneError("object.gone", text if version is None else f"{text} (version {version})")
    if status == 412:
        return ObjectChangedError("object.changed", text)
    if code == "ExistingObjectIsDirectory":
        return FolderRaceError("storage.failed", text)
    if code in _BUSY:
        return StorageUnavailableError("storage.busy", text)
    return StorageUnavailableError(_of_status(status), text)


def _of_status(status: int) -> str:
    if status in (401, 403):
        return "storage.denied"
    if status in (429, 503):
        return "storage.busy"
    return "storage.full" if status == 507 else "storage.failed"


def _of_transport(problem: urllib3.exceptions.HTTPError) -> str:
    cause = problem.reason if isinstance(problem, urllib3.exceptions.MaxRetryError) else problem
    if isinstance(cause, urllib3.exceptions.TimeoutError) and not isinstance(cause, urllib3.exceptions.NewConnectionError):
        return "storage.timeout"
    return "storage.unreachable"
