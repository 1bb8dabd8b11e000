"""The scripted recogniser: words by time, each once, and a clear word about a broken file."""

from pathlib import Path

import numpy as np
import pytest

from sotto_hub.errors import UsageError
from sotto_hub.perception.hear.engine import Pcm
from sotto_hub.perception.hear.scripted import Scripted, read_script, spread

SECOND: Pcm = np.zeros(16_000, dtype=np.int16)


def test_words_share_the_time_of_their_line() -> None:
    words = spread(0, 900, "one two three")
    times = [(word.text, word.start_ns, word.end_ns) for word in words]
    assert times == [("one", 0, 300), ("two", 300, 600), ("three", 600, 900)]


def test_neighbouring_utterances_share_no_word(tmp_path: Path) -> None:
    script = tmp_path / "words.jsonl"
    later = '{"start_ns": 1000000000, "end_ns": 3000000000, "text": "a b"}'
    script.write_text(later + '\n\n{"start_ns": 0, "end_ns": 9, "text": "zero"}\n')
    engine = Scripted(read_script(script))
    found = []
    for start_s in range(4):
        decoding = engine.open(start_s * 10**9, partials=False)
        decoding.feed(SECOND)
        found.append([word.text for word in decoding.finish()])
    engine.close()
    assert found == [["zero"], ["a"], ["b"], []]


def test_partials_grow_with_the_sound() -> None:
    decoding = Scripted(spread(0, 2 * 10**9, "a b")).open(0)
    assert [decoding.feed(SECOND), decoding.feed(SECOND), decoding.feed(SECOND)] == ["a", "a b", None]


@pytest.mark.parametrize("line", ["{", "[1]", '{"start_ns": 1}', '{"start_ns": "x", "end_ns": 2, "text": "a"}'])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    script = tmp_path / "words.jsonl"
    script.write_text('{"start_ns": 0, "end_ns": 1, "text": "a"}\n' + line)
    with pytest.raises(UsageError, match="line 2") as caught:
        read_script(script)
    assert caught.value.code == "script_broken"


def test_an_absent_script_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_script(tmp_path / "none.jsonl")
