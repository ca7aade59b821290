"""Databases, artifact folders and export formats."""
