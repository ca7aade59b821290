"""The local installation on real servers: from nothing to ready, data that survives, what dies is started again, nobody reads secrets."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from stack.conftest import wait_until

from services.store.adapters.sql_store import open_store
from shared.topics import SERVICES, all_topics
from tieout.installation import process_table, starting
from tieout.installation.credentials import password
from tieout.installation.installation import Installation
from tieout.installation.layout import Layout
from tieout.installation.provision import s3_client
from tieout.installation.wishes import Wishes

pytestmark = pytest.mark.stack

STAND_IN = [sys.executable, str(Path(__file__).with_name("stand_in_service.py"))]
KEY = "财政局/2025 预算+决算.pdf"


def tell(_zh: str, _en: str) -> None:
    pass


def start(data: Path, **wishes: Any) -> Installation:
    return starting.start(Layout.of(data), Wishes(while_alive=os.getpid(), **wishes), tell)


def tieout(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(root / "bin" / "tieout"), *map(str, arguments), "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A whole installation of this module's own, with stand-ins for the services."""
    data = tmp_path_factory.mktemp("installation") / "数据 目录, 甲"
    made = start(data, base=0, commands=dict.fromkeys(SERVICES, STAND_IN), processes={"extractor": 2})
    yield made
    starting.stop(made, tell)


def pids(installation: Installation) -> dict[str, int | None]:
    return {each.name: each.pid for each in installation.status().processes}


def put_some(installation: Installation) -> None:
    """A row, two versions of an object, and a record."""
    with psycopg.connect(installation.database) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('甲')")
    client = s3_client(installation)
    for body in (b"first", b"second"):
        client.put_object(installation.inbox, KEY, io.BytesIO(body), len(body))
    asyncio.run(_send(installation, b"record"))


def found(installation: Installation) -> tuple[Any, list[bytes], list[bytes]]:
    """What `put_some` left: rows, versions of the object (newest first), records."""
    with psycopg.connect(installation.database) as connection:
        rows = connection.execute("SELECT word FROM kept").fetchall()
    client = s3_client(installation)
    versions = [each.version_id for each in client.list_objects(installation.inbox, prefix=KEY, include_version=True)]
    bodies = [client.get_object(installation.inbox, KEY, version_id=version).data for version in versions]
    return rows, bodies, asyncio.run(_read(installation, "decisions.made", 1))


async def _send(installation: Installation, value: bytes) -> None:
    from aiokafka import AIOKafkaProducer

    async with AIOKafkaProducer(bootstrap_servers=installation.bootstrap, acks="all") as producer:
        await producer.send_and_wait(installation.topic("decisions.made"), value)


async def _read(installation: Installation, topic: str, count: int, seconds: float = 30) -> list[bytes]:
    from aiokafka import AIOKafkaConsumer

    values: list[bytes] = []
    name = installation.topic(topic)
    async with AIOKafkaConsumer(name, bootstrap_servers=installation.bootstrap, auto_offset_reset="earliest") as consumer:
        async with asyncio.timeout(seconds):
            while len(values) < count:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    values += [record.value for record in records]
    return values


def test_everything_is_up_and_a_second_up_changes_nothing(installation: Installation) -> None:
    assert installation.status().is_up
    before = pids(installation)
    assert set(before) == {"kafka", "s3", "postgres", *SERVICES, "extractor-2"}
    assert {os.getsid(pid or 0) for pid in before.values()} == set(before.values())  # the terminal's Ctrl-C is not for them
    start(installation.layout.data)
    assert pids(installation) == before


def test_topics_have_the_partitions_and_settings_that_are_written_down(installation: Installation) -> None:
    async def described() -> tuple[dict[str, int], dict[str, dict[str, str]]]:
        from aiokafka.admin import AIOKafkaAdminClient
        from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

        admin = AIOKafkaAdminClient(bootstrap_servers=installation.bootstrap)
        await admin.start()
        try:
            topics = await admin.describe_topics(list(installation.topics.values()))
            resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in installation.topics.values()]
            (answer,) = await admin.describe_configs(resources)
        finally:
            await admin.close()
        configs = {resource[3]: {entry[0]: entry[1] for entry in resource[4]} for resource in answer.resources}
        return {topic["topic"]: len(topic["partitions"]) for topic in topics}, configs

    partitions, configs = asyncio.run(described())
    for topic in all_topics():
        name = installation.topic(topic.name)
        assert partitions[name] == (installation.configuration.partitions if topic.spread else 1)
        assert topic.config().items() <= configs[name].items()


def test_data_survives_down_and_up_and_a_second_down_is_harmless(installation: Installation) -> None:
    put_some(installation)
    before = found(installation)
    assert before == ([("甲",)], [b"second", b"first"], [b"record"])
    assert starting.stop(installation, tell)
    assert not starting.stop(installation, tell)
    assert not installation.running()
    assert process_table.marked(installation.owner) == {}
    start(installation.layout.data)
    assert installation.status().is_up
    assert found(installation) == before


@pytest.mark.parametrize("name", ["kafka", "s3", "postgres", "extractor"])
def test_what_is_killed_is_started_again_and_counted(installation: Installation, name: str) -> None:
    before = {each.name: each for each in installation.status().processes}[name]
    assert before.pid is not None
    os.kill(before.pid, signal.SIGKILL)  # from outside: the supervisor is not told
    wait_until(lambda: installation.pids(name)[:1] not in ([], [before.pid]))
    installation.wait_ready(timeout=60)
    after = {each.name: each for each in installation.status().processes}[name]
    assert after.restarts == before.restarts + 1
    assert str(after.last_exit).startswith("SIGKILL ")
    with psycopg.connect(installation.database) as connection:
        connection.execute("SELECT 1")


def test_the_s3_server_waits_for_kafka_instead_of_dying_again_and_again(installation: Installation) -> None:
    installation.stop("kafka")
    before = {each.name: each for each in installation.status().processes}["s3"]
    installation.kill("s3")
    wait_until(lambda: {each.name: each.state for each in installation.status().processes}["s3"] == "waiting")
    installation.start("kafka")
    installation.wait_ready(timeout=60)
    after = {each.name: each for each in installation.status().processes}["s3"]
    assert after.restarts == before.restarts + 1


def test_a_killed_supervisor_leaves_the_others_running_and_up_takes_them_over(installation: Installation) -> None:
    status = installation.status()
    assert status.supervisor.pid is not None
    before = pids(installation)
    os.kill(status.supervisor.pid, signal.SIGKILL)
    wait_until(lambda: not installation.running())
    assert {each.state for each in installation.status().processes} == {"unsupervised"}
    start(installation.layout.data)
    assert pids(installation) == before
    assert installation.status().is_up


def test_down_ends_what_a_killed_supervisor_left(installation: Installation) -> None:
    pid = installation.status().supervisor.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not installation.running())
    assert starting.stop(installation, tell)
    assert process_table.marked(installation.owner) == {}
    start(installation.layout.data)


def test_no_secret_is_on_a_command_line_or_in_a_log_and_no_file_is_open_to_others(installation: Installation) -> None:
    secrets = [installation.s3_keys()[1], *(password(installation.layout.passwords, user) for user in ("postgres", "tieout"))]
    lines = [Path(f"/proc/{each.pid}/cmdline").read_text() for each in process_table.marked(installation.owner)]
    logs = [log.read_text(errors="replace") for log in (installation.layout.root / "logs").iterdir()]
    assert len(lines) >= 8
    assert len(logs) >= 9
    assert [text for text in [*lines, *logs] for secret in secrets if secret in text] == []
    assert stat.S_IMODE(installation.layout.root.stat().st_mode) == 0o700


def test_everything_listens_on_this_machine_only(installation: Installation) -> None:
    ports = {installation.port(name) for name in installation.configuration.ports_needed()}
    found: dict[int, str] = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        lines = Path(table).read_text().splitlines()[1:] if Path(table).exists() else []
        for local, state in (line.split()[1:4:2] for line in lines):
            address, _, port = local.partition(":")
            if state == "0A" and int(port, 16) in ports:  # 0A: listens
                found[int(port, 16)] = address
    assert set(found) == ports
    # Java listens on IPv4 addresses through sockets of IPv6, as ::ffff:127.0.0.1
    assert set(found.values()) <= {"0100007F", "0000000000000000FFFF00000100007F"}


def test_a_wrong_password_is_refused(installation: Installation, tmp_path: Path) -> None:
    wrong = tmp_path / "pgpass"
    wrong.write_text("*:*:*:*:wrong\n")
    wrong.chmod(0o600)
    url = installation.database.partition("?")[0]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"{url}?passfile={wrong}")


def test_the_store_opens_the_database_by_its_url(place: Installation) -> None:
    with open_store(place.database) as store:
        assert store.documents() == []


def test_the_commands_say_how_it_is_and_end_with_the_right_code(installation: Installation, root: Path) -> None:
    data = installation.layout.data
    status = tieout(root, "status", "--data", data)
    assert (status.returncode, status.stderr) == (0, "")
    as_json = json.loads(tieout(root, "status", "--json", "--data", data).stdout)
    assert as_json["services"][0]["pids"] == installation.pids(as_json["services"][0]["name"])
    assert "extractor-2: extractor-2 serves" in tieout(root, "logs", "extractor", "--data", data).stdout
    again = tieout(root, "up", "--data", data)
    assert (again.returncode, "running already" in again.stderr) == (0, True)
    stopped = tieout(root, "down", "validator", "--data", data)
    assert (stopped.returncode, tieout(root, "status", "--data", data).returncode) == (0, 5)
    assert tieout(root, "up", "validator", "--data", data).returncode == 0


def test_a_service_that_does_not_come_up_is_named_with_its_last_lines(installation: Installation, root: Path) -> None:
    data = installation.layout.data
    broken = [sys.executable, "-c", "raise SystemExit('the catalogue is missing')"]
    with pytest.raises(starting.StartFailedError, match="the catalogue is missing") as problem:
        start(data, commands={"normalizer": broken})
    assert "normalizer did not come up (exit 1" in problem.value.message.en
    assert "tieout logs normalizer" in problem.value.message.en
    assert tieout(root, "status", "--data", data).returncode == 5
    start(data, commands={"normalizer": STAND_IN})
    assert installation.status().is_up


def test_an_interrupted_up_leaves_nothing_running(tmp_path: Path, root: Path) -> None:
    data = tmp_path / "data"
    command = [str(root / "bin" / "tieout"), "up", "--servers-only", "--ports", "auto", "--data", str(data), "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as up:
        wait_until(lambda: data.exists() and "postgres" in (data / "installation" / "state.json").read_text())
        os.killpg(up.pid, signal.SIGINT)
        _, said = up.communicate(timeout=90)
    assert (up.returncode, "stopping what was started" in said) == (130, True)
    assert process_table.marked(Installation.open(data).owner) == {}


def test_a_place_has_topics_buckets_and_a_database_of_its_own(place: Installation, servers: Installation) -> None:
    with psycopg.connect(place.database) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == ("tieout", place.configuration.database)
    assert s3_client(place).get_bucket_versioning(place.inbox).status == "Enabled"
    assert set(place.topics.values()).isdisjoint(servers.topics.values())


def test_notifications_go_to_the_topic_of_the_place(notifying: Installation) -> None:
    s3_client(notifying).put_object(notifying.inbox, KEY, io.BytesIO(b"x"), 1)
    first, second = asyncio.run(_read(notifying, "objects.notified", 2))
    assert "Records" not in json.loads(first)  # the server's test event
    (record,) = json.loads(second)["Records"]
    assert (record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]) == (notifying.inbox, KEY)


@pytest.mark.slow
def test_of_three_brokers_the_leader_may_be_killed_and_nothing_is_lost(tmp_path: Path) -> None:
    made = start(tmp_path / "data", base=0, brokers=3, servers_only=True)

    async def send_all() -> int:
        from aiokafka import AIOKafkaProducer

        topic = made.topic("decisions.made")
        # Longer than a broker's session (9 s): the controller may need all of it before it names another leader.
        async with AIOKafkaProducer(bootstrap_servers=made.bootstrap, acks="all", request_timeout_ms=60_000) as producer:
            for number in range(200):
                if number == 60:
                    metadata = await producer.client.fetch_all_metadata()
                    leader = metadata.leader_for_partition(_partition(topic))
                    name = "kafka" if leader == 1 else f"kafka-{leader}"
                    assert await asyncio.to_thread(made.kill, name)
                await producer.send_and_wait(topic, str(number).encode())
            return leader

    try:
        leader = asyncio.run(asyncio.wait_for(send_all(), 120))
        values = asyncio.run(_read(made, "decisions.made", 200))
        assert {int(value) for value in values} == set(range(200))
        made.wait_ready(timeout=60)
        killed = made.status().servers[0].processes[leader - 1]
        assert killed.restarts == 1
    finally:
        starting.stop(made, tell)


def _partition(topic: str) -> Any:
    from aiokafka import TopicPartition

    return TopicPartition(topic, 0)
