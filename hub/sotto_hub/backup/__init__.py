"""The whole home in one sealed file, and back again (docs/BACKUP.md)."""
