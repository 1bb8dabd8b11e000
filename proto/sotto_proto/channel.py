"""How both ends set up the link: keep-alive, limits and names (pure values).

The keep-alive notices a dead peer in under ten seconds; figures in docs/LINK.md.
"""

from typing import Final

HUB_NAME: Final = "sotto-hub"
"""The name in every hub's certificate; peers check it instead of an address, for addresses change."""

DEFAULT_PORT: Final = 7443
PROTOCOL: Final = 1
MAX_MESSAGE_BYTES: Final = 4 << 20
MAX_PAIRING_BYTES: Final = 16 << 10
"""Of one message from whoever has no certificate yet: a certificate request has less than one KiB."""

Option = tuple[str, int | str]

_LIMITS: Final[tuple[Option, ...]] = (
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", 5_000),
    ("grpc.keepalive_timeout_ms", 3_000),
    ("grpc.http2.ping_timeout_ms", 3_000),  # the same for pings that measure the link: while one is out, none follows
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
)


def client_options() -> tuple[Option, ...]:
    """gRPC channel options of a device or a client."""
    return (
        *_LIMITS,
        ("grpc.http2.min_ping_interval_without_data_ms", 4_000),
        ("grpc.ssl_target_name_override", HUB_NAME),
        ("grpc.initial_reconnect_backoff_ms", 500),
        ("grpc.max_reconnect_backoff_ms", 10_000),
        ("grpc.enable_retries", 0),
    )


def server_options() -> tuple[Option, ...]:
    """gRPC server options of a hub."""
    return (
        *_LIMITS,
        ("grpc.http2.min_ping_interval_without_data_ms", 4_000),
        ("grpc.http2.max_ping_strikes", 0),  # a busy hub reads honest pings in bursts; that is no attack
        ("grpc.so_reuseport", 0),
    )


def pairing_server_options() -> tuple[Option, ...]:
    """gRPC server options of the pairing port, where anybody may knock: little fits in, and little at once."""
    small = {"grpc.max_receive_message_length": MAX_PAIRING_BYTES, "grpc.max_concurrent_streams": 4}
    return (*(option for option in server_options() if option[0] not in small), *small.items())
