"""What commands ask of a hub beside their own question: its timezone, the names of its devices."""

from datetime import datetime, tzinfo

from sotto_hub.client import Companion
from sotto_hub.errors import NotPaired
from sotto_hub.surfaces.localtime import zone_of
from sotto_proto.v1 import companion_pb2 as pb


async def zone_at(hub: Companion) -> tzinfo:
    """The timezone of the wearer; this machine's own for a client that may not ask."""
    status = await _status(hub)
    here = datetime.now().astimezone().tzinfo
    return here if status is None and here is not None else zone_of(status.timezone if status else "")


async def names_at(hub: Companion) -> dict[str, str]:
    """The names of the devices by id; none for a client that may not ask."""
    status = await _status(hub)
    return {device.device_id: device.name for device in status.devices} if status else {}


async def _status(hub: Companion) -> pb.StatusReply | None:
    try:
        return await hub.status()
    except NotPaired as error:
        if error.code == "wrong_scope":
            return None
        raise
