"""Spans taken back: merged, found fast, and sifted out of what was decided without losing a nanosecond."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.records import Decided, Fate, Settled, Utterance
from sotto_hub.store.accounts import OTHER, OWN, REASONS, reason_among
from sotto_hub.store.spans import Span, is_withheld, merged, sift

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda s: Span(s[0], s[0] + s[1])), max_size=8)


@settings(max_examples=150, deadline=None)
@given(spans, st.integers(0, 80), st.integers(0, 20))
def test_merged_spans_hold_the_same_time_and_are_found_fast(some: list[Span], from_ns: int, length: int) -> None:
    apart = merged(some)
    assert {ns for s in some for ns in range(*s)} == {ns for s in apart for ns in range(*s)}
    assert all(one.to_ns < other.from_ns for one, other in pairwise(apart))
    slow = any(s.from_ns < from_ns + length and from_ns < s.to_ns for s in apart)
    assert is_withheld(apart, from_ns, from_ns + length) is slow


def decided(fates: Sequence[tuple[int, Fate]], said: Sequence[tuple[int, int]]) -> Decided:
    """Frames one after another from 0 on; utterances from..to."""
    frames, now = [], 0
    for number, (duration, fate) in enumerate(fates, 1):
        now += duration
        frames.append(
            Settled(
                stream="mic",
                sequence=number,
                end_ns=now,
                duration_ns=duration,
                captured_ns=now,
                fate=fate,
                reason="r" if fate is Fate.LOST else "",
            )
        )
    words = tuple(
        Utterance(id=f"u{n}", device_id="d", start_ns=start, end_ns=end, text="t")
        for n, (start, end) in enumerate(said)
    )
    return Decided(device_id="d", boot_id="b", stream="mic", utterances=words, settled=tuple(frames))


HEARD = decided([(2, Fate.SILENT), (5, Fate.COMMITTED), (5, Fate.COMMITTED), (5, Fate.COMMITTED)], [(3, 6), (9, 14)])


def test_time_stands_with_the_words_that_it_holds() -> None:
    kept = sift((), HEARD)
    assert (kept.utterances, kept.settled) == (HEARD.utterances, HEARD.settled)
    assert kept.resting_ns == {"u0": 5, "u1": 10}


def test_words_that_are_touched_take_all_their_time_along() -> None:
    kept = sift((Span(13, 14),), HEARD)
    assert [u.id for u in kept.utterances] == ["u0"]
    assert [(s.fate, s.reason) for s in kept.settled[1:]] == [
        (Fate.COMMITTED, ""),
        (Fate.LOST, "off_the_record"),
        (Fate.LOST, "off_the_record"),
    ]
    assert kept.resting_ns == {"u0": 5}


def test_a_frame_that_is_touched_is_lost_even_where_its_words_are_not() -> None:
    kept = sift((Span(16, 30),), HEARD)
    assert [u.id for u in kept.utterances] == ["u0", "u1"]
    assert kept.resting_ns == {"u0": 5, "u1": 5}


def test_silence_and_losses_stay_what_they_were() -> None:
    other = decided([(5, Fate.SILENT), (5, Fate.LOST), (5, Fate.MUTED), (5, Fate.OFF)], [])
    assert sift((Span(0, 50),), other).settled == other.settled


@settings(max_examples=150, deadline=None)
@given(
    spans,
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(list(Fate))), max_size=12),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1])), max_size=4),
)
def test_sifting_loses_no_time(taken: list[Span], fates: list[tuple[int, Fate]], said: list[tuple[int, int]]) -> None:
    whole = decided(fates, sorted(said))
    kept = sift(merged(taken), whole)
    assert [(s.sequence, s.duration_ns) for s in kept.settled] == [(s.sequence, s.duration_ns) for s in whole.settled]
    committed = sum(s.duration_ns for s in kept.settled if s.fate is Fate.COMMITTED)
    assert sum(kept.resting_ns.values()) == (committed if whole.utterances else 0)


def test_reasons_are_short_stable_words_of_bounded_number() -> None:
    known: set[str] = set()
    for number in range(200):
        known.add(reason_among(known, f"r{'x' * (number % 30)}_{chr(97 + number % 26)}"))
    known |= {reason_among(known, reason) for reason in ("With Spaces", "", "ü", "x" * 33, "buffer_full")}
    assert len(known) <= REASONS
    assert OTHER in known
    assert all(reason_among(known, own) == own for own in OWN)
    assert reason_among({"buffer_full"}, "buffer_full") == "buffer_full"
