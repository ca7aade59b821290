"""Which installation a command means, and that no secret of it is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.tieout.operations_site import Site, site

from shared.storage.ports import StorageUnavailableError
from tieout.cli import main
from tieout.exit_codes import NOT_AVAILABLE, USAGE, UserError
from tieout.installation import configuration
from tieout.installation.layout import Layout
from tieout.operations.target import Target, brief

__all__ = ["site"]

ELSEWHERE = {"TIEOUT_KAFKA_BOOTSTRAP": "kafka.example:9092"}


def installation(folder: Path) -> Path:
    layout = Layout.of(folder)
    layout.root.mkdir(parents=True)
    configuration.save(configuration.first_configuration(), layout.settings)
    return folder


COMMANDS = [
    ["put", __file__], ["watch", "--once"], ["trace", "x"], ["subscribe"], ["dlq", "list"], ["dlq", "show", "x"], ["dlq", "redrive", "--all"],
    ["dlq", "discard", "x", "--why", "y"], ["reprocess", "--from", "extract", "--all"], ["activate"], ["audit"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_an_installation_every_command_says_so_in_one_line(
    command: list[str], language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TIEOUT_KAFKA_BOOTSTRAP", "TIEOUT_S3_ENDPOINT", "TIEOUT_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    assert main([*command, "--data", str(tmp_path), "--lang", language]) == NOT_AVAILABLE
    line = capsys.readouterr().err
    assert len(line.splitlines()) == 1
    assert "tieout up" in line


def test_an_installation_in_the_folder_comes_before_the_environment(tmp_path: Path) -> None:
    target = Target.of(installation(tmp_path / "data"), ELSEWHERE)
    assert target.settings.kafka_bootstrap == "127.0.0.1:9092"
    assert target.local is not None


def test_the_settings_of_a_local_installation_take_nothing_from_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_KAFKA_USER", "someone")
    assert Target.of(installation(tmp_path / "data")).settings.kafka_user == ""


def test_without_one_the_environment_says_where_it_is(tmp_path: Path) -> None:
    target = Target.of(tmp_path, ELSEWHERE)
    assert target.settings.kafka_bootstrap == "kafka.example:9092"
    assert target.local is None
    assert target.option == ""


def test_other_variables_of_ours_name_no_installation(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        Target.of(tmp_path, {"TIEOUT_TRACEBACK": "1", "TIEOUT_KAFKA_BOOTSTRAP": ""})


def test_a_wrong_setting_is_named_without_its_value(tmp_path: Path) -> None:
    with pytest.raises(UserError) as problem:
        Target.of(tmp_path, {**ELSEWHERE, "TIEOUT_WORKERS": "hunter2"})
    assert problem.value.exit_code == USAGE
    assert "TIEOUT_WORKERS" in problem.value.message.en
    assert "hunter2" not in problem.value.message.en + problem.value.message.zh


def test_a_command_that_needs_the_database_says_which_setting_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="TIEOUT_DATABASE"), Target.of(tmp_path, ELSEWHERE).ledger():
        pass


def test_no_secret_is_shown_where_a_server_does_not_answer(tmp_path: Path) -> None:
    secrets = {
        **ELSEWHERE,
        "TIEOUT_DATABASE": "postgresql://user:hunter2@127.0.0.1:9/none?connect_timeout=2",
        "TIEOUT_S3_SECRET_KEY": "hunter2",
        "TIEOUT_KAFKA_PASSWORD": "hunter2",
    }
    target = Target.of(tmp_path, secrets)
    with pytest.raises(UserError) as problem, target.told(), target.ledger():
        pass
    assert problem.value.exit_code == NOT_AVAILABLE
    assert "127.0.0.1:9" in problem.value.message.en
    assert "hunter2" not in f"{problem.value.message} {target} {problem.value}"


def test_a_storage_that_does_not_answer_is_named_with_its_address(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.storage.failure = StorageUnavailableError("storage.unavailable", "connection refused")
    assert main(["audit", *site.data]) == NOT_AVAILABLE
    line = capsys.readouterr().err
    assert "object storage at http://127.0.0.1:9 does not answer (connection refused)" in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (
            "HTTPConnectionPool(host='x'): Max retries (Caused by NewConnectionError('[Errno 111] Connection refused'))",
            "connection refused",
        ),
        ("KafkaConnectionError: Unable to bootstrap from [('127.0.0.1', 9092)]", "connection refused"),
        ('FATAL: password authentication failed for user "tieout"', "credentials not accepted"),
        ("connection timeout expired; timed out", "timed out"),
        ("could not translate host name: Name or service not known", "unknown host name"),
        ("something\nelse\x1b[31m", "something else"),
    ],
)
def test_the_reason_is_said_in_a_few_words(why: str, told: str) -> None:
    zh, en = brief(why)
    assert en == told
    assert "\x1b" not in zh
