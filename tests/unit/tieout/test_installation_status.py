"""How an installation is said: as the contract has it for programs, as a table for people."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len

from shared.settings import Settings
from shared.topics import SERVICES, all_topics
from tieout.exit_codes import UserError
from tieout.installation import configuration as configurations
from tieout.installation import display
from tieout.installation.configuration import first_configuration
from tieout.installation.credentials import make_credentials, password
from tieout.installation.installation import Installation
from tieout.installation.layout import Layout
from tieout.installation.service_environment import refuse_wrong_settings
from tieout.installation.status import InstallationStatus, State


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    layout = Layout.of(tmp_path / "数据 目录")
    layout.root.mkdir(parents=True)
    configuration = msgspec.structs.replace(
        first_configuration(),
        processes={"extractor": 2},
        ports={**first_configuration().ports, "extractor-2": 8111},
        environment={"TIEOUT_SWEEP_SECONDS": "5", "extractor:TIEOUT_WORKERS": "7"},
    )
    configurations.save(configuration, layout.settings)
    make_credentials(layout)
    return Installation.open(layout.data)


def answered(installation: Installation, **states: State) -> InstallationStatus:
    """The status as a supervisor answers it; what is not named is up."""
    names = [name for part in ("kafka", "s3", "postgres", *SERVICES) for name in installation.configuration.names(part)]
    processes: list[dict[str, Any]] = [
        {
            "name": name,
            "state": states.get(name.replace("-", "_"), "up"),
            "pid": 100 + number,
            "started": 1,
            "restarts": number,
            "last_exit": "SIGKILL 2026-11-21T08:00:00+00:00" if number == 2 else None,
        }
        for number, name in enumerate(names)
    ]
    return InstallationStatus.of(installation, {"pid": 9, "processes": processes})


def test_the_status_has_the_fields_of_the_contract(installation: Installation) -> None:
    found = json.loads(msgspec.json.encode(answered(installation)))
    kafka, extractor = found["servers"][0], next(each for each in found["services"] if each["name"] == "extractor")
    assert {"name": "kafka", "pids": [100], "address": "127.0.0.1:9092", "state": "up"}.items() <= kafka.items()
    assert {"name": "extractor", "pids": [104, 105], "address": "127.0.0.1:8101", "state": "up", "restarts": 9}.items() <= extractor.items()
    assert [each["name"] for each in found["servers"]] == ["kafka", "s3", "postgres"]
    assert sorted(each["name"] for each in found["services"]) == sorted(SERVICES)
    assert {"endpoint": "http://127.0.0.1:9000", "bucket": "tieout-inbox"}.items() <= found["s3"].items()
    assert Path(found["s3"]["credentials"]).exists()
    assert found["kafka"]["topics"] == {topic.name: f"tieout.{topic.name}" for topic in all_topics()}
    assert found["kafka"]["bootstrap"] == "127.0.0.1:9092"
    assert found["data"] == str(installation.layout.data)
    assert answered(installation).is_up


def test_no_secret_is_in_it(installation: Installation) -> None:
    text = msgspec.json.encode(answered(installation)).decode()
    secrets = [*installation.s3_keys(), *(password(installation.layout.passwords, user) for user in ("postgres", "tieout"))]
    assert all(len(secret) >= 20 and secret not in text for secret in secrets)


def test_one_process_that_is_not_up_makes_its_part_and_the_whole_not_up(installation: Installation) -> None:
    found = answered(installation, extractor_2="restarting")
    assert {part.name: part.state for part in found.parts if part.state != "up"} == {"extractor": "restarting"}
    assert not found.is_up


def test_without_a_supervisor_nothing_is_up(installation: Installation) -> None:
    found = installation.status()
    assert {part.state for part in found.parts} == {"down"}
    assert found.supervisor.pid is None


def test_credentials_are_made_once_and_only_for_their_owner(installation: Installation) -> None:
    before = installation.s3_keys()
    make_credentials(installation.layout)
    assert installation.s3_keys() == before
    for path in (installation.layout.s3_credentials, installation.layout.passwords, installation.layout.settings):
        assert path.stat().st_mode & 0o077 == 0


def test_passwords_that_are_gone_are_not_made_anew_for_a_database_that_has_others(installation: Installation) -> None:
    installation.layout.cluster.mkdir()
    installation.layout.passwords.unlink()
    with pytest.raises(UserError, match="backup"):
        make_credentials(installation.layout)


def test_every_variable_of_a_service_is_a_setting_that_it_knows(installation: Installation) -> None:
    known = {f"TIEOUT_{name.upper()}" for name in Settings.model_fields}
    for process in ("store", "extractor", "extractor-2", "normalizer", "validator"):
        assert set(installation.environment(process)) <= known


def test_only_the_store_knows_the_database(installation: Installation) -> None:
    assert [name for name in SERVICES if "TIEOUT_DATABASE" in installation.environment(name)] == ["store"]


def test_processes_of_a_service_differ_in_port_name_and_scratch_folder(installation: Installation) -> None:
    first, second = installation.environment("extractor"), installation.environment("extractor-2")
    assert {name for name in first if first[name] != second[name]} == {"TIEOUT_HTTP_PORT", "TIEOUT_INSTANCE", "TIEOUT_WORK"}


def test_chosen_settings_stand_above_and_may_be_for_one_service(installation: Installation) -> None:
    assert {installation.environment(name)["TIEOUT_SWEEP_SECONDS"] for name in SERVICES} == {"5"}
    assert installation.environment("extractor-2")["TIEOUT_WORKERS"] == "7"
    assert installation.environment("validator")["TIEOUT_WORKERS"] != "7"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_columns_of_the_table_are_straight_in_both_languages(installation: Installation, language: str) -> None:
    lines = display.table(answered(installation, store="paused", extractor_2="restarting"), "zh" if language == "zh" else "en")
    starts = {cell_len(line[: line.index("127.0.0.1")]) for line in lines[1:9]}
    assert len(starts) == 1
    assert any("SIGKILL 08:00:00Z" in line for line in lines)


def test_commands_to_call_next_name_the_folder_as_it_has_to_be_typed(installation: Installation) -> None:
    assert any(f"--data '{installation.layout.data}'" in line for line in display.next_steps(installation, "en"))


def test_no_folder_has_an_installation_that_was_not_started(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="tieout up"):
        Installation.open(tmp_path)


def test_damaged_settings_are_named(installation: Installation) -> None:
    installation.layout.settings.write_text("{")
    with pytest.raises(UserError, match=r"settings\.json is damaged"):
        Installation.open(installation.layout.data)


def test_the_folder_of_metadata_does_not_look_like_one_inside_the_buckets(installation: Installation) -> None:
    # versitygw 1.7.0 compares the beginnings of the two paths, and refuses to start
    assert not str(installation.layout.sidecar).startswith(str(installation.layout.buckets))


def test_a_copy_of_the_data_folder_is_another_installation_and_a_link_to_it_is_not(installation: Installation, tmp_path: Path) -> None:
    shutil.copytree(installation.layout.data, tmp_path / "copy")
    (tmp_path / "link").symlink_to(installation.layout.data)
    assert Installation.open(tmp_path / "copy").owner != installation.owner
    assert Installation.open(tmp_path / "link").owner == installation.owner


@pytest.mark.parametrize("setting", [("TIEOUT_SWEEP_SECOND", "5"), ("store:TIEOUT_SWEEP_SECONDS", "soon"), ("TIEOUT_WORKERS", "0")])
def test_a_setting_that_no_service_would_take_is_refused_by_name(setting: tuple[str, str]) -> None:
    with pytest.raises(UserError) as problem:
        refuse_wrong_settings(dict([setting]))
    assert setting[0].rpartition(":")[2] in problem.value.message.en


def test_settings_that_services_take_are_accepted() -> None:
    refuse_wrong_settings({"extractor:TIEOUT_FAULT_POINTS": "x", "TIEOUT_SWEEP_SECONDS": "2.5", "TIEOUT_LOG_LEVEL": "debug"})
