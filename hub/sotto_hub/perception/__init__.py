"""Perception: what frames mean. Today the hub hears; looking and seeing come later."""
