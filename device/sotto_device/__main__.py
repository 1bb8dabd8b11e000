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
    _order(home, {"do": "mute", "for_s": for_s, "sensors": words.sensor})


def _unmute(words: Namespace, home: Path) -> None:
    _order(home, {"do": "unmute", "sensors": words.sensor})


def _status(words: Namespace, home: Path) -> None:
    import json

    from sotto_device.clock import Clock
    from sotto_device.mute_file import load_mute
    from sotto_device.remote import asked
    from sotto_device.status import line_of, resting

    answer, clock = asked(home, {"do": "status"}), Clock.started_now()
    told = resting(load_mute(home, clock), clock.now().wall_ns) if answer is None else answer["status"]
    sys.stdout.write(f"{json.dumps(told) if words.json else line_of(told)}\n")


def _forget(words: Namespace, home: Path) -> None:
    """From the daemon; when none runs, from what waits on the disk."""
    from sotto_device.remote import tell

    last_s = span_s(words.span)
    if tell(home, {"do": "off_the_record", "last_s": last_s}):
        return
    from sotto_device.at_rest import forget_at_rest
    from sotto_device.clock import Clock
    from sotto_proto.errors import LinkError

    try:
        boots = forget_at_rest(home, last_s * 1_000_000_000, Clock.started_now())
    except LinkError as error:
        raise NotPaired(error.code, error.sentence) from error
    waited = f"the span is gone from the {boots} runs that wait here" if boots else "nothing waits here"
    raise UsageError("daemon", f"no sotto-device runs with {home}: {waited}; tell the hub: sotto forget")


def _order(home: Path, told: dict[str, object]) -> None:
    """To the daemon, or, when none runs, to the file that the next one begins with."""
    from sotto_device.clock import Clock
    from sotto_device.mute import Shutter, ordered
    from sotto_device.mute_file import load_mute, save_mute
    from sotto_device.remote import control_of, tell
    from sotto_proto.records import MuteState

    clock = Clock.started_now()
    control = control_of(told, clock.now().wall_ns)
    if not tell(home, told) and isinstance(control, MuteState):
        shutter = Shutter(orders=load_mute(home, clock))
        save_mute(home, ordered(shutter, control, clock.now().wall_ns).orders, clock)


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
    "status": _status,
}
_PAIRING: Final[dict[str, type[DeviceError]]] = {
    "address": UsageError,
    "code_form": UsageError,
    "name": UsageError,
    "several_hubs": UsageError,
    "no_hub": LinkDown,
    "unreachable": LinkDown,
}

if __name__ == "__main__":
    sys.exit(main())
