"""Changes a lock and dies before its nth change of a file, for all n: `python -m tests.hub.keys.interrupted FOLDER`.

A process of its own, without threads, so that it may fork: each fork is killed once, as the machine may be. Prints
how many deaths there were; ends with a traceback when one of them left keys that do not open.
"""

import os
import sys
from itertools import count
from pathlib import Path
from shutil import copytree

from sotto_hub.keys.asking import Asking
from sotto_hub.keys.chest import PARTS, Chest
from sotto_hub.keys.vault import Place
from tests.hub.keys.conftest import choose
from tests.hub.keys.scripted_keyring import Kept

SECRETS = {name: name.encode() for name in PARTS}
BOTH = Asking(told="correct horse", told_new="battery staple")
CHANGES = [("file", "keyring"), ("keyring", "file"), ("file", "passphrase")]
TOUCHES = ("open", "os.rename", "os.remove")


def die_at(touch: int, within: Path) -> None:
    left = count(1)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event not in TOUCHES or not str(arguments[0]).startswith(str(within)):
            return
        reads = event == "open" and isinstance(arguments[2], int) and not arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if not reads and next(left) == touch:
            os._exit(9)

    sys.addaudithook(watch)


def relocked(home: Path, after: str, touch: int) -> bool:
    """Whether the change came to its end before its nth touch."""
    child = os.fork()
    if not child:
        die_at(touch, home)
        Chest(home / "keys", "auto", BOTH).relock(Place(after))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def deaths(folder: Path, before: str, after: str) -> int:
    os.environ["SCRIPTED_KEYRING"] = str(folder / "start" / "ring.json")
    (folder / "start").mkdir(parents=True)
    Chest(folder / "start" / "keys", before, Asking(told_new="correct horse")).open(lambda: dict(SECRETS), len)
    for touch in count(1):
        home = folder / str(touch)
        copytree(folder / "start", home)
        os.environ["SCRIPTED_KEYRING"] = str(home / "ring.json")
        done = relocked(home, after, touch)
        place = Chest(home / "keys").place()
        asking = Asking(told="correct horse" if place is Place(before) else "battery staple")
        assert place in (Place(before), Place(after))
        assert Chest(home / "keys", "auto", asking).open(dict, len) == SECRETS
        assert (home / "keys" / "master.key").exists() is (place is Place.FILE)
        if done:
            assert place is Place(after)
            return touch - 1
    raise AssertionError


if __name__ == "__main__":
    choose(Kept)
    print(sum(deaths(Path(sys.argv[1]) / f"{before}-{after}", before, after) for before, after in CHANGES))
