#!/usr/bin/env python3
"""Makes docs/sbom.cdx.json (CycloneDX 1.6) from what is locked: Python packages, Kafka's jars, the S3 server. `--check` compares (CI).

The same inputs give the same bytes: no time, and the serial number is made of the content. A Python package has one hash for each wheel;
those stand in requirements.lock, which pip checks at installation.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from shared.versions import RELEASE  # noqa: E402 (the path is set above)
from tieout.installation.machine import GATEWAY_MODULE, GATEWAY_VERSION  # noqa: E402 (the path is set above)

FILE: Final = ROOT / "docs" / "sbom.cdx.json"
JARS: Final = ROOT / "deploy" / "local" / "kafka" / "jars.sha256"
ROOT_REF: Final = f"pkg:generic/tieout@{RELEASE}"
_JAR: Final = re.compile(r"(?P<name>.+?)-(?P<version>\d[\w.-]*)\.jar")


def python_packages() -> list[dict[str, Any]]:
    """Components of requirements.lock; a package locked in two versions (for different Pythons) stands twice."""
    found, groups = [], ""
    licences = _licences()
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if line.startswith("# groups: "):
            groups = line.removeprefix("# groups: ")
        elif match := re.match(r"([a-z0-9][a-z0-9._-]*)==([^\s;]+)", line):
            name, version = match[1], match[2]
            found.append(
                {
                    "type": "library",
                    "bom-ref": f"pkg:pypi/{name}@{version}",
                    "name": name,
                    "version": version,
                    "scope": _scope(groups.split()),
                    **({"licenses": [{"license": {"name": licences[name]}}]} if name in licences else {}),
                    "purl": f"pkg:pypi/{name}@{version}",
                    "properties": [{"name": "tieout:groups", "value": groups}],
                }
            )
    return found


def _scope(groups: list[str]) -> str:
    """required: every run needs it; optional: an extra does; excluded: only the development of tieout."""
    if "core" in groups:
        return "required"
    return "excluded" if groups == ["dev"] else "optional"


def _licences() -> dict[str, str]:
    """Package name → licence, as docs/licenses.md says."""
    lines = (ROOT / "docs" / "licenses.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ") and not line.startswith("| package")]
    return {row[0]: row[2] for row in rows if len(row) == 4}


def servers() -> list[dict[str, Any]]:
    """Components of a local installation that are no Python packages."""
    found = []
    for line in JARS.read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        match = _JAR.fullmatch(name)
        if match is None:
            raise ValueError(f"{JARS.name}: {name} is not NAME-VERSION.jar")
        found.append(
            {
                "type": "library",
                "bom-ref": f"jar:{name}",
                "name": match["name"],
                "version": match["version"],
                "scope": "optional",
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "properties": [{"name": "tieout:groups", "value": "local"}],
            }
        )
    gateway = f"pkg:golang/{GATEWAY_MODULE}@{GATEWAY_VERSION}"
    found.append(
        {
            "type": "application",
            "bom-ref": gateway,
            "name": GATEWAY_MODULE,
            "version": GATEWAY_VERSION,
            "scope": "optional",
            "licenses": [{"license": {"name": "Apache-2.0"}}],
            "purl": gateway,
            "properties": [{"name": "tieout:groups", "value": "local"}],
        }
    )
    return found


def bill() -> dict[str, Any]:
    """The bill of materials."""
    components = sorted([*python_packages(), *servers()], key=lambda each: each["bom-ref"])
    content = json.dumps(components, sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ROOT_REF,
                "name": "tieout",
                "version": RELEASE,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": ROOT_REF, "dependsOn": [each["bom-ref"] for each in components]}],
    }


def main() -> int:
    """Writes or checks the file; returns the exit code."""
    text = json.dumps(bill(), ensure_ascii=False, indent=1) + "\n"
    if "--check" in sys.argv:
        if not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
            print("docs/sbom.cdx.json is stale: run tools/sbom.py", file=sys.stderr)
            return 1
        return 0
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
