"""Replay for examination: recorded days through the real programs, and what came of it as events."""
