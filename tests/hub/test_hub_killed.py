"""A hub that is killed again and again (R2, R3): every word is kept once, every millisecond is accounted for."""

import asyncio
import json
from pathlib import Path

from sotto_proto.credentials import Credentials
from sotto_proto.pairing import PeerRole, load_credentials, pair, secure_channel
from sotto_proto.records import Frame
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from tests.hub.scripted_device import SECOND, START_NS, Day, connected
from tests.hub.test_hub_daemon import running

SENTENCES = 12
KILLS = (1, 9, 30, 55, 70)
"""After how many acknowledged frames the hub dies."""


def spoken(home: Path) -> Day:
    """Writes the script: every five seconds three words that name their sentence, and a commitment among them."""
    lines = []
    for n in range(SENTENCES):
        start_ns = START_NS + n * 5 * SECOND + SECOND
        text = f"w{n} dinner tomorrow at seven" if n == 5 else f"a{n} b{n} c{n}"
        lines.append(json.dumps({"start_ns": start_ns, "end_ns": start_ns + SECOND, "text": text}))
    home.parent.joinpath("script.jsonl").write_text("\n".join(lines))
    return Day()


def frames_of(day: Day) -> list[Frame]:
    return [
        f for _ in range(SENTENCES) for f in (*day.gap(900), *day.speech(1_200), *day.gap(1_000), *day.gap(1_900))
    ]


async def paired(home: Path) -> Credentials:
    with running(home) as (_, address):
        async with secure_channel(load_credentials(home / "keeper")) as channel:
            asked = pb.NewPairingCodeRequest(role=link_pb2.PEER_ROLE_DEVICE)
            shown = await CompanionStub(channel).NewPairingCode(asked)
            return await pair(address, shown.code, name="pendant", role=PeerRole.DEVICE)


async def live(home: Path, device: Credentials, frames: list[Frame], acked: int, *more: str) -> int:
    """Sends all from the hub's mark on until `acked` frames are acknowledged, then kills it. Gives the mark."""
    with running(home, *more) as (process, address):
        moved = Credentials(**{name: getattr(device, name) for name in device.__slots__} | {"address": address})
        async with connected(moved) as line:
            mark = line.welcome.get("mic", 0)
            await line.send(frames[mark:])
            await line.acked("mic", acked)
            process.kill()
            await asyncio.to_thread(process.wait)
    return mark


async def test_kill_after_kill_no_word_is_lost_or_doubled(tmp_path: Path) -> None:
    home = tmp_path / "home"
    frames = frames_of(spoken(home))
    device = await paired(home)
    script = ("--engine", f"scripted:{tmp_path / 'script.jsonl'}")
    marks = [await live(home, device, frames, acked, *script) for acked in KILLS]
    assert marks == sorted(marks)
    assert all(mark >= acked for mark, acked in zip(marks[1:], KILLS, strict=False))
    await live(home, device, frames, len(frames), *script)
    with running(home, *script):
        async with secure_channel(load_credentials(home / "keeper")) as channel:
            stub = CompanionStub(channel)
            said = [u.text async for u in stub.Transcript(pb.TranscriptRequest())]
            kept = [m async for m in stub.ListMemories(pb.ListMemoriesRequest())]
            ledger = await stub.Ledger(pb.LedgerRequest())
    words = " ".join(said).split()
    assert len(words) == len(set(words)) == (SENTENCES - 1) * 3 + 5
    assert [m.text.split(" (")[0] for m in kept if m.kind == "commitment"] == ["w5 dinner tomorrow at seven"]
    lines = [line for m in kept if m.kind == "episode" for line in m.text.split("\n")]
    assert sorted(lines) == sorted(said)
    (row,) = ledger.rows
    settled_ns = row.committed_ns + row.silent_ns + row.muted_ns + sum(row.lost_ns.values()) + row.waiting_ns
    assert row.captured_ns == settled_ns
