"""The command line and the one-process composition: the only place that imports several services."""
