"""`sotto` at a terminal: a person sees what it prints and types an answer."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.surfaces.cli.command_line import Done


async def at_a_terminal(home: Path, *arguments: str, typed: str, columns: int = 80) -> Done:
    """Runs `sotto arguments --home home` with a terminal as its input, into which `typed` is typed."""
    terminal, theirs = os.openpty()
    command = ("-m", "sotto_hub.surfaces.cli.main", *arguments, "--home", str(home))
    environment = dict(os.environ) | {"COLUMNS": str(columns)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdin=theirs, stdout=PIPE, stderr=PIPE, env=environment
    )
    os.close(theirs)
    os.write(terminal, typed.encode())
    out, err = await asyncio.wait_for(process.communicate(), 60)
    os.close(terminal)
    assert process.returncode is not None
    return Done(status=process.returncode, out=out.decode(), err=err.decode())
