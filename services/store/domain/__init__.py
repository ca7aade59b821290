"""Pure: what a stored document is, ids and digests."""
