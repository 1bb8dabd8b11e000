"""Where others find a hub that listens here: the machine's own addresses. Looking them up sends nothing."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from sotto_proto.code import bracketed

Address = IPv4Address | IPv6Address
_WILD: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  (compared, not bound)
_HOME: Final = "127.0.0.1"
_BRIDGES: Final = ("docker", "br-", "veth", "virbr", "podman", "cni", "lxc", "lxd")


def outward(host: str) -> str:
    """The host that a pairing link names: the one listened on, or for all of them the machine's first own address."""
    return bracketed(next(iter(announced_addresses(host)), _HOME if _bare(host) in _WILD else _bare(host)))


def announced_addresses(host: str) -> tuple[str, ...]:
    """The addresses that others may be told, when this host is listened on. None for a loopback address or a name."""
    if _bare(host) in _WILD:
        return reachable_ones(_own())
    return reachable_ones([_bare(host)])


def reachable_ones(addresses: Iterable[str]) -> tuple[str, ...]:
    """Those that other machines of the same network can use (pure): IPv4 first, no loopback, no link-local."""
    known = [address for address in map(_parsed, addresses) if address is not None]
    useful = [one for one in known if not (one.is_loopback or one.is_link_local or one.is_unspecified)]
    return tuple(str(one) for one in sorted(set(useful), key=lambda one: (one.version, not one.is_private, one)))


def _own() -> list[str]:
    """All addresses of this machine; those of containers' bridges only when there are no others."""
    import ifaddr

    found = [(adapter.nice_name, ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    real = [ip for name, ip in found if not name.startswith(_BRIDGES)]
    usable = reachable_ones(_plain(real))
    return list(usable) or _plain([ip for _, ip in found])


def _plain(addresses: Iterable[str | tuple[str, int, int]]) -> list[str]:
    return [address if isinstance(address, str) else address[0] for address in addresses]


def _parsed(address: str) -> Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def _bare(host: str) -> str:
    return host.removeprefix("[").removesuffix("]")
