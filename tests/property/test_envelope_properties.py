"""Whatever stands in an envelope or in a stranger's headers: it comes back, or is told; a failure's record gives its original back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.delivery.messages import Received, Verbatim
from shared.delivery.policy import attempt_key, failure_of
from shared.delivery.records import dead_letter, deferred, read_dead_letter, read_deferred
from shared.envelope import Envelope, MalformedEnvelopeError, from_headers, to_headers
from shared.failures import PoisonError
from shared.telemetry.cleaning import clean_text
from shared.topics import OBJECTS_CREATED

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=50)
some = text.filter(bool)
envelopes = st.builds(
    Envelope,
    id=some, source=some, type=some, subject=some, time=text, dataschema=text, traceparent=text, producer=text, object=text, dataref=text, digest=text,
    reason=st.sampled_from(["upload", "reprocess", "repair"]), lane=st.sampled_from(["upload", "bulk"]), force=st.booleans(),
    redrive=st.integers(0, 10**9),
)  # fmt: skip
names = (
    st.sampled_from(["ce_id", "ce_specversion", "ce_redrive", "ce_force", "content-type", "x", "dl-id", "df-count", "df-topic", "事"])
    | text
)
headers = st.lists(st.tuples(names, st.none() | st.binary(max_size=30)), max_size=8).map(tuple)
FAILURE = failure_of(PoisonError("timeout", "SIGALRM"))


@given(envelopes, headers)
def test_an_envelope_comes_back_with_strangers_headers_before_it(envelope: Envelope, strange: tuple[tuple[str, bytes | None], ...]) -> None:
    kept = tuple(header for header in strange if not header[0].lower().startswith("ce_"))
    assert from_headers((*kept, *to_headers(envelope))) == envelope


@given(headers)
def test_reading_any_headers_gives_an_envelope_or_says_that_it_is_none(strange: tuple[tuple[str, bytes | None], ...]) -> None:
    try:
        envelope = from_headers(strange)
    except MalformedEnvelopeError as error:
        told = str(error)
    else:
        told = envelope.id
    assert told


@given(headers, st.binary(max_size=50), st.none() | st.binary(max_size=20))
def test_the_original_comes_back_from_a_dead_letter_and_from_a_deferral(
    strange: tuple[tuple[str, bytes | None], ...], body: bytes, key: bytes | None
) -> None:
    original = Received(OBJECTS_CREATED, 1, 2, 3, key, strange, body, None)
    letter = read_dead_letter(_arrived(dead_letter("store", original, FAILURE, 2, "a", "b", "c")))
    later = read_deferred(_arrived(deferred("store", original, FAILURE, "a")))
    for prefix, origin in (("dl-", letter.origin), ("df-", later.origin)):
        assert (origin.topic, origin.partition, origin.offset, origin.key, origin.body) == (OBJECTS_CREATED, 1, 2, key, body)
        assert origin.headers == tuple(header for header in strange if not header[0].startswith(prefix))


def _arrived(sent: Verbatim) -> Received:
    return Received(sent.topic, 0, 0, 0, sent.key, sent.headers, sent.body, None)


@given(envelopes)
def test_a_key_of_attempts_stays_in_its_folder(envelope: Envelope) -> None:
    service, _, name = attempt_key("store", envelope).partition("/")
    assert service == "store"
    assert "/" not in name
    assert ".." not in name
    assert name.isascii()


@given(st.text(max_size=300), st.text("abcXYZ0129+/=", min_size=8, max_size=20))
def test_a_secret_never_survives_cleaning(before: str, secret: str) -> None:
    assert secret not in clean_text(f"{before}{secret}{before}", (secret,)).replace("***", "")
