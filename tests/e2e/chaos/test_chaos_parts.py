"""The parts of the chaos harness: the plan is pure, the proxy does what it says, the checks are not blind."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.chaos.disk import SmallDisk, may_mount
from tests.e2e.chaos.faults import OF_THE_DISK, Kind, plan_of
from tests.e2e.chaos.proxy import Proxy
from tests.e2e.chaos.spoken_day import SpokenWord, name_of
from tests.e2e.chaos.verdict import Evidence, Row, judge
from tests.e2e.chaos.witness import Acknowledged, Line, Sent, lines

SECOND_NS = 1_000_000_000
PATIENCE_S = 10.0


# ---- the plan


def test_a_plan_is_a_pure_function_of_its_seed() -> None:
    assert plan_of(7, 50) == plan_of(7, 50)
    assert plan_of(7, 50) != plan_of(8, 50)


def test_a_longer_plan_begins_like_a_shorter_one_and_holds_all_kinds() -> None:
    assert plan_of(7, 80)[:50] == plan_of(7, 50)
    assert {fault.kind for fault in plan_of(7, 400)} == set(Kind)


def test_what_cannot_be_made_here_is_left_out() -> None:
    assert not OF_THE_DISK & {fault.kind for fault in plan_of(7, 400, without=OF_THE_DISK)}


# ---- the proxy


class Echo:
    """A server that remembers what it got, by connection, and answers with the same."""

    def __init__(self) -> None:
        self.got: list[bytearray] = []
        self.ended: list[bool] = []
        self.changed = asyncio.Condition()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine = len(self.got)
        self.got.append(bytearray())
        self.ended.append(False)
        try:
            while data := await reader.read(1000):
                self.got[mine] += data
                writer.write(data)
                await self._tell()
        except OSError:
            pass
        self.ended[mine] = True
        writer.close()
        await self._tell()

    async def until(self, mine: int, *, got: bytes | None = None, ended: bool = False) -> None:
        """Returns when a connection has got this, or has ended."""

        def holds() -> bool:
            there = len(self.got) > mine
            return there and (got is None or bytes(self.got[mine]) == got) and (not ended or self.ended[mine])

        async with asyncio.timeout(PATIENCE_S), self.changed:
            await self.changed.wait_for(holds)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


@asynccontextmanager
async def network() -> AsyncIterator[tuple[Echo, Proxy]]:
    echo = Echo()
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    proxy = Proxy(server.sockets[0].getsockname()[1])
    await proxy.start()
    try:
        yield echo, proxy
    finally:
        await proxy.stop()
        server.close()


async def connected(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", proxy.port)


async def test_the_proxy_passes_bytes_both_ways() -> None:
    async with network() as (echo, proxy):
        reader, writer = await connected(proxy)
        writer.write(b"hello")
        assert await reader.readexactly(5) == b"hello"
        writer.close()
        await echo.until(0, ended=True)
        assert proxy.up_bytes == 5


async def test_a_tripwire_holds_the_next_byte_back() -> None:
    async with network() as (echo, proxy):
        _, writer = await connected(proxy)
        tripped = asyncio.ensure_future(proxy.trip(3, PATIENCE_S))
        await asyncio.sleep(0)
        writer.write(b"hello")
        wire = await tripped
        await echo.until(0, got=b"hel")
        proxy.go_on(wire)
        await echo.until(0, got=b"hello")


async def test_a_reset_ends_both_sides() -> None:
    async with network() as (echo, proxy):
        reader, writer = await connected(proxy)
        writer.write(b"hello")
        await echo.until(0, got=b"hello")
        await reader.readexactly(5)
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
        await echo.until(0, ended=True)


async def test_of_a_halved_chunk_half_arrives() -> None:
    async with network() as (echo, proxy):
        _, writer = await connected(proxy)
        proxy.halve()
        writer.write(b"halfgone")
        await echo.until(0, got=b"half", ended=True)


async def test_a_dark_link_stays_open_and_carries_nothing() -> None:
    async with network() as (echo, proxy):
        reader, writer = await connected(proxy)
        writer.write(b"seen")
        await reader.readexactly(4)
        proxy.dark()
        writer.write(b"gone")
        again, other = await connected(proxy)
        other.write(b"new")
        assert await again.readexactly(3) == b"new"
        assert bytes(echo.got[0]) == b"seen"
        assert not echo.ended[0]


async def test_crossed_the_old_connection_delivers_after_the_new_one() -> None:
    async with network() as (echo, proxy):
        _, writer = await connected(proxy)
        tripped = asyncio.ensure_future(proxy.trip(0, PATIENCE_S))
        await asyncio.sleep(0)
        writer.write(b"late")
        wire = await tripped
        crossing = asyncio.ensure_future(proxy.cross(0.0))
        await asyncio.sleep(0)
        proxy.go_on(wire)
        _, other = await connected(proxy)
        other.write(b"new")
        await echo.until(1, got=b"new")
        await crossing
        await echo.until(0, got=b"late", ended=True)


async def test_while_the_network_is_down_nobody_comes_through() -> None:
    async with network() as (_, proxy):
        proxy.refuses = True
        reader, _ = await connected(proxy)
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)


@pytest.mark.skipif(not may_mount(), reason="NO SMALL DISK: this system lets us mount none; full disks go untested")
def test_a_small_disk_can_be_full_and_empty_again(tmp_path: Path) -> None:
    with SmallDisk(tmp_path / "home", 1) as disk:
        disk.fill()
        with pytest.raises(OSError, match="No space"):
            (disk.seen_at / "more").write_bytes(b"more")
        disk.empty()
        (disk.seen_at / "more").write_bytes(b"more")
        assert not list(disk.folder.iterdir())


# ---- the checks

WORDS = tuple(SpokenWord(text=name_of(n), middle_ns=n * SECOND_NS + SECOND_NS // 2, line=n) for n in range(6))


def frame(number: int, body: str = "audio", reason: str = "", since: int = 0) -> Sent:
    """One second a frame."""
    first = since or number
    return Sent(
        boot="b",
        stream="mic",
        since=first,
        sequence=number,
        at_ns=(first - 1) * SECOND_NS,
        duration_ns=(number - first + 1) * SECOND_NS,
        captured_ns=number * SECOND_NS,
        body=body,
        reason=reason,
    )


def ack(number: int) -> Acknowledged:
    return Acknowledged(boot="b", stream="mic", sequence=number, captured_ns=number * SECOND_NS)


def row(committed: int, silent: int = 0, muted: int = 0, captured: int | None = None, **lost: int) -> Row:
    """Seconds."""
    total = committed + silent + muted + sum(lost.values())
    return Row(
        boot="b",
        stream="mic",
        captured_ns=(total if captured is None else captured) * SECOND_NS,
        committed_ns=committed * SECOND_NS,
        silent_ns=silent * SECOND_NS,
        muted_ns=muted * SECOND_NS,
        waiting_ns=0,
        lost_ns={reason: seconds * SECOND_NS for reason, seconds in lost.items()},
    )


def evidence(log: Sequence[Line], ledger: Row, said: Sequence[int]) -> Evidence:
    return Evidence(
        log=log,
        ledger=[ledger],
        transcript=[WORDS[n].text for n in said],
        words=WORDS,
        captured_ns=6 * SECOND_NS,
    )


SIX = [frame(n) for n in range(1, 7)]
WELL = evidence([*SIX, ack(6)], row(6), range(6))


def test_nothing_is_said_against_an_honest_history() -> None:
    verdict = judge(WELL)
    assert verdict.sentences == ()
    assert verdict.acknowledged_ns == 6 * SECOND_NS


def test_acknowledged_words_that_are_not_there_are_found() -> None:
    verdict = judge(replace(WELL, transcript=WELL.transcript[:5]))
    assert verdict.acknowledged_lost_ms == 200


def test_acknowledged_time_that_the_ledger_does_not_have_is_found() -> None:
    verdict = judge(evidence([*SIX, ack(6)], row(5), range(5)))
    assert verdict.acknowledged_lost_ns == SECOND_NS
    assert any("captured" in sentence for sentence in verdict.sentences)


def test_a_hub_that_goes_back_behind_its_word_is_found() -> None:
    verdict = judge(evidence([*SIX[:4], ack(4), ack(2), *SIX[4:], ack(6)], row(6), range(6)))
    assert any(sentence.startswith("forgotten") for sentence in verdict.sentences)


def test_a_loss_stands_for_what_was_sent_and_never_acknowledged() -> None:
    log: list[Line] = [*SIX[:5], ack(2), frame(6, "lost", "killed", since=3), ack(6)]
    lost = replace(evidence(log, row(2, killed=4), range(2)), allowed=frozenset({"killed"}))
    assert judge(lost).sentences == ()


def test_time_that_the_hub_turned_into_a_loss_is_found() -> None:
    verdict = judge(evidence([*SIX, ack(6)], row(5, decode_failed=1), range(5)))
    assert verdict.acknowledged_lost_ns == SECOND_NS
    assert any("decode_failed" in sentence for sentence in verdict.sentences)


def test_a_word_that_is_there_twice_is_found() -> None:
    assert judge(replace(WELL, transcript=[*WELL.transcript, WORDS[2].text])).utterances_doubled == 1


def test_a_ledger_that_does_not_balance_is_found() -> None:
    assert judge(evidence([*SIX, ack(6)], row(6, captured=7), range(6))).ledger_unbalanced == 1


def test_a_loss_needs_a_cause() -> None:
    log: list[Line] = [*SIX[:3], frame(6, "lost", "killed", since=4), ack(6)]
    lost = evidence(log, row(3, killed=3), range(3))
    assert any("dishonest" in sentence for sentence in judge(lost).sentences)
    assert judge(replace(lost, allowed=lost.allowed | {"killed"})).sentences == ()


def test_what_was_taken_back_must_not_be_there() -> None:
    back = replace(WELL, taken_back=[(2 * SECOND_NS, 3 * SECOND_NS)])
    assert any(sentence.startswith("kept") for sentence in judge(back).sentences)


def test_what_lies_in_a_muted_span_must_not_be_there() -> None:
    log: list[Line] = [*SIX[:5], frame(6, "muted"), ack(6)]
    assert judge(evidence(log, row(5, muted=1), range(5))).sentences == ()
    assert any(s.startswith("kept") for s in judge(evidence(log, row(5, muted=1), range(6))).sentences)


def test_time_that_no_frame_stands_for_is_found() -> None:
    verdict = judge(evidence([*SIX[:5], ack(5)], row(5), range(5)))
    assert any("never accounted for" in sentence for sentence in verdict.sentences)


def test_a_torn_last_line_of_the_log_is_left_out(tmp_path: Path) -> None:
    log = tmp_path / "wire.log"
    log.write_bytes(b'{"boot":"b","stream":"mic","sequence":1,"captured_ns":5}\n{"boot":"b","str')
    assert list(lines(log)) == [Acknowledged(boot="b", stream="mic", sequence=1, captured_ns=5)]
