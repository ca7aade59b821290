"""What all services speak: contracts, money, identities of content, settings."""
