"""An answer grows piece by piece; notices and progress say one thing at a time."""

from dataclasses import replace
from datetime import UTC

from sotto_hub.surfaces.tui.asking import MAX_ANSWER, MAX_CITED, Phase, asked, ended, failed, more, rests_on, waiting
from sotto_hub.surfaces.tui.notices import Day, catching_up, headline, standing_notice
from sotto_hub.surfaces.tui.progress import bar, fraction, progress_words
from sotto_hub.surfaces.tui.screen_state import Counts, Hub, Screen
from sotto_hub.surfaces.tui.switch import Device, Tone
from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.tui import demo_words as demo

HERE = Screen(hub=Hub.HERE, timezone=demo.HUB_TIMEZONE, counts=Counts(heard=3, kept=2, suggested=1))


def test_an_answer_grows_and_ends_with_what_it_rests_on() -> None:
    first, last = demo.demo_answer()
    begun = more(asked("when?"), first)
    assert (begun.phase, begun.note) == (Phase.ASKED, "")
    done = more(begun, last)
    assert done.phase is Phase.DONE
    assert done.text.endswith("at 08:00.")
    assert rests_on(done, frozenset({"demo3"}))
    assert not rests_on(done, frozenset({"demo4"}))


def test_until_the_first_word_it_thinks() -> None:
    assert more(asked("when?"), pb.AskReply()).note == "thinking …"


def test_an_answer_that_never_came_says_so() -> None:
    assert ended(asked("when?")).note == "No answer came."
    assert failed(asked("when?"), "It cannot.").note == "It cannot."
    away = waiting(more(asked("when?"), pb.AskReply(text="half")))
    assert (away.text, away.phase) == ("", Phase.ASKED)


def test_an_endless_answer_is_bounded() -> None:
    many = pb.AskReply(text="a" * 10_000, citations=[pb.Citation(id=str(n)) for n in range(100)])
    long = more(more(asked("when?"), many), many)
    assert len(long.raw) == MAX_ANSWER
    assert len(long.citations) == MAX_CITED


def test_a_citation_that_says_the_same_is_shown_once() -> None:
    said = [
        pb.Citation(id=i, text=t) for i, t in (("u1", "Dinner at seven"), ("u2", "other"), ("m1", "dinner at seven"))
    ]
    done = more(asked("when?"), pb.AskReply(text="At seven.", done=True, citations=said))
    assert [c.id for c in done.told_apart] == ["u1", "u2"]
    assert rests_on(done, frozenset({"m1"})), "it still rests on both"


def test_progress() -> None:
    day = (demo.ns("08:00"), demo.ns("09:00"))
    assert fraction(day, demo.ns("08:30")) == 0.5
    assert (fraction(day, 0), fraction(day, demo.ns("10:00")), fraction((5, 5), 5)) == (0.0, 1.0, 0.0)
    assert bar(0.5, 4) == "━━──"
    assert progress_words(day, 0, UTC) == "Replaying a recorded day: nothing heard yet"
    assert "━━━━━━━━━━──────────  heard until 07:30" in progress_words(day, demo.ns("08:30"), UTC)
    assert progress_words(None, demo.ns("08:30"), UTC) == "Replaying a recorded day: heard until 07:30"


def test_the_standing_notice_says_the_most_important_thing() -> None:
    assert standing_notice(HERE, Day(), 0, "").sentence == "3 heard · 2 kept · 1 suggested"
    assert standing_notice(HERE, Day(replaying=True), 0, "").sentence.startswith("Replaying")
    done = standing_notice(HERE, Day(replaying=True, summary="22 heard, ledger balanced."), 0, "")
    assert (done.sentence, done.tone) == ("22 heard, ledger balanced. Press q to leave.", Tone.GOOD)


def test_what_is_owed_is_said_until_it_has_come() -> None:
    hour = 3_600 * 10**9
    device = Device(id="d", name="pendant", connected=True, muted=False, owed_ns=2 * hour)
    assert catching_up([device], 0) == "catching up, 2 h to come"
    nearer = replace(device, heard_until_ns=9 * hour)
    assert catching_up([nearer], 10 * hour) == "catching up, 1 h to come"
    assert catching_up([nearer], 9 * hour + 10**9) == ""
    assert catching_up([replace(device, connected=False)], 0) == ""
    assert (
        catching_up([device, replace(device, name="laptop", owed_ns=0)], 0) == "catching up, 2 h of pendant to come"
    )


def test_away_says_why_and_that_it_tries_again() -> None:
    away = replace(HERE, hub=Hub.AWAY, watermark_ns=demo.ns("08:30"))
    assert standing_notice(away, Day(), 0, "the hub cannot be reached").sentence == (
        "The hub cannot be reached. Last heard 08:30. Trying again."
    )
    assert standing_notice(away, Day(), 0, "gone", 1).sentence.endswith("Trying again. 1 of your requests waits.")
    assert standing_notice(Screen(), Day(), 0, "").sentence == "Looking for the hub."
    assert headline(Screen(), Day(), 0, tried=False).label == "connecting"
    assert headline(Screen(), Day(), 0, tried=True).label == "hub away"
