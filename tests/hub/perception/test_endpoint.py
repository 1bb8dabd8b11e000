"""Endpointing: golden sequences, and properties over any pattern of voice."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.perception.hear.endpoint import Endpoint, Span, close, step
from sotto_hub.perception.hear.settings import EndpointRules

RULES = EndpointRules(
    onset=128, offset=80, pre_roll_ms=200, post_roll_ms=200, end_pause_ms=500, cap_ms=3_000, cut_window_ms=1_000
)
QUIET, VOICE, WEAK = bytes(5), bytes([250] * 5), bytes([100] * 5)


def run(frames: list[bytes], rules: EndpointRules = RULES) -> tuple[Endpoint, list[Span]]:
    """Frames numbered from 1 through the machine."""
    state = Endpoint()
    spans: list[Span] = []
    for number, voice in enumerate(frames, 1):
        state, found = step(state, number, voice, rules)
        spans += found
    return state, spans


def test_speech_is_padded_on_both_sides_and_ends_after_the_pause() -> None:
    frames = [QUIET] * 6 + [VOICE] * 4 + [QUIET] * 4
    state, spans = run(frames)
    assert spans == []
    state, spans = run([*frames, QUIET])
    assert spans == [Span(first=5, last=12, spoken=True)]
    assert state.held == 14


def test_a_short_pause_does_not_end_an_utterance() -> None:
    _, spans = run([VOICE] * 3 + [QUIET] * 4 + [VOICE] * 3 + [QUIET] * 5)
    assert spans == [Span(first=1, last=12, spoken=True)]


def test_weak_voice_does_not_begin_speech_but_carries_it() -> None:
    assert run([WEAK] * 10)[1] == []
    _, spans = run([VOICE, *[WEAK] * 8, *[QUIET] * 5])
    assert spans == [Span(first=1, last=11, spoken=True)]


def test_a_click_is_no_speech() -> None:
    click = bytes([0, 0, 200, 0, 0])
    _, spans = run([QUIET, click, *[QUIET] * 5])
    assert [span.spoken for span in spans] == [False]


def test_a_gap_ends_the_utterance_at_once() -> None:
    state, _ = run([QUIET] * 3 + [VOICE] * 4)
    state, spans = close(state, RULES)
    assert spans == (Span(first=2, last=7, spoken=True),)
    assert state == Endpoint()
    assert close(state, RULES) == (Endpoint(), ())


def test_a_gap_during_the_pause_keeps_only_the_post_roll() -> None:
    state, _ = run([VOICE] * 4 + [QUIET] * 4)
    assert close(state, RULES)[1] == (Span(first=1, last=6, spoken=True),)


def test_the_cap_cuts_at_the_quietest_frame_near_the_end() -> None:
    breath = bytes([160] * 5)
    state, spans = run([VOICE] * 24 + [breath] + [VOICE] * 5)
    assert spans == [Span(first=1, last=25, spoken=True)]
    assert state.held == 26
    assert state.open is not None
    assert state.open.length == 25


def test_the_next_utterance_begins_behind_the_last_one() -> None:
    _, spans = run([VOICE] * 4 + [QUIET] * 5 + [VOICE] * 4 + [QUIET] * 5)
    assert spans == [Span(first=1, last=6, spoken=True), Span(first=8, last=15, spoken=True)]


def test_frames_of_a_second_work_too() -> None:
    _, spans = run([bytes([250] * 20 + [0] * 30), bytes(50)])
    assert spans == [Span(first=1, last=1, spoken=True)]


voices = st.lists(
    st.binary(min_size=1, max_size=8) | st.sampled_from([QUIET, VOICE, WEAK, None]), min_size=1, max_size=120
)  # None: a gap


@settings(max_examples=100, deadline=None)
@given(voices)
def test_spans_are_ordered_disjoint_and_bounded(pattern: list[bytes | None]) -> None:
    state, past = Endpoint(), 0
    sizes: dict[int, int] = {}
    for number, voice in enumerate([*pattern, None], 1):
        sizes[number] = len(voice or b"")
        before = state
        state, spans = close(state, RULES) if voice is None else step(state, number, voice, RULES)
        for span in spans:
            assert past < span.first <= span.last <= number
            assert before.held is None or before.held <= span.first
            assert sum(sizes[at] for at in range(span.first, span.last + 1)) <= 150 + 8
            past = span.last
        assert state.held is None or past < state.held <= number
        if voice is None:
            assert state == Endpoint()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([QUIET, VOICE, WEAK]), min_size=1, max_size=100))
def test_every_loud_frame_is_in_a_span_or_held(pattern: list[bytes]) -> None:
    state, spans = run(pattern)
    _, rest = close(state, RULES)
    covered = {at for span in (*spans, *rest) for at in range(span.first, span.last + 1)}
    assert {number for number, voice in enumerate(pattern, 1) if voice == VOICE} <= covered


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([QUIET, VOICE, WEAK]), min_size=1, max_size=80))
def test_hearing_again_from_the_first_held_frame_gives_the_same_spans(pattern: list[bytes]) -> None:
    """What a reconnect does: the device sends everything again from the first frame that was not settled."""
    state, _ = run(pattern)
    from_there = state.held or len(pattern) + 1
    again = Endpoint()
    for number in range(from_there, len(pattern) + 1):
        again, spans = step(again, number, pattern[number - 1], RULES)
        assert spans == ()
    follow = [VOICE] * 3 + [QUIET] * 6
    for number, voice in enumerate(follow, len(pattern) + 1):
        (state, one), (again, other) = step(state, number, voice, RULES), step(again, number, voice, RULES)
        assert [(span.first, span.last) for span in one] == [(span.first, span.last) for span in other]
