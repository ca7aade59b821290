"""The compose file and the Dockerfile fit each other and the code: targets, modules, ports, variables, files, limits."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.settings import Settings
from shared.topics import SERVICES

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = ROOT / "deploy/compose.yaml"
OURS = (*SERVICES, "prepare")
SETTINGS = {f"TIEOUT_{name.upper()}" for name in Settings.model_fields}
BUILD_ONLY = {"TIEOUT_VENV"}  # of bin/install.py
WORDS = re.compile(r"\bTIEOUT_[A-Z0-9_]+\b")


@dataclass
class Stage:
    """A stage of the Dockerfile with its instructions."""

    name: str
    base: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        return [rest for instruction, rest in self.instructions if instruction == word]


def stages() -> dict[str, Stage]:
    text = re.sub(r"\\\n", " ", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"))
    found: dict[str, Stage] = {}
    stage: Stage | None = None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stage = found.setdefault(name, Stage(name, base))
        elif stage is not None:
            stage.instructions.append((word, rest.strip()))
    return found


def with_bases(name: str) -> list[Stage]:
    """A stage after those that it stands on."""
    stage = stages()[name]
    return [*with_bases(stage.base), stage] if stage.base in stages() else [stage]


def last(name: str, word: str) -> str:
    return [rest for stage in with_bases(name) for rest in stage.all(word)][-1]


def environment_of(name: str) -> dict[str, str]:
    pairs = [pair for stage in with_bases(name) for line in stage.all("ENV") for pair in shlex.split(line)]
    return dict(pair.split("=", 1) for pair in pairs)


def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))


def service(name: str) -> dict[str, Any]:
    return compose()["services"][name]


def module_of(command: list[str]) -> str:
    return command[command.index("-m") + 1]


def megabytes(text: str) -> int:
    return int(text[:-1]) * {"m": 1, "g": 1024}[text[-1]]


def test_the_compose_file_is_one() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", OURS)
def test_an_image_is_built_from_a_target_that_exists(name: str) -> None:
    build = service(name)["build"]
    assert build["target"] == ("cli" if name == "prepare" else name)
    assert build["target"] in stages()
    assert (COMPOSE.parent / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()


@pytest.mark.parametrize("name", OURS)
def test_what_a_container_runs_exists_and_is_in_its_image(name: str) -> None:
    target = service(name)["build"]["target"]
    command = service(name).get("entrypoint") or json.loads(last(target, "ENTRYPOINT"))
    module = module_of(command)
    found = importlib.util.find_spec(module)
    assert found is not None
    if found.submodule_search_locations:
        assert importlib.util.find_spec(f"{module}.__main__") is not None
    copied = [line.split()[0] for stage in with_bases(target) for line in stage.all("COPY") if not line.startswith("--from")]
    assert any(module.replace(".", "/").startswith(source) for source in copied)


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_holds_its_own_service_and_no_other(name: str) -> None:
    copied = {line.split()[0] for stage in with_bases(name) for line in stage.all("COPY") if not line.startswith("--from")}
    assert copied == {"services/__init__.py", "shared", f"services/{name}"}


def test_what_is_copied_exists_and_reaches_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    for stage in stages().values():
        for line in stage.all("COPY"):
            if line.startswith("--from="):
                assert line.split()[0].removeprefix("--from=") in stages()
                continue
            source = line.split()[0]
            assert (ROOT / source).exists()
            assert any(source == path or source.startswith(f"{path}/") for path in let_through)


def test_packages_are_installed_as_locked_from_groups_that_exist() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    groups = {group for line in re.findall(r"^# groups: (.*)$", lock, flags=re.MULTILINE) for group in line.split()}
    installs = [command for stage in stages().values() for command in stage.all("RUN") if "install.py" in command]
    assert len(installs) == 3
    for command in installs:
        wanted = command.split("&&")[0].split()[2:]
        assert set(wanted) <= groups
        assert {"core", "services"} <= set(wanted)
        assert "dev" not in wanted


@pytest.mark.parametrize("name", [*SERVICES, "cli"])
def test_an_image_runs_as_nobody_in_particular_and_ends_on_sigterm(name: str) -> None:
    assert last(name, "USER") == "10001:10001"
    assert last(name, "STOPSIGNAL") == "SIGTERM"
    assert with_bases(name)[-1].instructions[-1][0] == "ENTRYPOINT"
    commands = " ".join(command for stage in with_bases(name) for command in stage.all("RUN"))
    assert not re.search(r"\b(apt|apt-get|apk|gcc|curl|wget)\b", commands)


@pytest.mark.parametrize("name", OURS)
def test_a_container_writes_nowhere_but_to_its_scratch_folders(name: str) -> None:
    told = service(name)
    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    mounts = {mount.partition(":")[0]: mount for mount in told["tmpfs"]}
    assert set(mounts) == {"/tmp", environment_of(told["build"]["target"])["TIEOUT_WORK"]}
    assert "uid=10001" in mounts["/work"]
    assert "volumes" not in told


@pytest.mark.parametrize("name", SERVICES)
def test_scratch_folders_leave_memory_for_the_work(name: str) -> None:
    told = service(name)
    scratch = sum(megabytes(size) for mount in told["tmpfs"] for size in re.findall(r"size=(\d+[mg])", mount))
    assert megabytes(told["mem_limit"]) >= 2 * scratch
    if name == "extractor":
        assert megabytes(told["mem_limit"]) - scratch >= int(told["environment"]["TIEOUT_WORKERS"]) * 1536


def test_every_variable_is_a_setting() -> None:
    named = set(WORDS.findall(COMPOSE.read_text(encoding="utf-8") + (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")))
    assert named - SETTINGS <= BUILD_ONLY
    assert set(WORDS.findall((ROOT / "deploy/make-secrets").read_text(encoding="utf-8"))) <= SETTINGS


@pytest.mark.parametrize("name", OURS)
def test_the_settings_of_a_container_are_valid(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {**environment_of(service(name)["build"]["target"]), **service(name)["environment"]}
    for variable, value in values.items():
        if variable in SETTINGS:
            monkeypatch.setenv(variable, str(value))
    settings = Settings()
    assert settings.production is True
    assert settings.kafka_bootstrap == "kafka:9092"


@pytest.mark.parametrize("name", SERVICES)
def test_the_health_check_asks_the_port_that_the_service_listens_on(name: str) -> None:
    port = {**environment_of(name), **service(name)["environment"]}["TIEOUT_HTTP_PORT"]
    assert last(name, "EXPOSE") == port
    check = last(name, "HEALTHCHECK")
    assert "TIEOUT_HTTP_PORT" in check
    assert "/healthz" in check
    (published,) = service(name)["ports"]
    host, outside, inside = published.split(":")
    assert (host, inside) == ("127.0.0.1", port)
    assert outside != port


def test_the_health_check_is_python_that_compiles() -> None:
    words = json.loads(last("store", "HEALTHCHECK").partition("CMD ")[2])
    assert words[:2] == ["python", "-c"]
    compile(words[2], "healthcheck", "exec")


def test_published_ports_differ_and_are_seen_on_this_machine_only() -> None:
    ports = [port for told in compose()["services"].values() for port in told.get("ports", [])]
    outside = [port.split(":")[1] for port in ports]
    assert len(set(outside)) == len(outside)
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_container_has_a_memory_limit_bounded_logs_and_comes_again() -> None:
    for name, told in compose()["services"].items():
        assert megabytes(told["mem_limit"]) > 0, name
        assert told["logging"]["options"]["max-size"], name
        assert told["restart"] == ("on-failure" if name == "prepare" else "unless-stopped"), name


def test_images_are_pinned_by_version() -> None:
    images = [told["image"] for told in compose()["services"].values()]
    assert all(re.search(r":v?\d+(\.\d+)*$", image) for image in images)
    assert re.search(r"python:3\.13-", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"))


def test_a_service_is_given_longer_to_stop_than_it_takes_to_drain() -> None:
    drain = Settings.model_fields["drain_seconds"].default
    assert all(int(service(name)["stop_grace_period"].removesuffix("s")) > drain for name in SERVICES)


def test_what_is_waited_for_has_a_health_check_or_ends() -> None:
    services = compose()["services"]
    for told in services.values():
        for name, wish in told.get("depends_on", {}).items():
            if wish["condition"] == "service_healthy":
                assert "healthcheck" in services[name]
            else:
                assert wish["condition"] == "service_completed_successfully"
                assert name == "prepare"


def test_secrets_come_from_files_and_each_service_gets_its_own_only() -> None:
    files = {name: told.get("env_file", []) for name, told in compose()["services"].items()}
    assert files["store"] == ["secrets/s3.env", "secrets/database.env"]
    assert all(files[name] == ["secrets/s3.env"] for name in OURS if name != "store")
    for told in compose()["services"].values():
        named = " ".join(f"{key}={value}" for key, value in told.get("environment", {}).items())
        assert not re.search(r"(?i)password=|secret|_key=|TIEOUT_DATABASE", named)


def test_the_files_with_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    script = tmp_path / "make-secrets"
    script.write_bytes((ROOT / "deploy/make-secrets").read_bytes())
    run = [sys.executable, str(script)]
    assert subprocess.run(run, check=False, capture_output=True).returncode == 0
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    wanted = {Path(file).name for told in compose()["services"].values() for file in told.get("env_file", [])}
    assert set(made) == wanted
    assert all((tmp_path / "secrets" / name).stat().st_mode & 0o777 == 0o600 for name in made)
    assert subprocess.run(run, check=False, capture_output=True).returncode == 0
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made
    (tmp_path / "secrets" / "s3.env").unlink()
    assert subprocess.run(run, check=False, capture_output=True).returncode == 2
    assert not (tmp_path / "secrets" / "s3.env").exists()


@pytest.mark.parametrize("name", [*SERVICES, "cli"])
def test_what_is_copied_into_an_image_is_all_that_its_program_imports(name: str, tmp_path: Path) -> None:
    for line in [line for stage in with_bases(name) for line in stage.all("COPY") if not line.startswith("--from")]:
        source, destination = line.split()
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / destination, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (tmp_path / destination).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, tmp_path / destination)
    folder = tmp_path / ("tieout" if name == "cli" else f"services/{name}")
    modules = [".".join(path.relative_to(tmp_path).with_suffix("").parts) for path in sorted(folder.rglob("*.py"))]
    wanted = [each.removesuffix(".__init__") for each in modules if "migrations" not in each and not each.endswith("__main__")]
    program = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\nprint(sys.modules['shared'].__file__)"
    variables = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", "-c", program, *wanted]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith(str(tmp_path))
