"""The words that a person carries from the hub to a peer: the pairing code and the address (pure).

A code is six secret digits, a dash, and the pin of the hub's authority: `482913-ABCDEFGHJKMNPQRS`. The pin is the
first 80 bits of SHA-256 over the DER SubjectPublicKeyInfo, in Crockford's base 32 (16 characters without I, L, O, U).
"""

from hashlib import sha256
from typing import Final

from sotto_proto.channel import DEFAULT_PORT
from sotto_proto.errors import PairingFailed

DIGITS: Final = 6
PIN_CHARACTERS: Final = 16
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans("ILO", "110")


def spki_pin(spki_der: bytes) -> str:
    """The pin of a public key, 16 characters."""
    bits = int.from_bytes(sha256(spki_der).digest()[:10], "big")
    return "".join(_ALPHABET[(bits >> shift) & 31] for shift in range(75, -1, -5))


def join_code(digits: str, pin: str) -> str:
    """The code as it is shown."""
    return f"{digits}-{pin}"


def split_code(code: str) -> tuple[str, str]:
    """Digits and pin of a code as a person typed it: spaces, case and misread letters (I, L, O) are forgiven.

    Raises `PairingFailed` with code `code_form`.
    """
    digits, _, pin = "".join(code.split()).upper().partition("-")
    pin = pin.replace("-", "").translate(_MISREAD)
    digits_ok = len(digits) == DIGITS and digits.isascii() and digits.isdigit()
    if not digits_ok or len(pin) != PIN_CHARACTERS or set(pin) - set(_ALPHABET):
        raise PairingFailed("code_form", "that is not a pairing code: it looks like 482913-ABCDEFGHJKMNPQRS")
    return digits, pin


def split_address(address: str) -> tuple[str, int]:
    """Host and port of HOST, HOST:PORT or [IPV6]:PORT; the port is the link's (7443 when it is left out).

    Raises `PairingFailed` with code `address`. Port 65535 is refused: pairing needs the next one.
    """
    host, colon, port = address.strip().rpartition(":")
    if not colon or port.endswith("]"):
        host, port = address.strip(), str(DEFAULT_PORT)
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65535:
        raise PairingFailed("address", f"'{address}' is not an address: it looks like 192.168.1.20:7443")
    return host, int(port)
