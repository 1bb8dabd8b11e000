"""The vault's form: what is sealed opens with its key alone, and nothing of it can be exchanged."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.errors import UsageError
from sotto_hub.keys.passphrase import Costs, Passphrase
from sotto_hub.keys.vault import Lock, Place, Vault, WrongKey

MASTER = bytes(range(32))
SECRETS = {"database.key": b"\x00" * 32, "authority.pem": b"-----BEGIN"}
SMALL = Costs(salt=b"s" * 16, n=1 << 4)


@pytest.mark.parametrize(
    "lock",
    [
        Lock(place=Place.FILE),
        Lock(place=Place.KEYRING, entry="abc"),
        Lock(place=Place.PASSPHRASE, costs=Costs(salt=b"s" * 16)),
    ],
    ids=lambda lock: lock.place.value,
)
def test_what_was_sealed_comes_back(lock: Lock) -> None:
    written = Vault.of(SECRETS, lock, MASTER).written()
    vault = Vault.read(written)
    assert (vault.lock, vault.open(MASTER)) == (lock, SECRETS)
    assert b"BEGIN" not in written
    with pytest.raises(WrongKey):
        vault.open(bytes(32))


def test_a_lock_cannot_be_exchanged() -> None:
    told = json.loads(Vault.of(SECRETS, Lock(place=Place.KEYRING, entry="abc"), MASTER).written())
    told["lock"]["entry"] = "abd"
    with pytest.raises(WrongKey):
        Vault.read(json.dumps(told).encode()).open(MASTER)


def test_the_form_stays_what_it_is() -> None:
    """Written by the first version: it must open for ever."""
    golden = (
        b'{"version": 1, "lock": {"place": "passphrase", "scrypt": {"salt": "c3Nzc3Nzc3Nzc3Nzc3Nzcw==", "n": 16, '
        b'"r": 8, "p": 1}}, "nonce": "bm5ubm5ubm5ubm5u", "sealed": '
        b'"bRMgpjJKH39gEe7e7Qv3yvae3ziEHoJ0vPowto4/zFye9P2PkNyztk8nNjJN8vtmGs+ygYwJumUtric9"}'
    )
    vault = Vault.read(golden)
    assert vault.lock.costs == SMALL
    assert vault.open(SMALL.key(Passphrase(text="correct horse"))) == {"database.key": b"0123456789abcdef"}


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7), cut=st.booleans())
def test_a_damaged_vault_never_opens_and_never_breaks(at: int, bit: int, cut: bool) -> None:
    raw = bytearray(Vault.of(SECRETS, Lock(place=Place.FILE), MASTER).written())
    at %= len(raw)
    if cut:
        del raw[at:]
    else:
        raw[at] ^= 1 << bit
    try:
        opened = Vault.read(bytes(raw)).open(MASTER)
    except (ValueError, WrongKey):
        return
    assert opened == SECRETS  # a space among the JSON, or another letter for the same bits


@pytest.mark.parametrize(
    "scrypt",
    [
        {"n": 1 << 30, "r": 8, "p": 1},
        {"n": 1000, "r": 8, "p": 1},
        {"n": 16, "r": 0, "p": 1},
        {"n": 16, "r": 8, "p": 99},
    ],
)
def test_costs_that_would_exhaust_a_machine_are_refused(scrypt: dict[str, int]) -> None:
    told = json.loads(Vault.of(SECRETS, Lock(place=Place.PASSPHRASE, costs=SMALL), MASTER).written())
    told["lock"]["scrypt"].update(scrypt)
    with pytest.raises(ValueError, match="lacks"):
        Vault.read(json.dumps(told).encode())


def test_letters_count_not_how_a_keyboard_composes_them() -> None:
    assert SMALL.key(Passphrase(text="caf\u00e9 au lait")) == SMALL.key(Passphrase(text="cafe\u0301 au lait"))
    assert SMALL.key(Passphrase(text="cafe au lait")) != SMALL.key(Passphrase(text="caf\u00e9 au lait"))


def test_the_passphrase_is_long_enough_and_never_shown() -> None:
    with pytest.raises(UsageError, match="at least 8"):
        Passphrase.chosen("seven77")
    assert "horse" not in repr(Passphrase.chosen("correct horse"))
