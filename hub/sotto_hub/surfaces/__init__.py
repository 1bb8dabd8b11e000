"""Surfaces: what people see and type; they know only the client of the Companion API (the end of the path)."""
