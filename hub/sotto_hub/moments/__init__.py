"""Moments: utterances joined by capture time, and the event-time clock work that the mind runs on (pure)."""
