"""Which other ends the hub may call (pure): itself, what its keeper named, its own kind by mDNS, and nothing else.

Upstream: the settings. Downstream: the guard, which asks before a packet leaves.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from sotto_hub.errors import UsageError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MDNS_PORT: Final = 5353
_MDNS: Final = frozenset({ipaddress.ip_address("224.0.0.251"), ipaddress.ip_address("ff02::fb")})
_LOCAL_NAMES: Final = frozenset({"", "localhost", "ip6-localhost", "localhost.localdomain"})
_PRIVATE: Final = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"))
) + tuple(map(ipaddress.ip_network, ("fc00::/7", "fe80::/10")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One other end that the keeper named."""

    address: Address
    port: int

    def __str__(self) -> str:
        """HOST:PORT, an IPv6 host in brackets."""
        return spoken(str(self.address), self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may be called. `discovery`: whether mDNS may be spoken in the local network."""

    allowed: frozenset[Endpoint] = frozenset()
    discovery: bool = False

    @classmethod
    def of(cls, allow: Iterable[str], *, discovery: bool) -> Self:
        """The policy that the settings describe. Raises `UsageError` with code `allow`."""
        return cls(allowed=frozenset(map(read_allowed, allow)), discovery=discovery)

    def permits(self, host: str, port: int) -> bool:
        """Whether a connection or a packet to this address may leave. A name is no address: it must be local."""
        address = as_address(host)
        if address is None:
            return host.lower() in _LOCAL_NAMES
        if address.is_loopback or Endpoint(address=address, port=port) in self.allowed:
            return True
        return self.discovery and port == MDNS_PORT and (address in _MDNS or is_private(address))

    def permits_name(self, host: str) -> bool:
        """Whether a name may be looked up: only what needs no name server."""
        return as_address(host) is not None or host.lower() in _LOCAL_NAMES


def as_address(host: str) -> Address | None:
    """The address that a text is, without brackets and zone; mapped IPv4 as IPv4. `None` for a name."""
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(host: str) -> bool:
    """Whether a host to listen on is this machine alone."""
    address = as_address(host)
    return host.lower() in _LOCAL_NAMES if address is None else address.is_loopback


def is_private(address: Address) -> bool:
    """Whether an address can only lie in somebody's own network (RFC 1918, 3927, 4193, link-local)."""
    return any(address.version == network.version and address in network for network in _PRIVATE)


def read_allowed(entry: str) -> Endpoint:
    """One entry of `allow`: the HOST:PORT of a private address. Raises `UsageError` with code `allow`."""
    host, _, port = entry.rpartition(":")
    address = as_address(host)
    if address is None or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        raise UsageError("allow", f"'{entry}' cannot be allowed: it looks like 192.168.1.5:11434, without names")
    if not (is_private(address) or address.is_loopback):
        raise UsageError("allow", f"'{entry}' cannot be allowed: it is not an address of a private network")
    return Endpoint(address=address, port=int(port))


def spoken(host: str, port: int) -> str:
    """HOST:PORT as people read it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
