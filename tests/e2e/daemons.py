"""Real daemons as separate processes, started as a person starts them, and stopped for sure."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

BIN = Path(sys.executable).parent


@contextmanager
def daemon(command: str, *arguments: object, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Runs `sotto-hub` or `sotto-device` for as long as the block; gives the first line that it prints."""
    line = [str(BIN / command), *map(str, arguments)]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(environment or os.environ)
    ) as running:
        try:
            assert running.stdout is not None
            yield running.stdout.readline().strip()
        finally:
            running.terminate()
            try:
                running.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                running.kill()
                raise


def run(
    command: str, *arguments: object, environment: Mapping[str, str] | None = None, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end, with no terminal."""
    return subprocess.run(
        [str(BIN / command), *map(str, arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=dict(environment or os.environ),
        timeout=timeout,
        check=False,
    )
