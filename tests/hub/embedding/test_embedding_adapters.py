"""Adapters for model servers, against one that speaks their protocol on a real socket, in order and out of it."""

import json
import socket
import threading
from collections.abc import Callable, Iterator

import httpx
import numpy as np
import pytest

from sotto_hub.embedding.bounded import Bounded, Bounds
from sotto_hub.embedding.choice import Choice
from sotto_hub.embedding.clipping import TEXT_BYTES, clipped
from sotto_hub.embedding.ollama import OllamaEmbedder
from sotto_hub.embedding.openai import OpenAIEmbedder
from sotto_memory import Embedder, MemoryEmbedderError, embed
from tests.hub.embedding.scripted_model_server import DIMENSIONS, ModelServer, Reply, model_server
from tests.memory.scripted_embedder import WordEmbedder

Make = Callable[[Choice, Bounds | None], Embedder]
TEXTS = ["Likes green tea", "The boat", "Anna plays the violin"]
QUICK = Bounds(answer_s=0.2, answer_bytes=100_000)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture(params=[OllamaEmbedder, OpenAIEmbedder], ids=["ollama", "openai"])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def choice(make: Make, port: int, model: str = "words", host: str = "127.0.0.1") -> Choice:
    return Choice(kind="ollama" if make is OllamaEmbedder else "openai", model=model, host=host, port=port)


def code_of(make: Make, port: int, model: str = "words", host: str = "127.0.0.1") -> str:
    with pytest.raises(MemoryEmbedderError) as caught:
        embed(make(choice(make, port, model, host), QUICK), TEXTS)
    assert "green tea" not in str(caught.value)
    assert caught.value.sentence.endswith(".")
    return caught.value.code


def test_each_text_gets_its_own_vector_in_order(make: Make, server: ModelServer) -> None:
    embedder = make(choice(make, server.port), None)
    words = WordEmbedder(dimensions=DIMENSIONS)
    made = embed(embedder, TEXTS)
    assert made.shape == (3, DIMENSIONS)
    assert np.allclose(made, embed(words, TEXTS), atol=1e-6)
    assert embedder.name in ("ollama:words", "openai:words")


def test_the_documented_request_is_sent_and_nothing_else(make: Make, server: ModelServer) -> None:
    embed(make(choice(make, server.port), None), TEXTS)
    asked = server.asked[0]
    if make is OllamaEmbedder:
        assert (asked.path, asked.body) == ("/api/embed", {"model": "words", "input": TEXTS, "truncate": True})
    else:
        expected = {"model": "words", "input": TEXTS, "encoding_format": "float"}
        assert (asked.path, asked.body) == ("/v1/embeddings", expected)
    assert "authorization" not in asked.headers
    assert asked.headers["accept-encoding"] == "identity"


def test_the_environment_has_no_say(make: Make, server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no key, no other host: the environment is what cannot be given as an argument."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://192.0.2.1:9")
    monkeypatch.setenv("OLLAMA_HOST", "http://192.0.2.1:9")
    monkeypatch.setenv("OLLAMA_API_KEY", "a key")
    embed(make(choice(make, server.port), None), TEXTS)
    assert "authorization" not in server.asked[0].headers


def test_nobody_answers(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert code_of(make, port) == "embedder_away"


def test_a_missing_model_is_named(make: Make, server: ModelServer) -> None:
    with pytest.raises(MemoryEmbedderError, match="has no model other"):
        embed(make(choice(make, server.port, "other"), None), TEXTS)
    assert code_of(make, server.port, "other") == "embedder_model"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (302, "embedder_reply"),
        (400, "embedder_text"),
        (401, "embedder_refused"),
        (403, "embedder_refused"),
        (413, "embedder_text"),
        (429, "embedder_busy"),
        (500, "embedder_text"),
        (501, "embedder_text"),
        (503, "embedder_busy"),
        (504, "embedder_slow"),
    ],
)
def test_every_status_is_a_sentence(make: Make, server: ModelServer, status: int, code: str) -> None:
    server.answering = lambda _: Reply(status, {"error": "Likes green tea"}, {"location": "http://192.0.2.1:9/"})
    assert code_of(make, server.port) == code
    assert len(server.asked) == 1  # a redirection is not followed, a failure not repeated


def said(body: object) -> bytes:
    raw = json.dumps(body).encode()
    return HEAD + b"content-length: %d\r\n\r\n" % len(raw) + raw


def vectors(*made: object) -> dict[str, object]:
    """An answer that both protocols read."""
    data = [{"object": "embedding", "index": i, "embedding": one} for i, one in enumerate(made)]
    return {"model": "words", "embeddings": list(made), "data": data}


GOOD = [1.0, 2.0]
NONSENSE = {
    "not http": b"\x00\x01\x02 what?\r\n\r\n",
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 O",
    "half a body": HEAD + b'content-length: 5000\r\n\r\n{"embeddings": [[1.0,',
    "not json": HEAD + b"content-length: 5\r\n\r\nhello",
    "empty": HEAD + b"content-length: 0\r\n\r\n",
    "not utf-8": HEAD + b"content-length: 4\r\n\r\n\xff\xfe\xfd\xfc",
    "another thing": said({"models": []}),
    "a list": said([1, 2, 3]),
    "null": said(None),
    "too few": said(vectors(GOOD, GOOD)),
    "too many": said(vectors(GOOD, GOOD, GOOD, GOOD)),
    "two lengths": said(vectors(GOOD, [1.0, 2.0, 3.0], GOOD)),
    "no numbers": said(vectors(GOOD, ["a", "b"], GOOD)),
    "empty vectors": said(vectors([], [], [])),
    "zeros": said(vectors(GOOD, [0.0, 0.0], GOOD)),
    "nan": said(vectors(GOOD, [float("nan"), 1.0], GOOD)),
    "infinite": said(vectors(GOOD, [float("inf"), 1.0], GOOD)),
    "nested": said(vectors([GOOD], [GOOD], [GOOD])),
    "base64": said(vectors("AACAPw==", "AACAPw==", "AACAPw==")),
    "packed": HEAD + b"content-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00",
    "too large": HEAD + b"content-length: 200000\r\n\r\n" + b" " * 200_000,
}


@pytest.mark.parametrize("raw", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_one_error(make: Make, server: ModelServer, raw: bytes) -> None:
    server.answering = lambda _: Reply(raw=raw)
    assert code_of(make, server.port) == "embedder_reply"


def test_an_index_that_comes_twice_is_nonsense(server: ModelServer) -> None:
    data = [{"index": 0, "embedding": GOOD}] * 3
    server.answering = lambda _: Reply(body={"data": data})
    assert code_of(OpenAIEmbedder, server.port) == "embedder_reply"


def test_a_slow_server_is_given_up(make: Make, server: ModelServer) -> None:
    server.answering = lambda _: Reply(body={}, wait=threading.Event())
    assert code_of(make, server.port) == "embedder_slow"


def test_a_server_recovers(make: Make, server: ModelServer) -> None:
    well = server.answering
    server.answering = lambda _: Reply(raw=b"half")
    embedder = make(choice(make, server.port), None)
    with pytest.raises(MemoryEmbedderError):
        embed(embedder, TEXTS)
    server.answering = well
    assert embed(embedder, TEXTS).shape == (3, DIMENSIONS)


def test_a_server_that_drips_is_given_up(server: ModelServer) -> None:
    """Each piece comes in time, all of them would not: told by a clock that runs ahead."""
    server.answering = lambda _: Reply(body=["x" * 300_000])
    ticks = iter(range(0, 10_000, 40))
    client = httpx.Client(transport=Bounded(Bounds(answer_s=60), clock=lambda: float(next(ticks))), trust_env=False)
    with client, pytest.raises(httpx.ReadTimeout):
        client.post(f"http://{server.where}/", json={"model": "words", "input": []})


def test_long_texts_are_clipped_between_characters(make: Make, server: ModelServer) -> None:
    embed(make(choice(make, server.port), None), ["é" * 5_000])
    assert server.texts() == ["é" * (TEXT_BYTES // 2)]
    assert clipped("aé", 2) == "a"
    assert clipped("", 2) == ""


def test_questions_and_memories_may_be_asked_at_once(make: Make, server: ModelServer) -> None:
    embedder = make(choice(make, server.port), None)
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.append(len(embed(embedder, TEXTS)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert made == [3] * 4
