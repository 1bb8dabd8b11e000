"""The link: what a device and a hub say to each other (the first room of the path)."""
