"""The hub: frames become words, moments, memories and now and then a suggestion; and all that a person types."""
