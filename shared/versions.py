"""Versions of producers: which code, data and settings made a result (DESIGN: identity is content)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from shared.canonical import canonical_json

RELEASE = "0.1.0"


def producer_version(data: Iterable[bytes] = (), settings: Mapping[str, object] | None = None) -> str:
    """`RELEASE+d.HEX.s.HEX`: release, digest of the data used (catalogue, rules), digest of the settings that change results."""
    data_digest = hashlib.sha256()
    for piece in data:
        data_digest.update(hashlib.sha256(piece).digest())
    settings_digest = hashlib.sha256(canonical_json(dict(sorted((settings or {}).items()))))
    return f"{RELEASE}+d.{data_digest.hexdigest()[:8]}.s.{settings_digest.hexdigest()[:8]}"
