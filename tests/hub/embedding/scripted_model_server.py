"""A model server on a loopback port that speaks the embedding calls of Ollama and OpenAI, or what a test wants it to.

Documented at https://docs.ollama.com/api/embed and https://platform.openai.com/docs/api-reference/embeddings/create.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.memory.scripted_embedder import WordEmbedder

DIMENSIONS = 16


@dataclass
class Asked:
    """One request, as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Reply:
    """One answer. `raw`: all bytes of it as they are, headers too. `wait`: until it is set, nothing is said."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    wait: threading.Event | None = None


Answering = Callable[[Asked], Reply]


def well(asked: Asked) -> Reply:
    """What a server in order says. It knows the model "words" only."""
    if asked.body["model"] != "words":
        return Reply(404, {"error": f'model "{asked.body["model"]}" not found, try pulling it first'})
    words = WordEmbedder(dimensions=DIMENSIONS)
    made = [words.vector(text).tolist() for text in asked.body["input"]]
    if asked.path == "/api/embed":
        return Reply(body={"model": "words", "embeddings": made, "total_duration": 1, "prompt_eval_count": 2})
    data = [{"object": "embedding", "index": i, "embedding": one} for i, one in enumerate(made)]
    return Reply(body={"object": "list", "data": data[::-1], "model": "words", "usage": {"total_tokens": 2}})


@dataclass
class ModelServer:
    """Answers as `answering` says; remembers what it was asked."""

    port: int
    answering: Answering = well
    asked: list[Asked] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def where(self) -> str:
        return f"127.0.0.1:{self.port}"

    def texts(self) -> list[str]:
        return [text for one in self.asked for text in one.body["input"]]


@contextmanager
def model_server(answering: Answering = well) -> Iterator[ModelServer]:
    """A server that runs for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            scripted.asked.append(asked)
            self._say(scripted.answering(asked))

        def _say(self, reply: Reply) -> None:
            while reply.wait and not reply.wait.wait(0.05) and not scripted.stopping.is_set():
                pass
            self.close_connection = reply.raw is not None
            if reply.raw is not None:
                self.wfile.write(reply.raw)
                return
            body = json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who gave up waiting is no error here
        scripted = ModelServer(port=server.server_address[1], answering=answering)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield scripted
        finally:
            scripted.stopping.set()
            server.shutdown()
            thread.join()
