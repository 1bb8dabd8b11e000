"""For every test: no hub that a test starts touches the keyring of whoever runs the tests."""

import os

os.environ["SOTTO_KEYS"] = "file"
os.environ.pop("SOTTO_PASSPHRASE", None)
