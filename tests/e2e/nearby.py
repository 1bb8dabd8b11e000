"""A network of its own for one story, run as `unshare -rn python -m tests.e2e.nearby FOLDER`.

Nothing but a loopback interface exists in there, and it carries two more addresses: on one the hub is found and
paired with, without anybody typing where it is; on the other it comes back. What was seen is printed as JSON.
"""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

from sotto_device.bond import Bond
from sotto_proto.credentials import load_credentials
from tests.e2e.daemons import daemon, run

FIRST, SECOND = "10.9.0.1", "10.9.0.2"
HUB = ("run", "--engine", "pocketsphinx", "--home")


def network(*words: str) -> None:
    """One `ip` command."""
    subprocess.run(["ip", *words], check=True, capture_output=True)


def prepared() -> None:
    """Loopback that multicasts, with a private address."""
    network("link", "set", "lo", "up", "multicast", "on")
    network("addr", "add", f"{FIRST}/32", "dev", "lo")
    network("route", "add", "224.0.0.0/4", "dev", "lo")


def moved() -> None:
    """The machine has been given another address."""
    network("addr", "add", f"{SECOND}/32", "dev", "lo")
    network("addr", "del", f"{FIRST}/32", "dev", "lo")


def shown(hub: Path, *options: str) -> dict[str, str]:
    """A fresh code, as the keeper reads it."""
    told: dict[str, str] = json.loads(run("sotto", "pair", "--json", *options, "--home", hub).stdout)
    return told


def address(home: Path) -> str:
    """Where a peer believes that its hub is."""
    return str(json.loads((home / "link.json").read_text())["address"])


def main(folder: Path) -> dict[str, object]:
    """The whole story."""
    hub, device, client = folder / "hub", folder / "device", folder / "client"
    prepared()
    with daemon("sotto-hub", *HUB, hub, "--listen", "0.0.0.0:7443"):
        paired = run("sotto-device", "pair", shown(hub)["code"], "--home", device)
        joined = run("sotto", "pair", shown(hub, "--client")["link"], "--home", client)
        first = address(device)
    moved()
    with daemon("sotto-hub", *HUB, hub, "--listen", "0.0.0.0:7543"):
        found = asyncio.run(Bond(device, load_credentials(device)).found())
    return {
        "paired": re.sub(r"\w{16}|device-\w+", "…", paired.stdout + paired.stderr).strip(),
        "joined": joined.returncode,
        "first": first,
        "found": found,
        "second": address(device),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))) + "\n")
