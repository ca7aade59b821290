"""Fakes for tests: clock, attempts, publishing, a broker in memory."""
