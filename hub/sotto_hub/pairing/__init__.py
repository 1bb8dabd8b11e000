"""Pairing: who may speak to the hub, and how somebody new becomes one of them."""
