"""`sotto` as a person runs it: a process with its own home folder, its output and its exit status."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

WAIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command left."""

    status: int
    out: str
    err: str


Sotto = Callable[..., Awaitable[Done]]


async def run_sotto(person: Path, *arguments: str, typed: str = "") -> Done:
    """Runs `sotto arguments` for a person whose home folder is `person`, with `typed` piped in."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SOTTO_")} | {"HOME": str(person)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sotto_hub.surfaces.cli.main"),
        *arguments,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=environment,
    )
    out, err = await asyncio.wait_for(process.communicate(typed.encode()), WAIT_S)
    assert process.returncode is not None
    return Done(status=process.returncode, out=out.decode(), err=err.decode())
