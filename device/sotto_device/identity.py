"""Who is speaking: what the device tells the hub about itself."""

from importlib.metadata import PackageNotFoundError, version
from uuid import uuid4

from sotto_device.echo import Echo
from sotto_device.mute import Shutter
from sotto_device.sources.source import Source
from sotto_proto.records import Hello


def software() -> str:
    """Name and version."""
    try:
        return f"sotto-device {version('sotto')}"
    except PackageNotFoundError:
        return "sotto-device"


def new_boot_id() -> str:
    """A name for one run of the daemon."""
    return uuid4().hex


def hello_of(source: Source, boot_id: str, shutter: Shutter, echo: Echo | None) -> Hello:
    """The first message of a connection (pure)."""
    return Hello(
        boot_id=boot_id,
        timezone=source.timezone,
        streams=source.streams,
        software=software(),
        mute=shutter.mute,
        closed=shutter.closed,
        clock_offset_ns=0 if echo is None else echo.offset_ns,
        clock_error_ns=0 if echo is None else echo.error_ns,
    )
