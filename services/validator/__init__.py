"""Facts → verdict: intervals, identities, checks, findings, messages."""
