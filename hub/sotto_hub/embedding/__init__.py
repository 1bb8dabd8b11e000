"""Vectors for the memory, made by a model server of the keeper's own: adapters, and the idle work of asking them."""
