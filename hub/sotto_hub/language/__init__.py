"""What the hub understands of a spoken language: records, one small protocol, one folder per language."""
