"""A hub whose keeper chose an embedder: memories get vectors from a server on a socket, and it says how that goes."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sotto_hub.daemon import Around, running
from sotto_hub.errors import UsageError
from sotto_hub.pairing.authority import Authority
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.settings import read_settings
from sotto_memory import Kind, Memory, new_memory
from sotto_proto.pairing import load_credentials, secure_channel
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from tests.hub.embedding.scripted_model_server import Asked, Reply, model_server

NOW_NS = 1_800_000_000 * 10**9
TEXTS = ("Likes green tea", "The boat lies in the harbour")


def home_with_memories(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    authority = Authority.open(home / "keys")
    with Memory.open(home / "memory.db", key=authority.database_key) as memory:
        for text in TEXTS:
            memory.add(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS))
    (home / "script.jsonl").touch()
    return home


def settings_of(home: Path, embedder: str) -> dict[str, str | None]:
    engine = f"scripted:{home / 'script.jsonl'}"
    return {"home": str(home), "listen": "127.0.0.1:0", "engine": engine, "embedder": embedder}


async def recall_until(home: Path, holds: Callable[[pb.Rung], bool]) -> pb.Rung:
    """The rung of recall, as soon as it is as it should be."""
    async with secure_channel(load_credentials(home / "keeper")) as channel, asyncio.timeout(20):
        while True:
            status = await CompanionStub(channel).Status(pb.StatusRequest())
            rung: pb.Rung = next(one for one in status.rungs if one.ability == "recall")
            if holds(rung):
                return rung


async def test_the_hub_embeds_what_it_keeps_and_says_so(tmp_path: Path) -> None:
    home = home_with_memories(tmp_path)
    with model_server() as server:
        settings = read_settings(settings_of(home, f"openai:words@{server.where}"), {})
        async with running(settings, Around()):
            await recall_until(home, lambda rung: rung.rung == "words and vectors (openai:words)")
        assert sorted(server.texts()) == sorted(TEXTS)
    with Memory.open(home / "memory.db", key=Authority.open(home / "keys").database_key) as memory:
        assert memory.unembedded("openai:words") == []


async def test_a_question_is_embedded_on_its_way(tmp_path: Path) -> None:
    home = home_with_memories(tmp_path)
    with model_server() as server:
        async with running(read_settings(settings_of(home, f"ollama:words@{server.where}"), {}), Around()):
            await recall_until(home, lambda rung: rung.rung == "words and vectors (ollama:words)")
            async with secure_channel(load_credentials(home / "keeper")) as channel:
                stub = CompanionStub(channel)
                [reply async for reply in stub.Ask(pb.AskRequest(question="What tea do I like?"))]
                [hit async for hit in stub.SearchMemories(pb.SearchMemoriesRequest(query="boats"))]
        assert server.texts()[-2:] == ["What tea do I like?", "boats"]


async def test_a_hub_stops_though_its_server_never_answers(tmp_path: Path) -> None:
    home = home_with_memories(tmp_path)
    arrived = threading.Event()

    def hanging(_: Asked) -> Reply:
        arrived.set()
        return Reply(wait=threading.Event())

    with model_server(hanging) as server:
        async with asyncio.timeout(20):
            async with running(read_settings(settings_of(home, f"ollama:words@{server.where}"), {}), Around()):
                assert await asyncio.to_thread(arrived.wait, 10)
        assert not server.stopping.is_set()  # it was not the server that let go


async def test_the_decode_worker_says_whether_it_is_busy() -> None:
    worker, go = Worker(), threading.Event()
    first, second = worker.submit(lambda: go.wait(10)), worker.submit(lambda: 1 // 0)
    assert worker.busy
    go.set()
    await asyncio.gather(first, second, return_exceptions=True)
    assert not worker.busy
    worker.close()


async def test_a_hub_whose_server_is_in_trouble_runs_and_says_so(tmp_path: Path) -> None:
    home = home_with_memories(tmp_path)
    with model_server(lambda _: Reply(404, {"error": "not found"})) as server:
        settings = read_settings(settings_of(home, f"ollama:words@{server.where}"), {})
        async with running(settings, Around()):
            rung = await recall_until(home, lambda rung: bool(rung.better))
    assert (rung.rung, rung.climb) == ("words (FTS5)", "ollama pull words")
    assert "has no model words" in rung.better


async def test_a_hub_without_an_embedder_says_how_to_get_one(tmp_path: Path) -> None:
    home = home_with_memories(tmp_path)
    async with running(read_settings(settings_of(home, ""), {}), Around()):
        rung = await recall_until(home, lambda _: True)
    assert (rung.rung, rung.climb) == ("words (FTS5)", "ollama pull nomic-embed-text")


async def test_an_embedder_that_may_not_be_called_stops_the_start(tmp_path: Path) -> None:
    home = home_with_memories(tmp_path)
    with pytest.raises(UsageError, match="may not call") as caught:
        async with running(read_settings(settings_of(home, "openai:words@192.0.2.1:9"), {}), Around()):
            pass
    assert caught.value.code == "embedder"
