"""What senses: a microphone, or a recorded day that is sensed again."""
