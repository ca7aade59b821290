"""The local installation: what it makes, that its data survives, that what dies is started again."""

from __future__ import annotations

import pytest

from tieout.installation.installation import Installation
from tieout.installation.provision import s3_client

pytestmark = pytest.mark.stack


def test_a_place_has_topics_buckets_and_a_database_of_its_own(place: Installation) -> None:
    import psycopg

    assert s3_client(place).bucket_exists(place.inbox)
    with psycopg.connect(place.database) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == ("tieout", place.configuration.database)


def test_notifications_go_to_the_topic_of_the_place(notifying: Installation) -> None:
    assert s3_client(notifying).bucket_exists(notifying.inbox)
