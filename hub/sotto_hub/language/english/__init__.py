"""English: numbers, times, commitments, facts, endings; each file one kind of phrase (pure)."""
