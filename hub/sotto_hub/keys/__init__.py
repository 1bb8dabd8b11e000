"""The hub's secrets at rest: one sealed vault, and one master key that lies in a keyring, in a file or in a head."""
