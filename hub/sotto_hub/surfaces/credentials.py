"""Finds the certificate with which a surface speaks to its hub, and says in one sentence when there is none."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sotto_hub.errors import HubError, LinkDown, NotPaired, UsageError
from sotto_hub.surfaces.place import credential_folders
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.errors import LinkError, PairingFailed, Unpaired

_USAGE: Final = frozenset({"address", "code_form", "name", "several_hubs"})
_AWAY: Final = frozenset({"unreachable", "no_hub"})


def find_credentials(home: Path | None) -> Credentials:
    """The nearest credentials: of the hub's own machine, or of a machine paired as a client.

    Raises `NotPaired`: code `unpaired` when there are none, `credentials` when they cannot be used.
    """
    return locate_credentials(home)[1]


def locate_credentials(home: Path | None) -> tuple[Path, Credentials]:
    """The folder of the nearest credentials, and what is in it. Raises as `find_credentials`."""
    folders = credential_folders(home)
    return _first(folders, folders)


def as_hub_error(error: LinkError) -> HubError:
    """What an error of the link means for the shell (pure): the same code and sentence, with an exit status."""
    if isinstance(error, Unpaired):
        return NotPaired(error.code, error.sentence)
    if isinstance(error, PairingFailed) and error.code in _USAGE:
        return UsageError(error.code, error.sentence)
    if isinstance(error, PairingFailed) and error.code in _AWAY:
        return LinkDown(error.code, error.sentence)
    return NotPaired(error.code, error.sentence)


def _first(left: Sequence[Path], tried: Sequence[Path]) -> tuple[Path, Credentials]:
    if not left:
        places = " or ".join(str(folder) for folder in tried)
        sentence = (
            f"no hub is known here (looked in {places}): start one with `sotto-hub run`, or pair with `sotto pair`"
        )
        raise NotPaired("unpaired", sentence)
    try:
        return left[0], load_credentials(left[0])
    except Unpaired as error:
        if error.code != "unpaired":
            raise as_hub_error(error) from None
        return _first(left[1:], tried)
