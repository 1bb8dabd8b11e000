"""The keyring of the operating system (Secret Service, KWallet, macOS Keychain, Windows), through `keyring`.

A backend counts when it is a recommended one and gives back what it was given: an absent keyring, one that stores
nothing and one that refuses are all "none".
"""

import logging
import secrets
from base64 import b64decode, b64encode
from typing import Final

from sotto_hub.errors import HomeError

LOG: Final = logging.getLogger("sotto.keys")
SERVICE: Final = "sotto-hub"


def has_keyring() -> bool:
    """Whether there is a keyring that keeps what it is given."""
    import keyring

    try:
        if keyring.get_keyring().priority < 1:
            return False
        probe = f"probe-{secrets.token_hex(8)}"
        keyring.set_password(SERVICE, probe, probe)
        kept = keyring.get_password(SERVICE, probe) == probe
        keyring.delete_password(SERVICE, probe)
    except Exception as error:  # noqa: BLE001  (backends are other people's, and fail in their own ways)
        LOG.info("no keyring: %s", type(error).__name__)
        return False
    return kept


def put(entry: str, key: bytes) -> None:
    """Keeps a key. Raises `HomeError` with code `keyring`."""
    import keyring

    try:
        keyring.set_password(SERVICE, entry, b64encode(key).decode())
        if get(entry) == key:
            return
    except Exception as error:
        raise HomeError("keyring", "the keyring of this account refused to keep the hub's key") from error
    raise HomeError("keyring", "the keyring of this account did not keep the hub's key")


def get(entry: str) -> bytes:
    """A key that was kept. Raises `HomeError` with code `keyring`."""
    import keyring

    try:
        found = keyring.get_password(SERVICE, entry)
        if found:
            return b64decode(found)
    except Exception as error:
        raise HomeError(
            "keyring", "the keyring of this account does not give the hub's key: unlock it, then start again"
        ) from error
    raise HomeError(
        "keyring",
        "the keyring of this account does not hold the hub's key: the home belongs to another account, "
        "or was copied; a backup can be restored anywhere",
    )


def drop(entry: str) -> None:
    """Takes a key away, as far as the keyring lets us: it opens nothing any more."""
    import keyring

    try:
        keyring.delete_password(SERVICE, entry)
    except Exception as error:  # noqa: BLE001  (backends are other people's, and fail in their own ways)
        LOG.warning("the old key stays in the keyring, it opens nothing: %s", type(error).__name__)
