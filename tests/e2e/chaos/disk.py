"""A small disk of its own for one home: a tmpfs in a mount namespace, which can really be full.

The namespace lives as long as a small process in it, and that process as long as its standard input: when the
harness ends, however it ends, nothing is left. Programs enter the namespace with `nsenter`; from outside, its files
are below /proc/PID/root.
"""

import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

MOUNT: Final = 'mount -t tmpfs -o size=$1m,mode=700 sotto "$0" && echo ready && exec cat'
BLOCKS: Final = (65_536, 4_096, 1)


def may_mount() -> bool:
    """Whether this system lets us have a disk of our own."""
    try:
        tried = subprocess.run(
            ["unshare", "-rm", "mount", "-t", "tmpfs", "sotto", "/mnt"], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


class Disk:
    """A folder with a bound. `prefix` is what a command needs in front of it to see the folder so."""

    prefix: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.seen_at = folder
        """The same folder as this process sees it."""

    def fill(self) -> None:
        """Takes all room that is left."""

    def empty(self) -> None:
        """Gives the room back."""

    def close(self) -> None:
        """Lets go of the disk."""


class SmallDisk(Disk):
    """A disk of `size_mib`."""

    def __init__(self, folder: Path, size_mib: int) -> None:
        super().__init__(folder)
        self._keeper = subprocess.Popen(
            ["unshare", "-rm", "sh", "-c", MOUNT, str(folder), str(size_mib)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._keeper.stdout is not None
        assert self._keeper.stdout.readline() == "ready\n", "no disk of our own could be mounted"
        enter = ("nsenter", "--preserve-credentials", "-U", "-m", "-t", str(self._keeper.pid), "--")
        self.prefix = enter
        self.seen_at = Path(f"/proc/{self._keeper.pid}/root{folder}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fill(self) -> None:
        """Writes until not one byte more fits."""
        ballast = os.open(self.seen_at / "ballast", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            for block in BLOCKS:
                with suppress(OSError):
                    while os.write(ballast, bytes(block)) == block:
                        pass
        finally:
            os.close(ballast)

    def empty(self) -> None:
        """Takes the ballast away."""
        (self.seen_at / "ballast").unlink(missing_ok=True)

    def close(self) -> None:
        """Ends the namespace, and all that is in it."""
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait()
        assert self._keeper.stdout is not None
        self._keeper.stdout.close()
