"""The words that a person carries from the hub to a peer: the pairing code, its link, and the address (pure).

A code is six secret digits: `482913`. They are typed, or scanned as a link that also says where the hub is and how to
know it: `sotto://192.168.1.20:7443/482913-ABCDEFGHJKMNPQRS`. Behind the dash stands the hub's fingerprint: the first
80 bits of SHA-256 over its authority's DER SubjectPublicKeyInfo, in Crockford's base 32 (without I, L, O, U).
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from sotto_proto.channel import DEFAULT_PORT
from sotto_proto.errors import PairingFailed

DIGITS: Final = 6
PIN_CHARACTERS: Final = 16
NAME_CHARACTERS: Final = 64
SCHEME: Final = "sotto://"
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans("ILO", "110")
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCode:
    """What a person typed or scanned. `pin` and `address` (HOST:PORT) are empty when it does not say."""

    digits: str = field(repr=False)
    pin: str = ""
    address: str = ""


def spki_pin(spki_der: bytes) -> str:
    """The fingerprint of a public key, 16 characters."""
    bits = int.from_bytes(sha256(spki_der).digest()[:10], "big")
    return "".join(_ALPHABET[(bits >> shift) & 31] for shift in range(75, -1, -5))


def for_eyes(pin: str) -> str:
    """A fingerprint in groups of four, to be compared with another by a person."""
    return "-".join(pin[start : start + 4] for start in range(0, len(pin), 4))


def pairing_link(address: str, digits: str, pin: str) -> str:
    """What the QR code says."""
    return f"{SCHEME}{address}/{digits}-{pin}"


def read_code(typed: str) -> TypedCode:
    """A code as a person typed it: `482913`, `482 913`, `482913-FINGERPRINT`, or the whole link.

    Spaces, case and misread letters (I, L, O) are forgiven. Raises `PairingFailed`: `code_form` or `address`.
    """
    words = "".join(typed[:_LONGEST].split())
    address = ""
    if words.lower().startswith(SCHEME):
        address, _, words = words[len(SCHEME) :].partition("/")
        host, port = split_address(address)
        address = f"{bracketed(host)}:{port}"
    plain = words.upper().replace("-", "")
    digits, pin = plain[:DIGITS], plain[DIGITS:].translate(_MISREAD)
    if not _are_digits(digits) or (pin and not _is_pin(pin)):
        raise PairingFailed("code_form", "that is not a pairing code: it is six digits such as 482913, or the link")
    return TypedCode(digits=digits, pin=pin, address=address)


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


def bracketed(host: str) -> str:
    """A host as it stands before a colon and a port."""
    return f"[{host}]" if ":" in host else host


def is_name(name: str) -> bool:
    """Whether a peer may be called so: 1 to 64 printable characters, and not only spaces."""
    return 0 < len(name.strip()) <= NAME_CHARACTERS and name.strip().isprintable()


def _are_digits(digits: str) -> bool:
    return len(digits) == DIGITS and digits.isascii() and digits.isdigit()


def _is_pin(pin: str) -> bool:
    return len(pin) == PIN_CHARACTERS and not set(pin) - set(_ALPHABET)
