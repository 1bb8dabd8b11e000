"""Which embedder the keeper chose, and where it may be: this machine, or a private address that is allowed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sotto_hub.egress.policy import Policy
from sotto_hub.embedding.choice import Choice, read_choice
from sotto_hub.embedding.ladder import BY_WORDS, recall_rung
from sotto_hub.embedding.load import load_embedder
from sotto_hub.errors import UsageError
from sotto_hub.settings import read_settings
from sotto_memory import MemoryEmbedderError

NEAR = Policy.of(["192.168.1.5:8080", "[fd00::1]:8080"], discovery=False)


@pytest.mark.parametrize(
    ("setting", "kind", "model", "where"),
    [
        ("ollama:nomic-embed-text", "ollama", "nomic-embed-text", "127.0.0.1:11434"),
        ("ollama:nomic-embed-text:v1.5", "ollama", "nomic-embed-text:v1.5", "127.0.0.1:11434"),
        ("ollama:hf.co/a/b:Q8_0@localhost:80", "ollama", "hf.co/a/b:Q8_0", "localhost:80"),
        ("openai:bge-m3@192.168.1.5:8080", "openai", "bge-m3", "192.168.1.5:8080"),
        (" openai:a@b@[fd00::1]:8080 ", "openai", "a@b", "[fd00::1]:8080"),
        ("openai:m@[::1]:8080", "openai", "m", "[::1]:8080"),
    ],
)
def test_settings_are_read(setting: str, kind: str, model: str, where: str) -> None:
    choice = read_choice(setting, NEAR)
    assert choice is not None
    assert (choice.kind, choice.model, choice.where) == (kind, model, where)
    assert choice.name == f"{kind}:{model}"
    assert load_embedder(choice).name == choice.name


@pytest.mark.parametrize("setting", ["", "  "])
def test_no_setting_no_embedder(setting: str) -> None:
    assert read_choice(setting, NEAR) is None


@pytest.mark.parametrize(
    "setting",
    [
        "nomic-embed-text",
        "ollama:",
        "ollama",
        "cloud:model@127.0.0.1:80",
        "openai:model",
        "openai:model@",
        "openai:model@127.0.0.1",
        "openai:model@:80",
        "openai:@127.0.0.1:80",
        "openai:model@127.0.0.1:0",
        "openai:model@127.0.0.1:70000",
        "openai:model@127.0.0.1:x",
        "ollama:a\nb",
        "ollama:" + "a" * 500,
    ],
)
def test_what_is_no_embedder_gets_a_sentence(setting: str) -> None:
    with pytest.raises(UsageError, match="it looks like ollama:MODEL") as caught:
        read_choice(setting, NEAR)
    assert caught.value.code == "embedder"
    assert len(caught.value.sentence) < 250


@pytest.mark.parametrize(
    "where", ["192.168.1.6:8080", "192.168.1.5:8081", "8.8.8.8:80", "api.openai.com:443", "model.example:80"]
)
def test_nobody_else_is_called(where: str) -> None:
    with pytest.raises(UsageError, match="the hub may not call") as caught:
        read_choice(f"openai:model@{where}", NEAR)
    assert caught.value.code == "embedder"


def test_it_is_a_setting_of_the_hub(tmp_path: Path) -> None:
    assert read_settings({"home": str(tmp_path)}, {}).embedder == ""
    (tmp_path / "sotto.toml").write_text('embedder = "ollama:a"\n')
    assert read_settings({"home": str(tmp_path)}, {}).embedder == "ollama:a"
    assert read_settings({"home": str(tmp_path)}, {"SOTTO_EMBEDDER": "ollama:b"}).embedder == "ollama:b"


GUARDED = """
import json, sys
from sotto_hub.egress.guard import install
from sotto_hub.egress.policy import Policy
guard = install(Policy())
from sotto_hub.embedding.choice import Choice
from sotto_hub.embedding.load import load_embedder
from sotto_memory import MemoryEmbedderError, embed
codes = []
for kind in ("ollama", "openai"):
    for host in ("192.0.2.1", "model.example"):
        try:
            embed(load_embedder(Choice(kind=kind, model="words", host=host, port=9)), ["secret"])
        except MemoryEmbedderError as problem:
            codes.append(problem.code)
print(json.dumps([codes, sorted({(a.by, a.permitted) for a in guard.taken()})]))
"""


def test_the_guard_stops_an_adapter_that_was_told_to_call_far_away() -> None:
    done = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, check=True, timeout=120)
    codes, attempts = json.loads(done.stdout)
    assert codes == ["embedder_denied"] * 4
    assert attempts == [["httpx", False]]


def test_the_ladder_says_how_memories_are_found_and_what_climbs() -> None:
    assert BY_WORDS.climb == "ollama pull nomic-embed-text"
    name = "ollama:words"
    assert recall_rung(name, None, done=True).rung == "words and vectors (ollama:words)"
    assert recall_rung(name, None, done=False).rung.endswith("some still to come")
    missing = MemoryEmbedderError("embedder_model", "The model server at 127.0.0.1:1 has no model words.")
    rung = recall_rung(name, missing, done=False)
    assert (rung.rung, rung.climb) == ("words (FTS5)", "ollama pull words")
    assert rung.better == "vectors (ollama:words): The model server at 127.0.0.1:1 has no model words"
    away = MemoryEmbedderError("embedder_away", "Nobody.")
    assert recall_rung(name, away, done=True).climb == "ollama serve"
    assert recall_rung("openai:words", away, done=True).climb == ""


def test_a_choice_is_told_by_its_model() -> None:
    here = Choice(kind="openai", model="m", host="::1", port=80)
    there = Choice(kind="openai", model="m", host="10.0.0.1", port=80)
    assert (here.name, here.where) == (there.name, "[::1]:80")
