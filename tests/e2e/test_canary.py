"""Canaries: words and a picture that nobody else has go through a real device and a real hub, and are then nowhere.

They pass while everything is open, while muted, and off the record (by a control, by a client, by a spoken phrase);
with the hub away for a part of it, so that the sealed spool is used; and both are killed in between. Afterwards every
byte that either of them has written is searched, deleted files too. Words that were said openly may lie in the
encrypted databases, and must, or the search would prove nothing. `test_canary_detectors` shows that each one can see.
"""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sotto_device.spool.segment import HEADER_BYTES, read_header, records
from sotto_hub.client import Companion
from sotto_hub.pairing.authority import Authority
from sotto_proto.records import Audio, Frame, Picture
from sotto_proto.sealing import Opener
from sotto_proto.v1 import companion_pb2 as pb
from tests.device.recorded_day import START_NS
from tests.e2e.canary.haystack import Piece, Watchman, databases, files
from tests.e2e.canary.house import House
from tests.e2e.canary.material import AWAY_S, CLOSED, ERASED, KEPT, WITHHELD, WORDS, canaries, write_day
from tests.e2e.canary.pictures import as_jpeg, find_pictures
from tests.e2e.canary.sound import find_packets, find_sound
from tests.e2e.canary.words import find_words

PATIENCE_S = 120
SECOND = 1_000_000_000
ALL_WORDS = [word for words in WORDS.values() for word in words]
GONE_WORDS = [word for name in (CLOSED, WITHHELD, ERASED) for word in WORDS[name]]


@dataclass
class Lived:
    """What a household has left behind, and what it said of itself."""

    disk: list[Piece]
    inside: list[Piece]
    sealed: list[Frame]
    said: list[str] = field(default_factory=list)
    ledger: list[pb.LedgerRow] = field(default_factory=list)
    proof: pb.Search = field(default_factory=pb.Search)


async def heard(hub: Companion, word: str) -> None:
    """Returns when the hub holds the word."""
    async with asyncio.timeout(PATIENCE_S):
        while not any(word in said.text for said in await hub.transcript()):
            await asyncio.sleep(0.05)


async def spooled(house: House) -> list[Path]:
    """The segments of the device's spool, once all of the day that the hub has not seen lies there."""
    last, since = -1, time.monotonic()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            segments = sorted(house.device_home.glob("spool/*/*.seg"))
            size = sum(path.stat().st_size for path in segments)
            if size != last:
                last, since = size, time.monotonic()
            if size > 50_000 and time.monotonic() - since > 2:
                return segments
            await asyncio.sleep(0.05)


async def morning(house: House, day: Path) -> pb.Search:
    """The day up to where the hub goes away. What was said last is stored, and then taken back by a client."""
    stop = "2026-03-09T08:01:35+01:00"
    await house.start_device(day, "--stop-at", stop)
    assert (await house.line(house.device)).startswith("at "), house.said()
    async with house.companion() as hub:
        await heard(hub, "submarine")
        erased = await hub.off_the_record(20 * SECOND, verify=True)
        assert erased.utterances == 1
        return erased.search


async def without_the_hub(house: House) -> list[Path]:
    """The rest of the day, with the hub killed; then the device is killed too."""
    await house.kill(house.hub)
    assert house.device is not None
    assert house.device.stdin is not None
    house.device.stdin.write(b"\n")
    segments = await spooled(house)
    await house.kill(house.device)
    return segments


async def evening(house: House, day: Path) -> tuple[list[str], list[pb.LedgerRow]]:
    """Both come back; the hub is killed once more on the way. All is sent in the end."""
    await house.start_hub()
    await house.start_device(day, "--resume")
    async with house.companion() as hub:
        while len([u for u in await hub.transcript() if "tractor" in u.text]) < 2:
            await asyncio.sleep(0.02)
    await house.kill(house.hub)
    await house.start_hub()
    assert house.device is not None
    assert await house.device.wait() == 0, house.said()
    async with house.companion() as hub:
        said, ledger = [u.text for u in await hub.transcript()], await hub.ledger()
    await house.stop_hub()
    return said, list(ledger)


async def live(folder: Path) -> Lived:
    day = write_day(folder / "day", canaries())
    kept = folder / "kept"
    async with asyncio.timeout(PATIENCE_S), House(folder / "house") as house:
        with Watchman(house.folders, kept):
            proof = await morning(house, day)
            segments = await without_the_hub(house)
            stored = [path.read_bytes() for path in segments]
            disk = files([*house.folders, kept])
            said, ledger = await evening(house, day)
        authority = Authority.open(house.hub_home / "keys")
        opener = Opener(authority.sealing_key)
        sealed = [opener.open(frame) for held in stored for frame in frames_in(held)]
        disk = list({piece.data: piece for piece in (*disk, *files([*house.folders, kept]))}.values())
        inside = list(databases(house.hub_home, authority.database_key))
    return Lived(disk=disk, inside=inside, sealed=sealed, said=said, ledger=ledger, proof=proof)


def frames_in(segment: bytes) -> list[Frame]:
    """The frames of a segment, as far as it was written."""
    header = read_header(segment[:HEADER_BYTES])
    assert header is not None
    return [placed.frame for placed in records(segment, header, HEADER_BYTES)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return asyncio.run(live(tmp_path_factory.mktemp("canary")))


# ---- that the canaries did pass by


def test_what_was_said_openly_was_heard_and_nothing_else(lived: Lived) -> None:
    assert len(lived.said) == 3
    assert all("tractor" in said and "library" in said for said in lived.said)


def test_the_books_say_what_became_of_the_rest(lived: Lived) -> None:
    sound = [row for row in lived.ledger if row.stream == "mic"]
    lost = sum(row.lost_ns.get("off_the_record", 0) for row in sound)
    assert lost > 10 * SECOND
    assert sum(row.muted_ns for row in sound) > 8 * SECOND
    assert sum(row.committed_ns for row in sound) > 6 * SECOND
    for row in lived.ledger:
        known = row.committed_ns + row.silent_ns + row.muted_ns + sum(row.lost_ns.values()) + row.waiting_ns
        assert row.captured_ns == known


def test_the_spool_was_used_and_only_the_hub_can_open_it(lived: Lived) -> None:
    """Its sound is the sound that is searched for below, packet by packet."""
    packets = {packet for frame in lived.sealed if isinstance(frame.body, Audio) for packet in frame.body.packets}
    pictures = [frame for frame in lived.sealed if isinstance(frame.body, Picture)]
    assert len(packets & canaries().packets) > 100
    assert pictures
    assert all(
        frame.body.jpeg == as_jpeg(canaries().picture) for frame in pictures if isinstance(frame.body, Picture)
    )


def test_nothing_muted_or_taken_back_was_in_the_spool(lived: Lived) -> None:
    """On the device, the wearer has taken back 2:29 to 2:37, and muted 3:00 to 3:10."""
    at = [(frame.at.wall_ns - START_NS) / SECOND for frame in lived.sealed if isinstance(frame.body, Audio | Picture)]
    assert min(at) > AWAY_S
    assert not [second for second in at if 149 <= second < 157 or 180 <= second < 190]


def test_the_hub_has_proved_its_own_erasure(lived: Lived) -> None:
    assert lived.proof.phrases > 3
    assert list(lived.proof.found_in) == []


# ---- that they are nowhere


def test_no_word_lies_on_the_disk(lived: Lived) -> None:
    assert len(lived.disk) > 20
    assert find_words(lived.disk, ALL_WORDS) == []


def test_the_databases_hold_what_was_said_openly_and_no_word_of_the_rest(lived: Lived) -> None:
    openly = find_words(lived.inside, WORDS[KEPT])
    assert "tractor in hub.db pages" in openly
    assert "tractor in memory.db pages" in openly
    assert find_words(lived.inside, GONE_WORDS) == []


def test_no_sound_lies_anywhere(lived: Lived) -> None:
    assert find_sound([*lived.disk, *lived.inside], canaries().clips) == []


def test_no_packet_of_sound_lies_anywhere(lived: Lived) -> None:
    assert find_packets([*lived.disk, *lived.inside], canaries().packets) == []


def test_no_picture_lies_anywhere(lived: Lived) -> None:
    assert find_pictures([*lived.disk, *lived.inside], canaries().picture) == []
