"""`sotto-device run`: puts the daemon together from its arguments, runs it and ends it cleanly.

Imported only when the daemon really runs: everything heavy hangs on this module.
"""

import asyncio
import fcntl
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sotto_device.arguments import instant_ns
from sotto_device.clock import Clock
from sotto_device.daemon import Daemon
from sotto_device.errors import HomeError, NotPaired, UsageError
from sotto_device.framer import AudioFramer
from sotto_device.gate import Gate
from sotto_device.identity import hello_of, new_boot_id
from sotto_device.line import MIC, Line
from sotto_device.listening import Listening
from sotto_device.mute import Shutter, standing
from sotto_device.mute_file import load_mute
from sotto_device.opus import OpusCoder
from sotto_device.outbox import Outbox
from sotto_device.remote import serve
from sotto_device.settings import Settings, local_timezone
from sotto_device.sources.capture import Capture, look_again
from sotto_device.sources.day import SECOND_NS, read_day
from sotto_device.sources.mic import MicSource
from sotto_device.sources.replay import Plan, ReplaySource
from sotto_device.sources.source import Source
from sotto_device.spool import Spool
from sotto_device.uplink import Uplink
from sotto_device.vad import SileroVoice
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.errors import Unpaired
from sotto_proto.secure import secure_channel

LIVE_GAP_NS: Final = SECOND_NS
RECORDED_GAP_NS: Final = 60 * SECOND_NS
GRACE_S: Final = 6.0
REPLAY: Final = "replay:"


async def run(words: Namespace, home: Path, settings: Settings) -> None:
    """Runs the daemon until its source ends or it is told to stop. Raises `DeviceError`, alone or in a group."""
    credentials = _credentials(home)
    clock = Clock.started_now()
    mute = load_mute(home)
    source = _source(words, settings, clock, home)
    outbox = Outbox(Spool(bound_bytes=settings.spool_bytes, live=source.live), live=source.live)
    line = _line(settings, source.live or words.pace == "real", Shutter(order=mute))
    daemon = Daemon(home=home, source=source, line=line, outbox=outbox, now=clock.now, at_stop=_stopped_at)
    uplink = _uplink(credentials, clock, daemon, outbox, source)
    with _only_one(home), _stopped_by_signals(daemon):
        complete = await _with_remote(home, clock, daemon, uplink)
    if complete and not source.live:
        _print("done")


async def _with_remote(home: Path, clock: Clock, daemon: Daemon, uplink: Uplink) -> bool:
    async with asyncio.TaskGroup() as tasks:
        remote = tasks.create_task(serve(home, lambda: daemon.here.wall_ns, daemon.order))
        complete = await daemon.run(uplink)
        remote.cancel()
    return complete


def _credentials(home: Path) -> Credentials:
    try:
        return load_credentials(home)
    except Unpaired as error:
        raise NotPaired(
            error.code,
            f"{error.sentence}: sotto-device pair HOST:PORT CODE --home {home} (`sotto pair` shows a code)",
        ) from error


def _source(words: Namespace, settings: Settings, clock: Clock, home: Path) -> Source:
    if words.source.startswith(REPLAY):
        return ReplaySource(read_day(Path(words.source.removeprefix(REPLAY))), _plan(words))
    if words.source != "mic":
        raise UsageError("source", f"there is no source {words.source!r}: use mic, or replay:DAYFOLDER")
    if words.stop_at or words.until:
        raise UsageError("source", "--stop-at and --until need a recorded day: --source replay:DAYFOLDER")
    timezone = settings.timezone or local_timezone(os.environ)
    return MicSource(
        clock=clock,
        timezone=timezone,
        make=lambda: Capture(device=settings.microphone, read_ns=clock.read),
        look_again=look_again,
        muted=standing(load_mute(home), clock.now().wall_ns),
    )


def _plan(words: Namespace) -> Plan:
    return Plan(
        real_pace=words.pace == "real",
        stops=tuple((instant_ns(stop), stop) for stop in words.stop_at),
        until_wall_ns=instant_ns(words.until) if words.until else None,
        longest_rest_ns=None if words.longest_rest is None else round(words.longest_rest * SECOND_NS),
    )


def _line(settings: Settings, in_real_time: bool, shutter: Shutter) -> Line:
    framer = AudioFramer(MIC, longest_gap_ns=LIVE_GAP_NS if in_real_time else RECORDED_GAP_NS)
    coder = OpusCoder(settings.bitrate)
    listening = Listening(voice=SileroVoice(), gate=Gate(settings.gate), coder=coder, framer=framer)
    return Line(listening=listening, shutter=shutter)


def _uplink(credentials: Credentials, clock: Clock, daemon: Daemon, outbox: Outbox, source: Source) -> Uplink:
    boot_id = new_boot_id()
    return Uplink(
        address=credentials.address,
        connect=lambda: secure_channel(credentials),
        hello=lambda echo: hello_of(source, boot_id, daemon.shutter.order, echo),
        outbox=outbox,
        obey=daemon.obey,
        read_wall_ns=(lambda: clock.now().wall_ns) if source.live else None,
    )


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Two daemons of one folder would be one device to the hub, and take each other's place."""
    with (home / "daemon.lock").open("w") as lock:
        (home / "daemon.lock").chmod(0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise HomeError("running", f"another sotto-device is running with {home}: stop it first") from error
        yield


@contextmanager
def _stopped_by_signals(daemon: Daemon) -> Iterator[None]:
    """SIGTERM and SIGINT end the source; whoever does not come to an end in time is cancelled."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    stopping: list[asyncio.Task[None]] = []

    def stop() -> None:
        if not stopping:
            stopping.append(loop.create_task(daemon.stop()))
            loop.call_later(GRACE_S, task.cancel if task else loop.stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _stopped_at(label: str) -> None:
    """Tells whoever examines that the day has come this far, and waits for a line. The end of input means: go on."""
    _print(f"at {label}")
    loop = asyncio.get_running_loop()
    heard = loop.create_future()

    def read() -> None:
        while os.read(0, 1) not in (b"\n", b""):
            pass
        loop.call_soon_threadsafe(heard.set_result, None)

    threading.Thread(target=read, daemon=True).start()
    await heard


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
