"""The Companion service: what people and programs use of the hub."""
