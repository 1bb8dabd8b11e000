"""The way in: what is worth keeping, what is known already, what it closes (pure files, and one shell `keep`)."""
