"""What the memory knows of the English language: words that say little, roots, days (pure)."""
