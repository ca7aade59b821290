"""The four services of the pipeline; they never import each other (see docs/architecture.md)."""
