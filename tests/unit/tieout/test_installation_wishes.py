"""What a call of `up` may ask for: ports, numbers of processes, settings; what it may not change later."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tieout.exit_codes import NOT_AVAILABLE, USAGE, UserError
from tieout.installation.configuration import BLOCK, Configuration, first_configuration
from tieout.installation.ports import free_block, holder, is_free
from tieout.installation.wishes import Wishes, parse_port, parse_processes, parse_variable, refuse_ports_in_use, wanted


def asked(before: Configuration | None = None, is_new: bool = True, running: bool = False, **wishes: Any) -> Configuration:
    return wanted(before or first_configuration(), Wishes(**wishes), is_new, running)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_the_defaults_are_the_usual_ports() -> None:
    ports = asked().ports
    assert (ports["kafka"], ports["s3"], ports["postgres"]) == (9092, 9000, 5432)
    assert [ports[name] for name in ("extractor", "normalizer", "validator", "store")] == [8101, 8102, 8103, 8104]


def test_a_base_gives_consecutive_ports_and_one_of_them_may_be_named() -> None:
    ports = asked(base=21000, ports={"s3": 9999}).ports
    assert ports["kafka"] == 21000
    assert ports["kafka-controller"] == 21001
    assert ports["s3"] == 9999
    assert ports["store"] == 21007


def test_free_ports_are_below_those_of_outgoing_connections() -> None:
    base = free_block()
    assert base + BLOCK <= 32768
    assert all(is_free(port) for port in range(base, base + BLOCK))


def test_any_free_ports_are_those_of_before_while_they_are_free(taken: int) -> None:
    first = asked(base=0)
    assert asked(first, is_new=False, base=0).ports == asked(first, is_new=False, running=True, base=0).ports == first.ports
    moved = msgspec.structs.replace(first, ports={**first.ports, "s3": taken})
    assert asked(moved, is_new=False, base=0).ports["s3"] != taken


def test_further_processes_get_ports_of_their_own_and_keep_them() -> None:
    first = asked(base=free_block(), processes={"extractor": 3})
    names = ("extractor", "extractor-2", "extractor-3")
    assert len({first.ports[name] for name in names}) == 3
    assert first.further_ports[0] <= first.ports["extractor-2"] < first.further_ports[1]
    again = asked(first, is_new=False, processes={"store": 2})
    assert [again.ports[name] for name in names] == [first.ports[name] for name in names]
    assert again.count("extractor") == 3


def test_three_brokers_have_two_ports_each() -> None:
    after = asked(base=free_block(), brokers=3)
    assert len({after.ports[name] for name in after.ports_needed()}) == len(after.ports_needed()) == 6 + 2 + 4


def test_two_parts_with_one_port_are_refused() -> None:
    with pytest.raises(UserError) as problem:
        asked(ports={"s3": 9092})
    assert problem.value.exit_code == USAGE
    assert "9092" in problem.value.message.en


def test_a_port_of_an_unknown_part_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UserError) as problem:
        asked(ports={"minio": 9001})
    assert "minio" in problem.value.message.zh
    assert "s3" in problem.value.message.zh


def test_a_running_installation_keeps_its_ports() -> None:
    with pytest.raises(UserError) as problem:
        asked(first_configuration(), is_new=False, running=True, ports={"kafka": 9192})
    assert "down" in problem.value.message.en


def test_the_number_of_brokers_is_fixed_and_partitions_only_grow() -> None:
    before = asked(brokers=3, base=free_block(), partitions=6)
    for change in ({"brokers": 1}, {"partitions": 5}):
        with pytest.raises(UserError):
            asked(before, is_new=False, **change)
    assert asked(before, is_new=False, partitions=8).partitions == 8


def test_settings_are_remembered_until_an_empty_value_takes_them_back() -> None:
    first = asked(environment={"TIEOUT_SWEEP_SECONDS": "5", "store:TIEOUT_LOG_LEVEL": "debug"}, workers=3)
    later = asked(first, is_new=False, environment={"TIEOUT_SWEEP_SECONDS": ""})
    assert later.environment == {"store:TIEOUT_LOG_LEVEL": "debug"}
    assert later.workers == 3


def test_all_ports_in_use_are_named_with_their_owner_and_another_port(taken: int) -> None:
    ports = {**asked(base=free_block()).ports, "s3": taken}
    configuration = msgspec.structs.replace(first_configuration(), ports=ports)
    with pytest.raises(UserError) as problem:
        refuse_ports_in_use(configuration, set())
    assert problem.value.exit_code == NOT_AVAILABLE
    for words in (f"port {taken} of s3", f"(pid {os.getpid()})", "--port s3="):
        assert words in problem.value.message.en
    refuse_ports_in_use(configuration, {"s3"})  # its own server has it


def test_nobody_holds_a_free_port() -> None:
    assert holder(free_block()) is None


@pytest.mark.parametrize("text", ["kafka", "kafka=", "=9092", "kafka=0", "kafka=65536", "kafka=x", "kafka=٣"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_port(text)


@pytest.mark.parametrize("text", ["store", "store=0", "store=99", "kafka=2", "web=1"])
def test_a_number_of_processes_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_processes(text)


@pytest.mark.parametrize("text", ["TIEOUT_X", "PATH=1", "web:TIEOUT_X=1", "=1", ":TIEOUT_X=1"])
def test_a_setting_of_another_program_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_variable(text)


def test_a_setting_may_hold_equal_signs() -> None:
    assert parse_variable("extractor:TIEOUT_FAULT_POINTS=a=b:1") == ("extractor:TIEOUT_FAULT_POINTS", "a=b:1")
