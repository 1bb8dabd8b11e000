"""The `sotto-device` command. Never a traceback for a user's mistake: one sentence, and the status of its kind."""

import asyncio
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sotto_device.arguments import parser, span_s
from sotto_device.errors import DeviceError, HomeError, LinkDown, NotPaired, UsageError
from sotto_device.settings import default_home, prepared_home, read_settings

STOPPED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the words say; the exit status."""
    words = parser(default_home(os.environ)).parse_args(arguments)
    logging.basicConfig(
        format="%(message)s", level=logging.INFO if getattr(words, "verbose", False) else logging.WARNING
    )
    try:
        _COMMANDS[words.command](words, prepared_home(words.home))
    except DeviceError as error:
        return _failed(error)
    except BaseExceptionGroup as group:
        return _failed(_first(group))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return STOPPED
    return 0


def _run(words: Namespace, home: Path) -> None:
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its own lines would stand beside our one sentence
    from sotto_device.running import run  # brings the link and the models: only when it really runs

    asyncio.run(run(words, home, read_settings(home)))


def _pair(words: Namespace, home: Path) -> None:
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from sotto_proto.errors import PairingFailed
    from sotto_proto.pairing import PeerRole, pair  # brings the link: only when it is needed

    try:
        credentials = asyncio.run(pair(words.address, words.code, name=words.name, role=PeerRole.DEVICE))
        credentials.save(home)
    except PairingFailed as error:
        raise _PAIRING.get(error.code, NotPaired)(error.code, error.sentence) from error
    except OSError as error:
        raise HomeError("home", f"the credentials cannot be kept in {home}: {error.strerror}") from error
    sys.stdout.write(f"paired with hub {credentials.hub_id} as {credentials.peer_id}\n")


def _mute(words: Namespace, home: Path) -> None:
    for_s = None if words.span is None else span_s(words.span)
    _order(home, {"do": "mute", "for_s": for_s})


def _unmute(_: Namespace, home: Path) -> None:
    _order(home, {"do": "unmute"})


def _forget(words: Namespace, home: Path) -> None:
    from sotto_device.remote import tell

    if not tell(home, {"do": "off_the_record", "last_s": span_s(words.span)}):
        raise UsageError(
            "daemon", f"no sotto-device runs with {home}: nothing waits here; tell the hub: sotto forget"
        )


def _order(home: Path, told: dict[str, object]) -> None:
    """To the daemon, or, when none runs, to the file that the next one begins with."""
    import time

    from sotto_device.mute_file import save_mute
    from sotto_device.remote import control_of, tell
    from sotto_proto.records import MuteState

    control = control_of(told, time.time_ns())
    if not tell(home, told) and isinstance(control, MuteState):
        save_mute(home, control)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that the others followed from."""
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


def _failed(error: BaseException) -> int:
    if not isinstance(error, DeviceError):
        raise error
    sys.stderr.write(f"sotto-device: {error}\n")
    return error.exit_status


_COMMANDS: Final[dict[str, Callable[[Namespace, Path], None]]] = {
    "run": _run,
    "pair": _pair,
    "mute": _mute,
    "unmute": _unmute,
    "forget": _forget,
}
_PAIRING: Final[dict[str, type[DeviceError]]] = {
    "address": UsageError,
    "code_form": UsageError,
    "unreachable": LinkDown,
}

if __name__ == "__main__":
    sys.exit(main())
