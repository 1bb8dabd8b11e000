"""Nothing leaves (P1), by reading the code: who may open connections at all, and that the hub opens no channel.

The guard sees Python's sockets. The gRPC core has its own, so the hub's process must not make a channel; and nothing
else may speak to a network but the modules named here.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"sotto_proto": "proto", "sotto_memory": "memory", "sotto_hub": "hub", "sotto_device": "device"}

NETWORK = {"aiohttp", "ftplib", "http", "httpcore", "httpx", "huggingface_hub", "imaplib", "nntplib", "poplib"}
NETWORK |= {"requests", "smtplib", "socket", "socketserver", "ssl", "telnetlib", "urllib", "urllib3", "websockets"}
NETWORK |= {"ollama", "openai", "xmlrpc", "zeroconf"}
NAMED = {
    "sotto_hub.egress.guard": {"socket"},  # names of address families
    "sotto_hub.embedding.bounded": {"httpx"},  # a model server that the keeper named, through the guard
    "sotto_hub.embedding.ollama": {"ollama"},
    "sotto_hub.embedding.openai": {"httpx"},
    "sotto_hub.listener": {"socket"},  # listens
    "sotto_hub.models.fetch": {"huggingface_hub"},  # `sotto models pull`, never the hub
    "sotto_hub.perception.hear.faster_whisper": {"huggingface_hub"},  # the name of an error
    "sotto_hub.surfaces.cli.pair": {"socket"},  # what this machine is called
    "sotto_proto.discovery": {"ssl", "zeroconf"},  # mDNS; a peer that looks for its hub
    "sotto_proto.pairing": {"socket", "ssl"},  # a peer that pairs
}
PEERS = {"sotto_proto.discovery", "sotto_proto.pairing", "sotto_proto.secure"}
FREE = {"Credentials", "Interfaces", "PeerRole", "announced", "authority_pin", "load_credentials"}
"""What the hub may use of the modules that peers call with."""

CHANNELS = {"secure_channel", "insecure_channel", "open_connection", "create_connection", "create_datagram_endpoint"}
NATIVE = {"ctypes", "subprocess", "multiprocessing"}


def modules() -> dict[str, Path]:
    found = {}
    for package, folder in PACKAGES.items():
        root = ROOT / folder
        for path in (root / package).rglob("*.py"):
            if "_pb2" not in path.name:
                name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
                found[name] = path
    return found


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it. `from a import b` may mean the module a.b: both are told."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(path: Path) -> set[str]:
    """The last name of everything that a file calls or names as an attribute."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    return {n.attr for n in nodes if isinstance(n, ast.Attribute)} | {n.id for n in nodes if isinstance(n, ast.Name)}


def reached_from(start: str) -> set[str]:
    """Every module of ours that a process may come to, lazy imports included."""
    known, waiting, seen = modules(), [start], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        waiting += imports(known[name])
        waiting += [name.rpartition(".")[0]]
    return seen


HUB = reached_from("sotto_hub.__main__")


@pytest.mark.parametrize("name", sorted(n for n in modules() if n.startswith(("sotto_hub", "sotto_proto"))))
def test_only_the_named_may_use_a_network(name: str) -> None:
    used = {module.partition(".")[0] for module in imports(modules()[name])} & NETWORK
    assert used <= NAMED.get(name, set())


def test_the_hub_is_followed_to_its_ends() -> None:
    assert {"sotto_hub.mind", "sotto_hub.listener", "sotto_hub.perception.hear.faster_whisper"} <= HUB
    assert "sotto_memory.store" in HUB or "sotto_memory" in HUB


def test_the_hub_is_no_client_and_fetches_nothing() -> None:
    assert not {n for n in HUB if n == "sotto_hub.client" or ".surfaces" in n}
    fetching = {"pull", "fetch", "HfApi", "http_get", "hf_hub_download", "snapshot_download"}
    assert not [n for n in HUB if not n.startswith("sotto_hub.models") and calls(modules()[n]) & fetching]


@pytest.mark.parametrize("name", sorted(HUB - PEERS))
def test_the_hub_opens_no_channel(name: str) -> None:
    assert not calls(modules()[name]) & CHANNELS
    taken = {whole.rpartition(".") for whole in imports(modules()[name])}
    assert {what for module, _, what in taken if module in PEERS} <= FREE


@pytest.mark.parametrize("name", sorted(HUB))
def test_the_hub_starts_no_program_that_the_guard_does_not_see(name: str) -> None:
    assert not {module.partition(".")[0] for module in imports(modules()[name])} & NATIVE


def test_the_guard_stands_before_anything_else_is_imported() -> None:
    main = modules()["sotto_hub.__main__"]
    tree = ast.parse(main.read_text())
    top = {n.module for n in tree.body if isinstance(n, ast.ImportFrom) and n.module and "sotto" in n.module}
    assert top == {"sotto_hub.errors", "sotto_hub.settings"}
    run = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "_run")
    lines = [ast.unparse(statement) for statement in run.body[1:]]
    installed = next(i for i, line in enumerate(lines) if line.startswith("guard = install("))
    assert [line for line in lines[:installed] if "import" in line] == [
        "from sotto_hub.egress.guard import install",
        "from sotto_hub.egress.policy import Policy, is_loopback",
    ]
    light = reached_from("sotto_hub.egress.guard") | reached_from("sotto_hub.settings")
    assert light <= {
        "sotto_hub",
        "sotto_hub.egress",
        "sotto_hub.egress.guard",
        "sotto_hub.egress.policy",
        "sotto_hub.errors",
        "sotto_hub.settings",
    }
