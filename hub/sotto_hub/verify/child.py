"""Has the home searched by a short-lived process of its own.

Not by the hub itself, for three reasons. A process that closes a file loses every lock it holds on it (POSIX), and
the hub holds its databases open: it may not open and close them beside SQLite. A search reads gigabytes, and nobody
waits for it on the event loop. And the words that were erased live in that process only as long as it looks for them:
they and the key travel through a pipe, never through arguments, environment or disk.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sotto_hub.errors import HomeError
from sotto_hub.verify.searching import Looked

COMMAND: Final = ("-P", "-m", "sotto_hub.verify")


async def look_elsewhere(home: Path, key: bytes, phrases: Sequence[str]) -> Looked:
    """What a searching process finds. Raises `HomeError`, code `verify`."""
    request = json.dumps({"home": str(home), "key": key.hex(), "phrases": list(phrases)})
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(sys.executable, *COMMAND, stdin=pipe, stdout=pipe, stderr=nowhere)
    try:
        reply, _ = await child.communicate(request.encode())
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return _read(reply, child.returncode)


def _read(reply: bytes, status: int | None) -> Looked:
    if status != 0:
        raise HomeError("verify", f"the home could not be searched: the searching process ended with status {status}")
    told = json.loads(reply)
    if "code" in told:
        raise HomeError(told["code"], told["sentence"])
    return Looked(**told)
