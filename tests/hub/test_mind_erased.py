"""What the wearer erases or pins by hand while the talk goes on stays erased and pinned (P6)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sotto_hub.records import Suggestion
from sotto_memory import Kind, Memory, MemoryRecord, MemoryStoreError
from tests.hub.test_mind import DINNER, Life, S, at


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    with Memory.open(tmp_path / "memory.db", key=None) as memory:
        yield Life(memory)


def episodes(life: Life) -> list[MemoryRecord]:
    return life.memory.list(kinds=(Kind.EPISODE,))


def test_an_erased_episode_does_not_come_back_with_the_next_line(life: Life) -> None:
    life.say("the code of the safe is golden trumpet", at("8:00"))
    (open_one,) = episodes(life)
    life.memory.erase([open_one.id])
    life.say("and how was your day", at("8:00") + 5 * S)
    life.until(at("8:10"))
    (later,) = episodes(life)
    assert later.text == "and how was your day"


def test_an_erased_episode_does_not_come_back_when_the_moment_ends(life: Life) -> None:
    life.say("the code of the safe is golden trumpet", at("8:00"))
    life.memory.erase([r.id for r in episodes(life)])
    life.until(at("8:10"))
    assert episodes(life) == []
    assert [h for h in life.happened if isinstance(h, MemoryRecord)] == []


def test_a_pin_on_the_open_moment_stays_as_it_grows(life: Life) -> None:
    life.say("what a view", at("8:00"))
    (open_one,) = episodes(life)
    life.memory.put(replace(open_one, pinned=True))
    life.say("yes it is", at("8:00") + 5 * S)
    (grown,) = episodes(life)
    assert (grown.id, grown.pinned, grown.text) == (open_one.id, True, "what a view\nyes it is")


def test_an_erased_commitment_is_neither_offered_nor_brought_up(life: Life) -> None:
    life.say(DINNER, at("8:00"))
    life.memory.erase([r.id for r in life.commitments()])
    life.until(at("20:00", 10), sensing=False)
    assert life.offers() == []


def test_words_that_are_read_again_after_a_crash_are_kept_once(life: Life) -> None:
    """Killed after memory had them and before the transcript noted it: the last words come again as unread."""
    life.say("what a view", at("8:00"))
    again = life.say(DINNER, at("8:00") + 5 * S)
    mind = life.born()
    mind.resume([again])
    mind.advance(at("8:10"), sensing=True)
    assert [line for r in episodes(life) for line in r.text.split("\n")] == ["what a view", DINNER]
    assert len(life.commitments()) == 1


def test_words_that_memory_never_got_are_kept_after_a_crash(life: Life) -> None:
    life.say("what a view", at("8:00"))
    first = life.say("yes it is", at("8:00") + 5 * S)
    mind = life.born()
    more = replace(first, id="u9", text="and so warm", start_ns=at("8:00") + 10 * S, end_ns=at("8:00") + 12 * S)
    mind.resume([first, more])
    mind.advance(at("8:10"), sensing=True)
    lines = [line for r in episodes(life)[::-1] for line in r.text.split("\n")]
    assert lines == ["what a view", "yes it is", "and so warm"]


def test_a_line_that_memory_has_and_the_notes_have_not_stays_as_the_moment_goes_on(life: Life) -> None:
    """Killed between the two: the open moment goes on, with all three lines in one episode."""
    first = life.say("what a view", at("8:00"))
    before = dict(life.notes.kept)
    second = life.say("yes it is", at("8:00") + 5 * S)
    life.notes.kept = before
    mind = life.born()
    mind.resume([second], [first])
    mind.heard(replace(first, id="u9", text="and so warm", start_ns=at("8:00") + 10 * S, end_ns=at("8:00") + 12 * S))
    (one,) = episodes(life)
    assert one.text == "what a view\nyes it is\nand so warm"


def test_suggestions_go_before_the_memories_that_tell_what_rests_on_them(life: Life) -> None:
    said = life.say(DINNER, at("8:00"))
    (dinner,) = life.commitments()
    life.shelf.add(Suggestion(id="s", at_ns=1, kind="k", text=DINNER, reason="r", evidence=(dinner.id,)))
    life.memory._store.execute("CREATE TEMP TRIGGER stuck BEFORE DELETE ON memories BEGIN DELETE FROM nowhere; END")
    with pytest.raises(MemoryStoreError):
        life.mind.withhold(at("8:00"), at("8:10"), [said.id])
    assert (life.shelf.all(), life.memory.get(dinner.id)) == ([], dinner)
    life.memory._store.execute("DROP TRIGGER stuck")
    assert dinner.id in life.mind.withhold(at("8:00"), at("8:10"), [said.id]).memory_ids


def test_what_would_be_forgotten_can_be_looked_at_first(life: Life) -> None:
    said = life.say(DINNER, at("8:00"))
    life.say("good morning", at("8:00") + 5 * S)
    seen = life.mind.falling([said.id])
    assert (len(seen), life.mind.falling([])) == (1, ())
    assert life.mind.withhold(0, 0, [said.id]).memory_ids == seen


def test_words_that_are_heard_again_when_memory_has_room_are_a_line_once(life: Life) -> None:
    first = life.say("what a view", at("8:00"))
    again = replace(first, id="again", text="yes it is", start_ns=first.start_ns + 5 * S, end_ns=first.end_ns + 5 * S)
    for doing in ("INSERT", "UPDATE"):
        stuck = f"CREATE TEMP TRIGGER stuck_{doing} BEFORE {doing} ON memories BEGIN DELETE FROM nowhere; END"
        life.memory._store.execute(stuck)
    with pytest.raises(MemoryStoreError):
        life.mind.heard(again)
    for doing in ("INSERT", "UPDATE"):
        life.memory._store.execute(f"DROP TRIGGER stuck_{doing}")
    life.mind.heard(again)
    assert [episode.text for episode in episodes(life)] == ["what a view\nyes it is"]
