"""Moments end at pauses and caps; conversations after silence that was sensed, or a long time without sensing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.moments.ids import id_at
from sotto_hub.moments.joiner import Ending, Talk, TalkLimits, full, moment_of, next_end, passed, said, without
from sotto_hub.records import Utterance

S = 1_000_000_000
LIMITS = TalkLimits()


def spoken(start_s: float, seconds: float = 2, text: str = "hello there", name: str = "") -> Utterance:
    start_ns = int(start_s * S)
    return Utterance(
        id=name or f"u{start_ns}", device_id="d", start_ns=start_ns, end_ns=start_ns + int(seconds * S), text=text
    )


def test_a_pause_ends_the_moment_and_sensed_silence_the_conversation() -> None:
    talk = said(Talk(), spoken(0))
    assert next_end(talk, LIMITS, sensing=True) == (32 * S, Ending.MOMENT)
    talk = Talk(talking=True, words_ns=2 * S, seen_ns=2 * S)
    assert next_end(talk, LIMITS, sensing=True) == (122 * S, Ending.CONVERSATION)


def test_silence_that_was_not_sensed_proves_nothing_for_sixteen_minutes() -> None:
    talk = Talk(talking=True, words_ns=2 * S, seen_ns=2 * S)
    assert next_end(talk, LIMITS, sensing=False) == (962 * S, Ending.CONVERSATION)
    gone = passed(talk, 600 * S, sensing=False)
    assert gone.silent_ns == 0
    assert next_end(gone, LIMITS, sensing=True) == (720 * S, Ending.CONVERSATION)


def test_sensed_silence_adds_up_over_a_hole() -> None:
    talk = Talk(talking=True, words_ns=0, seen_ns=0)
    talk = passed(talk, 90 * S, sensing=True)
    talk = passed(talk, 300 * S, sensing=False)
    assert next_end(talk, LIMITS, sensing=True) == (330 * S, Ending.CONVERSATION)


def test_words_begin_the_silence_anew() -> None:
    talk = passed(said(Talk(), spoken(0)), 100 * S, sensing=True)
    talk = said(talk, spoken(100))
    assert (talk.silent_ns, talk.words_ns, talk.seen_ns) == (0, 102 * S, 102 * S)


def test_time_does_not_go_back() -> None:
    talk = passed(Talk(), 50 * S, sensing=True)
    assert passed(talk, 40 * S, sensing=True) is talk


def test_long_talk_is_cut_at_a_cap() -> None:
    limits = TalkLimits(most_utterances=3, longest_ns=60 * S, most_letters=100)
    assert not full(Talk(), limits)
    two = said(said(Talk(), spoken(0)), spoken(3))
    assert not full(two, limits)
    assert full(said(two, spoken(6)), limits)
    assert full(said(two, spoken(70)), limits)
    assert full(said(two, spoken(6, text="x" * 90)), limits)


def test_nothing_ends_when_nobody_talks() -> None:
    assert next_end(Talk(seen_ns=5), LIMITS, sensing=True) is None


def test_a_moment_keeps_its_name_when_its_first_line_is_taken_back() -> None:
    talk = said(said(Talk(), spoken(0, name="a")), spoken(4, name="b"))
    name = moment_of(talk).id
    rest = moment_of(without(talk, frozenset({"a"})))
    assert rest.id == name
    assert [u.id for u in rest.utterances] == ["b"]
    assert rest.end_ns == 6 * S


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.booleans()), max_size=8))
def test_silence_is_at_most_the_time_since_the_last_words(steps: list[tuple[int, bool]]) -> None:
    talk = said(Talk(), spoken(0))
    for more_s, sensing in steps:
        talk = passed(talk, talk.seen_ns + more_s * S, sensing=sensing)
    assert 0 <= talk.silent_ns <= talk.seen_ns - talk.words_ns


def test_ids_follow_from_what_they_name() -> None:
    assert id_at(10**18, "a", "b") == id_at(10**18, "a", "b")
    assert id_at(10**18, "a", "b") != id_at(10**18, "ab")
    assert len(id_at(10**18, "a")) == 26
    assert id_at(10**18, "z") < id_at(10**18 + S, "a")
