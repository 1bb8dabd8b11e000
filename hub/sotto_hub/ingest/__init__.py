"""Ingest: frames come in, are heard, committed, acknowledged and understood, in this order."""
