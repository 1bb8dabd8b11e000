"""The ear: what settles, when, as what; and that finals do not depend on how they were heard."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.perception.hear.scripted import Scripted, spread
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.worker import Worker
from sotto_hub.records import Fate
from sotto_proto.records import Frame, GapKind, GazeBatch, GazeCoordinates
from tests.hub.perception.hearing_aids import Stenographer, hear, listen, new_ear
from tests.hub.perception.recorded_sound import START_NS, Microphone, encode, resent, silence

SOUND = encode(silence(0.1))
LIVE = HearSettings(partials=True)
FRAME_NS = 100_000_000


def loud(microphone: Microphone, frames: int, voice: int = 250) -> list[Frame]:
    """Frames of 100 ms whose packets all have the same voice."""
    return [frame for _ in range(frames) for frame in microphone.audio(SOUND, bytes([voice] * 5))]


def day() -> list[Frame]:
    """Quiet, speech, a pause, speech into a mute, off, speech to the end."""
    microphone = Microphone()
    frames = [microphone.gap(GapKind.SILENT, 1), *loud(microphone, 5, 0), *loud(microphone, 10)]
    frames += [*loud(microphone, 8, 0), *loud(microphone, 5), microphone.gap(GapKind.MUTED, 2)]
    frames += [microphone.gap(GapKind.OFF, 1_700), microphone.gap(GapKind.LOST, 0.5, "buffer_full")]
    return [*frames, *loud(microphone, 3, 0), *loud(microphone, 4)]


def test_every_kind_of_frame_settles_in_order_as_what_it_was() -> None:
    outcome = hear(Stenographer(), day())
    assert [settled.sequence for settled in outcome.settled] == list(range(1, len(day()) + 1))
    fates = [settled.fate for settled in outcome.settled]
    # 5 quiet frames, of which 3 are pre-roll; 10 loud; 3 of post-roll; 2 between; 3 of pre-roll; 5 loud
    assert fates[:29] == [Fate.SILENT] * 3 + [Fate.COMMITTED] * 16 + [Fate.SILENT] * 2 + [Fate.COMMITTED] * 8
    assert fates[29:32] == [Fate.MUTED, Fate.OFF, Fate.LOST]
    assert outcome.settled[31].reason == "buffer_full"
    assert fates[32:] == [Fate.COMMITTED] * 7


def test_an_utterance_says_when_who_and_how_sure() -> None:
    first = hear(Stenographer(), day()).utterances[0]
    assert (first.start_ns, first.end_ns) == (START_NS + 1_200_000_000, START_NS + 2_800_000_000)
    assert (first.device_id, first.engine, first.confidence) == ("pendant", "stenographer", 0.5)
    assert len(first.id) == 26


def test_the_watermark_waits_for_the_open_utterance() -> None:
    async def marks() -> list[int]:
        worker = Worker()
        ear = new_ear(Stenographer(), worker, offset_ns=7)
        seen = [ear.settled_until_ns]
        for frame in day()[:24]:
            await ear.take(frame)
            seen.append(ear.settled_until_ns)
        worker.close()
        return seen

    seen = asyncio.run(marks())
    begin = START_NS + 7
    assert seen[:2] == [0, begin + 1_000_000_000]
    assert seen[7:21] == [begin + 1_200_000_000] * 14
    assert seen[-1] == begin + 3_000_000_000


def test_partials_and_looking_ahead_change_no_final() -> None:
    quiet, live = Stenographer(), Stenographer()
    one, other = hear(quiet, day()), hear(live, day(), LIVE, live=True)
    assert one.utterances == other.utterances
    assert one.settled == other.settled
    assert one.partials == []
    assert len(other.partials) > 5
    # The pause was long enough to decode ahead, and what was decoded ahead was used: nothing was decoded twice.
    assert live.finals == quiet.finals


def test_speech_that_resumes_throws_away_what_was_decoded_ahead() -> None:
    microphone = Microphone()
    frames = [*loud(microphone, 5), *loud(microphone, 4, 0), *loud(microphone, 5), *loud(microphone, 6, 0)]
    outcome = hear(Stenographer(), frames, LIVE, live=True)
    assert outcome.text == "85"


def test_partials_fall_behind_but_sound_does_not() -> None:
    """Without any time for the worker between frames, partials get fewer; finals hold every packet."""
    busy = hear(Stenographer(), day(), LIVE)
    assert busy.utterances == hear(Stenographer(), day()).utterances


def test_while_more_sound_waits_nothing_is_decoded_but_finals() -> None:
    behind, calm = hear(Stenographer(), day(), LIVE, live=True, behind=True), hear(Stenographer(), day())
    assert behind.partials == []
    assert behind.utterances == calm.utterances
    assert behind.settled == calm.settled


def test_speech_without_words_is_silent() -> None:
    outcome = hear(Scripted(()), day())
    assert outcome.utterances == []
    assert Fate.COMMITTED not in {settled.fate for settled in outcome.settled}
    assert outcome.ear.counts["no_words"] == 3


def test_a_recogniser_that_breaks_loses_its_span_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    outcome = hear(Stenographer(broken=True), day(), LIVE, live=True)
    assert outcome.utterances == []
    assert {s.reason for s in outcome.settled if s.fate is Fate.LOST} == {"decode_failed", "buffer_full"}
    assert outcome.ear.counts["decode_failed"] == 3
    assert len([record for record in caplog.records if "decode_failed" in record.getMessage()]) == 3
    assert [settled.sequence for settled in outcome.settled] == list(range(1, len(day()) + 1))


def test_packets_that_cannot_be_decoded_are_counted_and_lost_only_when_nothing_is_left() -> None:
    microphone = Microphone()
    broken = list(microphone.audio([b"\xff"] * 50, bytes([250] * 50)))
    half = [microphone.gap(GapKind.SILENT, 1), *microphone.audio([*SOUND, b"\xff"] * 8, bytes([250] * 48))]
    outcome = hear(Stenographer(), [*broken, *half])
    assert [settled.fate for settled in outcome.settled[:10]] == [Fate.LOST] * 10
    assert outcome.settled[0].reason == "undecodable"
    assert [settled.fate for settled in outcome.settled[11:]] == [Fate.COMMITTED] * 10
    assert outcome.ear.counts["corrupt_packets"] == 58


def test_no_word_spans_a_clock_that_was_set() -> None:
    microphone = Microphone()
    frames = loud(microphone, 5)
    microphone.now_ns += 3_600_000_000_000
    outcome = hear(Stenographer(), [*frames, *loud(microphone, 5)])
    assert outcome.text == "25 25"


def test_what_is_not_understood_is_lost_with_a_reason() -> None:
    gaze = GazeBatch(coordinates=GazeCoordinates.ANGLES, points=())
    outcome = hear(Stenographer(), [Microphone().frame(gaze, FRAME_NS)])
    assert [(settled.fate, settled.reason) for settled in outcome.settled] == [(Fate.LOST, "not_understood")]


def test_names_reach_the_recogniser() -> None:
    async def hints() -> list[tuple[int, int, tuple[str, ...]]]:
        engine, worker = Stenographer(), Worker()
        ear = new_ear(engine, worker)
        ear.hints = ("Maria", "Quilter")
        for frame in loud(Microphone(), 5):
            await ear.take(frame)
        await ear.end()
        worker.close()
        return engine.finals

    assert [found[2] for found in asyncio.run(hints())] == [("Maria", "Quilter")]


def test_turns_come_from_word_pauses() -> None:
    words = (
        *spread(START_NS, START_NS + 400_000_000, "one two"),
        *spread(START_NS + 10**9, START_NS + 12 * 10**8, "three"),
    )
    outcome = hear(Scripted(words), loud(Microphone(), 15))
    assert [utterance.text for utterance in outcome.utterances] == ["one two", "three"]
    assert len({utterance.id for utterance in outcome.utterances}) == 2


patterns = st.lists(
    st.tuples(st.sampled_from(["loud", "quiet", *GapKind]), st.integers(1, 9)), min_size=1, max_size=14
)


def frames_of(pattern: Sequence[tuple[str | GapKind, int]]) -> list[Frame]:
    """A stream made of stretches of 100 ms frames and gaps."""
    microphone = Microphone()
    frames: list[Frame] = []
    for kind, length in pattern:
        if isinstance(kind, GapKind):
            frames.append(microphone.gap(kind, length / 10))
        else:
            frames += loud(microphone, length, 250 if kind == "loud" else 0)
    return frames


@settings(max_examples=50, deadline=None)
@given(patterns)
def test_every_frame_settles_once_and_in_order_whatever_comes(pattern: list[tuple[str | GapKind, int]]) -> None:
    frames = frames_of(pattern)
    outcome = hear(Stenographer(), frames)
    assert [(s.sequence, s.duration_ns, s.captured_ns, s.end_ns) for s in outcome.settled] == [
        (f.sequence, f.duration_ns, f.captured_ns, f.end_wall_ns) for f in frames
    ]
    committed = sum(s.duration_ns for s in outcome.settled if s.fate is Fate.COMMITTED)
    assert committed == sum(u.end_ns - u.start_ns for u in outcome.utterances)
    starts = [utterance.start_ns for utterance in outcome.utterances]
    assert starts == sorted(set(starts))


@settings(max_examples=40, deadline=None)
@given(patterns, st.integers(0, 200))
def test_a_link_that_breaks_changes_no_utterance(pattern: list[tuple[str | GapKind, int]], after: int) -> None:
    """The ear of the broken link is dropped; the device sends again what was not settled; a new ear hears it."""
    frames = frames_of(pattern)

    async def broken() -> list[str]:
        worker = Worker()
        ear = new_ear(Stenographer(), worker)
        first = [await ear.take(frame) for frame in frames[:after]]
        worker.close()
        mark = max((s.sequence for part in first for s in part.settled), default=0)
        second = await listen(Stenographer(), resent(frames, mark))
        return [u.id for part in first for u in part.utterances] + [u.id for u in second.utterances]

    assert asyncio.run(broken()) == [utterance.id for utterance in hear(Stenographer(), frames).utterances]
