"""Verify: after an erasure, every byte of the home is searched for the words that were erased."""
