"""Answers to the wearer: what was said, quoted with its time, or an abstention."""
