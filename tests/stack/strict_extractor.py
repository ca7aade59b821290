"""The extractor with limits that a hostile file reaches within seconds: `python strict_extractor.py`."""

from __future__ import annotations

import sys

from services.extractor.app import create_app
from shared.delivery.service import launch
from shared.limits import Limits

LIMITS = Limits(seconds=4.0, memory_bytes=600_000_000)

if __name__ == "__main__":
    sys.exit(launch("extractor", lambda settings: create_app(settings, limits=LIMITS)))
