"""The way out: what a question asks for, and which memories answer it (pure files, and one shell `search`)."""
