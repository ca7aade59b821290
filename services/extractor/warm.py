"""Imported by the fork server of the service: children find the code and its libraries in memory, and share them."""

import pdfplumber  # noqa: F401 - .3 s, which the first document with a doubtful table would wait for

from services.extractor import work
from shared.limits import Limits

work.version(Limits())
