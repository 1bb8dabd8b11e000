"""Who may be called: this machine, what the keeper named, mDNS where it may be spoken, and nobody else."""

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.egress.policy import Policy, is_loopback, read_allowed
from sotto_hub.errors import UsageError

NAMED = Policy.of(["192.168.1.5:11434", "[fd00::5]:80"], discovery=False)
FOUND = Policy.of([], discovery=True)


@pytest.mark.parametrize(
    ("host", "port"),
    [("127.0.0.1", 1), ("127.8.8.8", 1), ("::1", 443), ("::ffff:127.0.0.1", 1), ("localhost", 80), ("", 0)],
)
def test_this_machine_may_be_called(host: str, port: int) -> None:
    assert Policy().permits(host, port)


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("192.0.2.1", 443),
        ("8.8.8.8", 53),
        ("192.168.1.5", 11434),
        ("2001:db8::1", 443),
        ("::ffff:8.8.8.8", 53),
        ("0.0.0.0", 80),
        ("224.0.0.251", 5353),
        ("255.255.255.255", 9),
        ("example.org", 443),
        ("localhost.example.org", 443),
        ("127.0.0.1.example.org", 443),
        ("2130706433", 80),
        ("0x7f000001", 80),
    ],
)
def test_by_default_nobody_else(host: str, port: int) -> None:
    assert not Policy().permits(host, port)


def test_what_was_named_may_be_called_at_its_port_alone() -> None:
    assert NAMED.permits("192.168.1.5", 11434)
    assert NAMED.permits("fd00::5", 80)
    assert NAMED.permits("fd00:0:0::5", 80)
    assert not NAMED.permits("192.168.1.5", 80)
    assert not NAMED.permits("192.168.1.6", 11434)


def test_discovery_is_spoken_at_home_only() -> None:
    assert FOUND.permits("224.0.0.251", 5353)
    assert FOUND.permits("ff02::fb%eth0", 5353)
    assert FOUND.permits("192.168.1.9", 5353)
    assert not FOUND.permits("192.168.1.9", 80)
    assert not FOUND.permits("8.8.8.8", 5353)
    assert not FOUND.permits("224.0.0.251", 80)


@pytest.mark.parametrize("entry", ["192.168.1.5", "192.168.1.5:0", "192.168.1.5:65536", "box:80", ":80", ""])
def test_what_cannot_be_named(entry: str) -> None:
    with pytest.raises(UsageError, match="cannot be allowed"):
        read_allowed(entry)


@pytest.mark.parametrize("entry", ["8.8.8.8:53", "[2001:4860:4860::8888]:53", "100.64.0.1:80", "172.32.0.1:80"])
def test_what_is_not_private_cannot_be_named(entry: str) -> None:
    with pytest.raises(UsageError, match="private network"):
        read_allowed(entry)


@settings(max_examples=100, deadline=None)
@given(address=st.ip_addresses(), port=st.integers(1, 65535))
def test_no_public_address_is_ever_permitted(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int
) -> None:
    if address.is_global:
        assert not NAMED.permits(str(address), port)
        assert not FOUND.permits(str(address), port)


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("[::1]", True), ("localhost", True), ("0.0.0.0", False), ("[::]", False)],
)
def test_listening_on_this_machine_alone(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone
