"""`python -m services.validator`: the validator as a service, with the settings of the environment (docs/settings.md)."""

from __future__ import annotations

import sys

from services.validator.app import create_app
from shared.delivery.service import launch

if __name__ == "__main__":
    sys.exit(launch("validator", create_app))
