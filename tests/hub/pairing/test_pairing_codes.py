"""The life of a code: five tries, one a second, ten minutes, one use; the few exchanges that wait for their proof."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.pairing.codes import (
    FINISH_NS,
    LIFE_NS,
    MOST_OPEN,
    REST_NS,
    TRIES,
    Attempt,
    LiveCode,
    Opened,
    attempt,
    is_same,
    make_code,
    open_until_ns,
    opened_by,
    taken,
    with_opened,
)
from sotto_proto.exchange import SharedKey
from sotto_proto.pairing import PeerRole

NOW = 1_000
KEY = SharedKey(b"key")


def fresh() -> LiveCode:
    return make_code(bytes(range(16)), PeerRole.DEVICE, NOW)


def waiting(name: str, expires_ns: int) -> Opened:
    return Opened(id=name, key=KEY, expires_ns=expires_ns)


def after_tries(number: int) -> LiveCode:
    code = fresh()
    for n in range(number):
        tried, left = attempt(code, NOW + n * REST_NS)
        assert (tried, left is not None) == (Attempt.OPENED, True)
        assert left is not None
        code = left
    return code


def test_five_tries_and_no_sixth() -> None:
    spent = after_tries(TRIES)
    assert spent.tries_left == 0
    assert attempt(spent, NOW + 60 * REST_NS)[0] is Attempt.DEAD
    assert attempt(None, NOW)[0] is Attempt.DEAD


@pytest.mark.parametrize(("later_ns", "wanted"), [(REST_NS - 1, Attempt.TOO_SOON), (REST_NS, Attempt.OPENED)])
def test_one_try_a_second_and_haste_costs_nothing(later_ns: int, wanted: Attempt) -> None:
    code = after_tries(1)
    tried, left = attempt(code, NOW + later_ns)
    assert tried is wanted
    assert left is not None
    assert left.tries_left == (TRIES - 1 if wanted is Attempt.TOO_SOON else TRIES - 2)


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    assert attempt(after_tries(1), NOW - 60 * REST_NS)[0] is Attempt.OPENED


@pytest.mark.parametrize(("later_ns", "wanted"), [(LIFE_NS - 1, Attempt.OPENED), (LIFE_NS, Attempt.DEAD)])
def test_it_lives_ten_minutes(later_ns: int, wanted: Attempt) -> None:
    assert attempt(fresh(), NOW + later_ns)[0] is wanted


def test_the_port_stays_open_for_the_last_try_to_be_finished() -> None:
    assert open_until_ns(fresh()) == NOW + LIFE_NS
    spent = after_tries(TRIES)
    assert spent.tried_ns is not None
    assert open_until_ns(spent) == spent.tried_ns + FINISH_NS
    assert open_until_ns(None) == 0


def test_an_exchange_does_not_outlive_its_code() -> None:
    assert opened_by(fresh(), "a", KEY, NOW).expires_ns == NOW + FINISH_NS
    assert opened_by(fresh(), "a", KEY, NOW + LIFE_NS - 1).expires_ns == NOW + LIFE_NS


def test_an_exchange_is_taken_once_and_in_time() -> None:
    known = (waiting("a", NOW + 10), waiting("b", NOW + 10))
    found, left = taken(known, "a", NOW)
    assert found is known[0]
    assert left == (known[1],)
    assert taken(left, "a", NOW)[0] is None
    assert taken(known, "b", NOW + 10)[0] is None
    assert taken(known, "", NOW)[0] is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 100), max_size=30))
def test_those_that_wait_are_few_and_the_newest_are_kept(expiries: list[int]) -> None:
    known: tuple[Opened, ...] = ()
    for n, expires_ns in enumerate(expiries):
        known = with_opened(known, waiting(str(n), expires_ns), n)
        assert len(known) <= MOST_OPEN
        assert known[-1].id == str(n)
        assert all(n < one.expires_ns for one in known[:-1])


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=16, max_size=32))
def test_digits_are_always_six_and_never_shown(entropy: bytes) -> None:
    code = make_code(entropy, PeerRole.DEVICE, NOW)
    assert len(code.digits) == 6
    assert code.digits.isdigit()
    assert "digits" not in repr(code)


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="random"):
        make_code(b"few", PeerRole.DEVICE, NOW)


def test_a_code_is_the_same_however_often_it_was_tried() -> None:
    assert is_same(after_tries(3), fresh())
    assert not is_same(make_code(bytes(16), PeerRole.DEVICE, NOW), fresh())
    assert not is_same(None, fresh())
