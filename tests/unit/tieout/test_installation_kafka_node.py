"""Kafka's settings for one node and for three."""

from __future__ import annotations

import msgspec

from tieout.installation import kafka_node
from tieout.installation.configuration import Configuration, first_configuration
from tieout.installation.ports import free_block
from tieout.installation.wishes import Wishes, wanted


def settings(configuration: Configuration, node: int) -> dict[str, str]:
    lines = kafka_node.properties(configuration, node).splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_one_node_keeps_one_replica_and_votes_for_itself() -> None:
    found = settings(first_configuration(), 1)
    assert found["controller.quorum.voters"] == "1@127.0.0.1:9093"
    assert found["listeners"] == "PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093"
    assert found["offsets.topic.replication.factor"] == found["min.insync.replicas"] == "1"


def test_of_three_nodes_each_knows_all_and_two_must_hold_a_record() -> None:
    configuration = wanted(first_configuration(), Wishes(base=free_block(), brokers=3), is_new=True, running=False)
    nodes = [settings(configuration, node) for node in (1, 2, 3)]
    assert len({node["controller.quorum.voters"] for node in nodes}) == 1
    assert nodes[0]["controller.quorum.voters"].count("@") == 3
    assert len({node["listeners"] for node in nodes}) == 3
    assert [node["node.id"] for node in nodes] == ["1", "2", "3"]
    for name in ("default", "offsets.topic", "transaction.state.log", "share.coordinator.state.topic"):
        assert nodes[2][f"{name}.replication.factor"] == "3"
    assert nodes[2]["min.insync.replicas"] == "2"


def test_nothing_listens_beyond_this_machine_and_no_topic_is_made_by_accident() -> None:
    found = settings(first_configuration(), 1)
    for name in ("listeners", "advertised.listeners"):
        assert all("//127.0.0.1:" in each for each in found[name].split(","))
    assert found["auto.create.topics.enable"] == "false"


def test_paths_are_relative_so_that_the_folder_may_have_any_name() -> None:
    assert settings(first_configuration(), 1)["log.dirs"] == "data"
    command = kafka_node.command(msgspec.structs.replace(first_configuration(), java="java", jars="/jars"))
    assert command[-1] == "server.properties"
    assert kafka_node.ENVIRONMENT["LC_ALL"] == "C.UTF-8"
