"""What a person carries from the hub to a peer: read forgivingly, refused with a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_proto.code import join_code, spki_pin, split_address, split_code
from sotto_proto.errors import PairingFailed


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 999_999), st.binary(min_size=1, max_size=200))
def test_a_code_survives_being_shown_and_typed(number: int, key: bytes) -> None:
    digits, pin = str(number).zfill(6), spki_pin(key)
    assert split_code(join_code(digits, pin)) == (digits, pin)
    assert split_code(f"  {digits} - {pin.lower()} ") == (digits, pin)


@pytest.mark.parametrize(("typed", "pin"), [("IL0OO", "11000"), ("il0oo", "11000")])
def test_misread_letters_are_forgiven(typed: str, pin: str) -> None:
    assert split_code(f"000000-{typed}ABCDEFGHJKM") == ("000000", f"{pin}ABCDEFGHJKM")


@pytest.mark.parametrize(
    "code",
    ["", "123456", "12345-ABCDEFGHJKMNPQRS", "12345a-ABCDEFGHJKMNPQRS", "123456-ABC", "123456-UBCDEFGHJKMNPQRS"],
)
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(PairingFailed, match="not a pairing code") as caught:
        split_code(code)
    assert caught.value.code == "code_form"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("hub.local", ("hub.local", 7443)),
        ("192.168.1.20:8000", ("192.168.1.20", 8000)),
        ("[::1]:8000", ("::1", 8000)),
        ("[fe80::1]", ("fe80::1", 7443)),
    ],
)
def test_addresses(address: str, expected: tuple[str, int]) -> None:
    assert split_address(address) == expected


@pytest.mark.parametrize("address", ["", ":7443", "hub:", "hub:port", "hub:0", "hub:65535", "hub:99999", "hub:-1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(PairingFailed, match="not an address"):
        split_address(address)


def test_a_pin_is_the_first_80_bits_of_the_keys_hash() -> None:
    assert spki_pin(b"key") == "5HRE2AVT0S3FJ8KS"
    assert len({spki_pin(bytes([i])) for i in range(32)}) == 32
