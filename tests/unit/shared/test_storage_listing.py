"""Listings as servers write them: S3's own order, versitygw's two groups, times with nine digits, keys encoded or not."""

from __future__ import annotations

import pytest

from shared.settings import Settings
from shared.storage.listing import keys_page, versions_page
from shared.storage.ports import StorageUnavailableError
from shared.storage.s3 import S3Storage

HEAD = '<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'


def version(key: str, identifier: str, at: str, latest: bool = False) -> str:
    return (
        f"<Version><Key>{key}</Key><VersionId>{identifier}</VersionId><IsLatest>{str(latest).lower()}</IsLatest>"
        f"<LastModified>{at}</LastModified><ETag>&#34;e-{identifier}&#34;</ETag><Size>3</Size></Version>"
    )


def marker(key: str, identifier: str, at: str, latest: bool = False) -> str:
    return (
        f"<DeleteMarker><Key>{key}</Key><VersionId>{identifier}</VersionId><IsLatest>{str(latest).lower()}</IsLatest>"
        f"<LastModified>{at}</LastModified></DeleteMarker>"
    )


def page(*entries: str, more: str = "", after: dict[str, str] | None = None) -> list[tuple[str, str, bool]]:
    body = f"{HEAD}{''.join(entries)}{more}</ListVersionsResult>"
    return [(found.key, found.version, found.deleted) for found in versions_page("b", body.encode(), after or {}).objects]


def test_versions_and_markers_in_the_servers_order_stay_in_it() -> None:
    entries = [
        version("a", "3/L4kqtJlcpXroDTDmJ", "2026-01-03T00:00:00.000Z", latest=True),
        marker("a", "x9Zt", "2026-01-02T00:00:00.000Z"),
        version("a", "AAA", "2026-01-01T00:00:00.000Z"),
        version("b", "9", "2026-01-01T00:00:00.000Z", latest=True),
    ]
    assert [identifier for _, identifier, _ in page(*entries)] == ["3/L4kqtJlcpXroDTDmJ", "x9Zt", "AAA", "9"]


def test_versions_of_the_same_second_stay_in_the_servers_order() -> None:
    entries = [version("a", name, "2026-01-01T00:00:00.000Z", latest=name == "z") for name in "zbca"]
    assert [identifier for _, identifier, _ in page(*entries)] == ["z", "b", "c", "a"]


def test_markers_that_are_listed_apart_are_put_where_they_belong() -> None:
    # As versitygw 1.7.0 answers: put, deleted, put, put; the marker has the time at which it was superseded, to the nanosecond.
    entries = [
        marker("k", "01M7YHSWAA03D2M5MCJN0EAWQM", "2026-11-21T07:58:14.999999999Z"),
        version("k", "01M7YHSWACPCQA2FDPN3B17WY3", "2026-11-21T07:58:14Z", latest=True),
        version("k", "01M7YHSWABXDD4TPMBCAJ4EK12", "2026-11-21T07:58:14Z"),
        version("k", "01M7YHSWA96V46TK7P1GMR01HF", "2026-11-21T07:58:14Z"),
    ]
    assert [identifier[-4:] for _, identifier, _ in page(*entries)] == ["7WY3", "EK12", "AWQM", "01HF"]


def test_the_entry_that_a_page_was_asked_for_after_is_not_given_again() -> None:
    entries = [
        version("k", "01M7YHSWACPCQA2FDPN3B17WY3", "2026-11-21T07:58:14Z", latest=True),
        version("k", "01M7YHSWABXDD4TPMBCAJ4EK12", "2026-11-21T07:58:14Z"),
    ]
    after = {"key-marker": "k", "version-id-marker": "01M7YHSWACPCQA2FDPN3B17WY3"}
    assert [identifier[-4:] for _, identifier, _ in page(*entries, after=after)] == ["EK12"]


def test_keys_that_go_on_over_pages_stand_at_their_ends() -> None:
    more = "<IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker><NextVersionIdMarker>1</NextVersionIdMarker>"
    entries = [version(key, "1", "2026-01-01T00:00:00Z", latest=True) for key in ("a", "b", "z")]
    assert [key for key, _, _ in page(*entries, more=more, after={"key-marker": "z"})] == ["z", "b", "a"]


@pytest.mark.parametrize(("encoding", "written"), [("url", "%E8%B4%A2+%2B%251.pdf"), ("", "财 +%1.pdf")])
def test_keys_are_decoded_where_the_answer_says_that_they_are_encoded(encoding: str, written: str) -> None:
    more = f"<EncodingType>{encoding}</EncodingType><IsTruncated>true</IsTruncated><NextKeyMarker>{written}</NextKeyMarker>"
    body = f"{HEAD}{version(written, 'null', '2026-01-01T00:00:00Z', latest=True)}{more}</ListVersionsResult>".encode()
    found = versions_page("b", body, {})
    assert [each.key for each in found.objects] == ["财 +%1.pdf"]
    assert found.after == {"key-marker": "财 +%1.pdf"}
    listed = f"<R><EncodingType>{encoding}</EncodingType><Contents><Key>{written}</Key></Contents></R>".encode()
    assert keys_page(listed) == (("财 +%1.pdf",), {})


def test_times_are_whole_seconds_and_stand_ins_are_made_of_them() -> None:
    body = f"{HEAD}{version('a', 'null', '2026-01-01T08:00:00.987654321+08:00', latest=True)}</ListVersionsResult>".encode()
    (found,) = versions_page("b", body, {}).objects
    assert found.last_modified == "2026-01-01T00:00:00Z"
    assert (found.version, found.pinned) == ("etag:e-null@2026-01-01T00:00:00Z", False)


def test_a_listing_that_does_not_go_on_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    more = "<IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker><NextVersionIdMarker>1</NextVersionIdMarker>"
    body = f"{HEAD}{version('a', '1', '2026-01-01T00:00:00Z', latest=True)}{more}</ListVersionsResult>".encode()
    storage = S3Storage(Settings(s3_access_key="a", s3_secret_key="s"))  # type: ignore[arg-type]
    monkeypatch.setattr(storage, "_listed", lambda *_: body)
    listing = storage.versions("b")
    assert next(listing).key == "a"
    with pytest.raises(StorageUnavailableError, match="does not go on"):
        list(listing)
