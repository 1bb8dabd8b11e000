"""What a person carries from the hub to a peer: read forgivingly, refused with a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_proto.code import TypedCode, for_eyes, is_name, pairing_link, read_code, spki_pin, split_address
from sotto_proto.errors import LinkError, PairingFailed
from sotto_proto.scopes import ALL_SCOPES, DEFAULT_SCOPES, checked_scopes


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 999_999), st.binary(min_size=1, max_size=200))
def test_a_code_survives_being_shown_and_typed(number: int, key: bytes) -> None:
    digits, pin = str(number).zfill(6), spki_pin(key)
    assert read_code(f" {digits[:3]} {digits[3:]}\n") == TypedCode(digits=digits)
    assert read_code(f"{digits[:3]}-{digits[3:]}") == TypedCode(digits=digits)
    assert read_code(f"  {digits} - {for_eyes(pin).lower()} ") == TypedCode(digits=digits, pin=pin)
    link = pairing_link("hub.local:7443", digits, pin)
    assert read_code(link) == TypedCode(digits=digits, pin=pin, address="hub.local:7443")


@pytest.mark.parametrize(
    ("address", "read"),
    [("10.0.0.2:8000", "10.0.0.2:8000"), ("[fd00::2]:8000", "[fd00::2]:8000"), ("hub", "hub:7443")],
)
def test_a_link_says_where(address: str, read: str) -> None:
    assert read_code(f"SOTTO://{address}/482913-ABCDEFGHJKMNPQRS").address == read


@pytest.mark.parametrize(("typed", "pin"), [("IL0OO", "11000"), ("il0oo", "11000")])
def test_misread_letters_are_forgiven(typed: str, pin: str) -> None:
    assert read_code(f"000000-{typed}ABCDEFGHJKM") == TypedCode(digits="000000", pin=f"{pin}ABCDEFGHJKM")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "12345",
        "1234567",
        "12345-ABCDEFGHJKMNPQRS",
        "12345a-ABCDEFGHJKMNPQRS",
        "123456-ABC",
        "123456-UBCDEFGHJKMNPQRS",
        "١٢٣٤٥٦",
        "sotto://hub:7443/",
        "https://hub:7443/123456",
    ],
)
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(PairingFailed, match="not a pairing code") as caught:
        read_code(code)
    assert caught.value.code == "code_form"


@pytest.mark.parametrize("code", ["sotto:///123456", "sotto://hub:0/123456", "sotto://hub:x/123456"])
def test_a_link_to_nowhere_is_refused(code: str) -> None:
    with pytest.raises(PairingFailed, match="not an address"):
        read_code(code)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60) | st.text(max_size=60).map(lambda words: f"sotto://{words}"))
def test_anything_else_is_a_sentence(typed: str) -> None:
    try:
        outcome = f"{len(read_code(typed).digits)} digits"
    except PairingFailed as refused:
        outcome = refused.code
    assert outcome in {"6 digits", "code_form", "address"}
    assert "digits" not in repr(TypedCode(digits="123456"))


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
    assert for_eyes(spki_pin(b"key")) == "5HRE-2AVT-0S3F-J8KS"
    assert len({spki_pin(bytes([i])) for i in range(32)}) == 32


@pytest.mark.parametrize(
    ("name", "fits"),
    [("pendant", True), (" x ", True), ("x" * 64, True), ("x" * 65, False), (" ", False), ("a\nb", False)],
)
def test_names(name: str, fits: bool) -> None:
    assert is_name(name) is fits


def test_scopes_are_known_words_in_their_usual_order() -> None:
    assert checked_scopes(["keep", "watch", "keep"]) == ("watch", "keep")
    assert checked_scopes([]) == DEFAULT_SCOPES
    assert set(ALL_SCOPES) - set(DEFAULT_SCOPES) == {"keep"}
    with pytest.raises(LinkError, match="no scope 'root'") as caught:
        checked_scopes(["watch", "root"])
    assert caught.value.code == "scope"
