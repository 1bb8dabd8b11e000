"""What the companion offers, when, and what an answer to it changes."""
