"""The store: one encrypted SQLite file: what was heard, what became of every span, who may speak to the hub."""
