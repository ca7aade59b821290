"""Imported by the fork server of the service: children find the code and the catalogue in memory, and share it."""

from services.normalizer import work

work.version()
