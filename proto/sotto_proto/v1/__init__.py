"""Generated code of `sotto.v1`; `make proto` writes it, a test compares it."""
