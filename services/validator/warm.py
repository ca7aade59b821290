"""Imported by the fork server of the service: children find the code, the rules and the second reader in memory, and share them."""

import pdfplumber  # noqa: F401 - .3 s, which the first document with a finding would wait for

from services.validator import work

work.version()
