"""What a server that refuses, hangs or is not there makes of a call, on a small server of the test's own."""

from __future__ import annotations

import datetime
import gzip
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.settings import Settings
from shared.storage import s3
from shared.storage.ports import ObjectChangedError, ObjectGoneError, StorageUnavailableError, StoredObject
from shared.storage.s3 import S3Storage

SOME = StoredObject("bucket", "key", "version", True, "etag", 4, "2026-01-01T00:00:00Z")


class Answer:
    """What the server says to everything. `seen`: the requests, by method."""

    def __init__(self) -> None:
        self.status, self.code, self.body, self.headers = 200, "", b"", {"ETag": '"etag"'}
        self.cut_after: int | None = None
        self.refusals = 1 << 30  # so often the status and the code are said, then 200
        self.seen: list[str] = []

    def next(self) -> tuple[int, bytes]:
        self.refusals -= 1
        if not self.code or self.refusals < 0:
            return self.status if self.refusals >= 0 else 200, self.body
        return self.status, f"<Error><Code>{self.code}</Code><Message>said the server</Message><Resource>/</Resource></Error>".encode()


@pytest.fixture
def answer() -> Answer:
    return Answer()


@pytest.fixture
def server(answer: Answer) -> Iterator[ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            answer.seen.append(self.command)
            if length := int(self.headers.get("content-length", 0)):
                self.rfile.read(length)
            status, data = answer.next()
            self.send_response(status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/xml" if answer.code else "application/pdf")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data[: answer.cut_after])

        do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = _answer  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def storage_at(port: int, **settings: object) -> S3Storage:
    return S3Storage(Settings(**{"s3_endpoint": f"http://127.0.0.1:{port}", "s3_access_key": "a", "s3_secret_key": "s", **settings}))  # type: ignore[arg-type]


@pytest.fixture
def storage(server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> S3Storage:
    monkeypatch.setattr(s3, "_TIMEOUT", urllib3.Timeout(connect=1.0, read=0.5))
    return storage_at(server.server_port)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (503, "SlowDown", "storage.busy"),
        (503, "", "storage.busy"),
        (500, "InternalError", "storage.failed"),
        (507, "InsufficientStorage", "storage.full"),
        (403, "AccessDenied", "storage.denied"),
        (403, "RequestTimeTooSkewed", "storage.denied"),
        (404, "NoSuchBucket", "storage.bucket_missing"),
        (502, "", "storage.failed"),
        (418, "", "storage.failed"),
    ],
)
def test_a_refusal_is_passing_and_has_a_code(
    answer: Answer, storage: S3Storage, tmp_path: Path, status: int, code: str, expected: str
) -> None:
    answer.status, answer.code = status, code
    for call in (
        lambda: storage.stat("bucket", "key"),
        lambda: storage.get("bucket", "key"),
        lambda: storage.put("bucket", "key", b"data"),
        lambda: storage.write("bucket", "key", b"data"),
        lambda: storage.remove("bucket", "key"),
        lambda: storage.download(SOME, tmp_path / "file", 10),
        lambda: list(storage.versions("bucket")),
        lambda: list(storage.keys("bucket", "")),
        lambda: storage.versioned("bucket"),
    ):
        with pytest.raises(StorageUnavailableError) as problem:
            call()
        assert problem.value.code == expected
    assert not storage.ready("bucket")


def test_a_folder_that_is_being_removed_is_waited_for_a_moment(answer: Answer, storage: S3Storage) -> None:
    answer.status, answer.code, answer.refusals = 409, "ExistingObjectIsDirectory", 2
    storage.write("bucket", "attempts/extractor/1.json", b"data")
    assert answer.seen == ["PUT"] * 3
    answer.refusals = 1 << 30
    with pytest.raises(StorageUnavailableError) as problem:
        storage.write("bucket", "folder", b"data")
    assert problem.value.code == "storage.failed"


def test_an_hours_retry_after_is_not_waited_for(answer: Answer, storage: S3Storage) -> None:
    answer.status, answer.code, answer.headers = 503, "SlowDown", {"Retry-After": "3600"}
    with pytest.raises(StorageUnavailableError):
        storage.get("bucket", "key")
    assert answer.seen == ["GET"] * 3, "two more tries"


def test_a_malformed_version_id_is_gone_and_other_bad_requests_are_not(answer: Answer, storage: S3Storage) -> None:
    answer.status, answer.code, answer.headers = 400, "InvalidArgument", {}
    with pytest.raises(StorageUnavailableError):
        storage.stat("bucket", "key", "version")
    answer.code = "InvalidVersionId"
    with pytest.raises(ObjectGoneError):
        storage.stat("bucket", "key", "version")


def test_an_answer_that_ends_too_early_is_no_shorter_object(answer: Answer, storage: S3Storage, tmp_path: Path) -> None:
    answer.body, answer.cut_after = b"%PDF" * 1000, 1000
    with pytest.raises(StorageUnavailableError) as problem:
        storage.download(SOME, tmp_path / "file", 10_000)
    assert problem.value.code in ("storage.unreachable", "storage.timeout")
    with pytest.raises(StorageUnavailableError):
        storage.get("bucket", "key")


def test_bytes_are_read_as_they_lie_there_although_the_object_says_that_it_is_compressed(
    answer: Answer, storage: S3Storage, tmp_path: Path
) -> None:
    answer.body = gzip.compress(b"0" * 1_000_000)
    answer.headers = {"ETag": '"etag"', "Content-Encoding": "gzip"}
    assert storage.download(SOME, tmp_path / "file", 10_000) == len(answer.body)
    assert (tmp_path / "file").read_bytes() == answer.body


def test_a_server_that_gives_another_state_than_asked_for_is_noticed(answer: Answer, storage: S3Storage, tmp_path: Path) -> None:
    answer.body, answer.headers = b"other", {"ETag": '"another"'}
    with pytest.raises(ObjectChangedError):
        storage.download(StoredObject("bucket", "key", "etag:etag@t", False, "etag", 5, "t"), tmp_path / "file", 10)
    assert not (tmp_path / "file").exists()


def test_a_server_that_is_not_there_is_named(tmp_path: Path, server: ThreadingHTTPServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        storage = storage_at(free.getsockname()[1])
        with pytest.raises(StorageUnavailableError) as problem:
            storage.get("bucket", "预算.pdf")
    assert problem.value.code == "storage.unreachable"
    assert "bucket/预算.pdf" in problem.value.text


def test_a_server_that_never_answers_ends_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_TIMEOUT", urllib3.Timeout(connect=0.3, read=0.3))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(StorageUnavailableError) as problem:
            storage_at(silent.getsockname()[1]).get("bucket", "key")
    assert problem.value.code == "storage.timeout"


@pytest.mark.parametrize(
    "content", [None, "", "[default]\naws_access_key_id = a\n", "no file of this kind", "[other]\naws_access_key_id = a\n"]
)
def test_a_credentials_file_that_says_nothing_is_named_without_its_content(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "credentials"
    if content is not None:
        file.write_text(content)
    storage = storage_at(1, s3_access_key="", s3_credentials=file)
    with pytest.raises(StorageUnavailableError) as problem:
        storage.get("bucket", "key")
    assert problem.value.code == "storage.credentials"
    assert str(file) in problem.value.text
    assert not content or content not in problem.value.text


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


def test_an_endpoint_with_tls_is_trusted_by_its_authority_only(answer: Answer, server: ThreadingHTTPServer, tmp_path: Path) -> None:
    authority, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    answer.body = b"data"
    endpoint = f"https://127.0.0.1:{server.server_port}"
    assert storage_at(0, s3_endpoint=endpoint, s3_ca=authority).get("bucket", "key") == b"data"
    with pytest.raises(StorageUnavailableError) as problem:
        storage_at(0, s3_endpoint=endpoint).get("bucket", "key")
    assert problem.value.code == "storage.unreachable"


def test_buckets_are_addressed_in_the_host_name_where_the_settings_say_so(
    answer: Answer, server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def recorded(host: str, *more: object, **named: object) -> object:
        asked.append(host)
        return resolve("127.0.0.1", *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", recorded)
    answer.body = b"data"
    for path_style in (True, False):
        assert storage_at(0, s3_endpoint=f"http://s3.test:{server.server_port}", s3_path_style=path_style).get("bucket", "key") == b"data"
    assert asked == ["s3.test", "bucket.s3.test"]
