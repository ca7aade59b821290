"""Delivery at least once: what was received, what goes out, the retry policy, dead letters, and the runner on Kafka."""
