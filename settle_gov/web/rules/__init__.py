"""The rules of deadlines and escalation: read, tried out on what has passed, and edited."""
