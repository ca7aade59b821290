"""PDF libraries behind the extractor's ports."""
