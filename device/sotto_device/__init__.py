"""The daemon on the wearable: it senses, gates, waits and sends; it never understands and never records."""
