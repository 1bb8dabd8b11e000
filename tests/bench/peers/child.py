"""One peer, filled and searched: `python -m tests.bench.peers.child NAME FOLDER COUNT ASKED`.

Meant to be started by `memory_parts.peers`, with the peers' interpreter and in a network of its own. Refuses to run
where there is a network beyond loopback. The last line is one JSON object.
"""

import json
import logging
import socket
import sys
from importlib.metadata import version
from pathlib import Path

from tests.bench.memory_parts import texts
from tests.bench.memory_parts.filling import SEED, filled
from tests.bench.peers.stores import PACKAGES, PEERS


def main() -> None:
    name, folder, count, asked = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    others = [interface for _, interface in socket.if_nameindex() if interface != "lo"]
    if others:
        sys.exit(f"A peer runs without a network only, and here is {others[0]}.")
    logging.disable(logging.CRITICAL)  # what models they miss is not asked here
    figures = filled(PEERS[name](folder), folder, texts.lines(count, SEED), asked)
    print(json.dumps({"version": version(PACKAGES[name]), **figures}))


if __name__ == "__main__":
    main()
