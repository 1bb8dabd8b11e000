"""A scripted Hugging Face Hub on loopback: the three documented requests of its client, for one repository.

GET  /api/models/REPO/revision/main          {"sha", "siblings"}
GET  /api/models/REPO/tree/SHA?recursive=…   [{"type", "path", "size", "oid"}]
HEAD, GET /REPO/resolve/SHA/FILE             ETag, X-Repo-Commit, Range
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

SHA = "0123456789abcdef0123456789abcdef01234567"


class ModelSource:
    """Serves `files` of `repository`.

    `breaks_after`: the first longer answer is cut off after so many bytes. `damaged`: a file sent with wrong bytes.
    """

    def __init__(self, repository: str, files: Mapping[str, bytes], *, breaks_after: int | None = None) -> None:
        self.repository = repository
        self.files = files
        self.breaks_after = breaks_after
        self.damaged = ""
        self.requests: list[str] = []
        self.ranges: list[str] = []
        self.tokens: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"source": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "ModelSource":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def listing(self, path: str) -> Any:
        """The answer to an API request; `None` when there is no such thing."""
        if path != f"/api/models/{self.repository}":
            return None
        siblings = [sibling(name, data) for name, data in self.files.items()]
        return {"id": self.repository, "sha": SHA, "siblings": siblings}

    def file(self, path: str) -> bytes | None:
        """The bytes behind a resolve address."""
        start = f"/{self.repository}/resolve/{SHA}/"
        return self.files.get(path.removeprefix(start)) if path.startswith(start) else None


def sibling(name: str, data: bytes) -> dict[str, Any]:
    """How the Hub lists a file; large ones with their checksum."""
    row = {"rfilename": name, "size": len(data), "blobId": etag(data)}
    large = {"lfs": {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}}
    return row | (large if name.endswith(".bin") else {})


def etag(data: bytes) -> str:
    """What names a file's content."""
    return hashlib.sha1(data).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Answers for the source that its server belongs to."""

    protocol_version = "HTTP/1.1"
    source: ModelSource

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.source.requests.append(path)
        self.source.tokens += [value for name, value in self.headers.items() if name.lower() == "authorization"]
        data, listing = self.source.file(path), self.source.listing(path)
        if data is not None:
            self._file(bytes(len(data)) if path.endswith(self.source.damaged or "/") else data)
        elif listing is not None:
            self._send(200, json.dumps(listing).encode(), {"Content-Type": "application/json"})
        else:
            self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that the base class gave it
        """Quiet."""

    def _file(self, data: bytes) -> None:
        wanted = self.headers.get("Range", "")
        if not wanted:
            self._send(200, data, {"Accept-Ranges": "bytes"})
            return
        self.source.ranges.append(wanted)
        first = int(wanted.removeprefix("bytes=").split("-")[0])
        self._send(206, data[first:], {"Content-Range": f"bytes {first}-{len(data) - 1}/{len(data)}"})

    def _send(self, status: int, data: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        limit = self.source.breaks_after
        if limit is not None and len(data) > limit:
            self.source.breaks_after, self.close_connection = None, True
            data = data[:limit]
        self.wfile.write(data)
