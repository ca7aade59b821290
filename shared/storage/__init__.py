"""Object storage: the port, its S3 adapter, and what is kept in it: artifacts, runs, attempts, decisions."""
