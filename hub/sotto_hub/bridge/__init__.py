"""The bridge from moments to memory: findings become commitments and facts, moments become episodes."""
