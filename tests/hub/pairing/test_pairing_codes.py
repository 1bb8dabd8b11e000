"""The life of a code: five tries, ten minutes, one use, one role."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.pairing.codes import LIFE_NS, TRIES, Attempt, LiveCode, is_alive, make_code, spend
from sotto_proto.pairing import PeerRole

NOW = 1_000
DEVICE, CLIENT = PeerRole.DEVICE, PeerRole.CLIENT


def fresh() -> LiveCode:
    return make_code(bytes(range(16)), DEVICE, NOW)


def wrong(code: LiveCode) -> str:
    return str((int(code.digits) + 1) % 1_000_000).zfill(6)


def test_the_right_digits_are_accepted_once() -> None:
    code = fresh()
    attempt, left = spend(code, code.digits, DEVICE, NOW)
    assert (attempt, left) == (Attempt.ACCEPTED, None)
    assert spend(left, code.digits, DEVICE, NOW)[0] is Attempt.DEAD


def test_five_wrong_tries_kill_it() -> None:
    code: LiveCode | None = fresh()
    digits = fresh().digits
    for _ in range(TRIES):
        assert code is not None
        attempt, code = spend(code, wrong(code), DEVICE, NOW)
        assert attempt is Attempt.WRONG
    assert spend(code, digits, DEVICE, NOW)[0] is Attempt.DEAD


def test_the_fifth_try_may_still_be_right() -> None:
    code: LiveCode | None = fresh()
    for _ in range(TRIES - 1):
        assert code is not None
        _, code = spend(code, wrong(code), DEVICE, NOW)
    assert code is not None
    assert spend(code, code.digits, DEVICE, NOW)[0] is Attempt.ACCEPTED


@pytest.mark.parametrize(("later_ns", "alive"), [(LIFE_NS - 1, True), (LIFE_NS, False)])
def test_it_lives_ten_minutes(later_ns: int, alive: bool) -> None:
    code = fresh()
    assert is_alive(code, NOW + later_ns) is alive
    assert (spend(code, code.digits, DEVICE, NOW + later_ns)[0] is Attempt.ACCEPTED) is alive


@pytest.mark.parametrize("role", [CLIENT, None])
def test_another_role_costs_a_try(role: PeerRole | None) -> None:
    code = fresh()
    attempt, left = spend(code, code.digits, role, NOW)
    assert attempt is Attempt.OTHER_ROLE
    assert left is not None
    assert left.tries_left == TRIES - 1


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=16, max_size=32))
def test_digits_are_always_six_and_never_shown(entropy: bytes) -> None:
    code = make_code(entropy, DEVICE, NOW)
    assert len(code.digits) == 6
    assert code.digits.isdigit()
    assert "digits" not in repr(code)


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="random"):
        make_code(b"few", DEVICE, NOW)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=8))
def test_odd_digits_are_only_wrong(digits: str) -> None:
    code = fresh()
    if digits != code.digits:
        assert spend(code, digits, DEVICE, NOW)[0] is Attempt.WRONG
