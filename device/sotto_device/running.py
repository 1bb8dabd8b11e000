"""`sotto-device run`: puts the daemon together from its arguments, runs it and ends it cleanly.

Imported only when the daemon really runs: everything heavy hangs on this module.
"""

import asyncio
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sotto_device.alone import only_one
from sotto_device.arguments import instant_ns
from sotto_device.body.fitting import fitted
from sotto_device.bond import Bond
from sotto_device.clock import Clock
from sotto_device.daemon import Daemon
from sotto_device.errors import NotPaired, UsageError
from sotto_device.framer import AudioFramer
from sotto_device.gate import Gate
from sotto_device.identity import hello_of
from sotto_device.keeping import Keeping, Kept
from sotto_device.line import Line
from sotto_device.listening import Listening
from sotto_device.mute import MIC, Shutter
from sotto_device.mute_file import load_mute
from sotto_device.opus import OpusCoder
from sotto_device.remote import serve
from sotto_device.settings import Settings, local_timezone
from sotto_device.sources.capture import Capture, look_again
from sotto_device.sources.day import SECOND_NS, read_day
from sotto_device.sources.mic import MicSource
from sotto_device.sources.replay import Plan, ReplaySource
from sotto_device.sources.source import Source, sensors_of
from sotto_device.uplink import Uplink
from sotto_device.vad import SileroVoice
from sotto_proto.credentials import Credentials, load_credentials
from sotto_proto.errors import Unpaired

LIVE_GAP_NS: Final = SECOND_NS
RECORDED_GAP_NS: Final = 60 * SECOND_NS
GRACE_S: Final = 6.0
REPLAY: Final = "replay:"


async def run(words: Namespace, home: Path, settings: Settings) -> None:
    """Runs the daemon until its source ends or it is told to stop. Raises `DeviceError`, alone or in a group."""
    credentials = _credentials(home)
    with only_one(home):
        clock = Clock.started_now()
        keeping = Keeping.opened(home, settings, clock, credentials.sealing_key)
        day = _day_of(words)
        source = _source(words, settings, clock, keeping.resume(day) if words.resume else {})
        kept = keeping.begun(source, day)
        complete = False
        try:
            line = _line(settings, source.live or words.pace == "real", _shutter(home, clock, source))
            daemon = Daemon(
                home=home,
                source=source,
                line=line,
                outbox=kept.outbox,
                now=clock.now,
                at_stop=_stopped_at,
                clock=clock if source.live else None,
                body=fitted(settings),
            )
            uplink = _uplink(Bond(home, credentials), clock, daemon, kept)
            with _stopped_by_signals(daemon):
                complete = await _with_remote(home, daemon, uplink)
        finally:
            await kept.finish(complete=complete)
    if complete and not source.live:
        _print("done")


async def _with_remote(home: Path, daemon: Daemon, uplink: Uplink) -> bool:
    def status() -> dict[str, Any]:
        return daemon.status(uplink.welcomed.is_set(), uplink.earlier.owed_ns if uplink.earlier else 0)

    async with asyncio.TaskGroup() as tasks:
        remote = tasks.create_task(serve(home, lambda: daemon.here.wall_ns, daemon.order, status))
        spilling = tasks.create_task(daemon.outbox.keep_up())
        complete = await daemon.run(uplink)
        for task in (remote, spilling):
            task.cancel()
    return complete


def _shutter(home: Path, clock: Clock, source: Source) -> Shutter:
    return Shutter(sensors=sensors_of(source), orders=load_mute(home, clock if source.live else None))


def _day_of(words: Namespace) -> str:
    """The name of a recorded day, wherever it is called from; empty for a microphone."""
    if not words.source.startswith(REPLAY):
        return ""
    return f"{REPLAY}{Path(words.source.removeprefix(REPLAY)).resolve()}"


def _credentials(home: Path) -> Credentials:
    try:
        return load_credentials(home)
    except Unpaired as error:
        raise NotPaired(
            error.code,
            f"{error.sentence}: sotto-device pair HOST:PORT CODE --home {home} (`sotto pair` shows a code)",
        ) from error


def _source(words: Namespace, settings: Settings, clock: Clock, since: Mapping[str, int]) -> Source:
    if words.source.startswith(REPLAY):
        return ReplaySource(read_day(Path(words.source.removeprefix(REPLAY))), _plan(words, since))
    if words.source != "mic":
        raise UsageError("source", f"there is no source {words.source!r}: use mic, or replay:DAYFOLDER")
    if words.stop_at or words.until or words.resume:
        raise UsageError("source", "--stop-at, --until and --resume need a recorded day: --source replay:DAYFOLDER")
    timezone = settings.timezone or local_timezone(os.environ)
    return MicSource(
        clock=clock,
        timezone=timezone,
        make=lambda: Capture(device=settings.microphone, read_ns=clock.read),
        look_again=look_again,
    )


def _plan(words: Namespace, since: Mapping[str, int]) -> Plan:
    return Plan(
        real_pace=words.pace == "real",
        stops=tuple((instant_ns(stop), stop) for stop in words.stop_at),
        until_wall_ns=instant_ns(words.until) if words.until else None,
        longest_rest_ns=None if words.longest_rest is None else round(words.longest_rest * SECOND_NS),
        since=since,
    )


def _line(settings: Settings, in_real_time: bool, shutter: Shutter) -> Line:
    framer = AudioFramer(MIC, longest_gap_ns=LIVE_GAP_NS if in_real_time else RECORDED_GAP_NS)
    coder = OpusCoder(settings.bitrate)
    listening = Listening(voice=SileroVoice(), gate=Gate(settings.gate), coder=coder, framer=framer)
    return Line(listening=listening, shutter=shutter)


def _uplink(bond: Bond, clock: Clock, daemon: Daemon, kept: Kept) -> Uplink:
    source = daemon.source
    return Uplink(
        address=bond.credentials.address,
        connect=bond.connect,
        renew=bond.renew,
        found=bond.found,
        hello=lambda echo: hello_of(source, kept.boot_id, daemon.shutter, echo),
        outbox=kept.outbox,
        obey=daemon.obey,
        read_wall_ns=(lambda: clock.now().wall_ns) if source.live else None,
        earlier=kept.earlier,
    )


@contextmanager
def _stopped_by_signals(daemon: Daemon) -> Iterator[None]:
    """SIGTERM and SIGINT end the source; whoever does not come to an end in time is cancelled."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    stopping: list[asyncio.Task[None]] = []
    grace: list[asyncio.TimerHandle] = []

    def stop() -> None:
        if not stopping:
            stopping.append(loop.create_task(daemon.stop()))
            grace.append(loop.call_later(GRACE_S, task.cancel if task else loop.stop))

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for timer in grace:  # what is left is still to be laid on the disk: nothing may interrupt that
            timer.cancel()
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
