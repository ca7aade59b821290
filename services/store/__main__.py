"""`python -m services.store`: the store as a service, with the settings of the environment (docs/settings.md)."""

from __future__ import annotations

import sys

from services.store.app import build
from shared.delivery.service import launch

if __name__ == "__main__":
    sys.exit(launch("store", build))
