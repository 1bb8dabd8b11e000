"""A microphone made of software: PulseAudio with a null sink whose monitor is the default source.

Sample-exact, needs no kernel module and no sound card. `play` puts a WAV file in front of it.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

TOOLS = ("pulseaudio", "pactl", "pacat", "paplay")


def missing_tools() -> list[str]:
    """The programs that a virtual microphone needs and this machine lacks."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


class VirtualMicrophone:
    """The environment in which programs find the microphone, and the way to speak into it."""

    def __init__(self, folder: Path) -> None:
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        self.home = folder / "home"
        self.home.mkdir()
        self.socket = runtime / "pulse.sock"
        self.environment = os.environ | {
            "XDG_RUNTIME_DIR": str(runtime),
            "HOME": str(self.home),
            "PULSE_SERVER": f"unix:{self.socket}",
        }
        (self.home / ".asoundrc").write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n")

    def play(self, path: Path) -> None:
        """Speaks a WAV file into the microphone, in real time."""
        subprocess.run(["paplay", "--device=virt", path], env=self.environment, check=True, timeout=60)

    def server_command(self) -> list[str]:
        """PulseAudio with nothing but a null sink and its monitor as a source."""
        modules = (
            f"module-native-protocol-unix socket={self.socket} auth-anonymous=1",
            "module-null-sink sink_name=virt rate=16000 channels=1",
            "module-remap-source source_name=virtmic master=virt.monitor",
            "module-always-sink",
        )
        options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit", "--use-pid-file=no"]
        return ["pulseaudio", *options, "--log-target=stderr", *(p for m in modules for p in ("-L", m))]

    def ready(self) -> bool:
        """Whether the server answers and its devices could be made the default."""
        commands = (["pactl", "set-default-source", "virtmic"], ["pactl", "set-default-sink", "virt"])
        runs = (subprocess.run(c, env=self.environment, capture_output=True, check=False) for c in commands)
        return all(run.returncode == 0 for run in runs)


@contextmanager
def process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs for as long as the block, its output thrown away."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            yield running
        finally:
            os.killpg(running.pid, signal.SIGKILL)


@contextmanager
def virtual_microphone(folder: Path) -> Iterator[VirtualMicrophone]:
    """A running virtual microphone below `folder`."""
    microphone = VirtualMicrophone(folder)
    with ExitStack() as stack:
        stack.enter_context(process(microphone.server_command(), microphone.environment))
        deadline = time.monotonic() + 20
        while not microphone.ready():
            assert time.monotonic() < deadline, "PulseAudio did not start"
            time.sleep(0.1)
        clock = ["pacat", "--playback", "--device=virt", "--rate=16000", "--channels=1", "--format=s16le"]
        stack.enter_context(process([*clock, "--latency-msec=20", "/dev/zero"], microphone.environment))
        yield microphone
